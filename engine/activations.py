"""Activations a = g(z). Each stands as a pair: `forward` plans a from z, `backward` plans ∂J/∂z from ∂J/∂a.

Shapes: z, a, da, dz are all alike, batch last. Inside the plan the features are axis −2 (axis 0 of a vector).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.core.plan import Plan, writes
from engine.core.registry import Registry
from engine.core.special import erf
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

    def __call__(self, z: Array) -> Array:
        """g(z) for an array with the features last."""
        plan, buffer, out = _lone_plan(z)
        self.forward(plan, buffer, out)
        plan.run()
        return np.asarray(np.moveaxis(out, -1, 0).reshape(np.shape(z)))

    def slope(self, z: Array) -> Array:
        """g′(z) element by element (for softmax: a(1 − a), the slope of each output in its own input)."""
        plan, buffer, out = _lone_plan(z)
        memo = self.forward(plan, buffer, out)
        if self.name == "softmax":
            plan.run()
            return np.asarray(np.moveaxis(out * (1 - out), -1, 0).reshape(np.shape(z)))
        slope = np.empty_like(out)
        self.backward(plan, np.ones_like(out), buffer, out, slope, memo)
        plan.run()
        return np.asarray(np.moveaxis(slope, -1, 0).reshape(np.shape(z)))


def _lone_plan(z: Array) -> tuple[Plan, Array, Array]:
    z = np.asarray(z)
    z = z.astype(z.dtype if z.dtype in (np.float32, np.float64) else np.float64)
    rows = np.atleast_2d(z)
    buffer = np.ascontiguousarray(np.moveaxis(rows, 0, -1))
    return Plan.lone(rows.shape[0], z.dtype), buffer, np.empty_like(buffer)


activations: Registry[Activation] = Registry("activation")


def _register(
    name: str,
    formula: str,
    forward: Forward,
    backward: Backward,
    low: float | None = None,
    high: float | None = None,
) -> None:
    activations.add(name, Activation(name, formula, forward, backward, (low, high)))


def _linear(plan: Plan, z: Array, a: Array) -> None:
    if a is not z:
        plan.call(np.copyto, a, z)


def _linear_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    if dz is not da:
        plan.call(np.copyto, dz, da)


def row_of(plan: Plan, z: Array, number: float) -> Array:
    """A number as an operand for NumPy's maximum and minimum, which read two arrays twice as fast as one and a number.

    For images a row that repeats along rows and channels, for all else one as large as z.
    """
    if z.ndim != 4:
        return np.full(z.shape, number, plan.dtype)
    return np.full((z.shape[1], 1, z.shape[3]), number, plan.dtype)


def _relu(plan: Plan, z: Array, a: Array) -> None:
    plan.maximum(z, row_of(plan, z, 0), a)


def _relu_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    # As whole numbers: −a has its sign bit set just where a > 0; shifted down it is a mask of ones there.
    whole = np.int32 if plan.dtype == np.float32 else np.int64
    mask = plan.like(a, whole)
    plan.call(np.negative, a.view(whole), mask)
    plan.call(np.right_shift, mask, np.array(8 * mask.itemsize - 1, whole), mask)
    plan.call(np.bitwise_and, mask, da.view(whole), dz.view(whole))


def _relu6(plan: Plan, z: Array, a: Array) -> None:
    plan.maximum(z, row_of(plan, z, 0), a)
    plan.minimum(a, row_of(plan, a, 6), a)


def _relu6_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    open_ = plan.like(z, bool)
    below = plan.like(z, bool)
    plan.call(np.greater, a, plan.scalar(0), open_)
    plan.call(np.less, a, plan.scalar(6), below)
    plan.call(np.logical_and, open_, below, below)
    plan.call(np.multiply, da, below, dz)


def _step(plan: Plan, z: Array, a: Array) -> None:
    plan.call(np.greater_equal, z, plan.scalar(0), a)


def _step_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    plan.call(np.multiply, da, plan.scalar(0), dz)


def leaky_forward(plan: Plan, z: Array, a: Array, slope: float) -> None:
    """a = z where z > 0, else slope·z (0 ≤ slope ≤ 1)."""
    plan.call(np.multiply, z, plan.scalar(slope), a)
    plan.maximum(z, a, a)


def leaky_backward(plan: Plan, da: Array, z: Array, dz: Array, slope: float) -> None:
    positive, factor = plan.like(z, bool), plan.like(z)
    plan.call(np.greater, z, plan.scalar(0), positive)
    plan.call(np.multiply, positive, plan.scalar(1 - slope), factor)
    plan.call(np.add, factor, plan.scalar(slope), factor)
    plan.call(np.multiply, da, factor, dz)


def sigmoid_into(plan: Plan, z: Array, a: Array) -> None:
    """Plans a = 1/(1 + e^(−z)), the exponent held where it cannot overflow."""
    plan.call(np.negative, z, a)
    plan.minimum(a, plan.scalar(87.0 if plan.dtype == np.float32 else 700.0), a)
    plan.call(np.exp, a, a)
    plan.call(np.add, a, plan.scalar(1), a)
    plan.call(np.reciprocal, a, a)


def _sigmoid_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    slope = plan.like(z)
    plan.call(np.subtract, plan.scalar(1), a, slope)
    plan.call(np.multiply, slope, a, slope)
    plan.call(np.multiply, da, slope, dz)


def _tanh(plan: Plan, z: Array, a: Array) -> None:
    plan.call(np.tanh, z, a)


def _tanh_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    slope = plan.like(z)
    plan.call(np.multiply, a, a, slope)
    plan.call(np.multiply, slope, da, slope)
    plan.call(np.subtract, da, slope, dz)


def _elu(plan: Plan, z: Array, a: Array) -> Array:
    below = plan.like(z)
    plan.minimum(z, row_of(plan, z, 0), below)
    plan.call(np.expm1, below, below)
    plan.maximum(z, row_of(plan, z, 0), a)
    plan.call(np.add, a, below, a)
    return below


def _elu_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    slope = plan.like(z)
    plan.call(np.add, memo, plan.scalar(1), slope)
    plan.call(np.multiply, da, slope, dz)


@writes(1)
def _cumulative(z: Array, gate: Array) -> None:
    """gate ← Φ(z), the normal distribution's."""
    np.multiply(0.5, 1.0 + erf(z * np.sqrt(0.5, dtype=z.dtype)), out=gate)


