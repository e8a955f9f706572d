"""Pooling of images: MaxPooling2D, AveragePooling2D, GlobalAveragePooling2D, GlobalMaxPooling2D."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from engine.core.arguments import Argument
from engine.core.parameters import ParameterStore
from engine.core.plan import NO_MARGIN, Margin, Plan, Slope, Value, Wish, flat
from engine.core.terms import Sum, Terms
from engine.core.types import Array, Shape
from engine.layers.base import Layer, image_shape, register
from engine.layers.convolution import PADDING, sliding_shape
from engine.layers.correlation import Window
from engine.layers.taps import readers_of, taps_of

POOL_SIZE = Argument("pool_size", "pair", 2, minimum=1, doc="height and width of the window")
POOL_STRIDES = Argument(
    "strides", "pair", None, minimum=1, optional=True, doc="pixels between windows; null: pool_size"
)


def _pixels(image: Array) -> Array:
    """An image (H, W, C, B) as (H, W, C), each element a pixel's whole batch: it is moved at once, which for small

    batches is three times as fast as number by number when the pixels do not lie side by side.
    """
    return image.view(np.dtype((np.void, image.shape[3] * image.itemsize)))[..., 0]


def _image(each: Array, like: Array) -> Array:
    """A vector as an image (H, W, C, B) in the order of its memory; never a copy."""
    height, width, channels, batch = like.shape
    return each.reshape(height, channels, width, batch).transpose(0, 2, 1, 3)


class _Pooling(Layer):
    """A window (p_h, p_w) moves over each channel in steps of `strides` (by default its own size)."""

    arguments = (POOL_SIZE, POOL_STRIDES, PADDING)
    order: ClassVar[tuple[str, ...]] = ("pool_size", "strides", "padding", "data_format", "name")

    def __init__(
        self, pool_size: Any = 2, strides: Any = None, padding: str = "valid", *, name: str | None = None
    ) -> None:
        super().__init__(name=name)
        self.pool_size: tuple[int, int] = self.check("pool_size", pool_size)
        given = self.check("strides", strides)
        self.strides: tuple[int, int] = self.pool_size if given is None else given
        self.padding: str = self.check("padding", padding)

    def build(self, store: ParameterStore, input_shape: Shape) -> Shape:
        size = sliding_shape(self, input_shape, self.pool_size, self.strides, self.padding)
        self.window = Window.over(input_shape, self.pool_size, self.strides, self.padding)
        return (*size, input_shape[2])

    def _slices(self, padded: Array) -> list[Array]:
        """For each place of the window its pixel under every output: (H_out, W_out, C, B), in reading order."""
        (sh, sw), window = self.strides, self.window
        return [
            padded[i : i + sh * (window.out_height - 1) + 1 : sh, j : j + sw * (window.out_width - 1) + 1 : sw]
            for i, j in np.ndindex(*self.pool_size)
        ]

    @property
    def apart(self) -> bool:
        """Whether no pixel is under two windows."""
        return self.strides[0] >= self.pool_size[0] and self.strides[1] >= self.pool_size[1]

    def _inside(self, padded: Array) -> Array:
        """An image without this window's margin; `padded` is (H', W', C, B)."""
        height, width, _ = self.input_shape
        margin = self.window.margin
        return padded[margin.top : margin.top + height, margin.left : margin.left + width]

    def _under(self, x: Array, row: int, column: int, channel: int) -> Array:
        """The numbers under the window that makes an output, in reading order."""
        return np.array([x[tap.row, tap.column, channel] for tap in taps_of(self.window, row, column)])

    def _room(self, plan: Plan) -> Array:
        """An image with this window's margin as one of its own: (H', W', C, B)."""
        height, width, channels = self.input_shape
        m = self.window.margin
        return plan.image((height + m.top + m.bottom, width + m.left + m.right, channels))


