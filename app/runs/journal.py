"""The journal: a command stands in storage before it is carried out, so that what is acknowledged survives a crash.

Two writes frame a command. The first says what is to be done; the second, after the worker has done it, at which step
it began and ended, and what the run is since. A run that comes back is its latest checkpoint and then the journal, done
again. A checkpoint has the commands before it in it: they leave the journal in the same transaction.
"""

import logging
import sqlite3
from collections.abc import Awaitable, Sequence

import msgspec

from app.errors import Unstored
from app.ipc import commands
from app.ipc.commands import Entry
from app.ipc.messages import Kept, Standing
from app.runs.edits import Edits
from app.runs.live import LiveRun
from app.storage import Database, Line, StoredRun
from engine.training.spec import RunSpec

log = logging.getLogger("descent.runs")
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(commands.AnyCommand)
_edits = msgspec.msgpack.Decoder(Edits)


def kind_of(command: commands.AnyCommand) -> str:
    return type(command).__name__.lower()


UNSTORED = "storage takes nothing at present ({{why}}): {so}; try again soon"


class Journal:
    """Writes a run's commands down; `entries` reads those that no checkpoint has."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def begin(self, run: LiveRun, command: commands.AnyCommand) -> int:
        """The command's number. It is in storage when this returns; if it cannot be, nothing happens to the run."""
        number = run.number = run.number + 1  # no other command has it, whatever becomes of this one
        line = Line(number, kind_of(command), _encoder.encode(command), None, None)
        try:
            await self.database.put_line(run.id, line)
        except sqlite3.Error as error:
            log.error("run %s: a command cannot be stored: %s", run.id, error)
            raise Unstored("unstored-command", UNSTORED.format(so="nothing was changed"), why=str(error)) from error
        return number

    async def end(self, run: LiveRun, number: int, command: commands.AnyCommand, standing: Standing) -> None:
        """It was carried out. If storage does not take this, it is told at the next command; the first write stands."""
        kind, ended = kind_of(command), standing.state.head
        run.unended[number] = (kind, standing.began, ended)
        piles = _encoder.encode(run.edits) if run.unsaved_edits else None
        try:
            await self.database.end_lines(run.id, run.unended, run.spec, run.state.playing, run.state.pace, piles)
        except sqlite3.Error as error:
            log.error("run %s: storage does not take what became of a command: %s", run.id, error)
            return
        run.unended.clear()
        run.unsaved_edits = False

    async def moved(self, saving: Awaitable[None]) -> None:
        """A move cannot be done again without its surface: it is acknowledged once its checkpoint is stored."""
        try:
            await saving
        except sqlite3.Error as error:
            log.error("weights that were moved cannot be stored: %s", error)
            so = "the weights were moved, but a restart of the server would take that back"
            raise Unstored("unstored-move", UNSTORED.format(so=so), why=str(error)) from error

    async def settle(self, run: LiveRun, journal: Sequence[Entry], settled: Sequence[tuple[int, int, int]]) -> None:
        """A run has come back: of commands whose end nobody knew it is known now, before any other command comes."""
        kinds = {entry.number: kind_of(entry.command) for entry in journal}
        ended = {number: (kinds[number], began, over) for number, began, over in settled}
        await self.database.end_lines(run.id, ended, run.spec, run.state.playing, run.state.pace)

    async def drop(self, run: LiveRun, number: int) -> None:
        """It was not carried out, and whoever asked has been told."""
        try:
            await self.database.drop_line(run.id, number)
        except sqlite3.Error as error:
            log.error("run %s: storage keeps a command that was refused: %s", run.id, error)

    async def found(self, stored: StoredRun, kept: Kept | None) -> None:
        """A new run: its first spec is what its journal begins with, unless it begins at another run's moment."""
        first = commands.Set(stored.spec)
        lines = [] if kept else [Line(0, kind_of(first), _encoder.encode(first), 0, 0)]
        try:
            await self.database.add_run(stored, lines, kept)
        except sqlite3.Error as error:
            log.error("run %s cannot be stored: %s", stored.id, error)
            raise Unstored("unstored-run", UNSTORED.format(so="no run was started"), why=str(error)) from error

    async def edits(self, run: str) -> Edits:
        """What can be undone and done again."""
        piles = await self.database.piles(run)
        return Edits() if piles is None else _edits.decode(piles)

    async def entries(self, run: str) -> list[Entry]:
        """What was done, or may have been, after the latest checkpoint."""
        lines = await self.database.lines(run)
        return [Entry(line.number, _decoder.decode(line.command), line.began, line.ended) for line in lines]


def first_spec(journal: Sequence[Entry]) -> RunSpec | None:
    """What a run without a checkpoint began as."""
    first = journal[0] if journal else None
    return first.command.spec if first and first.number == 0 and isinstance(first.command, commands.Set) else None
