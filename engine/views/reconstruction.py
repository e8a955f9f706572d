"""Views of autoencoders: inputs beside what comes back, and the plane of two numbers of a layer to walk through."""

import numpy as np

from engine.core.arguments import Argument
from engine.core.types import Array
from engine.views.base import (
    EXACT,
    PIXELS,
    READ_SECONDS,
    Fact,
    Tensor,
    ViewContext,
    ViewResult,
    pixels,
    view,
    when_shown,
)

LATENT_ROWS = 1000
SPREAD = 1.15
"""The plane reaches so many times as far as the examples do."""


@view(
    "reconstruction",
    "examples of a part and what the network makes of them (targets that are the inputs)",
    Tensor("inputs", "N, H, W, C", PIXELS, "examples; a probe comes first", "0 … 255 for 0 … 1"),
    Tensor("outputs", "N, H, W, C", PIXELS, "what the network makes of them", "0 … 255 for 0 … 1"),
    Tensor("error", "N", EXACT, "mean squared error of each", "squares of 0 … 1"),
    Argument("part", "choice", "cv", choices=("train", "cv", "test"), doc="which part"),
    Argument("first", "int", 0, minimum=0, doc="the first example"),
    Argument("count", "int", 8, minimum=1, maximum=64, doc="examples"),
    Fact("rows", list[int], "row in the data of each"),
    when_shown("probe", bool, "whether the first is the visitor's own input"),
)
def reconstruction(context: ViewContext, part: str, first: int, count: int) -> ViewResult:
    """inputs and outputs (N, H, W, C) uint8; error (N,): the mean squared error of each. A probe comes first."""
    trainer = context.trainer
    data = trainer.data
    if data.task != "reconstruction" or data.dataset.kind != "image":
        return ViewResult({}, {"rows": []})
    chosen = context.rows(part, first, count)
    x = data.x[chosen]
    probed = context.probe is not None
    if context.probe is not None:
        x = np.concatenate([context.probe[None], x[:-1]])
    with np.errstate(all="ignore"):
        back = trainer.model.predict(x).reshape(x.shape)
        error = ((back - x) ** 2).mean(axis=(1, 2, 3))
    return ViewResult(
        {"inputs": pixels(x), "outputs": pixels(back), "error": error.astype(np.float32)},
        {"rows": chosen.tolist(), "probe": probed},
    )


def narrowest(context: ViewContext) -> str | None:
    """The layer with the fewest outputs that is not the last: an autoencoder's code."""
    inner = [y for y in context.trainer.model.layers[:-1] if len(y.output_shape) == 1]
    return min(inner, key=lambda y: y.output_shape[0]).name if inner else None


@view(
    "latent",
    "where the examples lie in a layer (the narrowest, if none is named), and what comes out at any place there",
    Tensor("codes", "n, 2", EXACT, "where examples lie in the plane of the two units", "a"),
    Tensor("labels", "n", EXACT, "their targets", "class, or of the target"),
    Tensor(
        "decoded", "H, W, C", PIXELS, "what comes out at (x, y), the other units at their means", "0 … 255 for 0 … 1"
    ),
    Tensor("pictures", "g, g, H, W, C", PIXELS, "a grid over the plane, top row first", "0 … 255 for 0 … 1"),
    Argument("layer", "text", "", doc="the layer's id"),
    Argument("across", "int", 0, minimum=0, maximum=4095, doc="the unit along the horizontal axis"),
    Argument("up", "int", 1, minimum=0, maximum=4095, doc="the unit along the vertical axis"),
    Argument("x", "float", 0.0, minimum=-1e6, maximum=1e6, doc="the place to decode, along the horizontal axis"),
    Argument("y", "float", 0.0, minimum=-1e6, maximum=1e6, doc="along the vertical axis"),
    Argument("grid", "int", 0, minimum=0, maximum=20, doc="decode a grid of so many places a side, too"),
    Fact("layer", str | None, "the layer that is shown; null: none has a code to walk through"),
    when_shown("units", int, "units of that layer"),
    when_shown("bounds", list[list[float]], "least and largest number along each axis of the plane", "a"),
    every=READ_SECONDS / 2,
)
def latent(
    context: ViewContext, layer: str, across: int, up: int, x: float, y: float, grid: int
) -> ViewResult:  # fmt: skip
    """codes (N, 2) and labels (N,) of examples; decoded (H, W, C) uint8 at (x, y), the other units at their means;

    pictures (grid, grid, H, W, C), top row first. about: layer, units, and the bounds of the plane.
    """
    trainer = context.trainer
    data, model = trainer.data, trainer.model
    names = [part.name for part in model.layers[:-1] if len(part.output_shape) == 1]
    name = layer if layer in names else narrowest(context)
    if name is None or data.task != "reconstruction" or data.dataset.kind != "image":
        return ViewResult({}, {"layer": None})
    rows = context.rows("cv", 0, LATENT_ROWS)
    codes = context.forward("latent", data.x[rows]).outputs[name]
    units = len(codes)
    across, up = min(across, units - 1), min(up, units - 1)
    shown = np.nan_to_num(codes[[across, up]].T)
    low, high = shown.min(axis=0), shown.max(axis=0)
    middle = (low + high) / 2
    size = np.where(np.abs(middle) > 0, np.abs(middle), 1.0)  # codes that are all one get a window of their own size
    half = np.where(high - low > 1e-6 * size, (high - low) / 2, size) * SPREAD
    mean = np.nan_to_num(codes).mean(axis=1)

    def decode(places: Array) -> Array:
        values = np.tile(mean, (len(places), 1))
        values[:, across], values[:, up] = places[:, 0], places[:, 1]
        with np.errstate(all="ignore"):
            return pixels(model.run_from(name, values).reshape(len(places), *data.input_shape))

    tensors = {
        "codes": np.ascontiguousarray(shown, np.float32),
        "labels": data.y[rows].reshape(len(rows), -1)[:, 0].astype(np.float32),
        "decoded": decode(np.array([[x, y]]))[0],
    }
    if grid:
        along = [np.linspace(m - h, m + h, grid) for m, h in zip(middle, half, strict=True)]
        places = np.stack([np.tile(along[0], grid), np.repeat(along[1][::-1], grid)], axis=1)
        tensors["pictures"] = decode(places).reshape(grid, grid, *data.input_shape)
    bounds = [[float(m - h), float(m + h)] for m, h in zip(middle, half, strict=True)]
    return ViewResult(tensors, {"layer": name, "units": units, "bounds": bounds, "across": across, "up": up})
