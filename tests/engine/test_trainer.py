"""The trainer: equal runs, whole checkpoints, edits that keep what was learnt, a past one can look at."""

import json

import numpy as np
import pytest

from app.specs import parse_spec
from app.specs.presets import PRESETS, dense
from engine.data import prepare
from engine.training import Trainer
from engine.training.blueprint import resolve
from engine.training.checkpoint import Checkpoint, Keyframes
from engine.training.health import health_of
from engine.training.history import next_row
from engine.training.inspection import Inspection
from engine.views import ViewContext, check_parameters, views


def spec(*units, **parts):
    return parse_spec({"layers": dense(*(units or (4, 2)))} | parts)


def trained(steps=60, **parts):
    trainer = Trainer(spec(**parts))
    trainer.run_for(60, steps)
    return trainer


def same(a, b):
    return a.model.store.values.tobytes() == b.model.store.values.tobytes()


def test_equal_specs_give_equal_bits_and_equal_histories():
    a, b = trained(dropout=0.2), trained(dropout=0.2)
    assert same(a, b)
    np.testing.assert_array_equal(a.history.rows(), b.history.rows())


def test_slicing_a_run_differently_changes_nothing():
    a = trained(200)
    b = Trainer(spec())
    for n in (1, 7, 30, 100, 62):
        b.run_for(60, n)
    assert same(a, b)
    np.testing.assert_array_equal(a.history.rows(), b.history.rows())


@pytest.mark.parametrize("name", ["SGD", "Adam", "RMSprop", "Adagrad", "AdamW"])
def test_a_checkpoint_resumes_bit_for_bit(name):
    parts = {"optimizer": {"name": name, "learning_rate": 0.01}, "dropout": 0.3}
    a = trained(83, **parts)
    frame = a.checkpoint()
    meta = json.loads(json.dumps(frame.meta))
    b = Trainer(spec(**parts))
    b.restore(Checkpoint(frame.arrays, meta))
    a.run_for(60, 90)
    b.run_for(60, 90)
    assert same(a, b)


def test_reset_keeps_the_initial_weights_and_a_new_seed_rolls_others():
    trainer = Trainer(spec())
    start = trainer.model.store.values.copy()
    trainer.run_for(60, 30)
    trainer.reset()
    np.testing.assert_array_equal(trainer.model.store.values, start)
    assert trainer.step_count == 0
    trainer.reset(99)
    assert not np.array_equal(trainer.model.store.values, start)


def test_terms_of_a_detectors_loss_are_those_of_the_batches_since_the_last_row():
    fresh, again = (Trainer(PRESETS["localisation"].spec) for _ in range(2))
    fresh.run_for(60, 1)
    again.costs.next_row = 100  # a long run has a row every so many steps
    again.run_for(60, 2)
    again.reset()
    again.run_for(60, 1)
    np.testing.assert_array_equal(again.term_history.table(), fresh.term_history.table())
    again.costs.next_row = 100
    again.run_for(60, 2)
    again.rewind(1)
    again.run_for(60, 1)
    fresh.run_for(60, 1)
    np.testing.assert_array_equal(again.term_history.table(), fresh.term_history.table())


def test_a_replay_after_reset_is_the_same_run():
    trainer = trained(120)
    first = trainer.model.store.values.copy()
    trainer.reset()
    trainer.run_for(60, 120)
    np.testing.assert_array_equal(trainer.model.store.values, first)


def test_adding_a_unit_keeps_the_weights_of_the_others():
    trainer = trained()
    before = trainer.weights()
    trainer.apply(spec(5, 2))
    after = trainer.weights()
    np.testing.assert_array_equal(after["h1/kernel"][:, :4], before["h1/kernel"])
    np.testing.assert_array_equal(after["h2/kernel"][:4], before["h2/kernel"])
    np.testing.assert_array_equal(after["out/kernel"], before["out/kernel"])
    assert trainer.step_count == 60


def test_removing_a_layer_and_undoing_it_brings_its_weights_back():
    trainer = trained()
    before = trainer.weights()
    whole = trainer.spec
    trainer.apply(spec(4))
    assert "h2/kernel" not in trainer.weights()
    trainer.apply(whole)
    np.testing.assert_array_equal(trainer.weights()["h2/kernel"], before["h2/kernel"])


