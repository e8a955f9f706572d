"""Looking into a trainer without touching it: the next update, how steady gradients are, what dropout drew."""

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.core.types import Array
from engine.layers import Dropout
from engine.sequential import Sequential

FOLLOW = np.float32(0.1)
"""How fast the running means follow: about the last ten steps count."""


class GradientMemory:
    """Running means of g and |g| for every parameter."""

    def __init__(self, gradients: Array) -> None:
        self.mean, self.size = gradients.copy(), np.abs(gradients)

    def add(self, gradients: Array) -> None:
        """The gradient of one more step."""
        self.mean += (gradients - self.mean) * FOLLOW
        self.size += (np.abs(gradients) - self.size) * FOLLOW

    def agreement(self) -> Array:
        """|mean g| / mean |g|: 1 where the gradient keeps its sign, 0 where it flips."""
        return np.divide(np.abs(self.mean), self.size, out=np.zeros_like(self.size), where=self.size > 0)


@contextlib.contextmanager
def undisturbed(model: Sequential) -> Iterator[None]:
    """Weights, gradients, optimiser and random numbers are afterwards as they were."""
    store, optimizer, rng = model.store, model.optimizer, model.rng
    assert optimizer is not None
    optimizer.prepare(store)
    kept = [(a, a.copy()) for a in (store.values, store.gradients, store.state, *store.slots.values())]
    iterations, state = optimizer.iterations, rng.bit_generator.state
    try:
        yield
    finally:
        for array, before in kept:
            array[...] = before
        optimizer.iterations, rng.bit_generator.state = iterations, state


def update_once(model: Sequential) -> None:
    """One update of the optimiser from the gradients as they stand."""
    calls, advance = model.update_plan()
    advance()
    with np.errstate(all="ignore"):
        for function, arguments in calls:
            function(*arguments)


def next_step(model: Sequential) -> Array:
    """What the optimiser would add to each parameter for the last gradient again; nothing is changed by it."""
    with undisturbed(model):
        before = model.store.values.copy()
        update_once(model)
        return np.asarray(model.store.values - before)


def dropout_masks(model: Sequential, plan: Any) -> dict[str, Array]:
    """By layer: which units took part in the last step (its first example), as 0 and 1."""
    if plan is None:
        return {}
    memo = plan.memo if hasattr(plan, "memo") else plan.shards[0].memo
    return {
        layer.name.removesuffix("/dropout"): (np.moveaxis(memo[layer], -1, 0)[0] > 0).astype(np.uint8)
        for layer in model.leaves
        if isinstance(layer, Dropout) and layer in memo
    }
