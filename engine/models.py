"""Keras's module of models: Sequential, load_model, and a word about the functional API."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from engine.core.calls import Foreign, worded
from engine.foreign import MODEL_MODULE_NAMES, missing_names
from engine.layers.foreign import NO_GRAPHS
from engine.saving import named_weights, put_weights, read
from engine.sequential import Sequential

__all__ = ["Model", "Sequential", "load_model", "model_from_json"]


class Model:
    """There is no functional API and no subclassing: every use says what to do instead."""

    def __new__(cls, *args: Any, **kwargs: Any) -> NoReturn:
        raise ValueError(f"Model(inputs, outputs) is not here: {NO_GRAPHS}")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        raise ValueError(f"models are not written as classes: {NO_GRAPHS}")


def model_from_json(text: str, custom_objects: Any = None) -> Sequential:
    """The model `to_json` wrote down, with its initial weights."""
    if custom_objects:
        raise ValueError("model_from_json expected no custom_objects: all parts are the engine's own")
    return Sequential.from_config(json.loads(text))


@worded(
    {
        "custom_objects": Foreign("all parts are the engine's own", (None, {})),
        "safe_mode": Foreign(),
        "options": Foreign(),
    }
)
def load_model(filepath: str | Path, compile: bool = True) -> Sequential:
    """The model of a file of `save`, compiled as it was (unless compile=False), ready to go on with the same bits."""
    arrays, metadata = read(filepath, "load_model")
    if "config" not in metadata:
        raise ValueError(f"{str(filepath)!r} holds weights alone: make the model, then model.load_weights(path)")
    try:
        config, state = json.loads(metadata["config"]), json.loads(metadata["state"])
    except (KeyError, ValueError) as error:
        raise ValueError(f"{str(filepath)!r} holds no model that can be read: {error}") from error
    if not compile:
        config.pop("compile", None)
    model = Sequential.from_config(config)
    put_weights(model, {n: a for n, a in arrays.items() if not n.startswith("optimizer/")}, str(filepath))
    if compile and model.optimizer is not None:
        weights = named_weights(model)
        for name, array in arrays.items():
            kind, slot, *rest = name.split("/", 2)
            if kind == "optimizer" and rest[0] in weights:
                model.store.placed(weights[rest[0]], model.store.slot(slot))[...] = array
        model.optimizer.iterations, model.optimizer.born = int(state["iterations"]), int(state["born"])
    model.rng.bit_generator.state = state["generator"]
    return model


if not TYPE_CHECKING:
    __getattr__ = missing_names(__name__, MODEL_MODULE_NAMES, lambda: list(globals()))
