"""Cross-entropies: binary, categorical, and with class numbers as targets."""

import math
from typing import Any, ClassVar

import numpy as np

from engine.activations import sigmoid, sigmoid_into
from engine.activations.smooth import plan_softmax_parts
from engine.core.arguments import Argument
from engine.core.plan import Plan
from engine.core.terms import Formula, LossTerms
from engine.core.types import Array, Shape
from engine.losses.base import Loss, plan_total, register, shape_words

CLIP = 1e-7  # Keras's epsilon: probabilities are kept this far from 0 and 1
SURE = 20.0
"""Logits beyond which a formula with 1 − p is told with z instead."""
SMOOTHING = Argument("label_smoothing", "float", 0.0, minimum=0, maximum=1, doc="how far targets move to the middle")
SMOOTHED_ORDER = ("from_logits", "label_smoothing", "axis", "reduction", "name", "dtype")


def smoothed(t: Array, amount: float, classes: int) -> Array:
    """t·(1 − ε) + ε/K (Szegedy et al. 2015, section 7)."""
    return np.asarray(t * (1 - amount) + amount / classes, t.dtype) if amount else t


def clipped(p: Array) -> Array:
    """Probabilities kept away from 0 and 1, in their dtype."""
    return np.clip(p, p.dtype.type(CLIP), p.dtype.type(1 - CLIP))


def plan_inside(plan: Plan, p: Array, y: Array) -> Array:
    """Where `p` is `y` itself: what is clipped is constant, and its slope 0, as in Keras."""
    inside = plan.like(y, bool)
    plan.call(np.equal, p, y, inside)
    return inside


@register
class BinaryCrossentropy(Loss):
    """L = −t ln p − (1 − t) ln(1 − p).

    From logits, or joined with a sigmoid: L = max(z, 0) − t·z + ln(1 + e^(−|z|)), ∂L/∂z = σ(z) − t, exact for any z.
    """

    name = "binary_crossentropy"
    encodes = True
    formula = r"L = -y \ln \hat y - (1 - y) \ln(1 - \hat y)"
    doc = "two classes from one probability"
    tasks = ("binary", "reconstruction")
    joins = "sigmoid"
    python_only = (SMOOTHING,)
    order: ClassVar[tuple[str, ...]] = SMOOTHED_ORDER

    def __init__(self, from_logits: bool = False, label_smoothing: float = 0.0) -> None:
        super().__init__(from_logits=from_logits)
        self.label_smoothing: float = SMOOTHING.check(self.name, label_smoothing)

    def encode(self, targets: Array, output_shape: Shape, dtype: np.dtype[Any]) -> Array:
        t = super().encode(targets, output_shape, dtype)
        if t.size and (t.min() < 0 or t.max() > 1):
            raise ValueError(f"{self.name} wants targets in [0, 1], got {t.min():g} to {t.max():g}")
        return smoothed(t, self.label_smoothing, 2)

    def plan(self, plan: Plan, y: Array, t: Array, z: Array | None, gradient: bool) -> Array | None:
        if self.from_logits or z is not None:
            return self._from_logits(plan, y if z is None else z, None if z is None else y, t, gradient)
        p, q, log = plan.like(y), plan.like(y), plan.like(y)
        terms = plan.like(y)
        plan.maximum(y, plan.scalar(CLIP), p)
        plan.minimum(p, plan.scalar(1 - CLIP), p)
        plan.call(np.subtract, plan.scalar(1), p, q)
        plan.call(np.log, q, log)  # ln(1−p) + t·(ln p − ln(1−p))
        plan.call(np.log, p, terms)
        plan.call(np.subtract, terms, log, terms)
        plan.call(np.multiply, terms, t, terms)
        plan.call(np.add, terms, log, terms)
        plan_total(plan, terms, plan.loss)
        plan.loss_scale = -1 / plan.count(y)
        if not gradient:
            return None
        dy = plan.like(y)
        plan.call(np.multiply, p, q, q)
        plan.call(np.subtract, p, t, dy)
        plan.call(np.divide, dy, q, dy)
        plan.call(np.multiply, dy, plan_inside(plan, p, y), dy)
        plan.call(np.multiply, dy, plan.scalar(1 / plan.count(y)), dy)
        return dy

    def _from_logits(self, plan: Plan, z: Array, p: Array | None, t: Array, gradient: bool) -> Array | None:
        value, product = plan.like(z), plan.like(z)
        plan.call(np.logaddexp, plan.scalar(0), z, value)
        plan.call(np.multiply, z, t, product)
        plan.call(np.subtract, value, product, value)
        plan_total(plan, value, plan.loss)
        plan.loss_scale = 1 / plan.count(z)
        if not gradient:
            return None
        if p is None:
            p = plan.like(z)
            sigmoid_into(plan, z, p)
        dz = plan.like(z)
        plan.call(np.subtract, p, t, dz)
        plan.call(np.multiply, dz, plan.scalar(1 / plan.count(z)), dz)
        return dz

    def terms(self, k: int, y: Array, t: Array, z: Array | None, examples: int) -> LossTerms:
        logits = y if self.from_logits else z
        name, wanted = "σ(ŷ)" if self.from_logits else "ŷ", float(t.flat[k])
        p = float(clipped(y).flat[k]) if logits is None else float(sigmoid(logits.astype(np.float64)).flat[k])
        parts = {"ŷ": p, "y": wanted, "1 − ŷ": 1 - p, "1 − y": 1 - wanted}
        formula = f"−y ln {name} − (1 − y) ln(1 − {name})"
        numbers = {1.0: "−ln {ŷ}", 0.0: "−ln(1 − {ŷ})"}.get(wanted, "−{y} ln {ŷ} − {1 − y} ln {1 − ŷ}")
        if logits is None:
            value = -wanted * math.log(p) - (1 - wanted) * math.log(1 - p)
            slope = Formula("(ŷ − y) / (ŷ (1 − ŷ))", "({ŷ} − {y}) / ({ŷ}·{1 − ŷ})", parts,
                            (p - wanted) / (p * (1 - p)))  # fmt: skip
            if float(y.flat[k]) != p:
                slope = Formula("0", "0", parts, 0.0)
            return self.told(y, examples, Formula(formula, numbers, parts, value), slope)
        logit = float(logits.flat[k])
        value = max(logit, 0) - wanted * logit + math.log1p(math.exp(-abs(logit)))
        if abs(logit) > SURE:  # 1 − p has lost its digits
            formula, numbers = "ln(1 + e^z) − y z", "ln(1 + e^{z}) − {y}·{z}"
        slope = Formula(f"({name} − y)", "({ŷ} − {y})", parts, p - wanted)
        return self.told(y, examples, Formula(formula, numbers, parts | {"z": logit}, value), slope)


