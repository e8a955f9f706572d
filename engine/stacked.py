"""A stack of layers: how it is put together and built, layers by name and place, weights, counts, a table of it all."""

import weakref
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from engine.core.calls import Foreign, Part, nearest, worded
from engine.core.errors import EngineError
from engine.core.numbers import weight_numbers, whole
from engine.core.parameters import ParameterStore, Weight
from engine.core.types import Array, Shape, float_dtype
from engine.foreign import check_part
from engine.layers import InputLayer, Layer
from engine.layers.composite import Composite, flattened, walk
from engine.layers.foreign import example_shape
from engine.penalty import penalty


class Stacked(metaclass=Part):
    """Sequential without a loss: its layers, how they are put together and built, and their weights."""

    def __init__(
        self,
        layers: Iterable[Layer] = (),
        seed: int = 0,
        dtype: Any = "float32",
        name: str | None = None,
        trainable: bool = True,
    ) -> None:
        self.seed, self.name = whole(seed, "Sequential", "seed", 0), name or "sequential"
        self.dtype = float_dtype(dtype)
        self.layers: list[Layer] = []
        self.input_shape: Shape | None = None
        self.store = ParameterStore(self.dtype)
        self.rng = np.random.default_rng([seed, 1])
        self.given_shape: Shape | None = None
        """What an Input, or a first layer's `input_shape=`, said."""
        if isinstance(layers, Layer | InputLayer):
            raise ValueError(f"Sequential expected a list of layers, got one: Sequential([{type(layers).__name__}(…)])")
        for layer in layers or ():
            self._append(layer)
        self._build_if_told()
        if trainable is not True:
            self.trainable = trainable

    def invalidate(self) -> None:
        """Forgets what was made for the layers as they were."""

    # -- building ------------------------------------------------------------------------------------------------
    def add(self, layer: Layer) -> None:
        """Appends a layer; unnamed ones are called dense, dense_1, … as in Keras.

        Layers that are there keep their weights. Behind an Input (or a first layer with input_shape=) the model is
        built at once, else when it first sees data.
        """
        self._append(layer)
        try:
            self._build_if_told()
        except ValueError:
            self.layers.pop()
            raise

    def _build_if_told(self) -> None:
        if self.given_shape is not None and self.layers:
            self.build()

    def _append(self, layer: Layer) -> None:
        if isinstance(layer, InputLayer):
            if self.layers or self.given_shape is not None:
                raise ValueError("Sequential expected Input before all layers, and once")
            self.given_shape = layer.shape
            return
        if not isinstance(layer, Layer):
            check_part(layer)
        self._reopen()
        if not self.layers and self.given_shape is None:
            self.given_shape = layer.given_shape
        known: set[Layer] = set(walk(self.layers))
        for part in walk([layer]):
            if part in known:
                raise ValueError(
                    f"{part.label()} is in this model already; a layer can be there once: make another one"
                )
            known.add(part)
        self._give_name(layer)
        if isinstance(layer, Composite) and not layer.built:
            layer.rename()
        self.layers.append(layer)

    def pop(self, rebuild: bool = True) -> Layer:
        """Takes the last layer off; the others keep their weights."""
        if not self.layers:
            raise ValueError("Sequential expected a layer to take off, got none")
        self._reopen()
        last = self.layers.pop()
        self._build_if_told()
        return last

    def _reopen(self) -> None:
        """Before layers change: the model is not built any more; layers keep their weights, the optimiser forgets."""
        if self.built:
            self.given_shape, self.input_shape = self.input_shape, None
            self.store = ParameterStore(self.dtype)
            self.invalidate()

    def _give_name(self, layer: Layer) -> None:
        """Unnamed layers are numbered; a layer that is in use elsewhere keeps its name, and a fresh one makes way."""
        others = {other.name: other for other in self.layers}
        twin = others.get(layer.name)
        if twin is None:
            return
        fresh = next((y for y in (layer, twin) if not y.named and not y.built), None)
        if fresh is None:
            raise EngineError(
                "layer-ids-equal",
                "two layers are called {id!r}; names must differ: give one of them name=…",
                id=layer.name,
            )
        base, number = fresh.name, 0
        taken = {*others, layer.name}
        while fresh.name in taken:
            number += 1
            fresh.name = f"{base}_{number}"
        if fresh is twin and isinstance(twin, Composite):
            twin.rename()

    @property
    def built(self) -> bool:
        return self.input_shape is not None

    @worded()
    def build(self, input_shape: Any = None) -> None:
        """Shapes, weights and initial values for examples of `input_shape`: (4,), or Keras's (None, 4)."""
        if input_shape is None and self.given_shape is None:
            raise ValueError("Sequential.build expected the shape of one example: model.build((4,))")
        given = self.given_shape if input_shape is None else input_shape
        batch = isinstance(given, Sequence) and len(given) > 1 and given[0] is None
        shape = example_shape(given, "Sequential.build", batch)
        if self.given_shape not in (None, shape):
            raise ValueError(f"Sequential expected the shape its Input has, {self.given_shape}, got {shape}")
        if self.built:
            if shape != self.input_shape:
                raise ValueError(f"Sequential was built for {self.input_shape}, got {shape}")
            return
        if not self.layers:
            raise ValueError("Sequential wants at least one layer, got none")
        inner, fresh = shape, [layer for layer in self.layers if not layer.built]
        for layer in self.layers:
            inner = layer.build_for(self.store, inner)
        self.store.allocate()
        self.input_shape = shape
        for layer in fresh:
            layer.initialize(self.seed)
        tell = weakref.WeakMethod(self._relearn)
        for layer in walk(self.layers):
            layer.changed.append(lambda: (found := tell()) and found())

    def initialize(self, seed: int | None = None) -> None:
        """Fresh weights (the same ones for the same seed) and generator; what the optimiser remembers is gone."""
        self.seed = self.seed if seed is None else seed
        for layer in self.layers:
            layer.initialize(self.seed)
        self.store.forget_gradients()
        self.store.slots.clear()
        self.rng.bit_generator.state = np.random.default_rng([self.seed, 1]).bit_generator.state
        self.invalidate()

    def _relearn(self) -> None:
        """After a layer was frozen or freed: other weights learn, with gradients and optimiser state of their own."""
        if {w.block for w in self.store.weights if w.trainable} != set(self.store.places):
            self.store.place()
        self.invalidate()

    def _build_if_known(self) -> None:
        if not self.built and self.given_shape is not None and self.layers:
            self.build(self.given_shape)

    def _needs_build(self) -> None:
        self._build_if_known()
        if not self.built:
            raise ValueError(
                "Sequential is not built yet: call build(input_shape) or give it data first, or begin with Input((4,))"
            )

    # -- what it is made of ----------------------------------------------------------------------------------------
    @property
    def leaves(self) -> list[Layer]:
        """The layers that compute, those inside composites included."""
        return flattened(self.layers)

    def leaf(self, name: str) -> Layer:
        """The layer of that name, inside composites too; block/conv2d is the conv2d of block."""
        for layer in self.leaves:
            if layer.name == name:
                return layer
        raise ValueError(f"there is no layer {name!r}; there are {', '.join(y.name for y in self.leaves)}")

    @property
    def output_shape(self) -> Shape:
        self._needs_build()
        return self.layers[-1].output_shape

    @property
    def trainable(self) -> bool:
        """Whether any layer learns; setting it freezes or frees them all."""
        return any(layer.trainable for layer in self.layers)

    @trainable.setter
    def trainable(self, value: bool) -> None:
        for layer in self.layers:
            layer.trainable = value

    def multiplications(self) -> int:
        """Multiplications of one example's forward pass."""
        return sum(layer.multiplications() for layer in self.layers)

    def penalty(self) -> float:
        """l1·Σ|w| + l2·Σw² of the present weights."""
        return penalty(self.store)

    @property
    def weights(self) -> list[Weight]:
        """All weights layer by layer, as Keras orders them."""
        self._build_if_known()
        return [w for layer in self.layers for w in layer.weights]

    @property
    def trainable_weights(self) -> list[Weight]:
        return [w for w in self.weights if w.trainable]

    @property
    def non_trainable_weights(self) -> list[Weight]:
        return [w for w in self.weights if not w.trainable]

    @worded()
    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """A layer by its name, or by its place (−1 is the last)."""
        if (name is None) == (index is None):
            raise ValueError(f"get_layer expected a name or an index, got {'both' if name is not None else 'none'}")
        if index is not None:
            if (
                isinstance(index, bool)
                or not isinstance(index, int)
                or not -len(self.layers) <= index < len(self.layers)
            ):
                raise ValueError(f"get_layer expected an index below {len(self.layers)}, got {index!r}")
            return self.layers[index]
        found = next((y for y in self.layers if y.name == name), None)
        if found is None:
            names = [y.name for y in self.layers]
            raise ValueError(f"there is no layer {name!r}.{nearest(str(name), names)} There are {', '.join(names)}")
        return found

    def get_weights(self) -> list[Array]:
        self._needs_build()
        return [self.store.array(w).copy() for w in self.weights]

    def set_weights(self, weights: Sequence[Array]) -> None:
        """All weights, in the order of `get_weights`: all of them, finite in the model's dtype, or nothing changes."""
        self._needs_build()
        named = [(layer, w) for layer in self.layers for w in layer.weights]
        if len(weights) != len(named):
            raise ValueError(f"Sequential wants {len(named)} weights, got {len(weights)}")
        ready = [
            weight_numbers(weight.name, weight.shape, value, self.dtype, f"{layer.label()} {weight.name}")
            for (layer, weight), value in zip(named, weights, strict=True)
        ]
        for (_, weight), array in zip(named, ready, strict=True):
            self.store.array(weight)[...] = array

    def count_params(self) -> int:
        self._needs_build()
        return sum(layer.count_params() for layer in self.layers)

    @worded({"line_length": Foreign(), "positions": Foreign(), "expand_nested": Foreign(), "show_trainable": Foreign(),
             "layer_range": Foreign("all layers are shown")})  # fmt: skip
    def summary(self, print_fn: Callable[[str], Any] | None = print) -> str:
        """A table of layers, output shapes and parameter counts; printed and returned."""
        self._needs_build()
        rows = [("Layer (type)", "Output shape", "Params")]
        rows += [
            (f"{y.name} ({type(y).__name__})", str((None, *y.output_shape)), f"{y.count_params():,}")
            for y in self.layers
        ]
        widths = [max(len(row[i]) for row in rows) for i in range(3)]
        lines = [f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c:>{widths[2]}}" for a, b, c in rows]
        lines.insert(1, "─" * len(lines[0]))
        trainable = sum(w.size for w in self.weights if w.trainable)
        lines += ["─" * len(lines[0]), f"Total params: {self.count_params():,} (trainable {trainable:,})"]
        text = "\n".join(lines)
        if print_fn is not None:
            print_fn(text)
        return text
