"""What a spec becomes, and what an uploaded file is: plain JSON, made in one place and published as it is."""

from typing import Literal, NotRequired, TypedDict, TypeGuard

from engine.data.uploads import TableAbout
from engine.training.spec import RunSpec


class Leaf(TypedDict):
    """A layer inside a block."""

    id: str
    type: str
    output_shape: list[int]
    parameters: int
    multiplications: int


class StageBrief(TypedDict):
    """A layer at work inside a block: what it is given, and what it gives."""

    id: str
    type: str
    inputs: list[str]
    shape: list[int]


class LayerRow(Leaf):
    """A layer as it would be built; `inside`: the layers of a block; `stages`: the same at work, with their joints."""

    input_shape: list[int]
    memory_bytes: int
    inside: NotRequired[list[Leaf]]
    stages: NotRequired[list[StageBrief]]


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
    value: str | float


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


class PicturesAbout(TypedDict):
    """Pictures in folders, one a class."""

    kind: Literal["pictures"]
    pictures: int
    classes: list[str]
    counts: list[int]


class BoxedPicture(TypedDict):
    """A picture and its boxes: class, x, y, width, height in pixels, x and y of the top left corner."""

    file: str
    width: int
    height: int
    boxes: list[list[float]]


class BoxesAbout(TypedDict):
    """Pictures with boxes."""

    kind: Literal["boxes"]
    pictures: int
    classes: list[str]
    images: list[BoxedPicture]


UploadAbout = TableAbout | PicturesAbout | BoxesAbout


def is_of_boxes(about: UploadAbout) -> TypeGuard[BoxesAbout]:
    return about.get("kind") == "boxes"
