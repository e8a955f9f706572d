"""What convolutions share, and Conv2D."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import numpy as np

from engine import activations, initializers, regularizers
from engine.activations import Activation as ActivationFunction
from engine.core.arguments import Argument
from engine.core.parameters import ParameterStore, Weight, whole
from engine.core.plan import Deferred, Margin, Plan, Rows, Slope, Value, Wish, rows_of
from engine.core.terms import Sum, Terms
from engine.core.types import Array, Shape
from engine.layers.base import Layer, image_shape, register
from engine.layers.correlation import (
    EXPAND_CHANNELS,
    Window,
    column_operands,
    expanded,
    gradient_margin,
    out_size,
    outer_products,
    plan_input_gradient,
    products,
)
from engine.layers.dense import ACTIVATION, WEIGHTS, Activated
from engine.layers.taps import in_a_row, met_by, readers_of, taps_of

KERNEL_SIZE = Argument("kernel_size", "pair", 3, minimum=1, doc="height and width of the window")
STRIDES = Argument("strides", "pair", 1, minimum=1, doc="pixels between windows")
PADDING = Argument(
    "padding", "choice", "valid", choices=("valid", "same"), doc="valid: windows inside alone; same: zeros around"
)
RISING = {"linear", "relu", "relu6", "leaky_relu", "sigmoid", "tanh", "elu", "softplus", "selu", "softsign",
          "hard_sigmoid", "exponential"}  # fmt: skip
"""Activations that never fall, so that max pooling may come before them."""


def sliding_shape(layer: Layer, shape: Shape, kernel: tuple[int, int], strides: tuple[int, int], padding: str) -> Shape:
    """Rows and columns of what a window leaves, or the layer's error when it does not fit once."""
    height, width, _ = image_shape(layer, shape)
    if padding == "valid" and (kernel[0] > height or kernel[1] > width):
        wanted = "an image of at least {window[0]}×{window[1]} (or padding 'same'), got {got[0]}×{got[1]}"
        raise layer.wants("window-too-large", wanted, window=tuple(kernel), got=(height, width))
    return (
        out_size(height, kernel[0], strides[0], padding),
        out_size(width, kernel[1], strides[1], padding),
    )


