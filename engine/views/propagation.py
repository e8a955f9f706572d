"""Forward and back propagation of a small batch, every number of it, and the update at the end."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.core.arguments import Argument
from engine.core.parameters import Weight
from engine.core.types import Array
from engine.layers import Conv2D, Layer
from engine.layers.pooling import AveragePooling2D, MaxPooling2D
from engine.losses import joined as joined_formula
from engine.sequential import Sequential
from engine.training.inspection import undisturbed, update_once
from engine.views.base import ViewContext, ViewResult, view

MOST_BATCH = 8
MOST_NUMBERS = 40_000
"""Larger arrays are left out; what they are is said in about."""


@view(
    "propagation",
    "one example or a small batch stepped through: a and z forward, ∂J/∂a, ∂J/∂z, ∂J/∂w backward, and the new weights",
    Argument("index", "int", 0, minimum=0, doc="the first example of the training part"),
    Argument("count", "int", 1, minimum=1, maximum=MOST_BATCH, doc="examples of the batch"),
    Argument("limit", "int", MOST_NUMBERS, minimum=1, maximum=10_000_000, doc="larger arrays are left out"),
)
def propagation(context: ViewContext, index: int, count: int, limit: int) -> ViewResult:
    """Tensors, examples first: input, target, L/a, L/z, L/da (∂J/∂a), L/dz (∂J/∂z), and for each weight

    L/w/name, L/dw/name (penalty included), L/new/name. Dropout rests and batch normalisation uses its moving averages.
    """
    trainer = context.trainer
    model = trainer.model
    for known in [k for k in context.cache if isinstance(k, tuple) and k[0] == "pass"]:
        del context.cache[known]  # they may be this very plan, about to be run on other examples
    rows = (index + np.arange(min(count, len(trainer.x)))) % len(trainer.x)
    tensors: dict[str, Array] = {}
    left_out: list[str] = []

    def put(name: str, array: Array, batched: bool = True) -> None:
        if array.size > limit:
            left_out.append(name)
            return
        tensors[name] = np.ascontiguousarray(np.moveaxis(array, -1, 0) if batched else array, np.float32)

    layers: list[dict[str, Any]] = []
    with undisturbed(model), np.errstate(all="ignore"):
        plan = model.forward_plan(len(rows), "explain")
        plan.input[...] = trainer.x[rows]
        plan.target[...] = trainer.t[rows]
        plan.run()
        penalised = _add_penalty(model)
        tensors["input"] = np.ascontiguousarray(trainer.x[rows], np.float32)
        tensors["target"] = np.ascontiguousarray(trainer.t[rows], np.float32)
        joined = _joined(model)
        for layer in model.layers:
            name = layer.name
            put(f"{name}/a", plan.outputs[layer].data)
            if layer in plan.preactivations:
                put(f"{name}/z", plan.preactivations[layer])
            last = layer is model.layers[-1]
            if layer in plan.output_gradients:
                slope = plan.output_gradients[layer]
                if last and joined:
                    put(f"{name}/dz", slope)
                else:
                    put(f"{name}/da", slope)
                    activation = getattr(layer, "activation", None)
                    if activation is not None and layer in plan.preactivations:
                        put(f"{name}/dz", _through(activation, plan.preactivations[layer], slope))
            for key, weight in _trained(layer):
                put(f"{name}/w/{key}", model.store.array(weight).copy(), False)
                put(f"{name}/dw/{key}", model.store.gradient(weight).copy(), False)
            layers.append(
                {
                    "id": name,
                    "type": type(layer).__name__,
                    "activation": getattr(getattr(layer, "activation", None), "name", None),
                    "joined": last and joined,
                    "shape": list(layer.output_shape),
                    **_window(layer),
                }
            )
        cost = plan.loss_value()
        update_once(model)
        for layer in model.layers:
            for key, weight in _trained(layer):
                put(f"{layer.name}/new/{key}", model.store.array(weight).copy(), False)
    optimizer, loss = model.optimizer, model.loss
    assert optimizer is not None
    assert loss is not None
    return ViewResult(
        tensors,
        {
            "layers": layers, "cost": cost, "loss": loss.name, "optimizer": optimizer.name,
            "plain": optimizer.name == "SGD" and not optimizer.settings["momentum"],
            "rate": optimizer.current_rate(), "rows": trainer.data.index["train"][rows].tolist(),
            "penalised": penalised, "left_out": left_out, "count": len(rows),
        },
    )  # fmt: skip


def _window(layer: Layer) -> dict[str, Any]:
    """How the window of a convolution or a pooling moves, for the expressions behind its numbers."""
    if not isinstance(layer, Conv2D | MaxPooling2D | AveragePooling2D):
        return {}
    window = layer.window
    return {"kernel": list(window.kernel), "strides": list(window.strides),
            "margin": [window.margin.top, window.margin.left], "input_shape": list(layer.input_shape)}  # fmt: skip


def _trained(layer: Layer) -> Iterator[tuple[str, Weight]]:
    """The weights of a layer that learn, by name; those inside a block as inner.name."""
    for leaf in layer.leaves:
        for weight in leaf.weights:
            if weight.trainable:
                yield (weight.name if leaf is layer else f"{leaf.name}.{weight.name}"), weight


def _joined(model: Sequential) -> bool:
    """Whether loss and last activation are one formula, so that the way back begins at ∂J/∂z."""
    activation = getattr(model.layers[-1], "activation", None)
    return model.loss is not None and activation is not None and joined_formula(model.loss, activation)


def _through(activation: Any, z: Array, da: Array) -> Array:
    """∂J/∂z = ∂J/∂a · g′(z) over (…, batch); softmax mixes its outputs."""
    if activation.name != "softmax":
        return np.asarray(da * np.moveaxis(activation.slope(np.moveaxis(z, -1, 0)), 0, -1))
    e = np.exp(z - z.max(axis=-2, keepdims=True))
    a = e / e.sum(axis=-2, keepdims=True)
    return np.asarray(a * (da - (da * a).sum(axis=-2, keepdims=True)))


def _add_penalty(model: Sequential) -> bool:
    """The slopes of l1·Σ|w| + l2·Σw² onto the gradients; whether there were any."""
    store, found = model.store, False
    for weight in store.weights:
        if weight.trainable and (weight.l1 or weight.l2):
            w = store.array(weight)
            store.gradient(weight)[...] += 2 * weight.l2 * w + weight.l1 * np.sign(w)
            found = True
    return found
