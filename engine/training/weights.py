"""A model's weights by the names that people call them by, "layer/weight": read, set, edited, checked."""

import numpy as np

from engine.core.numbers import weight_numbers
from engine.core.parameters import Weight
from engine.core.types import Array
from engine.sequential import Sequential


def named_weights(model: Sequential) -> dict[tuple[str, str], Weight]:
    """By the layer's name and the weight's."""
    return {(layer.name, w.name): w for layer in model.leaves for w in layer.weights}


def weights_of(model: Sequential) -> dict[str, Array]:
    """All weights as contiguous copies by "layer/weight", Keras's shapes."""
    return {"/".join(key): np.ascontiguousarray(model.store.array(w)) for key, w in named_weights(model).items()}


def load_weights(model: Sequential, arrays: dict[str, Array]) -> None:
    """Loads weights by "layer/weight"; all must be there with their shapes, or nothing is changed."""
    wanted = {"/".join(key): w for key, w in named_weights(model).items()}
    if missing := set(wanted) - set(arrays):
        raise ValueError(f"the file lacks {sorted(missing)[0]!r}; wanted: {', '.join(wanted)}")
    ready = {
        name: weight_numbers(weight.name, weight.shape, arrays[name], model.dtype, name)
        for name, weight in wanted.items()
    }
    for name, weight in wanted.items():
        model.store.array(weight)[...] = ready[name]


def edit_weight(model: Sequential, layer: str, name: str, index: list[int], value: float) -> float:
    """Sets one number of a weight; returns the one that was there."""
    named = named_weights(model)
    weight = named.get((layer, name))
    if weight is None:
        there = ", ".join("/".join(key) for key in named)
        raise ValueError(f"there is no weight {layer}/{name}; the model has {there}")
    if len(index) != len(weight.shape) or any(not 0 <= i < n for i, n in zip(index, weight.shape, strict=False)):
        raise ValueError(f"{layer}/{name} has shape {weight.shape}, got index {index}")
    number = weight_numbers(name, (), value, model.dtype, f"{layer}/{name}")
    array = model.store.array(weight)
    replaced = float(array[tuple(index)])
    array[tuple(index)] = number
    return replaced


def first_broken(model: Sequential) -> str | None:
    """The first weight with a number that is not finite."""
    named = named_weights(model).items()
    return next(("/".join(key) for key, w in named if not np.isfinite(model.store.array(w)).all()), None)
