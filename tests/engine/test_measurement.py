"""A measurement is of one moment, whatever the run does meanwhile, and measuring changes nothing of the run."""

import time

import numpy as np
import pytest

from app.specs.presets import PRESETS
from app.worker.post import Post
from app.worker.run import Run
from app.worker.turns import Turns
from engine.metrics import metrics
from engine.training import Trainer
from engine.training.history import CostHistory
from engine.training.inspection import Inspection
from engine.views import ViewContext, views

NOTHING = (np.nan,) * 3
NETS = {name: PRESETS[name].spec for name in ("circle", "lenet", "autoencoder")}
for name in ("lenet", "autoencoder"):
    NETS[name] = NETS[name] | {"data": NETS[name]["data"] | {"samples": 1000}, "batch_size": 16}


@pytest.fixture(autouse=True)
def _small_samples(monkeypatch):
    """Samples are a part of what is there, and measuring them is no matter of an instant."""
    monkeypatch.setattr("engine.training.measurement.SAMPLE_ROWS", (32, 200))
    monkeypatch.setattr("engine.training.measurement.PIECE_MULTIPLICATIONS", 1e7)
    monkeypatch.setattr("engine.training.costs.QUICK_SECONDS", 0.001)


def rows(trainer):
    return trainer.history.rows()


def test_a_sample_and_the_whole_are_what_the_engine_says():
    trainer = Trainer(NETS["lenet"])
    trainer.run_for(60, 5)
    made = trainer.costs.measurement(trainer.at).finish()
    assert made.ready
    assert not made.whole
    part = made.parts["train"]
    x, t = trainer.parts["train"]
    assert part.rows == 200 < len(x)
    assert part.cost == pytest.approx(trainer.model.loss_of(x[part.chosen], t[part.chosen]), rel=1e-5)
    np.testing.assert_allclose(part.answers, trainer.model.predict(x[part.chosen]), atol=1e-6)
    made.finish(whole=True)
    assert made.whole
    np.testing.assert_allclose(made.costs, [trainer.cost(p, None) for p in ("train", "cv", "test")], rtol=1e-5)
    np.testing.assert_allclose(part.answers, trainer.model.predict(x), atol=1e-6)


@pytest.mark.parametrize("name", ["lenet", "autoencoder"])
def test_what_was_begun_is_of_the_moment_it_was_begun_at(name):
    trainer, other = Trainer(NETS[name]), Trainer(NETS[name])
    for one in (trainer, other):
        one.run_for(60, 3)
    wanted = other.costs.measurement(other.at).finish().costs
    made = trainer.costs.measurement(trainer.at)
    made.keep()
    while not made.ready:
        made.advance(0.0, whole=False)
        trainer.run_for(60, 1)
        other.run_for(60, 1)
    np.testing.assert_allclose(made.costs, wanted, rtol=1e-6)
    assert made.at.step == 3 < trainer.step_count
    assert trainer.model.store.values.tobytes() == other.model.store.values.tobytes(), "the run is as it would be"
    assert trainer.model.store.state.tobytes() == other.model.store.state.tobytes()


def test_errors_that_are_summed_up_are_those_of_the_metrics():
    trainer = Trainer(NETS["autoencoder"])
    trainer.run_for(60, 2)
    sums = trainer.costs.measurement(trainer.at).finish().parts["cv"]
    x = trainer.parts["cv"][0][sums.chosen]
    y = trainer.model.predict(x).reshape(x.shape)
    for name in ("mae", "mse", "r2"):
        assert sums.sums.of(name) == pytest.approx(metrics.get(name)(x, y), rel=1e-4, abs=1e-6)


def test_every_kind_of_change_is_another_revision_and_steps_are_not():
    trainer = Trainer(NETS["circle"])
    seen = [trainer.at]

    def changed(what):
        assert trainer.at.revision > seen[-1].revision, what
        seen.append(trainer.at)

    trainer.run_for(60, 80)
    assert trainer.at == (80, seen[0].revision)
    trainer.apply(trainer.spec | {"optimizer": {**trainer.spec["optimizer"], "learning_rate": 0.01}})
    changed("rate")
    trainer.apply(trainer.spec | {"batch_size": 5})
    changed("set")
    trainer.edit_weight("out", "bias", [0], 1.0)
    changed("edit")
    trainer.set_weights(trainer.weights())
    changed("load")
    trainer.move(trainer.model.store.values + 1)
    changed("move")
    kept = trainer.checkpoint()
    trainer.look_back(10)
    changed("seek")
    trainer.present()
    changed("back")
    trainer.rewind(20)
    changed("rewind")
    trainer.restore(kept)
    changed("restore")
    other = Trainer(trainer.spec)
    other.restore(trainer.checkpoint())
    assert other.at.revision > trainer.at.revision, "a branch is another run"
    trainer.reset()
    changed("reset")
    before = trainer.at
    with pytest.raises(ValueError, match="unknown activation"):
        trainer.apply(trainer.spec | {"layers": [trainer.spec["layers"][-1] | {"activation": "nope"}]})
    assert trainer.at == before, "what was refused changed nothing"


