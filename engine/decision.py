"""Where one output turns from class 0 to class 1: what metrics, pictures of the plane and scales of colour all read.

A loss pulls the answer to one number for class 0 and to another for class 1; the last activation may not reach them.
Halfway between the two that can be reached is where one class turns into the other: 0 for hinge behind tanh (−1 and 1),
½ for hinge behind a sigmoid (0 and 1, since it never says −1), ½ for a cross-entropy of probabilities. A loss of
logits wants −∞ and ∞, and reads σ(answer) as the probability.
"""

import numpy as np

from engine.activations import Activation
from engine.core.types import Array
from engine.layers import Dropout
from engine.network import Network

LOGIT_REACH = 2.0
"""A logit this far from 0 has the colour of certainty: the slope of σ at 0 is ¼."""


def sides(model: Network) -> tuple[float, float]:
    """The answers that the loss wants of classes 0 and 1, as far as the last activation gives them."""
    loss = model.loss
    low, high = (0.0, 1.0) if loss is None else loss.wants
    last = next((layer for layer in reversed(model.layers) if not isinstance(layer, Dropout)), None)
    activation = getattr(last, "activation", None)
    least, most = activation.range if isinstance(activation, Activation) else (None, None)
    return max(low, -np.inf if least is None else least), min(high, np.inf if most is None else most)


def turn(model: Network) -> tuple[float, float]:
    """The answer at which class 0 turns into class 1, and how far from it an answer is certain."""
    low, high = sides(model)
    if np.isinf(low) or np.isinf(high):
        return 0.0, LOGIT_REACH
    return (low + high) / 2, (high - low) / 2


def shares(model: Network, outputs: Array) -> Array:
    """Single outputs of a classifier of two classes as shares of class 1: ½ is the turn, and 0 and 1 are the sides."""
    low, high = sides(model)
    if (low, high) == (0, 1):
        return outputs
    if np.isinf(low) or np.isinf(high):
        return np.asarray(0.5 + 0.5 * np.tanh(outputs / 2), outputs.dtype)
    return np.asarray((outputs - low) / (high - low), outputs.dtype)
