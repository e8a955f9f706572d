"""Forward and back propagation of a small batch, every number of it, and the update at the end."""

from typing import NotRequired, TypedDict

import numpy as np

from engine.core.arguments import Argument
from engine.core.terms import FormulaTold, LossTold, SumTold
from engine.core.types import Array, Config, MaybeNaN
from engine.explanation import Explanation
from engine.stages import Stage, StageTold
from engine.training.inspection import undisturbed, update_once
from engine.views.base import (
    EXACT,
    Fact,
    Tensor,
    ViewContext,
    ViewResult,
    view,
)
from engine.views.scales import ScaleTold, scale_of_answers

MOST_BATCH = 8
MOST_NUMBERS = 40_000
"""Larger arrays are left out; what they are is said in about."""


class StageRow(StageTold):
    """A stage of the network, and whether its loss and activation are one formula."""

    joined: bool


class SumPart(SumTold):
    """What one reader passes back."""

    stage: str


class FormulaPart(FormulaTold):
    """What one reader passes back, where that is a formula."""

    stage: str


class Picked(TypedDict):
    """What was asked for, word for word."""

    stage: str
    number: int
    example: int
    weight: str | None
    place: list[int]


class PickedTerms(TypedDict):
    """What a number of a stage is made of, and one of its weights."""

    picked: Picked
    open: dict[str, tuple[int | None, ...]]
    forward: NotRequired[SumTold | FormulaTold]
    activation: NotRequired[FormulaTold | None]
    backward: NotRequired[list[SumPart | FormulaPart]]
    activation_slope: NotRequired[FormulaTold | None]
    loss: NotRequired[LossTold | None]
    place: NotRequired[list[int]]
    gradient: NotRequired[SumTold | None]
    update: NotRequired[list[FormulaTold]]


@view(
    "propagation",
    "one example or a small batch stepped through: a and z forward, ∂J/∂a, ∂J/∂z, ∂J/∂w backward, and the new weights; "
    "and what one number that is picked is made of",
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
    Argument("stage", "text", None, optional=True, doc="the stage of the number that is picked; null: none is"),
    Argument(
        "number", "int", -1, minimum=-1, doc="its place in the stage's output in reading order; −1: a weight alone"
    ),
    Argument("example", "int", 0, minimum=0, maximum=MOST_BATCH - 1, doc="its example in the batch"),
    Argument("weight", "text", None, optional=True, doc="a weight of that stage; null: none is picked"),
    Argument("place", "shape", [], doc="which of its numbers, along the axes left open"),
    Fact("layers", list[StageRow], "the stages, in order"),
    Fact("cost", MaybeNaN, "J of the batch", "J"),
    Fact("loss", dict[str, object], "the loss with its arguments"),
    Fact("optimizer", dict[str, object], "the optimiser with its arguments"),
    Fact("step", int, "the step that would come"),
    Fact("rate", float, "its α"),
    Fact("rows", list[int], "row in the data of each example"),
    Fact("left_out", list[str], "arrays with more numbers than the limit"),
    Fact("scale", ScaleTold | None, "what the colours of answers and target mean; null: they are no such numbers"),
    Fact("count", int, "examples of the batch"),
    Fact("terms", PickedTerms | None, "what the number that is picked is made of; null: none is"),
)
def propagation(
    context: ViewContext,
    index: int,
    count: int,
    limit: int,
    stage: str | None,
    number: int,
    example: int,
    weight: str | None,
    place: tuple[int, ...],
) -> ViewResult:
    """Tensors, examples first: input, target, L/a, L/z, L/da (∂J/∂a), L/dz (∂J/∂z), and for each weight

    L/w/name, L/dw/name (penalty included), L/new/name, and L/slot/name for what the optimiser remembers. L is a stage
    (see engine.stages): blocks are opened. Dropout rests, batch normalisation uses its moving averages and side
    branches take no part. about.terms says what the number picked is made of (see `terms_of`), of this very moment;
    null where there is no such stage. about.scale: of the answers and the target, as `neurons` has it, or null.
    """
    trainer = context.trainer
    model = trainer.model
    for known in [k for k in context.cache if isinstance(k, tuple) and k[0] == "pass"]:
        del context.cache[known]  # they may be this very plan, about to be run on other examples
    rows = (index + np.arange(min(count, len(trainer.x)))) % len(trainer.x)
    tensors: dict[str, Array] = {}
    left_out: list[str] = []

    def put(name: str, array: Array | None) -> None:
        if array is None:
            return
        if array.size > limit:
            left_out.append(name)
            return
        tensors[name] = np.array(array, np.float32, order="C")

    tensors["input"] = np.ascontiguousarray(trainer.x[rows], np.float32)
    tensors["target"] = np.ascontiguousarray(trainer.t[rows], np.float32)
    with undisturbed(model), np.errstate(all="ignore"):
        batch = Explanation(model, trainer.x[rows], trainer.t[rows])
        store, optimizer = model.store, batch.optimizer
        trained = [(s.name, w) for s in batch.stages.values() for w in s.weights if w.trainable]
        for name, each in batch.stages.items():
            for kind, numbers in (("a", batch.a), ("z", batch.z), ("da", batch.da), ("dz", batch.dz)):
                put(f"{name}/{kind}", numbers(name))
            for w in each.weights:
                put(f"{name}/w/{w.name}", store.array(w))
        for name, w in trained:
            put(f"{name}/dw/{w.name}", store.gradient(w))
            for slot, vector in store.slots.items():
                put(f"{name}/{slot}/{w.name}", store.placed(w, vector))
        picked = batch.stages.get(stage or "")
        terms = None if picked is None else terms_of(batch, picked, number, example, weight, place)
        update_once(model)
        for name, w in trained:
            put(f"{name}/new/{w.name}", store.array(w))
    last = next(reversed(batch.stages))
    return ViewResult(
        tensors,
        {
            "layers": [s.describe() | {"joined": s.name == last and batch.joined} for s in batch.stages.values()],
            "cost": batch.cost, "loss": batch.loss.get_config(),
            "optimizer": {"name": optimizer.name, **optimizer.settings}, "step": optimizer.iterations + 1,
            "rate": optimizer.current_rate(), "rows": trainer.data.index["train"][rows].tolist(),
            "left_out": left_out, "count": len(rows), "terms": terms,
            "scale": None if (answers := scale_of_answers(context)) is None else answers.describe(),
        },
    )  # fmt: skip


