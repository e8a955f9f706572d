"""Layers that only change the shape of an example: Flatten, Reshape, ZeroPadding2D, UpSampling2D."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from engine.core.arguments import Argument
from engine.core.parameters import ParameterStore
from engine.core.plan import Margin, Plan, Slope, Value, Wish
from engine.core.terms import Formula, Sum, Terms, passed, same
from engine.core.types import Array, Shape
from engine.layers.base import Layer, image_shape, positive_shape, register


class _Reshaping(Layer):
    """Copies x into a buffer of another shape, the order of an example's numbers kept (batch last, images by rows,

    columns, channels, whatever their memory's order).
    """

    def forward(self, plan: Plan, x: Value, wish: Wish) -> Value:
        out = plan.value(self.output_shape, wish.margin)
        if len(self.output_shape) == 1:
            plan.call(np.copyto, out.data.reshape(x.data.shape), x.data)
        elif x.data.ndim == 2:
            plan.call(np.copyto, out.data, x.data.reshape(out.data.shape))
        else:
            middle = plan.buffer(x.data.shape)
            plan.call(np.copyto, middle, x.data)
            plan.call(np.copyto, out.data, middle.reshape(out.data.shape))
        return out

    def backward(self, plan: Plan, dy: Slope, wanted: Margin | None) -> Array | None:
        if wanted is None:
            return None
        dx = plan.gradient(self.input_shape, wanted)
        slope = dy.data
        if slope.ndim == 2 or dx.ndim == 2:  # one of both has its numbers in reading order already
            narrow, wide = (slope, dx) if slope.ndim == 2 else (dx, slope)
            seen = narrow.reshape(wide.shape)
            plan.call(np.copyto, *((dx, seen) if wide is dx else (seen, slope)))
            return dx
        middle = plan.buffer(slope.shape)
        plan.call(np.copyto, middle, slope)
        plan.call(np.copyto, dx, middle.reshape(dx.shape))
        return dx

    def terms(self, index: int, inputs: Sequence[Array]) -> Terms:
        return same(inputs[0].flat[index])

    def input_terms(self, which: int, index: int, inputs: Sequence[Array], slope: Array) -> Terms:
        return passed(slope.flat[index])


@register
class Flatten(_Reshaping):
    """(B, d1, …, dk) → (B, d1·…·dk)."""

    doc = "an image or volume becomes a vector"
    order: ClassVar[tuple[str, ...]] = ("data_format",)

    def build(self, store: ParameterStore, input_shape: Shape) -> Shape:
        return (int(np.prod(input_shape)),)


@register
class Reshape(_Reshaping):
    """(B, d1, …, dk) → (B, *target_shape); one entry may be −1 and is worked out."""

    doc = "the same numbers in another shape"
    arguments = (Argument("target_shape", "shape", None, doc="shape of one example, −1 for one unknown"),)

    def __init__(self, target_shape: Sequence[int], *, name: str | None = None) -> None:
        super().__init__(name=name)
        self.target_shape: Shape = self.check("target_shape", target_shape)

    def build(self, store: ParameterStore, input_shape: Shape) -> Shape:
        size = int(np.prod(input_shape))
        known = int(np.prod([n for n in self.target_shape if n != -1], dtype=np.int64))
        unknown = self.target_shape.count(-1)
        fits = size % known == 0 if unknown == 1 and known else known == size and unknown == 0
        if not fits or not self.target_shape:
            raise self.wants(
                "reshape-size",
                "a target_shape of {size} numbers, got {got} for an input of {input}",
                size=size,
                got=self.target_shape,
                input=input_shape,
            )
        shape = tuple(size // known if n == -1 else n for n in self.target_shape)
        if not positive_shape(shape):
            raise self.wants("reshape-empty", "positive sizes, got {got}", got=shape)
        return shape


@register
class ZeroPadding2D(Layer):
    """Zeros around an image: (B, H, W, C) → (B, top + H + bottom, left + W + right, C).

    padding: n, [rows, columns] or [[top, bottom], [left, right]].
    """

    doc = "puts rows and columns of zeros around an image"
    arguments = (
        Argument("padding", "sides", 1, minimum=0, doc="n, [rows, columns] or [[top, bottom], [left, right]]"),
    )
    order: ClassVar[tuple[str, ...]] = ("padding", "data_format")

    def __init__(self, padding: Any = 1, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self.padding: tuple[tuple[int, int], tuple[int, int]] = self.check("padding", padding)

    def build(self, store: ParameterStore, input_shape: Shape) -> Shape:
        height, width, channels = image_shape(self, input_shape)
        (top, bottom), (left, right) = self.padding
        return (top + height + bottom, left + width + right, channels)

    def _inside(self, image: Array) -> Array:
        (top, _), (left, _) = self.padding
        height, width, _ = self.input_shape
        return image[top : top + height, left : left + width]

    def forward(self, plan: Plan, x: Value, wish: Wish) -> Value:
        out = plan.value(self.output_shape, wish.margin)
        plan.call(np.copyto, self._inside(out.data), x.data)
        return out

    def backward(self, plan: Plan, dy: Slope, wanted: Margin | None) -> Array | None:
        return None if wanted is None else self._inside(dy.data)

    def terms(self, index: int, inputs: Sequence[Array]) -> Terms:
        row, column, channel = (int(i) for i in np.unravel_index(index, self.output_shape))
        y, x = row - self.padding[0][0], column - self.padding[1][0]
        height, width, _ = self.input_shape
        if 0 <= y < height and 0 <= x < width:
            return same(inputs[0][y, x, channel])
        return Formula("0", "", {}, 0.0, "padding")

    def input_terms(self, which: int, index: int, inputs: Sequence[Array], slope: Array) -> Terms:
        y, x, channel = (int(i) for i in np.unravel_index(index, self.input_shape))
        return passed(slope[y + self.padding[0][0], x + self.padding[1][0], channel])


def between(size: int, times: int) -> Array:
    """(size·times, size): how much of each pixel each of the finer ones gets, linear between their middles."""
    place = np.clip((np.arange(size * times) + 0.5) / times - 0.5, 0, size - 1)
    return np.asarray(np.maximum(0, 1 - np.abs(place[:, None] - np.arange(size))))


@register
class UpSampling2D(Layer):
    """Each pixel becomes size_h × size_w pixels: (B, H, W, C) → (B, H·size_h, W·size_w, C).

    nearest: copies of it. bilinear: y = R·x·Cᵀ, R and C the weights of the two nearest rows and columns; pixel i lies
    at i + ½, and beyond the middles of the outermost pixels their colour goes on (as in Keras).
    """

    doc = "makes an image larger by repeating its pixels"
    arguments = (Argument("size", "pair", 2, minimum=1, doc="how many times each row and column is repeated"),)
    python_only = (Argument("interpolation", "choice", "nearest", choices=("nearest", "bilinear")),)
    order: ClassVar[tuple[str, ...]] = ("size", "data_format", "interpolation")

    def __init__(self, size: Any = 2, *, interpolation: str = "nearest", name: str | None = None) -> None:
        super().__init__(name=name)
        self.size: tuple[int, int] = self.check("size", size)
        self.interpolation: str = self.check("interpolation", interpolation)

    def build(self, store: ParameterStore, input_shape: Shape) -> Shape:
        height, width, channels = image_shape(self, input_shape)
        return (height * self.size[0], width * self.size[1], channels)

    def _copies(self, image: Array) -> list[Array]:
        return [image[i :: self.size[0], j :: self.size[1]] for i, j in np.ndindex(*self.size)]

    def _weights(self, plan: Plan) -> tuple[Array, Array]:
        """R (H·size_h, H) and C (W·size_w, W)."""
        height, width, _ = self.input_shape
        rows, columns = between(height, self.size[0]), between(width, self.size[1])
        return rows.astype(plan.dtype), columns.astype(plan.dtype)

    def _plan_blend(self, plan: Plan, x: Value, out: Array) -> None:
        rows, columns = self._weights(plan)
        height, width, channels = self.input_shape
        wide = plan.buffer((height, channels, width * self.size[1], plan.batch))
        high = plan.buffer((height * self.size[0], *wide.shape[1:]))
        plan.call(np.matmul, columns, x.data.transpose(0, 2, 1, 3), wide)
        plan.call(np.dot, rows, wide.reshape(height, -1), high.reshape(len(high), -1))
        plan.call(np.copyto, out, high.transpose(0, 2, 1, 3))

    def _plan_blend_back(self, plan: Plan, dy: Array, dx: Array) -> None:
        rows, columns = self._weights(plan)
        height, width, channels = self.input_shape
        high = plan.buffer((height * self.size[0], channels, width * self.size[1], plan.batch))
        wide, narrow = plan.buffer((height, *high.shape[1:])), plan.buffer((height, channels, width, plan.batch))
        plan.call(np.copyto, high.transpose(0, 2, 1, 3), dy)
        plan.call(np.dot, np.ascontiguousarray(rows.T), high.reshape(len(high), -1), wide.reshape(height, -1))
        plan.call(np.matmul, np.ascontiguousarray(columns.T), wide, narrow)
        plan.call(np.copyto, dx, narrow.transpose(0, 2, 1, 3))

    def forward(self, plan: Plan, x: Value, wish: Wish) -> Value:
        out = plan.value(self.output_shape, wish.margin)
        if self.interpolation == "bilinear":
            self._plan_blend(plan, x, out.data)
            return out
        for copy in self._copies(out.data):
            plan.call(np.copyto, copy, x.data)
        return out

    def backward(self, plan: Plan, dy: Slope, wanted: Margin | None) -> Array | None:
        if wanted is None:
            return None
        dx = plan.gradient(self.input_shape, wanted)
        if self.interpolation == "bilinear":
            self._plan_blend_back(plan, dy.data, dx)
            return dx
        first, *rest = self._copies(dy.data)
        plan.call(np.copyto, dx, first)
        for copy in rest:
            plan.call(np.add, dx, copy, dx)
        return dx

    def terms(self, index: int, inputs: Sequence[Array]) -> Terms:
        row, column, channel = (int(i) for i in np.unravel_index(index, self.output_shape))
        if self.interpolation == "nearest":
            return same(inputs[0][row // self.size[0], column // self.size[1], channel])
        blend = np.outer(between(self.input_shape[0], self.size[0])[row],
                         between(self.input_shape[1], self.size[1])[column])  # fmt: skip
        near = np.nonzero(blend)
        return Sum("products", "Σ_i W_i x_i", inputs[0][..., channel][near], blend[near])

    def input_terms(self, which: int, index: int, inputs: Sequence[Array], slope: Array) -> Terms:
        y, x, channel = (int(i) for i in np.unravel_index(index, self.input_shape))
        (tall, wide), finer = self.size, slope[..., channel]
        if self.interpolation == "nearest":
            copies = finer[y * tall : (y + 1) * tall, x * wide : (x + 1) * wide]
            return Sum("passed", "Σ ∂J/∂a" if copies.size > 1 else "∂J/∂a", copies.ravel())
        blend = np.outer(between(self.input_shape[0], tall)[:, y], between(self.input_shape[1], wide)[:, x])
        near = np.nonzero(blend)
        return Sum("weights", "Σ W · ∂J/∂a", finer[near], blend[near])
