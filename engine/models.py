"""Keras's module of models: Sequential, load_model, and a word about the functional API."""

import json
from typing import Any, NoReturn

from engine.layers.foreign import NO_GRAPHS
from engine.saving import load_model
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
