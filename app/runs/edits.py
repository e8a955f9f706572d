"""What edits took away: two piles of commands, those that undo and those that do again. They live with the run."""

import msgspec

from app.errors import Refused
from app.ipc import commands
from app.ipc.messages import Standing
from engine.training.spec import RunSpec


class Taken(msgspec.Struct):
    """The command that brings back what an edit took away, and what was edited."""

    command: commands.Set | commands.Edit
    path: str
    step: int = 0
    """Where the run was when the edit was made."""


class Edits(msgspec.Struct):
    """The last of each pile comes first."""

    undo: list[Taken] = []
    redo: list[Taken] = []

    def counts(self) -> dict[str, object]:
        """What the page and programs are told."""
        return {"undo": len(self.undo), "redo": len(self.redo)}

    def next(self, op: str) -> Taken:
        pile = self.undo if op == "undo" else self.redo
        if not pile:
            raise Refused("empty-pile", "there is nothing to {op}", "op", op=op)
        return pile[-1]

    def note(self, taken: Taken, continues: bool, most: int) -> None:
        """An edit was made: one of its own, or a slider's next place, which is undone with its first."""
        self.redo.clear()
        if not (continues and self.undo and self.undo[-1].path == taken.path):
            self.undo.append(taken)
            del self.undo[:-most]

    def swap(self, op: str, taken: Taken) -> None:
        """An edit was undone, or done again: `taken` is the way back from there."""
        here, there = (self.undo, self.redo) if op == "undo" else (self.redo, self.undo)
        here.pop()
        there.append(taken)

    def forget_after(self, step: int) -> None:
        """The run has gone back for good: an edit that was made later has never been."""
        for pile in (self.undo, self.redo):
            pile[:] = [taken for taken in pile if taken.step <= step]

    def forget_weights(self) -> None:
        """There are other weights now: none of those that were edited comes back among them."""
        for pile in (self.undo, self.redo):
            pile[:] = [taken for taken in pile if not isinstance(taken.command, commands.Edit)]


def taken_by(command: commands.AnyCommand, before: RunSpec, standing: Standing, path: str) -> Taken | None:
    """What brings back what a command has taken away; None if that is nothing, or cannot be brought back."""
    match command:
        case commands.Set() if standing.head_spec != before:
            return Taken(commands.Set(before), path, standing.began)
        case commands.Edit(tensor, index) if standing.replaced is not None:
            return Taken(commands.Edit(tensor, index, standing.replaced), path, standing.began)
    return None
