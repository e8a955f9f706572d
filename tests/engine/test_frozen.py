"""Layers that do not learn, and layers in more than one model."""

import numpy as np
import pytest

from engine import Sequential, layers
from engine.core.plan import Plan


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def compiled(*parts, optimizer="adam", shape=(6, 6, 2), seed=3, dtype="float64"):
    model = Sequential(list(parts), seed=seed, dtype=dtype)
    model.compile(optimizer, "half_mse")
    model.build(shape)
    return model


def image_net():
    return [
        layers.Conv2D(4, 3, activation="relu"),
        layers.BatchNormalization(),
        layers.ResidualBlock(4),
        layers.Flatten(),
        layers.Dense(5, activation="tanh", kernel_regularizer={"l2": 0.1}),
        layers.Dense(2),
    ]


def data(rng, shape=(6, 6, 2), outputs=2, examples=8):
    return rng.normal(size=(examples, *shape)), rng.normal(size=(examples, outputs))


@pytest.mark.parametrize("frozen", [(0,), (1,), (2,), (4,), (0, 1, 2), (1, 4), (0, 1, 2, 4, 5)])
def test_frozen_layers_stay_and_the_others_get_the_gradient_they_had(frozen, rng):
    """One step with some layers frozen is the whole net's gradient on the others; a frozen batch norm is a constant."""
    x, y = data(rng)
    whole, part = compiled(*image_net(), optimizer="SGD"), compiled(*image_net(), optimizer="SGD")
    for i in frozen:
        part.layers[i].trainable = False
    if {1, 2} & set(frozen):  # the whole net must use moving averages where the part does
        for i in set(frozen) & {1, 2}:
            whole.layers[i].trainable = False
    before = part.get_weights()
    loss, slopes = part.gradients(x, y)
    full = dict(zip(names(whole), whole.gradients(x, y)[1], strict=True))
    assert len(slopes) == len(names(part))
    for name, slope in zip(names(part), slopes, strict=True):
        np.testing.assert_allclose(slope, full[name], rtol=1e-9, atol=1e-12, err_msg=name)
    part.train_on_batch(x, y)
    moved = {w.name: not np.array_equal(a, b) for w, a, b in zip(part.weights, before, part.get_weights(), strict=True)}
    for i, layer in enumerate(part.layers):
        if i in frozen:
            for weight in layer.weights:
                assert np.array_equal(weight.array, before[part.weights.index(weight)]), (
                    f"{layer.name}/{weight.name} moved"
                )
    assert any(moved.values()) == (len(frozen) < 5)
    assert np.isfinite(loss)


def names(model):
    return [f"{leaf.name}/{w.name}" for leaf in model.leaves for w in leaf.weights if w.trainable]


def test_only_what_learns_has_gradients_and_optimiser_state(rng):
    model = compiled(*image_net())
    x, y = data(rng)
    model.train_on_batch(x, y)
    everything = model.store.gradients.size
    calls = len(model.plan(len(x), "train").calls)
    for layer in model.layers[:5]:
        layer.trainable = False
    model.train_on_batch(x, y)
    learning = sum(w.size for w in model.layers[5].weights)
    assert model.store.gradients.size == learning < everything
    assert all(slot.size == learning for slot in model.store.slots.values())
    assert len(model.plan(len(x), "train").calls) < calls / 2, "frozen layers in front cost no way back"


def test_optimiser_state_of_layers_that_go_on_learning_is_kept(rng):
    model, other = compiled(*image_net()), compiled(*image_net())
    x, y = data(rng)
    for m in (model, other):
        for _ in range(3):
            m.train_on_batch(x, y)
    kept = model.store.placed(model.layers[5].weights[0], model.store.slots["m"]).copy()
    model.layers[0].trainable = False
    assert np.array_equal(model.store.placed(model.layers[5].weights[0], model.store.slots["m"]), kept)
    model.layers[0].trainable = True
    assert model.store.placed(model.layers[0].weights[0], model.store.slots["m"]).max() == 0


def test_a_frozen_batch_norm_uses_its_moving_averages_and_keeps_them(rng):
    norm = layers.BatchNormalization()
    model = compiled(norm, layers.Flatten(), layers.Dense(2), optimizer="SGD")
    x, y = data(rng)
    norm.trainable = False
    before = [w.array.copy() for w in norm.weights]
    loss = model.train_on_batch(x, y)
    assert all(np.array_equal(a, w.array) for a, w in zip(before, norm.weights, strict=True))
    expected = compiled(layers.BatchNormalization(), layers.Flatten(), layers.Dense(2), optimizer="SGD")
    assert loss == pytest.approx(expected.evaluate(x, y), rel=1e-9)


def test_trainable_is_written_down_and_read_back():
    model = compiled(*image_net())
    model.layers[2].trainable = False
    model.layers[4].trainable = False
    again = Sequential.from_config(model.to_config())
    assert [layer.trainable for layer in again.layers] == [True, True, False, True, False, True]
    assert names(again) == names(model)
    assert not layers.Dense(2, trainable=False).trainable


def test_trainable_is_true_or_false():
    with pytest.raises(ValueError, match="expected trainable to be true or false, got 'no'"):
        layers.Dense(2).trainable = "no"


