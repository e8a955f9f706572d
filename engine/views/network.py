"""Views of the network's inside: weights, gradients, activations, weight histograms."""

import numpy as np

from engine.core.arguments import Argument
from engine.core.types import Array, Config, MaybeNaN
from engine.training.inspection import dropout_masks
from engine.views.base import (
    EXACT,
    HALF,
    PIXELS,
    READ_SECONDS,
    Fact,
    Tensor,
    ViewContext,
    ViewResult,
    sometimes,
    view,
)

LIMIT = Argument("limit", "int", 20_000, minimum=0, maximum=10_000_000, doc="larger weights are left out of the frame")
BINS = Argument("bins", "int", 32, minimum=4, maximum=256, doc="bars of a histogram")


def _kernels(context: ViewContext) -> list[tuple[str, Array, Array]]:
    """(layer, kernel, its gradient) of every layer that has one."""
    store = context.trainer.model.store
    return [
        (layer.name, store.array(w), store.gradient(w))
        for layer in context.trainer.model.leaves
        for w in layer.weights
        if w.name == "kernel" and w.trainable
    ]


@view(
    "weights",
    "every weight by layer: kernel (I, O), bias (O,), …",
    Tensor("{layer}/{weight}", "…", HALF, "kernel (I, O), bias (O,), kernels of convolutions (h, w, I, O), …"),
    LIMIT,
    Fact("scale", dict[str, MaybeNaN], "the largest |w| of each layer's kernel"),
    Fact("left_out", list[str], "weights with more numbers than the limit"),
)
def weights(context: ViewContext, limit: int) -> ViewResult:
    store, tensors, scale, left_out = context.trainer.model.store, {}, {}, []
    for layer in context.trainer.model.leaves:
        for weight in layer.weights:
            array = store.array(weight)
            if weight.name == "kernel":
                scale[layer.name] = float(np.abs(array).max()) if array.size else 0.0
            if weight.size <= limit:
                tensors[f"{layer.name}/{weight.name}"] = context.half(array)
            else:
                left_out.append(f"{layer.name}/{weight.name}")
    return ViewResult(tensors, {"scale": scale, "left_out": left_out})


@view(
    "gradients",
    "∂J/∂w of the last step: norm and histogram per layer, and every number if asked",
    Tensor("{layer}/{weight}", "…", EXACT, "∂J/∂w of every weight, if asked", "J per w"),
    Tensor(
        "histograms", "L, b", ("U32",), "counts of ∂J/∂w over ± about.reach, a row a layer (about.layers)", "weights"
    ),
    Tensor("norms", "L", EXACT, "root mean square of ∂J/∂w", "J per w"),
    Argument("full", "bool", False, doc="send every gradient"),
    BINS,
    LIMIT,
    Fact("layers", list[str], "the layer of each row"),
    Fact("reach", list[float], "of each row: the histogram goes over ± this"),
    every=READ_SECONDS,
)
def gradients(context: ViewContext, full: bool, bins: int, limit: int) -> ViewResult:
    tensors: dict[str, Array] = {}
    names, norms, counts, reach = [], [], [], []
    for name, _, gradient in _kernels(context):
        finite = np.nan_to_num(gradient.astype(np.float32), posinf=0, neginf=0)
        top = float(np.abs(finite).max()) if finite.size else 0.0
        names.append(name)
        norms.append(float(np.sqrt(np.mean(finite.astype(np.float64) ** 2))))
        reach.append(top)
        counts.append(_histogram(finite, bins, top))
    if full:
        store = context.trainer.model.store
        for layer in context.trainer.model.leaves:
            for weight in layer.weights:
                if weight.trainable and weight.size <= limit:
                    gradient = np.ascontiguousarray(store.gradient(weight), np.float32)
                    tensors[f"{layer.name}/{weight.name}"] = gradient
    if counts:
        tensors["histograms"] = np.stack(counts)
        tensors["norms"] = np.array(norms, np.float32)
    return ViewResult(tensors, {"layers": names, "reach": reach})


@view(
    "dropout",
    "which units took part in the last step (its first example): 1 kept, 0 switched off",
    Tensor("{layer}", "units", PIXELS, "1 kept, 0 switched off"),
)
def dropout(context: ViewContext) -> ViewResult:
    masks = dropout_masks(context.trainer.model, context.trainer.last_plan)
    return ViewResult({name: mask for name, mask in masks.items() if mask.ndim == 1})


