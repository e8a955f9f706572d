"""A plan: a training or inference step as a flat list of NumPy calls over preallocated buffers.

Built once for a batch size; running it is `for function, arguments in calls: function(*arguments)`, which for tiny
nets is several times faster than any step that makes objects. Inside a plan the batch is the *last* axis: an example
of shape (d1, …, dk) is a buffer (d1, …, dk, B), so that a dense layer is one product W·X with contiguous operands and
its bias gradient falls out of the same product (the buffer of a vector carries a row of ones below it).

Images (H, W, C) are views of that shape, (H, W, C, B), over memory in the order rows, channels, width, batch, in which
a convolution is a few matrix products over strided views (see engine.layers.correlation). `rows_of` shows that order.
Such a buffer may have a margin of zeros around its rows and columns, so that what follows needs no padding of its own.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Self

import numpy as np

from engine.core.memory import Call, Memory, Root, Timeline, address_of, writes
from engine.core.parameters import Block
from engine.core.rows import NO_MARGIN, NO_WISH, Deferred, Margin, Rows, Wish, blocks, flat, rows_of
from engine.core.types import Array, Shape
from engine.core.values import Named, Slope, Value

__all__ = ["NO_MARGIN", "NO_WISH", "Call", "Deferred", "Margin", "Plan", "Rows", "Slope", "Value", "Wish", "flat",
           "inner", "rows_of", "total", "writes"]  # fmt: skip
SHARE = True
"""Whether buffers of training plans may share memory; a test that looks at every number between switches it off."""
SHARE_FROM = 1 << 16
"""Bytes from which a plan is worth it: less lies in the nearest cache as it is, and small plans are made often."""
LOOP_BUFFER = 512
"""Elements NumPy's iterator may gather when an operand is repeated (b[:, None]); its default of 8,192 halves the speed
of such calls on images, since it then copies the repeated numbers out at full length."""


class Plan:
    """Calls and buffers of one step for `batch` examples.

    training: dropout drops and batch normalisation uses the batch. `examples` is the size of the whole batch when this
    plan is a shard of it (losses are means over that). `shortcuts`: numbers that training does not need may be left out
    or written over, such as what an activation makes of pixels that pooling drops. `backward`: gradients will be
    planned, into the vector `gradients`, in which `places` says where each block of parameters that learns has its own.
    """

    def __init__(
        self,
        batch: int,
        dtype: np.dtype[Any],
        rng: np.random.Generator,
        *,
        training: bool,
        gradients: Array | None = None,
        places: dict[Block, int] | None = None,
        examples: int | None = None,
        shortcuts: bool = False,
        backward: bool = False,
    ) -> None:
        self.batch = batch
        self.examples = examples or batch
        self.shortcuts = shortcuts
        self.backward = backward
        self.dtype = dtype
        self.rng = rng
        self.training = training
        self.gradients = np.zeros(0, dtype) if gradients is None else gradients
        self._places = places or {}
        self.calls: list[Call] = []
        self.before: list[Call] = []
        """Calls that come before all others and must not run beside another shard's: drawing random numbers."""
        self.exchanges: list[tuple[int, Array]] = []
        """(number of calls before it, array): where the shards of a batch add up what each has found."""
        self.updates: list[Call] = []
        """Calls that change what is remembered between steps (moving averages); left out of `gradients()`."""
        self.memo: dict[object, Any] = {}
        """What a layer's forward keeps for its backward; after planning, what is `keep`t alone."""
        self.inputs: dict[Named, Value] = {}
        self.outputs: dict[Named, Value] = {}
        self.preactivations: dict[Named, Array] = {}
        self.output_gradients: dict[Named, Array] = {}
        self.loss_scale = 1.0
        self.weights: Array | None = None
        """How much each example counts, (B,): live numbers, where `fit` was given some."""
        self.answers: Array | None = None
        """A copy of the outputs, where metrics are taken while training."""
        self.penalties: list[tuple[Array, float]] = []
        """Regularisation and side branches: 0-d sums and the factor each enters the loss with."""
        self.sides: list[tuple[Named, Value]] = []
        """Side branches and what they predict."""
        self.side_gradients: dict[Named, Slope] = {}
        """∂J/∂output of each side branch."""
        self.nbytes = 0
        self._images = False
        self._memory = Memory()
        self._pads: dict[int, tuple[Array, Array, Margin]] = {}
        """By address of a padded image's memory: its view without the margin, the memory, the margin."""
        self._rows: dict[int, list[tuple[Array, Rows]]] = {}
        """By address of a memory: what is left to plan of its rows."""
        self._written: list[tuple[Array, Array | None]] = []
        """The plan's memory, each with a mask of the numbers that its calls write (None: all of them)."""
        if self.gradients.size:
            self._memory.add(self.gradients).pinned = True
        self.loss = self.sum()
        self.input: Array
        self.target: Array

    @classmethod
    def lone(cls, batch: int, dtype: np.dtype[Any]) -> "Self":
        """A plan without a model, to try one function in inference mode."""
        return cls(batch, dtype, np.random.default_rng(0), training=False)

    # -- memory --------------------------------------------------------------------------------------------------
    def _own(self, made: Array) -> Array:
        self.nbytes += made.nbytes
        self._memory.add(made)
        return made

    def buffer(self, shape: Shape, dtype: Any = None) -> Array:
        """A zeroed buffer that lives as long as the plan. What its calls never write stays zero."""
        return self._own(np.zeros(shape, dtype or self.dtype))

    def like(self, array: Array, dtype: Any = None) -> Array:
        """A zeroed buffer of the same shape, its memory in the same order."""
        return self._own(np.zeros_like(array, dtype or self.dtype))

    def twin(self, image: Array) -> Array:
        """A zeroed image of the same shape and, if it has one, within the same margin."""
        return self.image((image.shape[0], image.shape[1], image.shape[2]), self.margin_of(image))

    def sum(self) -> Array:
        """A 0-d buffer that is read after the run, such as the loss."""
        made = self.buffer(())
        self.keep(made)
        return made

    def value(self, shape: Shape, margin: Margin = NO_MARGIN) -> Value:
        """A buffer (*shape, B) for a layer's output; a vector gets its row of ones, an image the margin wanted."""
        if len(shape) == 3:
            return Value(self.image(shape, margin))
        if len(shape) != 1:
            return Value(self.buffer((*shape, self.batch)))
        padded = self._own(np.ones((shape[0] + 1, self.batch), self.dtype))
        return Value(padded[:-1], padded)

    def gradient(self, shape: Shape, margin: Margin = NO_MARGIN) -> Array:
        """A buffer (*shape, B) for ∂J/∂x, an image's with the margin wanted."""
        return self.image(shape, margin) if len(shape) == 3 else self.buffer((*shape, self.batch))

    def image(self, shape: Shape, margin: Margin = NO_MARGIN) -> Array:
        """A view (H, W, C, B) over zeroed memory (rows, channels, width, batch) inside a margin."""
        height, width, channels = shape
        top, bottom, left, right = margin
        self._images = True
        padded = self.buffer((top + height + bottom, channels, left + width + right, self.batch))
        view = padded[top : top + height, :, left : left + width].transpose(0, 2, 1, 3)
        self._pads[address_of(padded)] = (view, padded, margin)
        return view

    def _image_under(self, view: Array) -> tuple[Array, Array, Margin] | None:
        root = self._memory.find(view)
        known = None if root is None else self._pads.get(root.start)
        return known if known is not None and _same(known[0], view) else None

    def padded(self, view: Array, margin: Margin) -> Array | None:
        """The memory (H + top + bottom, C, W + left + right, B) behind an image that has just this margin, or None."""
        known = self._image_under(view)
        return known[1] if known is not None and known[2] == margin else None

    def margin_of(self, view: Array) -> Margin:
        """The margin of zeros around an image."""
        known = self._image_under(view)
        return NO_MARGIN if known is None else known[2]

    def keep(self, view: Array) -> None:
        """What is read after the run: its memory is nobody else's, and a `memo` of it stays."""
        self._memory.keep(view)

    def given(self, view: Array) -> None:
        """What is filled from outside before each run (inputs, targets); no call may write it."""
        root = self._memory.find(view)
        if root is not None:
            root.given = root.pinned = True

    def filled(self, view: Array) -> None:
        """What others fill before each run and this plan's calls go on with (the gradients of all shards)."""
        root = self._memory.find(view)
        if root is not None:
            root.filled = True

    # -- parameters ----------------------------------------------------------------------------------------------
    def learns(self, block: Block) -> bool:
        """Whether this plan works out the gradient of a block of parameters."""
        return block in self._places

    def slope(self, block: Block) -> Array:
        """Where ∂J/∂(a block that learns) goes."""
        at = self._places[block]
        return self.gradients[at : at + block.size].reshape(block.shape)

    # -- rows ----------------------------------------------------------------------------------------------------
    def by_rows(
        self,
        array: Array,
        emit: Callable[[slice], None],
        *,
        slices: list[slice] | None = None,
        finish: Callable[[], None] | None = None,
    ) -> Rows:
        """Leaves planning an image's rows to `emit(rows)`, which is called when `need` asks for them."""
        rows = Rows(slices or self.slices(array), emit, finish)
        root = self._memory.find(array)
        assert root is not None, "rows can be left of a plan's own memory alone"
        self._rows.setdefault(root.start, []).append((array, rows))
        return rows

    def leave(self, slices: list[slice], emit: Callable[[slice], None], finish: Callable[[], None] | None) -> Rows:
        """Leaves planning to whoever holds the answer, and at the latest to `settle`."""
        rows = Rows(slices, emit, finish)
        self._rows.setdefault(0, []).append((self.loss, rows))
        return rows

    def slices(self, array: Array, unit: int = 1) -> list[slice]:
        """The blocks in which an image's rows are worked on."""
        return blocks(len(array), array[0].size * array.itemsize, unit)

    def need(self, array: Array, stop: int | None = None) -> None:
        """Makes sure that the rows before `stop` (all of them) are planned, whoever writes them."""
        root = self._memory.find(array)
        for view, rows in self._rows.get(-1 if root is None else root.start, ()):
            rows.upto(stop if _same(view, array) else None)

    def settle(self) -> None:
        """Plans all that nobody has needed so far."""
        for waiting in list(self._rows.values()):
            for _, rows in waiting:
                rows.upto()

    # -- calls ---------------------------------------------------------------------------------------------------
    def exchange(self, array: Array) -> None:
        """From here on `array` is the sum of what it was in every shard of the batch."""
        self.keep(array)
        self.exchanges.append((len(self.calls), array))

    def count(self, array: Array) -> int:
        """How many numbers like `array`'s the whole batch has, over all shards."""
        return array.size // self.batch * self.examples

    def scalar(self, number: float) -> Array:
        """A constant as a 0-d array of the plan's dtype (NumPy's fastest operand; writable, so it can be live)."""
        return np.array(number, self.dtype)

    def call(self, function: Callable[..., Any], *arguments: Any) -> None:
        """A NumPy call with its output in place, or one of a function marked `@writes(n)`."""
        self.calls.append((function, arguments))

    def draw(self, function: Callable[..., Any], *arguments: Any) -> None:
        """A call that takes from the model's random generator; it comes before all others."""
        self.before.append((function, arguments))

    def maximum(self, a: Array, b: Array, out: Array) -> None:
        """out ← max(a, b). NumPy wants this output by keyword, which a partial costs little for."""
        self.calls.append((partial(np.maximum, out=out), (a, b)))

    def minimum(self, a: Array, b: Array, out: Array) -> None:
        self.calls.append((partial(np.minimum, out=out), (a, b)))

    def update(self, function: Callable[..., Any], *arguments: Any) -> None:
        self.updates.append((function, arguments))

    def finish(self) -> "Self":
        """Plans what is left, checks what every call reads and writes (see engine.core.memory), and where `shortcuts`

        allow lays buffers over each other.
        """
        self.settle()
        ordered: list[Call | Array] = [*self.before]
        waiting = list(self.exchanges)
        for number, call in enumerate(self.calls):
            while waiting and waiting[0][0] <= number:
                ordered.append(waiting.pop(0)[1])
            ordered.append(call)
        timeline = Timeline(self._memory, [*ordered, *(array for _, array in waiting)], self.updates)
        timeline.note()
        timeline.check()
        homes = timeline.share() if self.shortcuts and SHARE and self.nbytes >= SHARE_FROM else {}
        if homes:
            self._move(homes)
        living = [root for root in self._memory.roots if id(root) not in homes]
        self._written = [(r.numbers, None if r.whole else r.written) for r in living if r.used]
        self.nbytes = sum(r.numbers.nbytes for r in living)
        self._forget(set(homes) | {id(home) for home in homes.values()})
        self._memory, self._rows, self._pads = Memory(), {}, {}
        return self

    def _move(self, homes: dict[int, Root]) -> None:
        """Puts views of the memory that is theirs from now on into all calls."""

        def settled(value: Any) -> Any:
            if isinstance(value, np.ndarray) and value.size:
                root = self._memory.under(value)
                home = None if root is None else homes.get(id(root))
                return value if root is None or home is None else root.moved(value, home)
            return value

        def moved(call: Call) -> Call:
            function, arguments = call
            if isinstance(function, partial) and "out" in function.keywords:
                function = partial(function.func, out=settled(function.keywords["out"]))
            return function, tuple(settled(a) for a in arguments)

        for calls in (self.before, self.calls, self.updates):
            calls[:] = [moved(call) for call in calls]

    def _forget(self, shared: set[int]) -> None:
        """Drops every name of memory that does not hold what it says for longer than a part of the run."""

        def stays(array: Any) -> bool:
            root = self._memory.find(array) if isinstance(array, np.ndarray) else None
            return root is not None and id(root) not in shared

        for values in (self.inputs, self.outputs):
            for layer in [layer for layer, value in values.items() if not stays(value.data)]:
                del values[layer]
        for arrays in (self.preactivations, self.output_gradients):
            for layer in [layer for layer, array in arrays.items() if not stays(array)]:
                del arrays[layer]
        self.memo = {key: found for key, found in self.memo.items() if stays(found)}

    def poison(self) -> None:
        """Fills every number that the calls of a run write with NaN (whole numbers with ones): what a run leaves behind

        must not matter to the next one.
        """
        for numbers, mask in self._written:
            numbers[slice(None) if mask is None else mask] = np.nan if numbers.dtype.kind == "f" else 1

    def run(self) -> None:
        for function, arguments in self.before:
            function(*arguments)
        if not self._images:
            for function, arguments in self.calls:
                function(*arguments)
            return
        kept = np.setbufsize(LOOP_BUFFER)
        try:
            for function, arguments in self.calls:
                function(*arguments)
        finally:
            np.setbufsize(kept)

    def run_updates(self) -> None:
        for function, arguments in self.updates:
            function(*arguments)

    def loss_value(self) -> float:
        value = float(self.loss) * self.loss_scale
        for amount, factor in self.penalties:
            value += float(amount) * factor
        return value


def _same(a: Array, b: Array) -> bool:
    """Whether two views show the same numbers in the same order."""
    return a is b or (a.shape == b.shape and a.strides == b.strides and address_of(a) == address_of(b))


def total(plan: Plan, array: Array, out: Array) -> None:
    """Plans out ← Σ array over everything (out is 0-d)."""
    plan.call(np.add.reduce, flat(array), 0, None, out)


def inner(plan: Plan, a: Array, b: Array, out: Array) -> None:
    """Plans out ← Σ a·b over everything (out is 0-d). Both must lie alike in memory, without gaps."""
    plan.call(np.dot, flat(a), flat(b), out)