def test_switching_an_input_on_keeps_the_weights_of_the_others():
    trainer = trained(data={"features": ["x1", "x2"]})
    before = trainer.weights()["h1/kernel"]
    trainer.apply(spec(data={"features": ["x1", "x2", "x1^2"]}))
    np.testing.assert_array_equal(trainer.weights()["h1/kernel"][:2], before)
    trainer.apply(spec(data={"features": ["x2", "x1^2"]}))
    np.testing.assert_array_equal(trainer.weights()["h1/kernel"][0], before[1])


def test_changing_optimiser_loss_and_rate_keeps_the_weights():
    trainer = trained()
    before = trainer.model.store.values.copy()
    for change in (
        {"optimizer": {"name": "Adam", "learning_rate": 0.01}},
        {"loss": {"name": "hinge"}},
        {"optimizer": {"name": "SGD", "learning_rate": 0.5, "schedule": {"name": "cosine_decay"}}},
        {"batch_size": 32},
        {"regularization": {"l2": 0.1}},
    ):
        trainer.apply(spec(**change))
        np.testing.assert_array_equal(trainer.model.store.values, before)


def test_a_wrong_edit_changes_nothing():
    trainer = trained()
    before = trainer.model.store.values.copy()
    with pytest.raises(ValueError, match="unknown activation"):
        trainer.apply(spec(layers=dense(4, 2, activation="nope")))
    np.testing.assert_array_equal(trainer.model.store.values, before)
    trainer.run_for(60, 3)


def test_looking_back_and_returning_loses_nothing():
    a, b = trained(150), trained(150)
    shown = a.look_back(40)
    assert abs(shown - 40) <= 2
    assert a.step_count == shown
    a.present()
    assert a.step_count == 150
    a.run_for(60, 50)
    b.run_for(60, 50)
    assert same(a, b)


def test_rewinding_forgets_the_future_and_replays_it_the_same():
    a, b = trained(150), trained(200)
    a.rewind(64)
    assert a.history.rows()[-1, 0] <= a.step_count
    a.run_for(60, 200 - a.step_count)
    assert same(a, b)
    np.testing.assert_array_equal(a.history.rows(), b.history.rows())


def test_looking_back_over_an_edit_shows_the_network_of_then():
    trainer = trained(40)
    trainer.apply(spec(6, 2))
    trainer.run_for(60, 40)
    trainer.look_back(20)
    assert trainer.weights()["h1/kernel"].shape == (2, 4)
    trainer.present()
    assert trainer.weights()["h1/kernel"].shape == (2, 6)


def test_divergence_is_named_and_a_rewind_helps():
    trainer = Trainer(spec(4, data={"name": "plane"}, optimizer={"name": "SGD", "learning_rate": 5000.0}))
    trainer.run_for(60, 500)
    assert trainer.diverged is not None
    found = health_of(trainer)[0]
    assert found["kind"] == "diverged"
    assert found["layer"] in {"h1", "out"}
    trainer.rewind(found["step"])
    assert trainer.diverged is None
    assert np.isfinite(trainer.model.store.values).all()


def test_troubles_are_found():
    equal = dense(4, kernel_initializer="ones")
    equal[-1]["kernel_initializer"] = "ones"
    twins = Trainer(spec(data={"name": "xor"}, layers=equal))
    twins.run_for(60, 20)
    assert "twins" in {f["kind"] for f in health_of(twins)}
    dead = Trainer(spec(layers=dense(4, activation="relu")))
    dead.model.store.array(dead.model.layers[0].weights[1])[...] = -1000
    assert next(f for f in health_of(dead) if f["kind"] == "dead")["units"] == (0, 1, 2, 3)
    wide = Trainer(spec(layers=dense(10, activation="relu")))
    wide.model.store.array(wide.model.layers[0].weights[1])[0] = -1000
    assert "dead" not in {f["kind"] for f in health_of(wide)}
    stuck = Trainer(spec(layers=dense(4, activation="sigmoid", kernel_initializer="large_normal")))
    stuck.model.store.values[:] *= 100
    assert "saturated" in {f["kind"] for f in health_of(stuck)}
    deep = Trainer(spec(layers=dense(*[4] * 9, activation="sigmoid")))
    deep.run_for(60, 20)
    assert "vanishing" in {f["kind"] for f in health_of(deep)}
    fine = trained(200)
    assert health_of(fine) == []


def test_stepping_by_example_batch_and_epoch():
    trainer = Trainer(spec())
    trainer.advance("example")
    assert (trainer.step_count, trainer.cursor) == (1, 1)
    trainer.advance("batch")
    assert (trainer.step_count, trainer.cursor) == (2, 11)
    trainer.advance("epoch")
    assert trainer.cursor == len(trainer.x)
    trainer.advance("epoch")
    assert (trainer.epoch, trainer.cursor) == (1, len(trainer.x))


