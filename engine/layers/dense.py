"""Dense and what follows it: Activation, LeakyReLU."""

from typing import Any

import numpy as np

from engine import activations, initializers, regularizers
from engine.activations import IN_PLACE, leaky_backward, leaky_forward
from engine.activations import Activation as ActivationFunction
from engine.core.arguments import Argument
from engine.core.parameters import ParameterStore
from engine.core.plan import Plan, Value
from engine.core.types import Array, Shape
from engine.layers.base import Layer, register

ACTIVATION = Argument(
    "activation",
    "choice",
    "linear",
    choices=tuple(activations.activations.names()),
    doc="g in a = g(z)",
)
INITIALIZERS = tuple(initializers.initializers.names())


class Activated(Layer):
    """A layer that ends in a = g(z)."""

    activation: ActivationFunction

    def activate(self, plan: Plan, z: Array, out: Value) -> None:
        plan.preactivations[self] = z
        plan.memo[self, "activation"] = self.activation.forward(plan, z, out.data)

    def deactivate(self, plan: Plan, da: Array) -> Array:
        """∂J/∂z from ∂J/∂a; when the loss was joined with the activation, da is ∂J/∂z already."""
        if plan.gradient_given_before_activation:
            plan.gradient_given_before_activation = False
            return da
        z = plan.preactivations[self]
        if self.activation.name == "linear":
            return da
        dz = plan.like(z)
        memo: Any = plan.memo[self, "activation"]
        self.activation.backward(plan, da, z, plan.outputs[self].data, dz, memo)
        return dz


@register
class Dense(Activated):
    """y = g(x·W + b)      x (B, I), W (I, O), b (O,), y (B, O).

    W starts Glorot-uniform (Glorot & Bengio 2010, eq. 16), b at zero. Inside, the block is (O, I + 1): W transposed
    with b as its last column, so one product with the input's row of ones gives z, and one gives both gradients.
    """

    doc = "every output sees every input"
    arguments = (
        Argument("units", "int", 8, minimum=1, doc="outputs O"),
        ACTIVATION,
        Argument("use_bias", "bool", True, doc="add b"),
        Argument("kernel_initializer", "choice", "glorot_uniform", choices=INITIALIZERS, doc="how W starts"),
        Argument("bias_initializer", "choice", "zeros", choices=INITIALIZERS, doc="how b starts"),
        Argument("kernel_regularizer", "choice", None, optional=True, doc="l1·Σ|W| + l2·ΣW²"),
        Argument("bias_regularizer", "choice", None, optional=True, doc="the same for b"),
    )

    def __init__(
        self,
        units: int,
        activation: str | ActivationFunction | None = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        *,
        name: str | None = None,
    ) -> None:
        super().__init__(name=name)
        self.units: int = self.check("units", units)
        self.activation = activations.get(activation)
        self.use_bias: bool = self.check("use_bias", use_bias)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)

    def build(self, store: ParameterStore, input_shape: Shape) -> Shape:
        if len(input_shape) != 1:
            shape = ", ".join(map(str, ("B", *input_shape)))
            raise self.wants("a vector per example (B, I); put a Flatten before it", f"({shape})")
        inputs = input_shape[0]
        self.block = self.reserve(store, (self.units, inputs + self.use_bias))
        self.add_weight(
            store,
            "kernel",
            (inputs, self.units),
            self.kernel_initializer,
            block=self.block,
            view=lambda block: block[:, :inputs].T,
            regularizer=self.kernel_regularizer,
        )
        if self.use_bias:
            self.add_weight(
                store,
                "bias",
                (self.units,),
                self.bias_initializer,
                block=self.block,
                view=lambda block: block[:, inputs],
                regularizer=self.bias_regularizer,
            )
        return (self.units,)

    def forward(self, plan: Plan, x: Value) -> Value:
        operand = x.with_ones if self.use_bias else x.data
        assert operand is not None
        plan.memo[self] = operand
        out = plan.value((self.units,))
        linear = self.activation.name == "linear"
        z = out.data if linear else plan.buffer((self.units, plan.batch))
        plan.call(np.dot, self.block.of(plan.values), operand, z)
        self.activate(plan, z, out)
        return out

    def backward(self, plan: Plan, dy: Array, wants_dx: bool) -> Array | None:
        dz = self.deactivate(plan, dy)
        operand: Array = plan.memo[self]
        plan.call(np.dot, dz, operand.T, self.block.of(plan.gradients))
        if not wants_dx:
            return None
        kernel = self.block.of(plan.values)[:, : self.input_shape[0]]
        dx = plan.buffer((self.input_shape[0], plan.batch))
        # With one output the product is an outer one, and an elementwise call is quicker than BLAS.
        plan.call(np.multiply if self.units == 1 else np.dot, kernel.T, dz, dx)
        return dx

    def multiplications(self) -> int:
        return self.input_shape[0] * self.units


@register
class Activation(Activated):
    """y = g(x), any shape."""

    doc = "an activation as a layer of its own"
    in_place = True
    arguments = (ACTIVATION,)

    def __init__(self, activation: str | ActivationFunction, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self.activation = activations.get(activation)

    by_rows = True

    def forward(self, plan: Plan, x: Value) -> Value:
        if len(x.shape) != 3:
            plan.need(x.data)
            out = plan.value(x.shape)
            self.activate(plan, x.data, out)
            return out
        memo: dict[int, Any] = {}
        plan.memo[self] = memo
        plan.preactivations[self] = x.data
        need = plan.source(x.data)
        out = Value(x.data) if x.reusable and self.activation.name in IN_PLACE else plan.value(x.shape)

        def emit(s: slice) -> None:
            need(s.stop)
            memo[s.start] = self.activation.forward(plan, x.data[s], out.data[s])

        plan.by_rows(out.data, emit)
        return out

    def backward(self, plan: Plan, dy: Array, wants_dx: bool) -> Array | None:
        if not wants_dx:
            return None
        if self not in plan.memo or plan.gradient_given_before_activation or self.activation.name == "linear":
            plan.need(dy)
            return self.deactivate(plan, dy)
        z, a, need = plan.preactivations[self], plan.outputs[self].data, plan.source(dy)
        dx = dy if plan.owned(dy) and self.activation.name == "relu" else plan.gradient(self.input_shape)

        def emit(s: slice) -> None:
            need(s.stop)
            self.activation.backward(plan, dy[s], z[s], a[s], dx[s], plan.memo[self][s.start])

        plan.by_rows(dx, emit)
        return dx


@register
class LeakyReLU(Layer):
    """y = x where x > 0, else negative_slope · x (Maas et al. 2013); any shape."""

    doc = "a ReLU that lets a little through below zero"
    arguments = (Argument("negative_slope", "float", 0.3, minimum=0, maximum=1, doc="slope below zero"),)

    def __init__(self, negative_slope: float = 0.3, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self.negative_slope: float = self.check("negative_slope", negative_slope)

    def forward(self, plan: Plan, x: Value) -> Value:
        plan.memo[self] = x.data
        out = plan.value(x.shape)
        leaky_forward(plan, x.data, out.data, self.negative_slope)
        return out

    def backward(self, plan: Plan, dy: Array, wants_dx: bool) -> Array | None:
        if not wants_dx:
            return None
        dx = plan.like(dy)
        leaky_backward(plan, dy, plan.memo[self], dx, self.negative_slope)
        return dx
