"""Activations a = g(z). Each stands as a pair: `forward` plans a from z, `backward` plans ∂J/∂z from ∂J/∂a.

Shapes: z, a, da, dz are all alike, batch last. Inside the plan the features are axis −2 (axis 0 of a vector).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.core.calls import worded
from engine.core.plan import Plan, writes
from engine.core.registry import Registry
from engine.core.special import erf
from engine.core.types import Array
from engine.foreign import ACTIVATION_NAMES, missing_names

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


SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
"""λ and α with which layer after layer of normal numbers keeps mean 0 and variance 1."""


def _selu(plan: Plan, z: Array, a: Array) -> Array:
    below = plan.like(z)
    plan.minimum(z, row_of(plan, z, 0), below)
    plan.call(np.expm1, below, below)
    plan.call(np.multiply, below, plan.scalar(SELU_ALPHA), below)
    plan.maximum(z, row_of(plan, z, 0), a)
    plan.call(np.add, a, below, a)
    plan.call(np.multiply, a, plan.scalar(SELU_SCALE), a)
    return below


def _selu_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    # g′ = λ·(αe^z) below zero, which is λ·(memo + α), and λ above it, where memo is 0
    slope, above = plan.like(z), plan.like(z, bool)
    plan.call(np.greater, z, plan.scalar(0), above)
    plan.call(np.multiply, above, plan.scalar(1 - SELU_ALPHA), slope)
    plan.call(np.add, slope, memo, slope)
    plan.call(np.add, slope, plan.scalar(SELU_ALPHA), slope)
    plan.call(np.multiply, slope, plan.scalar(SELU_SCALE), slope)
    plan.call(np.multiply, da, slope, dz)


def _hard_sigmoid(plan: Plan, z: Array, a: Array) -> None:
    plan.call(np.divide, z, plan.scalar(6), a)
    plan.call(np.add, a, plan.scalar(0.5), a)
    plan.maximum(a, row_of(plan, a, 0), a)
    plan.minimum(a, row_of(plan, a, 1), a)


def _hard_sigmoid_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    inside, below = plan.like(z, bool), plan.like(z, bool)
    slope = plan.like(z)
    plan.call(np.greater, z, plan.scalar(-3), inside)
    plan.call(np.less, z, plan.scalar(3), below)
    plan.call(np.logical_and, inside, below, inside)
    plan.call(np.multiply, inside, plan.scalar(1 / 6), slope)
    plan.call(np.multiply, da, slope, dz)


def _softsign(plan: Plan, z: Array, a: Array) -> Array:
    size = plan.like(z)
    plan.call(np.absolute, z, size)
    plan.call(np.add, size, plan.scalar(1), size)
    plan.call(np.divide, z, size, a)
    return size


def _softsign_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    square = plan.like(z)
    plan.call(np.multiply, memo, memo, square)
    plan.call(np.divide, da, square, dz)


def _exponential(plan: Plan, z: Array, a: Array) -> None:
    plan.call(np.exp, z, a)


def _exponential_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    plan.call(np.multiply, da, a, dz)


def _mish(plan: Plan, z: Array, a: Array) -> Array:
    gate = plan.like(z)
    plan.call(np.logaddexp, plan.scalar(0), z, gate)
    plan.call(np.tanh, gate, gate)
    plan.call(np.multiply, z, gate, a)
    return gate


def _mish_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    # g′ = t + z·(1 − t²)·σ(z)  with t = tanh(ln(1 + e^z))
    slope, sigma = plan.like(z), plan.like(z)
    sigmoid_into(plan, z, sigma)
    plan.call(np.multiply, memo, memo, slope)
    plan.call(np.subtract, plan.scalar(1), slope, slope)
    plan.call(np.multiply, slope, sigma, slope)
    plan.call(np.multiply, slope, z, slope)
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


_register(
    "selu",
    r"g(z) = 1.0507 \cdot \begin{cases} z & z > 0 \\ 1.6733\,(e^z - 1) & z \le 0 \end{cases}",
    _selu,
    _selu_back,
    -SELU_SCALE * SELU_ALPHA,
)
_register("mish", r"g(z) = z \tanh(\ln(1 + e^z))", _mish, _mish_back)
_register("softsign", r"g(z) = \frac{z}{1 + |z|}", _softsign, _softsign_back, -1, 1)
_register("hard_sigmoid", r"g(z) = \min(\max(0, \tfrac z6 + \tfrac12), 1)", _hard_sigmoid, _hard_sigmoid_back, 0, 1)
exponential = Activation("exponential", r"g(z) = e^z", _exponential, _exponential_back, (0, None))
"""For Python alone: in a hidden layer it grows beyond all numbers, so no menu has it."""

linear, relu, relu6, leaky_relu = (activations.get(n) for n in ("linear", "relu", "relu6", "leaky_relu"))
elu, selu, gelu, swish = (activations.get(n) for n in ("elu", "selu", "gelu", "swish"))
sigmoid, tanh, softmax, softplus = (activations.get(n) for n in ("sigmoid", "tanh", "softmax", "softplus"))
mish, softsign, hard_sigmoid = (activations.get(n) for n in ("mish", "softsign", "hard_sigmoid"))
silu = swish
ALIASES = {"silu": "swish", "ReLU": "relu", "Softmax": "softmax", "LeakyReLU": "leaky_relu", "ELU": "elu"}


def get(activation: Any) -> Activation:
    """From a name, None (linear) or itself."""
    if isinstance(activation, Activation):
        return activation
    if activation is None:
        return linear
    if isinstance(activation, str):
        if activation == exponential.name:
            return exponential
        return activations.get(ALIASES.get(activation, activation))
    if hasattr(activation, "backward"):
        raise ValueError(
            f"an activation is a name, got a layer; put {type(activation).__name__} behind this one instead"
        )
    shown = getattr(activation, "__name__", repr(activation))
    raise ValueError(
        f"an activation is one of {', '.join(activations.names())}, got {shown}: "
        "a function of your own has no slope here, since nothing is differentiated by itself"
    )


if not TYPE_CHECKING:
    __getattr__ = missing_names(__name__, ACTIVATION_NAMES, lambda: list(globals()))
