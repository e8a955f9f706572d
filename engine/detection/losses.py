"""Losses of detectors, every term by itself: object, no object, centre, size, class.

Over all places of all images, N images in the batch, 1 where a place is responsible for an object:

    object     Σ 1·BCE(σ(t_p), 1)                       / N
    no object  λ_no·Σ (1 − 1)·BCE(σ(t_p), 0)            / N
    centre     λ_box·Σ 1·((b_x − x)² + (b_y − y)²)      / N
    size       λ_box·Σ 1·((t_h − ln h/a_h)² + (t_w − ln w/a_w)²) / N
    class      λ_class·Σ 1·(−ln c_k)                    / N

When no object is there only p_c counts. The cross-entropies are the curriculum's logistic losses; sizes are compared as
logarithms, so that a pixel counts more for a small box (YOLO takes square roots for that).
"""

from typing import Any

import numpy as np

from engine.core.arguments import Argument
from engine.core.plan import Plan, writes
from engine.core.shards import AnyPlan
from engine.core.special import softmax_parts
from engine.core.terms import Formula, LossTerms
from engine.core.types import Array, Shape
from engine.detection.boxes import OBJECT
from engine.detection.grid import Anchors, Grid, sigmoid
from engine.losses import Loss, register

TERMS = ("object", "no_object", "centre", "size", "class")
BOX = Argument("box_weight", "float", 5.0, minimum=0, doc="λ of centre and size")
NONE = Argument("no_object_weight", "float", 0.5, minimum=0, doc="λ of p_c where nothing is")
CLASS = Argument("class_weight", "float", 1.0, minimum=0, doc="λ of the class")
ANCHORS = Argument("anchors", "sizes", None, optional=True, doc="[width, height] of each anchor in parts of the image")


