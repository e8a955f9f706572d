"""Commands that steer a run, the same over REST and WebSocket."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from app.specs import SpecProblem, parse_spec


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


class Reset(_Command):
    """Back to step 0: with the same initial weights, or another seed's."""

    op: Literal["reset"]
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] | None = None


class Set(_Command):
    """Changes the spec in place: path 'optimizer.learning_rate', 'layers.0.units', 'layers', or '' for the whole."""

    op: Literal["set"]
    path: str = Field(max_length=200)
    value: Any


class Edit(_Command):
    """Sets one number of a weight: tensor 'h1/kernel', index [input, unit]."""

    op: Literal["edit"]
    tensor: str = Field(max_length=100)
    index: list[Annotated[int, Field(ge=0)]] = Field(min_length=1, max_length=4)
    value: float = Field(ge=-1e6, le=1e6)


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


Command = Annotated[
    Play | Pause | Step | Speed | Reset | Set | Edit | Seek | Rewind | Probe | Solve | Move,
    Field(discriminator="op"),
]
COMMANDS: TypeAdapter[Any] = TypeAdapter(Command)
OPS = ("play", "pause", "step", "speed", "reset", "set", "edit", "seek", "rewind", "probe", "solve", "move")


def changed(spec: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The spec with the value at a dotted path replaced, parsed again; SpecProblem if there is no such place."""
    if not path:
        return parse_spec(value)
    parts = path.split(".")
    out: dict[str, Any] = {"": spec}
    holder: Any = out
    key: Any = ""
    for i, part in enumerate(parts):
        inner = holder[key]
        inner = list(inner) if isinstance(inner, list) else dict(inner) if isinstance(inner, dict) else inner
        holder[key] = inner
        here = ".".join(parts[: i + 1])
        if isinstance(inner, list):
            if not part.isdigit() or int(part) >= len(inner):
                raise SpecProblem(here, f"{here}: there is no such place; the list has {len(inner)} entries")
            holder, key = inner, int(part)
        elif isinstance(inner, dict):
            if i < len(parts) - 1 and part not in inner:
                raise SpecProblem(here, f"{here}: there is no such place; known: {', '.join(inner)}")
            holder, key = inner, part
        else:
            raise SpecProblem(here, f"{here}: there is nothing inside {'.'.join(parts[:i])}")
    holder[key] = value
    return parse_spec(out[""])
