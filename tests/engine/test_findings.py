"""Findings: counted over whole parts or a stated sample, no more certain and no graver than they are."""

import numpy as np
import pytest

from app.specs.presets import PRESETS
from engine.training import health
from engine.training.health import Finding, health_of, survey_of
from engine.training.history import CostHistory
from engine.training.inspection import Inspection
from engine.training.progress import EARLY, progress_of
from engine.training.survey import Survey, least_share
from engine.training.trainer import Trainer
from tests.days import VERIFY, todays
from tests.engine.test_trainer import dense, spec

SGD = {"name": "SGD", "learning_rate": 0.1}


def finding(trainer, kind):
    return next((f for f in health_of(trainer) if f["kind"] == kind), None)


def weight(trainer, layer, name):
    made = next(y for y in trainer.model.layers if y.name == layer)
    return trainer.model.store.array(next(w for w in made.weights if w.name == name))


def killed(*units, optimizer=None, layer="h1", layers=(4,), **more):
    """Trained one step, with all ReLU units of a layer dead since before that step."""
    chosen = {"optimizer": optimizer} if optimizer else {}
    trainer = Trainer(spec(layers=dense(*layers, activation="relu"), **chosen, **more))
    weight(trainer, layer, "bias")[list(units) or ...] = -1000
    trainer.run_for(60, 1)
    return trainer


def test_counts_are_over_every_training_example():
    trainer = Trainer(spec(layers=dense(4, activation="relu")))
    x = trainer.parts["train"][0]
    kernel, bias = weight(trainer, "h1", "kernel"), weight(trainer, "h1", "bias")
    direction = np.array([1.0, 0.3], kernel.dtype)
    far = x @ direction
    kernel[...], bias[...] = direction[:, None], -np.sort(far)[-2:].mean()
    found = finding(trainer, "dead")
    assert found is None, f"one example of {len(x)} lights them: {found}"
    bias[...] = -1.01 * far.max() - 1
    found = finding(trainer, "dead")
    assert (found["rows"], found["examples"], found["share"]) == (len(x), len(x), 1.0)


def test_a_look_at_part_of_the_examples_says_so_and_goes_on_to_all():
    trainer = killed(layers=(4, 4))
    survey = Survey(trainer)
    survey._count(survey.order[:50])
    Inspection.of(trainer).survey = survey
    survey.x = trainer.parts["train"][0]
    rows = survey.rows
    assert rows == 50
    assert least_share(rows, rows, survey.of) == pytest.approx(rows / (rows + 1.6449**2))
    found = finding(trainer, "dead")
    assert found["rows"] > 50, "who looks takes it further"
    assert survey_of(trainer) is survey
    trainer.run_for(60, 1)
    weight(trainer, "h1", "bias")[0] += 1
    assert survey_of(trainer) is not survey, "other weights are counted anew"


def test_the_bound_holds_in_19_of_20_samples():
    rng = np.random.default_rng(3)
    for share in (0.5, 0.9, 0.97):
        hits = rng.binomial(200, share, 4000)
        over = np.mean([least_share(int(k), 200, 10**6) > share for k in hits])
        assert over < 0.07, f"{share}: claims too much in {over:.3f} of all samples"


def stays(trainer, layer="h1"):
    """Whether its dead units are said to be past help, and whether 50 more steps left their weights as they were."""
    found = finding(trainer, "dead")
    own = [weight(trainer, layer, name) for name in ("kernel", "bias")]
    before = [array[..., list(found["units"])].copy() for array in own]
    trainer.run_for(60, 50)
    after = [array[..., list(found["units"])] for array in own]
    return found["lasting"], all(map(np.array_equal, before, after))


def test_cannot_recover_is_said_where_it_is_so():
    assert stays(killed(optimizer=SGD)) == (True, True)
    assert stays(killed(0, 1, optimizer=SGD)) == (True, True)


def test_cannot_recover_is_not_said_where_something_still_moves():
    assert not stays(killed(optimizer=SGD, layer="h2", layers=(4, 4)), "h2")[0], "the layer before may bring them back"
    assert stays(killed(optimizer=SGD, regularization={"l2": 0.01})) == (False, False), (
        "the penalty pulls at their weights"
    )
    turning = killed(optimizer={**SGD, "momentum": 0.9})
    next(iter(turning.model.store.slots.values()))[...] = 1.0
    assert stays(turning) == (False, False), "momentum carries them on"


def test_the_worst_comes_first(monkeypatch):
    found = [Finding("vanishing", "h", severity=severity) for severity in ("note", "watch", "alarm", "watch")]
    monkeypatch.setattr(health, "_of_gradients", lambda trainer, standing: found)
    told = health_of(Trainer(spec(layers=dense(4))))
    assert [f["severity"] for f in told if f["layer"] == "h"] == ["alarm", "watch", "watch", "note"]


def test_what_a_network_that_has_learnt_does_without_is_a_note():
    trainer = Trainer(spec(layers=dense(8, activation="relu"), data={"name": "circle"}))
    trainer.run_for(60, 1500)
    for unit in range(3):
        weight(trainer, "h1", "bias")[unit] = -1000
        weight(trainer, "out", "kernel")[unit] = 0
    found = finding(trainer, "dead")
    assert found["severity"] == "note"
    weight(trainer, "h1", "bias")[...] = -1000
    assert finding(trainer, "dead")["severity"] == "alarm", "nothing gets through a layer that is silent"


def test_before_anything_is_learnt_silent_units_are_an_alarm():
    assert finding(killed(0, 1), "dead")["severity"] == "alarm"


