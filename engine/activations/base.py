"""What an activation is, and the registry."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.core.calls import worded
from engine.core.plan import Plan
from engine.core.registry import Registry
from engine.core.terms import Formula, Sum, Terms
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

    def terms(self, k: int, z: Array) -> Formula:
        """a of number k of a vector z (of one place of an image: softmax mixes the channels)."""
        number = float(z[k])
        if self.name != "softmax":
            value = float(self(np.array([number]))[0])
            return Formula("g(z_k)", f"{self.name}({{z}})", {"z": number}, value)
        with np.errstate(over="ignore"):
            total = float(np.exp(np.asarray(z, np.float64)).sum())
        return Formula("e^z / Σ e^z", "e^{z} / {Σ}", {"z": number, "Σ": total}, float(self(z.astype(np.float64))[k]))

    def slope_terms(self, k: int, z: Array, da: Array) -> Terms:
        """∂J/∂z of number k of a vector z from ∂J/∂a of all its numbers."""
        if self.name == "softmax":
            a = self(z.astype(np.float64))
            return Sum("products", "Σ_j ∂J/∂a_j · ∂a_j/∂z_k", a * ((np.arange(len(a)) == k) - a[k]), da)
        slope, given = float(self.slope(z[k, None].astype(np.float64))[0]), float(da[k])
        return Formula("∂J/∂a_k · g′(z_k)", "{∂a}·{g′}", {"∂a": given, "g′": slope}, given * slope)


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
