"""What goes from layer to layer inside a plan: outputs on the way forward, slopes on the way back."""

from typing import Protocol

from engine.core.rows import Deferred
from engine.core.types import Array, Shape


class Named(Protocol):
    """What a plan keeps numbers of: a layer, by itself, not by its name."""

    name: str


class Value:
    """A layer's output inside a plan: `data` (*shape, B); `with_ones` is the same memory with its row of ones;

    `deferred` is an activation left to the layer that reads it.
    """

    __slots__ = ("data", "deferred", "shape", "with_ones")

    def __init__(self, data: Array, with_ones: Array | None = None, deferred: Deferred | None = None) -> None:
        self.data = data
        self.shape: Shape = data.shape[:-1]
        self.with_ones = with_ones
        self.deferred = deferred


class Slope:
    """∂J/∂y of a layer's output, `data` (*shape, B); `joined`: it is ∂J/∂z before the layer's activation already, since

    the loss was joined with it.
    """

    __slots__ = ("data", "joined")

    def __init__(self, data: Array, joined: bool = False) -> None:
        self.data, self.joined = data, joined
