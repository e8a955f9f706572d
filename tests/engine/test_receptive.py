"""The receptive field that the page tells is the one that touching every pixel finds."""

import numpy as np
import pytest

from engine import Input, Sequential, layers
from engine.views.receptive import receptive

Conv2D, MaxPooling2D = layers.Conv2D, layers.MaxPooling2D
NETS = {
    "a pooling that leaves rows over, then a window over the edge": (
        (7, 9, 1), [MaxPooling2D(2), Conv2D(1, 3, padding="same")],
    ),
    "two of them": ((11, 11, 1), [Conv2D(1, 2), MaxPooling2D(3), Conv2D(1, 3, padding="same"), MaxPooling2D(2)]),
    "strides that leave columns over": ((8, 9, 1), [Conv2D(1, 2, 3), Conv2D(1, 3, padding="same")]),
    "same all over": ((6, 5, 1), [Conv2D(1, 5, 2, "same"), layers.AveragePooling2D(2, 1, "same")]),
    "holes in the kernel": ((9, 9, 1), [Conv2D(1, 3, dilation_rate=2, padding="same"), Conv2D(1, 3)]),
    "zeros around": ((4, 4, 1), [layers.ZeroPadding2D(((3, 2), (0, 3))), Conv2D(1, 2)]),
    "pixels repeated": ((3, 4, 1), [layers.UpSampling2D((2, 3)), Conv2D(1, 3, padding="same")]),
    "pixels blended": ((4, 3, 1), [layers.UpSampling2D((2, 3), interpolation="bilinear"), Conv2D(1, 2)]),
    "pixels blended, four times": ((3, 3, 1), [layers.UpSampling2D(4, interpolation="bilinear")]),
    "separable": ((6, 6, 2), [layers.SeparableConv2D(1, 3, 2, "same"), layers.DepthwiseConv2D(2)]),
    "ways that meet": (
        (7, 7, 1), [MaxPooling2D(2), layers.Residual([Conv2D(1, 3, padding="same")]),
                    layers.Parallel([[Conv2D(1, 1)], [Conv2D(1, 3, padding="same")]])],
    ),
}  # fmt: skip


def touched(model, x, row, column):
    """First and last row and column of the pixels that change one number of the output; None: none does."""
    before = model.predict(x)[0, row, column]
    one = np.tile(x, (x[0].size, 1, 1, 1))
    one.reshape(len(one), -1)[np.arange(len(one)), np.arange(len(one))] += 50
    change = np.abs(model.predict(one)[:, row, column] - before).max(axis=-1) > 1e-6
    rows, columns, _ = np.nonzero(change.reshape(x[0].shape))
    return (rows.min(), rows.max(), columns.min(), columns.max()) if len(rows) else None


@pytest.mark.parametrize("net", NETS)
def test_each_number_sees_what_changes_it(net):
    shape, parts = NETS[net]
    model = Sequential([Input(shape), *parts], dtype="float64")
    rng = np.random.default_rng(0)
    model.set_weights([0.1 + rng.random(w.shape) for w in model.get_weights()])
    x = rng.random((1, *shape))
    for row, column in np.ndindex(*model.output_shape[:2]):
        assert receptive(model.layers, (row, row, column, column)) == touched(model, x, row, column), (row, column)
