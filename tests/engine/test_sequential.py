"""The contract of Sequential: what callers outside rely on."""

import numpy as np
import pytest

from engine import Sequential, callbacks, layers, metrics, optimizers, schedules


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def net(**extra):
    model = Sequential([layers.Dense(8, activation="tanh"), layers.Dense(1)], seed=7, **extra)
    model.compile(optimizer="Adam", loss="mse", metrics=["mae"])
    return model


def test_fit_returns_a_history_with_validation(rng):
    x, y = rng.normal(size=(33, 2)), rng.normal(size=(33, 1))
    history = net().fit(x, y, batch_size=10, epochs=3, validation_data=(x, y))
    assert set(history.history) == {"loss", "mae", "val_loss", "val_mae"}
    assert history.epoch == [0, 1, 2]


def test_the_last_partial_batch_counts_by_its_size(rng):
    x, y = rng.normal(size=(7, 2)), rng.normal(size=(7, 1))
    model = net()
    model.compile({"name": "SGD", "learning_rate": 0.0}, "mse")
    history = model.fit(x, y, batch_size=5, epochs=1)
    assert history.history["loss"][0] == pytest.approx(float(((model.predict(x) - y) ** 2).mean()), rel=1e-5)


def test_each_epoch_has_another_order(rng, monkeypatch):
    x, y = rng.normal(size=(40, 1)), np.zeros((40, 1))
    model = Sequential([layers.Dense(1)], seed=1)
    model.compile({"name": "SGD", "learning_rate": 0.0}, "mse")
    seen = []
    step = model.train_step
    monkeypatch.setattr(model, "train_step", lambda plan: (seen.append(plan.input.copy()), step(plan))[1])
    model.fit(x, y, batch_size=40, epochs=2)
    assert not np.array_equal(seen[0], seen[1])
    np.testing.assert_allclose(np.sort(seen[0], axis=0), np.sort(seen[1], axis=0))


def test_same_seed_same_bits(rng):
    x, y = rng.normal(size=(50, 2)), rng.normal(size=(50, 1))
    runs = []
    for _ in range(2):
        model = Sequential(
            [layers.Dense(9, "relu"), layers.Dropout(0.3), layers.BatchNormalization(), layers.Dense(1)], seed=3
        )
        model.compile("RMSprop", "huber")
        model.fit(x, y, batch_size=8, epochs=4)
        runs.append(model.get_weights())
    for a, b in zip(*runs, strict=True):
        assert a.tobytes() == b.tobytes()


def test_train_on_batch_returns_the_loss_before_the_step(rng):
    x, y = rng.normal(size=(10, 2)), rng.normal(size=(10, 1))
    model = net()
    model.build((2,))
    before = model.evaluate(x, y)[0]
    assert model.train_on_batch(x, y) == pytest.approx(before, rel=1e-5)
    assert model.evaluate(x, y)[0] < before


def test_gradients_change_nothing_and_come_in_the_order_of_the_trainable_weights(rng):
    model = Sequential([layers.Dense(4), layers.BatchNormalization(), layers.Dense(2)])
    model.compile("SGD", "mse")
    x, y = rng.normal(size=(10, 3)), rng.normal(size=(10, 2))
    model.build((3,))
    before = model.get_weights()
    _, grads = model.gradients(x, y)
    assert [g.shape for g in grads] == [(3, 4), (4,), (4,), (4,), (4, 2), (2,)]
    assert [w.shape for w in before] == [(3, 4), (4,), (4,), (4,), (4,), (4,), (4, 2), (2,)]
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_config_round_trip_gives_the_same_model(rng):
    model = net()
    model.build((2,))
    again = Sequential.from_config(model.to_config())
    assert again.to_config() == model.to_config()
    x = rng.normal(size=(4, 2))
    np.testing.assert_array_equal(again.predict(x), model.predict(x))


