"""The normal equation for a model: one linear layer and a squared error can be solved at once."""

import time
from collections.abc import Sequence

import numpy as np

from engine.core.errors import EngineError
from engine.core.numbers import in_dtype
from engine.core.types import Array, Config
from engine.layers import Dense, Layer
from engine.losses import Loss, MeanSquaredError
from engine.regression import least_squares
from engine.sequential import Sequential


def check_solvable(layers: Sequence[Layer], loss: Loss | str | None) -> None:
    """ValueError, with what is in the way, unless it is one linear Dense layer with a squared error and no L1."""
    layer = layers[0]
    if len(layers) != 1 or not isinstance(layer, Dense) or layer.activation.name != "linear":
        raise EngineError(
            "solve-one-layer",
            "the normal equation wants one linear layer; this network has hidden layers or an activation",
        )
    if not isinstance(loss, MeanSquaredError):
        raise EngineError(
            "solve-loss",
            "the normal equation wants a squared error as loss, got {loss}",
            loss=getattr(loss, "name", str(loss)),
        )
    if layer.kernel_regularizer.l1:
        raise EngineError("solve-l1", "the normal equation knows no L1 penalty; set L1 to 0 (L2 has one: ridge)")


def solve_linear(model: Sequential, x: Array, t: Array) -> Config:
    """Sets the weights that minimise J = factor/m Σ (ŷ − y)² + l2 Σ w²; says rank, condition and seconds.

    ValueError if the model is none that can be solved (check_solvable).
    """
    layer, loss = model.layers[0], model.loss
    check_solvable(model.layers, loss)
    assert isinstance(loss, MeanSquaredError)
    kernel, *bias = layer.weights
    start = time.perf_counter()
    found = least_squares(x, t, kernel.l2 * len(x) / loss.factor, intercept=bool(bias))
    seconds = time.perf_counter() - start
    weights = in_dtype(found.weights, model.dtype, "the normal equation's weights")
    level = in_dtype(found.bias, model.dtype, "the normal equation's bias")
    model.store.array(kernel)[...] = weights
    if bias:
        model.store.array(bias[0])[...] = level
    return {
        "rank": found.rank,
        "columns": len(found.weights),
        "full_rank": found.full_rank,
        "condition": found.condition if np.isfinite(found.condition) else None,
        "seconds": seconds,
        "method": found.method,
        "weights": found.weights.ravel().tolist(),
        "bias": found.bias.tolist(),
    }
