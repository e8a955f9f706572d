"""What a metric is: it collects targets t, outputs y and weights w of examples, and makes its number from them all."""

from typing import Any, ClassVar

import numpy as np

from engine.core.arguments import Argument
from engine.core.calls import Foreign, Part
from engine.core.types import Array
from engine.losses import Number

EPSILON = 1e-7
"""Keras's: what keeps a division finite."""
Score = float | Array
"""What a metric comes to: a number, or one for each class or threshold."""
THRESHOLD = Argument("threshold", "float", 0.5)
TOP = Argument("k", "int", 5, minimum=1)


class Measure(metaclass=Part):
    """Subclasses define `compute(t, y, w)` → a number (or an array of numbers) of float64 arrays; w is (B,)."""

    foreign: ClassVar[dict[str, Foreign]] = {
        "dtype": Foreign("metrics are computed in float64", (None, "float32", "float64")),
        "axis": Foreign("classes are along the last axis", (-1,)),
    }
    config: ClassVar[tuple[str, ...]] = ()
    """Names of the arguments beside name."""
    rises: bool | None = False
    """Whether it is better when larger; None: nobody knows."""

    order: ClassVar[tuple[str, ...]] = ("name", "dtype", "axis")

    def __init__(self, name: str | None = None) -> None:
        self.name = name or snake(type(self).__name__)
        self._seen: list[tuple[Array, Array, Array]] = []

    def compute(self, t: Array, y: Array, w: Array) -> Score:
        raise NotImplementedError

    def of(self, targets: Any, outputs: Any, sample_weight: Any = None) -> Score:
        """The number of these examples alone."""
        t, y, w = self._ready(targets, outputs, sample_weight)
        value = self.compute(t, y, w)
        return Number(float(value)) if np.ndim(value) == 0 else np.asarray(value)

    def _ready(self, targets: Any, outputs: Any, sample_weight: Any) -> tuple[Array, Array, Array]:
        t, y = np.asarray(targets), np.asarray(outputs, np.float64)
        if t.ndim == 0 or len(t) != len(y) or not len(t):
            raise ValueError(f"{self.name} expected as many targets as outputs, got {t.shape} and {y.shape}")
        w = np.ones(len(y)) if sample_weight is None else np.asarray(sample_weight, np.float64).reshape(-1)
        if len(w) != len(y):
            raise ValueError(f"{self.name} expected one sample_weight an example, got {len(w)} for {len(y)}")
        if t.ndim == y.ndim - 1 and y.shape[-1] == 1:
            t = t[..., None]
        return t.astype(np.float64), y, w

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Takes more examples into account."""
        self._seen.append(self._ready(y_true, y_pred, sample_weight))

    def result(self) -> Score:
        """The number of all examples since `reset_state`."""
        if not self._seen:
            return Number(0.0)
        return self.of(*(np.concatenate(part) for part in zip(*self._seen, strict=True)))

    def reset_state(self) -> None:
        self._seen = []

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        self.update_state(y_true, y_pred, sample_weight)
        return self.result()

    def get_config(self) -> Any:
        return {
            "class": type(self).__name__,
            "config": {"name": self.name, **{n: getattr(self, n) for n in self.config}},
        }


def snake(name: str) -> str:
    """MeanSquaredError → mean_squared_error; AUC → auc."""
    out = "".join(
        f"_{c}" if i and c.isupper() and (name[i - 1].islower() or name[i + 1 : i + 2].islower()) else c
        for i, c in enumerate(name)
    )
    return out.lower()


def same_shape(who: str, t: Array, y: Array) -> None:
    if t.shape != y.shape:
        raise ValueError(f"{who} expected targets of the outputs' shape {y.shape}, got {t.shape}")


def ratio(a: Score, b: Score) -> Array:
    """a / b, 0 where b is 0."""
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    return np.divide(a, b, out=np.zeros(np.broadcast(a, b).shape), where=b != 0)


class MeanOf(Measure):
    """Σ w·v / Σ w with a value v for each example."""

    def values(self, t: Array, y: Array) -> Array:
        """(B, …); what is behind the first axis is averaged."""
        raise NotImplementedError

    def compute(self, t: Array, y: Array, w: Array) -> Score:
        v = np.asarray(self.values(t, y), np.float64)
        return ratio((v.reshape(len(v), -1).mean(axis=1) * w).sum(), w.sum())


class Mean(Measure):
    """The mean of the numbers it is given."""

    def update_state(self, values: Any, sample_weight: Any = None, _: Any = None) -> None:  # type: ignore[override]
        v = np.asarray(values, np.float64).reshape(-1)
        w = np.broadcast_to(1.0 if sample_weight is None else np.asarray(sample_weight, np.float64), v.shape)
        self._seen.append((v, v, np.array(w)))

    def __call__(self, values: Any, sample_weight: Any = None, _: Any = None) -> Any:  # type: ignore[override]
        self.update_state(values, sample_weight)
        return self.result()

    def compute(self, t: Array, y: Array, w: Array) -> Score:
        return ratio((y * w).sum(), w.sum())


class Sum(Mean):
    """The sum of the numbers it is given."""

    def compute(self, t: Array, y: Array, w: Array) -> Score:
        return float((y * w).sum())
