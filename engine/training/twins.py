"""Units that are equal in all that training can see, and so stay equal for ever."""

from collections.abc import Iterator

import numpy as np

from engine.core.parameters import Weight
from engine.core.types import Array
from engine.layers import (
    Activation,
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Dense,
    Flatten,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    Layer,
    LeakyReLU,
    MaxPooling2D,
    ReLU,
)
from engine.training.trainer import Trainer

BY_UNIT = (
    Activation, ReLU, LeakyReLU, Flatten, MaxPooling2D, AveragePooling2D, GlobalAveragePooling2D, GlobalMaxPooling2D,
)  # fmt: skip
"""Layers without weights that do to every unit the same."""


def twins_of(trainer: Trainer, index: int) -> tuple[int, ...]:
    """The units of a layer that have a twin: their weights in, their weights out, and what the optimiser remembers of

    both are the same, so every gradient is. A dropout between tells them apart; of layers not known here nothing is
    said.
    """
    layers = trainer.model.layers
    layer = layers[index]
    if type(layer) not in (Dense, Conv2D) or not layer.trainable or index == len(layers) - 1:
        return ()
    count = layer.output_shape[-1]
    groups = [np.arange(count)]
    out = _out(layers, index)
    if out is None:
        return ()
    for weight, axis in [*((w, -1) for w in layer.weights), *out]:
        for array in _remembered(trainer, weight):
            wide = array.reshape(-1, count, array.shape[-1] if axis != -1 else 1)
            groups = [part for group in groups for part in _equal(wide, group)]
            if not groups:
                return ()
    return tuple(sorted(int(unit) for group in groups for unit in group))


def _out(layers: list[Layer], index: int) -> list[tuple[Weight, int]] | None:
    """The weights between a layer's units and the next layer's, and the units' axis; None if that is not known."""
    found: list[tuple[Weight, int]] = []
    for layer in layers[index + 1 :]:
        if type(layer) is BatchNormalization:
            found += [(weight, -1) for weight in layer.weights]
        elif type(layer) is Dense or (type(layer) is Conv2D and getattr(layer, "groups", 1) == 1):
            return [*found, *((weight, -2) for weight in layer.weights if weight.name == "kernel")]
        elif type(layer) not in BY_UNIT:
            return None
    return None


def _remembered(trainer: Trainer, weight: Weight) -> Iterator[Array]:
    """A weight, and the optimiser's numbers for it."""
    store = trainer.model.store
    yield store.array(weight)
    if weight.block in store.places:
        for slot in store.slots.values():
            yield store.placed(weight, slot)


def _equal(wide: Array, group: Array) -> Iterator[Array]:
    """Those of a group (n, units, m) that are the same in every number, apart by what they are; nobody alone."""
    same: dict[bytes, list[int]] = {}
    # Row by row: of random weights the first row tells all units apart, however many there are.
    for part in (wide[:1], wide):
        same = {}
        for unit in group:
            same.setdefault((part[:, unit] + 0.0).tobytes(), []).append(int(unit))
        if all(len(units) == 1 for units in same.values()):
            return
    yield from (np.array(units) for units in same.values() if len(units) > 1)
