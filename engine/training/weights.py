"""A model's weights by the names that people call them by, "layer/weight": read, set, edited, checked."""

import numpy as np

from engine.core.errors import EngineError
from engine.core.numbers import check_place, weight_numbers
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
        raise EngineError(
            "weights-missing", "the file lacks {name!r}; wanted: {known}", name=sorted(missing)[0], known=tuple(wanted)
        )
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
        raise EngineError(
            "no-weight",
            "there is no weight {name}; the model has {known}",
            name=f"{layer}/{name}",
            known=tuple("/".join(key) for key in named),
        )
    check_place(f"{layer}/{name}", weight.shape, index)
    number = weight_numbers(name, (), value, model.dtype, f"{layer}/{name}")
    array = model.store.array(weight)
    replaced = float(array[tuple(index)])
    array[tuple(index)] = number
    return replaced


def first_broken(model: Sequential) -> str | None:
    """The first weight with a number that is not finite."""
    named = named_weights(model).items()
    return next(("/".join(key) for key, w in named if not np.isfinite(model.store.array(w)).all()), None)
