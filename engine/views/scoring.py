"""Views of how good a detector is: precision and recall, average precision, and its mistakes."""

import numpy as np

from engine.core.arguments import Argument
from engine.core.types import MaybeNaN
from engine.detection.scoring import (
    COCO_THRESHOLDS,
    Detections,
    Truth,
    average_precision,
    average_precisions,
    match,
    precision_recall,
)
from engine.training.measurement import Measurement
from engine.views.base import EXACT, Fact, Tensor, ViewContext, ViewResult, view, when_shown
from engine.views.detection import OVERLAP

DETECTION_METRICS = ("map50", "map", "found")


def detection_metrics(measured: Measurement, part: str) -> dict[str, float]:
    """mAP at IoU 0.5 and over 0.5 … 0.95, and the part of true boxes that are found with a score of 0.5."""
    key = ("detection", part, measured.parts[part].rows)
    if key not in measured.memo:
        measured.memo[key] = _scores(*measured.parts[part].found(), len(measured.data.dataset.classes))
    known: dict[str, float] = measured.memo[key]
    return known


def _scores(found: list[Detections], truths: list[Truth], classes: int) -> dict[str, float]:
    table = average_precisions(found, truths, classes, COCO_THRESHOLDS)
    if np.isnan(table).all():
        return {"map50": float("nan"), "map": float("nan"), "found": float("nan")}
    hits = total = 0
    for one, truth in zip(found, truths, strict=True):
        total += len(truth.boxes)
        for label in np.unique(truth.classes):
            sure = (one.classes == label) & (one.scores >= 0.5)
            hits += int((match(one.boxes[sure], one.scores[sure], truth.boxes[truth.classes == label], 0.5) >= 0).sum())
    return {"map50": float(np.nanmean(table[0])), "map": float(np.nanmean(table)), "found": hits / max(total, 1)}


@view("scoring", "precision and recall of a detector, average precision of each class, and its mistakes",
      Tensor("precision", "n", EXACT, "of the class about.label, from the surest box on", "0 … 1"),
      Tensor("recall", "n", EXACT, "beside it", "0 … 1"),
      Tensor("scores", "n", EXACT, "beside it", "0 … 1"),
      Tensor("ap", "K", EXACT, "average precision of each class; NaN where there is none", "0 … 1"),
      Tensor("mistakes", "m, 7", EXACT, "row of the data, x1, y1, x2, y2, class, kind: 0 missed, 1 false "
             "alarm, 2 badly placed", "parts of the side"),
      Argument("part", "choice", "test", choices=("train", "cv", "test"), doc="which part"),
      Argument("label", "int", 0, minimum=0, maximum=255, doc="the class whose curve is drawn"),
      OVERLAP, Argument("confidence", "float", 0.5, minimum=0, maximum=1, doc="scores from which mistakes count"),
      Fact("classes", list[str], "names of the classes; none: it is no detector, or the part is empty"),
      when_shown("positives", int, "true boxes of the class"),
      when_shown("average_precision", MaybeNaN, "of the class; null: it has no true box", "0 … 1"),
      when_shown("counts", list[int], "mistakes: missed, false alarms, badly placed"),
      when_shown("map50", MaybeNaN, "mean average precision at an IoU of 0.5", "0 … 1"),
      when_shown("map", MaybeNaN, "its mean over IoU 0.5, 0.55 … 0.95", "0 … 1"),
      when_shown("found", MaybeNaN, "objects that are found", "0 … 1"),
      measured=True)  # fmt: skip
def scoring(context: ViewContext, part: str, label: int, iou: float, confidence: float) -> ViewResult:
    """precision, recall, scores (n,) of the class; ap (K,). mistakes (m, 7): row of the data, corners, class, kind

    (0 missed, 1 false alarm, 2 badly placed: the right class, IoU from 0.1 to the threshold).
    """
    data, measured = context.trainer.data, context.measured
    detects = data.task in ("detection", "localisation")
    if measured is None or measured.data is not data or not detects or not measured.parts[part].rows:
        return ViewResult({}, {"classes": [], **context.of_measured()})
    found, truths = measured.parts[part].found()
    classes = data.dataset.classes
    label = min(label, len(classes) - 1)
    curve = precision_recall(found, truths, label, iou)
    ap = average_precision(found, truths, len(classes), iou)
    numbers = detection_metrics(measured, part)
    rows = measured.parts[part].seen
    mistakes = [line for i, row in enumerate(rows) for line in _mistakes(row, found[i], truths[i], iou, confidence)]
    counts = [sum(m[6] == kind for m in mistakes) for kind in range(3)]
    return ViewResult(
        {
            "precision": curve.precision.astype(np.float32),
            "recall": curve.recall.astype(np.float32),
            "scores": curve.scores.astype(np.float32),
            "ap": ap.astype(np.float32),
            "mistakes": np.array(mistakes[:60], np.float32).reshape(-1, 7),
        },
        {"classes": list(classes), "label": label, "positives": curve.positives,
         "average_precision": curve.average_precision, "counts": counts, **numbers, **context.of_measured()},
    )  # fmt: skip


def _mistakes(row: int, found: Detections, truth: Truth, threshold: float, confidence: float) -> list[list[float]]:
    out: list[list[float]] = []
    sure = found.scores >= confidence
    given, labels, scores = found.boxes[sure], found.classes[sure], found.scores[sure]
    for label in np.union1d(np.unique(labels), np.unique(truth.classes)):
        mine, sureness = given[labels == label], scores[labels == label]
        true = truth.boxes[truth.classes == label]
        taken = match(mine, sureness, true, threshold)
        alone, left = taken < 0, np.delete(true, taken[taken >= 0], axis=0)
        near = match(mine[alone], sureness[alone], left, 0.1)
        out += [[row, *box, label, 2 if hit >= 0 else 1] for box, hit in zip(mine[alone], near, strict=True)]
        out += [[row, *box, label, 0] for i, box in enumerate(left) if i not in near]
    return out
