"""Activations of numbers of any size: the value that the formula has, and a slope that is a number."""

import numpy as np
import pytest

from engine import Sequential, layers
from engine.activations import activations
from tests.engine.verifier.reference import ACTIVATIONS

SIZES = np.array([0, 1e-30, 1e-3, 0.5, 1, 3, 20, 90, 500, 1e4, 1e6])
Z = np.stack([SIZES, -SIZES, np.roll(SIZES, 3)], axis=1).astype(np.float32)
"""Rows of three: a softmax has large ones of both signs side by side."""


@pytest.mark.parametrize("name", activations.names())
def test_an_activation_keeps_its_value_and_a_slope_however_large_z_is(name):
    model = Sequential([layers.Activation(name)])
    model.compile("SGD", "half_mse")
    model.build((3,))
    with np.errstate(over="ignore"):
        right = ACTIVATIONS[name](Z.astype(np.float64))
    np.testing.assert_allclose(model.predict(Z), right, rtol=1e-5, atol=1e-6)
    model = Sequential([layers.Dense(3, name)])
    model.compile("SGD", "mae")
    model.build((3,))
    model.set_weights([np.eye(3, dtype=np.float32), np.zeros(3, np.float32)])
    for row in Z:
        _, (kernel, bias) = model.gradients(row[None], np.full((1, 3), -1e9))
        assert np.isfinite(kernel).all(), row
        assert np.isfinite(bias).all(), row
