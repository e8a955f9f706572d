"""Losses. Each plans its value and its gradient ∂J/∂y together, over buffers with the batch last.

Letters: y what the model says, t the target, z logits, p probabilities, N the number of averaged terms. Averages are
Keras's (`sum_over_batch_size`): over the batch, and for the regression losses over the outputs as well.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.activations import Activation, activations
from engine.core.types import Array
from engine.foreign import LOSS_NAMES, missing_names, refuse
from engine.losses.base import Loss, Number
from engine.losses.base import losses as losses
from engine.losses.base import register as register

# The order in which they are registered is that of the menus.
# isort: off
from engine.losses.regression import HalfMeanSquaredError, Huber, MeanAbsoluteError, MeanSquaredError
from engine.losses.crossentropy import (
    CLIP,
    SMOOTHING,
    BinaryCrossentropy,
    CategoricalCrossentropy,
    SparseCategoricalCrossentropy,
    smoothed,
)
from engine.losses.margin import Hinge, Perceptron

# isort: on


class LossFunction:
    """A loss as Keras's function of that name: `mean_squared_error(y_true, y_pred)` has one number an example."""

    def __init__(self, build: Callable[..., Loss], name: str) -> None:
        self.build, self.__name__ = build, name

    def __call__(self, y_true: Any, y_pred: Any, **settings: Any) -> Array:
        loss, t, y = self.build(**settings), np.asarray(y_true), np.asarray(y_pred)
        if len(t) != len(y):
            raise ValueError(f"{self.__name__} expected as many targets as outputs, got {len(t)} and {len(y)}")
        return np.array([loss(t[i : i + 1], y[i : i + 1]) for i in range(len(y))])


mean_squared_error = LossFunction(MeanSquaredError, "mean_squared_error")
mean_absolute_error = LossFunction(MeanAbsoluteError, "mean_absolute_error")
huber = LossFunction(Huber, "huber")
binary_crossentropy = LossFunction(BinaryCrossentropy, "binary_crossentropy")
categorical_crossentropy = LossFunction(CategoricalCrossentropy, "categorical_crossentropy")
sparse_categorical_crossentropy = LossFunction(SparseCategoricalCrossentropy, "sparse_categorical_crossentropy")
hinge = LossFunction(Hinge, "hinge")
mse, mae = mean_squared_error, mean_absolute_error
ALIASES = {
    "mean_squared_error": "mse",
    "mean_absolute_error": "mae",
    "bce": "binary_crossentropy",
    "crossentropy": "categorical_crossentropy",
}
_BY_CASE = {name.lower(): name for name in losses.names()} | {
    build.__name__.lower(): name for name, build in losses.items()
}


def get(loss: Any) -> Loss:
    """From a name ("mse", "MSE", "mean_squared_error", "MeanSquaredError"), a config, a class, a function or itself."""
    if isinstance(loss, Loss):
        return loss
    if isinstance(loss, LossFunction):
        return loss.build()
    if isinstance(loss, type) and issubclass(loss, Loss):
        return loss()
    if isinstance(loss, list | tuple) or (isinstance(loss, dict) and "name" not in loss):
        raise ValueError(f"a model has one output and so one loss, got {loss!r:.80}: compile(loss='mse')")
    if not isinstance(loss, str | dict):
        shown = getattr(loss, "__name__", repr(loss))
        raise ValueError(
            f"a loss is one of {', '.join(losses.names())} or a class of engine.losses, got {shown}: a function of "
            "your own has no gradient here; subclass losses.Loss and plan both"
        )
    config = {"name": loss} if isinstance(loss, str) else dict(loss)
    name = config.pop("name")
    known = ALIASES.get(str(name).lower(), str(name).lower())
    if known not in _BY_CASE:
        refuse("loss", name, LOSS_NAMES)
    build = losses.get(_BY_CASE.get(known, name))
    return build(**config)


def joined(loss: Loss, activation: Activation) -> bool:
    """Whether loss and last activation make one stable, exact formula."""
    return loss.joins is not None and not loss.from_logits and activation is activations.get(loss.joins)


__all__ = [
    "ALIASES",
    "CLIP",
    "SMOOTHING",
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "HalfMeanSquaredError",
    "Hinge",
    "Huber",
    "Loss",
    "LossFunction",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "Number",
    "Perceptron",
    "SparseCategoricalCrossentropy",
    "binary_crossentropy",
    "categorical_crossentropy",
    "hinge",
    "huber",
    "joined",
    "mae",
    "mean_absolute_error",
    "mean_squared_error",
    "mse",
    "smoothed",
    "sparse_categorical_crossentropy",
]

if not TYPE_CHECKING:
    __getattr__ = missing_names(__name__, LOSS_NAMES, lambda: list(globals()))
