"""Views over the input space: what every neuron answers there, and the model's decision."""

from typing import Literal

import numpy as np

from engine.core.arguments import Argument
from engine.core.numbers import compact
from engine.core.types import Array
from engine.decision import shares
from engine.views.base import (
    COMPACT,
    PIXELS,
    QUANTISED,
    Fact,
    Tensor,
    ViewContext,
    ViewResult,
    sometimes,
    view,
    when_shown,
)
from engine.views.images import EXAMPLE, PART, SHOWN, SPREADS, image_layers
from engine.views.scales import Scale, ScaleTold, around_zero, in_units, scale_of_answers

SAMPLE_TILE = 64
ACROSS = Argument("across", "int", 0, minimum=0, maximum=255, doc="the raw input along the horizontal axis")
UP = Argument("up", "int", 1, minimum=0, maximum=255, doc="the raw input along the vertical axis")


def grid(context: ViewContext, size: int, across: int, up: int) -> tuple[Array, dict[str, object]] | None:
    """Model inputs over a grid of raw inputs, top row first; the other inputs rest at their training medians.

    (size², F) for two inputs and more, (size, F) for one; None where inputs are images.
    """
    data = context.trainer.data
    if data.dataset.kind == "image":
        return None
    n = len(data.dataset.inputs)
    key = ("grid", size, across, up)
    known = context.inspection.grid(key, data)
    if known is not None:
        return known
    across = min(across, n - 1)
    middle = np.median(data.dataset.x[data.index["train"]], axis=0)
    horizontal = np.linspace(*data.bounds(across), size)
    about: dict[str, object] = {"x": list(data.bounds(across)), "across": across, "size": size}
    if n == 1:
        raw = horizontal[:, None]
    else:
        up = min(up, n - 1)
        if up == across:
            up = (across + 1) % n
        vertical = np.linspace(*data.bounds(up), size)[::-1]
        raw = np.tile(middle, (size * size, 1))
        raw[:, across] = np.tile(horizontal, size)
        raw[:, up] = np.repeat(vertical, size)
        about |= {"y": list(data.bounds(up)), "up": up}
    inputs = data.encode(raw, clip=True)
    context.inspection.keep_grid(key, data, inputs, about)
    return inputs, about


