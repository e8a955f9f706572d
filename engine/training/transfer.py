"""What has been learnt goes over into an edited network.

Weights go by the layer's id and the weight's name; where a shape has changed, the common corner stays and the rest
starts fresh. Inputs go by their names. Weights that an edit removed are remembered: undoing it brings them back.
"""

from collections.abc import Callable

import numpy as np

from engine.core.parameters import Weight
from engine.core.types import Array
from engine.sequential import Sequential
from engine.training.weights import named_weights

RemovedWeights = dict[tuple[str, str], Array]
"""By layer and weight, the oldest first."""
MOST_REMOVED_BYTES = 16_000_000
PREFIX = "removed."
Copy = Callable[[Array, Array], None]
"""From a weight of the old network into one of the new."""


def transfer(
    old: Sequential, new: Sequential, old_inputs: list[str], new_inputs: list[str], removed: RemovedWeights
) -> None:
    """What `old` has learnt goes over into `new`: weights, the optimiser's state and age, the generator."""
    (_, before), (_, after) = old.compiled_parts(), new.compiled_parts()
    same = before.name == after.name
    if same:
        after.prepare(new.store)
    _transfer_weights(old, new, old_inputs, new_inputs, removed)
    after.iterations = before.iterations
    after.born = before.born if same else before.iterations
    new.rng.bit_generator.state = old.rng.bit_generator.state


def _transfer_weights(
    old: Sequential, new: Sequential, old_inputs: list[str], new_inputs: list[str], removed: RemovedWeights
) -> None:
    """Values and the slots of the optimiser that both have."""
    before, after = named_weights(old), named_weights(new)
    first = next((layer.name for layer in new.leaves if layer.weights), "")
    shared = [slot for slot in old.store.slots if slot in new.store.slots]
    for key, weight in after.items():
        target = new.store.array(weight)
        if key in removed:
            _by_corner(removed[key], target)
        if key not in before:
            continue
        source = old.store.array(before[key])
        copy: Copy = _by_corner
        if key[0] == first and weight.name == "kernel" and source.ndim > 1 and old_inputs != new_inputs:
            copy = _by_inputs(source, target, old_inputs, new_inputs)
        copy(source, target)
        if weight.trainable and before[key].trainable:
            for slot in shared:
                copy(
                    old.store.placed(before[key], old.store.slots[slot]),
                    new.store.placed(weight, new.store.slots[slot]),
                )
    _remember(old, before, after, removed)


def removed_arrays(removed: RemovedWeights) -> dict[str, Array]:
    """As a checkpoint has them."""
    return {f"{PREFIX}{layer}/{weight}": array for (layer, weight), array in removed.items()}


def removed_of(arrays: dict[str, Array], names: list[str]) -> RemovedWeights:
    """Those of a checkpoint, in the order of their names: the oldest is forgotten first."""
    keys = [(layer, weight) for layer, _, weight in (name.rpartition("/") for name in names)]
    return {key: arrays[PREFIX + "/".join(key)].copy() for key in keys}


def _by_corner(source: Array, target: Array) -> None:
    if source.ndim == target.ndim:
        corner = tuple(slice(0, min(m, n)) for m, n in zip(source.shape, target.shape, strict=True))
        target[corner] = source[corner]


def _by_inputs(source: Array, target: Array, old_inputs: list[str], new_inputs: list[str]) -> Copy:
    """Row by row for the inputs that both have, where the rows of a kernel are inputs; else by the corner."""
    if len(source) != len(old_inputs) or len(target) != len(new_inputs):
        return _by_corner
    new_rows = [row for row, name in enumerate(new_inputs) if name in old_inputs]
    old_rows = [old_inputs.index(new_inputs[row]) for row in new_rows]

    def copy(source: Array, target: Array) -> None:
        width = min(source.shape[1], target.shape[1])
        target[new_rows, :width] = source[old_rows, :width]

    return copy


def _remember(
    old: Sequential,
    before: dict[tuple[str, str], Weight],
    after: dict[tuple[str, str], Weight],
    removed: RemovedWeights,
) -> None:
    """Weights that are not there any more, or not whole."""
    for key, weight in before.items():
        if key not in after or any(a > b for a, b in zip(weight.shape, after[key].shape, strict=False)):
            removed[key] = np.array(old.store.array(weight), order="C")
    while removed and sum(array.nbytes for array in removed.values()) > MOST_REMOVED_BYTES:
        del removed[next(iter(removed))]
