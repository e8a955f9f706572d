"""Commands as a run's worker hears them: checked at the door (app/runs/commands.py), ready to be done."""

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from engine.training.spec import RunSpec
else:  # as in messages.py
    RunSpec = dict


class Command(Struct, frozen=True, tag_field="op", tag=str.lower):
    """What steers a run."""


class Play(Command, frozen=True):
    pass


class Pause(Command, frozen=True):
    pass


class Step(Command, frozen=True):
    unit: str
    count: int


class Speed(Command, frozen=True):
    steps_per_second: float | None


class Pace(Command, frozen=True):
    knee: int | None


class Reset(Command, frozen=True):
    seed: int | None


class Set(Command, frozen=True):
    """The door's path and value have become the whole spec."""

    spec: RunSpec


class Edit(Command, frozen=True):
    tensor: str
    index: list[int]
    value: float


class Seek(Command, frozen=True):
    step: int


class Rewind(Command, frozen=True):
    step: int


class Probe(Command, frozen=True):
    picture: str | None


class Solve(Command, frozen=True):
    pass


class Move(Command, frozen=True):
    u: float
    v: float


class Load(Command, frozen=True):
    """Somebody's weights, all of them, as safetensors."""

    content: bytes


AnyCommand = Play | Pause | Step | Speed | Pace | Reset | Set | Edit | Seek | Rewind | Probe | Solve | Move | Load


class Entry(Struct, frozen=True):
    """A command as the journal has it: carried out when `began` steps were made, over when `ended` were.

    Both are None of a command that was written down and of whose end nothing is known.
    """

    number: int
    command: AnyCommand
    began: int | None = None
    ended: int | None = None
