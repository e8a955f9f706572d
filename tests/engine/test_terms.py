"""What layers and activations say their numbers are made of, against the numbers that the engine's plans compute."""

import numpy as np
import pytest

from engine import Sequential, explain, layers, optimizers
from engine.activations import activations
from engine.core.errors import EngineError
from engine.core.terms import Formula, Sum
from engine.layers import layers as layer_registry
from tests.engine.terms import G, check_everything, check_terms, check_updates, trained
from tests.engine.test_gradients import IMAGES, SAMPLES, VARIANTS


# -- layers ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def rng():
    return np.random.default_rng(11)


def between(name, layer):
    before = [layers.Dense(40, "swish"), layers.Reshape((4, 5, 2))] if name in IMAGES else [layers.Dense(6, "swish")]
    return [*before, layer, layers.Flatten(), layers.Dense(2)]


@pytest.mark.parametrize("name", layer_registry.names())
def test_every_registered_layer_says_what_its_numbers_are_made_of(name, rng):
    model, x = trained(between(name, SAMPLES[name]()), rng, (4,), rng.normal(size=(3, 2)))
    seen = check_everything(model, x, rng.normal(size=(3, 2)))
    assert min(seen.values()) > 10, seen


@pytest.mark.parametrize("name", VARIANTS)
def test_so_do_variants_that_python_alone_can_make(name, rng):
    model, x = trained(between("Conv2D", VARIANTS[name]()), rng, (4,), rng.normal(size=(3, 2)))
    check_everything(model, x, rng.normal(size=(3, 2)))