class Convolution(Activated):
    """What convolutions share: bias, activation, and leaving both to a max pooling that follows."""

    by_rows = True
    use_bias: bool
    bias: Weight | None
    window: Window
    kernel: Weight
    dilation_rate: tuple[int, int] = (1, 1)

    def takes(self, output: int) -> tuple[slice, tuple[Any, ...]]:
        """Of an output channel: the input channels that it is made of, and where their weights are in kernel[i, j]."""
        raise NotImplementedError

    def gives(self, channel: int) -> tuple[slice, tuple[Any, ...]]:
        """Of an input channel: the output channels that it goes into, and where their weights are in kernel[i, j]."""
        raise NotImplementedError

    def terms(self, index: int, inputs: Sequence[Array]) -> Terms:
        row, column, output = (int(i) for i in np.unravel_index(index, self.output_shape))
        channels, own = self.takes(output)
        taps = taps_of(self.window, row, column, self.dilation_rate)
        weights = [self.kernel.array[tap.i, tap.j][own] for tap in taps]
        numbers = [inputs[0][tap.row, tap.column, channels] for tap in taps]
        bias = None if self.bias is None else float(self.bias.array[output])
        formula = f"Σ_i W_i x_i{'' if bias is None else ' + b_k'}"
        return Sum("products", formula, in_a_row(numbers), in_a_row(weights), bias)

    def input_terms(self, which: int, index: int, inputs: Sequence[Array], slope: Array) -> Terms:
        y, x, channel = (int(i) for i in np.unravel_index(index, self.input_shape))
        outputs, own = self.gives(channel)
        readers = readers_of(self.window, y, x, self.dilation_rate)
        weights = [self.kernel.array[tap.i, tap.j][own] for tap in readers]
        slopes = [slope[tap.row, tap.column, outputs] for tap in readers]
        return Sum("weights", "Σ W · ∂J/∂z", in_a_row(slopes), in_a_row(weights))

    def weight_terms(self, name: str, place: tuple[int, ...], x: Array, slope: Array) -> Sum:
        if name == "bias":
            return Sum("products", "∂J/∂z", slope[..., place[0]].ravel())
        output, channel = self.used(place)
        outputs, pixels = met_by(self.window, place[0], place[1], self.dilation_rate)
        return Sum("products", "∂J/∂z · x", x[..., channel][pixels], slope[..., output][outputs])

    def used(self, place: tuple[int, ...]) -> tuple[int, int]:
        """Of a number of the kernel: the output channel that it works for, and the input channel that it meets."""
        raise NotImplementedError

    def margin(self) -> Margin:
        return self.window.margin if self.window.strides[1] == 1 else Margin()

    def gradient_margin(self) -> Margin:
        return gradient_margin(self.window) if self.activation.name == "linear" else Margin()

    def add_bias(self, store: ParameterStore, channels: int, initializer: Any, regularizer: Any) -> None:
        self.bias = (
            self.add_weight(store, "bias", (channels,), initializer, regularizer=regularizer) if self.use_bias else None
        )

    def _bias(self) -> Array | None:
        return None if self.bias is None else self.bias.array[:, None]

    def plan_bias_gradient(self, plan: Plan, dz: Array) -> None:
        """Leaves ∂J/∂b = Σ ∂J/∂z to be planned along with the rows of ∂J/∂z."""
        if self.bias is None or not plan.learns(self.bias.block):
            return
        rows, gradient = rows_of(dz), plan.slope(self.bias.block)
        ones, sums = np.ones(rows.shape[2], rows.dtype), plan.buffer(rows.shape[:2])

        def emit(s: slice) -> None:
            plan.need(dz, s.stop)
            plan.call(np.matmul, rows[s], ones, sums[s])

        plan.memo[self, "bias"] = plan.by_rows(
            sums, emit, slices=plan.slices(dz), finish=lambda: plan.call(np.add.reduce, sums, 0, None, gradient)
        )

    def activated(self, plan: Plan, z: Array, out: Array, convolve: Callable[[slice], None]) -> None:
        """Leaves out = g(z + b) to be planned by rows, behind what `convolve` plans for them."""
        bias, rows = self._bias(), rows_of(z)
        memo: dict[int, Any] = {}
        plan.memo[self, "activation"] = memo

        def emit(s: slice) -> None:
            convolve(s)
            if bias is not None:
                plan.call(np.add, rows[s], bias, rows[s])
            if out is not z:
                memo[s.start] = self.activation.forward(plan, z[s], out[s])

        plan.by_rows(out, emit, slices=plan.slices(z))

    def deactivated(self, plan: Plan, da: Array, z: Array, a: Array, dz: Array) -> None:
        """Leaves ∂J/∂z to be planned by rows."""
        memo: dict[int, Any] = plan.memo[self, "activation"]

        def emit(s: slice) -> None:
            plan.need(da, s.stop)
            self.activation.backward(plan, da[s], z[s], a[s], dz[s], memo[s.start])

        plan.by_rows(dz, emit, slices=plan.slices(z))

    def settle(self, plan: Plan, convolve: Callable[[Array], Callable[[slice], None]], wish: Wish) -> Value:
        """z by what `convolve(rows of z)` plans, then bias and activation, or those left to what follows."""
        linear = self.activation.name == "linear"
        if wish.deferrable and plan.shortcuts and self.activation.name in RISING:
            z = plan.image(self.output_shape)
            plan.by_rows(z, convolve(rows_of(z)))
            plan.memo[self, "deferred"] = True
            deferred = Deferred(
                lambda pooled, wish: self._finish_pooled(plan, pooled, wish), lambda da: self._undo_pooled(plan, da)
            )
            return Value(z, deferred=deferred)
        out = plan.value(self.output_shape, wish.margin)
        z = out.data if linear else plan.twin(out.data)
        plan.preactivations[self] = z
        self.activated(plan, z, out.data, convolve(rows_of(z)))
        return out

    def _finish_pooled(self, plan: Plan, pooled: Array, wish: Wish) -> Array:
        out = plan.image(self._size(pooled), wish.margin)
        self.activated(plan, pooled, out, lambda s: plan.need(pooled, s.stop))
        plan.memo[self, "pooled"] = (pooled, out)
        return out

    def _undo_pooled(self, plan: Plan, da: Array) -> Array:
        z, a = plan.memo[self, "pooled"]
        dz = plan.like(z)
        self.deactivated(plan, da, z, a, dz)
        self.plan_bias_gradient(plan, dz)
        return dz

    @staticmethod
    def _size(image: Array) -> Shape:
        return image.shape[:3]

    def unsettle(self, plan: Plan, slope: Slope, margin: Margin) -> Array:
        """∂J/∂z (with the margin, where it costs nothing) and the bias's gradient from ∂J/∂a."""
        if (self, "deferred") in plan.memo:
            return slope.data
        dy = slope.data
        if slope.joined or self.activation.name == "linear":
            dz = dy
        else:
            dz = plan.image(self.output_shape, margin)
            self.deactivated(plan, dy, plan.preactivations[self], plan.outputs[self].data, dz)
        self.plan_bias_gradient(plan, dz)
        return dz


