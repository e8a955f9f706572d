"""What data ask of a model: the shape of an answer, and the last activation and loss that "auto" stands for."""

from dataclasses import dataclass
from math import prod

from engine.core.registry import Registry
from engine.core.types import ConfigLike, Shape
from engine.detection.boxes import OBJECT


@dataclass(frozen=True)
class Task:
    """A kind of question. activation and loss are what "auto" stands for; words says what is asked."""

    name: str
    activation: str
    loss: str
    words: str


tasks: Registry[Task] = Registry("task")
for _task in (
    Task("regression", "linear", "half_mse", "a number"),
    Task("binary", "sigmoid", "binary_crossentropy", "one probability"),
    Task("multiclass", "softmax", "sparse_categorical_crossentropy", "{outputs} classes"),
    Task("reconstruction", "sigmoid", "mse", "the input itself, {shape} or as a vector"),
    Task("landmarks", "sigmoid", "mse", "x and y of every landmark, {outputs} numbers"),
    Task("localisation", "linear", "localisation", "p_c, b_x, b_y, b_h, b_w and its classes, {outputs} numbers"),
    Task(
        "detection", "linear", "yolo", "a grid of cells with {outputs} numbers each: 5 and the classes for every anchor"
    ),
):
    tasks.add(_task.name, _task)


@dataclass(frozen=True)
class Goal:
    """task, and the shape of one answer (of a detector: of one anchor in one cell)."""

    task: str
    shape: Shape

    @classmethod
    def of(cls, task: str, outputs: int, input_shape: Shape) -> "Goal":
        if task == "reconstruction":
            return cls(task, input_shape)
        return cls(task, (OBJECT + outputs,) if task in ("localisation", "detection") else (outputs,))

    @property
    def activation(self) -> str:
        """Of the last layer: pixels lie between 0 and 1, other inputs anywhere."""
        if self.task == "reconstruction" and len(self.shape) == 1:
            return "linear"
        return tasks.get(self.task).activation

    @property
    def loss(self) -> str:
        return tasks.get(self.task).loss

    def units(self, loss: ConfigLike) -> int:
        """Outputs of a last layer whose number is left to the data (of a detector: its channels)."""
        return prod(self.shape) * (len(loss.get("anchors") or (1,)) if self.task == "detection" else 1)

    def fits(self, shape: Shape, loss: ConfigLike) -> bool:
        """Whether a model that answers with `shape` answers the question."""
        if self.task == "detection":
            return len(shape) == 3 and shape[2] == self.units(loss)
        return shape == self.shape or (self.task == "reconstruction" and shape == (prod(self.shape),))

    def wanted(self, loss: ConfigLike) -> str:
        """The question in words."""
        shape = "×".join(map(str, self.shape))
        return tasks.get(self.task).words.format(outputs=self.units(loss), shape=shape)
