"""Commands that steer a run, the same over REST and WebSocket: checked here, then messages for the run's worker."""

from typing import Annotated, Literal, get_args

import msgspec
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from app.ipc import commands as heard
from engine.training.spec import RunSpec


class _Command(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)
    id: int | str | None = Field(None, description="quoted in the answer")


class Play(_Command):
    """Train until told otherwise."""

    op: Literal["play"]


class Pause(_Command):
    op: Literal["pause"]


class Step(_Command):
    """A number of examples, batches or epochs."""

    op: Literal["step"]
    unit: Literal["example", "batch", "epoch"] = "batch"
    count: int = Field(1, ge=1, le=1000)


class Speed(_Command):
    """Steps a second; null for as fast as it goes."""

    op: Literal["speed"]
    steps_per_second: Annotated[float, Field(ge=0.1, le=100_000)] | None = None


class Pace(_Command):
    """By a clock: two steps a second at first, `knee` steps in the first eleven seconds, then as fast as it goes.

    It begins at the present step, and anew at a reset; speed ends it. It changes when steps are made, and no number.
    """

    op: Literal["pace"]
    knee: Annotated[int, Field(ge=1, le=10_000_000)] | None = Field(
        None, description="null: the run's own, as its state has it, else 200"
    )


class Reset(_Command):
    """Back to step 0: with the same initial weights, or another seed's."""

    op: Literal["reset"]
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] | None = None


class Set(_Command):
    """Changes the spec in place: path 'optimizer.learning_rate', 'layers.0.units', 'layers', or '' for the whole."""

    op: Literal["set"]
    path: str = Field(max_length=200)
    value: object
    continues: bool = Field(False, description="a slider on its way: undone together with the edit before it")


class Edit(_Command):
    """Sets one number of a weight: tensor 'h1/kernel', index [input, unit]."""

    op: Literal["edit"]
    tensor: str = Field(max_length=100)
    index: list[Annotated[int, Field(ge=0)]] = Field(min_length=1, max_length=4)
    value: float = Field(ge=-1e6, le=1e6)
    continues: bool = Field(False, description="a slider on its way: undone together with the edit before it")


class Undo(_Command):
    """Takes the last edit of the spec or of a weight back; what was learnt since stays where it has a place."""

    op: Literal["undo"]


class Redo(_Command):
    """Makes the edit that was undone last again."""

    op: Literal["redo"]


class Seek(_Command):
    """Shows the kept moment nearest to a step; the present is kept and comes back on play, or on a later step."""

    op: Literal["seek"]
    step: int = Field(ge=0)


class Rewind(_Command):
    """Goes back to the kept moment nearest to a step and forgets what came after."""

    op: Literal["rewind"]
    step: int = Field(ge=0)


class Probe(_Command):
    """Shows the network a picture of the visitor's: views with index −1 look at it. null takes it away."""

    op: Literal["probe"]
    picture: str | None = Field(max_length=400_000, description="base64 of the pixels, uint8 in rows, (H, W, C)")


class Solve(_Command):
    """The normal equation: a linear model's weights go where J is smallest. Answers with rank and condition."""

    op: Literal["solve"]


class Move(_Command):
    """Other weights: the point (u, v) of the cost surface that was last asked for."""

    op: Literal["move"]
    u: float = Field(ge=-1e6, le=1e6)
    v: float = Field(ge=-1e6, le=1e6)


AnyCommand = (
    Play | Pause | Step | Speed | Pace | Reset | Set | Edit | Undo | Redo | Seek | Rewind | Probe | Solve | Move
)
Command = Annotated[AnyCommand, Field(discriminator="op")]
COMMANDS: TypeAdapter[AnyCommand] = TypeAdapter(Command)
OPS: tuple[str, ...] = tuple(get_args(kind.model_fields["op"].annotation)[0] for kind in get_args(AnyCommand))


def message_of(command: AnyCommand, spec: RunSpec | None = None) -> heard.AnyCommand:
    """The command as its worker hears it; of a set it hears the whole spec. Of undo and redo it knows nothing."""
    if isinstance(command, Set):
        assert spec is not None
        return heard.Set(spec)
    message: heard.AnyCommand = msgspec.convert(command, heard.AnyCommand, from_attributes=True)
    return message