def test_summary_names_layers_and_counts(capsys):
    model = net()
    model.build((2,))
    assert "dense (Dense)" in model.summary()
    assert "33" in capsys.readouterr().out
    assert model.count_params() == 33


def test_dropout_is_silent_outside_training(rng):
    model = Sequential([layers.Dropout(0.5)])
    model.compile("SGD", "mse")
    x = rng.normal(size=(6, 4)).astype(np.float32)
    np.testing.assert_array_equal(model.predict(x), x)


@pytest.mark.parametrize(
    ("do", "message"),
    [
        (lambda: layers.Dense(0), r"Dense wants units to be a whole number ≥ 1, got 0"),
        (lambda: layers.Dense("4"), r"Dense wants units to be a whole number"),
        (lambda: layers.Dense(4, "rleu"), r"unknown activation 'rleu'. Did you mean 'relu'\?"),
        (lambda: layers.Dropout(1.0), r"Dropout wants rate to be a number ≥ 0 and < 1, got 1.0"),
        (
            lambda: Sequential([layers.Dense(4)]).build((2, 2)),
            r"Dense\('dense'\) wants a vector .*Flatten.*got \(B, 2, 2\)",
        ),
        (lambda: Sequential([]).build((2,)), r"at least one layer"),
        (lambda: Sequential([layers.Dense(1, name="a"), layers.Dense(1, name="a")]), r"two layers are called 'a'"),
        (lambda: Sequential([layers.Dense(1)], dtype="int8"), r"dtype wants one of float32, float64, got 'int8'"),
        (lambda: Sequential([layers.Dense(1)]).predict(np.zeros((0,))), r"."),
        (lambda: Sequential([layers.Reshape((5,))]).build((4,)), r"target_shape of 4 numbers"),
    ],
)
def test_errors_say_who_wanted_what_and_got_what(do, message):
    with pytest.raises(ValueError, match=message):
        do()


def test_wrong_data_is_named(rng):
    model = net()
    model.build((2,))
    with pytest.raises(ValueError, match=r"wants \(B, 2\), got \(3, 4\)"):
        model.predict(np.zeros((3, 4)))
    with pytest.raises(ValueError, match=r"as many targets as examples, got 2 and 3"):
        model.train_on_batch(np.zeros((3, 2)), np.zeros((2, 1)))
    with pytest.raises(ValueError, match=r"mse wants targets of shape \(B, 1\), got \(B, 2\)"):
        model.train_on_batch(np.zeros((3, 2)), np.zeros((3, 2)))
    with pytest.raises(ValueError, match=r"wants numbers"):
        model.predict(np.array([["a", "b"]]))
    sparse = Sequential([layers.Dense(3, "softmax")])
    sparse.compile("SGD", "sparse_categorical_crossentropy")
    with pytest.raises(ValueError, match=r"wants classes 0 to 2, got 0 to 3"):
        sparse.train_on_batch(np.zeros((2, 2)), np.array([0, 3]))


def test_schedules_are_made_as_in_keras_and_drive_the_rate():
    decay = schedules.ExponentialDecay(0.1, decay_steps=2, decay_rate=0.5, staircase=True)
    assert [decay(t) for t in (0, 1, 2, 4)] == pytest.approx([0.1, 0.1, 0.05, 0.025])
    model = Sequential([layers.Dense(1, use_bias=False, kernel_initializer="zeros")], dtype="float64")
    model.compile(optimizers.SGD(decay), "mse")
    x, y = np.ones((1, 1)), np.array([[1000.0]])
    moves, last = [], 0.0
    for _ in range(4):
        model.train_on_batch(x, y)
        now = float(model.get_weights()[0][0, 0])
        moves.append((now - last) / (2 * (1000 - last)))
        last = now
    assert moves == pytest.approx([0.1, 0.1, 0.05, 0.05])
    assert optimizers.SGD(0.3).learning_rate == 0.3