def twin(trainer):
    """Unit 3 gets the weights of unit 1."""
    for name in ("kernel", "bias"):
        weight(trainer, "h1", name)[..., 3] = weight(trainer, "h1", name)[..., 1]


def test_twins_have_the_same_weights_in_and_out():
    trainer = Trainer(spec(layers=dense(4), optimizer={"name": "Adam", "learning_rate": 0.01}))
    twin(trainer)
    assert finding(trainer, "twins") is None, "other weights out part them at the first step"
    weight(trainer, "out", "kernel")[3] = weight(trainer, "out", "kernel")[1]
    assert finding(trainer, "twins")["units"] == (1, 3)
    weight(trainer, "h1", "bias")[3] += 0.5
    assert finding(trainer, "twins") is None
    weight(trainer, "h1", "bias")[3] -= 0.5
    weight(trainer, "h1", "bias")[1] = weight(trainer, "h1", "bias")[3]
    trainer.run_for(60, 30)
    assert finding(trainer, "twins")["units"] == (1, 3), "and they stay twins"
    slot = next(iter(trainer.model.store.slots.values()))
    slot[...] = np.arange(len(slot))
    assert finding(trainer, "twins") is None, "the optimiser remembers different things"


def test_dropout_parts_twins():
    layers = dense(4)
    layers[0]["dropout"] = 0.5
    trainer = Trainer(spec(layers=layers))
    twin(trainer)
    weight(trainer, "out", "kernel")[3] = weight(trainer, "out", "kernel")[1]
    trainer.run_for(60, 10)
    kernel = weight(trainer, "h1", "kernel")
    assert (kernel[:, 1] != kernel[:, 3]).any()
    assert finding(trainer, "twins") is None


def test_a_network_that_has_learnt_has_no_twins_to_fear():
    trainer = Trainer(spec(layers=dense(8, activation="relu"), data={"name": "circle"}))
    trainer.run_for(60, 1500)
    for name in ("kernel", "bias"):
        weight(trainer, "h1", name)[..., 3] = weight(trainer, "h1", name)[..., 1]
    weight(trainer, "out", "kernel")[3] = weight(trainer, "out", "kernel")[1]
    found = finding(trainer, "twins")
    assert (found["units"], found["severity"]) == ((1, 3), "note")


def with_losses(losses):
    history = CostHistory()
    for i, loss in enumerate(losses):
        history.append(i + 1, 0, loss, *[np.nan] * 3)
    return history


def test_the_cost_falls_where_it_does_by_more_than_chance():
    rng = np.random.default_rng(1)
    noise = [rng.normal(1, 0.3, 200) for _ in range(300)]
    slope = np.linspace(0.3, 0, 200)
    assert np.mean([progress_of(with_losses(n)) == "falls" for n in noise]) < 0.04
    assert np.mean([progress_of(with_losses(n + slope)) == "falls" for n in noise]) > 0.8
    assert {progress_of(with_losses(n)) for n in noise} == {"falls", "stands"}
    assert progress_of(with_losses([])) == "early"
    assert progress_of(with_losses(noise[0][: EARLY - 1])) == "early"
    assert progress_of(with_losses(np.linspace(2, 1, 20))) == "falls", "no noise, no doubt"
    assert progress_of(with_losses([*noise[0], *noise[1] + 9, *noise[2] + 9])) == "stands", "the last rows count"


def standing_still(trainer):
    trainer.history.load(np.array([[i + 1, 0, 0.7, *[np.nan] * 3] for i in range(EARLY)]))
    return trainer


def test_a_few_silent_units_are_an_alarm_where_the_cost_stands_still():
    early = killed(0, layers=(4, 4), layer="h2")
    assert finding(early, "dead")["severity"] == "watch"
    assert finding(standing_still(early), "dead")["severity"] == "alarm"


def test_a_few_twins_are_an_alarm_where_the_cost_stands_still():
    trainer = Trainer(spec(layers=dense(8)))
    twin(trainer)
    weight(trainer, "out", "kernel")[3] = weight(trainer, "out", "kernel")[1]
    assert finding(trainer, "twins")["severity"] == "watch"
    assert finding(standing_still(trainer), "twins")["severity"] == "alarm"


def test_vanishing_gradients_are_no_alarm_while_the_cost_falls():
    deep = Trainer(spec(layers=dense(*[4] * 8, activation="sigmoid")))
    deep.run_for(60, 5)
    assert finding(deep, "vanishing")["severity"] == "alarm"
    deep.history.load(np.array([[i + 1, 0, 2 - i / 50, *[np.nan] * 3] for i in range(50)]))
    assert finding(deep, "vanishing")["severity"] == "watch"


def red(name, steps):
    """The alarms of a preset after some steps, counted and measured as far as a page does that in a moment."""
    trainer = Trainer(PRESETS[name].spec)
    for at in steps:
        if at:
            trainer.run_for(600, at - trainer.step_count)
        assert trainer.step_count == at
        for found in health_of(trainer):
            if found["severity"] == "alarm":
                yield at, found["kind"], found["layer"], found["amount"]


QUICK = ["circle", "spiral", "xor", "rings", "sine", "houses", "cancer", "iris", "digits", "lenet", "autoencoder"]


@pytest.mark.parametrize("name", QUICK)
def test_no_preset_begins_with_a_false_alarm(name):
    assert list(red(name, (0, 1, 5, 23, 60) if name in ("lenet", "autoencoder") else (0, 1, 23, 200))) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", todays(sorted(PRESETS.keys() - set(QUICK)), 1 if VERIFY else 3))
def test_no_large_preset_begins_with_a_false_alarm(name):
    assert list(red(name, (1, 3))) == []
