"""What the course looks into: closed form, cost surfaces, propagation, effective steps, early stopping, the verdict."""

import json

import numpy as np
import pytest

from app.specs import check_spec, facts_of, parse_spec
from app.specs.presets import PRESETS, dense
from app.specs.remedies import remedies
from engine.stages import stages_of
from engine.training import Trainer
from engine.training.bias_variance import bias_and_variance
from engine.training.checkpoint import Checkpoint
from engine.training.health import health_of
from engine.training.inspection import Inspection
from engine.training.surface import Surface, parameter_places
from engine.views import ViewContext, check_parameters, views

LINE = [{"id": "out", "units": "auto", "activation": "auto"}]


def trainer_of(layers=None, **parts):
    return Trainer(parse_spec({"layers": layers or LINE} | parts))


def look(trainer, name, **parameters):
    context = ViewContext(trainer, inspection=Inspection.of(trainer))
    return views.get(name).compute(context, **check_parameters(name, parameters))


# -- the normal equation ---------------------------------------------------------------------------------------------
def test_the_normal_equation_lands_where_gradient_descent_goes():
    parts = {"data": {"name": "cottages", "scaling": "zscore"}, "batch_size": 4096, "regularization": {"l2": 0.01}}
    solved, walked = trainer_of(**parts), trainer_of(**parts, optimizer={"name": "SGD", "learning_rate": 0.3})
    answer = solved.solve()
    assert (answer["rank"], answer["full_rank"]) == (2, True)
    walked.run_for(60, 400)
    np.testing.assert_allclose(solved.model.store.values, walked.model.store.values, atol=1e-5)


def test_columns_that_are_each_others_sum_are_reported(tmp_path):
    answer = trainer_of(
        data={"name": "plane", "features": ["x1", "x2"], "degree": 1, "samples": 10, "split": {"train": 0.2, "cv": 0.2}}
    ).solve()
    assert (answer["rank"], answer["columns"], answer["full_rank"]) == (1, 2, False)  # two points, two weights and b


@pytest.mark.parametrize(("parts", "words"), [
    ({"layers": dense(3)}, "one linear layer"),
    ({"data": {"name": "line"}, "loss": {"name": "mae"}}, "squared error"),
    ({"data": {"name": "line"}, "regularization": {"l1": 0.1}}, "no L1"),
])  # fmt: skip
def test_what_cannot_be_solved_is_refused_in_words(parts, words):
    with pytest.raises(ValueError, match=words):
        trainer_of(**({"data": {"name": "line"}} | parts)).solve()


# -- surfaces --------------------------------------------------------------------------------------------------------
def test_a_surface_is_j_at_its_places_and_leaves_the_net_alone():
    trainer = trainer_of(data={"name": "line"}, regularization={"l2": 0.05})
    before = trainer.model.store.values.copy()
    surface = Surface(trainer, check_parameters("surface", {"span": 2.0, "size": 9}))
    surface.advance(60)
    assert surface.finished
    np.testing.assert_array_equal(trainer.model.store.values, before)
    x, y = trainer.data.part("train")
    for row, column in ((0, 0), (3, 7), (8, 8)):
        w, b = surface.u[column], surface.v[8 - row]
        j = ((w * x[:, 0] + b - y[:, 0]) ** 2).mean() / 2 + 0.05 * w * w
        assert surface.j[row, column] == pytest.approx(j, rel=1e-4)


def test_random_directions_have_the_size_of_the_filters_and_biases_stay():
    trainer = trainer_of(dense(4, 3))
    surface = Surface(trainer, check_parameters("surface", {"mode": "random"}))
    for weight in trainer.model.weights:
        drawn, own = weight.of(surface.plane.first), trainer.model.store.array(weight)
        if len(weight.shape) == 1:
            assert not drawn.any()
        else:
            np.testing.assert_allclose(np.linalg.norm(drawn, axis=0), np.linalg.norm(own, axis=0), rtol=1e-5)


