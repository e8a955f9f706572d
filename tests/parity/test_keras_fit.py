"""What `fit` and metrics say is what Keras says: same weights, same data, same order (Keras runs here, on JAX)."""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np
import pytest

import engine
from engine import Sequential, activations, callbacks, layers, losses, metrics, optimizers, schedules

M, I, K = 48, 4, 3
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def pair(last, units, loss, optimizer=("SGD", {"learning_rate": 0.2}), measures=(), weighted=(), seed=1):
    """The same net twice: (ours, Keras's), compiled alike; parts are given by module path or as (class, arguments)."""
    theirs = keras.Sequential([keras.Input((I,)), keras.layers.Dense(6, "tanh"), keras.layers.Dense(units, last)])
    ours = Sequential([layers.Dense(6, "tanh"), layers.Dense(units, last)], seed=seed)
    ours.build((I,))
    theirs.set_weights(ours.get_weights())

    def make(module, given):
        return given if isinstance(given, str) else getattr(module, given[0])(**given[1])

    for model, home in ((ours, engine), (theirs, keras)):
        model.compile(
            make(home.optimizers, optimizer),
            make(home.losses, loss),
            metrics=[make(home.metrics, m) for m in measures],
            weighted_metrics=[make(home.metrics, m) for m in weighted] or None,
            run_eagerly=True,
        )
    return ours, theirs


def same(ours, theirs, rtol=2e-5, atol=2e-6):
    assert set(ours.history) == set(theirs.history)
    for name in ours.history:
        np.testing.assert_allclose(ours.history[name], theirs.history[name], rtol=rtol, atol=atol, err_msg=name)


def data(rng, kind):
    x = rng.normal(size=(M, I)).astype("float32")
    score = x @ rng.normal(size=(I, K))
    return x, {
        "number": score[:, :1].astype("float32"),
        "binary": (score[:, 0] > 0).astype("int32"),
        "sparse": score.argmax(axis=1),
        "one-hot": np.eye(K, dtype="float32")[score.argmax(axis=1)],
    }[kind]