def test_the_tip_of_the_history_is_no_part_of_the_record():
    history, alone = CostHistory(), CostHistory()
    for one in (history, alone):
        one.append(0, 0.0, np.nan, 3.0, 3.0, 3.0)
        one.append(2, 0.5, 1.5, *NOTHING)
    history.rests(2, 0.6, 0.4, (1.0, 1.1, 1.2))
    np.testing.assert_array_equal(history.rows()[-1], [2, 0.6, 1.5, 1.0, 1.1, 1.2])
    assert (history.count, history.take_changed()) == (2, 1)
    history.rests(3, 0.75, 0.3, NOTHING)
    assert (history.count, history.last[0]) == (3, 3)
    np.testing.assert_array_equal(history.rows(2)[0], [3, 0.75, 0.3, *NOTHING])
    history.rests(3, 0.75, 0.3, (0.5, 0.5, 0.5))
    assert history.take_changed() == 1, "the second row is as it was"
    for one in (history, alone):
        one.append(4, 1.0, 1.25, 0.4, 0.4, 0.4)
    np.testing.assert_array_equal(history.rows(), alone.rows())
    assert history.take_changed() == 2


def slices(run, until):
    for _ in range(20_000):
        if until():
            return
        run.slice(0.004)
    raise AssertionError("it does not come to an end")


def run_of(name, **changes):
    run = Run("a", Trainer(NETS[name] | changes, beside=True), Post([].append), Turns(0.004))
    return run, run.trainer


def test_a_run_at_rest_is_measured_in_slices_to_the_last_example_and_rests():
    run, trainer = run_of("lenet")
    assert run.wait(time.perf_counter()) == 0.0
    longest = 0
    before = 0
    while run.measuring.unfinished:
        run.slice(0.004)
        known = run.measuring._live
        longest, before = max(longest, known.rows - before), known.rows
    assert longest < 0.1 * sum(part.of for part in known.parts.values()), "no slice measures all of it"
    assert run.wait(time.perf_counter()) is None
    np.testing.assert_allclose(
        trainer.history.last[3:], [trainer.cost(p, None) for p in ("train", "cv", "test")], rtol=1e-5
    )


def test_a_run_that_rested_goes_on_as_if_it_had_not():
    run, trainer = run_of("circle")
    alone = Trainer(NETS["circle"])
    for steps in (100, 501, 333):
        trainer.run_for(60, steps)
        alone.run_for(60, steps)
        slices(run, lambda: not run.measuring.unfinished)
        assert rows(trainer)[-1, 0] == trainer.step_count
    trainer.run_for(60, 200)
    alone.run_for(60, 200)
    np.testing.assert_array_equal(rows(trainer), rows(alone))
    assert trainer.model.store.values.tobytes() == alone.model.store.values.tobytes()


def test_costs_beside_the_training_are_those_that_a_run_alone_records():
    run, trainer = run_of("lenet")
    alone = Trainer(NETS["lenet"])
    alone.run_for(60, 130)
    run.play()
    slices(run, lambda: trainer.step_count >= 130)
    mine, wanted = rows(trainer)[:131], rows(alone)[:131]
    pending = trainer.costs.pending
    if pending is not None:
        pending.advance(float("inf"), whole=False)
        trainer.costs.settle()
        mine = rows(trainer)[:131]
    np.testing.assert_array_equal(mine[:, :3], wanted[:, :3])
    assert np.isfinite(wanted[:, 3]).sum() >= 2
    np.testing.assert_array_equal(np.isfinite(mine[:, 3]), np.isfinite(wanted[:, 3]))
    np.testing.assert_allclose(mine[:, 3:], wanted[:, 3:], rtol=1e-6)


def test_views_and_findings_of_one_look_read_one_measurement():
    run, trainer = run_of("lenet")
    slices(run, lambda: not run.measuring.unfinished)
    run.play()
    slices(run, lambda: trainer.step_count > 20)
    context = ViewContext(trainer, inspection=Inspection.of(trainer))
    cost, table = (views.get(n).compute(context, **p) for n, p in (("cost", {}), ("metrics", {"threshold": 0.5})))
    assert cost.about["at"] == table.about["at"] == context.measured.at.plain()
    assert cost.about["at"]["step"] < trainer.step_count


def test_a_measurement_that_fails_is_given_up_and_the_run_goes_on(monkeypatch):
    run, trainer = run_of("circle")

    def fails(*_, **__):
        raise MemoryError("no room")

    monkeypatch.setattr("engine.training.measurement.Measurement.advance", fails)
    trainer.edit_weight("out", "bias", [0], 1.0)
    run.slice(0.004)
    assert "no room" in run.failed
    assert run.wait(time.perf_counter()) is None, "it does not try for ever"
    monkeypatch.undo()
    trainer.edit_weight("out", "bias", [0], 2.0)
    slices(run, lambda: not run.measuring.unfinished)
    assert trainer.history.last[3] == pytest.approx(trainer.cost("train"), rel=1e-6)