@view(
    "neurons",
    "every unit's live map: over the input plane, along the input line, or over sample images",
    Tensor(
        "{layer}",
        "units, …",
        QUANTISED,
        "each unit over the plane, the line or sample images, or its map; 128 is the middle and 255 middle + reach of "
        "about.scales[layer]; layer inputs: the inputs themselves",
        "a",
    ),
    Argument("size", "int", 24, minimum=4, maximum=100, doc="pixels on a side"),
    Argument("most", "int", 64, minimum=1, maximum=1024, doc="units of a layer that are sent"),
    Argument("layer", "int", -1, minimum=-1, maximum=255, doc="one layer only (its position), or −1 for all"),
    Argument("unit", "int", -1, minimum=-1, maximum=100_000, doc="one unit only, or −1"),
    ACROSS,
    UP,
    Argument("show", "choice", "maps", choices=SHOWN, doc="of image layers: feature maps, filters, or ∂J/∂maps"),
    Argument("spread", "choice", "layer", choices=SPREADS, doc="which maps share a colour range"),
    EXAMPLE,
    PART,
    Argument("side", "int", 64, minimum=4, maximum=512, doc="most pixels on a side of a feature map"),
    Argument("pixels", "int", 1 << 20, minimum=256, maximum=1 << 24, doc="most pixels of a layer's maps, about"),
    Argument("inside", "text", "", doc="blocks of image layers whose stages are sent, too, by id: b1,b2"),
    Fact("kind", Literal["line", "plane", "image"], "what the maps lie over"),
    Fact("scales", dict[str, ScaleTold], "by layer what the colours mean; a reach of 0: each map has its own", "a"),
    sometimes("x", list[float], "bounds of the horizontal axis", "of the inputs"),
    sometimes("y", list[float], "bounds of the vertical axis; of a line there is none", "of the inputs"),
    sometimes("kinds", dict[str, str], "of pictures: weights, samples, maps, filters or gradients, by layer"),
    sometimes("classes", list[str], "of pictures: names of the classes"),
)
def neurons(
    context: ViewContext, size: int, most: int, layer: int, unit: int, across: int, up: int, show: str, spread: str,
    index: int, part: str, side: int, pixels: int, inside: str,
) -> ViewResult:  # fmt: skip
    """Tensors by layer id: uint8 (units, size, size), (units, size) or (units, classes, samples).

    `scales[layer]` says what the bytes stand for (see `Scale`); a reach of 0: each map has its own. Image inputs: the
    first layer that meets them shows its incoming weights as pictures, later ones their answers to sample images, a
    row for each class.
    """
    found = grid(context, size, across, up)
    if found is None:
        maps = image_layers(context, show, spread, index, part, most, side, pixels, inside)
        return _on_samples(context, most, layer, maps, show)
    inputs, about = found
    answers = context.forward(f"plane {size} {across} {up}", inputs)
    tensors: dict[str, Array] = {}
    scales: dict[str, Scale] = {}
    one_input = len(inputs) == size
    shape = (size,) if one_input else (size, size)
    if layer < 0:
        scales["inputs"] = around_zero(inputs)
        tensors["inputs"] = scales["inputs"].bytes(context, inputs.T[:most].reshape(-1, *shape))
    for i, made in enumerate(context.trainer.resolved["layers"]):
        a = answers.outputs[made["id"]]
        if (layer >= 0 and i != layer) or a.ndim != 2:
            continue
        chosen = a[unit : unit + 1] if unit >= 0 else a[:most]
        scales[made["id"]] = _scale_of(context, i, a)
        tensors[made["id"]] = scales[made["id"]].bytes(context, chosen.reshape(-1, *shape))
    return ViewResult(tensors, {**about, "kind": "line" if one_input else "plane", "scales": _described(scales)})


def _scale_of(context: ViewContext, place: int, a: Array) -> Scale:
    """Of a layer's outputs: the last one's mean something, others are around zero, all units of a layer alike."""
    last = place == len(context.trainer.resolved["layers"]) - 1
    return (scale_of_answers(context) if last else None) or around_zero(a)


def _described(scales: dict[str, Scale]) -> dict[str, ScaleTold]:
    return {name: scale.describe() for name, scale in scales.items()}