@register
class CategoricalCrossentropy(Loss):
    """L = −Σₖ tₖ ln pₖ over the last axis, t one-hot or a distribution (p is scaled to sum to 1, as in Keras).

    From logits, or joined with a softmax: ln p = z − max z − ln Σ e^(z − max z), ∂L/∂z = p·Σt − t.
    """

    name = "categorical_crossentropy"
    formula = r"L = -\sum_k y_k \ln \hat y_k"
    doc = "several classes, targets as one-hot rows"
    tasks = ("multiclass",)
    joins = "softmax"
    python_only: ClassVar[tuple[Argument, ...]] = (SMOOTHING,)
    order: ClassVar[tuple[str, ...]] = SMOOTHED_ORDER
    one_hot = False

    def __init__(self, from_logits: bool = False, label_smoothing: float = 0.0) -> None:
        super().__init__(from_logits=from_logits)
        self.label_smoothing: float = SMOOTHING.check(self.name, label_smoothing)
        self.encodes = self.encodes or self.label_smoothing > 0

    def encode(self, targets: Array, output_shape: Shape, dtype: np.dtype[Any]) -> Array:
        return smoothed(super().encode(targets, output_shape, dtype), self.label_smoothing, output_shape[-1])

    def plan(self, plan: Plan, y: Array, t: Array, z: Array | None, gradient: bool) -> Array | None:
        rows = plan.count(y) // y.shape[-2]
        plan.loss_scale = -1 / rows
        if self.from_logits or z is not None:
            return self._from_logits(plan, y if z is None else z, None if z is None else y, t, gradient, rows)
        per_row = (*y.shape[:-2], 1, y.shape[-1])
        p, scaled, log = plan.like(y), plan.like(y), plan.like(y)
        mass = plan.buffer(per_row)
        plan.call(np.add.reduce, y, -2, None, mass, True)
        plan.call(np.divide, y, mass, scaled)
        plan.maximum(scaled, plan.scalar(CLIP), p)
        plan.minimum(p, plan.scalar(1 - CLIP), p)
        plan.call(np.log, p, log)
        plan.call(np.multiply, log, t, log)
        plan_total(plan, log, plan.loss)
        if not gradient:
            return None
        # ∂L/∂y = (Σ t·s/p − t/p)/Σy with s the scaled and p the clipped probabilities
        dy, back = plan.like(y), plan.buffer(per_row)
        plan.call(np.divide, t, p, dy)
        plan.call(np.multiply, dy, plan_inside(plan, p, scaled), dy)
        plan.call(np.multiply, dy, scaled, log)
        plan.call(np.add.reduce, log, -2, None, back, True)
        plan.call(np.subtract, back, dy, dy)
        plan.call(np.divide, dy, mass, dy)
        plan.call(np.multiply, dy, plan.scalar(1 / rows), dy)
        return dy

    def _from_logits(self, plan: Plan, z: Array, p: Array | None, t: Array, gradient: bool, rows: int) -> Array | None:
        shifted, e = plan.like(z), plan.like(z)
        edge = plan_softmax_parts(plan, z, shifted, e)
        if p is None and gradient:
            plan.call(np.divide, e, edge, e)
            p = e
        plan.call(np.log, edge, edge)
        plan.call(np.subtract, shifted, edge, shifted)
        plan.call(np.multiply, shifted, t, shifted)
        plan_total(plan, shifted, plan.loss)
        if not gradient:
            return None
        assert p is not None
        dz = plan.like(z)
        if self.one_hot:
            plan.call(np.subtract, p, t, dz)
        else:
            mass = plan.like(edge)
            plan.call(np.add.reduce, t, -2, None, mass, True)
            plan.call(np.multiply, p, mass, dz)
            plan.call(np.subtract, dz, t, dz)
        plan.call(np.multiply, dz, plan.scalar(1 / rows), dz)
        return dz

    def averaged(self, shape: Shape, examples: int) -> int:
        return int(np.prod(shape[:-1])) * examples

    def terms(self, k: int, y: Array, t: Array, z: Array | None, examples: int) -> LossTerms:
        place, own = divmod(k, y.shape[-1])
        targets, wanted = t.reshape(-1, y.shape[-1])[place].astype(np.float64), float(t.flat[k])
        logits = y if self.from_logits else z
        if logits is None:
            return self._scaled_terms(own, y, y.reshape(-1, y.shape[-1])[place], targets, examples)
        row = logits.reshape(-1, y.shape[-1])[place].astype(np.float64)
        logs = row - row.max() - math.log(np.exp(row - row.max()).sum())
        name, p, mass = "softmax(ŷ)" if self.from_logits else "ŷ", math.exp(logs[own]), float(targets.sum())
        parts = {"ŷ": p, "y": wanted, "z": float(row[own]), "ln Σ": float(row[own] - logs[own]), "Σy": mass}
        loss = Formula(f"−y ln {name}", "−{y}·ln {ŷ}", parts, wanted * -float(logs[own]))
        if logs[own] < -SURE:  # p has lost its digits
            loss = Formula("y (ln Σ e^z − z)", "{y}·({ln Σ} − {z})", parts, loss.value)
        slope = Formula(f"({name} − y)", "({ŷ} − {y})", parts, p - wanted)
        if not self.one_hot and abs(mass - 1) > 1e-6:
            slope = Formula(f"({name} Σ y − y)", "({ŷ}·{Σy} − {y})", parts, p * mass - wanted)
        return self.told(y, examples, loss, slope)

    def _scaled_terms(self, own: int, y: Array, row: Array, targets: Array, examples: int) -> LossTerms:
        """Of probabilities, which are scaled to sum to 1 and kept away from 0 and 1."""
        scaled = row / row.sum()
        kept = clipped(scaled)
        inside, kept = kept == scaled, kept.astype(np.float64)
        back, p, wanted = float((inside * targets * scaled / kept).sum()), float(kept[own]), float(targets[own])
        parts = {"ŷ": p, "y": wanted, "Σŷ": float(row.sum()), "Σy": back}
        one, number = ("1", "1") if abs(back - 1) < 1e-6 else ("Σ y", "{Σy}")
        slope = Formula(f"({one} − y / ŷ) / Σ ŷ", f"({number} − {{y}} / {{ŷ}}) / {{Σŷ}}", parts,
                        float(np.divide(back - wanted / p, parts["Σŷ"])))  # fmt: skip
        if not inside[own]:
            slope = Formula(f"{one} / Σ ŷ", f"{number} / {{Σŷ}}", parts, float(np.divide(back, parts["Σŷ"])))
        return self.told(y, examples, Formula("−y ln ŷ", "−{y}·ln {ŷ}", parts, wanted * -math.log(p)), slope)


