"""Graphs out of lists: Residual, Parallel and side branches. Composites hold layers and compute little themselves."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from engine import activations
from engine.activations import Activation as ActivationFunction
from engine.core.arguments import Argument
from engine.core.parameters import ParameterStore, Weight
from engine.core.plan import NO_MARGIN, Margin, Plan, Slope, Value, Wish
from engine.core.terms import Sum, Terms, passed, same
from engine.core.types import Array, Config, Shape
from engine.layers import stack
from engine.layers.base import Layer, image_shape, register
from engine.layers.dense import ACTIVATION

OPTIONAL_ACTIVATION = Argument(
    "activation", "choice", None, choices=ACTIVATION.choices, optional=True, doc="g after the sum"
)


class Composite(Layer):
    """A layer made of layers. `stacks` lists its branches; names and weights follow from it."""

    by_rows = True

    def stacks(self) -> list[list[Layer]]:
        raise NotImplementedError

    @property
    def leaves(self) -> list[Layer]:
        return [leaf for parts in self.stacks() for part in parts for leaf in part.leaves]

    @property
    def weights(self) -> list[Weight]:
        return [w for parts in self.stacks() for part in parts for w in part.weights]

    @weights.setter
    def weights(self, value: list[Weight]) -> None:
        if value:
            raise AttributeError("a composite's weights are its layers'")

    def rename(self) -> None:
        """Puts the layers inside below this one's present name."""
        taken: set[str] = set()
        for parts in self.stacks():
            stack.name_below(parts, self.name, taken)
            for part in parts:
                if isinstance(part, Composite):
                    part.rename()

    @property
    def trainable(self) -> bool:
        """Whether the layers inside learn; setting it sets them all."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        for parts in self.stacks():
            for part in parts:
                part.trainable = value
        Layer.trainable.fset(self, value)  # type: ignore[attr-defined]

    def freeze(self) -> None:
        for parts in self.stacks():
            for part in parts:
                part.freeze()

    def initialize(self, seed: int) -> None:
        for parts in self.stacks():
            for part in parts:
                part.initialize(seed)

    def multiplications(self) -> int:
        return sum(part.multiplications() for parts in self.stacks() for part in parts)

    def config_of(self, parts: Sequence[Layer]) -> list[Config]:
        return [{"class": type(part).__name__, "config": part.get_config()} for part in parts]


def added(index: int, inputs: Sequence[Array]) -> Sum:
    """The numbers of branches at one place, added up."""
    formula = " + ".join(f"x_{i + 1}" for i in range(len(inputs)))
    return Sum("add", formula, np.array([x.flat[index] for x in inputs]))


@register
class Residual(Composite):
    """y = g(body(x) + shortcut(x)); the shortcut is x itself unless layers are given for it (He et al. 2015).

    body, shortcut: lists of layers (or of their configs); both must end in the same shape.
    """

    nested = True
    doc = "adds its input to what its body makes of it"
    arguments = (OPTIONAL_ACTIVATION,)

    def __init__(
        self,
        body: Sequence[Layer | Config],
        shortcut: Sequence[Layer | Config] | None = None,
        activation: str | ActivationFunction | None = None,
        *,
        name: str | None = None,
    ) -> None:
        super().__init__(name=name)
        self.body = stack.made(body)
        self.shortcut = stack.made(shortcut or ())
        self.activation = activations.get(activation)

    def stacks(self) -> list[list[Layer]]:
        return [self.body, self.shortcut]

    def build(self, store: ParameterStore, input_shape: Shape) -> Shape:
        self.rename()
        shape = stack.build(self.body, store, input_shape)
        other = stack.build(self.shortcut, store, input_shape)
        if shape != other:
            what = "its shortcut" if self.shortcut else "its input (give it a shortcut that changes the shape)"
            wanted = f"a body that ends in the shape of {what}, {{wanted}}, got {{got}}"
            raise self.wants("block-shortcut" if self.shortcut else "block-input", wanted, wanted=other, got=shape)
        return shape

    def margin(self) -> Margin:
        return stack.margin_of(self.body)

    def forward(self, plan: Plan, x: Value, wish: Wish) -> Value:
        a = stack.forward(plan, self.body, x)
        b = stack.forward(plan, self.shortcut, x)
        out = plan.value(self.output_shape, wish.margin)
        z = out.data
        if self.activation.name != "linear":
            z = plan.twin(out.data) if out.data.ndim == 4 else plan.like(out.data)
        plan.preactivations[self] = z
        memo: dict[int, Any] = {}
        plan.memo[self] = memo

        def emit(s: slice) -> None:
            plan.need(a.data, s.stop)
            plan.need(b.data, s.stop)
            plan.call(np.add, a.data[s], b.data[s], z[s])
            if self.activation.name != "linear":
                memo[s.start] = self.activation.forward(plan, z[s], out.data[s])

        self._in_blocks(plan, out.data, emit)
        return out

    @staticmethod
    def _in_blocks(plan: Plan, array: Array, emit: Callable[[slice], None]) -> None:
        """Images by rows, when they are needed; anything else at once."""
        if array.ndim == 4:
            plan.by_rows(array, emit)
        else:
            emit(slice(0, len(array)))

    def backward(self, plan: Plan, dy: Slope, wanted: Margin | None) -> Array | None:
        dz = da = dy.data
        if self.activation.name != "linear":
            z, a_out, memo = plan.preactivations[self], plan.outputs[self].data, plan.memo[self]
            dz = plan.gradient(self.output_shape, stack.gradient_margin_of(self.body))

            def deactivate(s: slice) -> None:
                plan.need(da, s.stop)
                self.activation.backward(plan, da[s], z[s], a_out[s], dz[s], memo[s.start])

            self._in_blocks(plan, dz, deactivate)
        inner = None if wanted is None else NO_MARGIN
        a = stack.backward(plan, self.body, Slope(dz), inner)
        b = stack.backward(plan, self.shortcut, Slope(dz), inner)
        if wanted is None:
            return None
        assert a is not None
        assert b is not None
        dx = plan.gradient(self.input_shape, wanted)

        def add(s: slice) -> None:
            plan.need(a, s.stop)
            plan.need(b, s.stop)
            plan.call(np.add, a[s], b[s], dx[s])

        self._in_blocks(plan, dx, add)
        return dx

    def terms(self, index: int, inputs: Sequence[Array]) -> Terms:
        return added(index, inputs)

    def input_terms(self, which: int, index: int, inputs: Sequence[Array], slope: Array) -> Terms:
        return passed(slope.flat[index])

    def get_config(self) -> Config:
        shortcut = self.config_of(self.shortcut) if self.shortcut else None
        return super().get_config() | {"body": self.config_of(self.body), "shortcut": shortcut}


@register
class Parallel(Composite):
    """Branches beside each other over the same input; y is their outputs side by side along the channels, or their sum.

    branches: a list of lists of layers; an empty one passes x on. merge: 'concat' (Szegedy et al. 2014) or 'add'.
    """

    nested = True
    doc = "several branches over the same input, joined"
    arguments = (Argument("merge", "choice", "concat", choices=("concat", "add"), doc="side by side, or the sum"),)

    def __init__(
        self, branches: Sequence[Sequence[Layer | Config]], merge: str = "concat", *, name: str | None = None
    ) -> None:
        super().__init__(name=name)
        if not branches:
            raise ValueError("Parallel wants at least one branch, got none")
        self.branches = [stack.made(branch) for branch in branches]
        self.merge: str = self.check("merge", merge)

    def stacks(self) -> list[list[Layer]]:
        return self.branches

    def build(self, store: ParameterStore, input_shape: Shape) -> Shape:
        self.rename()
        shapes = [stack.build(branch, store, input_shape) for branch in self.branches]
        compared = [shape[:-1] for shape in shapes] if self.merge == "concat" else shapes
        if any(shape != compared[0] for shape in compared):
            ends = " and ".join(map(str, shapes))
            raise self.wants("branches-differ", f"branches that end in the same size, got {ends}")
        self.ends = list(np.cumsum([shape[-1] for shape in shapes]))
        return (*shapes[0][:-1], int(self.ends[-1])) if self.merge == "concat" else shapes[0]

    def margin(self) -> Margin:
        return next(
            (stack.margin_of(branch) for branch in self.branches if stack.margin_of(branch) != Margin()), Margin()
        )

    def _parts(self, array: Array) -> list[Array]:
        """The channels of each branch (the channel axis is the last but one)."""
        return [array[..., a:b, :] for a, b in zip([0, *self.ends[:-1]], self.ends, strict=True)]

    def forward(self, plan: Plan, x: Value, wish: Wish) -> Value:
        values = [stack.forward(plan, branch, x) for branch in self.branches]
        for value in values:
            plan.need(value.data)
        out = plan.value(self.output_shape, wish.margin)
        if self.merge == "concat":
            for part, value in zip(self._parts(out.data), values, strict=True):
                plan.call(np.copyto, part, value.data)
        else:
            plan.call(np.copyto, out.data, values[0].data)
            for value in values[1:]:
                plan.call(np.add, out.data, value.data, out.data)
        return out

    def backward(self, plan: Plan, dy: Slope, wanted: Margin | None) -> Array | None:
        plan.need(dy.data)
        parts = self._parts(dy.data) if self.merge == "concat" else [dy.data] * len(self.branches)
        inner = None if wanted is None else NO_MARGIN
        found = [
            stack.backward(plan, branch, Slope(part), inner) for branch, part in zip(self.branches, parts, strict=True)
        ]
        if wanted is None:
            return None
        dx = plan.gradient(self.input_shape, wanted)
        first, *rest = [slope for slope in found if slope is not None]
        for slope in (first, *rest):
            plan.need(slope)
        plan.call(np.copyto, dx, first)
        for slope in rest:
            plan.call(np.add, dx, slope, dx)
        return dx

    def terms(self, index: int, inputs: Sequence[Array]) -> Terms:
        if self.merge == "add":
            return added(index, inputs)
        place, channel = divmod(index, self.output_shape[-1])
        which = int(np.searchsorted(self.ends, channel, "right"))
        first = self.ends[which - 1] if which else 0
        return same(inputs[which].reshape(-1, self.ends[which] - first)[place, channel - first])

    def input_terms(self, which: int, index: int, inputs: Sequence[Array], slope: Array) -> Terms:
        if self.merge == "add":
            return passed(slope.flat[index])
        first = self.ends[which - 1] if which else 0
        place, channel = divmod(index, int(self.ends[which] - first))
        return passed(slope.reshape(-1, self.output_shape[-1])[place, first + channel])

    def get_config(self) -> Config:
        return super().get_config() | {"branches": [self.config_of(branch) for branch in self.branches]}


@register
class SideBranch(Composite):
    """Passes x on, and beside that predicts the model's targets from it with layers of its own.

    Their loss enters the model's as loss_weight · J(body(x)) while training (Szegedy et al. 2014: 0.3), so early layers
    get a gradient of their own. The body must end in the model's output shape. Predictions leave the side branch out.
    """

    nested = True
    doc = "a small net beside the main one that must answer too, with a loss of its own"
    arguments = (Argument("loss_weight", "float", 0.3, minimum=0, doc="the part of its loss in the whole"),)

    def __init__(self, body: Sequence[Layer | Config], loss_weight: float = 0.3, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self.body = stack.made(body)
        self.loss_weight: float = self.check("loss_weight", loss_weight)

    def stacks(self) -> list[list[Layer]]:
        return [self.body]

    def build(self, store: ParameterStore, input_shape: Shape) -> Shape:
        self.rename()
        self.side_shape = stack.build(self.body, store, input_shape)
        return input_shape

    def margin(self) -> Margin:
        return stack.margin_of(self.body)

    def forward(self, plan: Plan, x: Value, wish: Wish) -> Value:
        plan.sides.append((self, stack.forward(plan, self.body, x)))
        return x

    def backward(self, plan: Plan, dy: Slope, wanted: Margin | None) -> Array | None:
        if self not in plan.side_gradients:  # it answers while training alone
            return None if wanted is None else dy.data
        inner = None if wanted is None else NO_MARGIN
        side = stack.backward(plan, self.body, plan.side_gradients[self], inner)
        if wanted is None:
            return None
        assert side is not None
        plan.need(dy.data)
        plan.need(side)
        dx = plan.gradient(self.input_shape, wanted)
        plan.call(np.add, dy.data, side, dx)
        return dx

    def terms(self, index: int, inputs: Sequence[Array]) -> Terms:
        return same(inputs[0].flat[index])

    def input_terms(self, which: int, index: int, inputs: Sequence[Array], slope: Array) -> Terms:
        return passed(slope.flat[index])

    def get_config(self) -> Config:
        return super().get_config() | {"body": self.config_of(self.body)}


class Block(Composite):
    """A composite that is described by a few numbers and makes its layers from them when its input is known."""

    inside: list[Layer]

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self.inside = []

    def compose(self, channels: int) -> list[Layer]:
        """The layers for an input of `channels`."""
        raise NotImplementedError

    def stacks(self) -> list[list[Layer]]:
        return [self.inside]

    def build(self, store: ParameterStore, input_shape: Shape) -> Shape:
        self.inside = self.compose(image_shape(self, input_shape)[2])
        if not self._trainable:
            self.trainable = False
        self.rename()
        return stack.build(self.inside, store, input_shape)

    def margin(self) -> Margin:
        return stack.margin_of(self.inside)

    def gradient_margin(self) -> Margin:
        return stack.gradient_margin_of(self.inside)

    def forward(self, plan: Plan, x: Value, wish: Wish) -> Value:
        return stack.forward(plan, self.inside, x, wish)

    def backward(self, plan: Plan, dy: Slope, wanted: Margin | None) -> Array | None:
        return stack.backward(plan, self.inside, dy, wanted)


def flattened(parts: Iterable[Layer]) -> list[Layer]:
    """The layers that compute, depth first."""
    return [leaf for part in parts for leaf in part.leaves]


def walk(parts: Iterable[Layer]) -> "list[Any]":
    """Every layer, composites before what is inside them."""
    out: list[Layer] = []
    for part in parts:
        out.append(part)
        if isinstance(part, Composite):
            for inner in part.stacks():
                out += walk(inner)
    return out