def test_a_slice_is_drawn_anew_when_the_rest_of_the_net_has_moved_but_never_gets_in_the_way():
    trainer = trainer_of(dense(3), data={"name": "moons"})
    look(trainer, "surface")
    first = Inspection.of(trainer).surface
    trainer.run_for(60, 5)
    look(trainer, "surface")
    assert Inspection.of(trainer).surface is first, "what is begun is finished first"
    first.advance(60)
    look(trainer, "surface")
    assert Inspection.of(trainer).surface is first, "and then it rests"
    first.began = 0.0
    look(trainer, "surface")
    assert Inspection.of(trainer).surface is not first
    alone = trainer_of(data={"name": "line"})
    look(alone, "surface")
    Inspection.of(alone).surface.advance(60)
    Inspection.of(alone).surface.began = 0.0
    alone.run_for(60, 5)
    known = Inspection.of(alone).surface
    look(alone, "surface")
    assert Inspection.of(alone).surface is known, "two parameters have one surface for ever"


def test_the_path_lies_in_its_own_plane():
    trainer = trainer_of(dense(2), data={"name": "moons"}, optimizer={"name": "SGD", "learning_rate": 0.3})
    look(trainer, "surface", mode="path")
    Inspection.of(trainer).surface.advance(60)
    look(trainer, "surface", mode="path")
    Inspection.of(trainer).surface.began = 0.0  # it has rested since
    trainer.run_for(60, 40)
    shown = look(trainer, "surface", mode="path")
    assert shown.tensors["path"].shape == (41, 3)
    np.testing.assert_allclose(shown.tensors["here"], [0, 0], atol=1e-6)  # the directions go through the present
    rows = Inspection.of(trainer).trace.rows
    moved = np.array([r - rows[-1] for r in rows])
    kept = np.square(shown.tensors["path"][:, :2]).sum() / np.square(moved).sum()
    assert kept > 0.8, "two components hold most of the way"


def test_looking_changes_no_bit_of_the_run():
    parts = {"data": {"name": "moons"}, "optimizer": {"name": "Adam", "learning_rate": 0.01}, "dropout": 0.2}
    watched, alone = trainer_of(dense(5), **parts), trainer_of(dense(5), **parts)
    for _ in range(6):
        for name in ("surface", "propagation", "effective_steps"):
            look(watched, name)
        Inspection.of(watched).surface.advance(0.01)
        watched.run_for(60, 7)
        alone.run_for(60, 7)
    assert watched.model.store.values.tobytes() == alone.model.store.values.tobytes()
    np.testing.assert_array_equal(watched.history.rows(), alone.history.rows())


def test_every_place_has_its_name():
    trainer = trainer_of(dense(3))
    named = dict(parameter_places(trainer))
    kernel = trainer.model.store.array(trainer.model.weights[0])
    assert trainer.model.store.values[named["h1/kernel[1,2]"]] == kernel[1, 2]
    assert len(named) == trainer.model.store.values.size


def test_a_net_with_nothing_to_learn_has_no_surface():
    trainer = trainer_of([{"id": "out", "type": "Activation", "activation": "tanh"}], data={"name": "line"})
    assert look(trainer, "surface").tensors == {}
    assert look(trainer, "effective_steps").about["names"] == []
    assert "out/a" in look(trainer, "propagation").tensors


# -- propagation -----------------------------------------------------------------------------------------------------
CONV = [{"id": "c1", "type": "Conv2D", "filters": 3, "kernel_size": 3, "activation": "relu"},
        {"id": "p1", "type": "MaxPooling2D"}, {"id": "d1", "units": 6, "activation": "tanh"}, *LINE]  # fmt: skip