class DetectionLoss(Loss):
    """What grid and single object share."""

    encodes = True
    weighs = False
    weights: tuple[float, float, float]

    def __init__(self, box_weight: float, no_object_weight: float, class_weight: float, from_logits: bool) -> None:
        super().__init__(from_logits=from_logits)
        self.box_weight: float = BOX.check(self.name, box_weight)
        self.no_object_weight: float = NONE.check(self.name, no_object_weight)
        self.class_weight: float = CLASS.check(self.name, class_weight)
        self.anchors: Anchors = None

    def grid(self, output_shape: Shape) -> Grid:
        """How outputs of this shape are read."""
        return Grid.of(output_shape, self.anchors)

    def encode(self, targets: Array, output_shape: Shape, dtype: np.dtype[Any]) -> Array:
        """Targets from boxes (B, N, 5), (class, x, y, w, h) with class −1 for none; encoded ones pass."""
        t = np.asarray(targets)
        if t.shape[1:] == output_shape:
            return t.astype(dtype, copy=False)
        if t.ndim == 2 and t.shape[1:] == (5,):
            t = t[:, None]
        if t.ndim != 3 or t.shape[2] != 5:
            raise ValueError(f"{self.name} wants boxes (B, N, 5) of class, x, y, w, h; got {t.shape}")
        grid = self.grid(output_shape)
        there = t[:, :, 0] >= 0
        if there.any() and t[:, :, 0][there].max() >= max(grid.classes, 1):
            most = t[:, :, 0][there].max()
            raise ValueError(f"{self.name} wants classes 0 to {grid.classes - 1}, got {most:g}")
        if not np.isfinite(t[there]).all():
            raise ValueError(f"{self.name} wants finite boxes")
        return grid.encode(t).reshape(len(t), *output_shape).astype(dtype)

    def plan(self, plan: Plan, y: Array, t: Array, z: Array | None, gradient: bool) -> Array | None:
        grid = self.grid(y.shape[:-1])
        volume = (grid.rows, grid.columns, len(grid.anchors) * grid.depth, plan.batch)
        terms = plan.memo["loss terms"] = plan.buffer((len(TERMS),), np.float64)
        plan.keep(terms)
        dy = plan.like(y) if gradient else None
        plan.loss_scale = 1.0
        flat, examples = y.ndim == 2, plan.examples

        @writes(3 if gradient else 2)
        def compute(y: Array, t: Array, terms: Array, loss: Array, dy: Array | None = None) -> None:
            given, wanted = (y.reshape(volume), t.reshape(volume)) if flat else (y, t)
            slope = None if dy is None else dy.reshape(volume) if flat else dy
            self._compute(grid, given, wanted, slope, terms, examples)
            loss[...] = terms.sum()

        plan.call(compute, y, t, terms, plan.loss, *(() if dy is None else (dy,)))
        return dy

    def _compute(self, grid: Grid, y: Array, t: Array, dy: Array | None, terms: Array, examples: int) -> None:
        """terms, and ∂J/∂y where it is wanted; y, t, dy (rows, columns, A·D, B)."""
        terms[:] = 0
        if dy is not None:
            dy[...] = 0
        depth, share = grid.depth, 1.0 / examples
        for a in range(len(grid.anchors)):
            base = a * depth
            z, p = y[:, :, base], t[:, :, base]
            cross = np.logaddexp(0, z) - z * p
            terms[0] += float((cross * p).sum()) * share
            terms[1] += float((cross * (1 - p)).sum()) * share * self.no_object_weight
            if dy is not None:
                dy[:, :, base] = (sigmoid(z) - p) * (p + (1 - p) * self.no_object_weight) * share
            row, column, image = np.nonzero(p > 0)
            if not len(row):
                continue
            given = y[row, column, base : base + depth, image].astype(np.float64)
            wanted = t[row, column, base : base + depth, image].astype(np.float64)
            b = sigmoid(given[:, 1:3])
            off, stretch = b - wanted[:, 1:3], given[:, 3:5] - wanted[:, 3:5]
            terms[2] += float((off**2).sum()) * share * self.box_weight
            terms[3] += float((stretch**2).sum()) * share * self.box_weight
            slope = np.zeros_like(given)
            slope[:, 1:3] = 2 * self.box_weight * share * off * b * (1 - b)
            slope[:, 3:5] = 2 * self.box_weight * share * stretch
            if grid.classes:
                shifted, e, total = softmax_parts(given[:, OBJECT:], axis=1)
                true = wanted[:, OBJECT:]
                terms[4] -= float(((shifted - np.log(total)) * true).sum()) * share * self.class_weight
                slope[:, OBJECT:] = (e / total - true) * share * self.class_weight
            if dy is not None:
                slope[:, 0] = dy[row, column, base, image]
                dy[row, column, base : base + depth, image] = slope

    def averaged(self, shape: Shape, examples: int) -> int:
        return examples

    def terms(self, k: int, y: Array, t: Array, z: Array | None, examples: int) -> LossTerms:
        """Of one number of a cell: p_c, the box's b_x, b_y, t_h, t_w, or a class."""
        grid = self.grid(y.shape)
        cell, number = divmod(k, grid.depth)
        given = y.reshape(-1, grid.depth)[cell].astype(np.float64)
        wanted = t.reshape(-1, grid.depth)[cell].astype(np.float64)
        if number and wanted[0] <= 0:
            return self.told(y, examples, Formula("0", "0", {}, 0.0), Formula("0", "0", {}, 0.0))
        tell = self._object_terms if number == 0 else self._box_terms if number < OBJECT else self._class_terms
        return self.told(y, examples, *tell(number, given, wanted))

    def _object_terms(self, number: int, given: Array, wanted: Array) -> tuple[Formula, Formula]:
        z, p, none = float(given[0]), float(wanted[0]), self.no_object_weight
        parts = {"ŷ": z, "y": p, "σ": float(sigmoid(given[:1])[0]), "λ": none}
        weight = p + (1 - p) * none
        words = {1.0: ("", ""), 0.0: ("λ ", "{λ}·")}.get(p, ("(y + λ (1 − y)) ", "({y} + {λ}·(1 − {y}))·"))
        loss = Formula(f"{words[0]}(ln(1 + e^ŷ) − y ŷ)", f"{words[1]}(ln(1 + e^{{ŷ}}) − {{y}}·{{ŷ}})", parts,
                       weight * (float(np.logaddexp(0, z)) - z * p))  # fmt: skip
        slope = (parts["σ"] - p) * weight
        return loss, Formula(f"{words[0]}(σ(ŷ) − y)", f"{words[1]}({{σ}} − {{y}})", parts, slope)

    def _box_terms(self, number: int, given: Array, wanted: Array) -> tuple[Formula, Formula]:
        z, target, box = float(given[number]), float(wanted[number]), self.box_weight
        parts = {"ŷ": z, "y": target, "σ": float(sigmoid(given)[number]), "λ": box}
        if number > 2:
            return (
                Formula("λ (ŷ − y)²", "{λ}·({ŷ} − {y})²", parts, box * (z - target) * (z - target)),
                Formula("2 λ (ŷ − y)", "2·{λ}·({ŷ} − {y})", parts, 2 * box * (z - target)),
            )
        b = parts["σ"]
        return (
            Formula("λ (σ(ŷ) − y)²", "{λ}·({σ} − {y})²", parts, box * (b - target) * (b - target)),
            Formula("2 λ (σ(ŷ) − y) σ′(ŷ)", "2·{λ}·({σ} − {y})·{σ}·(1 − {σ})", parts,
                    2 * box * (b - target) * b * (1 - b)),
        )  # fmt: skip

    def _class_terms(self, number: int, given: Array, wanted: Array) -> tuple[Formula, Formula]:
        shifted, e, total = softmax_parts(given[OBJECT:])
        p = float(e[number - OBJECT] / total[0])
        parts = {"c": p, "y": float(wanted[number]), "λ": self.class_weight}
        log = float(shifted[number - OBJECT] - np.log(total[0]))
        return (
            Formula("−λ y ln softmax(ŷ)", "−{λ}·{y}·ln {c}", parts, -self.class_weight * parts["y"] * log),
            Formula("λ (softmax(ŷ) − y)", "{λ}·({c} − {y})", parts, self.class_weight * (p - parts["y"])),
        )

    def sums(self, targets: Array, outputs: Array) -> dict[str, float]:
        """Every term of J for encoded targets and outputs (B, …)."""
        y = np.moveaxis(np.asarray(outputs, np.float64), 0, -1)
        t = np.moveaxis(np.asarray(targets, np.float64), 0, -1)
        grid = self.grid(y.shape[:-1])
        volume = (grid.rows, grid.columns, len(grid.anchors) * grid.depth, y.shape[-1])
        found = np.zeros(len(TERMS))
        self._compute(grid, y.reshape(volume), t.reshape(volume), None, found, y.shape[-1])
        return dict(zip(TERMS, found.tolist(), strict=True))


