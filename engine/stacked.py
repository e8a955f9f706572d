"""What a stack of layers is made of: layers by name and place, weights, counts, a table of it all."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from engine.core.calls import Foreign, Part, nearest, worded
from engine.core.numbers import weight_numbers
from engine.core.parameters import ParameterStore, Weight
from engine.core.types import Array, Shape
from engine.layers import Layer
from engine.layers.composite import flattened


class Stacked(metaclass=Part):
    """Sequential without its training: it has `layers`, and knows how to build itself."""

    layers: list[Layer]
    store: ParameterStore
    dtype: np.dtype[Any]

    def _build_if_known(self) -> None:
        raise NotImplementedError

    def _needs_build(self) -> None:
        raise NotImplementedError

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
        total = 0.0
        for weight in self.store.weights:
            if weight.trainable and (weight.l1 or weight.l2):
                w = weight.array.astype(np.float64)
                total += weight.l1 * float(np.abs(w).sum()) + weight.l2 * float((w * w).sum())
        return total

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
