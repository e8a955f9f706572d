"""What a layer is: it reserves weights in `build`, plans its step in `forward` and `backward`, and explains it."""

import math
import zlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from engine.core.arguments import Argument
from engine.core.errors import EngineError
from engine.core.numbers import weight_numbers
from engine.core.parameters import Block, ParameterStore, Weight, whole
from engine.core.plan import NO_MARGIN, Margin, Plan, Slope, Value, Wish
from engine.core.registry import Registry
from engine.core.terms import Sum, Terms
from engine.core.types import Array, Config, Shape
from engine.initializers import Initializer
from engine.layers.foreign import LAYER_ARGUMENTS, NO_GRAPHS, LayerPart
from engine.regularizers import Regularizer

FILL_NUMBERS = 4_000_000
"""Numbers of a weight that are drawn at once."""


class Layer(metaclass=LayerPart):
    """Subclasses override `build` (weights and output shape), `forward` and `backward` (plan the calls).

    `forward(plan, x, wish)` appends calls that fill the returned Value from x and may leave things in
    `plan.memo[self]`; `wish` is what the reader of the output would like. `backward(plan, dy, wanted)` appends calls
    that write the gradients of those of this layer's weights that learn, and returns the buffer ∂J/∂x, if possible with
    the margin `wanted`; None if ∂J/∂x is not wanted. Each writes into buffers of its own alone: what may share memory
    is found out afterwards, from the calls (engine.core.memory). Buffers have the batch last (see engine.core.plan).
    """

    arguments: ClassVar[tuple[Argument, ...]] = ()
    python_only: ClassVar[tuple[Argument, ...]] = ()
    """Arguments beside `arguments` that no menu and no spec has; in the config where they are not the default."""
    doc: ClassVar[str] = ""
    foreign = LAYER_ARGUMENTS
    given_shape: Shape | None = None
    """The shape of the model's input, where this layer was made with one (`input_shape=`)."""

    def __init__(self, *, name: str | None = None) -> None:
        self.named = name is not None
        self.name = name or type(self).__name__.lower()
        self.weights: list[Weight] = []
        self.blocks: list[Block] = []
        self.input_shape: Shape = ()
        self.output_shape: Shape = ()
        self.built = False
        self.changed: list[Callable[[], None]] = []
        """What to tell when `trainable` changes."""
        self._trainable = True

    # -- for subclasses ------------------------------------------------------------------------------------------
    def build(self, store: ParameterStore, input_shape: Shape) -> Shape:
        """Reserves weights and returns the shape of one output example."""
        return input_shape

    def forward(self, plan: Plan, x: Value, wish: Wish) -> Value:
        raise NotImplementedError

    def backward(self, plan: Plan, dy: Slope, wanted: Margin | None) -> Array | None:
        raise NotImplementedError

    def terms(self, index: int, inputs: Sequence[Array]) -> Terms:
        """What z of number `index` of its output is made of (a, where it has no activation), at rest.

        `inputs` are one example's, without the batch: one array, or one of each branch that meets here. Numbers of
        images count in reading order: rows, columns, channels.
        """
        raise NotImplementedError(f"{type(self).__name__} does not say what its numbers are made of: see Layer.terms")

    def input_terms(self, which: int, index: int, inputs: Sequence[Array], slope: Array) -> Terms:
        """What it passes back to number `index` of input `which`: its part of that number's ∂J/∂a.

        `slope` is ∂J/∂z of one example's output (∂J/∂a, where it has no activation).
        """
        raise NotImplementedError(
            f"{type(self).__name__} does not say what its slopes are made of: see Layer.input_terms"
        )

    def weight_terms(self, name: str, place: tuple[int, ...], x: Array, slope: Array) -> Sum:
        """∂J/∂w of one number of a weight, as far as one example goes: a term for each use of it."""
        raise NotImplementedError(
            f"{type(self).__name__} does not say what ∂J/∂{name} is made of: see Layer.weight_terms"
        )

    def weights_of(self, index: int) -> dict[str, tuple[int | None, ...]]:
        """The numbers of its weights that go into number `index` of its output; None along axes that it sums over."""
        return {w.name: (index % w.shape[-1],) for w in self.weights if len(w.shape) == 1}

    def multiplications(self) -> int:
        """Multiplications of one example's forward pass."""
        return 0

    def margin(self) -> Margin:
        """The zeros this layer would like around an image that it is given (after `build`)."""
        return NO_MARGIN

    def gradient_margin(self) -> Margin:
        """The zeros it would like around ∂J/∂(its output)."""
        return NO_MARGIN

    by_rows: ClassVar[bool] = False
    """Whether it asks for the rows of an image as it needs them (Plan.need); for others they are planned before."""
    nested: ClassVar[bool] = False
    """Whether it is made from lists of layers, which a spec cannot write down (its blocks can)."""
    in_place: ClassVar[bool] = False
    """Whether each output number comes from the input number at its place, so that both may lie in the same memory; its

    input is then asked for with the margin that its own reader would like."""
    takes_deferred: ClassVar[bool] = False
    """Whether it can take over the activation of the layer before it (see Deferred)."""

    @property
    def leaves(self) -> "list[Layer]":
        """The layers that compute: itself, or what a composite is made of, depth first."""
        return [self]

    # -- shared --------------------------------------------------------------------------------------------------
    @property
    def trainable(self) -> bool:
        """Whether its weights learn. A frozen BatchNormalization also uses its moving averages while training (Keras).

        A change counts from the next step on.
        """
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        if not isinstance(value, bool | np.bool_):
            raise ValueError(f"{self.label()} expected trainable to be true or false, got {value!r}")
        self._trainable = bool(value)
        self.freeze()
        for tell in self.changed:
            tell()

    def learns(self, plan: Plan) -> bool:
        """Whether a plan works out the gradient of any of its weights."""
        return any(plan.learns(weight.block) for weight in self.weights)

    def build_for(self, store: ParameterStore, input_shape: Shape) -> Shape:
        """Builds it in a store, unless it was built before: then its weights come along as they are."""
        if self.built:
            if self.input_shape != input_shape:
                raise self.wants(
                    "layer-built-for",
                    "the input that it was built for, {wanted}, got {got}",
                    wanted=self.input_shape,
                    got=input_shape,
                )
            if any(w.block.store.dtype != store.dtype for w in self.weights):
                raise ValueError(f"{self.label()} was built in {self.weights[0].block.store.dtype}, got {store.dtype}")
            store.weights += self.weights
        else:
            self.input_shape = input_shape
            self.output_shape = self.build(store, input_shape)
            self.built = True
            self.freeze()
        return self.output_shape

    def freeze(self) -> None:
        """Tells its weights whether they learn."""
        for weight in self.weights:
            weight.frozen = not self._trainable

    def reserve(self, store: ParameterStore, shape: Shape, trainable: bool = True) -> Block:
        block = store.reserve(shape, trainable)
        self.blocks.append(block)
        return block

    def add_weight(
        self,
        store: ParameterStore,
        name: str,
        shape: Shape,
        initializer: Initializer,
        *,
        block: Block | None = None,
        view: Callable[[Array], Array] = whole,
        trainable: bool = True,
        regularizer: Regularizer | None = None,
    ) -> Weight:
        """Declares a public weight; without a block it gets one of its own."""
        penalty = regularizer or Regularizer()
        weight = Weight(
            name,
            shape,
            block or self.reserve(store, shape, trainable),
            view,
            initializer,
            penalty.l1,
            penalty.l2,
        )
        self.weights.append(weight)
        return store.add(weight)

    def initialize(self, seed: int) -> None:
        """Fills the weights; the numbers depend on the seed and this layer's name alone."""
        for i, weight in enumerate(self.weights):
            rng = weight.initializer.generator([seed, zlib.crc32(self.name.encode()), i])
            target = weight.array
            rows = max(1, FILL_NUMBERS // (weight.size // weight.shape[0]))  # so that huge weights need no huge copies
            for at in range(0, weight.shape[0], rows):
                part = target[at : at + rows]
                part[...] = weight.initializer(part.shape, rng, weight.shape)

    def count_params(self) -> int:
        return sum(weight.size for weight in self.weights)

    def _needs_build(self) -> None:
        if not self.built:
            raise ValueError(f"{self.label()} has no weights yet: build its model first, model.build((None, 4))")

    @property
    def trainable_weights(self) -> list[Weight]:
        """Those that learn."""
        return [w for w in self.weights if w.trainable]

    @property
    def non_trainable_weights(self) -> list[Weight]:
        """Moving averages, and all of a frozen layer."""
        return [w for w in self.weights if not w.trainable]

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Only for names that are not here: a weight by its name, as `layer.kernel`."""
            weights = self.__dict__.get("weights", [])
            found = next((w for w in weights if w.name == name), None)
            if found is not None:
                return found
            who = type(self).__name__
            if name in ("kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance") and not weights:
                raise AttributeError(f"{who} has no {name} yet: build its model first, model.build((None, 4))")
            if name in ("input", "output"):
                raise AttributeError(
                    f"{who} has no {name}: there are no symbolic tensors here; input_shape and output_shape tell "
                    "shapes, and Sequential(model.layers[:n]).predict(x) gives what a layer answers"
                )
            raise AttributeError(f"{who} has no {name!r}")

    def get_weights(self) -> list[Array]:
        """Copies of the weights, in Keras's order."""
        self._needs_build()
        return [w.array.copy() for w in self.weights]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Puts numbers in: all of them, finite in the weights' dtype, or nothing changes."""
        self._needs_build()
        if len(weights) != len(self.weights):
            raise ValueError(f"{self.label()} expected {len(self.weights)} weights, got {len(weights)}")
        ready = [
            weight_numbers(w.name, w.shape, value, w.array.dtype, f"{self.label()} {w.name}")
            for w, value in zip(self.weights, weights, strict=True)
        ]
        for weight, array in zip(self.weights, ready, strict=True):
            weight.array[...] = array

    def __call__(self, *inputs: Any, **settings: Any) -> Any:
        """Always an error: there is no functional API."""
        if len(inputs) == 1 and isinstance(inputs[0], np.ndarray):
            raise ValueError(f"{self.label()} is not called by itself: Sequential([layer])(x) runs it on an array")
        raise ValueError(f"{self.label()} cannot be called: {NO_GRAPHS}")

    def wants(self, code: str, wanted: str, /, **params: Any) -> EngineError:
        """The error for a wrong input: what it wants and what came, over `params`."""
        return EngineError(
            code, "{type}({layer!r}) wants " + wanted, type=type(self).__name__, layer=self.name, **params
        )

    def label(self) -> str:
        """How messages call this layer."""
        return f"{type(self).__name__}({self.name!r})"

    def get_config(self) -> Config:
        """The constructor's arguments as plain JSON."""
        config: Config = {"name": self.name}
        for argument in self.arguments:
            value = getattr(self, argument.name)
            config[argument.name] = (
                value.get_config()
                if hasattr(value, "get_config")
                else value.name
                if hasattr(value, "forward")
                else list(value)
                if isinstance(value, tuple)
                else value
            )
        for argument in self.python_only:
            value = getattr(self, argument.name)
            if value != argument.check("", argument.default):
                config[argument.name] = list(value) if isinstance(value, tuple) else value
        return config if self._trainable else config | {"trainable": False}

    @classmethod
    def from_config(cls, config: Config) -> "Layer":
        given = dict(config)
        trainable = given.pop("trainable", True)
        layer = cls(**given)
        if trainable is not True:
            layer.trainable = trainable
        return layer

    def check(self, name: str, value: Any) -> Any:
        """Checks a constructor argument against its description."""
        argument = next(a for a in (*self.arguments, *self.python_only) if a.name == name)
        return argument.check(type(self).__name__, value)


layers: Registry[type[Layer]] = Registry("layer")


def register(cls: type[Layer]) -> type[Layer]:
    return layers.add(cls.__name__, cls)


def positive_shape(shape: Sequence[int]) -> bool:
    return all(n > 0 for n in shape)


def image_shape(layer: Layer, shape: Shape) -> Shape:
    """The shape if it is an image's, else the layer's error."""
    if len(shape) != 3:
        words = ", ".join(map(str, ("B", *shape)))
        raise layer.wants("layer-needs-pictures", f"an image per example (B, H, W, C), got ({words})", got=shape,
                          size=math.prod(shape))  # fmt: skip
    return shape