@register
class MaxPooling2D(_Pooling):
    """y[h, w, c] = max over the window of x[h·s_h + i, w·s_w + j, c]; the gradient goes to the first winner alone."""

    doc = "keeps the largest number of each window"
    takes_deferred = True
    by_rows = True

    def forward(self, plan: Plan, x: Value, wish: Wish) -> Value:
        source = x.data
        if not self._quarters:
            plan.need(source)
        if self.window.margin != Margin():
            padded = self._room(plan)
            padded[...] = -np.inf
            source = self._inside(padded)
            plan.call(np.copyto, source, x.data)
            source = padded
        if x.deferred is None:
            out = plan.value(self.output_shape, wish.margin)
            self._plan_maxima(plan, source, out.data)
            return out
        pooled = plan.image(self.output_shape)
        self._plan_maxima(plan, source, pooled)
        plan.memo[self, "deferred"] = x.deferred
        return Value(x.deferred.finish(pooled, wish))

    @property
    def _quarters(self) -> bool:
        """Whether windows of 2×2 tile the image: the common case, for which rows and then columns are compared."""
        height, width, _ = self.input_shape
        return (
            self.pool_size == self.strides == (2, 2) and height % 2 == width % 2 == 0 and self.window.margin == Margin()
        )

    def _plan_maxima(self, plan: Plan, source: Array, out: Array) -> None:
        keep = plan.backward
        if self._quarters:
            upper = plan.like(source[::2], bool) if keep else None
            lefter = plan.like(out, bool) if keep else None
            plan.memo[self] = (upper, lefter)

            def emit(s: slice) -> None:
                plan.need(source, 2 * s.stop)
                top, bottom = source[2 * s.start : 2 * s.stop : 2], source[2 * s.start + 1 : 2 * s.stop : 2]
                rows = plan.like(top)
                plan.maximum(top, bottom, rows)
                # Every column with the one after it, though only every other pair is a window's: NumPy's loops are
                # then as long as the block, and not as short as the batch.
                each = flat(rows)
                left, right = each[: -plan.batch], each[plan.batch :]
                if upper is not None and lefter is not None:
                    plan.call(np.greater_equal, top, bottom, upper[s])
                    wins = plan.like(each, bool)
                    plan.call(np.greater_equal, left, right, wins[: -plan.batch])
                    plan.call(np.copyto, _pixels(lefter[s]), _pixels(_image(wins, rows))[:, ::2])
                largest = plan.like(each)
                plan.maximum(left, right, largest[: -plan.batch])
                plan.call(np.copyto, _pixels(out[s]), _pixels(_image(largest, rows))[:, ::2])

            plan.by_rows(out, emit, slices=[slice(s.start // 2, s.stop // 2) for s in plan.slices(source, 2)])
            return
        slices = self._slices(source)
        if len(slices) == 1:
            plan.call(np.copyto, out, slices[0])
        else:
            plan.maximum(slices[0], slices[1], out)
        for pixels in slices[2:]:
            plan.maximum(out, pixels, out)
        if keep:
            winners, free = [], plan.like(out, bool)
            plan.call(np.copyto, free, True)
            for pixels in slices:
                wins = plan.like(out, bool)
                plan.call(np.equal, pixels, out, wins)
                plan.call(np.logical_and, wins, free, wins)
                plan.call(np.logical_xor, free, wins, free)
                winners.append(wins)
            plan.memo[self] = winners

    def backward(self, plan: Plan, dy: Slope, wanted: Margin | None) -> Array | None:
        deferred = plan.memo.get((self, "deferred"))
        slope = dy.data if deferred is None else deferred.undo(dy.data)
        if wanted is None and deferred is None:
            return None
        if self._quarters:
            dx = plan.gradient(self.input_shape, wanted or NO_MARGIN)
            upper, lefter = plan.memo[self]

            def emit(both: slice) -> None:
                s = slice(both.start // 2, both.stop // 2)
                plan.need(slope, s.stop)
                rows, left = plan.like(upper[s], plan.dtype), plan.like(lefter[s], plan.dtype)
                right = plan.like(left)
                plan.call(np.multiply, slope[s], lefter[s], left)
                plan.call(np.subtract, slope[s], left, right)
                plan.call(np.copyto, _pixels(rows)[:, ::2], _pixels(left))
                plan.call(np.copyto, _pixels(rows)[:, 1::2], _pixels(right))
                plan.call(np.multiply, rows, upper[s], dx[both.start : both.stop : 2])
                plan.call(np.subtract, rows, dx[both.start : both.stop : 2], dx[both.start + 1 : both.stop : 2])

            plan.by_rows(dx, emit, slices=plan.slices(dx, 2))
            return dx
        plan.need(slope)
        padded = self._room(plan)
        slices = self._slices(padded)
        if not self.apart:
            plan.call(np.copyto, padded, plan.scalar(0))
            part = plan.like(slope)
        for pixels, wins in zip(slices, plan.memo[self], strict=True):
            if self.apart:
                plan.call(np.multiply, slope, wins, pixels)
            else:
                plan.call(np.multiply, slope, wins, part)
                plan.call(np.add, pixels, part, pixels)
        return self._inside(padded)

    def terms(self, index: int, inputs: Sequence[Array]) -> Terms:
        row, column, channel = np.unravel_index(index, self.output_shape)
        return Sum("max", "", self._under(inputs[0], int(row), int(column), int(channel)))

    def _winner(self, x: Array, row: int, column: int, channel: int) -> tuple[int, int]:
        """The pixel that a window's slope goes to: the first largest. Quarters are compared by columns."""
        taps = taps_of(self.window, row, column)
        if self._quarters:
            taps = [taps[0], taps[2], taps[1], taps[3]]
        best = max(taps, key=lambda tap: float(x[tap.row, tap.column, channel]))
        return best.row, best.column

    def input_terms(self, which: int, index: int, inputs: Sequence[Array], slope: Array) -> Terms:
        y, x, channel = (int(i) for i in np.unravel_index(index, self.input_shape))
        won = [
            slope[tap.row, tap.column, channel]
            for tap in readers_of(self.window, y, x)
            if self._winner(inputs[0], tap.row, tap.column, channel) == (y, x)
        ]
        return Sum("won", "Σ ∂J/∂a", np.array(won, np.float64))


@register
class AveragePooling2D(_Pooling):
    """y[h, w, c] = mean over the window; with padding 'same' over its pixels inside the image, as in Keras."""

    doc = "keeps the mean of each window"

    def _share(self, plan: Plan) -> Array:
        """1 / pixels inside the image, for each window: (H_out, W_out, 1, 1)."""
        margin, (height, width, _) = self.window.margin, self.input_shape
        ones = np.zeros((height + margin.top + margin.bottom, width + margin.left + margin.right, 1, 1), plan.dtype)
        self._inside(ones)[...] = 1
        return np.asarray(1 / np.add.reduce(self._slices(ones)), plan.dtype)

    def forward(self, plan: Plan, x: Value, wish: Wish) -> Value:
        out, source = plan.value(self.output_shape, wish.margin), x.data
        if self.window.margin != Margin():
            source = self._room(plan)
            plan.call(np.copyto, self._inside(source), x.data)
        slices = self._slices(source)
        plan.call(np.copyto, out.data, slices[0])
        for pixels in slices[1:]:
            plan.call(np.add, out.data, pixels, out.data)
        plan.call(np.multiply, out.data, self._share(plan), out.data)
        return out

    def backward(self, plan: Plan, dy: Slope, wanted: Margin | None) -> Array | None:
        if wanted is None:
            return None
        padded, part = self._room(plan), plan.like(dy.data)
        plan.call(np.multiply, dy.data, self._share(plan), part)
        if not self.apart:
            plan.call(np.copyto, padded, plan.scalar(0))
        for pixels in self._slices(padded):
            if self.apart:
                plan.call(np.copyto, pixels, part)
            else:
                plan.call(np.add, pixels, part, pixels)
        return self._inside(padded)

    def terms(self, index: int, inputs: Sequence[Array]) -> Terms:
        row, column, channel = (int(i) for i in np.unravel_index(index, self.output_shape))
        numbers = self._under(inputs[0], row, column, channel)
        return Sum("mean", f"1/{len(numbers)} Σ x", numbers, over=len(numbers))

    def input_terms(self, which: int, index: int, inputs: Sequence[Array], slope: Array) -> Terms:
        y, x, channel = (int(i) for i in np.unravel_index(index, self.input_shape))
        readers = readers_of(self.window, y, x)
        shares = [1 / len(taps_of(self.window, tap.row, tap.column)) for tap in readers]
        slopes = [slope[tap.row, tap.column, channel] for tap in readers]
        return Sum("share", "Σ 1/n · ∂J/∂a", np.array(slopes, np.float64), np.array(shares))


@register
class GlobalAveragePooling2D(Layer):
    """y[c] = 1/(H·W) Σ_{h, w} x[h, w, c]: an image (B, H, W, C) becomes a vector (B, C); Lin et al. 2013."""

    doc = "the mean of each channel over the whole image"
    order: ClassVar[tuple[str, ...]] = ("data_format", "keepdims")

    def build(self, store: ParameterStore, input_shape: Shape) -> Shape:
        return (image_shape(self, input_shape)[2],)

    def forward(self, plan: Plan, x: Value, wish: Wish) -> Value:
        height, width, channels = self.input_shape
        out = plan.value((channels,))
        sums = plan.buffer((channels, width, plan.batch))
        plan.call(np.add.reduce, x.data.transpose(0, 2, 1, 3), 0, None, sums)
        plan.call(np.add.reduce, sums, 1, None, out.data)
        plan.call(np.multiply, out.data, plan.scalar(1 / (height * width)), out.data)
        return out

    def backward(self, plan: Plan, dy: Slope, wanted: Margin | None) -> Array | None:
        if wanted is None:
            return None
        height, width, _ = self.input_shape
        dx, part = plan.gradient(self.input_shape, wanted), plan.like(dy.data)
        plan.call(np.multiply, dy.data, plan.scalar(1 / (height * width)), part)
        plan.call(np.copyto, _pixels(dx), _pixels(part[None, None])[0, 0])
        return dx

    def terms(self, index: int, inputs: Sequence[Array]) -> Terms:
        numbers = inputs[0][..., index].ravel()
        return Sum("mean", f"1/{len(numbers)} Σ x", numbers, over=len(numbers))

    def input_terms(self, which: int, index: int, inputs: Sequence[Array], slope: Array) -> Terms:
        height, width, channels = self.input_shape
        return Sum("share", "1/n · ∂J/∂a", slope[index % channels, None], np.array([1 / (height * width)]))


@register
class GlobalMaxPooling2D(Layer):
    """y[c] = max_{h, w} x[h, w, c]: an image (B, H, W, C) becomes a vector (B, C).

    The gradient goes to the largest pixel; where several are as large, each gets the same part of it.
    """

    doc = "the largest number of each channel in the whole image"
    order: ClassVar[tuple[str, ...]] = ("data_format", "keepdims")

    def build(self, store: ParameterStore, input_shape: Shape) -> Shape:
        return (image_shape(self, input_shape)[2],)

    def forward(self, plan: Plan, x: Value, wish: Wish) -> Value:
        _, width, channels = self.input_shape
        out, column = plan.value((channels,)), plan.buffer((channels, width, plan.batch))
        image = x.data.transpose(0, 2, 1, 3)
        plan.call(np.maximum.reduce, image, 0, None, column)
        plan.call(np.maximum.reduce, column, 1, None, out.data)
        if plan.backward:
            wins = plan.buffer(image.shape, bool)
            plan.call(np.equal, image, out.data[None, :, None], wins)
            plan.memo[self] = wins
        return out

    def backward(self, plan: Plan, dy: Slope, wanted: Margin | None) -> Array | None:
        if wanted is None:
            return None
        wins: Array = plan.memo[self]
        dx, part = plan.gradient(self.input_shape, wanted), plan.like(dy.data)
        rows, count = plan.buffer(wins.shape[1:]), plan.like(dy.data)
        plan.call(np.add.reduce, wins, 0, plan.dtype, rows)
        plan.call(np.add.reduce, rows, 1, None, count)
        plan.call(np.divide, dy.data, count, part)
        plan.call(np.multiply, wins, part[None, :, None], dx.transpose(0, 2, 1, 3))
        return dx

    def terms(self, index: int, inputs: Sequence[Array]) -> Terms:
        return Sum("max", "", inputs[0][..., index].ravel())

    def input_terms(self, which: int, index: int, inputs: Sequence[Array], slope: Array) -> Terms:
        channel = index % self.input_shape[2]
        numbers = inputs[0][..., channel]
        ties = int((numbers == numbers.max()).sum())
        if inputs[0].flat[index] != numbers.max():
            return Sum("won", "∂J/∂a", np.zeros(0))
        shares = None if ties == 1 else np.array([1 / ties])
        return Sum("won", "∂J/∂a" if ties == 1 else "1/n · ∂J/∂a", slope[channel, None], shares)
