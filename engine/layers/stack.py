"""Layers one after the other inside a plan: what models and composites share."""

from collections.abc import Iterable, Sequence

from engine.core.parameters import ParameterStore
from engine.core.plan import NO_MARGIN, NO_WISH, Margin, Plan, Slope, Value, Wish
from engine.core.types import Array, Config, Shape
from engine.layers.base import Layer, layers


def made(given: Iterable[Layer | Config]) -> list[Layer]:
    """Layers from layers or their configs, {"class", "config"}."""
    out = []
    for part in given:
        if isinstance(part, Layer):
            out.append(part)
        elif isinstance(part, dict) and "class" in part:
            out.append(layers.get(part["class"]).from_config(part.get("config", {})))
        else:
            raise ValueError(f"a composite wants layers or their configs, got {part!r:.80}")
    return out


def name_below(parts: Sequence[Layer], prefix: str, taken: set[str]) -> None:
    """Gives layers inside a composite names below its own: block/conv2d, block/conv2d_1, …"""
    for part in parts:
        base = part.name.rsplit("/", 1)[-1]
        name, number = f"{prefix}/{base}", 0
        while name in taken:
            number += 1
            name = f"{prefix}/{base}_{number}"
        taken.add(name)
        part.name = name


def build(parts: Sequence[Layer], store: ParameterStore, shape: Shape) -> Shape:
    for part in parts:
        shape = part.build_for(store, shape)
    return shape


def forward(plan: Plan, layers: Sequence[Layer], x: Value, wish: Wish = NO_WISH) -> Value:
    """Plans the layers' forward passes; `wish` is what the reader of the last one's output would like."""
    for i, layer in enumerate(layers):
        following = layers[i + 1] if i + 1 < len(layers) else None
        beyond = next((y for y in layers[i + 1 :] if not y.in_place), None)
        wanted = Wish(
            wish.margin if beyond is None else beyond.margin(),
            wish.deferrable if following is None else following.takes_deferred,
        )
        if not layer.by_rows:
            plan.need(x.data)
        plan.inputs[layer] = x
        x = plan.outputs[layer] = layer.forward(plan, x, wanted)
    return x


def first_to_learn(plan: Plan, layers: Sequence[Layer]) -> int:
    """The position of the first layer with weights that learn (their number, if there is none)."""
    return next((i for i, layer in enumerate(layers) if layer.learns(plan)), len(layers))


def backward(plan: Plan, layers: Sequence[Layer], dy: Slope, wanted: Margin | None) -> Array | None:
    """Plans the layers' backward passes, no further than someone wants a gradient."""
    first = first_to_learn(plan, layers) if wanted is None else 0
    slope: Array | None = dy.data
    for i in range(len(layers) - 1, first - 1, -1):
        assert slope is not None
        layer = layers[i]
        plan.output_gradients[layer] = slope
        beyond = next((y for y in reversed(layers[:i]) if not y.in_place), None)
        margin = (wanted or NO_MARGIN) if beyond is None else beyond.gradient_margin()
        if not layer.by_rows:
            plan.need(slope)
        given = dy if i == len(layers) - 1 else Slope(slope)
        slope = layer.backward(plan, given, margin if wanted is not None or i > first else None)
    return slope if wanted is not None else None


def margin_of(layers: Sequence[Layer]) -> Margin:
    """The margin of zeros that a stack would like around its input."""
    return layers[0].margin() if layers else NO_MARGIN


def gradient_margin_of(layers: Sequence[Layer]) -> Margin:
    """The margin of zeros that a stack would like around ∂J/∂(its output)."""
    last = next((y for y in reversed(layers) if not y.in_place), None)
    return NO_MARGIN if last is None else last.gradient_margin()
