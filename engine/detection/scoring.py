"""Average precision as COCO computes it: greedy matching by score, precision at 101 recalls, means over IoU thresholds.

A detection takes the unmatched true box of its class and image that it overlaps most, if IoU reaches the threshold;
otherwise it is a false alarm. Precision is made to fall with recall, then read at recalls 0, 0.01, …, 1. A class
without true boxes does not count.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.types import Array
from engine.detection.boxes import checked, iou

RECALLS = np.linspace(0, 1, 101)
COCO_THRESHOLDS = tuple(np.round(np.arange(0.5, 1.0, 0.05), 2).tolist())
MOST_DETECTIONS = 100
"""Detections of one class that count in one image, the best first, as in COCO."""


@dataclass(frozen=True)
class Detections:
    """Of one image: boxes (N, 4) corners, classes (N,), scores (N,)."""

    boxes: Array
    classes: Array
    scores: Array


@dataclass(frozen=True)
class Truth:
    """Of one image: boxes (N, 4) corners, classes (N,)."""

    boxes: Array
    classes: Array


@dataclass(frozen=True)
class Curve:
    """Precision and recall after each detection, best score first; their scores; true boxes; average precision."""

    precision: Array
    recall: Array
    scores: Array
    positives: int
    average_precision: float


def match(boxes: Array, scores: Array, truth: Array, threshold: float) -> Array:
    """For each detection of one class in one image, in the order given, the true box it takes or −1.

    Detections go by falling score; each takes the free true box it overlaps most, if IoU ≥ threshold.
    """
    boxes, truth = checked(boxes), checked(truth, "truth")
    order = np.argsort(-np.asarray(scores), kind="stable")
    taken = np.full(len(boxes), -1)
    if len(boxes) and len(truth):
        taken[order] = _take(iou(boxes[order], truth), threshold)
    return taken


def _take(overlap: Array, threshold: float) -> Array:
    """The true box (column) that each detection (row, best first) takes, or −1."""
    taken = np.full(len(overlap), -1)
    free = np.ones(overlap.shape[1], bool)
    least = min(threshold, 1 - 1e-10)
    for i in np.flatnonzero(overlap.max(axis=1) >= least):
        open_ = np.where(free, overlap[i], -1.0)
        best = len(free) - 1 - int(open_[::-1].argmax())  # of equal ones the last, as in COCO's own loop
        if open_[best] >= least:
            taken[i], free[best] = best, False
    return taken


def curves(
    detections: Sequence[Detections], truths: Sequence[Truth], label: int, thresholds: Sequence[float]
) -> list[Curve]:
    """The curve of one class over all images, for each IoU threshold."""
    if len(detections) != len(truths):
        raise ValueError(f"scoring wants as many images on both sides, got {len(detections)} and {len(truths)}")
    scores: list[Array] = []
    hits: list[Array] = []
    positives = 0
    for found, truth in zip(detections, truths, strict=True):
        mine = np.flatnonzero(np.asarray(found.classes) == label)
        true = np.asarray(truth.classes) == label
        count = int(np.count_nonzero(true))
        positives += count
        if not len(mine):
            continue
        given = np.asarray(found.scores, np.float64)[mine]
        order = np.argsort(-given, kind="stable")[:MOST_DETECTIONS]
        scores.append(given[order])
        hit = np.zeros((len(thresholds), len(order)), bool)
        if count:
            overlap = iou(checked(found.boxes)[mine[order]], checked(truth.boxes)[true])
            for k, threshold in enumerate(thresholds):
                hit[k] = _take(overlap, threshold) >= 0
        hits.append(hit)
    every = np.concatenate(scores) if scores else np.zeros(0)
    table = np.concatenate(hits, axis=1) if hits else np.zeros((len(thresholds), 0), bool)
    order = np.argsort(-every, kind="stable")
    return [_curve(hit[order], every[order], positives) for hit in table]


def _curve(hit: Array, scores: Array, positives: int) -> Curve:
    good, bad = np.cumsum(hit), np.cumsum(~hit)
    recall = good / positives if positives else np.zeros(len(hit))
    precision = good / np.maximum(good + bad, 1)
    return Curve(precision, recall, scores, positives, _average(precision, recall, positives))


def precision_recall(
    detections: Sequence[Detections], truths: Sequence[Truth], label: int, threshold: float = 0.5
) -> Curve:
    """The curve of one class over all images at one IoU threshold."""
    return curves(detections, truths, label, (threshold,))[0]


def _average(precision: Array, recall: Array, positives: int) -> float:
    """The mean of the falling precision at the 101 recalls; NaN for a class without true boxes."""
    if not positives:
        return float("nan")
    falling = np.maximum.accumulate(precision[::-1])[::-1]
    places = np.searchsorted(recall, RECALLS, side="left")
    return float(np.append(falling, 0.0)[np.minimum(places, len(falling))].mean())


def average_precisions(
    detections: Sequence[Detections], truths: Sequence[Truth], classes: int, thresholds: Sequence[float]
) -> Array:
    """AP (thresholds, K) at several IoU thresholds; NaN for a class without true boxes."""
    found = [curves(detections, truths, k, thresholds) for k in range(classes)]
    return np.array([[curve.average_precision for curve in each] for each in found]).T.reshape(-1, classes)


def average_precision(
    detections: Sequence[Detections], truths: Sequence[Truth], classes: int, threshold: float = 0.5
) -> Array:
    """AP of each class at one IoU threshold, (K,); NaN for a class without true boxes."""
    return np.asarray(average_precisions(detections, truths, classes, (threshold,))[0])


def mean_average_precision(
    detections: Sequence[Detections],
    truths: Sequence[Truth],
    classes: int,
    thresholds: Sequence[float] = COCO_THRESHOLDS,
) -> float:
    """mAP: the mean of AP over classes and IoU thresholds (COCO's 0.5, 0.55, …, 0.95); 0 without truth."""
    table = average_precisions(detections, truths, classes, thresholds)
    return 0.0 if np.isnan(table).all() else float(np.nanmean(table))
