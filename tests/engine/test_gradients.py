"""The slope of every registered layer, activation and loss is the slope of its value; the checker itself can fail."""

import numpy as np
import pytest

from engine import Sequential, layers, losses, optimizers
from engine.activations import activations
from engine.core.plan import Plan
from engine.gradient_check import Projection, check_gradients, numeric_gradients
from engine.layers import layers as registry
from engine.losses import losses as loss_registry
from engine.optimizers import optimizers as optimizer_registry

SAMPLES = {
    "Dense": lambda: layers.Dense(3, "tanh", kernel_regularizer={"l1": 0.01, "l2": 0.1}),
    "Activation": lambda: layers.Activation("sigmoid"),
    "LeakyReLU": lambda: layers.LeakyReLU(0.1),
    "ReLU": lambda: layers.ReLU(1.5, 0.2, 0.3),
    "GlobalMaxPooling2D": lambda: layers.GlobalMaxPooling2D(),
    "Dropout": lambda: layers.Dropout(0.4),
    "BatchNormalization": lambda: layers.BatchNormalization(),
    "Flatten": lambda: layers.Flatten(),
    "Reshape": lambda: layers.Reshape((2, -1)),
    "Conv2D": lambda: layers.Conv2D(3, 3, padding="same", activation="tanh", kernel_regularizer={"l2": 0.1}),
    "DepthwiseConv2D": lambda: layers.DepthwiseConv2D((2, 3), activation="swish", depth_multiplier=2),
    "SeparableConv2D": lambda: layers.SeparableConv2D(3, 3, strides=2, padding="same", activation="tanh"),
    "MaxPooling2D": lambda: layers.MaxPooling2D(2),
    "AveragePooling2D": lambda: layers.AveragePooling2D(3, 2, "same"),
    "GlobalAveragePooling2D": lambda: layers.GlobalAveragePooling2D(),
    "ZeroPadding2D": lambda: layers.ZeroPadding2D([[0, 1], [2, 1]]),
    "UpSampling2D": lambda: layers.UpSampling2D((2, 3)),
    "Residual": lambda: layers.Residual(
        [layers.Conv2D(2, 3, padding="same"), layers.BatchNormalization()],
        [layers.Conv2D(2, 1, use_bias=False)],
        "tanh",
    ),
    "Parallel": lambda: layers.Parallel(
        [[layers.Conv2D(2, 1)], [layers.Conv2D(2, 3, padding="same", activation="tanh")], []]
    ),
    "SideBranch": lambda: layers.SideBranch([layers.Flatten(), layers.Dense(2, "tanh")], 0.3),
    "ResidualBlock": lambda: layers.ResidualBlock(3, 2),
    "BottleneckBlock": lambda: layers.BottleneckBlock(2, 1, 2),
    "InceptionBlock": lambda: layers.InceptionBlock(1, 1, 2, 0, 1, 1, True),
    "SeparableBlock": lambda: layers.SeparableBlock(3, 2),
    "InvertedResidual": lambda: layers.InvertedResidual(2, 1, 2),
    "SideClassifier": lambda: layers.SideClassifier(2, "tanh"),
}
IMAGES = {
    "ResidualBlock",
    "BottleneckBlock",
    "InceptionBlock",
    "SeparableBlock",
    "InvertedResidual",
    "SideClassifier",
    "Conv2D",
    "DepthwiseConv2D",
    "SeparableConv2D",
    "MaxPooling2D",
    "AveragePooling2D",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling2D",
    "ZeroPadding2D",
    "UpSampling2D",
    "Residual",
    "Parallel",
    "SideBranch",
}
"""Layers that are tried on images of 4 × 5 with two channels."""


VARIANTS = {
    "UpSampling2D bilinear": lambda: layers.UpSampling2D((2, 3), interpolation="bilinear"),
    "Conv2D dilated": lambda: layers.Conv2D(3, (2, 3), dilation_rate=(2, 1), padding="same", kernel_regularizer="l2"),
    "Conv2D grouped": lambda: layers.Conv2D(4, 3, groups=2, strides=2, activation="tanh"),
    "Conv2D grouped and dilated": lambda: layers.Conv2D(2, 2, groups=2, dilation_rate=2, use_bias=False),
    "ReLU leaky": lambda: layers.ReLU(negative_slope=0.3),
    "ReLU with a ceiling": lambda: layers.ReLU(max_value=0.4),
}
"""What Python alone can ask of a layer, on images."""


@pytest.fixture
def rng():
    return np.random.default_rng(5)


@pytest.mark.parametrize("name", registry.names())
def test_a_layer_between_others_passes_the_gradient_check(name, rng):
    before = [layers.Dense(40, "swish"), layers.Reshape((4, 5, 2))] if name in IMAGES else [layers.Dense(6, "swish")]
    model = Sequential([*before, SAMPLES[name](), layers.Flatten(), layers.Dense(2)], seed=3, dtype="float64")
    model.compile("SGD", Projection())
    model.build((4,))
    check_gradients(model, rng.normal(size=(5, 4)), rng.normal(size=(5, 2)))


