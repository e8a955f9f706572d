"""A real forward pass, layer by layer, with the time of each and no more memory than two layers need."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.core.plan import NO_WISH, Plan
from engine.core.types import Array, Shape
from engine.layers import Layer
from engine.sequential import Sequential


@dataclass(frozen=True)
class LayerTime:
    """A layer of the table: shapes, parameters, multiplications of one example, seconds of this pass, its output."""

    layer: Layer
    output_shape: Shape
    parameters: int
    multiplications: int
    seconds: float
    output: Array
    """(B, …), not a copy: it stands until the next layer is asked for."""


def walk(model: Sequential, x: Array) -> Iterator[LayerTime]:
    """Runs built `model` on x (B, …) in inference mode, one layer after the other."""
    if x.shape[1:] != model.input_shape:
        raise ValueError(f"walk wants ({', '.join(map(str, ('B', *(model.input_shape or ()))))}), got {x.shape}")
    current = x
    for layer in model.layers:
        plan = Plan(len(x), model.dtype, model.rng, training=False)
        value = plan.value(layer.input_shape, layer.margin())
        out = layer.forward(plan, value, NO_WISH)
        plan.settle()
        np.copyto(np.moveaxis(value.data, -1, 0), current)
        start = time.perf_counter()
        plan.run()
        took = time.perf_counter() - start
        current = np.moveaxis(out.data, -1, 0)
        parameters = sum(w.size for w in layer.weights)
        yield LayerTime(layer, layer.output_shape, parameters, layer.multiplications(), took, current)