@register
class SparseCategoricalCrossentropy(CategoricalCrossentropy):
    """L = −ln p_c with the class c ∈ 0 … K−1 given as a whole number, shape (B,) or (B, 1)."""

    name = "sparse_categorical_crossentropy"
    encodes = True
    formula = r"L = -\ln \hat y_c"
    doc = "several classes, targets as class numbers"
    python_only = ()
    order = ("from_logits", "ignore_class", "reduction", "axis", "name", "dtype")
    one_hot = True

    def __init__(self, from_logits: bool = False) -> None:
        super().__init__(from_logits=from_logits)

    def encode(self, targets: Array, output_shape: Shape, dtype: np.dtype[Any]) -> Array:
        t = np.asarray(targets)
        classes = output_shape[-1]
        if t.ndim == len(output_shape) + 1 and t.shape[-1] == 1:
            t = t[..., 0]
        if t.shape[1:] != output_shape[:-1]:
            raise ValueError(
                f"{self.name} wants class numbers of shape {shape_words(('B', *output_shape[:-1]))}, "
                f"got {shape_words(('B', *t.shape[1:]))}"
            )
        if t.dtype.kind not in "iu":
            whole = t.astype(np.int64) if np.isfinite(t).all() else t
            if not np.array_equal(whole, t):
                raise ValueError(f"{self.name} wants whole class numbers, got {t.dtype}")
            t = whole
        if t.size and (t.min() < 0 or t.max() >= classes):
            raise ValueError(f"{self.name} wants classes 0 to {classes - 1}, got {t.min()} to {t.max()}")
        return np.asarray(np.eye(classes, dtype=dtype)[t])
