"""Descent's training engine: NumPy alone, Keras's names and shapes, flat parameters, preallocated steps.

Letters used in every docstring: B batch, I O inputs and outputs of a layer, K classes, F features, M examples,
H W C height, width, channels. `docs/engine.md` shows what a user of Keras can paste.
"""

from typing import TYPE_CHECKING

from engine import (
    activations,
    callbacks,
    detection,
    initializers,
    layers,
    losses,
    metrics,
    models,
    optimizers,
    regularizers,
    schedules,
    utils,
)
from engine.callbacks import History
from engine.explanation import explain
from engine.foreign import ENGINE_NAMES, missing_names
from engine.initializers import Initializer
from engine.layers import Input, Layer
from engine.losses import Loss
from engine.models import Model, load_model
from engine.optimizers import Optimizer
from engine.regularizers import Regularizer
from engine.sequential import Sequential

__all__ = [
    "History",
    "Initializer",
    "Input",
    "Layer",
    "Loss",
    "Model",
    "Optimizer",
    "Regularizer",
    "Sequential",
    "activations",
    "callbacks",
    "detection",
    "explain",
    "initializers",
    "layers",
    "load_model",
    "losses",
    "metrics",
    "models",
    "optimizers",
    "regularizers",
    "schedules",
    "utils",
]

if not TYPE_CHECKING:
    __getattr__ = missing_names(__name__, ENGINE_NAMES, lambda: list(globals()))
