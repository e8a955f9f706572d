"""A spec put together: its data, the choices filled in, the model, and the data as this model's loss reads them."""

from dataclasses import dataclass

import numpy as np

from engine.core.types import Array
from engine.data import Prepared
from engine.sequential import Sequential
from engine.training.blueprint import build_model, check_output, resolve
from engine.training.spec import RunSpec

Parts = dict[str, tuple[Array, Array]]
"""Inputs and encoded targets of "train", "cv" and "test"."""


@dataclass(frozen=True)
class Assembly:
    """`spec` is what was asked, `resolved` has every choice filled in."""

    spec: RunSpec
    data: Prepared
    resolved: RunSpec
    model: Sequential
    parts: Parts

    @classmethod
    def of(cls, spec: RunSpec, data: Prepared) -> "Assembly":
        """Everything anew for a spec and its data, or a ValueError that says what does not fit."""
        resolved = resolve(spec, data.goal, data.input_shape)
        model = build_model(resolved, data.input_shape)
        check_output(resolved, data.goal, model.output_shape)
        return cls(spec, data, resolved, model, {name: _part(model, data, name) for name in ("train", "cv", "test")})


def _part(model: Sequential, data: Prepared, name: str) -> tuple[Array, Array]:
    x, y = data.part(name)
    return x, model.compiled_loss.encode(_targets(model, data, x, y), model.output_shape, model.dtype)


def _targets(model: Sequential, data: Prepared, x: Array, y: Array) -> Array:
    """Targets in the form the loss wants: class numbers become one-hot rows where it needs a row."""
    if data.task == "reconstruction":
        return x.reshape(len(x), *model.output_shape)
    if data.task == "multiclass" and model.compiled_loss.name != "sparse_categorical_crossentropy":
        return np.asarray(np.eye(data.dataset.outputs, dtype=np.float32)[y[:, 0].astype(np.int64)])
    return y
