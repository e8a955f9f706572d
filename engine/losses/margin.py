"""Losses that ask for the right side of a line: hinge and perceptron."""

from typing import Any

import numpy as np

from engine.core.plan import Plan
from engine.core.terms import Formula, LossTerms
from engine.core.types import Array, Shape
from engine.losses.base import Loss, plan_total, register


@register
class Hinge(Loss):
    """J = 1/N Σ max(0, 1 − t·y) with t ∈ {−1, 1}; targets 0 and 1 are read as −1 and 1, as in Keras."""

    name = "hinge"
    encodes = True
    formula = r"L = \max(0, 1 - y \hat y)"
    doc = "wants the right side of the line with a margin of 1"
    tasks = ("binary", "multiclass")
    wants = (-1.0, 1.0)

    def encode(self, targets: Array, output_shape: Shape, dtype: np.dtype[Any]) -> Array:
        t = super().encode(targets, output_shape, dtype)
        return np.where(t == 0, -1, t).astype(dtype) if np.isin(t, (0, 1)).all() else t

    def plan(self, plan: Plan, y: Array, t: Array, z: Array | None, gradient: bool) -> Array | None:
        margin, over = plan.like(y), plan.like(y, bool)
        plan.call(np.multiply, y, t, margin)
        plan.call(np.subtract, plan.scalar(1), margin, margin)
        plan.maximum(margin, plan.scalar(0), margin)
        plan_total(plan, margin, plan.loss)
        plan.loss_scale = 1 / plan.count(y)
        if not gradient:
            return None
        dy = plan.like(y)
        plan.call(np.greater, margin, plan.scalar(0), over)
        plan.call(np.multiply, t, over, dy)
        plan.call(np.multiply, dy, plan.scalar(-1 / plan.count(y)), dy)
        return dy

    def terms(self, k: int, y: Array, t: Array, z: Array | None, examples: int) -> LossTerms:
        given, side = float(y.flat[k]), float(t.flat[k])
        parts, margin = {"ŷ": given, "y": side}, 1 - side * given
        loss = Formula("max(0, 1 − y ŷ)", "max(0, 1 − {y}·{ŷ})", parts, max(0.0, margin))
        slope = Formula("−y", "−{y}", parts, -side) if margin > 0 else Formula("0", "0", parts, 0.0)
        return self.told(y, examples, loss, slope)


@register
class Perceptron(Loss):
    """J = 1/N Σ (ŷ − t)·z with ŷ = 1 where z ≥ 0, else 0: behind the activation `step`, ∂J/∂z = (ŷ − t)/N.

    One example at a time with SGD this is Rosenblatt's rule w ← w + α (t − ŷ) x (1958).
    """

    name = "perceptron"
    formula = r"L = (\hat y - y)\, z"
    doc = "counts mistakes alone, by how far they are on the wrong side: the perceptron's rule"
    tasks = ("binary",)
    wants = (-1.0, 1.0)
    joins = "step"

    def plan(self, plan: Plan, y: Array, t: Array, z: Array | None, gradient: bool) -> Array | None:
        side = y if z is None else z
        error, cost = plan.like(y), plan.like(y)
        plan.call(np.greater_equal, side, plan.scalar(0), error)
        plan.call(np.subtract, error, t, error)
        plan.call(np.multiply, error, side, cost)
        plan_total(plan, cost, plan.loss)
        plan.loss_scale = 1 / plan.count(y)
        if not gradient:
            return None
        dz = plan.like(y)
        plan.call(np.multiply, error, plan.scalar(1 / plan.count(y)), dz)
        return dz

    def terms(self, k: int, y: Array, t: Array, z: Array | None, examples: int) -> LossTerms:
        side, wanted = float((y if z is None else z).flat[k]), float(t.flat[k])
        told = float(side >= 0)
        parts = {"ŷ": told, "y": wanted, "z": side}
        loss = Formula("(ŷ − y) z", "({ŷ} − {y})·{z}", parts, (told - wanted) * side)
        return self.told(y, examples, loss, Formula("(ŷ − y)", "({ŷ} − {y})", parts, told - wanted))
