"""Metrics that count right and wrong answers at thresholds: precision, recall, the area under a curve, F1."""

from typing import Any, ClassVar

import numpy as np

from engine.core.arguments import Argument
from engine.core.calls import Foreign
from engine.core.types import Array
from engine.measures.base import EPSILON, THRESHOLD, TOP, Measure, Score, ratio, same_shape

COUNT = Argument("num_thresholds", "int", 200, minimum=2)
CLASS_ID = Argument("class_id", "int", None, minimum=0, optional=True)
AVERAGE = Argument("average", "choice", None, choices=("micro", "macro", "weighted"), optional=True)


class _Counting(Measure):
    """Counts over all outputs at one or several thresholds: 1 is said where y > threshold."""

    config: ClassVar[tuple[str, ...]] = ("thresholds", "top_k", "class_id")

    order: ClassVar[tuple[str, ...]] = ("thresholds", "top_k", "class_id", "name", "dtype")

    def __init__(
        self, thresholds: Any = None, top_k: int | None = None, class_id: int | None = None, name: str | None = None
    ) -> None:
        super().__init__(name)
        given = thresholds if isinstance(thresholds, list | tuple) else [0.5 if thresholds is None else thresholds]
        self.thresholds: Any = thresholds
        self._thresholds = np.array([Argument("thresholds", "float", 0.5, 0, 1).check(self.name, v) for v in given])
        self.top_k: int | None = None if top_k is None else TOP.check(self.name, top_k)
        self.class_id: int | None = CLASS_ID.check(self.name, class_id)

    def counts(self, t: Array, y: Array, w: Array) -> dict[str, Array]:
        """tp, fp, tn, fn, each (T,)."""
        same_shape(self.name, t, y)
        limits = self._thresholds
        if self.top_k is not None:
            largest = np.sort(y, axis=-1)[..., -min(self.top_k, y.shape[-1])][..., None]
            y = np.where(y >= largest, y, -np.inf)
            limits = np.array([-np.inf]) if self.thresholds is None else limits
        if self.class_id is not None:
            if self.class_id >= y.shape[-1]:
                raise ValueError(f"{self.name} expected class_id < {y.shape[-1]}, got {self.class_id}")
            t, y = t[..., self.class_id], y[..., self.class_id]
        return confusion(t, y, w, limits)

    def compute(self, t: Array, y: Array, w: Array) -> Score:
        value = np.asarray(self.score(**self.counts(t, y, w)))
        return value if isinstance(self.thresholds, list | tuple) else value[0]

    def score(self, tp: Array, fp: Array, tn: Array, fn: Array) -> Array:
        raise NotImplementedError


def confusion(t: Array, y: Array, w: Array, thresholds: Array) -> dict[str, Array]:
    """Weighted counts of right and wrong answers at each threshold, each (T,)."""
    weight = np.broadcast_to(w.reshape(-1, *(1,) * (y.ndim - 1)), y.shape).ravel()
    yes, said = t.ravel() > 0, y.ravel()
    order = np.argsort(said, kind="stable")
    sums = np.stack([np.where(yes, weight, 0.0)[order], np.where(yes, 0.0, weight)[order]])
    below = np.concatenate([np.zeros((2, 1)), np.cumsum(sums, axis=1)], axis=1)
    at = np.searchsorted(said[order], thresholds, side="right")  # so many are ≤ the threshold
    fn, tn = below[:, at]
    return {"tp": below[0, -1] - fn, "fp": below[1, -1] - tn, "tn": tn, "fn": fn}


class Precision(_Counting):
    """tp / (tp + fp)."""

    rises = True

    def score(self, tp: Array, fp: Array, tn: Array, fn: Array) -> Array:
        return np.asarray(ratio(tp, tp + fp))


class Recall(_Counting):
    """tp / (tp + fn)."""

    rises = True

    def score(self, tp: Array, fp: Array, tn: Array, fn: Array) -> Array:
        return np.asarray(ratio(tp, tp + fn))


class _Count(_Counting):
    config = ("thresholds",)
    which: ClassVar[str]

    order = ("thresholds", "name", "dtype")

    def __init__(self, thresholds: Any = None, name: str | None = None) -> None:
        super().__init__(thresholds, name=name)

    def score(self, tp: Array, fp: Array, tn: Array, fn: Array) -> Array:
        return {"tp": tp, "fp": fp, "tn": tn, "fn": fn}[self.which]


class TruePositives(_Count):
    rises = True
    which = "tp"


class FalsePositives(_Count):
    which = "fp"


