"""The penalty of a model, l1·Σ|w| + l2·Σw² over the weights that learn: its value, its slope, and both in a plan."""

import numpy as np

from engine.core.parameters import ParameterStore, Weight
from engine.core.plan import Plan
from engine.core.types import Array


def penalised(store: ParameterStore) -> list[Weight]:
    """The weights that learn and have a penalty."""
    return [w for w in store.weights if w.trainable and (w.l1 or w.l2)]


def penalty(store: ParameterStore) -> float:
    """Of the present weights, in float64."""
    total = 0.0
    for weight in penalised(store):
        w = weight.array.astype(np.float64)
        total += weight.l1 * float(np.abs(w).sum()) + weight.l2 * float((w * w).sum())
    return total


def penalty_slope(weight: Weight, w: Array) -> Array:
    """∂/∂w at numbers w of a weight: 2·l2·w + l1·sign(w)."""
    return np.asarray(2 * weight.l2 * w + weight.l1 * np.sign(w))


def plan_penalty(store: ParameterStore, plan: Plan) -> None:
    """Adds it to the loss and its slope to the gradient, in every step of a plan."""
    trained = [w for w in store.weights if w.trainable]
    values, gradients = store.trained, store.gradients
    if store.scattered and any(w.l1 or w.l2 for w in trained):
        values = plan.like(store.trained)
        for block, at in store.places.items():
            plan.call(np.copyto, values[at : at + block.size].reshape(block.shape), block.values)
    if any(w.l2 for w in trained):
        slope, half = plan.like(values), plan.sum()
        plan.call(np.multiply, values, store.spread(lambda w: 2 * w.l2), slope)
        plan.call(np.dot, slope, values, half)
        plan.call(np.add, gradients, slope, gradients)
        plan.penalties.append((half, 0.5))
    if any(w.l1 for w in trained):
        slope, whole = plan.like(values), plan.sum()
        plan.call(np.sign, values, slope)
        plan.call(np.multiply, slope, store.spread(lambda w: w.l1), slope)
        plan.call(np.dot, slope, values, whole)
        plan.call(np.add, gradients, slope, gradients)
        plan.penalties.append((whole, 1.0))