@pytest.mark.parametrize("name", registry.names())
def test_a_layer_keeps_shapes_and_survives_its_config(name, rng):
    model = Sequential([SAMPLES[name]()], dtype="float64")
    shape = (4, 5, 2) if name in IMAGES else (6,)
    model.build(shape)
    assert model.predict(rng.normal(size=(3, *shape))).shape == (3, *model.output_shape)
    again = Sequential.from_config(model.to_config())
    assert again.to_config() == model.to_config()
    for a, b in zip(again.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_passes_the_gradient_check_and_survives_its_config(name, rng):
    model = Sequential(
        [layers.Dense(40, "swish"), layers.Reshape((4, 5, 2)), VARIANTS[name](), layers.Flatten(), layers.Dense(2)],
        seed=3, dtype="float64",
    )  # fmt: skip
    model.compile("SGD", Projection())
    model.build((4,))
    check_gradients(model, rng.normal(size=(5, 4)), rng.normal(size=(5, 2)))
    layer = model.layers[2]
    assert type(layer).from_config(layer.get_config()).get_config() == layer.get_config()


def test_layers_work_on_volumes_too(rng):
    model = Sequential(
        [
            layers.BatchNormalization(),
            layers.Activation("softmax"),
            layers.LeakyReLU(),
            layers.Flatten(),
            layers.Dense(2),
        ],
        dtype="float64",
    )
    model.compile("SGD", "mse")
    model.build((2, 3, 4))
    check_gradients(model, rng.normal(size=(5, 2, 3, 4)), rng.normal(size=(5, 2)))


@pytest.mark.parametrize("name", [*activations.names(), "exponential"])
def test_an_activation_has_its_own_slope(name, rng):
    model = Sequential([layers.Dense(4, name), layers.Dense(2, name)], seed=1, dtype="float64")
    model.compile("SGD", Projection())
    model.build((3,))
    model.set_weights([rng.normal(size=w.shape) for w in model.get_weights()])  # nothing sits on a kink
    check_gradients(model, rng.normal(size=(6, 3)), rng.normal(size=(6, 2)))


BOXES = ("yolo", "localisation")  # their targets are boxes; tests/engine/test_detection.py has their slopes


@pytest.mark.parametrize("name", [name for name in loss_registry.names() if name not in BOXES])
@pytest.mark.parametrize("last", ["linear", "sigmoid", "softmax"])
def test_a_loss_has_its_own_slope_behind_any_activation(name, last, rng):
    t = rng.integers(0, 3, 6) if name.startswith("sparse") else np.eye(3)[rng.integers(0, 3, 6)]
    model = Sequential([layers.Dense(5, "tanh"), layers.Dense(3, last)], seed=2, dtype="float64")
    model.compile("SGD", name)
    model.build((4,))
    x = rng.normal(size=(6, 4))
    if last == "linear" and name.endswith("crossentropy"):
        # What lies outside [0, 1] is clipped and flat; the check is of outputs on both sides, and beyond both ends.
        model.layers[1].set_weights([2 * w + b for w, b in zip(model.layers[1].get_weights(), (0, 0.5), strict=True)])
        y = model.predict(x)
        shares = y if name.startswith("binary") else y / y.sum(axis=1, keepdims=True)
        assert min((shares < 0).sum(), ((shares > 0) & (shares < 1)).sum(), (shares > 1).sum()) >= 2, shares
    check_gradients(model, x, t)


@pytest.mark.parametrize("name", ["binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy"])
def test_losses_from_logits_are_finite_and_right_for_any_logit(name):
    loss = losses.get({"name": name, "from_logits": True})
    z = np.array([[500.0, -500.0, 0.0], [-500.0, 500.0, 0.0]])
    t = np.array([0, 0]) if name.startswith("sparse") else np.array([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    value = loss(t, z)
    assert np.isfinite(value)
    assert value == pytest.approx((500 + 500 + 2 * np.log(2)) / 6 if name == "binary_crossentropy" else 500.0)


@pytest.mark.parametrize("name", optimizer_registry.names())
def test_an_optimiser_goes_downhill_and_survives_its_config(name, rng):
    model = Sequential([layers.Dense(8, "tanh"), layers.Dense(1)], seed=1)
    model.compile({"name": name, "learning_rate": 0.05}, "mse")
    x = rng.normal(size=(64, 2))
    y = x[:, :1] * x[:, 1:]
    history = model.fit(x, y, batch_size=16, epochs=40)
    assert history.history["loss"][-1] < 0.7 * history.history["loss"][0]
    assert optimizers.get(model.optimizer.get_config()).get_config() == model.optimizer.get_config()


def test_the_checker_catches_a_planted_bug(rng, monkeypatch):
    def wrong(plan: Plan, da, z, a, dz, memo):
        plan.call(np.multiply, da, plan.scalar(0.9), dz)

    good = activations.get("tanh")
    bad = type(good)("tanh", good.formula, good.forward, wrong)
    model = Sequential([layers.Dense(4, bad), layers.Dense(1)], dtype="float64")
    model.compile("SGD", "mse")
    model.build((2,))
    with pytest.raises(AssertionError, match=r"dense/kernel.*analytic.*numeric"):
        check_gradients(model, rng.normal(size=(5, 2)), rng.normal(size=(5, 1)))


def test_numeric_gradients_leave_the_model_as_it_was(rng):
    model = Sequential([layers.Dense(3, "tanh"), layers.Dropout(0.5), layers.Dense(1)], dtype="float64")
    model.compile("SGD", "mse")
    model.build((2,))
    before = model.get_weights()
    numeric_gradients(model, rng.normal(size=(4, 2)), rng.normal(size=(4, 1)))
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
