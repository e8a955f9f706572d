"""What a data set is, and the registry of kinds of data."""

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.core.arguments import Argument
from engine.core.errors import EngineError
from engine.core.registry import Registry
from engine.core.types import Array, Config, Shape
from engine.data.settings import DataSettings


@dataclass(frozen=True)
class Dataset:
    """x (M, *shape) as it was measured; y (M,) class numbers or values, (M, N, 5) boxes, or (M, 2L) landmarks.

    task: a name of engine.data.goal.tasks. kind: 'line' (one input), 'plane' (two), 'table' (more) or 'image'.
    fixed_split: the parts a published split wants, in order of the examples.
    """

    name: str
    task: str
    kind: str
    x: Array
    y: Array
    inputs: tuple[str, ...]
    target: str
    classes: tuple[str, ...] = ()
    fixed_split: tuple[float, float, float] | None = None
    bounds: tuple[tuple[float, float], ...] = field(default=())
    """Range of each input to draw, for lines and planes; else taken from the data."""

    @property
    def shape(self) -> Shape:
        return tuple(self.x.shape[1:])

    @property
    def outputs(self) -> int:
        """What a model has to answer with: a class's number for each (several), numbers (landmarks), or one number."""
        if self.task == "landmarks":
            return int(self.y.shape[1])
        return len(self.classes) if self.task in ("multiclass", "detection", "localisation") else 1


@dataclass(frozen=True)
class DatasetKind:
    """A name one can ask for. make(settings, rng) → Dataset; settings hold the arguments."""

    name: str
    task: str
    kind: str
    make: Callable[[DataSettings], Dataset]
    arguments: tuple[Argument, ...] = ()
    doc: str = ""
    outputs: int | None = None
    inputs: tuple[str, ...] = ()
    shape: Shape = ()
    examples: int | None = None
    sides: tuple[int, ...] = ()
    """Sizes its pictures can be had in."""
    classes: tuple[str, ...] = ()
    """Names of what is to be found, where they are known without loading anything."""
    uploaded: bool = False
    """Whether a file of the visitor's holds it: `upload` of the settings names the file."""
    fixed_split: tuple[float, float, float] | None = None
    """The parts it comes in, as its Dataset has them."""

    def shape_at(self, settings: DataSettings) -> Shape:
        """The shape of an example, pictures in the size that is asked for."""
        size = settings.get("size")
        if size is None or not self.sides:
            return self.shape
        if size not in self.sides:
            raise EngineError(
                "value-choice",
                "{who} wants {argument} to be one of {choices}, got {got}",
                who=self.name,
                argument="size",
                choices=tuple(map(str, self.sides)),
                got=size,
            )
        return (size, size, *self.shape[2:])

    def describe(self) -> Config:
        return {
            "name": self.name,
            "task": self.task,
            "kind": self.kind,
            "doc": self.doc,
            "arguments": [a.describe() for a in self.arguments],
            "outputs": self.outputs,
            "inputs": list(self.inputs),
            "shape": list(self.shape),
            "examples": self.examples,
            "sides": list(self.sides),
            "classes": list(self.classes),
            "uploaded": self.uploaded,
            "fixed_split": None if self.fixed_split is None else list(self.fixed_split),
        }


datasets: Registry[DatasetKind] = Registry("data set")
