"""DepthwiseConv2D: a small filter for each channel by itself."""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
from numpy.lib.stride_tricks import as_strided

from engine import activations, initializers, regularizers
from engine.activations import Activation as ActivationFunction
from engine.core.arguments import Argument
from engine.core.parameters import ParameterStore
from engine.core.plan import Margin, Plan, Slope, Value, Wish
from engine.core.types import Array, Shape
from engine.layers.base import register
from engine.layers.convolution import (
    KERNEL_SIZE,
    PADDING,
    STRIDES,
    Convolution,
    sliding_shape,
)
from engine.layers.correlation import (
    Window,
    in_margin,
)
from engine.layers.dense import ACTIVATION, BIAS_INITIALIZER, BIAS_REGULARIZER, INITIALIZERS, USE_BIAS

BAND_WIDTH = 48
"""Up to this many padded columns a depthwise row is one product with a banded matrix; beyond, shifted sums."""


@register
class DepthwiseConv2D(Convolution):
    """z[h, w, c·m + d] = Σ_{i, j} x[h·s + i, w·s + j, c]·W[i, j, c, d] + b;  y = g(z)      m = depth_multiplier.

    Each channel has filters of its own and none is mixed with another: k_h·k_w multiplications a number instead of
    k_h·k_w·C (Howard et al. 2017, MobileNets). x (B, H, W, C), W (k_h, k_w, C, m), b (C·m,), y (B, H′, W′, C·m).
    """

    doc = "one small filter for each channel by itself"
    arguments = (
        KERNEL_SIZE,
        STRIDES,
        PADDING,
        Argument("depth_multiplier", "int", 1, minimum=1, doc="filters for each channel"),
        ACTIVATION,
        USE_BIAS,
        Argument("depthwise_initializer", "choice", "glorot_uniform", choices=INITIALIZERS, doc="how W starts"),
        BIAS_INITIALIZER,
        Argument("depthwise_regularizer", "choice", None, optional=True, doc="l1·Σ|W| + l2·ΣW²"),
        BIAS_REGULARIZER,
    )
    order: ClassVar[tuple[str, ...]] = (
        "kernel_size", "strides", "padding", "depth_multiplier", "data_format", "dilation_rate", "activation",
        "use_bias", "depthwise_initializer", "bias_initializer", "depthwise_regularizer", "bias_regularizer",
        "activity_regularizer", "depthwise_constraint", "bias_constraint",
    )  # fmt: skip

    def __init__(
        self,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        depth_multiplier: int = 1,
        *,
        activation: str | ActivationFunction | None = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        name: str | None = None,
    ) -> None:
        super().__init__(name=name)
        self.kernel_size: tuple[int, int] = self.check("kernel_size", kernel_size)
        self.strides: tuple[int, int] = self.check("strides", strides)
        self.padding: str = self.check("padding", padding)
        self.depth_multiplier: int = self.check("depth_multiplier", depth_multiplier)
        self.activation = activations.get(activation)
        self.use_bias: bool = self.check("use_bias", use_bias)
        self.depthwise_initializer = initializers.get(depthwise_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.depthwise_regularizer = regularizers.get(depthwise_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)

    def build(self, store: ParameterStore, input_shape: Shape) -> Shape:
        size = sliding_shape(self, input_shape, self.kernel_size, self.strides, self.padding)
        self.window = Window.over(input_shape, self.kernel_size, self.strides, self.padding)
        channels, each = input_shape[2], self.depth_multiplier
        self.kernel = self.add_weight(
            store,
            "kernel",
            (*self.kernel_size, channels, each),
            self.depthwise_initializer,
            regularizer=self.depthwise_regularizer,
        )
        self.add_bias(store, channels * each, self.bias_initializer, self.bias_regularizer)
        margin = self.window.margin
        self.padded_width = input_shape[1] + margin.left + margin.right
        self.banded = self.padded_width <= BAND_WIDTH
        return (*size, channels * each)

    def margin(self) -> Margin:
        return self.window.margin

    def gradient_margin(self) -> Margin:
        return Margin()

    def forward(self, plan: Plan, x: Value, wish: Wish) -> Value:
        padded, source = in_margin(plan, x.data, self.window.margin)
        plan.memo[self] = padded
        if self.banded:
            plan.memo[self, "bands"] = self._plan_bands(plan)
        step, reach = self.strides[0], self.kernel_size[0] - self.window.margin.top
        slide = self._by_bands if self.banded else self._by_shifts

        def convolve(out: Array) -> Callable[[slice], None]:
            def emit(s: slice) -> None:
                plan.need(source, (s.stop - 1) * step + reach)
                slide(plan, padded, out, s)

            return emit

        return self.settle(plan, convolve, wish)

    def _source(self, padded: Array, i: int) -> Array:
        """Rows i, i + s, … of the padded image, one for each output row: (H_out, C, W', B)."""
        step = self.window.strides[0]
        return padded[i : i + step * (self.window.out_height - 1) + 1 : step]

    def _pixels(self, padded: Array, i: int, j: int) -> Array:
        """Where kernel tap (i, j) lies for every output pixel: (H_out, C, W_out, B)."""
        step = self.window.strides[1]
        return self._source(padded, i)[:, :, j : j + step * (self.window.out_width - 1) + 1 : step]

    def _plan_bands(self, plan: Plan) -> Array:
        """For each kernel row and filter the matrix (W_out, W') that slides it along an image row."""
        (kh, kw), step, outs = self.kernel_size, self.window.strides[1], self.window.out_width
        channels, each = self.input_shape[2], self.depth_multiplier
        bands = plan.buffer((kh, channels, each, outs, self.padded_width))
        a, b, c, d, e = bands.strides
        diagonals = as_strided(bands, (kh, kw, channels, each, outs), (a, e, b, c, d + step * e))
        plan.call(np.copyto, diagonals, self.kernel.array[..., None])
        return bands

    def _split(self, out: Array, s: slice) -> Array:
        """Rows of an output (R, C·m, W·B) as (R, C, m, W, B)."""
        return out[s].reshape(s.stop - s.start, self.input_shape[2], self.depth_multiplier, -1, self._batch(out))

    def _batch(self, out: Array) -> int:
        return int(out.shape[2] // self.window.out_width)

    def _by_bands(self, plan: Plan, padded: Array, out: Array, s: slice) -> None:
        bands: Array = plan.memo[self, "bands"]
        target = self._split(out, s)
        part = plan.like(target)
        for i in range(self.kernel_size[0]):
            source = self._source(padded, i)[s][:, :, None]
            plan.call(np.matmul, bands[i], source, part if i else target)
            if i:
                plan.call(np.add, target, part, target)

    def _by_shifts(self, plan: Plan, padded: Array, out: Array, s: slice) -> None:
        kernel = self.kernel.array
        target = self._split(out, s)
        part = plan.like(target)
        for n, (i, j) in enumerate(np.ndindex(*self.kernel_size)):
            pixels = self._pixels(padded, i, j)[s][:, :, None]
            plan.call(np.multiply, pixels, kernel[i, j][:, :, None, None], part if n else target)
            if n:
                plan.call(np.add, target, part, target)

    def backward(self, plan: Plan, dy: Slope, wanted: Margin | None) -> Array | None:
        settled = self.unsettle(plan, dy, Margin())
        plan.need(settled)
        bias = plan.memo.get((self, "bias"))
        if bias is not None:
            bias.upto()
        dz = settled.transpose(0, 2, 1, 3)
        channels, each = self.input_shape[2], self.depth_multiplier
        if each == 1:
            split = dz[:, :, None]
        else:
            a, b, c, d = dz.strides
            split = as_strided(dz, (len(dz), channels, each, *dz.shape[2:]), (a, b * each, b, c, d))
        if plan.learns(self.kernel.block):
            self._plan_kernel_gradient(plan, split, plan.memo[self])
        if wanted is None:
            return None
        padded = plan.like(plan.memo[self])
        if self.banded:
            self._spread_bands(plan, split, padded)
        else:
            self._spread_shifts(plan, split, padded)
        (height, width, _), margin = self.input_shape, self.window.margin
        inside = padded[margin.top : margin.top + height, :, margin.left : margin.left + width]
        return inside.transpose(0, 2, 1, 3)

    def _plan_kernel_gradient(self, plan: Plan, dz: Array, padded: Array) -> None:
        """Plans ∂J/∂W[i, j, c, d] = Σ dz·(the pixels under tap i, j)."""
        gradient = plan.slope(self.kernel.block)
        (kh, kw), step = self.kernel_size, self.window.strides[1]
        rows, channels, each, outs, _ = dz.shape
        if step > 1 and self.banded:
            products = plan.buffer((rows, channels, each, outs, self.padded_width))
            total = plan.buffer(products.shape[1:])
            a, b, c, d = total.strides
            diagonals = as_strided(total, (kw, channels, each, outs), (d, a, b, c + step * d))
            for i in range(kh):
                source = self._source(padded, i)[:, :, None]
                plan.call(np.matmul, dz, source.swapaxes(-1, -2), products)
                plan.call(np.add.reduce, products, 0, None, total)
                plan.call(np.add.reduce, diagonals, 3, None, gradient[i])
            return
        # Σ over an image row and the batch at once, where the columns of both lie side by side.
        joined = step == 1
        found = plan.buffer((rows, channels, each) if joined else (rows, channels, each, outs))
        for i, j in np.ndindex(kh, kw):
            pixels = self._pixels(padded, i, j)[:, :, None]
            if joined:
                left, right = _joined(dz), _joined(pixels)
                plan.call(np.vecdot, left, right, found)
                plan.call(np.add.reduce, found, 0, None, gradient[i, j])
            else:
                plan.call(np.vecdot, dz, pixels, found)
                plan.call(np.add.reduce, found, (0, 3), None, gradient[i, j])

    def _spread_bands(self, plan: Plan, dz: Array, padded: Array) -> None:
        """Plans ∂J/∂x inside its margin: each row of dz goes back through the band to the rows it came from."""
        bands: Array = plan.memo[self, "bands"]
        rows, channels, each, _, batch = dz.shape
        step = self.window.strides[0]
        part = plan.buffer((rows, channels, each, self.padded_width, batch))
        written = np.zeros(len(padded), bool)
        direct = [each == 1 and i < step for i in range(self.kernel_size[0])]
        for i, first in enumerate(direct):
            if first:
                written[i : i + step * (rows - 1) + 1 : step] = True
        for row in np.flatnonzero(~written):
            plan.call(np.copyto, padded[row], plan.scalar(0))
        for i, first in enumerate(direct):
            back = bands[i].swapaxes(-1, -2)
            if first:
                plan.call(np.matmul, back, dz, self._source(padded, i)[:, :, None])
                continue
            plan.call(np.matmul, back, dz, part)
            for d in range(each):
                plan.call(np.add, self._source(padded, i), part[:, :, d], self._source(padded, i))

    def _spread_shifts(self, plan: Plan, dz: Array, padded: Array) -> None:
        kernel = self.kernel.array
        part = plan.buffer((len(dz), dz.shape[1], *dz.shape[3:]))
        plan.call(np.copyto, padded, plan.scalar(0))
        for i, j in np.ndindex(*self.kernel_size):
            target = self._pixels(padded, i, j)
            for d in range(self.depth_multiplier):
                plan.call(np.multiply, dz[:, :, d], kernel[i, j, :, d][:, None, None], part)
                plan.call(np.add, target, part, target)

    def takes(self, output: int) -> tuple[slice, tuple[Any, ...]]:
        channel, filter_ = divmod(output, self.depth_multiplier)
        return slice(channel, channel + 1), (slice(channel, channel + 1), filter_)

    def gives(self, channel: int) -> tuple[slice, tuple[Any, ...]]:
        each = self.depth_multiplier
        return slice(channel * each, (channel + 1) * each), (channel,)

    def used(self, place: tuple[int, ...]) -> tuple[int, int]:
        return place[2] * self.depth_multiplier + place[3], place[2]

    def weights_of(self, index: int) -> dict[str, tuple[int | None, ...]]:
        channel, filter_ = divmod(index % self.output_shape[-1], self.depth_multiplier)
        return {self.kernel.name: (None, None, channel, filter_), **super().weights_of(index)}

    def multiplications(self) -> int:
        return int(np.prod(self.output_shape)) * self.kernel_size[0] * self.kernel_size[1]


def _joined(pixels: Array) -> Array:
    """(R, C, m, W, B) as (R, C, m, W·B), the columns of a row lying side by side."""
    a, b, c, _, e = pixels.strides
    return as_strided(pixels, (*pixels.shape[:3], pixels.shape[3] * pixels.shape[4]), (a, b, c, e))
