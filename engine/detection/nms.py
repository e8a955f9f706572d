"""Non-max suppression: of boxes that overlap, the one with the best score is kept.

Greedy: take the best of what is left, strike out all that overlap it by more than the threshold, repeat. Soft-NMS
(Bodla et al. 2017) lowers scores instead of striking out. Ties go to the box that comes first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.core.types import Array
from engine.detection.boxes import area, checked, intersection, iou

PLAIN_ROUNDS = 64
"""Boxes are kept one after the other, each against all that is left, as long as so many rounds strike out a share of

FALL; what is still there then is sparse, and pairs of boxes that can overlap at all are found by strips instead."""
FALL = 0.25
MOST_LOOKS = 4
"""Strips of rows that a box looks into, on average at most; strips are made higher until that holds."""


@dataclass(frozen=True)
class NmsStep:
    """One round of greedy suppression: the box that was kept, those struck out by it and their IoU with it."""

    kept: int
    struck: tuple[int, ...]
    overlap: tuple[float, ...]


def _inputs(boxes: Array, scores: Array) -> tuple[Array, Array]:
    boxes, scores = checked(boxes), np.asarray(scores, np.float64).reshape(-1)
    if len(scores) != len(boxes):
        raise ValueError(f"nms wants as many scores as boxes, got {len(scores)} and {len(boxes)}")
    if not np.isfinite(scores).all() or not np.isfinite(boxes).all():
        raise ValueError("nms wants finite boxes and scores")
    return boxes, scores


def _threshold(value: float) -> float:
    if not 0 <= value <= 1:
        raise ValueError(f"nms wants an IoU threshold from 0 to 1, got {value!r}")
    return float(value)


def _apart(boxes: Array, classes: Any) -> Array:
    """Boxes of different classes moved so far apart that they cannot meet."""
    labels = np.asarray(classes).reshape(-1)
    if len(labels) != len(boxes):
        raise ValueError(f"nms wants as many classes as boxes, got {len(labels)} and {len(boxes)}")
    _, places = np.unique(labels, return_inverse=True)
    if not len(boxes):
        return boxes
    span = float(boxes.max() - boxes.min()) + 1
    return np.asarray(boxes.astype(np.float64) + (places * 2 * span)[:, None])


def nms(boxes: Array, scores: Array, iou_threshold: float = 0.5, classes: Any = None) -> Array:
    """Numbers of the kept boxes, best score first. boxes (N, 4) corners, scores (N,).

    With classes (N,) each class by itself; without, all together. A box is struck out where IoU > iou_threshold.
    """
    boxes, scores = _inputs(boxes, scores)
    threshold = _threshold(iou_threshold)
    if classes is not None:
        boxes = _apart(boxes, classes)
    order = np.argsort(-scores, kind="stable")
    kept: list[Array] = []
    left = order
    corners = np.ascontiguousarray(boxes[order].T, np.float64)
    size = area(boxes[order])
    before = len(left)
    while len(left):
        if len(kept) % PLAIN_ROUNDS == 0 and kept:
            if len(left) > (1 - FALL) * before:
                break
            before = len(left)
        kept.append(left[0])
        x1, y1, x2, y2 = corners
        wide = np.minimum(x2, x2[0]) - np.maximum(x1, x1[0])
        high = np.minimum(y2, y2[0]) - np.maximum(y1, y1[0])
        shared = np.maximum(wide, 0) * np.maximum(high, 0)
        stays = shared <= threshold * (size + size[0] - shared)
        stays[0] = False
        left, corners, size = left[stays], corners[:, stays], size[stays]
    rest = left[_sparse(corners, size, threshold)]
    return np.concatenate([np.array(kept, np.int64), rest])


def _sparse(corners: Array, size: Array, threshold: float) -> Array:
    """Places (best first) of boxes that are kept, when few of them overlap: all overlaps are found, then followed."""
    n = corners.shape[1]
    first, second = _candidates(corners, threshold)
    x1, y1, x2, y2 = corners
    high = np.minimum(y2[first], y2[second]) - np.maximum(y1[first], y1[second])
    meets = high > 0
    first, second, high = first[meets], second[meets], high[meets]
    wide = np.minimum(x2[first], x2[second]) - np.maximum(x1[first], x1[second])
    shared = np.maximum(wide, 0) * high
    over = shared > threshold * (size[first] + size[second] - shared)
    better, worse = np.minimum(first[over], second[over]), np.maximum(first[over], second[over])
    order = np.argsort(better, kind="stable")
    starts = np.searchsorted(better[order], np.arange(n + 1)).tolist()
    worse = worse[order]
    struck = np.zeros(n, bool)
    for i in np.unique(better).tolist():
        if not struck[i]:
            struck[worse[starts[i] : starts[i + 1]]] = True
    return np.flatnonzero(~struck)


def _candidates(corners: Array, threshold: float) -> tuple[Array, Array]:
    """Pairs of boxes whose IoU can be above the threshold t, each once.

    IoU > t wants an overlap at least t times as wide (and as high) as either box. So of two boxes, j beginning below i,
    y1_j ≤ y1_i + (1 − t)·h_i, and x1_j lies between x1_i − (1 − t)·w_j and x1_i + (1 − t)·w_i with w_j ≤ w_i / t.
    """
    x1, y1, x2, y2 = corners
    whole = np.flatnonzero((x2 > x1) & (y2 > y1))
    if len(whole) < 2:
        return whole[:0], whole[:0]
    # In a unit near the picture's size, whatever boxes are measured in: a power of two, so that no bit is lost.
    extent = max(float(np.ptp(corners[::2, whole])), float(np.ptp(corners[1::2, whole])))
    x1, y1, x2, y2 = np.ldexp(corners, -int(np.frexp(extent)[1]))
    whole = whole[np.argsort(y1[whole], kind="stable")]
    left, top = x1[whole], y1[whole]
    wide, high = x2[whole] - left, y2[whole] - top
    down = (1 - threshold) * high
    back = (1 - threshold) * np.minimum(wide / max(threshold, 1e-9), wide.max())
    n, low = len(whole), float(top[0])
    reach = max(float(top[-1]) - low, 1e-12)
    strips = int(np.clip(reach / max(float(down.mean()), 1e-12), 1, 4096))
    while True:
        mine = np.minimum((top - low) * (strips / reach), strips - 1).astype(np.int64)
        last = np.minimum((top + down - low) * (strips / reach), strips - 1).astype(np.int64)
        looks = last - mine + 1
        if strips == 1 or looks.sum() <= MOST_LOOKS * n:
            break
        strips //= 2
    # Boxes by strip and x; a key that grows along strips finds the part of a strip between two x.
    span = 2 * float(left.max() - left.min() + wide.max()) + 1
    key = (left - left.min()) + mine * span
    order = np.argsort(key, kind="stable")
    key = key[order]
    looker = np.repeat(np.arange(n), looks)
    strip = np.arange(len(looker)) - np.repeat(np.cumsum(looks) - looks, looks) + mine[looker]
    place = (left - left.min())[looker] + strip * span
    nudge = 1e-9 * span  # bounds are a little generous: rounding must not lose a pair
    start = np.searchsorted(key, np.maximum(place - back[looker] - nudge, strip * span), side="left")
    stop = np.searchsorted(key, place + ((1 - threshold) * wide)[looker] + nudge, side="right")
    count = np.maximum(stop - start, 0)
    first = np.repeat(looker, count)
    second = order[np.arange(len(first)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(start, count)]
    below = second > first  # places are in the order of y1: each pair once, from its upper box
    return whole[first[below]], whole[second[below]]


def nms_steps(boxes: Array, scores: Array, iou_threshold: float = 0.5, classes: Any = None) -> Iterator[NmsStep]:
    """The rounds of greedy suppression one by one; what they keep, in order, is what `nms` keeps."""
    boxes, scores = _inputs(boxes, scores)
    threshold = _threshold(iou_threshold)
    if classes is not None:
        boxes = _apart(boxes, classes)
    left = np.argsort(-scores, kind="stable")
    while len(left):
        best, rest = left[0], left[1:]
        shared = intersection(boxes[best : best + 1], boxes[rest])[0]
        overlap = iou(boxes[best : best + 1], boxes[rest])[0]
        out = shared > threshold * (area(boxes[rest]) + area(boxes[best]) - shared)
        yield NmsStep(int(best), tuple(rest[out].tolist()), tuple(overlap[out].tolist()))
        left = rest[~out]


def soft_nms(
    boxes: Array,
    scores: Array,
    sigma: float = 0.5,
    score_threshold: float = 0.001,
    method: str = "gaussian",
    iou_threshold: float = 0.3,
) -> tuple[Array, Array]:
    """Numbers of the boxes in the order they were taken, and their lowered scores.

    gaussian: s ← s·e^(−IoU²/σ). linear: s ← s·(1 − IoU) where IoU > iou_threshold. Boxes below score_threshold go.
    """
    boxes, scores = _inputs(boxes, scores)
    if method not in ("gaussian", "linear"):
        raise ValueError(f"soft_nms wants method to be gaussian or linear, got {method!r}")
    if method == "gaussian" and not sigma > 0:
        raise ValueError(f"soft_nms wants sigma > 0, got {sigma!r}")
    left = np.flatnonzero(scores >= score_threshold)
    now = scores[left].copy()
    taken, final = [], []
    while len(left):
        at = int(now.argmax())
        taken.append(left[at])
        final.append(now[at])
        overlap = iou(boxes[left[at]][None], boxes[left])[0]
        if method == "gaussian":
            now = now * np.exp(-(overlap**2) / sigma)
        else:
            now = np.where(overlap > iou_threshold, now * (1 - overlap), now)
        stays = now >= score_threshold
        stays[at] = False
        left, now = left[stays], now[stays]
    return np.array(taken, np.int64), np.array(final)
