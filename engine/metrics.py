"""Metrics of predictions against targets; plain functions of two arrays with the examples first.

Classes are read from outputs as: one output → class 1 where it is ≥ the threshold (0 for hinge's ±, else 0.5);
several → the largest. Means over classes (precision, recall, F1) are over those that are there, in the targets or in
the answers, as in scikit-learn; of such a class what is undefined (0/0) is 0.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.core.numbers import whole
from engine.core.registry import Registry
from engine.core.types import Array
from engine.foreign import METRIC_NAMES, missing_names
from engine.measures import (
    AUC,
    Accuracy,
    BinaryAccuracy,
    BinaryCrossentropy,
    CategoricalAccuracy,
    CategoricalCrossentropy,
    CosineSimilarity,
    F1Score,
    FalseNegatives,
    FalsePositives,
    FunctionMeasure,
    Hinge,
    Mean,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    Measure,
    Precision,
    R2Score,
    Recall,
    RootMeanSquaredError,
    SparseCategoricalAccuracy,
    SparseCategoricalCrossentropy,
    SparseTopKCategoricalAccuracy,
    Sum,
    TopKCategoricalAccuracy,
    TrueNegatives,
    TruePositives,
    from_config,
    named,
)

__all__ = [
    "AUC",
    "Accuracy",
    "BinaryAccuracy",
    "BinaryCrossentropy",
    "CategoricalAccuracy",
    "CategoricalCrossentropy",
    "CosineSimilarity",
    "F1Score",
    "FalseNegatives",
    "FalsePositives",
    "Hinge",
    "Mean",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "Measure",
    "Metric",
    "Precision",
    "R2Score",
    "Recall",
    "RootMeanSquaredError",
    "SparseCategoricalAccuracy",
    "SparseCategoricalCrossentropy",
    "SparseTopKCategoricalAccuracy",
    "Sum",
    "TopKCategoricalAccuracy",
    "TrueNegatives",
    "TruePositives",
    "compiled",
    "confusion_matrix",
    "predicted_classes",
    "target_classes",
]


@dataclass(frozen=True)
class Metric:
    """name, tasks it suits, function(targets, outputs) → number."""

    name: str
    tasks: tuple[str, ...]
    function: Callable[[Array, Array], float]

    def __call__(self, targets: Array, outputs: Array) -> float:
        t, y = np.asarray(targets), np.asarray(outputs)
        if len(t) != len(y):
            raise ValueError(f"{self.name} wants as many targets as outputs, got {len(t)} and {len(y)}")
        if not len(t):
            raise ValueError(f"{self.name} expected at least one example, got none")
        return float(self.function(t, y))


metrics: Registry[Metric] = Registry("metric")


def predicted_classes(outputs: Array, threshold: float = 0.5) -> Array:
    """Class numbers (B,) from outputs (B,), (B, 1) or (B, K)."""
    y = np.asarray(outputs)
    if y.ndim == 1 or y.shape[-1] == 1:
        return (y.reshape(len(y)) >= threshold).astype(np.int64)
    return np.asarray(y.argmax(axis=-1))


def target_classes(targets: Array, outputs: Array) -> Array:
    """Class numbers from class numbers, 0/1 or −1/1 columns, or one-hot rows shaped like the outputs."""
    t = np.asarray(targets)
    if t.ndim == 2 and t.shape[1] > 1:
        return np.asarray(t.argmax(axis=1))
    t = t.reshape(len(t))
    several = np.asarray(outputs).ndim == 2 and np.asarray(outputs).shape[1] > 1
    return _classes(t, np.shape(outputs)[1], "targets") if several else (t > 0.5).astype(np.int64)


def _classes(numbers: Array, classes: int, what: str) -> Array:
    """Class numbers as int64, all of 0 … classes − 1, or a ValueError."""
    given = np.asarray(numbers)
    if given.ndim != 1:
        raise ValueError(f"{what} expected class numbers of shape (B,), got {given.shape}")
    if given.dtype.kind not in "fiub" or not np.array_equal(given, np.floor(given)):
        raise ValueError(f"{what} expected whole class numbers, got {_some(given)}")
    wrong = given[(given < 0) | (given >= classes)]
    if wrong.size:
        raise ValueError(f"{what} expected classes 0 to {classes - 1}, got {wrong[0]:g}")
    return given.astype(np.int64)


def _some(given: Array) -> str:
    """The first entry that is no whole number."""
    if given.dtype.kind != "f":
        return f"{given.dtype} values"
    return f"{given[~np.equal(given, np.floor(given))][0]:g}"


def confusion_matrix(targets: Array, predicted: Array, classes: int) -> Array:
    """(K, K) counts, rows the true class, columns the predicted one; both (B,) of whole numbers 0 … K − 1."""
    classes = whole(classes, "confusion_matrix", "classes", 1)
    t = _classes(targets, classes, "confusion_matrix: targets")
    p = _classes(predicted, classes, "confusion_matrix: predictions")
    if len(t) != len(p):
        raise ValueError(f"confusion_matrix expected as many predictions as targets, got {len(p)} and {len(t)}")
    return np.bincount(t * classes + p, minlength=classes * classes).reshape(classes, classes)


def _counts(t: Array, y: Array) -> tuple[Array, Array, Array]:
    """True positives, predicted and actual counts of each class that is there (with one output: of class 1)."""
    classes = 2 if y.ndim == 1 or y.shape[-1] == 1 else y.shape[-1]
    c = confusion_matrix(target_classes(t, y), predicted_classes(y), classes)
    predicted, actual = c.sum(axis=0), c.sum(axis=1)
    keep = np.array([False, True]) if y.ndim == 1 or y.shape[-1] == 1 else predicted + actual > 0
    return np.diag(c)[keep], predicted[keep], actual[keep]


def _ratio(a: Array, b: Array) -> Array:
    return np.divide(a, b, out=np.zeros(a.shape), where=b > 0)


def _accuracy(t: Array, y: Array) -> float:
    return float((target_classes(t, y) == predicted_classes(y)).mean())


def _precision(t: Array, y: Array) -> float:
    hits, predicted, _ = _counts(t, y)
    return float(_ratio(hits, predicted).mean())


def _recall(t: Array, y: Array) -> float:
    hits, _, actual = _counts(t, y)
    return float(_ratio(hits, actual).mean())


def _f1(t: Array, y: Array) -> float:
    hits, predicted, actual = _counts(t, y)
    return float(_ratio(2 * hits, predicted + actual).mean())


def _errors(t: Array, y: Array) -> Array:
    """ŷ − y in float64: the square of a float32 may be none."""
    return np.asarray(y.reshape(t.shape).astype(np.float64) - t)


def _mae(t: Array, y: Array) -> float:
    return float(np.abs(_errors(t, y)).mean())


def _mse(t: Array, y: Array) -> float:
    return float((_errors(t, y) ** 2).mean())


def _r2(t: Array, y: Array) -> float:
    t64 = t.astype(np.float64)
    left = (_errors(t, y) ** 2).sum()
    if (t64 == t64[:1]).all():  # asked of the numbers: their mean may be off by a rounding
        return float(left == 0)
    return float(1 - left / ((t64 - t64.mean(axis=0)) ** 2).sum())


_CLASSES = ("binary", "multiclass")
for _name, _tasks, _function in (
    ("accuracy", _CLASSES, _accuracy),
    ("precision", _CLASSES, _precision),
    ("recall", _CLASSES, _recall),
    ("f1", _CLASSES, _f1),
    ("mae", ("regression", "reconstruction", "landmarks"), _mae),
    ("mse", ("regression", "reconstruction", "landmarks"), _mse),
    ("r2", ("regression", "reconstruction", "landmarks"), _r2),
):
    metrics.add(_name, Metric(_name, _tasks, _function))


def get(metric: str | Metric) -> Metric:
    return metric if isinstance(metric, Metric) else metrics.get(metric)


def compiled(given: Any) -> list[Measure]:
    """What `compile(metrics=…)` means: names, classes of this module, functions of (targets, outputs), or a list.

    Names have Keras's meaning: precision and recall count all outputs above 0.5 (in the page's registry they are means
    over classes; with one output both are the same number).
    """
    if given is None:
        return []
    if isinstance(given, dict):
        raise ValueError(f"a model has one output, so metrics is a list, got {given!r:.80}")
    entries = list(given) if isinstance(given, list | tuple) else [given]
    if len(entries) == 1 and isinstance(entries[0], list | tuple):
        entries = list(entries[0])
    out = [_compiled(entry) for entry in entries]
    taken: set[str] = set()
    for measure in out:
        base, number = measure.name, 0
        while measure.name in taken:
            number += 1
            measure.name = f"{base}_{number}"
        taken.add(measure.name)
    return out


def _compiled(given: Any) -> Measure:
    if isinstance(given, Measure):
        return given
    if isinstance(given, str):
        return named(given, {name: m for name, m in metrics.items() if name in ("f1", "r2")})
    if isinstance(given, dict):
        return from_config(given)
    if isinstance(given, type) and issubclass(given, Measure):
        return given()
    if isinstance(given, Metric):
        return FunctionMeasure(given, given.name)
    if callable(given) and not isinstance(given, type):
        return FunctionMeasure(given)
    raise ValueError(
        f"a metric is a name, a class of engine.metrics or a function of (targets, outputs), got {given!r}"
    )


if not TYPE_CHECKING:
    __getattr__ = missing_names(__name__, METRIC_NAMES, lambda: list(globals()))
