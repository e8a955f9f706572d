"""How a model's step becomes a plan: forward, loss, backward, penalties; whole, or cut into shards of the batch."""

from typing import NamedTuple

import numpy as np

from engine import losses
from engine.core.plan import Plan, Slope, Value
from engine.core.shards import AnyPlan, ShardedPlan
from engine.core.types import Array, Shape
from engine.layers import Layer, stack
from engine.layers.composite import Block, SideBranch
from engine.layers.dense import Activated
from engine.losses import Loss
from engine.penalty import plan_penalty
from engine.stacked import Stacked

SHARD_FROM = 2_000_000
"""Multiplications of a training step's forward pass from which an image model's batch is cut in two."""
MODES = {
    "train": "training form, with gradients",
    "held": "the same plan, sharing and shards as in training, but dropout rests and batch normalisation uses its "
    "moving averages: what training must agree with `predict` about",
    "evaluate": "the loss alone, inference form",
    "infer": "outputs alone, inference form",
    "sample": "outputs alone, training form: dropout draws, batch normalisation goes by the batch",
    "explain": "inference form with gradients, every layer's outputs and output gradients whole",
}


class Objective(NamedTuple):
    """What a plan works out beside the outputs: the loss, whether it weighs examples, whether outputs are measured."""

    loss: Loss
    weighted: bool = False
    measured: bool = False


def make_plan(model: Stacked, objective: Objective | None, batch: int, mode: str) -> AnyPlan:
    """The plan of a mode (see MODES) for `batch` examples."""
    if mode not in MODES:
        raise ValueError(f"plan expected a mode of {', '.join(MODES)}, got {mode!r}")
    trains = mode in ("train", "held")
    gradients = model.store.gradients
    if not trains or not cut(model, batch):
        plan = plan_step(model, objective, batch, batch, mode, gradients)
        if trains:
            plan_penalty(model.store, plan)
        return plan.finish()
    half = batch - batch // 2
    shards = [
        plan_step(model, objective, half, batch, mode, gradients).finish(),
        plan_step(model, objective, batch - half, batch, mode, np.zeros_like(gradients)).finish(),
    ]
    after = new_plan(model, batch, batch, mode, gradients)
    after.filled(gradients)
    plan_penalty(model.store, after)
    return ShardedPlan(shards, after.finish())


def cut(model: Stacked, batch: int) -> bool:
    """Whether a training step of this size is made in two halves; it depends on the model alone."""
    spatial = any(len(leaf.input_shape) == 3 and leaf.weights for leaf in model.leaves)
    return spatial and batch >= 2 and batch * model.multiplications() >= SHARD_FROM


def new_plan(model: Stacked, batch: int, examples: int, mode: str, gradients: Array) -> Plan:
    backward, shortcuts = mode in ("train", "held", "explain"), mode in ("train", "held", "evaluate")
    return Plan(batch, model.dtype, model.rng, training=mode in ("train", "sample"), shortcuts=shortcuts,
                backward=backward, gradients=gradients if backward else None,
                places=model.store.places if backward else None, examples=examples)  # fmt: skip


def given_value(plan: Plan, shape: Shape, layers: list[Layer]) -> Value:
    """The plan's input, filled from outside: `plan.input` is a view of it with the batch first."""
    value = plan.value(shape, stack.margin_of(layers))
    plan.input = np.moveaxis(value.data, -1, 0)
    plan.given(value.data)
    return value


def plan_step(
    model: Stacked, objective: Objective | None, batch: int, examples: int, mode: str, gradients: Array
) -> Plan:
    """Forward, and in most modes the loss and backward; not finished yet."""
    plan = new_plan(model, batch, examples, mode, gradients)
    assert model.input_shape is not None
    value = stack.forward(plan, model.layers, given_value(plan, model.input_shape, model.layers))
    plan.need(value.data)
    plan.settle()  # rows that no stride reaches, too: the way back reads them
    plan.keep(value.data)
    if objective is not None:
        if plan.backward and not plan.training and plan.sides:  # they take no part, and would keep an old gradient
            plan.call(np.copyto, plan.gradients, plan.scalar(0))
        _plan_loss(model.layers, objective, plan, value)
    plan.settle()
    return plan


def _plan_loss(layers: list[Layer], objective: Objective, plan: Plan, output: Value) -> None:
    if len(output.shape) == 3:
        target = plan.image(output.shape)
        plan.target = np.moveaxis(target, -1, 0)
    else:
        plan.target = plan.buffer((plan.batch, *output.shape))
        target = np.moveaxis(plan.target, 0, -1)
    plan.given(plan.target)
    loss = objective.loss
    if objective.weighted:
        plan.weights = plan.buffer((plan.batch,))
        plan.weights[...] = 1
        plan.given(plan.weights)
    if plan.training and objective.measured:
        plan.answers = plan.like(output.data)
        plan.call(np.copyto, plan.answers, output.data)
        plan.keep(plan.answers)
    slope = _plan_one_loss(loss, plan, layers, output, target)
    main, scale = plan.loss, plan.loss_scale
    for side, value in plan.sides if plan.training else ():
        assert isinstance(side, SideBranch)
        if value.shape != output.shape:
            raise side.wants(
                "side-output",
                "a body that ends in the model's output shape {wanted}, got {got}",
                wanted=output.shape,
                got=value.shape,
            )
        plan.loss = plan.sum()
        plan.need(value.data)
        found = _plan_one_loss(loss, plan, side.leaves, value, target)
        weight = side.loss_weight
        plan.penalties.append((plan.loss, plan.loss_scale * weight))
        if found is not None:
            weighted = plan.like(found.data)
            plan.call(np.multiply, found.data, plan.scalar(weight), weighted)
            plan.side_gradients[side] = Slope(weighted, found.joined)
    plan.loss, plan.loss_scale = main, scale
    if slope is not None:
        stack.backward(plan, layers, slope, None)


def _plan_one_loss(loss: Loss, plan: Plan, layers: list[Layer], output: Value, target: Array) -> Slope | None:
    """Plans the loss of one output and its slope: ∂J/∂z, where loss and last activation make one formula."""
    last: Layer | None = layers[-1]
    while isinstance(last, Block):
        last = last.inside[-1] if last.inside else None
    join = isinstance(last, Activated) and losses.joined(loss, last.activation)
    z = plan.preactivations[last] if join and last is not None else None
    slope = loss.plan(plan, output.data, target, z, plan.backward)
    if slope is not None and plan.weights is not None:
        weighted = plan.like(slope)
        plan.call(np.multiply, slope, plan.weights, weighted)
        slope = weighted
    return None if slope is None else Slope(slope, join)


def plan_tail(model: Stacked, layers: list[Layer], batch: int) -> Plan:
    """Inference through some of the model's last layers alone."""
    plan = new_plan(model, batch, batch, "infer", model.store.gradients)
    plan.need(stack.forward(plan, layers, given_value(plan, layers[0].input_shape, layers)).data)
    return plan.finish()
