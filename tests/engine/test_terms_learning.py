"""What losses and optimisers say their numbers are made of, against the numbers that the engine's plans compute."""

import numpy as np
import pytest

from engine import Sequential, explain, layers, losses, optimizers
from engine.activations import activations
from engine.losses import losses as loss_registry
from engine.optimizers import optimizers as optimizer_registry
from tests.engine.terms import check_everything, check_updates, trained


@pytest.fixture
def rng():
    return np.random.default_rng(11)


# -- losses ------------------------------------------------------------------------------------------------------------
def classes(rng, count, k):
    return rng.integers(0, k, count)


def one_hot(rng, count, k):
    return np.eye(k)[rng.integers(0, k, count)]


def shares(rng, count, k):
    return rng.dirichlet(np.ones(k), count)


def boxes(rng, count, k):
    return np.concatenate([rng.integers(0, 2, (count, 2, 1)), rng.uniform(0.2, 0.8, (count, 2, 4))], 2)


ANSWERS = [
    ("mse", "linear", np.random.Generator.normal), ("half_mse", "tanh", np.random.Generator.normal),
    ("mae", "linear", np.random.Generator.normal),
    (losses.Huber(0.6), "linear", np.random.Generator.normal),
    ("hinge", "tanh", "binary"), ("perceptron", "step", "binary"), ("perceptron", "linear", "binary"),
    ("binary_crossentropy", "sigmoid", "binary"), ("binary_crossentropy", "sigmoid apart", "binary"),
    (losses.BinaryCrossentropy(from_logits=True), "linear", "binary"),
    (losses.BinaryCrossentropy(label_smoothing=0.2), "sigmoid", "binary"),
    (losses.BinaryCrossentropy(label_smoothing=0.2), "hard_sigmoid", "binary"),
    ("categorical_crossentropy", "softmax", one_hot), ("categorical_crossentropy", "softmax apart", one_hot),
    ("categorical_crossentropy", "softmax", shares), ("categorical_crossentropy", "softplus", shares),
    (losses.CategoricalCrossentropy(from_logits=True), "linear", shares),
    (losses.CategoricalCrossentropy(label_smoothing=0.1), "softmax", one_hot),
    ("sparse_categorical_crossentropy", "softmax", classes),
    ("sparse_categorical_crossentropy", "softmax apart", classes),
    (losses.SparseCategoricalCrossentropy(from_logits=True), "linear", classes),
    ("localisation", "linear", "box"),
]  # fmt: skip


def test_every_loss_says_what_it_is_made_of(rng):
    tried = {"yolo"}  # below
    for loss, last, targets in ANSWERS:
        activation, apart = last.split()[0], last.endswith("apart")
        units = {"binary": 1, "box": 7}.get(targets, 3)
        y = (
            rng.integers(0, 2, (4, 1)).astype(float) if targets == "binary"
            else boxes(rng, 4, 2)[:, :1] if targets == "box"
            else targets(rng, size=(4, 3)) if targets is np.random.Generator.normal
            else targets(rng, 4, 3)
        )  # fmt: skip
        parts = [layers.Dense(4, "tanh"), layers.Dense(units, activation), *([layers.Dropout(0.5)] if apart else [])]
        for steps in (2, 0):
            model, x = trained(parts if steps else [*map(again, parts)], rng, (3,), y, loss, steps=steps)
            seen = check_everything(model, x, y)
            assert seen["loss"] == 2 * 4 * units
        tried.add(model.loss.name)
        joined = losses.joined(model.loss, activations.get(activation))
        assert explain(model, x, y).joined == (joined and not apart)
    assert tried == set(loss_registry.names())


def again(layer):
    return type(layer).from_config(layer.get_config())


def test_the_loss_of_a_grid_with_anchors(rng):
    loss = losses.get({"name": "yolo", "anchors": [[0.2, 0.3], [0.5, 0.4]]})
    parts = [layers.Conv2D(3, 3, activation="relu"), layers.Conv2D(2 * 7, 1)]
    y = boxes(rng, 3, 2)
    y[0, 1, 0] = -1  # one box alone
    model, x = trained(parts, rng, (5, 5, 1), y, loss)
    seen = check_everything(model, x, y)
    assert seen["loss"] == 2 * 3 * 9 * 14


@pytest.mark.parametrize("size", [3.0, 40.0, 300.0])
def test_sure_answers_are_told_without_a_logarithm_of_zero(size, rng):
    for loss, activation, y in (("binary_crossentropy", "sigmoid", np.array([[0.0], [1.0]])),
                                ("categorical_crossentropy", "softmax", np.eye(2)),
                                ("sparse_categorical_crossentropy", "softmax", np.array([0, 1]))):  # fmt: skip
        model, _ = trained([layers.Dense(y.shape[1] if y.ndim > 1 else 2, activation)], rng, (1,), y, loss, steps=0)
        for sign in (1, -1):
            check_everything(model, np.array([[size * sign], [-size * sign]]), y)


