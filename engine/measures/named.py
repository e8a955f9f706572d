"""Metrics by name, from losses and from functions; what a name in `compile` stands for."""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine import losses as losses_module
from engine.core.calls import Foreign, nearest
from engine.core.types import Array, Config
from engine.foreign import METRIC_NAMES, refuse
from engine.losses import Loss
from engine.measures.accuracy import (
    Accuracy,
    BinaryAccuracy,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    SparseTopKCategoricalAccuracy,
    TopKCategoricalAccuracy,
)
from engine.measures.base import Mean, Measure, Score, Sum, ratio, snake
from engine.measures.counting import (
    AUC,
    F1Score,
    FalseNegatives,
    FalsePositives,
    Precision,
    Recall,
    TrueNegatives,
    TruePositives,
)
from engine.measures.errors import (
    CosineSimilarity,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    R2Score,
    RootMeanSquaredError,
)


class LossMeasure(Measure):
    """A loss as a metric: Σ w·L / Σ w."""

    build: ClassVar[Callable[..., Loss]]
    order: ClassVar[tuple[str, ...]] = ("name", "dtype", "from_logits", "label_smoothing", "axis")

    def __init__(self, name: str | None = None, *, from_logits: bool = False, label_smoothing: float = 0.0) -> None:
        super().__init__(name)
        more = {"label_smoothing": label_smoothing} if label_smoothing else {}
        self.loss = type(self).build(from_logits=from_logits, **more)
        self.from_logits, self.label_smoothing = from_logits, float(label_smoothing)

    config = ("from_logits", "label_smoothing")

    def compute(self, t: Array, y: Array, w: Array) -> Score:
        return float(ratio(self.loss(t, y, w) * len(y), w.sum()))


class BinaryCrossentropy(LossMeasure):
    build = losses_module.BinaryCrossentropy


class CategoricalCrossentropy(LossMeasure):
    build = losses_module.CategoricalCrossentropy


class SparseCategoricalCrossentropy(LossMeasure):
    build = losses_module.SparseCategoricalCrossentropy
    order = ("name", "dtype", "from_logits", "ignore_class", "axis")
    foreign: ClassVar[dict[str, Foreign]] = {"ignore_class": Foreign("give those examples the sample_weight 0")}


class Hinge(LossMeasure):
    build = losses_module.Hinge


class FittingAccuracy(Measure):
    """`"accuracy"`: which of the three kinds is meant follows from targets and outputs, as in Keras."""

    rises = True

    def _ready(self, targets: Any, outputs: Any, sample_weight: Any) -> tuple[Array, Array, Array]:
        self._given = np.shape(targets)
        return super()._ready(targets, outputs, sample_weight)

    def compute(self, t: Array, y: Array, w: Array) -> Score:
        if y.ndim == 1 or y.shape[-1] == 1:
            return BinaryAccuracy().compute(t, y, w)
        few = len(self._given) < y.ndim or self._given[-1] == 1
        return (SparseCategoricalAccuracy if few else CategoricalAccuracy)().compute(t, y, w)

    def get_config(self) -> Any:
        return self.name


class FunctionMeasure(Measure):
    """A function (targets, outputs) → a number or one number an example, of NumPy arrays."""

    rises = None

    def __init__(self, function: Callable[[Any, Any], Any], name: str | None = None) -> None:
        given = name or getattr(function, "__name__", type(function).__name__)
        super().__init__("lambda" if given == "<lambda>" else given)
        self.function = function

    def compute(self, t: Array, y: Array, w: Array) -> Score:
        v = np.asarray(self.function(t, y), np.float64)
        return v if v.ndim == 0 else ratio((v.reshape(len(v), -1).mean(axis=1) * w).sum(), w.sum())

    def get_config(self) -> Any:
        return None


CLASSES: dict[str, type[Measure]] = {
    cls.__name__: cls
    for cls in (AUC, Accuracy, BinaryAccuracy, BinaryCrossentropy, CategoricalAccuracy, CategoricalCrossentropy,
                CosineSimilarity, F1Score, FalseNegatives, FalsePositives, Hinge, Mean, MeanAbsoluteError,
                MeanAbsolutePercentageError, MeanSquaredError, MeanSquaredLogarithmicError, Precision, R2Score, Recall,
                RootMeanSquaredError, SparseCategoricalAccuracy, SparseCategoricalCrossentropy,
                SparseTopKCategoricalAccuracy, Sum, TopKCategoricalAccuracy, TrueNegatives, TruePositives)
}  # fmt: skip
SHORT: dict[str, type[Measure]] = {
    "acc": FittingAccuracy,
    "accuracy": FittingAccuracy,
    "mse": MeanSquaredError,
    "mae": MeanAbsoluteError,
    "mape": MeanAbsolutePercentageError,
    "msle": MeanSquaredLogarithmicError,
    "rmse": RootMeanSquaredError,
    "bce": BinaryCrossentropy,
}


class Named(Measure):
    """A metric given by a name: it is called in the history what it was called in `compile`."""

    def __init__(self, given: str, inner: Measure) -> None:
        super().__init__(given)
        self.inner, self.rises = inner, inner.rises

    def of(self, targets: Any, outputs: Any, sample_weight: Any = None) -> Any:
        return self.inner.of(targets, outputs, sample_weight)

    def get_config(self) -> Any:
        return self.name


def named(name: str, more: dict[str, Callable[[Any, Any], float]]) -> Measure:
    """The metric a name in `compile` stands for. `more`: functions beside Keras's names."""
    lower = {n.lower(): cls for n, cls in CLASSES.items()} | {snake(n): cls for n, cls in CLASSES.items()}
    cls = SHORT.get(name.lower()) or lower.get(name.lower())
    if cls in (Mean, Sum):
        cls = None
    if cls is not None:
        return Named(name, cls())
    if name in more:
        found = Named(name, FunctionMeasure(more[name], name))
        found.rises = True
        return found
    refuse("metric", name, METRIC_NAMES)
    known = [*dict.fromkeys([*SHORT, *more, *map(snake, CLASSES)])]
    raise ValueError(f"unknown metric {name!r}.{nearest(name, known)} Known: {', '.join(known)}")


def from_config(config: Config) -> Measure:
    """A metric that `get_config` wrote down."""
    if config.get("class") not in CLASSES:
        raise ValueError(f"unknown metric {config.get('class')!r}. Known: {', '.join(CLASSES)}")
    return CLASSES[config["class"]](**config["config"])
