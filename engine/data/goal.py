"""What data ask of a model: the shape of an answer, and the last activation and loss that "auto" stands for."""

from dataclasses import dataclass
from math import prod

from engine.core.registry import Registry
from engine.core.types import Config, Shape


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
):
    tasks.add(_task.name, _task)


@dataclass(frozen=True)
class Goal:
    """task, and the shape of one answer."""

    task: str
    shape: Shape

    @classmethod
    def of(cls, task: str, outputs: int, input_shape: Shape) -> "Goal":
        return cls(task, input_shape if task == "reconstruction" else (outputs,))

    @property
    def activation(self) -> str:
        """Of the last layer: pixels lie between 0 and 1, other inputs anywhere."""
        if self.task == "reconstruction" and len(self.shape) == 1:
            return "linear"
        return tasks.get(self.task).activation

    @property
    def loss(self) -> str:
        return tasks.get(self.task).loss

    def units(self, loss: Config) -> int:
        """Outputs of a last layer whose number is left to the data."""
        return prod(self.shape)

    def fits(self, shape: Shape, loss: Config) -> bool:
        """Whether a model that answers with `shape` answers the question."""
        return shape == self.shape or (self.task == "reconstruction" and shape == (prod(self.shape),))

    def wanted(self, loss: Config) -> str:
        """The question in words."""
        shape = "×".join(map(str, self.shape))
        return tasks.get(self.task).words.format(outputs=self.units(loss), shape=shape)
