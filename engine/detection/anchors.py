"""Anchor boxes by k-means over box sizes with the distance 1 − IoU (Redmon & Farhadi 2016, YOLO9000, section 2)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.core.types import Array
from engine.detection.boxes import shape_iou


@dataclass(frozen=True)
class KMeansStep:
    """One round: centres (k, 2), the cluster of each size, and the mean IoU of sizes with their centre."""

    centres: Array
    cluster: Array
    mean_iou: float


def kmeans_steps(sizes: Array, k: int, seed: int = 0, rounds: int = 100) -> Iterator[KMeansStep]:
    """Rounds of k-means until nothing moves. sizes (N, 2) widths and heights > 0.

    Starts as k-means++ does, with the distance 1 − IoU; an empty cluster takes the size that fits worst.
    """
    sizes = np.asarray(sizes, np.float64)
    if sizes.ndim != 2 or sizes.shape[1] != 2 or not (sizes > 0).all() or not np.isfinite(sizes).all():
        raise ValueError(f"anchors want sizes (N, 2), finite and above 0; got shape {sizes.shape}")
    if not 1 <= k <= len(sizes):
        raise ValueError(f"anchors want 1 ≤ k ≤ {len(sizes)} (the number of boxes), got {k}")
    rng = np.random.default_rng(seed)
    centres = _start(sizes, k, rng)
    before = np.full(len(sizes), -1)
    for _ in range(rounds):
        overlap = shape_iou(sizes, centres)
        cluster = overlap.argmax(axis=1)
        fit = overlap[np.arange(len(sizes)), cluster]
        yield KMeansStep(centres.copy(), cluster, float(fit.mean()))
        if (cluster == before).all():
            return
        before = cluster
        centres = centres.copy()
        for c in range(k):
            mine = cluster == c
            centres[c] = sizes[mine].mean(axis=0) if mine.any() else sizes[fit.argmin()]


def _start(sizes: Array, k: int, rng: np.random.Generator) -> Array:
    """k-means++ (Arthur & Vassilvitskii 2007): each next centre is drawn with its squared distance to the last ones."""
    centres = [sizes[rng.integers(len(sizes))]]
    while len(centres) < k:
        far = (1 - shape_iou(sizes, np.array(centres)).max(axis=1)) ** 2
        total = far.sum()
        centres.append(sizes[rng.choice(len(sizes), p=far / total) if total > 0 else rng.integers(len(sizes))])
    return np.array(centres)


def kmeans_anchors(sizes: Array, k: int, seed: int = 0, rounds: int = 100) -> Array:
    """Anchors (k, 2) in order of their area."""
    last = None
    for last in kmeans_steps(sizes, k, seed, rounds):  # noqa: B007  (the last round is the answer)
        pass
    assert last is not None
    return np.asarray(last.centres[np.argsort(last.centres.prod(axis=1))])