@register
class Yolo(DetectionLoss):
    """Object, no object, centre, size and class over a grid with or without anchors; see the module for each term."""

    name = "yolo"
    formula = (
        r"L = \sum_{\text{obj}} \left[\mathrm{BCE} + \lambda_b (\Delta_x^2 + \Delta_y^2 + \Delta_h^2 + \Delta_w^2) - "
        r"\ln c_k\right] + \lambda_n \sum_{\text{no obj}} \mathrm{BCE}"
    )
    doc = "a grid of cells, each with p_c, a box and a class for every anchor"
    tasks = ("detection",)
    arguments = (ANCHORS, BOX, NONE, CLASS)

    def __init__(
        self,
        anchors: Anchors = None,
        box_weight: float = 5.0,
        no_object_weight: float = 0.5,
        class_weight: float = 1.0,
        from_logits: bool = False,
    ) -> None:
        super().__init__(box_weight, no_object_weight, class_weight, from_logits)
        self.anchors = ANCHORS.check(self.name, anchors)


@register
class Localisation(DetectionLoss):
    """y = [p_c, b_x, b_y, b_h, b_w, c…] of one object at most: one cell, the whole image."""

    name = "localisation"
    formula = r"L = \mathrm{BCE}(p_c) + 1_{p_c}\left[\lambda_b \lVert b - \hat b \rVert^2 - \ln c_k\right]"
    doc = "is something there, where, how large, and what; only p_c counts where nothing is"
    tasks = ("localisation",)
    arguments = (BOX, NONE, CLASS)

    def __init__(
        self,
        box_weight: float = 5.0,
        no_object_weight: float = 1.0,
        class_weight: float = 1.0,
        from_logits: bool = False,
    ) -> None:
        super().__init__(box_weight, no_object_weight, class_weight, from_logits)


def loss_terms(plan: AnyPlan) -> Array:
    """The terms (5,) of the step a plan has just made, summed over the shards of its batch."""
    parts = [plan] if isinstance(plan, Plan) else plan.shards
    found: Array = np.sum([part.memo["loss terms"] for part in parts], axis=0)
    return found
