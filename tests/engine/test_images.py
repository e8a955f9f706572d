"""Layers over images: every kernel size, stride, padding and odd size, against plain loops and numeric gradients."""

import itertools

import numpy as np
import pytest

from engine import Sequential, layers
from engine.core import shards
from engine.gradient_check import Projection, check_gradients
from engine.layers.correlation import same_padding

GEOMETRY = [
    (kernel, strides, padding, size)
    for kernel, strides, padding, size in itertools.product(
        [(1, 1), (2, 2), (3, 3), (5, 5), (1, 4), (3, 2)], [(1, 1), (2, 2), (3, 3), (1, 2), (2, 1)],
        ["valid", "same"], [(7, 6), (5, 8)],
    )
]  # fmt: skip


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def windows(x, kernel, strides, padding, fill=0.0):
    """Every window of images (B, H, W, C) as (B, H', W', k_h, k_w, C), by loops."""
    (kh, kw), (sh, sw) = kernel, strides
    if padding == "same":
        rows, columns = same_padding(x.shape[1], kh, sh), same_padding(x.shape[2], kw, sw)
        x = np.pad(x, ((0, 0), rows, columns, (0, 0)), constant_values=fill)
    height, width = (x.shape[1] - kh) // sh + 1, (x.shape[2] - kw) // sw + 1
    out = np.empty((len(x), height, width, kh, kw, x.shape[3]))
    for h, w in np.ndindex(height, width):
        out[:, h, w] = x[:, h * sh : h * sh + kh, w * sw : w * sw + kw]
    return out


def one(layer, shape, rng):
    model = Sequential([layer], dtype="float64", seed=3)
    model.build(shape)
    model.set_weights([rng.normal(size=w.shape) for w in model.weights])
    return model


@pytest.mark.parametrize("channels", [1, 3, 6])
@pytest.mark.parametrize(("kernel", "strides", "padding", "size"), GEOMETRY)
def test_convolution_is_the_sum_over_each_window(kernel, strides, padding, size, channels, rng):
    model = one(layers.Conv2D(4, kernel, strides, padding), (*size, channels), rng)
    x = rng.normal(size=(3, *size, channels))
    w, b = model.get_weights()
    np.testing.assert_allclose(
        model.predict(x), np.einsum("bhwijc,ijco->bhwo", windows(x, kernel, strides, padding), w) + b, atol=1e-12
    )


@pytest.mark.parametrize(("kernel", "strides", "padding", "size"), GEOMETRY)
@pytest.mark.parametrize("wide", [False, True])
def test_depthwise_convolution_keeps_channels_apart(kernel, strides, padding, size, wide, rng, monkeypatch):
    if wide:
        monkeypatch.setattr("engine.layers.depthwise.BAND_WIDTH", 0)
    model = one(layers.DepthwiseConv2D(kernel, strides, padding, 2), (*size, 3), rng)
    x = rng.normal(size=(2, *size, 3))
    w, b = model.get_weights()
    answers = np.einsum("bhwijc,ijcd->bhwcd", windows(x, kernel, strides, padding), w)
    np.testing.assert_allclose(model.predict(x), answers.reshape(*answers.shape[:3], -1) + b, atol=1e-12)


@pytest.mark.parametrize(("kernel", "strides", "padding", "size"), GEOMETRY)
def test_pooling_takes_the_largest_and_the_mean_of_each_window(kernel, strides, padding, size, rng):
    x = rng.normal(size=(2, *size, 3))
    largest = one(layers.MaxPooling2D(kernel, strides, padding), (*size, 3), rng).predict(x)
    np.testing.assert_array_equal(largest, windows(x, kernel, strides, padding, -np.inf).max(axis=(3, 4)))
    mean = one(layers.AveragePooling2D(kernel, strides, padding), (*size, 3), rng).predict(x)
    inside = np.nanmean(windows(x, kernel, strides, padding, np.nan), axis=(3, 4))
    np.testing.assert_allclose(mean, inside, atol=1e-12)


def layer_of(kind, kernel, strides, padding):
    return {
        "conv": lambda: layers.Conv2D(3, kernel, strides, padding, activation="tanh"),
        "plain": lambda: layers.Conv2D(3, kernel, strides, padding),
        "depthwise": lambda: layers.DepthwiseConv2D(kernel, strides, padding, 2, activation="relu"),
        "max": lambda: layers.MaxPooling2D(kernel, strides, padding),
        "mean": lambda: layers.AveragePooling2D(kernel, strides, padding),
    }[kind]()


@pytest.mark.parametrize("kind", ["conv", "plain", "depthwise", "max", "mean"])
@pytest.mark.parametrize(("kernel", "strides", "padding", "size"), GEOMETRY[::3])
def test_gradients_of_every_geometry(kind, kernel, strides, padding, size, rng):
    """The layer after another convolution, so that ∂J/∂x counts too."""
    model = Sequential(
        [layers.Conv2D(2, 3, padding="same", activation="swish"), layer_of(kind, kernel, strides, padding),
         layers.Flatten(), layers.Dense(2)], seed=4, dtype="float64",
    )  # fmt: skip
    model.compile("SGD", Projection())
    model.build((*size, 2))
    check_gradients(model, rng.normal(size=(3, *size, 2)), rng.normal(size=(3, 2)))


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("strides", [1, 2, 3])
@pytest.mark.parametrize("each", [1, 2])
def test_gradients_of_both_ways_through_a_depthwise_convolution(wide, strides, each, rng, monkeypatch):
    if wide:
        monkeypatch.setattr("engine.layers.depthwise.BAND_WIDTH", 0)
    model = Sequential(
        [layers.Conv2D(2, 1), layers.DepthwiseConv2D(3, strides, "same", each), layers.Flatten(), layers.Dense(1)],
        dtype="float64",
    )
    model.compile("SGD", Projection())
    model.build((7, 8, 2))
    check_gradients(model, rng.normal(size=(3, 7, 8, 2)), rng.normal(size=(3, 1)))


