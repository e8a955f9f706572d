"""Which pixels of an image meet which taps of a window: what explains convolutions and pooling number by number."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.core.types import Array
from engine.layers.correlation import Pair, Window

ONE: Pair = (1, 1)


class Tap(NamedTuple):
    """Row and column of a window, and of a pixel: the input under a tap, or the output that a tap makes."""

    i: int
    j: int
    row: int
    column: int


def in_a_row(parts: Sequence[Array]) -> Array:
    """Vectors one after the other; of none an empty one."""
    return np.concatenate(parts) if parts else np.zeros(0)


def taps_of(window: Window, row: int, column: int, dilation: Pair = ONE) -> list[Tap]:
    """The taps of the window that makes output (row, column), each with the input pixel under it; none outside."""
    top, left = row * window.strides[0] - window.margin.top, column * window.strides[1] - window.margin.left
    return [
        Tap(i, j, top + i * dilation[0], left + j * dilation[1])
        for i in range((window.kernel[0] - 1) // dilation[0] + 1)
        for j in range((window.kernel[1] - 1) // dilation[1] + 1)
        if 0 <= top + i * dilation[0] < window.height and 0 <= left + j * dilation[1] < window.width
    ]


def readers_of(window: Window, y: int, x: int, dilation: Pair = ONE) -> list[Tap]:
    """The taps that see input pixel (y, x), each with the output that its window makes."""
    found = []
    for i in range((window.kernel[0] - 1) // dilation[0] + 1):
        for j in range((window.kernel[1] - 1) // dilation[1] + 1):
            row, odd_row = divmod(y + window.margin.top - i * dilation[0], window.strides[0])
            column, odd_column = divmod(x + window.margin.left - j * dilation[1], window.strides[1])
            inside = 0 <= row < window.out_height and 0 <= column < window.out_width
            if inside and not odd_row and not odd_column:
                found.append(Tap(i, j, row, column))
    return found


def met_by(window: Window, i: int, j: int, dilation: Pair = ONE) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """Indices (rows, columns) of the outputs in which tap (i, j) meets a pixel, and of those pixels, in one order."""
    rows, columns = np.indices((window.out_height, window.out_width)).reshape(2, -1)
    y = rows * window.strides[0] - window.margin.top + i * dilation[0]
    x = columns * window.strides[1] - window.margin.left + j * dilation[1]
    inside = (y >= 0) & (y < window.height) & (x >= 0) & (x < window.width)
    return (rows[inside], columns[inside]), (y[inside], x[inside])