@pytest.mark.parametrize("last", ["linear", "hard_sigmoid", "relu"])
@pytest.mark.parametrize(
    ("loss", "t"),
    [
        ("binary_crossentropy", np.array([[0, 1, 1], [1, 0, 1.0]])),
        (losses.BinaryCrossentropy(label_smoothing=0.2), np.array([[0, 1, 1], [1, 0, 1.0]])),
        ("categorical_crossentropy", np.array([[0, 1, 0], [0.2, 0.5, 0.3]])),
        (losses.CategoricalCrossentropy(label_smoothing=0.1), np.eye(3)[[1, 2]]),
        ("sparse_categorical_crossentropy", np.array([1, 0])),
    ],
    ids=["binary", "binary, smoothed", "categorical", "categorical, smoothed", "sparse"],
)
def test_what_is_clipped_is_told_as_flat(loss, t, last, rng):
    """Outputs below 0, within and above 1, as of a net whose sigmoid or softmax is forgotten."""
    model, _ = trained([layers.Dense(3, last, use_bias=False)], rng, (3,), t, loss, steps=0)
    model.set_weights([np.eye(3)])
    x = np.array([[-4.0, 0.3, 4.5], [5.0, 0.6, -3.5]])
    assert check_everything(model, x, t)["loss"] == 2 * 2 * 3
    batch = explain(model, x, t)
    y = model.predict(x)
    binary = batch.model.loss.name.startswith("binary")
    shares = y if binary else y / y.sum(axis=1, keepdims=True)
    outside = (shares <= 0) | (shares >= 1)
    assert outside.any()
    assert not outside.all()
    for example, k in np.argwhere(outside):
        slope = batch.loss_of(int(k), int(example)).slope
        assert "/ ŷ" not in slope.formula
        if binary:
            assert slope.value == 0


@pytest.mark.parametrize("last", ["SeparableConv2D", "Residual", "Conv2D", "SeparableBlock"])
def test_the_way_back_begins_where_the_plan_begins_it(last, rng):
    """Joined: Conv2D alone; a separable convolution and a residual's joint have an activation, but are not joined."""
    ends = {"SeparableConv2D": lambda: layers.SeparableConv2D(2, 2, activation="sigmoid"),
            "Conv2D": lambda: layers.Conv2D(2, 2, activation="sigmoid"),
            "Residual": lambda: layers.Residual([layers.Conv2D(2, 1)], None, "sigmoid"),
            "SeparableBlock": lambda: layers.SeparableBlock(2)}  # fmt: skip
    parts = [layers.Conv2D(2, 2), ends[last]()]
    shape = Sequential(parts, dtype="float64")
    shape.build((4, 4, 1))
    y = rng.integers(0, 2, (2, *shape.output_shape)).astype(float)
    loss = "mse" if last == "SeparableBlock" else "binary_crossentropy"
    model, x = trained([*map(again, parts)], rng, (4, 4, 1), y, loss)
    check_everything(model, x, y)
    assert explain(model, x, y).joined == (last == "Conv2D")


# -- optimisers --------------------------------------------------------------------------------------------------------
STEPS = [
    optimizers.SGD(0.1), optimizers.SGD(0.1, momentum=0.9), optimizers.SGD(0.1, momentum=0.8, nesterov=True),
    optimizers.SGD(0.1, weight_decay=0.3, momentum=0.5), optimizers.SGD(0.1, global_clipnorm=0.01),
    optimizers.SGD(0.1, clipnorm=0.02), optimizers.SGD(0.1, clipvalue=0.003), optimizers.Adagrad(0.1),
    optimizers.Adagrad(0.1, initial_accumulator_value=0.0, epsilon=1e-3), optimizers.RMSprop(0.01),
    optimizers.RMSprop(0.01, momentum=0.7, rho=0.8), optimizers.Adam(0.01), optimizers.Adam(0.01, global_clipnorm=0.01),
    optimizers.Adam(0.02, beta_1=0.5, weight_decay=0.1), optimizers.AdamW(0.01, weight_decay=0.2),
    optimizers.AdamW(0.01, weight_decay=0.0, clipvalue=1e-4),
    optimizers.Adam(optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)),
]  # fmt: skip


@pytest.mark.parametrize("optimizer", STEPS, ids=lambda o: f"{o.name} {o.settings | o.extras}".replace("None", ""))
def test_every_optimiser_says_what_its_step_is_made_of(optimizer, rng):
    parts = [layers.Dense(4, "tanh", kernel_regularizer="l2"), layers.Dense(2)]
    y = rng.normal(size=(3, 2))
    model, x = trained(parts, rng, (3,), y, optimizer=optimizers.get(optimizer.get_config()), steps=4)
    told = check_updates(model, explain(model, x, y))
    first = next(iter(told.values()))
    clips = any((optimizer.settings | optimizer.extras).get(n) for n in ("clipnorm", "clipvalue", "global_clipnorm"))
    assert clips == any(lines[0].name == "g" for lines in told.values()), [str(line) for line in first]


def test_every_registered_optimiser_is_among_them():
    assert {optimizer.name for optimizer in STEPS} == set(optimizer_registry.names())


@pytest.mark.parametrize("kind", [optimizers.Adam, optimizers.AdamW])
def test_an_optimiser_that_took_over_counts_from_its_own_beginning(kind, rng):
    y = rng.normal(size=(3, 2))
    model, x = trained([layers.Dense(2)], rng, (3,), y, optimizer=kind(0.01), steps=0)
    model.optimizer.iterations = model.optimizer.born = 500
    model.train_on_batch(x, y)
    told = check_updates(model, explain(model, x, y))
    assert {line.parts["t"] for lines in told.values() for line in lines if line.name == "α̂"} == {2}