def residual_net():
    return [
        layers.Conv2D(4, 3, padding="same", use_bias=False),
        layers.BatchNormalization(),
        layers.Activation("relu"),
        layers.Residual(
            [
                layers.Conv2D(4, 3, padding="same", use_bias=False),
                layers.BatchNormalization(),
                layers.Activation("relu"),
                layers.Conv2D(4, 3, padding="same", use_bias=False),
                layers.BatchNormalization(),
            ],
            activation="relu",
        ),
        layers.SideBranch([layers.GlobalAveragePooling2D(), layers.Dense(3, "softmax")], 0.3),
        layers.Residual(
            [layers.Conv2D(6, 3, 2, "same"), layers.BatchNormalization()],
            [layers.Conv2D(6, 1, 2, "same")],
        ),
        layers.Parallel(
            [
                [layers.Conv2D(2, 1, activation="relu")],
                [layers.Conv2D(2, 1), layers.Conv2D(3, 3, padding="same")],
                [layers.MaxPooling2D(3, 1, "same"), layers.Conv2D(2, 1)],
            ]
        ),
        layers.SeparableConv2D(5, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Dropout(0.2),
        layers.GlobalAveragePooling2D(),
        layers.Dense(3, "softmax"),
    ]


@pytest.mark.parametrize("cut", [False, True])
def test_gradients_of_a_net_of_everything(cut, rng, monkeypatch):
    """In one piece and in two shards, whose batch statistics, side losses and dropout must come out the same."""
    monkeypatch.setattr("engine.planning.SHARD_FROM", 0 if cut else 1e18)
    model = Sequential(residual_net(), seed=2, dtype="float64")
    model.compile("SGD", "sparse_categorical_crossentropy")
    model.build((8, 8, 3))
    check_gradients(model, rng.normal(size=(5, 8, 8, 3)), rng.integers(0, 3, 5), rtol=1e-4, atol=1e-7)


def test_shards_change_nothing_but_the_rounding(rng, monkeypatch):
    x, y = rng.normal(size=(7, 8, 8, 3)), rng.integers(0, 3, 7)
    found = []
    for threshold, threads in ((1e18, 1), (0, 1), (0, 2), (0, 2)):
        monkeypatch.setattr("engine.planning.SHARD_FROM", threshold)
        shards.set_threads(threads)
        model = Sequential([y for y in residual_net() if not isinstance(y, layers.Dropout)], seed=2, dtype="float64")
        model.compile("Adam", "sparse_categorical_crossentropy")
        losses = [model.train_on_batch(x, y) for _ in range(3)]
        found.append((losses, model.get_weights()))
    whole, alone, beside, again = found
    for a, b in ((alone, beside), (beside, again)):  # bit for bit, whatever the threads
        assert a[0] == b[0]
        for v, w in zip(a[1], b[1], strict=True):
            np.testing.assert_array_equal(v, w)
    np.testing.assert_allclose(whole[0], alone[0], rtol=1e-9)
    for v, w in zip(whole[1], alone[1], strict=True):
        np.testing.assert_allclose(v, w, rtol=1e-5, atol=1e-7)


def test_leaving_numbers_out_changes_no_gradient(rng, monkeypatch):
    """A convolution whose bias and activation are left to the max pooling behind it."""
    for activation, pool in itertools.product(("relu", "tanh", "linear", "swish"), ((2, 2), (3, 2), (2, 1))):
        parts = lambda: [  # noqa: E731
            layers.Conv2D(3, 3, padding="same", activation=activation),  # noqa: B023
            layers.MaxPooling2D(*pool),  # noqa: B023
            layers.Conv2D(2, 3, activation="tanh"),
            layers.Flatten(),
            layers.Dense(2),
        ]
        model = Sequential(parts(), dtype="float64", seed=1)
        model.compile("SGD", Projection())
        model.build((8, 8, 2))
        x, t = rng.normal(size=(2, 8, 8, 2)), rng.normal(size=(2, 2))
        model.set_weights([rng.normal(size=w.shape) * 0.5 for w in model.weights])
        check_gradients(model, x, t)
        np.testing.assert_allclose(model.evaluate(x, t), (model.predict(x) * t).sum(), rtol=1e-12)


@pytest.mark.parametrize(
    ("layer", "shape", "words"),
    [
        (lambda: layers.Conv2D(4, 5), (4, 9, 1), "at least 5×5"),
        (lambda: layers.Conv2D(4, 3), (9,), r"\(B, H, W, C\)"),
        (lambda: layers.MaxPooling2D(3), (2, 2, 1), "at least 3×3"),
        (lambda: layers.Residual([layers.Conv2D(2, 3)]), (5, 5, 2), "shortcut"),
        (lambda: layers.Parallel([[layers.Conv2D(1, 3)], []]), (5, 5, 2), "same size"),
        (lambda: layers.Conv2D(0), (5, 5, 1), "filters"),
        (lambda: layers.Conv2D(1, [1, 2, 3]), (5, 5, 1), "kernel_size"),
        (lambda: layers.Conv2D(1, 3, padding="full"), (5, 5, 1), "padding"),
        (lambda: layers.ZeroPadding2D(-1), (5, 5, 1), "padding"),
    ],
)
def test_what_cannot_be_is_said(layer, shape, words):
    with pytest.raises(ValueError, match=words):
        Sequential([layer()]).build(shape)