def test_metrics_agree_with_hand_counts():
    t = np.array([0, 1, 1, 0, 1])
    p = np.array([0.2, 0.9, 0.4, 0.6, 0.8])
    assert metrics.get("accuracy")(t, p) == pytest.approx(3 / 5)
    assert metrics.get("precision")(t, p) == pytest.approx(2 / 3)
    assert metrics.get("recall")(t, p) == pytest.approx(2 / 3)
    assert metrics.get("f1")(t, p) == pytest.approx(2 / 3)
    assert metrics.get("r2")(np.array([1.0, 2, 3]), np.array([1.0, 2, 2])) == pytest.approx(0.5)
    assert metrics.confusion_matrix(t, metrics.predicted_classes(p), 2).tolist() == [[1, 1], [1, 2]]
    assert metrics.get("precision")(np.zeros(3), np.zeros(3)) == 0.0


def test_behind_an_input_layers_have_weights_at_once_and_a_cut_leaves_the_model_whole():
    model = Sequential([layers.Input((4,)), layers.Dense(3), layers.Dense(1)])
    assert [w.shape for w in model.layers[0].get_weights()] == [(4, 3), (3,)]
    assert model.count_params() == 19
    head = Sequential(model.layers[1:])
    with pytest.raises(ValueError, match=r"\(3,\)"):
        head.predict(np.ones((2, 4)))
    assert model.predict(np.ones((2, 4))).shape == (2, 1)
    with pytest.raises(ValueError, match="image"):
        model.add(layers.Conv2D(2, 3))
    assert len(model.layers) == 2
    model.add(layers.Dense(2))
    assert model.pop().get_weights()[0].shape == (1, 2)
    assert model.predict(np.ones((2, 4))).shape == (2, 1)


@pytest.mark.parametrize(
    "module",
    [
        "layers",
        "losses",
        "metrics",
        "optimizers",
        "activations",
        "initializers",
        "regularizers",
        "schedules",
        "callbacks",
    ],
)
def test_a_star_import_takes_nothing_of_the_callers_away(module):
    names = {"np": np}
    exec(f"from engine import {module}\nbefore = {module}\nfrom engine.{module} import *", names)
    assert names["np"] is np
    assert names[module] is names["before"]
    assert not {"Any", "sys", "math", "csv", "Path", "TYPE_CHECKING", "get"} & set(names)


def test_weights_are_found_by_their_names():
    model = Sequential([layers.Input((4,)), layers.Dense(3), layers.BatchNormalization()])
    dense, norm = model.layers
    assert np.asarray(dense.kernel).shape == dense.weights[0].numpy().shape == (4, 3)
    dense.kernel.assign(np.ones((4, 3)))
    assert (dense.get_weights()[0] == 1).all()
    with pytest.raises(ValueError, match=r"\(4, 3\)"):
        dense.kernel.assign(np.ones(3))
    assert [w.name for w in norm.trainable_weights] == ["gamma", "beta"]
    assert [w.name for w in norm.non_trainable_weights] == ["moving_mean", "moving_variance"]
    with pytest.raises(AttributeError, match="build its model first"):
        _ = layers.Dense(2).kernel
    with pytest.raises(AttributeError, match="no symbolic tensors"):
        _ = dense.output


def test_a_callback_hears_of_validation_and_of_metrics():
    told = []

    class Listener(callbacks.Callback):
        def on_test_begin(self, logs=None):
            told.append("test")

        def on_test_end(self, logs=None):
            told.append(sorted(logs))

        def on_train_batch_end(self, batch, logs=None):
            told.append(sorted(logs))

        def on_train_end(self, logs=None):
            told.append(sorted(logs))

    model = Sequential([layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["mae"])
    model.fit(np.ones((8, 2)), np.ones(8), validation_split=0.5, callbacks=[Listener()])
    assert told == [["loss", "mae"], "test", ["loss", "mae"], ["loss", "mae", "val_loss", "val_mae"]]
