"""Metrics of numbers: errors, similarity, R²."""

from typing import ClassVar

import numpy as np

from engine.core.calls import Foreign
from engine.core.types import Array
from engine.measures.base import EPSILON, MeanOf, Measure, Score, ratio, same_shape


class MeanSquaredError(MeanOf):
    """mean (t − y)²."""

    def values(self, t: Array, y: Array) -> Array:
        same_shape(self.name, t, y)
        return np.asarray((t - y) ** 2)


class RootMeanSquaredError(MeanSquaredError):
    """√ mean (t − y)²."""

    def compute(self, t: Array, y: Array, w: Array) -> Score:
        return np.sqrt(super().compute(t, y, w))


class MeanAbsoluteError(MeanOf):
    """mean |t − y|."""

    def values(self, t: Array, y: Array) -> Array:
        same_shape(self.name, t, y)
        return np.asarray(np.abs(t - y))


class MeanAbsolutePercentageError(MeanOf):
    """100 · mean |t − y| / |t|."""

    def values(self, t: Array, y: Array) -> Array:
        same_shape(self.name, t, y)
        return np.asarray(100 * np.abs(t - y) / np.maximum(np.abs(t), EPSILON))


class MeanSquaredLogarithmicError(MeanOf):
    """mean (ln(1 + t) − ln(1 + y))²."""

    def values(self, t: Array, y: Array) -> Array:
        same_shape(self.name, t, y)
        low_t, low_y = np.maximum(t, EPSILON), np.maximum(y, EPSILON)
        return np.asarray((np.log1p(low_t) - np.log1p(low_y)) ** 2)


class CosineSimilarity(MeanOf):
    """mean of t·y / (|t| |y|) over the last axis."""

    rises = True

    def values(self, t: Array, y: Array) -> Array:
        same_shape(self.name, t, y)
        sizes = [np.sqrt(np.maximum((a * a).sum(axis=-1), EPSILON)) for a in (t, y)]
        return np.asarray((t * y).sum(axis=-1) / (sizes[0] * sizes[1]))


class R2Score(Measure):
    """1 − Σ w (t − y)² / Σ w (t − t̄)², for each output, averaged."""

    rises = True
    foreign: ClassVar[dict[str, Foreign]] = {
        "class_aggregation": Foreign("the mean over outputs is taken", ("uniform_average",)),
        "num_regressors": Foreign("the plain score is taken", (0,)),
    }
    order = ("class_aggregation", "num_regressors", "name", "dtype")

    def compute(self, t: Array, y: Array, w: Array) -> Score:
        same_shape(self.name, t, y)
        column = w.reshape(-1, *(1,) * (t.ndim - 1))
        mean = (t * column).sum(axis=0) / w.sum()
        left, spread = ((t - y) ** 2 * column).sum(axis=0), ((t - mean) ** 2 * column).sum(axis=0)
        return float(np.mean(np.where(spread == 0, 0.0, 1 - ratio(left, spread))))