@pytest.mark.parametrize(("layers", "parts"), [
    (dense(4, 3), {"data": {"name": "circle"}}),
    (dense(5, activation="sigmoid"), {"data": {"name": "rings"}, "regularization": {"l2": 0.01, "l1": 0.001}}),
    (dense(3), {"data": {"name": "sine"}, "loss": {"name": "mae"}}),
    (CONV, {"data": {"name": "digits"}}),
], ids=["binary", "several, with penalties", "numbers", "convolution"])  # fmt: skip
@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_propagation_agrees_with_the_engines_gradients(layers, parts, optimizer):
    trainer = trainer_of(layers, **parts, optimizer={"name": optimizer, "learning_rate": 0.1})
    trainer.run_for(60, 3)
    found = look(trainer, "propagation", index=2, count=4)
    rows = np.arange(2, 6)
    cost, wanted = trainer.model.gradients(trainer.x[rows], trainer.data.part("train")[1][rows])
    assert found.about["cost"] + trainer.model.penalty() == pytest.approx(cost, rel=1e-5)
    named = [(y.name, w.name) for y in trainer.model.layers for w in y.weights]
    for (layer, weight), gradient in zip(named, wanted, strict=True):
        shown = found.tensors[f"{layer}/dw/{weight}"]
        np.testing.assert_allclose(shown, gradient, rtol=1e-4, atol=1e-6)
        if optimizer == "SGD":
            new = found.tensors[f"{layer}/w/{weight}"] - 0.1 * shown
            np.testing.assert_allclose(found.tensors[f"{layer}/new/{weight}"], new, rtol=1e-5, atol=1e-6)
    trainer.model.train_on_batch(trainer.x[rows], trainer.data.part("train")[1][rows])
    for layer, weight in named:
        now = trainer.weights()[f"{layer}/{weight}"]
        np.testing.assert_allclose(found.tensors[f"{layer}/new/{weight}"], now, rtol=1e-4, atol=1e-6)


def test_the_chain_rule_holds_between_the_numbers_shown():
    trainer = trainer_of(dense(3, 2, activation="sigmoid"))
    t = look(trainer, "propagation", index=1, count=3).tensors
    a, z = t["h1/a"].astype(float), t["h1/z"].astype(float)
    np.testing.assert_allclose(a, 1 / (1 + np.exp(-z)), rtol=1e-5)
    np.testing.assert_allclose(t["h1/dz"], t["h1/da"] * a * (1 - a), rtol=1e-4, atol=1e-8)
    np.testing.assert_allclose(t["h1/da"], t["h2/dz"] @ t["h2/w/kernel"].T, rtol=1e-4, atol=1e-8)
    np.testing.assert_allclose(t["h1/dw/kernel"], t["input"].T @ t["h1/dz"], rtol=1e-4, atol=1e-7)


def test_blocks_are_opened_and_every_weight_has_its_stage():
    blocks = [{"id": "c1", "type": "Conv2D", "filters": 3, "kernel_size": 3},
              {"id": "b1", "type": "ResidualBlock", "filters": 4}, {"id": "i1", "type": "InceptionBlock"},
              {"id": "s1", "type": "SeparableConv2D", "filters": 3}, {"id": "x1", "type": "SideClassifier"},
              {"id": "g1", "type": "GlobalAveragePooling2D"}, *LINE]  # fmt: skip
    trainer = trainer_of(blocks, data={"name": "digits"})
    trainer.run_for(60, 2)
    stages = list(stages_of(trainer.model.layers))
    side = [w for y in trainer.model.layers if y.name == "x1" for w in y.weights]
    assert [w for s in stages for w in s.weights] == [w for w in trainer.model.weights if w not in side]
    known = {"input"}
    for stage in stages:
        assert set(stage.sources) <= known, "what it is given has been worked out before it"
        known.add(stage.name)
    found = look(trainer, "propagation", count=2)
    assert len(known) == len(stages) + 1, "names are used once"
    joint = next(s for s in stages if s.name == "b1/residual")
    body, around = (found.tensors[f"{source}/a"] for source in joint.sources)
    np.testing.assert_allclose(found.tensors["b1/residual/z"], body + around, rtol=1e-5, atol=1e-6)
    wide = next(s for s in stages if type(s.layer).__name__ == "Parallel")
    np.testing.assert_array_equal(
        found.tensors[f"{wide.name}/a"], np.concatenate([found.tensors[f"{s}/a"] for s in wide.sources], -1)
    )


def test_the_stages_of_blocks_have_the_engines_gradients():
    blocks = [{"id": "b1", "type": "ResidualBlock", "filters": 3, "batch_normalization": False},
              {"id": "i1", "type": "InceptionBlock", "batch_normalization": False},
              {"id": "s1", "type": "SeparableConv2D", "filters": 3},
              {"id": "g1", "type": "GlobalAveragePooling2D"}, *LINE]  # fmt: skip
    trainer = trainer_of(blocks, data={"name": "digits"})
    found = look(trainer, "propagation", count=3)
    _, wanted = trainer.model.gradients(trainer.x[:3], trainer.data.part("train")[1][:3])
    shown = [found.tensors[f"{s.name}/dw/{w.name}"] for s in stages_of(trainer.model.layers) for w in s.weights]
    assert len(shown) == len(wanted) > 10
    for mine, engine in zip(shown, wanted, strict=True):
        np.testing.assert_allclose(mine, engine, rtol=1e-3, atol=1e-6)


