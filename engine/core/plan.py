"""A plan: a training or inference step as a flat list of NumPy calls over preallocated buffers.

Built once for a batch size; running it is `for function, arguments in calls: function(*arguments)`, which for tiny
nets is several times faster than any step that makes objects. Inside a plan the batch is the *last* axis: an example
of shape (d1, …, dk) is a buffer (d1, …, dk, B), so that a dense layer is one product W·X with contiguous operands and
its bias gradient falls out of the same product (the buffer of a vector carries a row of ones below it).
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.core.types import Array, Shape

if TYPE_CHECKING:
    from engine.layers.base import Layer

Call = tuple[Callable[..., Any], tuple[Any, ...]]


class Value:
    """A layer's output inside a plan: `data` (*shape, B); `with_ones` is the same memory with its row of ones."""

    __slots__ = ("data", "shape", "with_ones")

    def __init__(self, data: Array, with_ones: Array | None = None) -> None:
        self.data = data
        self.shape: Shape = data.shape[:-1]
        self.with_ones = with_ones


class Plan:
    """Calls and buffers of one step for `batch` examples.

    training: dropout drops and batch normalisation uses the batch. backward: gradients are planned too.
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
    ) -> None:
        self.batch = batch
        self.dtype = dtype
        self.rng = rng
        self.training = training
        self.values, self.state, self.gradients = values, state, gradients
        self.calls: list[Call] = []
        self.updates: list[Call] = []
        """Calls that change what is remembered between steps (moving averages); left out of `gradients()`."""
        self.memo: dict[object, Any] = {}
        """What a layer's forward keeps for its backward."""
        self.outputs: dict[Layer, Value] = {}
        self.preactivations: dict[Layer, Array] = {}
        self.output_gradients: dict[Layer, Array] = {}
        self.gradient_given_before_activation = False
        """True while the last layer goes backward from a loss that was joined with its activation."""
        self.loss = np.zeros((), dtype)
        self.loss_scale = 1.0
        self.penalties: list[tuple[Array, float]] = []
        """Regularisation: 0-d sums and the factor each enters the loss with."""
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
        return np.zeros(shape, dtype or self.dtype)

    def like(self, array: Array, dtype: Any = None) -> Array:
        return np.zeros(array.shape, dtype or self.dtype)

    def value(self, shape: Shape) -> Value:
        """A buffer (*shape, B) for a layer's output; a vector gets its row of ones."""
        if len(shape) != 1:
            return Value(self.buffer((*shape, self.batch)))
        padded = np.ones((shape[0] + 1, self.batch), self.dtype)
        return Value(padded[:-1], padded)

    def scalar(self, number: float) -> Array:
        """A constant as a 0-d array of the plan's dtype (NumPy's fastest operand; writable, so it can be live)."""
        return np.array(number, self.dtype)

    def call(self, function: Callable[..., Any], *arguments: Any) -> None:
        self.calls.append((function, arguments))

    def maximum(self, a: Array, b: Array, out: Array) -> None:
        """out ← max(a, b). NumPy wants this output by keyword, which a partial costs little for."""
        self.calls.append((partial(np.maximum, out=out), (a, b)))

    def minimum(self, a: Array, b: Array, out: Array) -> None:
        self.calls.append((partial(np.minimum, out=out), (a, b)))

    def update(self, function: Callable[..., Any], *arguments: Any) -> None:
        self.updates.append((function, arguments))

    def run(self) -> None:
        for function, arguments in self.calls:
            function(*arguments)

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
    plan.call(np.add.reduce, array.reshape(-1), 0, None, out)


def inner(plan: Plan, a: Array, b: Array, out: Array) -> None:
    """Plans out ← Σ a·b over everything (out is 0-d). Both must be contiguous."""
    plan.call(np.dot, a.reshape(-1), b.reshape(-1), out)
