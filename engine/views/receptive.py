"""Receptive fields: which pixels of the input one number of a feature map looks at."""

from engine.core.types import Shape
from engine.layers import Layer, SeparableConv2D, UpSampling2D, ZeroPadding2D
from engine.layers.composite import Composite
from engine.layers.correlation import Window

Rect = tuple[int, int, int, int]
"""First and last row, first and last column."""


def receptive(layers: list[Layer], rect: Rect) -> Rect | None:
    """The pixels of a stack's input that a rectangle of its output looks at; None if it sees zeros around them alone.

    Before each layer it is cut to the image that is there: a window over the edge sees no more of the picture, also
    where a pooling before it left rows over.
    """
    found: Rect | None = rect
    for layer in reversed(layers):
        if found is None:
            return None
        if isinstance(layer, Composite):
            found = _around([seen for parts in layer.stacks() if (seen := receptive(parts, found)) is not None])
        else:
            found = _inside(_looked_at(layer, found), layer.input_shape)
    return found


def _around(rects: list[Rect]) -> Rect | None:
    if not rects:
        return None
    tops, bottoms, lefts, rights = zip(*rects, strict=True)
    return min(tops), max(bottoms), min(lefts), max(rights)


def _inside(rect: Rect, shape: Shape) -> Rect | None:
    """What of it lies in an image; None if nothing does."""
    if len(shape) != 3:
        return rect
    top, bottom, left, right = rect
    top, bottom, left, right = max(0, top), min(shape[0] - 1, bottom), max(0, left), min(shape[1] - 1, right)
    return (top, bottom, left, right) if top <= bottom and left <= right else None


def _looked_at(layer: Layer, rect: Rect) -> Rect:
    """The places of a layer's input, zeros around it included, that a rectangle of its output is made of."""
    top, bottom, left, right = rect
    window = window_of(layer)
    if window is not None:
        (kh, kw), (sh, sw), margin = window.kernel, window.strides, window.margin
        return (top * sh - margin.top, bottom * sh - margin.top + kh - 1,
                left * sw - margin.left, right * sw - margin.left + kw - 1)  # fmt: skip
    if isinstance(layer, UpSampling2D):
        (tall, wide), more = layer.size, layer.interpolation == "bilinear"
        if more:  # a finer pixel is a blend of the two whose middles are nearest
            return ((2 * top + 1 - tall) // (2 * tall), -((tall - 2 * bottom - 1) // (2 * tall)),
                    (2 * left + 1 - wide) // (2 * wide), -((wide - 2 * right - 1) // (2 * wide)))  # fmt: skip
        return top // tall, bottom // tall, left // wide, right // wide
    if isinstance(layer, ZeroPadding2D):
        (before, _), (first, _) = layer.padding
        return top - before, bottom - before, left - first, right - first
    return rect


def window_of(layer: Layer) -> Window | None:
    """How a layer's window moves; None for layers without one."""
    if isinstance(layer, SeparableConv2D):
        return layer.depthwise.window
    found: Window | None = getattr(layer, "window", None)
    return found