# -- training in other ways ------------------------------------------------------------------------------------------
EARLY = {"data": {"name": "sine", "samples": 40, "noise": 0.8, "scaling": "zscore"}, "batch_size": 8,
         "optimizer": {"name": "Adam", "learning_rate": 0.02}, "early_stopping": {"patience": 30}}  # fmt: skip


def early_trainer(**changes):
    return trainer_of(dense(24, 24, activation="relu"), **EARLY | changes)


def assert_one_story(trainer):
    """What is shown is of the weights that are there."""
    now = {part: trainer.cost(part) for part in ("train", "cv", "test")}
    last = trainer.history.last
    assert last[0] == trainer.step_count
    np.testing.assert_allclose(last[3:], list(now.values()), rtol=1e-6)
    assert last[1] == trainer.epoch + trainer.cursor / len(trainer.x)
    assert trainer.step_count == (trainer.epoch + 1) * trainer.steps_per_epoch == trainer.model.optimizer.iterations
    shown = views.get("cost").compute(ViewContext(trainer)).tensors["parts"]
    np.testing.assert_allclose(shown, list(now.values()), rtol=1e-6)
    table = views.get("metrics").compute(ViewContext(trainer), threshold=0.5)
    mse = table.tensors["table"][:, table.about["names"].index("mse")]
    np.testing.assert_allclose(mse, 2 * np.array(list(now.values())), rtol=1e-5)  # J is half of it
    assert trainer.keyframes.steps()[-1] == trainer.step_count
    assert trainer.keyframes.checkpoints[-1].arrays["values"].tobytes() == trainer.model.store.values.tobytes()


def test_early_stopping_goes_back_whole_and_survives_a_checkpoint():
    trainer, again = early_trainer(), early_trainer()
    trainer.run_for(60, 200)
    frame = trainer.checkpoint()
    again.restore(Checkpoint(frame.arrays, json.loads(json.dumps(frame.meta))))
    never = early_trainer(early_stopping=None)
    for one in (trainer, again):
        one.run_for(60, 20_000)
        assert one.cost("cv") == pytest.approx(one.early.stopped["cost"], rel=1e-6)
        assert one.early.stopped["best_step"] == one.step_count < one.early.stopped["step"]
        assert one.early.stopped["epoch"] - one.early.stopped["best_epoch"] == 30
    assert_one_story(trainer)
    assert trainer.early.stopped == again.early.stopped
    mine, other = trainer.checkpoint().meta, again.checkpoint().meta
    assert other["revision"] > mine["revision"], "it went to another moment once more"
    assert mine | {"revision": 0} == other | {"revision": 0}
    for name, array in trainer.checkpoint().arrays.items():
        assert array.tobytes() == again.checkpoint().arrays[name].tobytes(), name
    never.run_for(60, trainer.step_count)
    assert trainer.model.store.values.tobytes() == never.model.store.values.tobytes()
    for name, slot in never.model.store.slots.items():
        assert trainer.model.store.slots[name].tobytes() == slot.tobytes()


def test_after_a_stop_the_run_goes_on_from_its_best_moment_with_the_same_bits():
    trainer = early_trainer()
    trainer.run_for(60, 20_000)
    told, best = dict(trainer.early.stopped), trainer.step_count
    frame = trainer.checkpoint()
    again = early_trainer()
    again.restore(Checkpoint(frame.arrays, json.loads(json.dumps(frame.meta))))
    assert again.early.stopped == told
    never = early_trainer(early_stopping=None)
    never.run_for(60, best + 7)
    for one in (trainer, again):
        one.early.go_on()
        one.run_for(60, 7)
        assert one.step_count == best + 7
        assert one.model.store.values.tobytes() == never.model.store.values.tobytes()
        one.run_for(60, 20_000)
        assert one.early.stopped == told
        assert one.step_count == best


