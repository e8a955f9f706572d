"""What a spec becomes, as plain JSON: made once by the check, published as it is."""

from typing import Literal, NotRequired, TypedDict

from engine.training.spec import RunSpec


class Leaf(TypedDict):
    """A layer inside a block."""

    id: str
    type: str
    output_shape: list[int]
    parameters: int
    multiplications: int


class LayerRow(Leaf):
    """A layer as it would be built; `inside`: the layers of a block."""

    input_shape: list[int]
    memory_bytes: int
    inside: NotRequired[list[Leaf]]


class Totals(TypedDict):
    """Sums over the layers; multiplications of one example forward, step_multiplications of one training step."""

    parameters: int
    multiplications: int
    step_multiplications: int
    memory_bytes: int


class SpecWarning(TypedDict):
    """A change that is allowed and likely to surprise: set `path` to `value`."""

    code: str
    detail: str
    params: dict[str, str | float]
    path: str
    value: float


class Report(TypedDict):
    """Shapes, parameters, multiplications, memory, and every choice filled in."""

    valid: Literal[True]
    warnings: list[SpecWarning]
    task: str
    input_shape: list[int]
    inputs: list[str]
    classes: list[str]
    examples: int
    layers: list[LayerRow]
    totals: Totals
    resolved: RunSpec
