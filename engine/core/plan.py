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
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from engine.core.types import Array, Shape

if TYPE_CHECKING:
    from engine.layers.base import Layer

Call = tuple[Callable[..., Any], tuple[Any, ...]]
LOOP_BUFFER = 512
"""Elements NumPy's iterator may gather when an operand is repeated (b[:, None]); its default of 8,192 halves the speed
of such calls on images, since it then copies the repeated numbers out at full length."""


class Margin(NamedTuple):
    """Rows and columns of zeros around an image."""

    top: int = 0
    bottom: int = 0
    left: int = 0
    right: int = 0


NO_MARGIN = Margin()


class Value:
    """A layer's output inside a plan: `data` (*shape, B); `with_ones` is the same memory with its row of ones."""

    __slots__ = ("data", "deferred", "reusable", "shape", "with_ones")

    def __init__(self, data: Array, with_ones: Array | None = None) -> None:
        self.data = data
        self.shape: Shape = data.shape[:-1]
        self.with_ones = with_ones
        self.deferred: Deferred | None = None
        self.reusable = False
        """Whether the next layer may write over it: the one that made it does not look at it again."""


BLOCK_BYTES = 1 << 20
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


class Deferred(NamedTuple):
    """An activation left to the layer that follows: `finish(z)` plans g(z + b) on what that layer made of z, and

    `undo(da)` plans ∂J/∂z there. Max pooling takes it, since it commutes with adding b and with any rising g.
    """

    finish: Callable[[Array], Array]
    undo: Callable[[Array], Array]


