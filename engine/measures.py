"""Metrics with Keras's names, arguments and numbers, one class each; `engine.metrics` shows them.

Letters: t targets, y outputs, w weights of examples, all with the examples first. A class collects what it is given
(`update_state`) and makes its number from all of it (`result`), so it does not matter in which batches it came.
"""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine import losses as losses_module
from engine.core.arguments import Argument
from engine.core.calls import Foreign, Part, nearest
from engine.core.types import Array, Config
from engine.losses import Loss, Number

EPSILON = 1e-7
"""Keras's: what keeps a division finite."""
THRESHOLD = Argument("threshold", "float", 0.5)
COUNT = Argument("num_thresholds", "int", 200, minimum=2)
TOP = Argument("k", "int", 5, minimum=1)
CLASS_ID = Argument("class_id", "int", None, minimum=0, optional=True)
AVERAGE = Argument("average", "choice", None, choices=("micro", "macro", "weighted"), optional=True)


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

    def __init__(self, name: str | None = None) -> None:
        self.name = name or snake(type(self).__name__)
        self._seen: list[tuple[Array, Array, Array]] = []

    def compute(self, t: Array, y: Array, w: Array) -> Any:
        raise NotImplementedError

    def of(self, targets: Any, outputs: Any, sample_weight: Any = None) -> Any:
        """The number of these examples alone."""
        t, y, w = self._ready(targets, outputs, sample_weight)
        value = self.compute(t, y, w)
        return Number(value) if np.ndim(value) == 0 else np.asarray(value)

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

    def result(self) -> Any:
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


def ratio(a: Any, b: Any) -> Any:
    """a / b, 0 where b is 0."""
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    return np.divide(a, b, out=np.zeros(np.broadcast(a, b).shape), where=b != 0)


class _Mean(Measure):
    """Σ w·v / Σ w with a value v for each example."""

    def values(self, t: Array, y: Array) -> Array:
        """(B, …); what is behind the first axis is averaged."""
        raise NotImplementedError

    def compute(self, t: Array, y: Array, w: Array) -> Any:
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

    def compute(self, t: Array, y: Array, w: Array) -> Any:
        return ratio((y * w).sum(), w.sum())


class Sum(Mean):
    """The sum of the numbers it is given."""

    def compute(self, t: Array, y: Array, w: Array) -> Any:
        return (y * w).sum()


# -- numbers ---------------------------------------------------------------------------------------------------------
class MeanSquaredError(_Mean):
    """mean (t − y)²."""

    def values(self, t: Array, y: Array) -> Array:
        same_shape(self.name, t, y)
        return np.asarray((t - y) ** 2)


class RootMeanSquaredError(MeanSquaredError):
    """√ mean (t − y)²."""

    def compute(self, t: Array, y: Array, w: Array) -> Any:
        return np.sqrt(super().compute(t, y, w))


class MeanAbsoluteError(_Mean):
    """mean |t − y|."""

    def values(self, t: Array, y: Array) -> Array:
        same_shape(self.name, t, y)
        return np.asarray(np.abs(t - y))


class MeanAbsolutePercentageError(_Mean):
    """100 · mean |t − y| / |t|."""

    def values(self, t: Array, y: Array) -> Array:
        same_shape(self.name, t, y)
        return np.asarray(100 * np.abs(t - y) / np.maximum(np.abs(t), EPSILON))


class MeanSquaredLogarithmicError(_Mean):
    """mean (ln(1 + t) − ln(1 + y))²."""

    def values(self, t: Array, y: Array) -> Array:
        same_shape(self.name, t, y)
        low_t, low_y = np.maximum(t, EPSILON), np.maximum(y, EPSILON)
        return np.asarray((np.log1p(low_t) - np.log1p(low_y)) ** 2)


class CosineSimilarity(_Mean):
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

    def compute(self, t: Array, y: Array, w: Array) -> Any:
        same_shape(self.name, t, y)
        column = w.reshape(-1, *(1,) * (t.ndim - 1))
        mean = (t * column).sum(axis=0) / w.sum()
        left, spread = ((t - y) ** 2 * column).sum(axis=0), ((t - mean) ** 2 * column).sum(axis=0)
        return float(np.mean(np.where(spread == 0, 0.0, 1 - ratio(left, spread))))


# -- classes ---------------------------------------------------------------------------------------------------------
class Accuracy(_Mean):
    """How often y equals t (`"accuracy"` in compile means the one of the three below that fits the targets)."""

    rises = True

    def values(self, t: Array, y: Array) -> Array:
        same_shape(self.name, t, y)
        return np.asarray(t == y)