def test_single_epochs_after_a_stop_count_what_the_network_has():
    trainer = early_trainer(early_stopping={"patience": 3})
    trainer.run_for(60, 20_000)
    best = trainer.epoch
    for turn in range(2):
        for more in (1, 2):
            trainer.advance("epoch")
            assert trainer.epoch == best + more, turn
            assert trainer.early.stopped is None
        trainer.advance("epoch")  # the third fruitless one: back
        assert trainer.epoch == best
        assert trainer.early.stopped
        assert_one_story(trainer)
    trainer.advance("epoch", 50)  # many at once end where the run is back
    assert trainer.epoch == best
    assert_one_story(trainer)


def test_a_checkpoint_of_an_earlier_version_watches_anew():
    trainer, again = early_trainer(), early_trainer()
    trainer.run_for(60, 100)
    frame = trainer.checkpoint()
    old = {"best": 0.1, "best_step": 50, "waited": 3, "stopped": None}
    arrays = {k: v for k, v in frame.arrays.items() if not k.startswith("best.")} | {
        "best.values": frame.arrays["values"]
    }
    again.restore(Checkpoint(arrays, {**frame.meta, "early": old}))
    assert again.early.moment is None
    again.run_for(60, 20_000)
    assert_one_story(again)


def test_weights_that_come_back_are_found():
    corners = [[-1.0, -1.0, 0.0], [1.0, 1.0, 0.0], [-1.0, 1.0, 1.0], [1.0, -1.0, 1.0]]
    trainer = trainer_of(
        [{"id": "out", "units": "auto", "activation": "step", "kernel_initializer": "zeros"}],
        data={"name": "points", "points": corners, "split": {"train": 1.0, "cv": 0.0}}, loss={"name": "perceptron"},
        batch_size=1, shuffle=False, optimizer={"name": "SGD", "learning_rate": 1.0},
    )  # fmt: skip
    trainer.advance("epoch", 20)
    assert trainer.cycle
    assert [f["kind"] for f in health_of(trainer)] == ["cycle"]


def test_fewer_rows_to_train_on_leave_the_other_parts_alone():
    few, all_ = trainer_of(data={"name": "circle", "train_rows": 12}), trainer_of(data={"name": "circle"})
    assert len(few.parts["train"][0]) == 12
    for part in ("cv", "test"):
        np.testing.assert_array_equal(few.parts[part][0], all_.parts[part][0])


# -- verdict ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("train", "cv", "baseline", "bias", "variance"), [
    (0.8, 0.85, 0.0, True, False), (0.02, 0.6, 0.0, False, True), (0.5, 0.9, 0.1, True, True),
    (0.05, 0.08, 0.0, False, False), (0.5, 0.55, 0.45, False, False),
])  # fmt: skip
def test_the_verdict_follows_the_gaps(train, cv, baseline, bias, variance):
    found = bias_and_variance(train, cv, baseline, 1.0)
    assert (found.high_bias, found.high_variance) == (bias, variance)


def test_a_constant_answer_costs_what_its_formula_says():
    trainer = trainer_of(data={"name": "line"})
    _, y = trainer.data.part("train")
    assert type(trainer.constant_cost()) is float  # it goes out as JSON, which knows no kind of float but one
    assert trainer.constant_cost() == pytest.approx(float(y.var()) / 2, rel=1e-5)
    several = trainer_of(data={"name": "rings"})
    shares = np.bincount(several.data.part("train")[1][:, 0].astype(int)) / len(several.parts["train"][0])
    assert several.constant_cost() == pytest.approx(-(shares * np.log(shares)).sum(), rel=1e-4)


@pytest.mark.parametrize("preset", ["circle", "houses", "digits", "lenet", "sine"])
def test_every_remedy_makes_a_spec_that_can_run(preset):
    from app.settings import Settings
    from app.specs.paths import changed

    spec = PRESETS[preset].spec
    found = remedies(spec, high_bias=True, high_variance=True)
    assert {r.against for r in found} == {"bias", "variance"}
    for remedy in found:
        out = spec
        for path, value in remedy.changes.items():
            out = changed(out, path, value)
        check_spec(out, facts_of(out["data"]), Settings())
        assert (out == spec) == (not remedy.changes)
        if not remedy.changes:
            assert remedy.longer > 1
