"""Runs: their state, their report, and the answers to commands."""

from typing import Literal

from pydantic import Field, JsonValue

from app.contract.base import Answer, sometimes
from app.specs.model import Spec


class Divergence(Answer):
    """Where the numbers stopped being finite."""

    step: int
    layer: str
    weight: str | None = Field(description="layer/name of the first such weight")
    last_good_step: int = Field(description="a kept moment to rewind to")


class EarlyStop(Answer):
    """Why early stopping ended the training, and where the run went back to."""

    step: int
    epoch: int
    best_step: int
    best_epoch: int
    cost: float = Field(description="J_cv at the best moment")


class RunPace(Answer):
    """How fast a run may go: as fast as the machine (full), so many steps a second (fixed), or by a clock."""

    kind: Literal["full", "fixed", "clock"]
    speed: float | None = Field(description="steps a second, of a fixed pace")
    knee: int | None = Field(description="steps of the clock's first eleven seconds, also while it is not followed")
    since: int = Field(description="the step at which the clock began")


class RunState(Answer):
    """What a run is doing."""

    run: str = sometimes("its id, where a command is answered")
    playing: bool
    step: int = Field(description="of the moment on show")
    epoch: float
    steps_per_epoch: int
    head: int = Field(description="the step training has come to")
    viewing: bool = Field(description="whether an earlier moment is on show")
    diverged: Divergence | None
    stopped: EarlyStop | None
    cycle: int | None = Field(description="epochs after which the weights come back to where they were, if they do")
    failed: str | None = Field(description="what ended the training, if something did")
    speed: float | None = Field(description="steps a second; null: as fast as it goes")
    pace: RunPace
    held: float | None = Field(description="steps a second that the pace allows now; null: the machine alone holds it")
    rate: float = Field(description="measured steps a second")
    step_ms: float = Field(description="milliseconds of one step, in the run's own turns")
    keyframes: list[int] = Field(description="steps of the kept moments")
    version: int = Field(description="goes up with every change a frame could show")
    revision: int = Field(
        description="goes up with every edit, and whenever another moment is on show; with the step it names a moment"
    )


class Leaf(Answer):
    """A layer inside a block."""

    id: str
    type: str
    output_shape: list[int]
    parameters: int
    multiplications: int


class StageBrief(Answer):
    """A layer at work inside a block."""

    id: str
    type: str
    inputs: list[str] = Field(description="the stages that it is given; “input” is what the block is given")
    shape: list[int] = Field(description="of what it gives")


class LayerRow(Leaf):
    """A layer of a spec as it would be built."""

    input_shape: list[int]
    memory_bytes: int = Field(description="parameters and activations of one batch, float32")
    inside: list[Leaf] = sometimes("the layers of a block")
    stages: list[StageBrief] = sometimes("the same as they work, joints of branches too; the last gives what it gives")


class Totals(Answer):
    """Sums over the layers."""

    parameters: int
    multiplications: int = Field(description="of one example, forward")
    step_multiplications: int = Field(description="of one training step")
    memory_bytes: int


class SpecWarning(Answer):
    """A change that is allowed and likely to surprise; `set` of `path` to `value` helps."""

    code: str
    detail: str
    params: dict[str, JsonValue]
    path: str
    value: JsonValue


class Report(Answer):
    """What a spec becomes: shapes, parameters, multiplications, memory, and every choice filled in."""

    valid: Literal[True]
    warnings: list[SpecWarning]
    task: str
    input_shape: list[int] = Field(description="of one example, without the batch")
    inputs: list[str]
    classes: list[str]
    examples: int
    layers: list[LayerRow]
    totals: Totals
    resolved: Spec = Field(description="the spec with every auto replaced")


class Costs(Answer):
    """The newest row of the cost history; null: not measured at that row."""

    step: float
    epoch: float
    loss: float | None
    train: float | None
    cv: float | None
    test: float | None


class Run(Answer):
    """A run: its spec, what the spec becomes, and what the run is doing."""

    id: str
    created: float = Field(description="Unix time, seconds")
    parent: str | None = Field(description="the run it was forked from")
    parent_step: int | None
    spec: Spec
    shown_spec: Spec | None = Field(description="the spec of the earlier moment on show, if one is")
    report: Report
    state: RunState
    step: int
    epoch: float
    playing: bool
    metrics: Costs | None
    viewers: int
    undo: int = Field(description="edits that can be undone")
    redo: int = Field(description="edits that can be made again")
    moved_to: str | None = Field(description="the run that its owner has gone on to; who watches may follow")


class StartedRun(Run):
    """A run that has just begun."""

    token: str = Field(description="the right to steer it (Authorization: Bearer …); told once")


class Solution(Answer):
    """What the normal equation found."""

    rank: int
    columns: int
    full_rank: bool
    condition: float | None = Field(description="null: infinite")
    seconds: float
    method: str
    weights: list[float]
    bias: list[float]


class CommandAnswer(Answer):
    """A command has been carried out between two steps."""

    id: int | str | None = Field(description="the command's own")
    ok: Literal[True]
    op: str
    step: int = Field(description="at which it took effect")
    state: RunState = sometimes("the state afterwards; not with coalesced")
    coalesced: Literal[True] = sometimes("a later command of the same path took its place")
    warnings: list[SpecWarning] = sometimes("to a set: what is likely to surprise")
    spec: Spec = sometimes("if the spec is another one now")
    report: Report = sometimes("with spec")
    solution: Solution = sometimes("to solve")
    undo: int = sometimes("edits that can be undone; not with coalesced")
    redo: int = sometimes("edits that can be made again; not with coalesced")


class History(Answer):
    """Rows of the cost history."""

    run: str
    columns: list[str] = Field(
        description="step, epoch, loss (mean over the batches since the row before, with penalty), train, cv, test (J "
        "over the whole part, without penalty; of a run at rest the last row is exact)"
    )
    since: int = Field(alias="from", description="the first row's number")
    rows: list[list[float | None]] = Field(description="a number a column; null: not measured at this row")


class Prediction(Answer):
    """The model's answers to given inputs."""

    step: int
    revision: int = Field(description="of the run at that step")
    outputs: list[JsonValue] = Field(description="a (nested) list of numbers for each input, in the data's own units")
    classes: list[str]
    activations: dict[str, list[JsonValue]] = sometimes("every layer's z and a, by layer/z and layer/a")


class Loaded(Answer):
    """The weights have been taken, whole."""

    step: int
