"""Boxes: their two forms, areas, intersection over union, and what is built on it.

Corners are (x1, y1, x2, y2), x to the right and y down; centres are (x, y, w, h). Units are the caller's: pixels, or
parts of the image's side. A box whose x2 ≤ x1 or y2 ≤ y1 is empty: its area is 0, and so is its IoU with anything.
"""

import numpy as np

from engine.core.types import Array

OBJECT = 5
"""Numbers that say whether, where and how large an object is: p_c, b_x, b_y, b_h, b_w."""


def checked(boxes: Array, name: str = "boxes") -> Array:
    """(N, 4) as floats, or a ValueError that says what came."""
    array = np.asarray(boxes)
    if array.size == 0:
        return np.zeros((0, 4), np.float64 if array.dtype.kind not in "f" else array.dtype)
    if array.ndim != 2 or array.shape[1] != 4:
        raise ValueError(f"{name} wants (N, 4), got {array.shape}")
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def to_corners(boxes: Array) -> Array:
    """(x, y, w, h) → (x − w/2, y − h/2, x + w/2, y + h/2), over the last axis."""
    boxes = np.asarray(boxes)
    centre, half = boxes[..., :2], boxes[..., 2:] / 2
    return np.concatenate([centre - half, centre + half], axis=-1)


def to_centres(boxes: Array) -> Array:
    """(x1, y1, x2, y2) → ((x1 + x2)/2, (y1 + y2)/2, x2 − x1, y2 − y1), over the last axis."""
    boxes = np.asarray(boxes)
    first, last = boxes[..., :2], boxes[..., 2:]
    return np.concatenate([(first + last) / 2, last - first], axis=-1)


def area(boxes: Array) -> Array:
    """max(x2 − x1, 0) · max(y2 − y1, 0), over the last axis."""
    boxes = np.asarray(boxes)
    found: Array = np.maximum(boxes[..., 2:] - boxes[..., :2], 0).prod(axis=-1)
    return found


def intersection(a: Array, b: Array) -> Array:
    """Areas of a ∩ b, (N, 4) and (M, 4) → (N, M); disjoint boxes give 0."""
    a, b = checked(a, "a"), checked(b, "b")
    width = np.minimum(a[:, None, 2], b[None, :, 2]) - np.maximum(a[:, None, 0], b[None, :, 0])
    height = np.minimum(a[:, None, 3], b[None, :, 3]) - np.maximum(a[:, None, 1], b[None, :, 1])
    # A negative side of an empty box must not turn the product positive.
    found: Array = np.maximum(width, 0) * np.maximum(height, 0)
    return found


def iou(a: Array, b: Array) -> Array:
    """|a ∩ b| / |a ∪ b|, (N, 4) and (M, 4) → (N, M), in [0, 1]; 0 where the union is empty."""
    a, b = checked(a, "a"), checked(b, "b")
    shared = intersection(a, b)
    union = area(a)[:, None] + area(b)[None, :] - shared
    return np.asarray(np.divide(shared, union, out=np.zeros_like(shared), where=union > 0))


def giou(a: Array, b: Array) -> Array:
    """IoU − |hull \\ (a ∪ b)| / |hull|, the hull being the smallest box around both (Rezatofighi et al. 2019).

    In (−1, 1]: it falls further the farther apart disjoint boxes are, so that it has a slope there.
    """
    a, b = checked(a, "a"), checked(b, "b")
    shared = intersection(a, b)
    union = area(a)[:, None] + area(b)[None, :] - shared
    wide = np.maximum(a[:, None, 2], b[None, :, 2]) - np.minimum(a[:, None, 0], b[None, :, 0])
    high = np.maximum(a[:, None, 3], b[None, :, 3]) - np.minimum(a[:, None, 1], b[None, :, 1])
    hull = np.maximum(wide, 0) * np.maximum(high, 0)
    ratio = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    empty = np.divide(hull - union, hull, out=np.zeros_like(shared), where=hull > 0)
    return np.asarray(ratio - empty)


def shape_iou(a: Array, b: Array) -> Array:
    """IoU of sizes (N, 2) and (M, 2) laid over each other with one centre: min(w)·min(h) / union → (N, M)."""
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    shared = np.minimum(a[:, None], b[None]).prod(axis=2)
    union = a.prod(axis=1)[:, None] + b.prod(axis=1)[None] - shared
    return np.asarray(np.divide(shared, union, out=np.zeros_like(shared), where=union > 0))