def _on_samples(
    context: ViewContext, most: int, layer: int, images: dict[str, tuple[Array, Scale]], show: str
) -> ViewResult:
    trainer = context.trainer
    data = trainer.data
    classes = len(data.dataset.classes) if labelled(context) else 1
    rows = _sample_rows(context, 2 if images else None)
    answers = context.forward("samples", data.x[rows])
    tensors: dict[str, Array] = {}
    scales: dict[str, Scale] = {}
    kinds: dict[str, str] = {}
    height, width = data.dataset.shape[:2]
    store = trainer.model.store
    met = False
    for i, part in enumerate(trainer.resolved["layers"]):
        made = next(y for y in trainer.model.layers if y.name == part["id"])
        a = answers.outputs[part["id"]]
        if part["id"] in images:
            if layer < 0 or i == layer:
                tensors[part["id"]], scales[part["id"]] = images[part["id"]]
                kinds[part["id"]] = show
            met = True
            continue
        kernel = next((w for w in made.weights if w.name == "kernel"), None)
        pictures = kernel is not None and not met and kernel.shape[0] == height * width
        met = met or kernel is not None
        if (layer >= 0 and i != layer) or a.ndim != 2 or kernel is None:
            continue
        if pictures:
            weights = store.array(kernel)
            maps, scale = weights.T[:most].reshape(-1, height, width), around_zero(weights)
        else:
            maps, scale = a[:most].reshape(-1, classes, len(rows) // classes), _scale_of(context, i, a)
        kinds[part["id"]] = "weights" if pictures else "samples"
        tensors[part["id"]], scales[part["id"]] = scale.bytes(context, maps), scale
    if layer < 0:
        for name in [name for name in images if name not in tensors]:  # stages of blocks
            (tensors[name], scales[name]), kinds[name] = images[name], show
    return ViewResult(
        tensors,
        {"kind": "image", "kinds": kinds, "scales": _described(scales), "classes": list(data.dataset.classes)},
    )


def labelled(context: ViewContext) -> bool:
    """Whether every example has one class."""
    return context.trainer.data.dataset.task in ("binary", "multiclass")


def _sample_rows(context: ViewContext, few: int | None) -> Array:
    """The first examples of each class in the train part, as many of each."""
    data = context.trainer.data
    rows = data.index["train"]
    if not labelled(context):
        return rows[: few or SAMPLE_TILE]
    y = data.y[:, 0]
    groups = [rows[y[rows] == c] for c in range(len(data.dataset.classes))]
    each = max(1, min(*(len(g) for g in groups), few or SAMPLE_TILE // len(groups) + 2))
    return np.concatenate([g[:each] for g in groups])


@view(
    "boundary",
    "what the model answers over the input plane (or along the line)",
    Tensor("p", "size, …", QUANTISED, "binary: the probability of class 1", "0 … 1"),
    Tensor("winner", "size, …", PIXELS, "several classes: the likeliest one", "class"),
    Tensor("share", "size, …", QUANTISED, "several classes: its probability", "0 … 1"),
    Tensor(
        "value",
        "size, …",
        (*PIXELS, *COMPACT),
        "regression: the answer; bytes from middle − reach to middle + reach of about.scale",
        "of the target",
    ),
    Argument("size", "int", 80, minimum=4, maximum=100, doc="pixels on a side"),
    ACROSS,
    UP,
    Fact("kind", Literal["none", "line", "plane"], "what it lies over; none: the inputs are pictures"),
    when_shown("task", str, "what the network is to do"),
    when_shown("x", list[float], "bounds of the horizontal axis", "of the inputs"),
    sometimes("y", list[float], "bounds of the vertical axis; of a line there is none", "of the inputs"),
    when_shown("scale", ScaleTold, "what the colours mean", "of the numbers"),
)
def boundary(context: ViewContext, size: int, across: int, up: int) -> ViewResult:
    """binary: uint8 probability of class 1; multiclass: winner and its probability; regression: value.

    about.scale: of these numbers, the same as of the last layer's in `neurons`, in the unit that they have here.
    """
    found = grid(context, size, across, up)
    if found is None:
        return ViewResult({}, {"kind": "none"})
    inputs, about = found[0], {**found[1]}
    trainer = context.trainer
    last = trainer.resolved["layers"][-1]["id"]
    out = context.forward(f"plane {size} {across} {up}", inputs).outputs[last]
    shape = (size,) if len(inputs) == size else (size, size)
    task = trainer.data.task
    about |= {"task": task, "kind": "line" if len(shape) == 1 else "plane"}
    if task == "multiclass":
        winner = out.argmax(axis=0).astype(np.uint8).reshape(shape)
        share = context.bytes(out.max(axis=0), 0, 1).reshape(shape)
        about["scale"] = Scale("classes", 0.0, 1.0).describe()
        return ViewResult({"winner": winner, "share": share}, about)
    values = out[0]
    if task == "binary":
        p = np.nan_to_num(shares(trainer.model, values), nan=0.5)
        about["scale"] = Scale("signed", 0.5, 0.5).describe()
        return ViewResult({"p": context.bytes(p, 0, 1).reshape(shape)}, about)
    numbers = trainer.data.answers(values)
    known = scale_of_answers(context)
    scale = Scale("signed", 0.0, 1.0) if known is None else in_units(context, known)
    about["scale"] = scale.describe()
    if len(shape) == 1 or context.exact:
        return ViewResult({"value": compact(numbers.reshape(shape))}, about)
    low, high = scale.middle - scale.reach, scale.middle + scale.reach
    return ViewResult(
        {"value": context.bytes(np.nan_to_num(numbers, nan=scale.middle), low, high).reshape(shape)}, about
    )
