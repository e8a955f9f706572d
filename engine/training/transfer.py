"""Carrying learnt weights over when a network is edited.

Weights go by the layer's id and the weight's name; where a shape has changed, the common corner is kept and the rest
starts fresh. Inputs go by their names. What was taken away waits in an attic, so that undoing an edit brings it back.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.core.parameters import Weight
from engine.core.types import Array
from engine.sequential import Sequential
from engine.training.weights import named_weights

Attic = dict[tuple[str, str], Array]
MOST_IN_ATTIC = 16_000_000
"""Bytes of removed weights that are remembered."""


def transfer(old: Sequential, new: Sequential, old_inputs: list[str], new_inputs: list[str], attic: Attic) -> None:
    """What `old` has learnt goes over into `new`: weights, the optimiser's state and age, the generator."""
    (_, before), (_, after) = old.compiled_parts(), new.compiled_parts()
    same = before.name == after.name
    if same:
        after.prepare(new.store)
    copy_weights(old, new, old_inputs, new_inputs, attic)
    after.iterations = before.iterations
    after.born = before.born if same else before.iterations
    new.rng.bit_generator.state = old.rng.bit_generator.state


def _corner(a: Array, b: Array) -> tuple[slice, ...] | None:
    if a.ndim != b.ndim:
        return None
    return tuple(slice(0, min(m, n)) for m, n in zip(a.shape, b.shape, strict=True))


def _rows(names: list[str], known: list[str], shape: int) -> tuple[list[int], list[int]] | None:
    """Row numbers (new, old) of the inputs both have, when the rows are inputs."""
    if len(names) != shape:
        return None
    return [i for i, n in enumerate(names) if n in known], [known.index(n) for n in names if n in known]


def copy_weights(old: Sequential, new: Sequential, old_inputs: list[str], new_inputs: list[str], attic: Attic) -> None:
    """Copies what `old` has learnt into `new`, values and optimiser slots alike."""
    before, after = named_weights(old), named_weights(new)
    first = next((layer.name for layer in new.leaves if layer.weights), "")
    shared = [s for s in old.store.slots if s in new.store.slots]
    for key, weight in after.items():
        target = new.store.array(weight)
        if key not in before:
            kept = attic.get(key)
            if kept is not None and (corner := _corner(kept, target)) is not None:
                target[corner] = kept[corner]
            continue
        source = old.store.array(before[key])
        kept = attic.get(key)
        if kept is not None and (corner := _corner(kept, target)) is not None:
            target[corner] = kept[corner]
        mapping: Callable[[Array, Array], Any] | None = None
        if key[0] == first and weight.name == "kernel" and source.shape[1:] != () and old_inputs != new_inputs:
            rows = _rows(new_inputs, old_inputs, target.shape[0])
            if rows is not None and source.shape[0] == len(old_inputs):
                mapping = _by_rows(*rows)
        mapping = mapping or _by_corner
        mapping(source, target)
        if weight.trainable and before[key].trainable:
            for slot in shared:
                mapping(
                    old.store.placed(before[key], old.store.slots[slot]),
                    new.store.placed(weight, new.store.slots[slot]),
                )
    _remember(old, before, after, attic)


def _by_corner(source: Array, target: Array) -> None:
    corner = _corner(source, target)
    if corner is not None:
        target[corner] = source[corner]


def _by_rows(new: list[int], old: list[int]) -> Callable[[Array, Array], None]:
    def copy(source: Array, target: Array) -> None:
        width = min(source.shape[1], target.shape[1])
        target[new, :width] = source[old, :width]

    return copy


def _remember(
    old: Sequential, before: dict[tuple[str, str], Weight], after: dict[tuple[str, str], Weight], attic: Attic
) -> None:
    for key, weight in before.items():
        if key not in after or any(a > b for a, b in zip(weight.shape, after[key].shape, strict=False)):
            attic[key] = np.array(old.store.array(weight))
    while attic and sum(a.nbytes for a in attic.values()) > MOST_IN_ATTIC:
        del attic[next(iter(attic))]
