"""Views of how learning goes: cost, metrics, health."""

import numpy as np

from engine.core.arguments import Argument
from engine.core.numbers import compact
from engine.core.types import MaybeNaN
from engine.metrics import confusion_matrix, metrics, predicted_classes
from engine.training.health import Finding, health_of
from engine.views.base import (
    COMPACT,
    EXACT,
    READ_SECONDS,
    Fact,
    Tensor,
    ViewContext,
    ViewResult,
    view,
)
from engine.views.scoring import DETECTION_METRICS, detection_metrics

METRIC_ROWS = 2000
PICTURE_ROWS = 300
"""Where every answer is a picture."""
PARTS = ("train", "cv", "test")
THRESHOLD = Argument("threshold", "float", 0.5, minimum=0, maximum=1, doc="from this probability on: class 1")


@view(
    "cost",
    "J over the train, cross-validation and test parts now (large nets: when last recorded)",
    Tensor("parts", "3", EXACT, "J over train, cv and test; NaN for a part without examples", "J"),
    Fact("parts", list[str], "names of the parts, in order"),
    Fact("penalty", MaybeNaN, "what l1 and l2 add to J", "J"),
    Fact("learning_rate", float, "α of the coming step"),
    Fact("constant", float | None, "J of the best constant answer on the training part", "J"),
)
def cost(context: ViewContext) -> ViewResult:
    trainer = context.trainer
    now = context.cache.get("cost")
    if now is None:
        last = trainer.history.last
        fresh = last is not None and last[0] == trainer.step_count and not np.isnan(last[3]) and not trainer.touched
        known = trainer.history.last_measured() if trainer.costly else last if fresh else None
        now = list(known[3:6]) if known is not None else [trainer.cost(part) for part in PARTS]
        context.cache["cost"] = now
    rate = trainer.model.optimizer.current_rate() if trainer.model.optimizer else 0.0
    return ViewResult(
        {"parts": np.array(now, np.float32)},
        {"parts": list(PARTS), "penalty": trainer.model.penalty(), "learning_rate": rate,
         "constant": context.inspection.constant_cost(trainer)},
    )  # fmt: skip


@view(
    "metrics",
    "accuracy, precision, recall and F1, or MAE, MSE and R², for each part",
    Tensor(
        "table",
        "3, M",
        COMPACT,
        "a row each for train, cv and test, a column a metric (about.names); NaN: none",
        "of the metric",
    ),
    THRESHOLD,
    Fact("parts", list[str], "names of the rows"),
    Fact("names", list[str], "names of the columns"),
    every=READ_SECONDS,
)
def metric_table(context: ViewContext, threshold: float) -> ViewResult:
    trainer = context.trainer
    if trainer.data.task in ("detection", "localisation"):
        return _detection_table(context)
    names = [name for name, m in metrics.items() if trainer.data.task in m.tasks]
    table = np.full((3, len(names)), np.nan)
    for i, part in enumerate(PARTS):
        x, y = _part(context, part)
        if len(x):
            outputs = outputs_of(context, part)
            if trainer.data.task == "reconstruction":
                y = x.reshape(outputs.shape)
            if trainer.data.task == "binary":
                outputs = outputs + np.float32(0.5 - threshold)  # a probability above the threshold is one above 0.5
            with np.errstate(all="ignore"):  # a net may have diverged
                table[i] = [metrics.get(name)(y, outputs) for name in names]
    return ViewResult({"table": compact(table)}, {"parts": list(PARTS), "names": names})


def _detection_table(context: ViewContext) -> ViewResult:
    """mAP and the share of objects that are found, for each part."""
    table, names = np.full((3, len(DETECTION_METRICS)), np.nan, np.float32), list(DETECTION_METRICS)
    for i, part in enumerate(PARTS):
        if len(context.trainer.data.index[part]):
            found = detection_metrics(context, part)
            table[i] = [found[name] for name in names]
    return ViewResult({"table": table}, {"parts": list(PARTS), "names": names})


def _part(context: ViewContext, part: str) -> tuple[np.ndarray, np.ndarray]:
    most = PICTURE_ROWS if context.trainer.data.task == "reconstruction" else METRIC_ROWS
    rows = context.trainer.data.index[part][:most]
    return context.trainer.data.x[rows], context.trainer.data.y[rows]


def outputs_of(context: ViewContext, part: str) -> np.ndarray:
    """Model outputs (B, K) over a part; hinge's ± outputs are moved so that 0.5 parts the classes."""
    key = ("outputs", part)
    if key not in context.cache:
        x, _ = _part(context, part)
        with np.errstate(all="ignore"):
            context.cache[key] = context.trainer.model.predict(x)
    outputs: np.ndarray = context.cache[key]
    return context.shares(outputs) if outputs.shape[-1] == 1 else outputs


@view(
    "confusion",
    "confusion matrix: rows the true class, columns the predicted one",
    Tensor("counts", "K, K", ("I32",), "rows: the true class, columns: the predicted one", "examples"),
    Argument("part", "choice", "test", choices=PARTS, doc="which part"),
    THRESHOLD,
    Fact("classes", list[str], "names of the classes; none: it is no classifier"),
    every=READ_SECONDS,
)
def confusion(context: ViewContext, part: str, threshold: float) -> ViewResult:
    data = context.trainer.data.dataset
    if context.trainer.data.task not in ("binary", "multiclass"):
        return ViewResult({}, {"classes": []})
    _, y = _part(context, part)
    classes = max(2, len(data.classes))
    counts = np.zeros((classes, classes), np.int64)
    if len(y):
        outputs = np.nan_to_num(outputs_of(context, part))
        if context.trainer.data.task == "binary":
            outputs = outputs + np.float32(0.5 - threshold)
        predicted = predicted_classes(outputs)
        counts = confusion_matrix(y[:, 0].astype(np.int64), predicted, classes)
    return ViewResult({"counts": counts.astype(np.int32)}, {"classes": list(data.classes)})


@view(
    "health",
    "dead, saturated and twin units, vanishing and exploding gradients, divergence",
    Fact("findings", list[Finding], "what was found, none if all is well"),
    every=READ_SECONDS,
)
def health(context: ViewContext) -> ViewResult:
    if "health" not in context.cache:
        context.cache["health"] = health_of(context.trainer)
    return ViewResult({}, {"findings": context.cache["health"]})
