"""Forward and back propagation of a small batch, every number of it, and the update at the end."""

from typing import Any

import numpy as np

from engine.core.arguments import Argument
from engine.core.types import Array
from engine.losses import joined as joined_formula
from engine.sequential import Sequential
from engine.training.inspection import undisturbed, update_once
from engine.views.base import EXACT, Tensor, ViewContext, ViewResult, view
from engine.views.stages import stages_of

MOST_BATCH = 8
MOST_NUMBERS = 40_000
"""Larger arrays are left out; what they are is said in about."""


@view(
    "propagation",
    "one example or a small batch stepped through: a and z forward, ∂J/∂a, ∂J/∂z, ∂J/∂w backward, and the new weights",
    Tensor("input", "B, …", EXACT, "what goes in", "as the model is given it"),
    Tensor("target", "B, …", EXACT, "what should come out", "as the loss is given it"),
    Tensor("{stage}/a", "B, …", EXACT, "outputs of a stage", "a"),
    Tensor("{stage}/z", "B, …", EXACT, "before the activation", "z"),
    Tensor("{stage}/da", "B, …", EXACT, "∂J/∂a", "J per a"),
    Tensor("{stage}/dz", "B, …", EXACT, "∂J/∂z", "J per z"),
    Tensor("{stage}/w/{weight}", "…", EXACT, "a weight before the step"),
    Tensor("{stage}/dw/{weight}", "…", EXACT, "∂J/∂w, penalty included", "J per w"),
    Tensor("{stage}/new/{weight}", "…", EXACT, "the weight after the step"),
    Tensor("{stage}/{slot}/{weight}", "…", EXACT, "what the optimiser remembers under the name of that slot"),
    Argument("index", "int", 0, minimum=0, doc="the first example of the training part"),
    Argument("count", "int", 1, minimum=1, maximum=MOST_BATCH, doc="examples of the batch"),
    Argument("limit", "int", MOST_NUMBERS, minimum=1, maximum=10_000_000, doc="larger arrays are left out"),
)
def propagation(context: ViewContext, index: int, count: int, limit: int) -> ViewResult:
    """Tensors, examples first: input, target, L/a, L/z, L/da (∂J/∂a), L/dz (∂J/∂z), and for each weight

    L/w/name, L/dw/name (penalty included), L/new/name, and L/slot/name for what the optimiser remembers. L is a stage
    (see engine.views.stages): blocks are opened. Dropout rests, batch normalisation uses its moving averages and side
    branches take no part.
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
    optimizer, loss, store = model.optimizer, model.loss, model.store
    assert optimizer is not None
    assert loss is not None
    optimizer.prepare(store)
    stages = list(stages_of(model.layers))
    with undisturbed(model), np.errstate(all="ignore"):
        plan = model.forward_plan(len(rows), "explain")
        plan.input[...] = trainer.x[rows]
        plan.target[...] = trainer.t[rows]
        plan.run()
        _add_penalty(model)
        tensors["input"] = np.ascontiguousarray(trainer.x[rows], np.float32)
        tensors["target"] = np.ascontiguousarray(trainer.t[rows], np.float32)
        joined = _joined(model)
        for stage in stages:
            name, layer = stage.name, stage.layer
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
            for weight in stage.weights:
                put(f"{name}/w/{weight.name}", store.array(weight).copy(), False)
                if weight.trainable:
                    put(f"{name}/dw/{weight.name}", store.gradient(weight).copy(), False)
                    for slot, vector in store.slots.items():
                        put(f"{name}/{slot}/{weight.name}", weight.of(vector).copy(), False)
            penalties = {w.name: [w.l1, w.l2] for w in stage.weights if w.l1 or w.l2}
            layers.append({**stage.describe(), "joined": last and joined, "penalties": penalties})
        cost = plan.loss_value()
        norm = float(np.linalg.norm(store.gradients))
        update_once(model)
        for stage in stages:
            for weight in stage.weights:
                if weight.trainable:
                    put(f"{stage.name}/new/{weight.name}", store.array(weight).copy(), False)
    limit_of_norm = optimizer.settings["global_clipnorm"]
    return ViewResult(
        tensors,
        {
            "layers": layers, "cost": cost, "loss": loss.get_config(),
            "optimizer": {"name": optimizer.name, **optimizer.settings}, "step": optimizer.iterations + 1,
            "age": optimizer.iterations + 1 - optimizer.born,
            "clip": min(1.0, limit_of_norm / norm) if limit_of_norm and norm else 1.0,
            "rate": optimizer.current_rate(), "rows": trainer.data.index["train"][rows].tolist(),
            "left_out": left_out, "count": len(rows),
        },
    )  # fmt: skip


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


def _add_penalty(model: Sequential) -> None:
    """The slopes of l1·Σ|w| + l2·Σw² onto the gradients."""
    store = model.store
    for weight in store.weights:
        if weight.trainable and (weight.l1 or weight.l2):
            w = store.array(weight)
            store.gradient(weight)[...] += 2 * weight.l2 * w + weight.l1 * np.sign(w)
