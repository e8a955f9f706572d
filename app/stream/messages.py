"""The messages of descent.v1: what a client may say besides commands, and what the server says."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.contract.base import Answer, sometimes
from app.contract.problem import Problem
from app.contract.runs import CommandAnswer, Report, Run, RunState
from app.specs.model import Spec
from engine.core.errors import Param


class _Message(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)
    id: int | str | None = Field(None, description="quoted in the answer")


class Auth(_Message):
    """The right to steer; may come first, or at any time."""

    op: Literal["auth"]
    token: str = Field(max_length=200)


class Subscribe(_Message):
    """Which views, how often at most; `have` is the number of history rows the client has already."""

    op: Literal["subscribe"]
    views: dict[str, dict[str, object]] = Field(description="by name, with their parameters")
    max_fps: float = Field(30, gt=0, le=240)
    exact: bool = Field(False, description="float32 instead of quantised numbers")
    packed: bool = Field(
        False, description="deflated messages, frames as differences: see docs/clients.md, Small frames"
    )
    have: int = Field(0, ge=0, description="history rows the client has")
    mark: str | None = Field(
        None, max_length=80, description="the mark that came with them; rows that changed since come again"
    )


class Ack(_Message):
    """The client has drawn frame n; two may be unacknowledged."""

    op: Literal["ack"]
    frame: int = Field(ge=0)


class Ping(_Message):
    """Answered at once: for who has heard nothing for a while."""

    op: Literal["ping"]


STREAM_MESSAGES: dict[str, type[_Message]] = {"auth": Auth, "subscribe": Subscribe, "ack": Ack, "ping": Ping}


# -- what the server says, as JSON text ------------------------------------------------------------------------------
class Hello(Run):
    """The first message: the run as GET /runs/{id} has it."""

    event: Literal["hello"]
    run: str
    protocol: Literal["descent.v1"]


class StateEvent(Answer):
    """Something notable has changed: playing, the moment on show, divergence, pace, keyframes, or the spec."""

    event: Literal["state"]
    state: RunState
    spec: Spec = sometimes("after an edit or another moment on show")
    shown_spec: Spec | None = sometimes("with spec: the spec of the earlier moment on show, if one is")
    report: Report = sometimes("with spec: what the spec on show becomes")
    undo: int = sometimes("after a command: edits that can be undone")
    redo: int = sometimes("after a command: edits that can be made again")


class Recovered(Answer):
    """The training process died; the run goes on from its last checkpoint and what was asked since."""

    event: Literal["recovered"]
    step: int
    state: RunState


class Lost(Answer):
    """The run could not be brought back."""

    event: Literal["lost"]
    code: str = Field(description="why, as in Problem")
    params: dict[str, Param] = Field(description="what the code's message is about")
    detail: str = Field(description="why, in English")


class Ended(Answer):
    """The run has been deleted."""

    event: Literal["ended"]


class Moved(Answer):
    """The run's owner has gone on to another one; who watches may follow."""

    event: Literal["moved"]
    run: str


class Authorized(Answer):
    """This socket may steer."""

    id: int | str | None
    ok: Literal[True]
    op: Literal["auth"]
    step: int


class Subscribed(Answer):
    """Frames of these views will come."""

    id: int | str | None
    ok: Literal[True]
    op: Literal["subscribe"]
    step: int
    views: dict[str, dict[str, JsonValue]] = Field(description="with all their parameters")


class Pong(Answer):
    """The connection lives."""

    id: int | str | None
    ok: Literal[True]
    op: Literal["ping"]
    step: int


class Refused(Answer):
    """A message that was not obeyed, and why."""

    id: int | str | None
    step: int = sometimes("of a command: the step at which it was refused")
    error: Problem


Event = Annotated[Hello | StateEvent | Recovered | Lost | Ended | Moved, Field(discriminator="event")]
Said = CommandAnswer | Authorized | Subscribed | Pong | Refused


# -- binary messages: the __metadata__ of their safetensors ----------------------------------------------------------
class FrameState(Answer):
    """What a frame says of its run."""

    playing: bool
    head: int = Field(description="the step training has come to")
    viewing: bool = Field(description="whether an earlier moment is on show")
    rate: float = Field(description="measured steps a second")
    held: float | None = Field(description="steps a second that the pace allows now; null: the machine alone holds it")
    step_ms: float = Field(description="milliseconds of one step")
    revision: int = Field(description="of the moment on show: it grows with every edit and every seek, not with steps")


class FrameMeta(Answer):
    """Of a frame: tensors are called view/name. All values are text; numbers are written as text, too."""

    kind: Literal["frame"]
    run: str
    step: str = Field(description="whole number: the step on show")
    epoch: str = Field(description="number")
    time: str = Field(description="number: Unix time, seconds")
    frame: str = Field(description="whole number: what to acknowledge")
    views: str = Field(
        description="JSON object: ViewAbouts, each view's parameters and facts, such as the value that 255 stands for"
    )
    state: str = Field(description="JSON object: FrameState")


class HistoryMeta(Answer):
    """Of rows of the cost history: tensors cost/step, cost/epoch, cost/loss, cost/train, cost/cv, cost/test."""

    kind: Literal["history"]
    run: str
    step: str = Field(description="whole number: of the last row")
    since: str = Field(
        alias="from", description="whole number: the first row's place; later ones you had are forgotten"
    )
    rows: str = Field(description="whole number: how many")
    mark: str = Field(description="which rows these are; to be sent back with `have` when one comes again")


class DataAbout(Answer):
    """What the examples are."""

    kind: Literal["line", "plane", "table", "image"]
    task: str
    inputs: list[str]
    features: list[str] = Field(description="engineered inputs")
    target: str
    classes: list[str]
    examples: int
    counts: dict[str, int] = Field(description="examples of each part")
    shape: list[int] = Field(description="of one example")
    bounds: list[list[float]] = Field(
        description="what plots show of each input, a margin around its values included; none for pictures"
    )


class DataMeta(Answer):
    """Of GET /runs/{id}/data: tensors x, y and part."""

    kind: Literal["data"]
    run: str
    revision: str = Field(description="whole number: the run's, when the examples were read")
    about: str = Field(description="JSON object: DataAbout")


class WeightsMeta(Answer):
    """Of GET /runs/{id}/weights: tensors layer/name."""

    step: str
    revision: str = Field(description="whole number: of the run at that step")
    spec: str = Field(description="JSON object: Spec")


HEARD = (Auth, Subscribe, Ack, Ping)
META = (FrameMeta, FrameState, HistoryMeta, DataMeta, DataAbout, WeightsMeta)