def test_a_layer_can_be_in_a_model_once():
    shared = layers.Dense(4, name="d")
    with pytest.raises(ValueError, match=r"'d'.*in this model already"):
        Sequential([shared, shared])
    with pytest.raises(ValueError, match="in this model already"):
        Sequential([layers.Residual([shared, shared])])


def test_a_model_is_cut_and_extended_with_what_it_has_learnt(rng):
    """The layers are the same ones in both models, as in Keras: training one trains the other."""
    x, y = rng.normal(size=(16, 4)), rng.normal(size=(16, 1))
    base = compiled(layers.Dense(8, activation="tanh"), layers.Dense(6, activation="tanh"), layers.Dense(1), shape=(4,))
    for _ in range(5):
        base.train_on_batch(x, y)
    learnt, answers = base.get_weights(), base.predict(x)
    model = Sequential([*base.layers[:-1], layers.Dense(3)], dtype="float64")
    model.compile("adam", "half_mse")
    model.build((4,))
    for a, b in zip(model.get_weights()[:-2], learnt[:-2], strict=True):
        assert np.array_equal(a, b)
    assert np.array_equal(base.predict(x), answers)
    assert len(model.get_weights()) == 6
    assert [w.shape for w in model.get_weights()][-2:] == [(6, 3), (3,)]
    model.train_on_batch(x, rng.normal(size=(16, 3)))
    for a, b in zip(model.get_weights()[:-2], base.get_weights()[:-2], strict=True):
        assert np.array_equal(a, b)
    assert not np.array_equal(model.get_weights()[0], learnt[0])
    assert np.array_equal(base.get_weights()[-1], learnt[-1])
    base.train_on_batch(x, y)
    fresh = compiled(
        layers.Dense(8, activation="tanh"), layers.Dense(6, activation="tanh"), layers.Dense(1), shape=(4,)
    )
    fresh.set_weights(base.get_weights())
    np.testing.assert_allclose(base.predict(x), fresh.predict(x), rtol=1e-12)


def test_freezing_a_shared_layer_counts_in_every_model(rng):
    x = rng.normal(size=(8, 4))
    base = compiled(layers.Dense(5, activation="tanh"), layers.Dense(1), shape=(4,))
    model = Sequential([base.layers[0], layers.Dense(3)], dtype="float64")
    model.compile("adam", "half_mse")
    model.build((4,))
    base.layers[0].trainable = False
    before = base.get_weights()[0]
    model.train_on_batch(x, rng.normal(size=(8, 3)))
    base.train_on_batch(x, rng.normal(size=(8, 1)))
    assert np.array_equal(base.get_weights()[0], before)
    assert len(model.gradients(x, rng.normal(size=(8, 3)))[1]) == 2


def test_a_shared_layer_wants_the_input_that_it_was_built_for():
    base = compiled(layers.Dense(5), layers.Dense(1), shape=(4,))
    model = Sequential([layers.Dense(7), base.layers[0]], dtype="float64")
    with pytest.raises(ValueError, match=r"built for, \(4,\)"):
        model.build((3,))


def test_a_plan_refuses_a_call_that_does_not_say_what_it_writes():
    plan = Plan.lone(2, np.dtype("float32"))
    a = plan.buffer((3, 2))
    plan.call(lambda array: None, a)
    with pytest.raises(TypeError, match="@writes"):
        plan.finish()


def test_a_plan_refuses_to_read_what_only_the_last_run_wrote():
    plan = Plan.lone(2, np.dtype("float32"))
    a, b = plan.buffer((3, 2)), plan.buffer((3, 2))
    plan.call(np.copyto, b, a)
    plan.call(np.copyto, a, plan.scalar(1))
    with pytest.raises(AssertionError, match="before they are written"):
        plan.finish()


@pytest.mark.parametrize("ratio", [0, 1, 100, 1_000, 10_000])
@pytest.mark.parametrize("shape", [(9, 9, 3), (7,), (5, 3)])
@pytest.mark.parametrize("cut", [False, True])
def test_moments_far_from_zero_are_those_of_the_numbers(shape, ratio, cut, rng, monkeypatch):
    """x̂ of a first step, mean over deviation up to 10,000, whole and in shards: that of float64 to 1e-5."""
    monkeypatch.setattr("engine.core.plan.SHARE", False)
    monkeypatch.setattr("engine.planning.SHARD_FROM", 0 if cut else 1e18)
    x = (rng.normal(size=(32, *shape)) * 2 + 2 * ratio).astype(np.float32)
    norm = layers.BatchNormalization(epsilon=1e-12)
    model = Sequential([norm, *([layers.Flatten()] if len(shape) > 1 else []), layers.Dense(1)])
    model.compile("SGD", "half_mse")
    model.build(shape)
    plan = model.plan(32, "train")
    plan.input[...], plan.target[...] = x, 0
    plan.run()
    halves = getattr(plan, "shards", [plan])
    found = np.concatenate([np.moveaxis(half.outputs[norm].data, -1, 0) for half in halves])
    axes, exact = tuple(range(x.ndim - 1)), x.astype(np.float64)
    np.testing.assert_allclose(found, (exact - exact.mean(axes)) / exact.std(axes), rtol=1e-5, atol=1e-5)
    plan.run_updates()
    np.testing.assert_allclose(norm.mean.array / 0.01, exact.mean(axes), rtol=1e-5, atol=1e-5)