class TrueNegatives(_Count):
    rises = True
    which = "tn"


class FalseNegatives(_Count):
    which = "fn"


class AUC(Measure):
    """The area under the ROC curve (or that of precision against recall), from `num_thresholds` points of it.

    Davis & Goadrich 2006 for the interpolation of precision; as in Keras.
    """

    rises = True
    config = ("num_thresholds", "curve", "from_logits")
    foreign: ClassVar[dict[str, Foreign]] = {
        "summation_method": Foreign("trapezia are added up", ("interpolation",)),
        "thresholds": Foreign("say num_thresholds"),
        "multi_label": Foreign("all outputs are taken together", (False,)),
        "num_labels": Foreign("all outputs are taken together"),
        "label_weights": Foreign("all outputs count alike"),
    }

    order = (
        "num_thresholds", "curve", "summation_method", "name", "dtype", "thresholds", "multi_label", "num_labels",
        "label_weights", "from_logits",
    )  # fmt: skip

    def __init__(
        self, num_thresholds: int = 200, curve: str = "ROC", *, name: str | None = None, from_logits: bool = False
    ) -> None:
        super().__init__(name)
        self.num_thresholds: int = COUNT.check("AUC", num_thresholds)
        self.curve: str = Argument("curve", "choice", "ROC", choices=("ROC", "PR")).check("AUC", curve)
        self.from_logits: bool = Argument("from_logits", "bool", False).check("AUC", from_logits)

    def compute(self, t: Array, y: Array, w: Array) -> Score:
        same_shape(self.name, t, y)
        if self.from_logits:
            y = 1 / (1 + np.exp(-np.clip(y, -700, 700)))
        if y.min() < 0 or y.max() > 1:
            raise ValueError(
                f"{self.name} expected outputs in [0, 1], got {y.min():g} to {y.max():g}: end in a sigmoid or softmax, "
                "or say AUC(from_logits=True)"
            )
        inside = np.arange(1, self.num_thresholds - 1) / (self.num_thresholds - 1)
        c = confusion(t, y, w, np.array([-EPSILON, *inside, 1 + EPSILON]))
        tp, fp, fn, tn = c["tp"], c["fp"], c["fn"], c["tn"]
        if self.curve == "ROC":
            recall, false_rate = ratio(tp, tp + fn), ratio(fp, fp + tn)
            return float(((false_rate[:-1] - false_rate[1:]) * (recall[:-1] + recall[1:]) / 2).sum())
        said = tp + fp
        fewer = tp[:-1] - tp[1:]
        slope = ratio(fewer, np.maximum(said[:-1] - said[1:], 0))
        start = tp[1:] - slope * said[1:]
        both = (said[:-1] > 0) & (said[1:] > 0)
        log = np.log(np.where(both, ratio(said[:-1], np.maximum(said[1:], 0)), 1.0))
        return float(ratio(slope * (fewer + start * log), np.maximum(tp[1:] + fn[1:], 0)).sum())


class F1Score(Measure):
    """2·tp / (2·tp + fp + fn) of each class; average: None (an array), 'macro', 'micro' or 'weighted'.

    Without a threshold the largest output is the answer.
    """

    rises = True
    config = ("average", "threshold")

    order = ("average", "threshold", "name", "dtype")

    def __init__(self, average: str | None = None, threshold: float | None = None, name: str | None = None) -> None:
        super().__init__(name)
        self.average: str | None = AVERAGE.check("F1Score", average)
        self.threshold = None if threshold is None else THRESHOLD.check("F1Score", threshold)

    def compute(self, t: Array, y: Array, w: Array) -> Score:
        if y.ndim != 2 or t.shape != y.shape:
            raise ValueError(
                f"{self.name} expected targets and outputs (B, K), one-hot, got {t.shape} and {y.shape}: "
                "utils.to_categorical(y) makes them"
            )
        said = (y > self.threshold) if self.threshold is not None else (y == y.max(axis=-1, keepdims=True))
        yes, column, axis = t.astype(bool), w[:, None], None if self.average == "micro" else 0
        tp, fp = (said & yes) * column, (said & ~yes) * column
        hits, wrong, missed = ((a * 1.0).sum(axis=axis) for a in (tp, fp, (~said & yes) * column))
        score = ratio(2 * hits, 2 * hits + wrong + missed)
        if self.average == "weighted":
            share = (yes * column).sum(axis=0)
            return float((score * ratio(share, share.sum())).sum())
        return float(np.mean(score)) if self.average else score