@view(
    "responses",
    "z of one unit for many training examples: where on its activation they lie",
    Tensor("z", "n", EXACT, "z of the unit for each example"),
    Argument("layer", "text", "", doc="the layer's id"),
    Argument("unit", "int", 0, minimum=0, maximum=100_000, doc="which unit"),
    Argument("most", "int", 80, minimum=1, maximum=1000, doc="examples"),
    Fact("activation", str | None, "g in a = g(z); null: the layer has none of its own"),
    every=READ_SECONDS,
)
def responses(context: ViewContext, layer: str, unit: int, most: int) -> ViewResult:
    """z (n,) float32; empty for layers without an activation of their own."""
    x, _ = context.trainer.parts["train"]
    found = context.forward(f"responses {most}", x[:most])
    z = found.z.get(layer)
    if z is None or z.ndim != 2:
        return ViewResult({}, {"activation": None})
    made = next(y for y in context.trainer.model.layers if y.name == layer)
    name = getattr(getattr(made, "activation", None), "name", None)
    return ViewResult({"z": np.ascontiguousarray(z[min(unit, len(z) - 1)], np.float32)}, {"activation": name})


def _histogram(array: Array, bins: int, top: float) -> Array:
    """Counts over [−top, top] in equal bins."""
    if top <= 0:
        out = np.zeros(bins, np.uint32)
        out[bins // 2] = array.size
        return out
    place = ((array.reshape(-1) + top) * (bins / (2 * top))).astype(np.int32)
    return np.bincount(np.clip(place, 0, bins - 1), minlength=bins).astype(np.uint32)


@view(
    "weight_histograms",
    "how the weights of each layer are spread, over ± the largest",
    Tensor("counts", "L, b", ("U32",), "over ± about.reach, a row a layer (about.layers)", "weights"),
    BINS,
    Fact("layers", list[str], "the layer of each row"),
    Fact("reach", list[float], "of each row: the histogram goes over ± this"),
    every=READ_SECONDS,
)
def weight_histograms(context: ViewContext, bins: int) -> ViewResult:
    names, reach, counts = [], [], []
    for name, kernel, _ in _kernels(context):
        finite = np.nan_to_num(np.ascontiguousarray(kernel), posinf=0, neginf=0)
        top = float(np.abs(finite).max())
        names.append(name)
        reach.append(top)
        counts.append(_histogram(finite, bins, top))
    return ViewResult({"counts": np.stack(counts)} if counts else {}, {"layers": names, "reach": reach})


@view(
    "activations",
    "every layer's z and a for one example of the data; pixels of its input are uint8",
    Tensor(
        "input", "…", (*PIXELS, *EXACT), "the example, as the model is given it; pictures as bytes", "0 … 255 for 0 … 1"
    ),
    Tensor("{layer}/a", "…", EXACT, "outputs of a layer", "a"),
    Tensor("{layer}/z", "…", EXACT, "before the activation", "z"),
    Argument("part", "choice", "train", choices=("train", "cv", "test"), doc="which part"),
    Argument("index", "int", 0, minimum=-1, doc="which example of the part; −1: the visitor's probe"),
    LIMIT,
    Argument("side", "int", 512, minimum=4, maximum=512, doc="most pixels on a side of a picture that is the input"),
    Fact("index", int | None, "the example's place in its part; null: the part is empty"),
    Fact("row", int | None, "its row in the data; null: the visitor's probe"),
    sometimes("target", float, "what should come out, where that is one number", "of the target"),
)
def activations(context: ViewContext, part: str, index: int, limit: int, side: int) -> ViewResult:
    trainer = context.trainer
    rows = trainer.data.index[part]
    if not len(rows):
        return ViewResult({}, {"index": None, "row": None})
    chosen, row = context.example(index, part)
    found = context.forward(f"example {row}", chosen)
    image = trainer.data.dataset.kind == "image"
    step = -(-chosen.shape[1] // side) if image else 1
    tensors: dict[str, Array] = {
        "input": context.bytes(chosen[0, ::step, ::step], 0, 1)
        if image
        else np.ascontiguousarray(chosen[0], np.float32)
    }
    for name, a in found.outputs.items():
        if a.size <= limit:
            tensors[f"{name}/a"] = np.ascontiguousarray(a[..., 0], np.float32)
    for name, z in found.z.items():
        if z.size <= limit:
            tensors[f"{name}/z"] = np.ascontiguousarray(z[..., 0], np.float32)
    about: Config = {"index": -1 if row is None else index % len(rows), "row": row}
    if row is not None and trainer.data.y.shape[1:] == (1,):
        about["target"] = float(trainer.data.y[row, 0])
    return ViewResult(tensors, about)