CASES = {
    "numbers": ("number", "linear", 1, "mse",
                ["mae", "mean_squared_error", "RootMeanSquaredError", "r2_score", ("MeanAbsoluteError", {}), "mape"]),
    "two classes": ("binary", "sigmoid", 1, "binary_crossentropy",
                    ["accuracy", "AUC", "precision", "Recall", ("AUC", {"curve": "PR", "name": "pr"}), "bce",
                     ("BinaryAccuracy", {"threshold": 0.4}), "false_positives", "TrueNegatives", "crossentropy"]),
    "class numbers": ("sparse", "softmax", K, "sparse_categorical_crossentropy",
                      ["acc", ("SparseTopKCategoricalAccuracy", {"k": 2}), "sparse_categorical_accuracy",
                       "crossentropy"]),
    "one-hot": ("one-hot", "softmax", K, "categorical_crossentropy",
                ["accuracy", ("TopKCategoricalAccuracy", {"k": 2}), ("Precision", {}), ("Recall", {"class_id": 1}),
                 ("AUC", {}), ("F1Score", {"average": "macro"}), "f1_score", ("Precision", {"top_k": 1, "name": "p1"}),
                 "cosine_similarity", ("F1Score", {"threshold": 0.4, "average": "weighted", "name": "fw"}),
                 ("Recall", {"thresholds": [0.2, 0.6], "name": "r2"}), "msle"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("way", ["plain", "validation_split", "sample_weight", "class_weight"])
def test_a_history_is_that_of_keras(case, way, rng):
    kind, last, units, loss, measures = CASES[case]
    x, y = data(rng, kind)
    more = {}
    if way == "validation_split":
        more = {"validation_split": 0.23}
    if way == "sample_weight":
        more = {"sample_weight": rng.random(M), "validation_data": (x[:9], y[:9], rng.random(9))}
    if way == "class_weight":
        if case == "numbers":
            return
        more = {"class_weight": {0: 0.5, 1: 3.0}}
    weighted = [] if way == "plain" else [m for m in measures if m in ("accuracy", "acc", "mae", "AUC")]
    measures = [m for m in measures if m not in weighted]
    ours, theirs = pair(last, units, loss, measures=measures, weighted=weighted)
    settings = {"epochs": 3, "batch_size": 10, "shuffle": False, "verbose": 0, **more}
    same(ours.fit(x, y, **settings), theirs.fit(x, y, **settings), rtol=2e-4, atol=2e-5)
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-4, atol=2e-5)
    a, b = (m.evaluate(x, y, verbose=0, return_dict=True, batch_size=7) for m in (ours, theirs))
    assert set(a) == set(b)
    for name in a:
        np.testing.assert_allclose(a[name], b[name], rtol=2e-4, atol=2e-5, err_msg=name)


LOSSES = [
    ("binary", "sigmoid", 1, ("BinaryCrossentropy", {"label_smoothing": 0.2})),
    ("binary", "linear", 1, ("BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.1})),
    ("one-hot", "softmax", K, ("CategoricalCrossentropy", {"label_smoothing": 0.1})),
    ("one-hot", "linear", K, ("CategoricalCrossentropy", {"from_logits": True, "label_smoothing": 0.3})),
    ("sparse", "linear", K, ("SparseCategoricalCrossentropy", {"from_logits": True})),
    ("number", "linear", 1, ("Huber", {"delta": 0.5})),
    ("number", "linear", 1, ("MeanAbsoluteError", {})),
    ("binary", "tanh", 1, ("Hinge", {})),
]


@pytest.mark.parametrize(("kind", "last", "units", "loss"), LOSSES, ids=lambda v: v[0] if isinstance(v, tuple) else v)
def test_weighted_losses_train_as_in_keras(kind, last, units, loss, rng):
    x, y = data(rng, kind)
    ours, theirs = pair(last, units, loss)
    settings = {"epochs": 4, "batch_size": 16, "shuffle": False, "verbose": 0, "sample_weight": rng.random(M)}
    same(ours.fit(x, y, **settings), theirs.fit(x, y, **settings), rtol=1e-4)
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=3e-4, atol=3e-5)


@pytest.mark.parametrize(
    "optimizer",
    [
        ("SGD", {"learning_rate": 0.5, "clipnorm": 0.05}),
        ("SGD", {"learning_rate": 0.5, "clipvalue": 0.01}),
        ("SGD", {"learning_rate": 0.5, "global_clipnorm": 0.05, "momentum": 0.9}),
        ("SGD", {"learning_rate": 0.1, "weight_decay": 0.1}),
        ("Adam", {"learning_rate": 0.05, "weight_decay": 0.2, "clipnorm": 0.1}),
        ("RMSprop", {"learning_rate": 0.01, "weight_decay": 0.1}),
        ("AdamW", {"learning_rate": 0.05, "weight_decay": 0.2, "clipvalue": 0.1}),
        ("Adagrad", {"learning_rate": 0.05, "clipnorm": 0.1}),
    ],
    ids=str,
)
def test_optimisers_clip_and_decay_as_in_keras(optimizer, rng):
    x, y = data(rng, "number")
    ours, theirs = pair("linear", 1, "mse", optimizer)
    settings = {"epochs": 3, "batch_size": 12, "shuffle": False, "verbose": 0}
    same(ours.fit(x, y, **settings), theirs.fit(x, y, **settings), rtol=1e-4)
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)
    again = optimizers.get(ours.optimizer.get_config())
    assert again.get_config() == ours.optimizer.get_config()


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5}),
        ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5, "staircase": True}),
        ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5}),
        ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 20, "end_learning_rate": 0.02, "power": 2.0}),
        ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 20, "alpha": 0.1}),
        ("CosineDecay", {"initial_learning_rate": 0.0, "decay_steps": 20, "warmup_target": 0.1, "warmup_steps": 5}),
        ("PiecewiseConstantDecay", {"boundaries": [3, 9], "values": [1.0, 0.5, 0.1]}),
    ],
    ids=str,
)
def test_schedules_are_those_of_keras(name, settings):
    ours, theirs = getattr(schedules, name)(**settings), getattr(keras.optimizers.schedules, name)(**settings)
    for t in range(30):
        assert ours(t) == pytest.approx(float(theirs(t)), rel=2e-5, abs=1e-8), t


@pytest.mark.parametrize("name", [n for n in activations.activations.names() if n != "step"])
def test_activations_are_those_of_keras(name, rng):
    z = np.concatenate([rng.normal(size=(5, 6)) * 3, [[-3.5, -3, 0, 0.1, 3, 4]]]).astype("float32")
    np.testing.assert_allclose(activations.get(name)(z), np.asarray(keras.activations.get(name)(z)), rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("LecunNormal", {}),
        ("LecunUniform", {}),
        ("HeNormal", {}),
        ("GlorotUniform", {}),
        ("TruncatedNormal", {"mean": 0.3, "stddev": 0.2}),
        ("RandomNormal", {"mean": 0.3, "stddev": 0.2}),
        ("RandomUniform", {"minval": -1.0, "maxval": 0.5}),
        ("VarianceScaling", {"scale": 0.7, "mode": "fan_out", "distribution": "uniform"}),
        ("VarianceScaling", {"scale": 0.7, "mode": "fan_avg", "distribution": "untruncated_normal"}),
        ("Constant", {"value": 0.7}),
        ("Orthogonal", {"gain": 1.5}),
    ],
    ids=str,
)
def test_initialisers_spread_as_those_of_keras(name, settings):
    ours = getattr(engine.initializers, name)(**settings)((300, 200))
    theirs = np.asarray(getattr(keras.initializers, name)(**settings)((300, 200)))
    assert ours.mean() == pytest.approx(theirs.mean(), abs=4e-3)
    assert ours.std() == pytest.approx(theirs.std(), rel=0.02, abs=1e-9)
    assert np.abs(ours).max() == pytest.approx(np.abs(theirs).max(), rel=0.25)


