"""Parameters, gradients and optimiser state as flat contiguous vectors with named views into them.

A layer reserves a *block* of the vector in whatever inner layout is fastest and names the public weights in it by
functions from the block to a view (Dense keeps W transposed with b as its last column, and shows Keras's kernel
(I, O) and bias (O,)). The same functions serve the values, the gradients and every optimiser slot.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from engine.core.types import Array, Shape
from engine.initializers import Initializer


@dataclass
class Block:
    """A reserved part of a flat vector: `of(flat)` is it as an array of `shape`."""

    start: int
    shape: Shape

    @property
    def size(self) -> int:
        return int(np.prod(self.shape, dtype=np.int64))

    def of(self, flat: Array) -> Array:
        return flat[self.start : self.start + self.size].reshape(self.shape)


@dataclass
class Weight:
    """One public weight: Keras's name and shape, and where it lives."""

    name: str
    shape: Shape
    block: Block
    view: Callable[[Array], Array]
    initializer: Initializer
    trainable: bool = True
    l1: float = 0.0
    l2: float = 0.0

    def of(self, flat: Array) -> Array:
        """The weight as a view into any vector laid out like the parameters."""
        return self.view(self.block.of(flat))

    @property
    def size(self) -> int:
        return int(np.prod(self.shape, dtype=np.int64))


def whole(block: Array) -> Array:
    """The view of a weight that is its whole block."""
    return block


@dataclass
class ParameterStore:
    """All weights of a model. Trainable ones share `values`, `gradients` and the optimiser's `slots`;

    the others (moving averages) live in `state`.
    """

    dtype: np.dtype[np.floating]
    weights: list[Weight] = field(default_factory=list)
    values: Array = field(init=False)
    gradients: Array = field(init=False)
    state: Array = field(init=False)
    slots: dict[str, Array] = field(default_factory=dict)
    _sizes: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})

    def reserve(self, shape: Shape, trainable: bool = True) -> Block:
        """Takes room for a block. Nothing is allocated before `allocate`."""
        block = Block(self._sizes[trainable], shape)
        self._sizes[trainable] += block.size
        return block

    def add(self, weight: Weight) -> Weight:
        self.weights.append(weight)
        return weight

    def allocate(self) -> None:
        self.values = np.zeros(self._sizes[True], self.dtype)
        self.gradients = np.zeros(self._sizes[True], self.dtype)
        self.state = np.zeros(self._sizes[False], self.dtype)

    def forget_gradients(self) -> None:
        """Zero gradients in new memory, which the system gives out only where it is written to."""
        self.gradients = np.zeros(self._sizes[True], self.dtype)

    def slot(self, name: str, fill: float = 0.0) -> Array:
        """The optimiser's vector of that name, made on first use."""
        if name not in self.slots:
            self.slots[name] = np.full_like(self.values, fill)
        return self.slots[name]

    def array(self, weight: Weight) -> Array:
        """The live array of a weight (a view: writing to it changes the model)."""
        return weight.of(self.values if weight.trainable else self.state)

    def gradient(self, weight: Weight) -> Array:
        """The live gradient of a trainable weight."""
        return weight.of(self.gradients)

    def spread(self, value: Callable[[Weight], float]) -> Array:
        """A vector like `values` holding value(weight) at each trainable weight's places."""
        flat = np.zeros_like(self.values)
        for weight in self.weights:
            if weight.trainable:
                weight.of(flat)[...] = value(weight)
        return flat
