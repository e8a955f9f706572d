"""Dense and what follows it: Activation, ReLU, LeakyReLU."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine import activations, initializers, regularizers
from engine.activations import Activation as ActivationFunction
from engine.activations import leaky_backward, leaky_forward
from engine.core.arguments import Argument
from engine.core.calls import Foreign, worded
from engine.core.parameters import ParameterStore
from engine.core.plan import Margin, Plan, Slope, Value, Wish
from engine.core.terms import Formula, Sum, Terms, passed, same
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
USE_BIAS = Argument("use_bias", "bool", True, doc="add b")
KERNEL_INITIALIZER = Argument(
    "kernel_initializer", "choice", "glorot_uniform", choices=INITIALIZERS, doc="how W starts"
)
KERNEL_REGULARIZER = Argument("kernel_regularizer", "choice", None, optional=True, doc="l1·Σ|W| + l2·ΣW²")
BIAS_INITIALIZER = Argument("bias_initializer", "choice", "zeros", choices=INITIALIZERS, doc="how b starts")
BIAS_REGULARIZER = Argument("bias_regularizer", "choice", None, optional=True, doc="the same for b")
WEIGHTS = (USE_BIAS, KERNEL_INITIALIZER, BIAS_INITIALIZER, KERNEL_REGULARIZER, BIAS_REGULARIZER)
"""Arguments of a layer with a kernel and b."""


class Activated(Layer):
    """A layer that ends in a = g(z)."""

    activation: ActivationFunction

    def activate(self, plan: Plan, z: Array, out: Value) -> None:
        plan.preactivations[self] = z
        plan.memo[self, "activation"] = self.activation.forward(plan, z, out.data)

    def deactivate(self, plan: Plan, slope: Slope) -> Array:
        """∂J/∂z from ∂J/∂a; when the loss was joined with the activation, it is ∂J/∂z already."""
        da = slope.data
        if slope.joined or self.activation.name == "linear":
            return da
        z = plan.preactivations[self]
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
        *WEIGHTS,
    )
    order = (
        "units", "activation", "use_bias", "kernel_initializer", "bias_initializer", "kernel_regularizer",
        "bias_regularizer", "activity_regularizer", "kernel_constraint", "bias_constraint", "lora_rank", "lora_alpha",
        "quantization_config",
    )  # fmt: skip

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
            raise self.wants(
                "layer-needs-vectors",
                "a vector per example (B, I); put a Flatten before it, or use Conv2D(units, 1), which does the same at "
                f"each place of an image by itself, got ({', '.join(map(str, ('B', *input_shape)))})",
                got=input_shape,
            )
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

    def forward(self, plan: Plan, x: Value, wish: Wish) -> Value:
        operand = x.with_ones if self.use_bias else x.data
        assert operand is not None
        plan.memo[self] = operand
        out = plan.value((self.units,))
        linear = self.activation.name == "linear"
        z = out.data if linear else plan.buffer((self.units, plan.batch))
        plan.call(np.dot, self.block.values, operand, z)
        self.activate(plan, z, out)
        return out

    def backward(self, plan: Plan, dy: Slope, wanted: Margin | None) -> Array | None:
        dz = self.deactivate(plan, dy)
        operand: Array = plan.memo[self]
        if plan.learns(self.block):
            plan.call(np.dot, dz, operand.T, plan.slope(self.block))
        if wanted is None:
            return None
        kernel = self.block.values[:, : self.input_shape[0]]
        dx = plan.buffer((self.input_shape[0], plan.batch))
        # With one output the product is an outer one, and an elementwise call is quicker than BLAS.
        plan.call(np.multiply if self.units == 1 else np.dot, kernel.T, dz, dx)
        return dx

    def terms(self, index: int, inputs: Sequence[Array]) -> Terms:
        kernel, *bias = (w.array for w in self.weights)
        formula = f"Σ_i W_i x_i{' + b_k' if bias else ''}"
        return Sum("products", formula, inputs[0], kernel[:, index], float(bias[0][index]) if bias else None)

    def input_terms(self, which: int, index: int, inputs: Sequence[Array], slope: Array) -> Terms:
        return Sum("weights", "Σ W · ∂J/∂z", slope, self.weights[0].array[index])

    def weight_terms(self, name: str, place: tuple[int, ...], x: Array, slope: Array) -> Sum:
        if name == "bias":
            return Sum("products", "∂J/∂z", slope[place[0], None])
        return Sum("products", "∂J/∂z · x", x[place[0], None], slope[place[1], None])

    def weights_of(self, index: int) -> dict[str, tuple[int | None, ...]]:
        return {"kernel": (None, index), **super().weights_of(index)}

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

    def forward(self, plan: Plan, x: Value, wish: Wish) -> Value:
        if len(x.shape) != 3:
            plan.need(x.data)
            out = plan.value(x.shape)
            self.activate(plan, x.data, out)
            return out
        memo: dict[int, Any] = {}
        plan.memo[self] = memo
        plan.preactivations[self] = x.data
        out = plan.value(x.shape, wish.margin)

        def emit(s: slice) -> None:
            plan.need(x.data, s.stop)
            memo[s.start] = self.activation.forward(plan, x.data[s], out.data[s])

        plan.by_rows(out.data, emit)
        return out

    def backward(self, plan: Plan, dy: Slope, wanted: Margin | None) -> Array | None:
        if wanted is None:
            return None
        if self not in plan.memo or dy.joined or self.activation.name == "linear":
            plan.need(dy.data)
            return self.deactivate(plan, dy)
        da, z, a, memo = dy.data, plan.preactivations[self], plan.outputs[self].data, plan.memo[self]
        dx = plan.gradient(self.input_shape, wanted)

        def emit(s: slice) -> None:
            plan.need(da, s.stop)
            self.activation.backward(plan, da[s], z[s], a[s], dx[s], memo[s.start])

        plan.by_rows(dx, emit)
        return dx

    def terms(self, index: int, inputs: Sequence[Array]) -> Terms:
        return same(inputs[0].flat[index])

    def input_terms(self, which: int, index: int, inputs: Sequence[Array], slope: Array) -> Terms:
        return passed(slope.flat[index])


def bent(x: float, slope: float, kink: float = 0.0) -> Formula:
    """slope · (x − kink): the straight part of a ReLU that x lies on."""
    if slope == 1 and not kink:
        return same(x)
    if not slope:
        return Formula("0", "", {}, 0.0)
    parts = {"m": slope, "x": x, "θ": kink}
    if kink:
        return Formula(f"{slope:g} (x − θ)", "{m}·({x} − {θ})", parts, slope * (x - kink))
    return Formula(f"{slope:g} x", "{m}·{x}", parts, slope * x)


def through(slope: float, passed_on: float) -> Formula:
    """g′ · ∂J/∂a."""
    return Formula("g′ · ∂J/∂a", "{g′}·{∂a}", {"g′": slope, "∂a": passed_on}, slope * passed_on, "slope")


@register
class LeakyReLU(Layer):
    """y = x where x > 0, else negative_slope · x (Maas et al. 2013); any shape."""

    doc = "a ReLU that lets a little through below zero"
    arguments = (Argument("negative_slope", "float", 0.3, minimum=0, maximum=1, doc="slope below zero"),)

    def __init__(self, negative_slope: float = 0.3, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self.negative_slope: float = self.check("negative_slope", negative_slope)

    def forward(self, plan: Plan, x: Value, wish: Wish) -> Value:
        plan.memo[self] = x.data
        out = plan.value(x.shape, wish.margin)
        leaky_forward(plan, x.data, out.data, self.negative_slope)
        return out

    def backward(self, plan: Plan, dy: Slope, wanted: Margin | None) -> Array | None:
        if wanted is None:
            return None
        dx = plan.gradient(self.input_shape, wanted)
        leaky_backward(plan, dy.data, plan.memo[self], dx, self.negative_slope)
        return dx

    def terms(self, index: int, inputs: Sequence[Array]) -> Terms:
        x = float(inputs[0].flat[index])
        return bent(x, 1.0 if x > 0 else self.negative_slope)

    def input_terms(self, which: int, index: int, inputs: Sequence[Array], slope: Array) -> Terms:
        return through(1.0 if inputs[0].flat[index] > 0 else self.negative_slope, float(slope.flat[index]))


@register
class ReLU(Layer):
    """y = max_value where x ≥ max_value, x where x > threshold θ, else negative_slope · (x − θ); any shape."""

    doc = "a ReLU with a ceiling, a threshold and a slope below it"
    arguments = (
        Argument("max_value", "float", None, above=0, optional=True, doc="ceiling; null for none"),
        Argument("negative_slope", "float", 0.0, minimum=0, maximum=1, doc="slope below the threshold"),
        Argument("threshold", "float", 0.0, minimum=0, doc="from where on numbers pass"),
    )

    def __init__(
        self,
        max_value: float | None = None,
        negative_slope: float = 0.0,
        threshold: float = 0.0,
        *,
        name: str | None = None,
    ) -> None:
        super().__init__(name=name)
        self.max_value: float | None = self.check("max_value", max_value)
        self.negative_slope: float = self.check("negative_slope", negative_slope)
        self.threshold: float = self.check("threshold", threshold)
        if self.max_value is not None and self.threshold >= self.max_value:
            raise self.wants(
                "relu-threshold",
                "threshold < max_value, got {threshold:g} and {max_value:g}",
                threshold=self.threshold,
                max_value=self.max_value,
            )

    def forward(self, plan: Plan, x: Value, wish: Wish) -> Value:
        out, passes = plan.value(x.shape, wish.margin), plan.like(x.data, bool)
        plan.memo[self] = x.data
        plan.call(np.greater, x.data, plan.scalar(self.threshold), passes)
        plan.call(np.multiply, x.data, passes, out.data)
        if self.max_value is not None:
            plan.minimum(out.data, plan.scalar(self.max_value), out.data)
        if self.negative_slope:
            below = plan.like(x.data)
            plan.call(np.subtract, x.data, plan.scalar(self.threshold), below)
            plan.minimum(below, plan.scalar(0), below)
            plan.call(np.multiply, below, plan.scalar(self.negative_slope), below)
            plan.call(np.add, out.data, below, out.data)
        return out

    def backward(self, plan: Plan, dy: Slope, wanted: Margin | None) -> Array | None:
        if wanted is None:
            return None
        x: Array = plan.memo[self]
        passes, slope = plan.like(x, bool), plan.like(x)
        plan.call(np.greater, x, plan.scalar(self.threshold), passes)
        plan.call(np.multiply, passes, plan.scalar(1 - self.negative_slope), slope)
        plan.call(np.add, slope, plan.scalar(self.negative_slope), slope)
        if self.max_value is not None:
            plan.call(np.less, x, plan.scalar(self.max_value), passes)
            plan.call(np.multiply, slope, passes, slope)
        dx = plan.gradient(self.input_shape, wanted)
        plan.call(np.multiply, dy.data, slope, dx)
        return dx

    def terms(self, index: int, inputs: Sequence[Array]) -> Terms:
        x, most = float(inputs[0].flat[index]), self.max_value
        if most is not None and x >= most:
            return Formula("x_{max}", "", {"x": most}, most)
        return bent(x, 1.0) if x > self.threshold else bent(x, self.negative_slope, self.threshold)

    def input_terms(self, which: int, index: int, inputs: Sequence[Array], slope: Array) -> Terms:
        x = float(inputs[0].flat[index])
        full = self.max_value is not None and x >= self.max_value
        return through(0.0 if full else 1.0 if x > self.threshold else self.negative_slope, float(slope.flat[index]))


ELU_ALPHA = (
    "α is 1 here; the activation 'selu' has α = 1.67 (and scales by 1.05), LeakyReLU(negative_slope) a straight line"
)


@worded({"axis": Foreign("it works over the last axis", (-1,)), "dtype": Foreign()}, order=("axis",))
def Softmax(*, name: str | None = None) -> Activation:
    """Activation('softmax') by Keras's name for the layer."""
    return Activation("softmax", name=name or "softmax")


@worded({"alpha": Foreign(ELU_ALPHA, (1, 1.0)), "dtype": Foreign()}, order=("alpha",))
def ELU(*, name: str | None = None) -> Activation:
    """Activation('elu') by Keras's name for the layer."""
    return Activation("elu", name=name or "elu")