def test_orthogonal_columns_are_at_right_angles():
    w = engine.initializers.Orthogonal(2.0, seed=3)((7, 5))
    np.testing.assert_allclose(w.T @ w, 4 * np.eye(5), atol=1e-12)


def test_auc_is_that_of_keras_on_hard_cases(rng):
    for curve in ("ROC", "PR"):
        for t, y in [
            (np.zeros(5), rng.random(5)),
            (np.ones(5), rng.random(5)),
            (np.array([0, 1, 0, 1]), np.array([0.5, 0.5, 0.5, 0.5])),
            (rng.integers(0, 2, 500), rng.random(500).astype("float32")),
            (np.array([0, 1]), np.array([0.0, 1.0])),
        ]:
            for count in (2, 3, 200):
                w = rng.random(len(t))
                ours, theirs = metrics.AUC(count, curve), keras.metrics.AUC(count, curve)
                ours.update_state(t, y, w)
                theirs.update_state(t, y, w)
                assert float(ours.result()) == pytest.approx(float(theirs.result()), abs=2e-6), (curve, count)


def test_metrics_and_losses_by_themselves_are_those_of_keras(rng):
    t, y, w = rng.normal(size=(9, 2)), rng.normal(size=(9, 2)), rng.random(9)
    for name in ("MeanSquaredError", "MeanAbsoluteError", "RootMeanSquaredError", "CosineSimilarity", "R2Score"):
        ours, theirs = getattr(metrics, name)(), getattr(keras.metrics, name)()
        for part in (slice(0, 4), slice(4, 9)):
            ours.update_state(t[part], y[part], w[part])
            theirs.update_state(t[part], y[part], w[part])
        assert float(ours.result()) == pytest.approx(float(theirs.result()), rel=1e-4), name
    for name in ("MeanSquaredError", "MeanAbsoluteError", "Huber"):
        ours, theirs = getattr(losses, name)(), getattr(keras.losses, name)()
        assert ours(t, y, sample_weight=w) == pytest.approx(float(theirs(t, y, sample_weight=w)), rel=1e-5), name


class Recorder:
    """The learning rate after each epoch, and when training ended."""

    def __init__(self, base):
        self.rates = []

        class Watch(base):
            def on_epoch_end(watch, epoch, logs=None):
                self.rates.append(float(watch.model.optimizer.learning_rate))

        self.callback = Watch()


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("EarlyStopping", {"monitor": "val_loss", "patience": 2, "min_delta": 0.05}),
        ("EarlyStopping", {"monitor": "val_mae", "patience": 1, "restore_best_weights": True, "min_delta": 0.1}),
        ("EarlyStopping", {"monitor": "loss", "patience": 0, "baseline": 0.1, "start_from_epoch": 2}),
        ("ReduceLROnPlateau", {"patience": 1, "factor": 0.3, "min_delta": 0.1, "cooldown": 1, "min_lr": 0.01}),
        ("LearningRateScheduler", {"schedule": lambda epoch, rate: rate * 0.7}),
        ("LearningRateScheduler", {"schedule": lambda epoch: 0.1 / (epoch + 1)}),
    ],
    ids=str,
)
def test_callbacks_do_what_those_of_keras_do(name, settings, rng):
    x, y = data(rng, "number")
    ours, theirs = pair("linear", 1, "mse", ("SGD", {"learning_rate": 0.3}), measures=["mae"])
    seen = []
    for model, home in ((ours, callbacks), (theirs, keras.callbacks)):
        record = Recorder(home.Callback)
        made = getattr(home, name)(**settings)
        h = model.fit(x, y, epochs=12, batch_size=16, shuffle=False, verbose=0, validation_split=0.25,
                      callbacks=[made, record.callback])  # fmt: skip
        seen.append((h, record.rates))
    same(seen[0][0], seen[1][0], rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(seen[0][1], seen[1][1], rtol=1e-5)
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-3, atol=2e-4)
