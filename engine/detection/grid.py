"""From boxes to a grid of targets and back (Redmon et al. 2015, YOLO; Redmon & Farhadi 2016, YOLO9000).

An image is parted into S×S cells. For each cell and each of A anchors a detector answers with D = 5 + K numbers
(t_p, t_x, t_y, t_h, t_w, and K class logits), the output volume (S, S, A·D). They are read as

    p_c = σ(t_p)                      whether an object's centre lies in this cell
    b_x = σ(t_x), b_y = σ(t_y)        where in the cell, in (0, 1)
    b_h = a_h·e^(t_h), b_w = a_w·e^(t_w)   its size in cells, which may exceed 1; (a_w, a_h) is the anchor's
    c = softmax(class logits)

Without anchors A = 1 and the anchor is one cell. The cell that holds an object's centre is responsible for it, and in
it the anchor whose shape fits best (IoU of the sizes). An object whose place is taken is lost: YOLO's known limit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.special import softmax
from engine.core.types import Array
from engine.detection.boxes import OBJECT, shape_iou, to_corners

Anchors = Sequence[Sequence[float]] | None


def sigmoid(z: Array) -> Array:
    """1 / (1 + e^(−z)) without overflow."""
    found: Array = 0.5 * (1 + np.tanh(0.5 * z))
    return found


@dataclass(frozen=True)
class Grid:
    """rows × columns cells, anchors (A, 2) as (width, height) in parts of the image, K classes."""

    rows: int
    columns: int
    anchors: Array
    classes: int

    @classmethod
    def of(cls, shape: Sequence[int], anchors: Anchors) -> "Grid":
        """For an output volume (S, S, A·D), or a vector (D,): one cell, the whole image."""
        volume = tuple(shape) if len(shape) == 3 else (1, 1, *shape)
        rows, columns, channels = volume
        sizes = np.array(anchors or [(1 / columns, 1 / rows)], np.float64)
        count = len(sizes)
        if channels % count or channels // count < OBJECT:
            raise ValueError(f"a detector of {count} anchors wants outputs (S, S, {count}·(5 + K)), got {tuple(shape)}")
        return cls(rows, columns, sizes, channels // count - OBJECT)

    @property
    def depth(self) -> int:
        return OBJECT + self.classes

    def assign(self, truth: Array) -> tuple[Array, Array, Array, Array, Array]:
        """Who is responsible: (image, object, row, column, anchor) of each object that has a place.

        truth (B, N, 5): class, x, y, w, h of centre boxes in parts of the image; class −1 is none. Of objects that want
        one place the first gets it.
        """
        image, number = np.nonzero(truth[:, :, 0] >= 0)
        _, x, y, w, h = truth[image, number].T
        column = np.clip((x * self.columns).astype(np.int64), 0, self.columns - 1)
        row = np.clip((y * self.rows).astype(np.int64), 0, self.rows - 1)
        fits = shape_iou(np.stack([w, h], axis=1), self.anchors) if len(x) else np.zeros((0, 1))
        anchor = fits.argmax(axis=1) if len(x) else np.zeros(0, np.int64)
        place = ((image * self.rows + row) * self.columns + column) * len(self.anchors) + anchor
        _, first = np.unique(place, return_index=True)
        first = np.sort(first)
        return image[first], number[first], row[first], column[first], anchor[first]

    def encode(self, truth: Array) -> Array:
        """Targets (B, rows, columns, A·D): 1, x and y in the cell, ln(h/a_h), ln(w/a_w), one-hot class; else zeros."""
        out = np.zeros((len(truth), self.rows, self.columns, len(self.anchors), self.depth))
        image, number, row, column, anchor = self.assign(truth)
        label, x, y, w, h = truth[image, number].T
        wide, high = self.anchors[anchor].T
        where = (image, row, column, anchor)
        out[(*where, 0)] = 1
        out[(*where, 1)] = x * self.columns - column
        out[(*where, 2)] = y * self.rows - row
        out[(*where, 3)] = np.log(np.maximum(h, 1e-6) / high)
        out[(*where, 4)] = np.log(np.maximum(w, 1e-6) / wide)
        if self.classes:
            out[(*where, OBJECT + label.astype(np.int64))] = 1
        return out.reshape(len(truth), self.rows, self.columns, len(self.anchors) * self.depth)

    def read(self, outputs: Array) -> "Reading":
        """What outputs (B, rows, columns, A·D) or (B, D) say, place by place."""
        count = len(self.anchors)
        t = np.asarray(outputs, np.float64).reshape(len(outputs), self.rows, self.columns, count, self.depth)
        p = sigmoid(t[..., 0])
        columns, rows = np.arange(self.columns)[:, None], np.arange(self.rows)[:, None, None]
        x = (columns + sigmoid(t[..., 1])) / self.columns
        y = (rows + sigmoid(t[..., 2])) / self.rows
        h = self.anchors[:, 1] * np.exp(np.clip(t[..., 3], -12, 12))
        w = self.anchors[:, 0] * np.exp(np.clip(t[..., 4], -12, 12))
        shares = softmax(t[..., OBJECT:]) if self.classes else np.ones((*p.shape, 1))
        flat = (len(outputs), -1)
        corners = to_corners(np.stack([x, y, w, h], axis=-1)).reshape(*flat, 4)
        return Reading(corners, p.reshape(flat), shares.reshape(*flat, shares.shape[-1]))


@dataclass(frozen=True)
class Reading:
    """A detector's answers: boxes (B, P, 4) corners in parts of the image, p_c (B, P), class shares (B, P, K).

    P places in the order row, column, anchor. A place's score is p_c times its best class's share.
    """

    boxes: Array
    objectness: Array
    shares: Array

    @property
    def classes(self) -> Array:
        found: Array = self.shares.argmax(axis=-1)
        return found

    @property
    def scores(self) -> Array:
        found: Array = self.objectness * self.shares.max(axis=-1)
        return found
