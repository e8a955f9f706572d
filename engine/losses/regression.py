"""Losses of numbers: mean squared error, half of it, mean absolute error, Huber's."""

import numpy as np

from engine.core.arguments import Argument
from engine.core.plan import Plan
from engine.core.terms import Formula, LossTerms
from engine.core.types import Array
from engine.losses.base import Loss, plan_inner, plan_total, register


def error(k: int, y: Array, t: Array) -> tuple[dict[str, float], float]:
    """ŷ and y of output k by name, and ŷ − y."""
    given, wanted = float(y.flat[k]), float(t.flat[k])
    return {"ŷ": given, "y": wanted}, given - wanted


@register
class MeanSquaredError(Loss):
    """J = 1/N Σ (y − t)²,  ∂J/∂y = 2(y − t)/N."""

    name = "mse"
    formula = r"L = (\hat y - y)^2"
    doc = "large errors weigh most; the usual choice for numbers"
    tasks = ("regression", "binary", "multiclass", "reconstruction", "landmarks")
    factor = 1.0

    def plan(self, plan: Plan, y: Array, t: Array, z: Array | None, gradient: bool) -> Array | None:
        d = plan.like(y)
        plan.call(np.subtract, y, t, d)
        plan_inner(plan, d, d, plan.loss)
        plan.loss_scale = self.factor / plan.count(y)
        if not gradient:
            return None
        dy = plan.like(y)
        plan.call(np.multiply, d, plan.scalar(2 * self.factor / plan.count(y)), dy)
        return dy

    def terms(self, k: int, y: Array, t: Array, z: Array | None, examples: int) -> LossTerms:
        parts, e = error(k, y, t)
        half, twice, times = ("½ ", "", "") if self.factor == 0.5 else ("", "2 ", "2·")
        loss = Formula(f"{half}(ŷ − y)²", f"{half}({{ŷ}} − {{y}})²", parts, self.factor * e * e)
        slope = Formula(f"{twice}(ŷ − y)", f"{times}({{ŷ}} − {{y}})", parts, 2 * self.factor * e)
        return self.told(y, examples, loss, slope)


@register
class HalfMeanSquaredError(MeanSquaredError):
    """J = 1/(2N) Σ (y − t)²: the course's J for regression, ∂J/∂y = (y − t)/N."""

    name = "half_mse"
    formula = r"L = \tfrac12 (\hat y - y)^2"
    doc = "half of mse, so that its slope is just the error"
    factor = 0.5


@register
class MeanAbsoluteError(Loss):
    """J = 1/N Σ |y − t|,  ∂J/∂y = sign(y − t)/N."""

    name = "mae"
    formula = r"L = |\hat y - y|"
    doc = "all errors weigh alike, so outliers pull less"
    tasks = ("regression", "binary", "multiclass", "reconstruction", "landmarks")

    def plan(self, plan: Plan, y: Array, t: Array, z: Array | None, gradient: bool) -> Array | None:
        d, size = plan.like(y), plan.like(y)
        plan.call(np.subtract, y, t, d)
        plan.call(np.absolute, d, size)
        plan_total(plan, size, plan.loss)
        plan.loss_scale = 1 / plan.count(y)
        if not gradient:
            return None
        dy = plan.like(y)
        plan.call(np.sign, d, dy)
        plan.call(np.multiply, dy, plan.scalar(1 / plan.count(y)), dy)
        return dy

    def terms(self, k: int, y: Array, t: Array, z: Array | None, examples: int) -> LossTerms:
        parts, e = error(k, y, t)
        return self.told(
            y,
            examples,
            Formula("|ŷ − y|", "|{ŷ} − {y}|", parts, abs(e)),
            Formula("sign(ŷ − y)", "sign({ŷ} − {y})", parts, float(np.sign(e))),
        )


@register
class Huber(Loss):
    """e = y − t: L = e²/2 where |e| ≤ δ, else δ|e| − δ²/2; ∂L/∂y = clip(e, −δ, δ) (Huber 1964)."""

    name = "huber"
    formula = r"L = \tfrac12 e^2 \text{ if } |e| \le \delta \text{ else } \delta |e| - \tfrac12 \delta^2"
    doc = "squared near zero, absolute far away"
    tasks = ("regression", "binary", "multiclass", "reconstruction", "landmarks")
    arguments = (Argument("delta", "float", 1.0, above=0, doc="where it turns from squared to absolute"),)

    order = ("delta", "reduction", "name", "dtype")

    def __init__(self, delta: float = 1.0, *, from_logits: bool = False) -> None:
        super().__init__(from_logits=from_logits)
        self.delta: float = self.arguments[0].check("huber", delta)

    def plan(self, plan: Plan, y: Array, t: Array, z: Array | None, gradient: bool) -> Array | None:
        d, r, half = plan.like(y), plan.like(y), plan.like(y)
        plan.call(np.subtract, y, t, d)
        plan.minimum(d, plan.scalar(self.delta), r)
        plan.maximum(r, plan.scalar(-self.delta), r)
        plan.call(np.multiply, r, plan.scalar(0.5), half)
        plan.call(np.subtract, d, half, half)  # L = r·(e − r/2)
        plan_inner(plan, r, half, plan.loss)
        plan.loss_scale = 1 / plan.count(y)
        if not gradient:
            return None
        dy = plan.like(y)
        plan.call(np.multiply, r, plan.scalar(1 / plan.count(y)), dy)
        return dy

    def terms(self, k: int, y: Array, t: Array, z: Array | None, examples: int) -> LossTerms:
        parts, e = error(k, y, t)
        parts["δ"] = self.delta
        clipped = min(max(e, -self.delta), self.delta)
        near, far = ("½ (ŷ − y)²", "½ ({ŷ} − {y})²"), ("δ |ŷ − y| − ½ δ²", "{δ}·|{ŷ} − {y}| − ½ {δ}²")
        return self.told(
            y,
            examples,
            Formula(*(near if abs(e) <= self.delta else far), parts, clipped * (e - clipped / 2)),
            Formula("clip(ŷ − y, −δ, δ)", "clip({ŷ} − {y}, −{δ}, {δ})", parts, clipped),
        )
