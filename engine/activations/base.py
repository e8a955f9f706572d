"""What an activation is, and the registry."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.core.calls import worded
from engine.core.plan import Plan
from engine.core.registry import Registry
from engine.core.types import Array

Forward = Callable[[Plan, Array, Array], Any]
Backward = Callable[[Plan, Array, Array, Array, Array, Any], None]


@dataclass(frozen=True)
class Activation:
    """name; formula in LaTeX; forward(plan, z, a) → memo; backward(plan, da, z, a, dz, memo)."""

    name: str
    formula: str
    forward: Forward
    backward: Backward
    range: tuple[float | None, float | None] = (None, None)

    @worded(who="an activation")
    def __call__(self, x: Any) -> Array:
        """g(x) for an array with the features last."""
        z: Array = np.asarray(x)
        plan, buffer, out = lone_plan(z)
        self.forward(plan, buffer, out)
        plan.run()
        return np.asarray(np.moveaxis(out, -1, 0).reshape(np.shape(z)))

    def slope(self, z: Array) -> Array:
        """g′(z) element by element (for softmax: a(1 − a), the slope of each output in its own input)."""
        plan, buffer, out = lone_plan(z)
        memo = self.forward(plan, buffer, out)
        if self.name == "softmax":
            plan.run()
            return np.asarray(np.moveaxis(out * (1 - out), -1, 0).reshape(np.shape(z)))
        slope = np.empty_like(out)
        self.backward(plan, np.ones_like(out), buffer, out, slope, memo)
        plan.run()
        return np.asarray(np.moveaxis(slope, -1, 0).reshape(np.shape(z)))


def lone_plan(z: Array) -> tuple[Plan, Array, Array]:
    z = np.asarray(z)
    z = z.astype(z.dtype if z.dtype in (np.float32, np.float64) else np.float64)
    rows = np.atleast_2d(z)
    buffer = np.ascontiguousarray(np.moveaxis(rows, 0, -1))
    return Plan.lone(rows.shape[0], z.dtype), buffer, np.empty_like(buffer)


activations: Registry[Activation] = Registry("activation")


def register(
    name: str,
    formula: str,
    forward: Forward,
    backward: Backward,
    low: float | None = None,
    high: float | None = None,
) -> None:
    activations.add(name, Activation(name, formula, forward, backward, (low, high)))


def row_of(plan: Plan, z: Array, number: float) -> Array:
    """A number as an operand for NumPy's maximum and minimum, which read two arrays twice as fast as one and a number.

    For images a row that repeats along rows and channels, for all else one as large as z.
    """
    if z.ndim != 4:
        return np.full(z.shape, number, plan.dtype)
    return np.full((z.shape[1], 1, z.shape[3]), number, plan.dtype)