IMAGE_NETS = {
    "strides that leave pixels out, same and valid": lambda: [
        layers.Conv2D(5, (3, 2), (2, 3), "same", activation="tanh"), layers.Conv2D(3, 2, (2, 1)),
    ],
    "windows larger than what is left": lambda: [
        layers.Conv2D(3, 5, 1, "same"), layers.Conv2D(2, (7, 3), 1, "same", activation="relu"),
    ],
    "depth multiplier, with and without strides": lambda: [
        layers.DepthwiseConv2D(3, 1, "same", 3, activation="swish"), layers.DepthwiseConv2D((2, 3), 2, "valid", 2),
    ],
    "separable, depth multiplier": lambda: [
        layers.SeparableConv2D(4, 3, 2, "same", depth_multiplier=2, activation="relu"), layers.SeparableConv2D(3, 2),
    ],
    "pooling that overlaps": lambda: [
        layers.MaxPooling2D(3, 2), layers.Conv2D(3, 2, 1, "same", activation="relu"), layers.MaxPooling2D(3, 1, "same"),
    ],
    "pooling that overlaps at the edge": lambda: [
        layers.AveragePooling2D(3, 2, "same"), layers.AveragePooling2D((2, 3), 1),
    ],
    "pooling that leaves pixels out": lambda: [layers.MaxPooling2D(2, 3), layers.AveragePooling2D(1, 2)],
    "padding in parts, enlarging": lambda: [
        layers.ZeroPadding2D([[1, 0], [2, 3]]), layers.UpSampling2D((2, 1)), layers.Conv2D(2, 3, 2),
    ],
    "batch normalisation held, dropout at rest": lambda: [
        layers.BatchNormalization(momentum=0.8), layers.Dropout(0.4), layers.Conv2D(3, 2, activation="relu"),
        layers.BatchNormalization(),
    ],
    "batch normalisation without scale or shift": lambda: [
        layers.BatchNormalization(center=False), layers.Conv2D(3, 2), layers.BatchNormalization(scale=False),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", IMAGE_NETS)
def test_images_in_all_their_windows(name, rng):
    parts = [layers.Conv2D(2, 1), *IMAGE_NETS[name](), layers.GlobalAveragePooling2D(), layers.Dense(2)]
    model, x = trained(parts, rng, (8, 7, 3), rng.normal(size=(2, 2)))
    seen = check_everything(model, x, rng.normal(size=(2, 2)))
    assert seen.pop("loss") == 2 * 2 * 2, "J and its slope, for two outputs of two examples"
    assert seen.pop("activation_slope") >= 8
    assert min(seen.values()) > 10, seen


def test_of_numbers_that_are_equally_large_the_engine_s_own_wins(rng):
    for size, strides in ((2, 2), (3, 2), (2, 1)):
        parts = [layers.Conv2D(2, 1, use_bias=False), layers.MaxPooling2D(size, strides), layers.Conv2D(3, 2),
                 layers.ReLU(), layers.GlobalMaxPooling2D(), layers.Dense(2)]  # fmt: skip
        model, _ = trained(parts, rng, (6, 6, 2), np.zeros((4, 2)), steps=0)
        model.layers[0].set_weights([np.eye(2)[None, None]])
        check_everything(model, rng.integers(0, 2, (4, 6, 6, 2)).astype(float), rng.normal(size=(4, 2)))


def test_branches_meet_in_both_ways_and_inside_each_other(rng):
    fork = [[layers.Conv2D(2, 1, activation="relu")], [], [layers.Residual([layers.Conv2D(2, 3, padding="same")])]]
    parts = [layers.Conv2D(2, 2), layers.Parallel(fork, "add"), layers.Parallel([[layers.Conv2D(1, 1)], []]),
             layers.Residual([layers.Conv2D(3, 1)], None, "sigmoid"), layers.Flatten(), layers.Dense(2)]  # fmt: skip
    model, x = trained(parts, rng, (4, 4, 2), rng.normal(size=(3, 2)))
    check_everything(model, x, rng.normal(size=(3, 2)))


def test_penalties_are_the_rest_of_a_slope(rng):
    parts = [layers.Conv2D(2, 2, kernel_regularizer={"l1": 0.1, "l2": 0.2}, bias_regularizer="l2"),
             layers.SeparableConv2D(2, 2, depthwise_regularizer="l1", pointwise_regularizer="l2"), layers.Flatten(),
             layers.Dense(2, kernel_regularizer={"l1": 0.3}, bias_regularizer={"l1": 0.1})]  # fmt: skip
    model, x = trained(parts, rng, (4, 4, 2), rng.normal(size=(3, 2)))
    check_everything(model, x, rng.normal(size=(3, 2)))
    batch = explain(model, x, rng.normal(size=(3, 2)))
    assert batch.gradient("conv2d", "kernel", (0, 0, 0, 0)).formula == "Σ ∂J/∂z · x + 2 l_2 w + l_1 sign(w)"
    assert batch.gradient("dense", "kernel", (0, 0)).rest == pytest.approx(
        0.3 * np.sign(model.layers[-1].get_weights()[0][0, 0])
    )


def test_frozen_layers_have_no_slopes_and_their_neighbours_keep_theirs(rng):
    parts = [layers.Dense(4, "tanh"), layers.Dense(3, "relu"), layers.Dense(2)]
    parts[0].trainable = False
    model, x = trained(parts, rng, (3,), rng.normal(size=(3, 2)), optimizer=optimizers.Adam(0.1))
    check_everything(model, x, rng.normal(size=(3, 2)))
    batch = explain(model, x, rng.normal(size=(3, 2)))
    assert batch.da("dense") is None
    assert batch.gradient("dense", "kernel", (0, 0)) is None
    assert batch.update("dense", "kernel", (0, 0)) == []
    check_updates(model, batch)


def test_numbers_are_told_as_exactly_in_float32(rng):
    parts = [
        layers.Conv2D(3, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(3, "softmax"),
    ]
    y = np.array([0, 2, 1])
    model, x = trained(parts, rng, (8, 8, 1), y, "sparse_categorical_crossentropy", dtype="float32")
    check_everything(model, x, y, tight=2e-5)


# -- activations -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", activations.names())
def test_every_activation_says_what_it_makes_and_passes_back(name, rng):
    model, x = trained([layers.Dense(5, name), layers.Dense(3, name)], rng, (4,), rng.normal(size=(3, 3)))
    seen = check_everything(model, x, rng.normal(size=(3, 3)))
    assert seen["activation"] == 24
    if name != "softmax":  # its own formula is written down above, apart from the engine
        near = [z for z in rng.normal(size=20) * 3 if min(abs(z - kink) for kink in (0, 3, -3, 6)) > 1e-3]
        for z in near:
            wanted = (G[name](z + 1e-6) - G[name](z - 1e-6)) / 2e-6
            told = activations.get(name).slope_terms(0, np.array([z]), np.array([2.0]))
            assert told.value == pytest.approx(2 * wanted, rel=1e-5, abs=1e-7)


# -- the check itself --------------------------------------------------------------------------------------------------
def no_bias(self, index, inputs):
    found = plain_terms(self, index, inputs)
    return Sum(found.kind, found.formula, found.values, found.factors)


plain_terms = layers.Dense.terms
plain_winner = layers.MaxPooling2D._winner
plain_met = layers.Conv2D.used
PLANTED = [
    (layers.Dense, "terms", no_bias),
    (layers.MaxPooling2D, "_winner", lambda self, x, *place: plain_winner(self, -x, *place)),
    (layers.Conv2D, "used", lambda self, place: (plain_met(self, place)[0], 0)),
]


@pytest.mark.parametrize(("owner", "name", "wrong"), PLANTED, ids=["bias", "winner", "channel"])
def test_a_planted_error_is_seen(owner, name, wrong, rng, monkeypatch):
    parts = [layers.Conv2D(2, 2), layers.MaxPooling2D(3, 1), layers.Flatten(), layers.Dense(2)]
    model, x = trained(parts, rng, (5, 5, 2), rng.normal(size=(2, 2)))
    check_everything(model, x, rng.normal(size=(2, 2)))
    monkeypatch.setattr(owner, name, wrong)
    with pytest.raises(AssertionError):
        check_everything(model, x, rng.normal(size=(2, 2)))


def test_a_layer_that_says_nothing_is_asked_to(rng, monkeypatch):
    monkeypatch.delattr(layers.LeakyReLU, "terms")
    model, x = trained(between("LeakyReLU", layers.LeakyReLU()), rng, (4,), rng.normal(size=(3, 2)))
    with pytest.raises(
        NotImplementedError, match=r"LeakyReLU does not say what its numbers are made of: see Layer\.terms"
    ):
        check_everything(model, x, rng.normal(size=(3, 2)))


def test_a_text_that_says_something_else_is_seen():
    check_terms(Formula("p − α g", "{p} − {α}·{g}", {"p": 2.0, "α": 0.5, "g": -1.0}, 2.5), 2.5, "")
    with pytest.raises(AssertionError):
        check_terms(Formula("p − α g", "{p} + {α}·{g}", {"p": 2.0, "α": 0.5, "g": -1.0}, 2.5), 2.5, "")


def test_of_many_terms_the_largest_are_told_and_the_sum_of_all():
    numbers = np.arange(-20.0, 20.0)
    told = Sum("products", "Σ_i W_i x_i", numbers, np.full(40, 2.0), 1.0).describe()
    assert told["count"] == 40
    assert told["values"][:3] == [-20.0, -19.0, 19.0]
    assert len(told["values"]) == 12
    assert (told["total"], told["value"]) == (-40.0, -39.0)
    assert Sum("max", "", numbers).describe()["values"][0] == 19.0


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda b: b.forward("hiden", 0), "unknown stage 'hiden'. Did you mean 'hidden'?"),
        (lambda b: b.z("x"), "unknown stage 'x'. Known: hidden, out"),
        (lambda b: b.forward("hidden", 3), r"hidden has shape \(2, 3\), got index \[0, 3\]"),
        (lambda b: b.activation("hidden", 0, example=2), r"hidden has shape \(2, 3\), got index \[2, 0\]"),
        (lambda b: b.backward("hidden", -1), r"hidden has shape \(2, 3\), got index \[0, -1\]"),
        (lambda b: b.activation_slope("hidden", 7), r"hidden has shape \(2, 3\), got index \[0, 7\]"),
        (lambda b: b.loss_of(1), r"out has shape \(2, 1\), got index \[0, 1\]"),
        (lambda b: b.gradient("hidden", "kernle", (0, 0)), "unknown weight 'kernle'. Did you mean 'kernel'?"),
        (lambda b: b.gradient("hidden", "kernel", (0, 3)), r"hidden/kernel has shape \(2, 3\), got index \[0, 3\]"),
        (lambda b: b.update("hidden", "bias", (0, 0)), r"hidden/bias has shape \(3,\), got index \[0, 0\]"),
    ],
)
def test_what_is_not_there_is_named_with_what_is(call, said):
    model = Sequential([layers.Dense(3, "tanh", name="hidden"), layers.Dense(1, "sigmoid", name="out")], seed=2)
    model.compile("sgd", "binary_crossentropy")
    x = np.zeros((2, 2), np.float32)
    with pytest.raises(EngineError, match=said):
        call(explain(model, x, np.zeros(2)))
