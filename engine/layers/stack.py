"""Layers one after the other inside a plan: what models and composites share."""

from collections.abc import Sequence

from engine.core.plan import NO_MARGIN, Margin, Plan, Value
from engine.core.types import Array
from engine.layers.base import Layer


def forward(plan: Plan, layers: Sequence[Layer], x: Value) -> Value:
    """Plans the layers' forward passes; the last one gets the margin that the plan's own reader wants."""
    margin, deferrable = plan.margin, plan.deferrable
    for i, layer in enumerate(layers):
        following = layers[i + 1] if i + 1 < len(layers) else None
        beyond = next((y for y in layers[i + 1 :] if not y.in_place), None)
        plan.margin = margin if beyond is None else beyond.margin()
        plan.deferrable = deferrable if following is None else following.takes_deferred
        if not layer.by_rows:
            plan.need(x.data)
        plan.inputs[layer] = x
        x = plan.outputs[layer] = layer.forward(plan, x)
    plan.margin, plan.deferrable = margin, deferrable
    return x


def first_to_learn(layers: Sequence[Layer]) -> int:
    """The position of the first layer with weights (their number, if there is none)."""
    return next((i for i, layer in enumerate(layers) if layer.weights), len(layers))


def backward(plan: Plan, layers: Sequence[Layer], dy: Array, wants_dx: bool) -> Array | None:
    """Plans the layers' backward passes, no further than someone wants a gradient."""
    margin = plan.margin
    first = 0 if wants_dx else first_to_learn(layers)
    slope: Array | None = dy
    for i in range(len(layers) - 1, first - 1, -1):
        assert slope is not None
        layer = layers[i]
        plan.output_gradients[layer] = slope
        beyond = next((y for y in reversed(layers[:i]) if not y.in_place), None)
        plan.margin = margin if beyond is None else beyond.gradient_margin()
        if not layer.by_rows:
            plan.need(slope)
        slope = layer.backward(plan, slope, wants_dx or i > first)
    plan.margin = margin
    return slope if wants_dx else None


def margin_of(layers: Sequence[Layer]) -> Margin:
    return layers[0].margin() if layers else NO_MARGIN


def gradient_margin_of(layers: Sequence[Layer]) -> Margin:
    last = next((y for y in reversed(layers) if not y.in_place), None)
    return NO_MARGIN if last is None else last.gradient_margin()
