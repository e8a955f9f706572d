"""Views of image layers: feature maps, filters, gradients of maps, and how one number of a map comes about."""

from collections.abc import Iterable
from typing import Literal, NotRequired, TypedDict

import numpy as np

from engine.core.arguments import Argument
from engine.core.plan import Plan
from engine.core.types import Array, Config, MaybeNaN
from engine.layers import Conv2D, DepthwiseConv2D, Layer
from engine.layers.composite import Composite
from engine.layers.correlation import Window
from engine.layers.pooling import AveragePooling2D, MaxPooling2D
from engine.stages import stages_of
from engine.views.base import (
    EXACT,
    QUANTISED,
    Fact,
    Tensor,
    ViewContext,
    ViewResult,
    sometimes,
    view,
    when_shown,
)
from engine.views.receptive import receptive, window_of
from engine.views.scales import Scale, ScaleTold, around_zero, largest, quantised

SHOWN = ("maps", "filters", "gradients")
SPREADS = ("map", "layer", "net")
MOST_SLICES = 16
"""Input channels of a filter that are drawn side by side."""
EXAMPLE = Argument("index", "int", 0, minimum=-1, doc="which example of the part; −1: the visitor's probe")
PART = Argument(
    "part", "choice", "train", choices=("train", "cv", "test"), doc="whose example goes through the network"
)


def pass_of(context: ViewContext, index: int, part: str, mode: str = "infer") -> Plan:
    """A plan that has just been run on one example, every layer's numbers in it."""
    key = ("pass", index, part, mode)
    if key not in context.cache:
        trainer = context.trainer
        plan = trainer.model.forward_plan(1, mode)
        plan.input[...], _ = context.example(index, part)
        if mode == "explain":
            targets = trainer.parts[part][1] if len(trainer.parts[part][1]) else trainer.t
            place = max(index, 0) % len(targets)
            plan.target[...] = targets[place : place + 1]
        with np.errstate(all="ignore"):
            plan.run()
        context.cache[key] = plan
    found: Plan = context.cache[key]
    return found