def _gelu(plan: Plan, z: Array, a: Array) -> Array:
    gate = plan.like(z)
    plan.call(_cumulative, z, gate)
    plan.call(np.multiply, z, gate, a)
    return gate


def _gelu_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    density = plan.like(z)
    plan.call(np.multiply, z, z, density)
    plan.call(np.multiply, density, plan.scalar(-0.5), density)
    plan.call(np.exp, density, density)
    plan.call(np.multiply, density, plan.scalar(1 / np.sqrt(2 * np.pi)), density)
    plan.call(np.multiply, density, z, density)
    plan.call(np.add, density, memo, density)
    plan.call(np.multiply, da, density, dz)


def _swish(plan: Plan, z: Array, a: Array) -> Array:
    gate = plan.like(z)
    sigmoid_into(plan, z, gate)
    plan.call(np.multiply, z, gate, a)
    return gate


def _swish_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    slope = plan.like(z)
    plan.call(np.subtract, plan.scalar(1), memo, slope)
    plan.call(np.multiply, slope, a, slope)
    plan.call(np.add, slope, memo, slope)
    plan.call(np.multiply, da, slope, dz)


def _softplus(plan: Plan, z: Array, a: Array) -> None:
    plan.call(np.logaddexp, plan.scalar(0), z, a)


def _softplus_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    slope = plan.like(z)
    sigmoid_into(plan, z, slope)
    plan.call(np.multiply, da, slope, dz)


def _softmax(plan: Plan, z: Array, a: Array) -> None:
    edge = plan.buffer((*z.shape[:-2], 1, z.shape[-1]))
    plan.call(np.maximum.reduce, z, -2, None, edge, True)
    plan.call(np.subtract, z, edge, a)
    plan.call(np.exp, a, a)
    plan.call(np.add.reduce, a, -2, None, edge, True)
    plan.call(np.divide, a, edge, a)


def _softmax_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    product = plan.like(z)
    dot = plan.buffer((*z.shape[:-2], 1, z.shape[-1]))
    plan.call(np.multiply, da, a, product)
    plan.call(np.add.reduce, product, -2, None, dot, True)
    plan.call(np.subtract, da, dot, product)
    plan.call(np.multiply, product, a, dz)


_register("linear", "g(z) = z", _linear, _linear_back)
_register("relu", r"g(z) = \max(0, z)", _relu, _relu_back, 0)
_register("relu6", r"g(z) = \min(\max(0, z), 6)", _relu6, _relu6_back, 0, 6)
_register(
    "leaky_relu",
    r"g(z) = \max(0.2 z, z)",
    lambda plan, z, a: leaky_forward(plan, z, a, 0.2),
    lambda plan, da, z, a, dz, memo: leaky_backward(plan, da, z, dz, 0.2),
)
_register("elu", r"g(z) = z \text{ if } z > 0 \text{ else } e^z - 1", _elu, _elu_back, -1)
_register("gelu", r"g(z) = z\,\Phi(z)", _gelu, _gelu_back)
_register("swish", r"g(z) = z\,\sigma(z)", _swish, _swish_back)
_register("sigmoid", r"g(z) = \frac{1}{1 + e^{-z}}", sigmoid_into, _sigmoid_back, 0, 1)
_register("step", r"g(z) = 1 \text{ if } z \ge 0 \text{ else } 0", _step, _step_back, 0, 1)
_register("tanh", r"g(z) = \tanh z", _tanh, _tanh_back, -1, 1)
_register("softmax", r"a_j = \frac{e^{z_j}}{\sum_k e^{z_k}}", _softmax, _softmax_back, 0, 1)
_register("softplus", r"g(z) = \ln(1 + e^z)", _softplus, _softplus_back, 0)


def get(activation: "str | Activation | None") -> Activation:
    """From a name, None (linear) or itself."""
    if isinstance(activation, Activation):
        return activation
    if activation is None:
        return activations.get("linear")
    return activations.get("swish" if activation == "silu" else activation)
