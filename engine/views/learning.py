"""Views of how learning goes: cost, metrics, health."""

import numpy as np

from engine.core.arguments import Argument
from engine.core.numbers import compact
from engine.core.types import Array, MaybeNaN
from engine.decision import shares
from engine.metrics import confusion_matrix, metrics, predicted_classes
from engine.training.health import Finding, health_of
from engine.training.measurement import PARTS, Measurement
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

THRESHOLD = Argument("threshold", "float", 0.5, minimum=0, maximum=1, doc="from this probability on: class 1")


@view(
    "cost",
    "J over the train, cross-validation and test parts, without penalty",
    Tensor("parts", "3", EXACT, "J over train, cv and test; NaN for a part without examples", "J"),
    Fact("parts", list[str], "names of the parts, in order"),
    Fact("penalty", MaybeNaN, "what l1 and l2 add to J at that moment", "J"),
    Fact("learning_rate", float, "α of the coming step"),
    Fact("constant", float | None, "J of the best constant answer on the training part", "J"),
    measured=True,
)
def cost(context: ViewContext) -> ViewResult:
    trainer, found = context.trainer, context.measured
    costs = (float("nan"),) * 3 if found is None else found.costs
    rate = trainer.model.optimizer.current_rate() if trainer.model.optimizer else 0.0
    return ViewResult(
        {"parts": np.array(costs, np.float32)},
        {"parts": list(PARTS), "penalty": None if found is None else found.penalty, "learning_rate": rate,
         "constant": context.inspection.constant_cost(trainer), **context.of_measured()},
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
    measured=True,
)
def metric_table(context: ViewContext, threshold: float) -> ViewResult:
    found = context.measured
    if found is None:
        return ViewResult({}, {"parts": list(PARTS), "names": [], **context.of_measured()})
    key = ("metrics", threshold, found.rows)
    if key not in found.memo:
        found.memo[key] = _metrics_of(context, found, threshold)
    names, table = found.memo[key]
    return ViewResult({"table": compact(table)}, {"parts": list(PARTS), "names": names, **context.of_measured()})


def _metrics_of(context: ViewContext, found: Measurement, threshold: float) -> tuple[list[str], Array]:
    """Names of the metrics and a row for each part."""
    task = found.data.task
    detects = task in ("detection", "localisation")
    names = list(DETECTION_METRICS) if detects else [name for name, m in metrics.items() if task in m.tasks]
    table = np.full((3, len(names)), np.nan)
    for i, part in enumerate(PARTS):
        measured = found.parts[part]
        if not measured.rows:
            continue
        if detects:
            scores = detection_metrics(found, part)
            table[i] = [scores[name] for name in names]
        elif measured.sums is not None:
            table[i] = [measured.sums.of(name) for name in names]
        else:
            outputs = outputs_of(found, part, threshold)
            with np.errstate(all="ignore"):  # a net may have diverged
                table[i] = [metrics.get(name)(measured.truth, outputs) for name in names]
    return names, table


def outputs_of(found: Measurement, part: str, threshold: float = 0.5) -> Array:
    """Model outputs (B, K) over a part; of two classes the shares of class 1, moved so that ½ is the threshold."""
    outputs = found.parts[part].answers
    if found.data.task != "binary":
        return outputs
    return shares(found.model, outputs) + np.float32(0.5 - threshold)


@view(
    "confusion",
    "confusion matrix: rows the true class, columns the predicted one",
    Tensor("counts", "K, K", ("I32",), "rows: the true class, columns: the predicted one", "examples"),
    Argument("part", "choice", "test", choices=PARTS, doc="which part"),
    THRESHOLD,
    Fact("classes", list[str], "names of the classes; none: it is no classifier"),
    measured=True,
)
def confusion(context: ViewContext, part: str, threshold: float) -> ViewResult:
    found = context.measured
    if found is None or found.data.task not in ("binary", "multiclass"):
        return ViewResult({}, {"classes": [], **context.of_measured()})
    names = found.data.dataset.classes
    classes = max(2, len(names))
    counts = np.zeros((classes, classes), np.int64)
    measured = found.parts[part]
    if measured.rows:
        outputs = np.nan_to_num(outputs_of(found, part, threshold))
        counts = confusion_matrix(measured.truth[:, 0].astype(np.int64), predicted_classes(outputs), classes)
    return ViewResult({"counts": counts.astype(np.int32)}, {"classes": list(names), **context.of_measured()})


@view(
    "health",
    "dead, saturated and twin units, vanishing and exploding gradients, divergence",
    Fact("findings", list[Finding], "what was found, none if all is well"),
    Fact("measuring", bool, "whether what depends on J is still to be measured"),
    every=READ_SECONDS,
)
def health(context: ViewContext) -> ViewResult:
    """What depends on J is said by the newest measurement; as long as there is none, nothing is said of it."""
    if "health" not in context.cache:
        context.cache["health"] = health_of(context.trainer)
    measuring = context.inspection.measures(context.trainer)
    return ViewResult({}, {"findings": context.cache["health"], "measuring": measuring})