def thinned(maps: Array, side: int, pixels: int) -> Array:
    """(C, H, W) with at most `side` rows and columns, and about `pixels` numbers in all: every second one, third, …"""
    step = max(-(-max(maps.shape[1:]) // side), int(np.ceil(np.sqrt(maps.size / pixels) - 0.1)))
    return maps[:, ::step, ::step]


def stages_inside(context: ViewContext, blocks: str) -> list[Layer]:
    """The image layers at work in some blocks ("b1,b2"), but for the last of each, whose output is the block's."""
    names = blocks.split(",")
    inside = [list(stages_of([y]))[:-1] for y in context.trainer.model.layers if y.name in names]
    return [stage.layer for stages in inside for stage in stages if len(stage.layer.output_shape) == 3]


def image_layers(
    context: ViewContext,
    show: str,
    spread: str,
    index: int,
    part: str,
    most: int,
    side: int,
    pixels: int,
    blocks: str = "",
) -> dict[str, tuple[Array, Scale]]:
    """For each image layer of the spec: uint8 (C, H, W), and what it stands for; reach 0: each map has its own."""
    model = context.trainer.model
    chosen = [y for y in model.layers if len(y.output_shape) == 3]
    if not chosen:
        return {}
    inside = stages_inside(context, blocks)
    chosen += inside
    if show == "filters":
        maps = {y.name: found for y in chosen if (found := _filters(context, y, most)) is not None}
        scales = {y.name: around_zero(kernel) for y in chosen if (kernel := _kernel(context, y)) is not None}
    else:
        plan = pass_of(context, index, part, "explain" if show == "gradients" or inside else "infer")
        source = (
            plan.output_gradients
            if show == "gradients"
            else {layer: value.data for layer, value in plan.outputs.items()}
        )
        maps = {
            y.name: thinned(np.moveaxis(source[y][:, :, :most, 0], 2, 0), side, pixels) for y in chosen if y in source
        }
        # Of the whole maps, so that a map has the same colours wherever it is drawn and however coarsely.
        scales = {y.name: around_zero(source[y]) for y in chosen if y in source}
    if spread == "map":
        return {name: (_each_alone(context, array), Scale("signed", 0.0, 0.0)) for name, array in maps.items()}
    if spread == "net":
        all_alike = Scale("signed", 0.0, max((s.reach for s in scales.values()), default=1.0))
        scales = dict.fromkeys(scales, all_alike)
    return {name: (scales[name].bytes(context, array), scales[name]) for name, array in maps.items()}


def _each_alone(context: ViewContext, array: Array) -> Array:
    tops: Array = np.abs(np.nan_to_num(array, posinf=0, neginf=0)).max(axis=(1, 2), keepdims=True)
    return quantised(context, array, 0.0, np.where(tops > 0, tops, 1.0))


def _spread_over(spread: str, own: Array, layer: Array, net: Iterable[Array]) -> ScaleTold:
    """The scale of one map or filter of a layer, as `image_layers` has it."""
    if spread == "net":
        return Scale("signed", 0.0, max(map(largest, net), default=1.0)).describe()
    return around_zero(own if spread == "map" else layer).describe()


def _kernel(context: ViewContext, layer: Layer) -> Array | None:
    """The first kernel in a layer: (k, k, C, filters)."""
    kernel = next((w for leaf in layer.leaves for w in leaf.weights if w.name.endswith("kernel") and len(w.shape) == 4),
                  None)  # fmt: skip
    if kernel is None:
        return None
    array = context.trainer.model.store.array(kernel)
    if array.shape[3] == 1 or kernel.name == "depthwise_kernel":  # (k, k, C, m): one filter for each channel
        return array.reshape(*array.shape[:2], 1, -1)
    return array


def _filters(context: ViewContext, layer: Layer, most: int) -> Array | None:
    """The kernel of a layer: one picture a filter, its input channels side by side in a square."""
    array = _kernel(context, layer)
    if array is None:
        return None
    kh, kw, channels, filters = array.shape
    shown = min(channels, MOST_SLICES)
    across = int(np.ceil(np.sqrt(shown)))
    down = -(-shown // across)
    tile = np.zeros((min(filters, most), down * (kh + 1) - 1, across * (kw + 1) - 1), np.float32)
    for c in range(shown):
        r, q = divmod(c, across)
        tile[:, r * (kh + 1) : r * (kh + 1) + kh, q * (kw + 1) : q * (kw + 1) + kw] = np.moveaxis(
            array[:, :, c, :most], 2, 0
        )
    return tile


class WindowScales(TypedDict):
    """Of a window what the colours of the map, of what it is made of and of the filter mean."""

    map: ScaleTold
    inputs: ScaleTold
    kernel: NotRequired[ScaleTold]


@view(
    "window",
    "how one number of a feature map comes about: the window, the kernel, their products, and its receptive field",
    Tensor("window", "h, w, C", EXACT, "the numbers under the window; outside the image 0"),
    Tensor("kernel", "h, w, C", EXACT, "the weights they are multiplied with (convolutions)"),
    Tensor("map", "1, H, W", QUANTISED, "the whole map; 128 is 0, 255 the reach of scales.map", "a"),
    Tensor("inputs", "D, …", QUANTISED, "the maps it is made of; 128 is 0, 255 the reach of scales.inputs", "a"),
    Argument("layer", "text", "", doc="the layer's id; block/conv2d for one inside a block"),
    Argument("channel", "int", 0, minimum=0, maximum=100_000, doc="which map"),
    Argument("row", "int", 0, minimum=0, maximum=100_000, doc="which row of it"),
    Argument("column", "int", 0, minimum=0, maximum=100_000, doc="which column"),
    EXAMPLE,
    PART,
    Argument("source", "int", -1, minimum=-1, maximum=100_000, doc="which map of its input is shown; −1: the first 16"),
    Argument("spread", "choice", "map", choices=SPREADS, doc="which maps share a colour range, as in neurons"),
    Fact("kind", Literal["none", "conv", "pool"], "what it is; none: no window moves there"),
    when_shown("type", str, "the layer's class"),
    when_shown("shape", list[int], "height, width and channels of its maps"),
    when_shown("input_shape", list[int], "of the maps it is made of"),
    when_shown("kernel", list[int], "height and width of the window"),
    when_shown("strides", list[int], "pixels from one window to the next, down and across"),
    when_shown("top", int, "its first row in the input; outside the image below 0"),
    when_shown("left", int, "its first column"),
    when_shown("field", list[int] | None, "the pixels it sees: first and last row and column; null: zeros alone"),
    when_shown("a", MaybeNaN, "the number", "a"),
    sometimes("z", MaybeNaN, "before the activation", "z"),
    sometimes("b", MaybeNaN, "the bias"),
    sometimes("activation", str, "g in a = g(z)"),
    sometimes("winner", int, "of max pooling: the largest place of the window, in reading order"),
    sometimes("from_channel", int, "of a depthwise convolution: the map that it looks at"),
    when_shown("scales", WindowScales, "what the colours mean", "a, w"),
    when_shown("sources", int, "maps that it is made of"),
)
def window(
    context: ViewContext,
    layer: str,
    channel: int,
    row: int,
    column: int,
    index: int,
    part: str,
    source: int,
    spread: str,
) -> ViewResult:
    """window (k_h, k_w, C) and kernel (k_h, k_w, C) float32, pooling: C = 1; about: z, a, b, receptive field.

    map (1, H, W) is the whole map and inputs (C′, H, W) are what it is made of. about.scales: of the map, the inputs
    (and of the numbers under the window) and the kernel, as the network's maps and filters have them.
    """
    model = context.trainer.model
    found = next((y for y in model.leaves if y.name == layer), None)
    if found is None or len(found.output_shape) != 3 or window_of(found) is None:
        return ViewResult({}, {"kind": "none"})
    height, width, channels = found.output_shape
    row, column, channel = min(row, height - 1), min(column, width - 1), min(channel, channels - 1)
    plan = pass_of(context, index, part)
    given, answer = plan.inputs[found].data[..., 0], plan.outputs[found].data[..., 0]
    looking = window_of(found)
    assert looking is not None
    patch = _patch(given, looking, row, column)
    about: Config = {
        "kind": "pool" if isinstance(found, MaxPooling2D | AveragePooling2D) else "conv",
        "type": type(found).__name__, "row": row, "column": column, "channel": channel,
        "shape": list(found.output_shape), "input_shape": list(found.input_shape),
        "kernel": list(looking.kernel), "strides": list(looking.strides),
        "top": row * looking.strides[0] - looking.margin.top, "left": column * looking.strides[1] - looking.margin.left,
        "a": float(answer[row, column, channel]),
    }  # fmt: skip
    before = _before(model.layers, found)
    field = receptive([*before, found], (row, row, column, column))
    about["field"] = None if field is None else list(field)
    tensors: dict[str, Array] = {}
    shown = given
    if about["kind"] == "pool":
        patch, shown = patch[:, :, channel : channel + 1], given[:, :, channel : channel + 1]
        if isinstance(found, MaxPooling2D):
            about["winner"] = int(
                np.nanargmax(np.where(_outside(given, looking, row, column), -np.inf, patch[:, :, 0]))
            )
    elif isinstance(found, Conv2D | DepthwiseConv2D):
        kernel = model.store.array(found.kernel)
        if isinstance(found, DepthwiseConv2D):
            each = found.depth_multiplier
            from_channel = channel // each
            patch, shown = patch[:, :, from_channel : from_channel + 1], given[:, :, from_channel : from_channel + 1]
            chosen = kernel[:, :, from_channel : from_channel + 1, channel % each]
            about["from_channel"] = from_channel
        else:
            chosen = kernel[:, :, :, channel]
        tensors["kernel"] = np.ascontiguousarray(chosen, np.float32)
        about["b"] = float(model.store.array(found.bias)[channel]) if found.bias is not None else 0.0
        about["z"] = float(plan.preactivations[found][row, column, channel, 0])
        about["activation"] = found.activation.name
    tensors["window"] = np.ascontiguousarray(patch, np.float32)
    about["sources"] = shown.shape[2]
    chosen_maps = shown[:, :, :MOST_SLICES] if source < 0 else shown[:, :, min(source, shown.shape[2] - 1)][..., None]
    image = [y for y in model.layers if len(y.output_shape) == 3]
    maps = [plan.outputs[y].data for y in image]
    scales: WindowScales = {
        "map": _spread_over(spread, answer[:, :, channel], answer, maps),
        # The first layer is given a picture, whose numbers lie in 0 … 1.
        "inputs": _spread_over(spread, chosen_maps, given, maps) if before else Scale("signed", 0.0, 1.0).describe(),
    }
    if "kernel" in tensors:
        kernels = (found_in for y in image if (found_in := _kernel(context, y)) is not None)
        scales["kernel"] = _spread_over(spread, chosen, kernel, kernels)
    about["scales"] = scales
    tensors["map"] = Scale(**scales["map"]).bytes(context, answer[None, :, :, channel])
    tensors["inputs"] = Scale(**scales["inputs"]).bytes(context, np.moveaxis(chosen_maps, 2, 0))
    return ViewResult(tensors, about)


def _before(layers: list[Layer], wanted: Layer) -> list[Layer]:
    """The layers that come before one, those of its own branch inside composites included."""
    out: list[Layer] = []
    for layer in layers:
        if layer is wanted:
            return out
        if wanted in layer.leaves and isinstance(layer, Composite):
            branch = next(parts for parts in layer.stacks() if any(wanted in part.leaves for part in parts))
            return [*out, *_before(branch, wanted)]
        out.append(layer)
    return out


def _patch(source: Array, looking: Window, row: int, column: int) -> Array:
    """The (k_h, k_w, C) numbers under the window, zeros outside the image."""
    m = looking.margin
    padded = np.pad(source, ((m.top, m.bottom), (m.left, m.right), (0, 0)))
    y, x = row * looking.strides[0], column * looking.strides[1]
    return padded[y : y + looking.kernel[0], x : x + looking.kernel[1]]


def _outside(source: Array, looking: Window, row: int, column: int) -> Array:
    """Which pixels under the window lie outside the image."""
    y = row * looking.strides[0] - looking.margin.top + np.arange(looking.kernel[0])[:, None]
    x = column * looking.strides[1] - looking.margin.left + np.arange(looking.kernel[1])
    outside: Array = (y < 0) | (y >= source.shape[0]) | (x < 0) | (x >= source.shape[1])
    return outside