def terms_of(
    batch: Explanation, stage: Stage, number: int, example: int, weight: str | None, place: tuple[int, ...]
) -> Config:
    """What a number of a stage is made of, and one of its weights, as plain JSON (see engine.core.terms).

    picked: what was asked for, word for word. forward (z, or a), activation (a from z), backward (∂J/∂a from each
    reader), activation_slope (∂J/∂z from ∂J/∂a) and, of the last stage, loss. Of the weight: place (whole), gradient
    and update. open: for each weight its place where the number fixes it, null along the axes that are left open.
    Numbers and places beyond the last are the last: a net may have become smaller since.
    """
    name, layer = stage.name, stage.layer
    told: Config = {
        "picked": {"stage": name, "number": number, "example": example, "weight": weight, "place": list(place)},
    }
    example = min(example, batch.count - 1)
    weights = {w.name: w.shape for w in stage.weights}
    fixed: dict[str, tuple[int | None, ...]] = {}
    if number >= 0:
        number = min(number, int(np.prod(layer.output_shape)) - 1)
        activation, bent = batch.activation(name, number, example), batch.activation_slope(name, number, example)
        told |= {
            "forward": batch.forward(name, number, example).describe(),
            "activation": None if activation is None else activation.describe(),
            "backward": [p.terms.describe() | {"stage": p.reader} for p in batch.backward(name, number, example)],
            "activation_slope": None if bent is None else bent.describe(),
            "loss": batch.loss_of(number, example).describe() if batch.is_last(name) else None,
        }
        fixed = layer.weights_of(number)
    told["open"] = fixed
    if weight in weights:
        given, shape = iter(place), weights[weight]
        axes = fixed.get(weight, (None,) * len(shape))
        whole = tuple(
            min(max(0, next(given, 0)), size - 1) if axis is None else axis
            for axis, size in zip(axes, shape, strict=True)
        )
        gradient = batch.gradient(name, weight, whole)
        told |= {
            "place": list(whole),
            "gradient": None if gradient is None else gradient.describe(),
            "update": [line.describe() for line in batch.update(name, weight, whole)],
        }
    return told
