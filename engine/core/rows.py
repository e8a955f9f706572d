"""Images inside a plan: their margins, the rows they are worked on in, and what a layer may leave to its reader."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from engine.core.types import Array


class Margin(NamedTuple):
    """Rows and columns of zeros around an image."""

    top: int = 0
    bottom: int = 0
    left: int = 0
    right: int = 0


NO_MARGIN = Margin()


class Wish(NamedTuple):
    """What the reader of a layer's output would like: zeros around an image, and whether it takes a `Deferred`."""

    margin: Margin = NO_MARGIN
    deferrable: bool = False


NO_WISH = Wish()


class Deferred(NamedTuple):
    """An activation left to the layer that follows: `finish(z, wish)` plans g(z + b) on what that layer made of z, and

    `undo(da)` plans ∂J/∂z there. Max pooling takes it, since it commutes with adding b and with any rising g.
    """

    finish: Callable[[Array, Wish], Array]
    undo: Callable[[Array], Array]


BLOCK_BYTES = 1 << 19
"""Rows of an image are worked on in blocks of about this size, so that what needs a row finds it in the cache. Smaller

ones gain nothing more: two threads that make many short calls wait for Python's lock."""


def blocks(rows: int, row_bytes: int, unit: int = 1) -> list[slice]:
    """0 … rows in slices of about BLOCK_BYTES, whose lengths are multiples of `unit` (but for the last)."""
    step = max(1, BLOCK_BYTES // max(row_bytes, 1))
    step = -(-rows // max(1, round(rows / step)))
    step = -(-step // unit) * unit
    return [slice(at, min(at + step, rows)) for at in range(0, rows, step)]


class Rows:
    """Calls that are planned block by block of rows, when someone needs them: the reader of an image plans its own

    work on a block right behind the work that made it. `upto(stop)` plans all blocks that begin before row `stop`.
    """

    def __init__(self, slices: list[slice], emit: Callable[[slice], None], finish: Callable[[], None] | None) -> None:
        self._left = list(reversed(slices))
        self._emit, self._finish = emit, finish

    def upto(self, stop: int | None = None) -> None:
        while self._left and (stop is None or self._left[-1].start < stop):
            self._emit(self._left.pop())
            if not self._left and self._finish is not None:
                self._finish()


def flat(array: Array) -> Array:
    """All of a buffer without gaps as a vector, in the order of its memory; never a copy."""
    vector = array.ravel(order="K")
    assert np.may_share_memory(vector, array), "a buffer with gaps has no flat view"
    return vector


def rows_of(array: Array) -> Array:
    """A buffer as (R, C, L): rows, channels, and all that shares them. An image (H, W, C, B) gives (H, C, W·B),

    a vector (F, B) gives (1, F, B); never a copy.
    """
    if array.ndim == 4:
        array = array.transpose(0, 2, 1, 3)
        shape = (array.shape[0], array.shape[1], array.shape[2] * array.shape[3])
    else:
        shape = (-1, *array.shape[-2:])
    rows = array.reshape(shape)
    assert np.may_share_memory(rows, array), "this buffer cannot be seen as rows"
    return rows
