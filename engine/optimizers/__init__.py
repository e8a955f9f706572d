"""Optimisers, on one flat vector of all parameters, with Keras's names, defaults and formulas.

Letters: p parameters, g gradient, α learning rate, t the step counted from 1. State lives in the store's slots.
"""

from typing import TYPE_CHECKING, Any

from engine import schedules
from engine.core.types import Config
from engine.foreign import OPTIMIZER_NAMES, missing_names, refuse
from engine.optimizers.base import CLIPNORM, EPSILON, PYTHON_ONLY, Optimizer, Rate, register
from engine.optimizers.base import optimizers as optimizers

# The order in which they are registered is that of the menus.
# isort: off
from engine.optimizers.sgd import SGD
from engine.optimizers.adaptive import Adagrad, Adam, AdamW, RMSprop

# isort: on


def get(optimizer: Any) -> Optimizer:
    """From a name (any case), a config, a class or itself."""
    if isinstance(optimizer, Optimizer):
        return optimizer
    if isinstance(optimizer, type) and issubclass(optimizer, Optimizer):
        return optimizer()
    if not isinstance(optimizer, str | dict):
        raise ValueError(
            f"an optimizer is one of {', '.join(optimizers.names())} or a class of engine.optimizers, "
            f"got {optimizer!r:.80}"
        )
    config: Config = {"name": optimizer} if isinstance(optimizer, str) else dict(optimizer)
    name = config.pop("name", None)
    by_case = {n.lower(): n for n in optimizers.names()}
    if str(name).lower() not in by_case:
        refuse("optimizer", name, OPTIMIZER_NAMES)
    cls = optimizers.get(by_case.get(str(name).lower(), name))
    return cls(**config)


__all__ = [
    "CLIPNORM",
    "EPSILON",
    "PYTHON_ONLY",
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "Optimizer",
    "RMSprop",
    "Rate",
    "register",
    "schedules",
]

if not TYPE_CHECKING:
    __getattr__ = missing_names(__name__, OPTIMIZER_NAMES, lambda: list(globals()))