class Plan:
    """Calls and buffers of one step for `batch` examples.

    training: dropout drops and batch normalisation uses the batch. `examples` is the size of the whole batch when this
    plan is a shard of it (losses are means over that). `shortcuts`: layers may leave out numbers that training does
    not need, such as what an activation makes of pixels that pooling drops. `backward`: gradients will be planned.
    """

    def __init__(
        self,
        batch: int,
        dtype: np.dtype[Any],
        rng: np.random.Generator,
        *,
        training: bool,
        values: Array,
        state: Array,
        gradients: Array,
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
        self.values, self.state, self.gradients = values, state, gradients
        self.calls: list[Call] = []
        self.before: list[Call] = []
        """Calls that come before all others and must not run beside another shard's: drawing random numbers."""
        self.exchanges: list[tuple[int, Array]] = []
        """(number of calls before it, array): where the shards of a batch add up what each has found."""
        self.updates: list[Call] = []
        """Calls that change what is remembered between steps (moving averages); left out of `gradients()`."""
        self.memo: dict[object, Any] = {}
        """What a layer's forward keeps for its backward."""
        self.inputs: dict[Layer, Value] = {}
        self.outputs: dict[Layer, Value] = {}
        self.preactivations: dict[Layer, Array] = {}
        self.output_gradients: dict[Layer, Array] = {}
        self.gradient_given_before_activation = False
        """True while the last layer goes backward from a loss that was joined with its activation."""
        self.loss = np.zeros((), dtype)
        self.loss_scale = 1.0
        self.weights: Array | None = None
        """How much each example counts, (B,): live numbers, where `fit` was given some."""
        self.answers: Array | None = None
        """A copy of the outputs, where metrics are taken while training."""
        self.penalties: list[tuple[Array, float]] = []
        """Regularisation and side branches: 0-d sums and the factor each enters the loss with."""
        self.sides: list[tuple[Layer, Value]] = []
        """Side branches and what they predict."""
        self.side_gradients: dict[Layer, tuple[Array, bool]] = {}
        """∂J/∂output of each side branch, and whether it is the one before its last activation."""
        self.nbytes = 0
        self._images = False
        self.margin = NO_MARGIN
        """The margin that whoever reads the output of the layer now going forward (or the gradient of the one now
        going backward) would like."""
        self.deferrable = False
        """Whether the layer that follows takes a Deferred."""
        self.shared: dict[int, Array] = {}
        """Gradients that more than one layer reads."""
        self._rows: dict[int, tuple[Array, Rows]] = {}
        self._scratch: dict[Any, Array] = {}
        self._bases: dict[int, tuple[Array, Array, Margin]] = {}
        self.input: Array
        self.target: Array

    @classmethod
    def lone(cls, batch: int, dtype: np.dtype[Any]) -> "Plan":
        """A plan without a model, to try one function in inference mode."""
        nothing = np.zeros(0, dtype)
        rng = np.random.default_rng(0)
        return cls(batch, dtype, rng, training=False, values=nothing, state=nothing, gradients=nothing)

    def buffer(self, shape: Shape, dtype: Any = None) -> Array:
        """A zeroed buffer that lives as long as the plan."""
        made = np.zeros(shape, dtype or self.dtype)
        self.nbytes += made.nbytes
        return made

    def like(self, array: Array, dtype: Any = None) -> Array:
        """A zeroed buffer of the same shape, its memory in the same order."""
        made = np.zeros_like(array, dtype or self.dtype)
        self.nbytes += made.nbytes
        return made

    def value(self, shape: Shape, margin: Margin | None = None) -> Value:
        """A buffer (*shape, B) for a layer's output; a vector gets its row of ones, an image the margin wanted."""
        if len(shape) == 3:
            return Value(self.image(shape, self.margin if margin is None else margin))
        if len(shape) != 1:
            return Value(self.buffer((*shape, self.batch)))
        padded = np.ones((shape[0] + 1, self.batch), self.dtype)
        return Value(padded[:-1], padded)

    def gradient(self, shape: Shape) -> Array:
        """A buffer (*shape, B) for ∂J/∂x, with the margin wanted."""
        return self.image(shape, self.margin) if len(shape) == 3 else self.buffer((*shape, self.batch))

    def image(self, shape: Shape, margin: Margin = NO_MARGIN) -> Array:
        """A view (H, W, C, B) over zeroed memory (rows, channels, width, batch) inside a margin."""
        height, width, channels = shape
        top, bottom, left, right = margin
        self._images = True
        padded = self.buffer((top + height + bottom, channels, left + width + right, self.batch))
        view = padded[top : top + height, :, left : left + width].transpose(0, 2, 1, 3)
        self._bases[id(view)] = (view, padded, margin)
        return view

    def padded(self, view: Array, margin: Margin) -> Array | None:
        """The memory (H + top + bottom, C, W + left + right, B) behind an image that has just this margin, or None."""
        known = self._bases.get(id(view))
        return known[1] if known is not None and known[0] is view and known[2] == margin else None

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
        self._rows[id(array)] = (array, rows)
        return rows

    def slices(self, array: Array, unit: int = 1) -> list[slice]:
        """The blocks in which an image's rows are worked on."""
        return blocks(len(array), array[0].size * array.itemsize, unit)

    def need(self, array: Array, stop: int | None = None) -> None:
        """Makes sure that the rows before `stop` (all of them) are planned."""
        known = self._rows.get(id(array))
        if known is not None and known[0] is array:
            known[1].upto(stop)

    def source(self, array: Array) -> Callable[[int | None], None]:
        """`need` of what the rows are now, for a layer that writes over them and calls the result the same array."""
        known = self._rows.get(id(array))
        return known[1].upto if known is not None and known[0] is array else lambda stop: None

    def owned(self, gradient: Array) -> bool:
        """Whether a layer may write over the ∂J/∂y it is given."""
        return self.shortcuts and id(gradient) not in self.shared

    def settle(self) -> None:
        """Plans all that nobody has needed so far."""
        for _, rows in list(self._rows.values()):
            rows.upto()

    def scratch(self, array: Array, dtype: Any = None) -> Array:
        """Memory like `array` for what one call hands to the next; others use it too."""
        key = (array.shape, array.strides, np.dtype(dtype or self.dtype))
        if key not in self._scratch:
            self._scratch[key] = self.like(array, dtype)
        return self._scratch[key]

    def exchange(self, array: Array) -> None:
        """From here on `array` is the sum of what it was in every shard of the batch."""
        self.exchanges.append((len(self.calls), array))

    def count(self, array: Array) -> int:
        """How many numbers like `array`'s the whole batch has, over all shards."""
        return array.size // self.batch * self.examples

    def scalar(self, number: float) -> Array:
        """A constant as a 0-d array of the plan's dtype (NumPy's fastest operand; writable, so it can be live)."""
        return np.array(number, self.dtype)

    def call(self, function: Callable[..., Any], *arguments: Any) -> None:
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


def total(plan: Plan, array: Array, out: Array) -> None:
    """Plans out ← Σ array over everything (out is 0-d)."""
    plan.call(np.add.reduce, flat(array), 0, None, out)


def inner(plan: Plan, a: Array, b: Array, out: Array) -> None:
    """Plans out ← Σ a·b over everything (out is 0-d). Both must lie alike in memory, without gaps."""
    plan.call(np.dot, flat(a), flat(b), out)


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
