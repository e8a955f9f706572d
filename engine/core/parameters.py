"""Parameters, gradients and optimiser state as flat contiguous vectors with named views into them.

A layer reserves a *block* of the vector in whatever inner layout is fastest and names the public weights in it by
functions from the block to a view (Dense keeps W transposed with b as its last column, and shows Keras's kernel
(I, O) and bias (O,)). The same functions serve the values, the gradients and every optimiser slot.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from engine.core.numbers import weight_numbers
from engine.core.types import Array, Shape


class Start(Protocol):
    """How a weight starts: numbers of a shape from a generator (engine.initializers)."""

    def __call__(self, shape: Shape, rng: np.random.Generator | None = None, whole: Shape | None = None) -> Array: ...

    def generator(self, key: list[int] | None) -> np.random.Generator: ...


@dataclass(eq=False)
class Block:
    """A reserved part of a store's vector of trained numbers (or, not `trained`, of its state)."""

    start: int
    shape: Shape
    store: "ParameterStore" = field(repr=False)
    trained: bool = True

    @property
    def size(self) -> int:
        return int(np.prod(self.shape, dtype=np.int64))

    @property
    def values(self) -> Array:
        """The live numbers as an array of `shape`."""
        return self.of(self.store.values if self.trained else self.store.state)

    def of(self, flat: Array) -> Array:
        """The same part of any vector laid out like the store's."""
        return flat[self.start : self.start + self.size].reshape(self.shape)


@dataclass(eq=False)
class Weight:
    """One public weight: Keras's name and shape, and where it lives."""

    name: str
    shape: Shape
    block: Block
    view: Callable[[Array], Array]
    initializer: Start
    l1: float = 0.0
    l2: float = 0.0
    frozen: bool = False
    """Whether its layer is switched to not learning."""

    @property
    def trainable(self) -> bool:
        """Whether it learns: no moving average, and its layer not frozen."""
        return self.block.trained and not self.frozen

    @property
    def array(self) -> Array:
        """The live array (a view: writing to it changes the model)."""
        return self.view(self.block.values)

    def of(self, flat: Array) -> Array:
        """The weight as a view into any vector laid out like its store's."""
        return self.view(self.block.of(flat))

    @property
    def size(self) -> int:
        return int(np.prod(self.shape, dtype=np.int64))

    def numpy(self) -> Array:
        """A copy of its numbers."""
        return self.array.copy()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.array(self.array, dtype)

    def assign(self, value: Any) -> None:
        """Puts other numbers in: finite, and of its shape."""
        self.array[...] = weight_numbers(self.name, self.shape, value, self.array.dtype, f"{self.name}.assign")


def whole(block: Array) -> Array:
    """The view of a weight that is its whole block."""
    return block


@dataclass(eq=False)
class ParameterStore:
    """All weights of a model, and what it needs to train them.

    `values` and `state` (moving averages) hold the weights of the layers that were built for this model; a layer that
    another model built brings its own along, and both models see the same numbers. `gradients` and the optimiser's
    `slots` are the model's own and have places for those weights alone that learn; `trained` is these weights as one
    vector, laid out alike.
    """

    dtype: np.dtype[np.floating]
    weights: list[Weight] = field(default_factory=list)
    values: Array = field(init=False)
    state: Array = field(init=False)
    gradients: Array = field(init=False)
    trained: Array = field(init=False)
    places: dict[Block, int] = field(default_factory=dict)
    """Where each block that learns has its part of `gradients`, `trained` and the slots."""
    slots: dict[str, Array] = field(default_factory=dict)
    _sizes: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    _fills: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.values = self.state = self.gradients = self.trained = np.zeros(0, self.dtype)

    def reserve(self, shape: Shape, trainable: bool = True) -> Block:
        """Takes room for a block. Nothing is allocated before `allocate`."""
        block = Block(self._sizes[trainable], shape, self, trainable)
        self._sizes[trainable] += block.size
        return block

    def add(self, weight: Weight) -> Weight:
        self.weights.append(weight)
        return weight

    def allocate(self) -> None:
        """Room for all that was reserved."""
        self.values = np.zeros(self._sizes[True], self.dtype)
        self.state = np.zeros(self._sizes[False], self.dtype)
        self.place()

    def place(self) -> None:
        """Gives every block that learns its places; the optimiser's state of a block that did so before goes along."""
        before, old = self.places, self.slots
        blocks = list(dict.fromkeys(w.block for w in self.weights if w.trainable))
        ends = np.cumsum([0, *(b.size for b in blocks)]).tolist()
        self.places = dict(zip(blocks, ends[:-1], strict=True))
        self.forget_gradients()
        own = [b for b in blocks if b.store is self]
        run = len(own) == len(blocks) and (not own or own[-1].start + own[-1].size - own[0].start == ends[-1])
        self.trained = self.values[own[0].start :][: ends[-1]] if run and own else np.zeros(ends[-1], self.dtype)
        self.slots = {}
        for name, slot in old.items():
            fresh = self.slot(name, self._fills.get(name, 0.0))
            for block, at in self.places.items():
                if block in before:
                    fresh[at : at + block.size] = slot[before[block] :][: block.size]

    @property
    def scattered(self) -> bool:
        """Whether `trained` is a copy, because the weights that learn do not lie side by side."""
        return bool(self.trained.size) and not np.may_share_memory(self.trained, self.values)

    def forget_gradients(self) -> None:
        """Zero gradients in new memory, which the system gives out only where it is written to."""
        self.gradients = np.zeros(sum(b.size for b in self.places), self.dtype)

    def slot(self, name: str, fill: float = 0.0) -> Array:
        """The optimiser's vector of that name, made on first use."""
        if name not in self.slots:
            self.slots[name] = np.full_like(self.gradients, fill)
            self._fills[name] = fill
        return self.slots[name]

    def array(self, weight: Weight) -> Array:
        """The live array of a weight (a view: writing to it changes the model)."""
        return weight.array

    def placed(self, weight: Weight, vector: Array) -> Array:
        """A weight that learns as a view into a vector laid out like `gradients`."""
        at, block = self.places[weight.block], weight.block
        return weight.view(vector[at : at + block.size].reshape(block.shape))

    def gradient(self, weight: Weight) -> Array:
        """The live gradient of a weight that learns."""
        return self.placed(weight, self.gradients)

    def spread(self, value: Callable[[Weight], float]) -> Array:
        """A vector like `gradients` holding value(weight) at each weight's places."""
        flat = np.zeros_like(self.gradients)
        for weight in self.weights:
            if weight.block in self.places:
                self.placed(weight, flat)[...] = value(weight)
        return flat

    def whole(self, vector: Array) -> Array:
        """A vector like `values` from one like `gradients`, zero where nothing learns."""
        if vector.size == self.values.size and not self.scattered:
            return vector
        out = np.zeros(self.values.size, vector.dtype)
        for block, at in self.places.items():
            if block.store is self:
                out[block.start : block.start + block.size] = vector[at : at + block.size]
        return out