class BinaryAccuracy(_Mean):
    """How often 1 where y > threshold, else 0, equals t."""

    rises = True
    config = ("threshold",)

    def __init__(self, name: str | None = None, threshold: float = 0.5) -> None:
        super().__init__(name)
        self.threshold: float = THRESHOLD.check("BinaryAccuracy", threshold)

    def values(self, t: Array, y: Array) -> Array:
        same_shape(self.name, t, y)
        return np.asarray(t == (y > self.threshold))


class CategoricalAccuracy(_Mean):
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


class SparseCategoricalAccuracy(_Mean):
    """How often the largest output is that of the class number t."""

    rises = True

    def values(self, t: Array, y: Array) -> Array:
        return np.asarray(class_numbers(self.name, t, y) == y.argmax(axis=-1))


class TopKCategoricalAccuracy(_Mean):
    """How often the class of the largest target is among the k largest outputs."""

    rises = True
    config = ("k",)

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


class _Counting(Measure):
    """Counts over all outputs at one or several thresholds: 1 is said where y > threshold."""

    config: ClassVar[tuple[str, ...]] = ("thresholds", "top_k", "class_id")

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

    def compute(self, t: Array, y: Array, w: Array) -> Any:
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

    def __init__(
        self, num_thresholds: int = 200, curve: str = "ROC", name: str | None = None, from_logits: bool = False
    ) -> None:
        super().__init__(name)
        self.num_thresholds: int = COUNT.check("AUC", num_thresholds)
        self.curve: str = Argument("curve", "choice", "ROC", choices=("ROC", "PR")).check("AUC", curve)
        self.from_logits: bool = Argument("from_logits", "bool", False).check("AUC", from_logits)

    def compute(self, t: Array, y: Array, w: Array) -> Any:
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

    def __init__(self, average: str | None = None, threshold: float | None = None, name: str | None = None) -> None:
        super().__init__(name)
        self.average: str | None = AVERAGE.check("F1Score", average)
        self.threshold = None if threshold is None else THRESHOLD.check("F1Score", threshold)

    def compute(self, t: Array, y: Array, w: Array) -> Any:
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


# -- losses as metrics -------------------------------------------------------------------------------------------------
class LossMeasure(Measure):
    """A loss as a metric: Σ w·L / Σ w."""

    build: ClassVar[Callable[..., Loss]]

    def __init__(self, name: str | None = None, from_logits: bool = False, label_smoothing: float = 0.0) -> None:
        super().__init__(name)
        more = {"label_smoothing": label_smoothing} if label_smoothing else {}
        self.loss = type(self).build(from_logits=from_logits, **more)
        self.from_logits, self.label_smoothing = from_logits, label_smoothing

    config = ("from_logits", "label_smoothing")

    def compute(self, t: Array, y: Array, w: Array) -> Any:
        return float(ratio(self.loss(t, y, w) * len(y), w.sum()))


class BinaryCrossentropy(LossMeasure):
    build = losses_module.BinaryCrossentropy


class CategoricalCrossentropy(LossMeasure):
    build = losses_module.CategoricalCrossentropy


class SparseCategoricalCrossentropy(LossMeasure):
    build = losses_module.SparseCategoricalCrossentropy


class Hinge(LossMeasure):
    build = losses_module.Hinge


class FittingAccuracy(Measure):
    """`"accuracy"`: which of the three kinds is meant follows from targets and outputs, as in Keras."""

    rises = True

    def _ready(self, targets: Any, outputs: Any, sample_weight: Any) -> tuple[Array, Array, Array]:
        self._given = np.shape(targets)
        return super()._ready(targets, outputs, sample_weight)

    def compute(self, t: Array, y: Array, w: Array) -> Any:
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

    def compute(self, t: Array, y: Array, w: Array) -> Any:
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
    known = [*dict.fromkeys([*SHORT, *more, *map(snake, CLASSES)])]
    raise ValueError(f"unknown metric {name!r}.{nearest(name, known)} Known: {', '.join(known)}")


def from_config(config: Config) -> Measure:
    """A metric that `get_config` wrote down."""
    if config.get("class") not in CLASSES:
        raise ValueError(f"unknown metric {config.get('class')!r}. Known: {', '.join(CLASSES)}")
    return CLASSES[config["class"]](**config["config"])
