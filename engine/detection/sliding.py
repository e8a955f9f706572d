"""Sliding windows: a classifier on every crop, and the same scores in one pass of a net without dense layers.

A dense layer over a map (h, w, C) is a convolution with an h×w kernel (Sermanet et al. 2013, OverFeat): on a larger
picture it answers at every place at once, and neighbouring windows share the work. The scores are the same ones as long
as nothing pads the crops.
"""

from collections.abc import Sequence

import numpy as np

from engine.core.errors import EngineError
from engine.core.types import Array, Shape
from engine.layers import Conv2D, Dense, Flatten, Layer, layers
from engine.sequential import Sequential


def places(size: int, window: int, stride: int) -> Array:
    """Where windows begin along one side."""
    if not 1 <= window <= size or stride < 1:
        raise ValueError(f"a window wants 1 ≤ window ≤ {size} and stride ≥ 1, got {window} and {stride}")
    return np.arange(0, size - window + 1, stride)


def crops(picture: Array, window: tuple[int, int], stride: int) -> Array:
    """All windows of a picture (H, W, C), row by row: (rows, columns, h, w, C), a view."""
    tops, lefts = places(picture.shape[0], window[0], stride), places(picture.shape[1], window[1], stride)
    found = np.lib.stride_tricks.sliding_window_view(picture, window, axis=(0, 1))
    cut: Array = found[tops[:, None], lefts].transpose(0, 1, 3, 4, 2)
    return cut


def scores_by_crops(model: Sequential, picture: Array, stride: int) -> Array:
    """The classifier's answers (rows, columns, K), one forward pass a window."""
    assert model.input_shape is not None
    height, width = model.input_shape[:2]
    cut = crops(picture, (height, width), stride)
    flat = np.ascontiguousarray(cut).reshape(-1, *model.input_shape)
    return model.predict(flat).reshape(*cut.shape[:2], -1)


def _strides(layer: Layer) -> tuple[int, int]:
    found: tuple[int, int] = getattr(layer, "strides", (1, 1))
    return found


def total_stride(parts: Sequence[Layer]) -> int:
    """Pixels of the input between two places of a stack's output."""
    step = 1
    for layer in parts:
        down, across = _strides(layer)
        if down != across:
            raise layer.wants("slide-strides", "equal strides to slide, got {got}", got=(down, across))
        step *= down
    return step


def convolutional(model: Sequential, input_shape: Shape) -> Sequential:
    """The same net for larger pictures: Flatten goes, each Dense becomes a Conv2D over the whole map it sees.

    Its output (rows, columns, K) has the classifier's answer for a window at every `total_stride` pixels. Padding would
    make the edge of a crop differ from the middle of a picture, so layers that pad are refused.
    """
    made: list[Layer] = []
    weights: list[Array] = []
    shape: Shape = ()
    for layer in model.layers:
        if getattr(layer, "padding", "valid") not in ("valid", ((0, 0), (0, 0))):
            raise layer.wants("slide-padding", "padding 'valid' to slide: padded crops would differ")
        if len(layer.leaves) > 1 and any(getattr(leaf, "padding", "valid") != "valid" for leaf in layer.leaves):
            raise layer.wants("slide-padding", "padding 'valid' inside, too: it pads, and a net that slides may not")
        values = [model.store.array(w).copy() for w in layer.weights]
        if isinstance(layer, Flatten):
            shape = layer.input_shape
            continue
        if isinstance(layer, Dense):
            window = shape or (1, 1, layer.input_shape[-1])
            made.append(Conv2D(layer.units, window[:2], activation=layer.activation, use_bias=layer.use_bias,
                               name=layer.name))  # fmt: skip
            values[0] = values[0].reshape(*window, layer.units)
            shape = ()
        elif len(layer.output_shape) == 1 and layer.weights:
            raise EngineError(
                "slide-layer",
                "{type}({layer!r}) cannot slide; Conv2D, pooling, Flatten and Dense can",
                type=type(layer).__name__,
                layer=layer.name,
            )
        else:
            made.append(layers.get(type(layer).__name__).from_config(layer.get_config()))
        weights += values
    sliding = Sequential(made, seed=model.seed, dtype=model.dtype)
    sliding.build(input_shape)
    sliding.set_weights(weights)
    return sliding
