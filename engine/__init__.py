"""Descent's training engine: NumPy alone, Keras's names and shapes, flat parameters, preallocated steps.

Letters used in every docstring: B batch, I O inputs and outputs of a layer, K classes, F features, M examples,
H W C height, width, channels.
"""

from engine import activations, detection, initializers, layers, losses, metrics, optimizers, regularizers, schedules
from engine.sequential import History, Sequential

__all__ = [
    "History",
    "Sequential",
    "activations",
    "detection",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "optimizers",
    "regularizers",
    "schedules",
]
