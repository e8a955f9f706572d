"""A public numeric gradient checker. When it fails it prints the analytic and the numeric value.

(f(p + h) − f(p − h)) / 2h, in float64, on any model. A model whose training step is random (dropout) is checked with
its generator put back before every evaluation, so that each one draws the same numbers.
"""

from typing import Any, ClassVar

import numpy as np

from engine.core.plan import Plan, inner
from engine.core.types import Array
from engine.losses import Loss
from engine.sequential import Sequential


class Projection(Loss):
    """J = Σ t·y: makes any upstream gradient t, so a layer can be checked by itself."""

    name: ClassVar[str] = "projection"
    formula: ClassVar[str] = r"J = \sum t y"

    def plan(self, plan: Plan, y: Array, t: Array, z: Array | None, gradient: bool) -> Array | None:
        copy = plan.like(y)
        plan.call(np.copyto, copy, t)
        inner(plan, y, copy, plan.loss)
        if not gradient:
            return None
        dy = plan.like(y)
        plan.call(np.copyto, dy, t)
        return dy


def numeric_gradients(model: Sequential, x: Array, y: Array, step: float = 1e-6) -> list[Array]:
    """∂J/∂w of every trainable weight by central differences (training mode, generator held)."""
    draws = model.rng.bit_generator.state

    def loss() -> float:
        model.rng.bit_generator.state = draws
        return model.gradients(x, y)[0]

    out = []
    for weight in (w for w in model.weights if w.trainable):
        live, slope = model.store.array(weight), np.zeros(weight.shape)
        for index in np.ndindex(weight.shape):
            kept = live[index]
            live[index] = kept + step
            above = loss()
            live[index] = kept - step
            below = loss()
            live[index] = kept
            slope[index] = (above - below) / (2 * step)
        out.append(slope)
    model.rng.bit_generator.state = draws
    return out


def check_gradients(model: Sequential, x: Array, y: Array, *, rtol: float = 1e-5, atol: float = 1e-7) -> None:
    """Raises AssertionError naming the worst entry if analytic and numeric gradients differ. Wants dtype float64."""
    if model.dtype != np.float64:
        raise ValueError(f"check_gradients wants a float64 model, got {model.dtype}")
    draws = model.rng.bit_generator.state
    _, analytic = model.gradients(x, y)
    model.rng.bit_generator.state = draws
    names: list[Any] = [f"{layer.name}/{w.name}" for layer in model.leaves for w in layer.weights if w.trainable]
    for name, a, n in zip(names, analytic, numeric_gradients(model, x, y), strict=True):
        gap = np.abs(a - n) - (atol + rtol * np.abs(n))
        if not (gap <= 0).all():
            worst = np.unravel_index(int(np.nanargmax(np.where(np.isnan(gap), np.inf, gap))), a.shape)
            place = tuple(int(i) for i in worst)
            raise AssertionError(f"{name}{list(place)}: analytic {a[place]!r}, numeric {n[place]!r}")