@register
class Conv2D(Convolution):
    """z[h, w, o] = Σ_{i, j, c} x[h·s_h + i·d_h, w·s_w + j·d_w, c]·W[i, j, c, o] + b[o];  y = g(z).

    x (B, H, W, C), W (k_h, k_w, C, O), b (O,), y (B, H′, W′, O). padding 'same' puts zeros around so that
    H′ = ⌈H / s_h⌉, the odd one at the bottom and right; 'valid' has H′ = ⌊(H − k_h) / s_h⌋ + 1, k_h the rows from the
    window's first to its last. In `groups` g of channels each has C/g of them and O/g filters: W (k_h, k_w, C/g, O).
    Both are computed as a whole kernel with zeros in it, at that kernel's cost.
    """

    doc = "slides learnt filters over an image"
    arguments = (
        Argument("filters", "int", 8, minimum=1, doc="output channels O"),
        KERNEL_SIZE,
        STRIDES,
        PADDING,
        ACTIVATION,
        *WEIGHTS,
    )
    python_only = (
        Argument("dilation_rate", "pair", 1, minimum=1, doc="pixels from one number under the window to the next"),
        Argument("groups", "int", 1, minimum=1, doc="parts of the channels with filters of their own"),
    )
    order: ClassVar[tuple[str, ...]] = (
        "filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "groups", "activation",
        "use_bias", "kernel_initializer", "bias_initializer", "kernel_regularizer", "bias_regularizer",
        "activity_regularizer", "kernel_constraint", "bias_constraint",
    )  # fmt: skip

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        *,
        activation: str | ActivationFunction | None = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        dilation_rate: Any = 1,
        groups: int = 1,
        name: str | None = None,
    ) -> None:
        super().__init__(name=name)
        self.filters: int = self.check("filters", filters)
        self.kernel_size: tuple[int, int] = self.check("kernel_size", kernel_size)
        self.strides: tuple[int, int] = self.check("strides", strides)
        self.padding: str = self.check("padding", padding)
        self.activation = activations.get(activation)
        self.use_bias: bool = self.check("use_bias", use_bias)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.dilation_rate: tuple[int, int] = self.check("dilation_rate", dilation_rate)
        self.groups: int = self.check("groups", groups)
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise self.wants(
                "strides-and-dilation", "strides or dilation_rate of 1, got strides {strides} and dilation_rate "
                "{dilation}", strides=self.strides, dilation=self.dilation_rate)  # fmt: skip

    def build(self, store: ParameterStore, input_shape: Shape) -> Shape:
        (kh, kw), (dh, dw), groups = self.kernel_size, self.dilation_rate, self.groups
        self.reach = ((kh - 1) * dh + 1, (kw - 1) * dw + 1)
        size = sliding_shape(self, input_shape, self.reach, self.strides, self.padding)
        self.window = Window.over(input_shape, self.reach, self.strides, self.padding)
        channels = input_shape[2]
        if channels % groups or self.filters % groups:
            raise self.wants("groups", "channels and filters that {groups} groups divide, got {channels} and {filters}",
                             groups=groups, channels=channels, filters=self.filters)  # fmt: skip
        # Kernel columns first, each (O, k_h·C); with few channels (O, k_h·k_w·C), see engine.layers.correlation.
        self.expand = channels <= EXPAND_CHANNELS and self.reach[1] > 1
        (height, width), filters = self.reach, self.filters
        self.inner = (filters, height, width, channels) if self.expand else (width, filters, height, channels)
        order = self._order = (1, 2, 3, 0) if self.expand else (2, 0, 3, 1)
        self.sparse = groups > 1 or max(self.dilation_rate) > 1
        view: Callable[[Array], Array] = whole if self.sparse else lambda block: block.transpose(order)
        self.block = self.reserve(store, (kh, kw, channels // groups, filters) if self.sparse else self.inner)
        self.kernel = self.add_weight(
            store,
            "kernel",
            (kh, kw, channels // groups, filters),
            self.kernel_initializer,
            block=self.block,
            view=view,
            regularizer=self.kernel_regularizer,
        )
        self.add_bias(store, self.filters, self.bias_initializer, self.bias_regularizer)
        return (*size, self.filters)

    def _matrices(self, block: Array) -> list[Array]:
        """The kernel (or its gradient) as the products want it: (O, K) for each operand."""
        if self.expand:
            return [block.reshape(self.filters, -1)]
        return [block[j].reshape(self.filters, -1) for j in range(self.reach[1])]

    def _parts(self, inner: Array, kernel: Array) -> list[tuple[Array, Array]]:
        """Of a whole kernel laid out like `inner` the numbers that are not zero, and where they are in the weight."""
        full, (dh, dw) = inner.transpose(self._order), self.dilation_rate
        groups = [self._group(g) for g in range(self.groups)]
        return [(full[::dh, ::dw, channels, filters], kernel[..., filters]) for channels, filters in groups]

    def _whole(self, plan: Plan) -> Array:
        """The kernel laid out for the products; a dilated or grouped one is put among zeros first."""
        if not self.sparse:
            return self.block.values
        inner = plan.buffer(self.inner)
        for there, here in self._parts(inner, self.kernel.array):
            plan.call(np.copyto, there, here)
        plan.memo[self, "kernel"] = inner
        return inner

    def forward(self, plan: Plan, x: Value, wish: Wish) -> Value:
        if self.expand:
            operands, source = [expanded(plan, x.data, self.window)], x.data
        else:
            operands, source = column_operands(plan, x.data, self.window)
        plan.memo[self] = operands
        terms = list(zip(self._matrices(self._whole(plan)), operands, strict=True))
        step, reach = self.strides[0], self.reach[0] - self.window.margin.top

        def convolve(out: Array) -> Callable[[slice], None]:
            multiply = products(plan, terms, out)

            def emit(s: slice) -> None:
                plan.need(source, (s.stop - 1) * step + reach)
                multiply(s)

            return emit

        return self.settle(plan, convolve, wish)

    def backward(self, plan: Plan, dy: Slope, wanted: Margin | None) -> Array | None:
        dz = self.unsettle(plan, dy, Margin() if wanted is None else gradient_margin(self.window))
        weights = self._weight_rows(plan, dz)
        if wanted is None:
            weights.upto()
            return None
        dx = plan.gradient(self.input_shape, wanted)
        inner: Array = plan.memo[self, "kernel"] if self.sparse else self.block.values
        plan_input_gradient(plan, dz, inner.transpose(self._order), self.window, dx, weights.upto)
        return dx

    def _weight_rows(self, plan: Plan, dz: Array) -> Rows:
        """The gradients of kernel and bias, to be planned along with the rows of ∂J/∂z."""
        multiply: Callable[[slice], None] | None = None
        finish = None
        if plan.learns(self.block):
            slope = plan.slope(self.block)
            inner = plan.buffer(self.inner) if self.sparse else slope
            multiply, summed = outer_products(plan, rows_of(dz), plan.memo[self], self._matrices(inner))

            def finish() -> None:
                summed()
                for there, here in self._parts(inner, slope) if self.sparse else ():
                    plan.call(np.copyto, here, there)

        bias = plan.memo.get((self, "bias"))

        def emit(s: slice) -> None:
            plan.need(dz, s.stop)
            if bias is not None:
                bias.upto(s.stop)
            if multiply is not None:
                multiply(s)

        return plan.leave(plan.slices(dz), emit, finish)

    def _group(self, group: int) -> tuple[slice, slice]:
        """Its channels and its filters."""
        own, out = self.input_shape[2] // self.groups, self.filters // self.groups
        return slice(group * own, (group + 1) * own), slice(group * out, (group + 1) * out)

    def takes(self, output: int) -> tuple[slice, tuple[Any, ...]]:
        return self._group(output * self.groups // self.filters)[0], (slice(None), output)

    def gives(self, channel: int) -> tuple[slice, tuple[Any, ...]]:
        channels, outputs = self._group(channel * self.groups // self.input_shape[2])
        return outputs, (channel - channels.start, outputs)

    def used(self, place: tuple[int, ...]) -> tuple[int, int]:
        return place[3], self.takes(place[3])[0].start + place[2]

    def weights_of(self, index: int) -> dict[str, tuple[int | None, ...]]:
        return {self.kernel.name: (None, None, None, index % self.filters), **super().weights_of(index)}

    def multiplications(self) -> int:
        kh, kw = self.reach
        height, width, outputs = self.output_shape
        return height * width * outputs * kh * kw * self.input_shape[2]
