"""Cross-entropies of outputs that are no probabilities: what is clipped is flat, as in Keras."""

import numpy as np
import pytest

from engine import Sequential, layers
from engine.optimizers import SGD


def net(units, kernel):
    model = Sequential([layers.Input((2,)), layers.Dense(units, use_bias=False)])
    model.build()
    model.set_weights([np.array(kernel, np.float32)])
    return model


X = np.array([[2, 3], [-1, -1], [0.2, 0.2], [0.4, 0.5]], np.float32)


def test_a_forgotten_sigmoid_learns_from_what_lies_inside_alone():
    model = net(1, [[1], [1]])
    model.compile(SGD(0.01), "binary_crossentropy")
    model.train_on_batch(X, np.array([0, 1, 1, 0.0]))
    y, t, rows = np.array([0.4, 0.9]), np.array([1, 0.0]), X[2:].astype(np.float64)
    slope = rows.T @ ((y - t) / (y * (1 - y))) / 4
    assert model.get_weights()[0][:, 0] == pytest.approx(1 - 0.01 * slope, rel=1e-4)


def test_a_forgotten_softmax_has_the_slope_of_what_it_measures():
    """∂J/∂W by differences through `evaluate`."""
    kernel, t = [[0.5, -0.2, 0.3], [0.1, 0.4, -0.6]], np.array([0, 1, 2, 1])
    model = net(3, kernel)
    model.compile(SGD(1.0), "sparse_categorical_crossentropy")
    moved = net(3, kernel)
    moved.compile(SGD(1.0), "sparse_categorical_crossentropy")
    model.train_on_batch(X, t)
    got = np.array(kernel) - model.get_weights()[0]
    for i in range(2):
        for j in range(3):
            ends = []
            for h in (1e-3, -1e-3):
                changed = np.array(kernel)
                changed[i, j] += h
                moved.set_weights([changed.astype(np.float32)])
                ends.append(moved.evaluate(X, t))
            assert got[i, j] == pytest.approx((ends[0] - ends[1]) / 2e-3, rel=2e-2, abs=2e-3)


@pytest.mark.parametrize(
    ("loss", "t"),
    [
        ("binary_crossentropy", np.eye(3)[[0, 1, 2, 1]]),
        ("categorical_crossentropy", np.eye(3)[[0, 1, 2, 1]]),
        ("sparse_categorical_crossentropy", np.array([0, 1, 2, 1])),
    ],
)
def test_a_step_leaves_nothing_behind_for_the_next(loss, t):
    model = net(3, [[0.5, -0.2, 0.3], [0.1, 0.4, -0.6]])
    model.compile(SGD(0.0), loss)
    first = model.gradients(X, t)
    model.plan(len(X), "train").poison()
    second = model.gradients(X, t)
    assert first[0] == second[0]
    assert np.isfinite(first[1][0]).all()
    assert np.array_equal(first[1][0], second[1][0])
