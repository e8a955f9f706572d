"""Metrics of classes: how often the answer is the right one, or among the best."""

from typing import ClassVar

import numpy as np

from engine.core.calls import Foreign
from engine.core.types import Array
from engine.measures.base import THRESHOLD, TOP, MeanOf, same_shape


class Accuracy(MeanOf):
    """How often y equals t (`"accuracy"` in compile means the one of the three below that fits the targets)."""

    rises = True

    def values(self, t: Array, y: Array) -> Array:
        same_shape(self.name, t, y)
        return np.asarray(t == y)


class BinaryAccuracy(MeanOf):
    """How often 1 where y > threshold, else 0, equals t."""

    rises = True
    config = ("threshold",)

    order = ("name", "dtype", "threshold")

    def __init__(self, name: str | None = None, *, threshold: float = 0.5) -> None:
        super().__init__(name)
        self.threshold: float = THRESHOLD.check("BinaryAccuracy", threshold)

    def values(self, t: Array, y: Array) -> Array:
        same_shape(self.name, t, y)
        return np.asarray(t == (y > self.threshold))


class CategoricalAccuracy(MeanOf):
    """How often the largest output is the one of the largest target."""

    rises = True

    def values(self, t: Array, y: Array) -> Array:
        same_shape(self.name, t, y)
        return np.asarray(t.argmax(axis=-1) == y.argmax(axis=-1))


def class_numbers(who: str, t: Array, y: Array) -> Array:
    """Class numbers (B, …) of targets (B, …) or (B, …, 1)."""
    t = t[..., 0] if t.ndim == y.ndim and t.shape[-1] == 1 else t
    if t.shape != y.shape[:-1]:
        raise ValueError(f"{who} expected class numbers of shape {y.shape[:-1]}, got {t.shape}")
    return t


class SparseCategoricalAccuracy(MeanOf):
    """How often the largest output is that of the class number t."""

    rises = True

    def values(self, t: Array, y: Array) -> Array:
        return np.asarray(class_numbers(self.name, t, y) == y.argmax(axis=-1))


class TopKCategoricalAccuracy(MeanOf):
    """How often the class of the largest target is among the k largest outputs."""

    rises = True
    config = ("k",)

    order = ("k", "name", "dtype", "from_sorted_ids")

    def __init__(self, k: int = 5, name: str | None = None) -> None:
        super().__init__(name)
        self.k: int = TOP.check(type(self).__name__, k)

    def values(self, t: Array, y: Array) -> Array:
        same_shape(self.name, t, y)
        return in_top(t.argmax(axis=-1), y, self.k)


class SparseTopKCategoricalAccuracy(TopKCategoricalAccuracy):
    """How often the class number t is among the k largest outputs."""

    foreign: ClassVar[dict[str, Foreign]] = {"from_sorted_ids": Foreign("outputs are numbers of classes", (False,))}

    def values(self, t: Array, y: Array) -> Array:
        return in_top(class_numbers(self.name, t, y).astype(np.int64), y, self.k)


def in_top(classes: Array, y: Array, k: int) -> Array:
    """Whether fewer than k outputs are larger than that of the class."""
    own = np.take_along_axis(y, classes[..., None], axis=-1)
    return np.asarray((y > own).sum(axis=-1) < k)
