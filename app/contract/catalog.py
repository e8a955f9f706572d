"""The catalogue: everything a client needs to build an editor."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from app.contract.base import Answer, As, sometimes
from app.languages import Words
from app.specs.model import Spec
from engine.core.errors import Param

Kind = Literal["int", "float", "bool", "choice", "text", "shape", "sizes", "pair", "sides"]


class ArgumentEntry(Answer):
    """An argument of a part: what is right for it, and what stands if nothing is said."""

    name: str
    kind: Kind
    default: JsonValue
    doc: str
    minimum: float = sometimes("the least value")
    maximum: float = sometimes("the largest value")
    above: float = sometimes("values are above this one")
    below: float = sometimes("values are below this one")
    choices: list[str] = sometimes("the values there are")
    optional: Literal[True] = sometimes("null is right, too")


class DatasetEntry(Answer):
    """A data set or a generator of data."""

    name: str
    task: str
    kind: str = Field(description="line (one input), plane (two), table (more) or image")
    doc: str
    arguments: list[ArgumentEntry]
    outputs: int | None
    inputs: list[str]
    shape: list[int] = Field(description="of one example")
    examples: int | None = Field(description="null where the spec says how many")
    sides: list[int] = Field(description="sizes its pictures can be had in")
    classes: list[str]
    uploaded: bool = Field(description="whether a file of the visitor's holds it, which data.upload names")
    fixed_split: list[float] | None = Field(description="parts for training, cross-validation and test it comes in")
    features: list[str] = Field(description="engineered inputs that can be switched on by name")


class LayerEntry(Answer):
    name: str
    doc: str
    arguments: list[ArgumentEntry]
    regularized: bool = Field(description="whether it has a kernel that a spec's l1 and l2 keep small")


class ActivationCurve(Answer):
    """g and g′ over −6 … 6."""

    z: list[float] = sometimes("where")
    a: list[float] = sometimes("g(z)")
    slope: list[float] = sometimes("g′(z)")


class ActivationEntry(Answer):
    name: str
    formula: str
    range: list[float | None] = Field(description="least and largest g(z); null: no bound")
    curve: ActivationCurve = Field(description="empty for softmax, which has no single input")


class LossCurve(Answer):
    """L over x: of numbers against ŷ − y, of two classes against p with y = 1 (one) and y = 0 (zero)."""

    x: list[float]
    one: list[float]
    zero: list[float] = sometimes("of two classes")


class LossCurves(Answer):
    regression: LossCurve = sometimes("where the loss is for numbers")
    binary: LossCurve = sometimes("where it is for two classes")


class LossEntry(Answer):
    name: str
    formula: str
    doc: str
    tasks: list[str]
    curves: LossCurves
    arguments: list[ArgumentEntry]


class FormulaEntry(Answer):
    """An optimiser or a schedule."""

    name: str
    formula: str
    arguments: list[ArgumentEntry]


class InitializerEntry(Answer):
    name: str
    doc: str


class MetricEntry(Answer):
    name: str
    tasks: list[str]


class TensorEntry(Answer):
    """A tensor of a view, as docs/views.md explains."""

    name: str = Field(description="with {layer}, {weight} … where it stands for several")
    shape: list[str] = Field(description="a number, a letter, or … for any number of axes")
    dtypes: list[str]
    doc: str
    unit: str


class ViewEntry(Answer):
    name: str
    doc: str
    arguments: list[ArgumentEntry]
    tensors: list[TensorEntry]


class ArchitectureEntry(Answer):
    """A full-size architecture; sibling: the layers of a small net in the same spirit."""

    name: str
    title: str
    paper: str
    input_shape: list[int]
    parameters: int
    source: str
    sibling: list[Annotated[dict[str, JsonValue], As("LayerSpecInput")]]


class LabEntry(Answer):
    """A lab of the course."""

    id: str
    number: str
    title: Words
    question: Words
    spec: Spec
    clock: int = Field(description="the knee of J in steps, for the command pace")
    hero: str = Field(description="the view that the page gives the middle to")


class PresetEntry(Answer):
    """A preset, which has no text of its own."""

    id: str
    title: Words
    spec: Spec
    clock: int = Field(description="the knee of J in steps, for the command pace")
    hero: str = Field(description="the view that the page gives the middle to")


class Catalog(Answer):
    """Every part there is."""

    datasets: list[DatasetEntry]
    layers: list[LayerEntry]
    activations: list[ActivationEntry]
    losses: list[LossEntry]
    optimizers: list[FormulaEntry]
    schedules: list[FormulaEntry]
    initializers: list[InitializerEntry]
    metrics: list[MetricEntry]
    views: list[ViewEntry]
    scalings: list[str]
    max_degree: int
    architectures: list[ArchitectureEntry]
    labs: list[LabEntry | PresetEntry]
    commands: list[str]
    exports: list[str]
    default_spec: Spec
    spec_schema: dict[str, JsonValue] = Field(description="JSON schema of a spec")


class MenuEntry(Answer):
    """A lab or a preset by its name."""

    id: str
    number: str = sometimes("of a lab of the course")
    title: Words
    hero: str = sometimes("of a preset: the view that the page gives the middle to")


class BriefActivation(Answer):
    name: str
    formula: str


class BriefLoss(Answer):
    name: str
    formula: str
    tasks: list[str]


class BriefCatalog(Answer):
    """What menus are made of: the catalogue without curves, forms of views, schemas, and the specs of labs."""

    datasets: list[DatasetEntry]
    layers: list[LayerEntry]
    activations: list[BriefActivation]
    losses: list[BriefLoss]
    optimizers: list[FormulaEntry]
    schedules: list[FormulaEntry]
    scalings: list[str]
    labs: list[MenuEntry]
    exports: list[str]


class ArchitectureRow(Answer):
    """A layer of a full-size architecture."""

    id: str
    type: str
    output_shape: list[int]
    parameters: int
    multiplications: int


class ArchitectureBlock(ArchitectureRow):
    inside: list[ArchitectureRow] = sometimes("the layers of a block")


class ArchitectureTotals(Answer):
    parameters: int
    multiplications: int


class Architecture(ArchitectureEntry):
    """A full-size architecture, layer by layer."""

    layers: list[ArchitectureBlock]
    totals: ArchitectureTotals
    photographs: list[str]


class WalkLine(Answer):
    """A line of the walk. event: built, layer (one for each), done, or error."""

    event: Literal["built", "layer", "done", "error"]
    parameters: int = sometimes("built: of the whole net; layer: its own")
    id: str = sometimes("layer")
    type: str = sometimes("layer")
    output_shape: list[int] = sometimes("layer")
    multiplications: int = sometimes("layer")
    seconds: float = sometimes("layer: of this pass")
    maps: list[int] = sometimes("layer: shape (n, h, w) of its first maps")
    pixels: str = sometimes("layer: those maps, base64 of uint8, 128 at zero")
    code: str = sometimes("error: what happened, as in Problem")
    params: dict[str, Param] = sometimes("error: what the code's message is about")
    detail: str = sometimes("error: what happened, in English")