def test_history_rows_grow_with_the_logarithm_of_the_steps():
    step = rows = 0
    while step < 1_000_000:
        step, rows = next_row(step), rows + 1
    assert rows < 7000
    assert next_row(10) == 11


def test_keyframes_stay_within_their_number_and_cover_the_run():
    frames = Keyframes(20)
    for step in range(0, 2000, 5):
        frames.add(Checkpoint({}, {"step": step}))
    steps = frames.steps()
    assert len(steps) == 20
    assert steps[0] == 0
    assert steps[-1] == 1995
    assert sum(s < 200 for s in steps) >= 5


@pytest.mark.parametrize("preset", sorted(PRESETS))
@pytest.mark.parametrize("name", views.names())
def test_every_view_works_on_every_preset(preset, name, prepared):
    trainer = prepared(preset)
    context = ViewContext(trainer, inspection=Inspection.of(trainer))
    result = views.get(name).compute(context, **check_parameters(name, {}))
    json.dumps(result.about)
    for array in result.tensors.values():
        assert array.flags.c_contiguous
        if name not in ("metrics", "cost"):  # where "not measured" is NaN
            assert not np.isnan(array.astype(np.float64)).any()


@pytest.fixture(scope="module")
def prepared():
    kept = {}

    def make(preset):
        if preset not in kept:
            kept[preset] = Trainer(PRESETS[preset].spec)
            kept[preset].run_for(60, 5)
        return kept[preset]

    return make


def test_a_map_shows_what_the_network_answers():
    trainer = trained(300)
    result = views.get("boundary").compute(ViewContext(trainer, exact=True), size=11, across=0, up=1)
    corner = trainer.model.predict(trainer.data.encode(np.array([[-6.0, 6.0]])))
    assert result.tensors["p"][0, 0] == pytest.approx(float(corner[0, 0]), abs=1e-5)
    small = views.get("neurons").compute(ViewContext(trainer), **check_parameters("neurons", {"size": 11}))
    scale = small.about["scales"]["h1"]["reach"]
    exact = views.get("neurons").compute(ViewContext(trainer, exact=True), **check_parameters("neurons", {"size": 11}))
    back = (small.tensors["h1"].astype(float) - 128) / 127 * scale
    np.testing.assert_allclose(back, exact.tensors["h1"], atol=scale / 100)


@pytest.mark.parametrize("name", ["Adam", "AdamW"])
def test_an_optimiser_that_takes_over_begins_as_if_it_were_new(name):
    """Its means are corrected by their own age: else its first steps are three times too long."""
    trainer = Trainer(PRESETS["circle"].spec)
    trainer.run_for(60, 2000)
    frame, before = trainer.checkpoint(), trainer.model.store.values.copy()
    taken = {**PRESETS["circle"].spec, "optimizer": {"name": name, "learning_rate": 0.001}}
    trainer.apply(taken)
    trainer.step()
    assert np.abs(trainer.model.store.values - before).max() <= 0.001 * 1.05
    assert trainer.model.optimizer.iterations == 2001  # schedules go on
    again = Trainer(PRESETS["circle"].spec)
    again.restore(frame)
    again.apply(taken)
    again.step()
    middle = again.checkpoint()
    other = Trainer(taken)
    other.restore(Checkpoint(middle.arrays, json.loads(json.dumps(middle.meta))))
    for one in (trainer, again, other):
        one.run_for(60, 20)
    assert trainer.model.store.values.tobytes() == again.model.store.values.tobytes()
    assert trainer.model.store.values.tobytes() == other.model.store.values.tobytes()


def test_a_part_of_a_spec_that_says_little_or_nothing_stands_at_its_defaults():
    """From Python a spec may leave out what the parser fills in."""
    plain = {"name": "circle", "samples": 60}
    np.testing.assert_array_equal(prepare({**plain, "split": None}).index["train"], prepare(plain).index["train"])
    scene = {"name": "scenes_shapes", "samples": 12}
    np.testing.assert_array_equal(prepare({**scene, "scene": None}).x, prepare(scene).x)
    data = prepare(plain)
    whole = parse_spec({"layers": dense(3), "data": plain})
    for said in ({}, {"l2": 0.25}, {"l1": 0.5}):
        first, *_ = resolve({**whole, "regularization": said}, data.goal, data.input_shape)["layers"]
        assert (first["l1"], first["l2"]) == (said.get("l1", 0.0), said.get("l2", 0.0))
