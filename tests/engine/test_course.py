"""The observation of each lab of sections A, B, C and F (the curriculum's last column), on real runs of its spec."""

from itertools import pairwise

import numpy as np
import pytest

from app.labs import LABS
from app.specs.paths import changed
from engine.losses import get as loss_of_name
from engine.metrics import predicted_classes
from engine.regression import least_squares
from engine.training import Trainer
from engine.training.bias_variance import bias_and_variance
from engine.training.health import gradient_norms, health_of
from engine.training.inspection import Inspection
from engine.training.surface import Surface
from engine.views import ViewContext, check_parameters, views

OUT = {"id": "out", "units": "auto", "activation": "auto"}


def start(lab, **changes):
    spec = LABS[lab].start.plain()
    for path, value in changes.items():
        spec = changed(spec, path.replace("__", "."), value)
    return Trainer(spec)


def racers(lab):
    """The lab's comparison: label → trainer."""
    return {run.label["en"]: Trainer(run.plain()) for run in LABS[lab].comparison.runs}


def run(trainer, steps):
    trainer.run_for(600, steps)
    return trainer


def accuracy(trainer, part="cv"):
    x, y = trainer.data.part(part)
    return float((predicted_classes(np.nan_to_num(trainer.model.predict(x))) == y[:, 0]).mean())


def look(trainer, view, **parameters):
    context = ViewContext(trainer, inspection=Inspection.of(trainer))
    return views.get(view).compute(context, **check_parameters(view, parameters))


def drawn(trainer, parameters):
    surface = Surface(trainer, check_parameters("surface", parameters))
    surface.advance(600)
    return surface


# -- A ---------------------------------------------------------------------------------------------------------------
def test_a1_the_ball_the_line_and_j_are_one():
    trainer = start("cost-function")
    surface = drawn(trainer, LABS["cost-function"].surface)
    row, column = np.unravel_index(surface.j.argmin(), surface.j.shape)
    lowest = surface.plane.at(surface.u[column], surface.v[surface.size - 1 - row])
    before = trainer.cost("train")
    trainer.move(lowest)
    x, y = trainer.data.part("train")
    squares = (trainer.model.predict(x) - y) ** 2
    assert trainer.cost("train") == pytest.approx(float(squares.mean()) / 2, rel=1e-5)
    assert trainer.cost("train") == pytest.approx(surface.j[row, column], rel=1e-4)
    assert trainer.cost("train") < 0.02 < before
    slice_ = start("cost-function", data__name="plane")  # three parameters: two move, the third stands
    assert not look(slice_, "surface").about["exact"]
    assert look(trainer, "surface").about["exact"]


def test_a2_small_steps_crawl_large_ones_fly_out_and_taking_turns_leads_elsewhere():
    runs = racers("gradient-descent")
    for trainer in runs.values():
        look(trainer, "surface")
        run(trainer, 30)
    crawl, good, turns, wild = runs.values()
    assert good.cost("train") < 0.02 < 20 * 0.02 < crawl.cost("train")
    assert wild.cost("train") > 100 * good.cost("train")
    together, in_turn = (np.array(Inspection.of(t).trace.rows) for t in (good, turns))
    np.testing.assert_array_equal(together[0], in_turn[0])
    assert np.abs(together[1] - in_turn[1]).max() > 0.1, "already the first step differs"
    # w moved first, and ∂J/∂b was taken from there: recomputed by hand
    x, y = (a[:, 0].astype(float) for a in good.data.part("train"))
    w, b = together[0].astype(float)
    w_next = w - 0.1 * ((w * x + b - y) * x).mean()
    assert in_turn[1] == pytest.approx([w_next, b - 0.1 * (w_next * x + b - y).mean()], rel=1e-4)
    assert together[1] == pytest.approx([w_next, b - 0.1 * (w * x + b - y).mean()], rel=1e-4)


def test_a3_unscaled_takes_ten_times_the_steps():
    needed = {}
    for name, trainer in racers("feature-scaling").items():
        best = Trainer(trainer.spec)
        best.solve()
        while trainer.cost("train") > 1.01 * best.cost("train") and trainer.step_count < 50_000:
            run(trainer, 20)
        needed[name] = trainer.step_count
    assert needed["none"] >= 10 * needed["z-score"], needed
    assert max(needed["x / max"], needed["mean normalisation"]) < needed["none"], needed


def test_a4_the_normal_equation_lands_where_descent_is_heading():
    walked, solved = start("normal-equation", optimizer__learning_rate=0.3), start("normal-equation")
    solved.solve()
    run(walked, 500)
    np.testing.assert_allclose(walked.model.store.values, solved.model.store.values, atol=1e-4)
    few = start("normal-equation", data__train_rows=2)
    assert not few.solve()["full_rank"]


def test_a5_houses_are_weighed_and_predicted():
    trainer = run(start("multiple-regression", optimizer__learning_rate=0.1), 600)
    x, y = trainer.data.part("cv")
    errors = y - trainer.model.predict(x)
    assert 1 - (errors**2).sum() / ((y - y.mean()) ** 2).sum() > 0.55
    weights = dict(
        zip(trainer.data.input_names, trainer.model.store.array(trainer.model.weights[0])[:, 0], strict=True)
    )
    assert max(weights, key=lambda name: abs(weights[name])) == "sqft"
    assert run(start("multiple-regression", data__scaling="none"), 50).diverged


def test_a6_training_falls_with_the_degree_and_cross_validation_turns_up():
    degrees = range(1, 16)
    train, cv = np.zeros(15), np.zeros(15)
    for seed in range(4):
        for degree in degrees:
            trainer = start("polynomial-regression", data__degree=degree, data__split_seed=seed)
            trainer.solve()
            train[degree - 1] += trainer.cost("train") / 4
            cv[degree - 1] += trainer.cost("cv") / 4
    assert (np.diff(train) < 1e-3 * train[:-1]).all(), train
    best = int(cv.argmin())
    assert 2 <= best <= 10
    assert cv[0] > 5 * cv[best]
    assert cv[14] > 5 * cv[best]


# -- B ---------------------------------------------------------------------------------------------------------------
def test_b1_the_line_turns_into_place_and_the_threshold_trades_misses_for_alarms():
    trainer = start("logistic-regression")
    first = accuracy(trainer)
    run(trainer, 600)
    assert accuracy(trainer) > max(0.9, first)
    table = [look(trainer, "metrics", threshold=t) for t in (0.1, 0.5, 0.9)]
    names = table[0].about["names"]
    recall, precision = (
        [t.tensors["table"][1, names.index(n)] for t in table] for n in ("recall", "precision")
    )  # fmt: skip
    assert recall[0] >= recall[1] >= recall[2]
    assert recall[0] > recall[2]
    assert precision[2] > precision[0]
    w, b = trainer.model.store.values[:2].astype(float), float(trainer.model.store.values[2])
    on_the_line = -b * w / (w @ w)  # z = 0 there, so the answer is one half
    assert trainer.model.predict(trainer.data.encode(on_the_line[None]))[0, 0] == pytest.approx(0.5, abs=1e-3)


def test_b2_squared_error_has_a_flat_where_descent_stops_and_log_loss_has_none():
    squared, log = racers("why-not-squared-error").values()
    np.testing.assert_array_equal(squared.model.store.values, log.model.store.values)
    x, t = squared.parts["train"]
    slopes = [
        float(np.linalg.norm(np.concatenate([g.ravel() for g in m.model.gradients(x, t)[1]]))) for m in (squared, log)
    ]
    assert slopes[0] < 1e-5 < 1 < slopes[1], slopes
    run(squared, 3000)
    run(log, 3000)
    assert accuracy(squared, "train") < 0.2
    assert accuracy(log, "train") > 0.85
    flat, bowl = (drawn(m, {**LABS["why-not-squared-error"].surface, "size": 41}).j for m in (squared, log))
    assert convex(bowl)
    assert not convex(flat)


def convex(j):
    """Whether no point of a grid lies above the middle of its neighbours, along rows, columns and diagonals."""
    slack = 1e-4 * (1 + np.abs(j[1:-1, 1:-1]))
    pairs = (
        (j[:-2, 1:-1], j[2:, 1:-1]),
        (j[1:-1, :-2], j[1:-1, 2:]),
        (j[:-2, :-2], j[2:, 2:]),
        (j[:-2, 2:], j[2:, :-2]),
    )
    return all((j[1:-1, 1:-1] <= (a + b) / 2 + slack).all() for a, b in pairs)


def test_b3_squares_part_a_disc_from_a_ring():
    line = run(start("polynomial-boundary"), 600)
    bent = run(start("polynomial-boundary", data__features=["x1^2", "x2^2"]), 600)
    assert accuracy(line) < 0.75
    assert accuracy(bent) >= 0.95


def test_b4_the_perceptron_ends_on_and_and_goes_round_on_exclusive_or():
    corners = [[-3.0, -3.0, 0.0], [3.0, -3.0, 1.0], [-3.0, 3.0, 1.0], [3.0, 3.0, 0.0]]
    easy, hard = start("perceptron"), start("perceptron", data__points=corners)
    for trainer in (easy, hard):
        trainer.advance("epoch", 60)
    assert accuracy(easy, "train") == 1
    assert health_of(easy) == []
    assert accuracy(hard, "train") < 1
    assert [f["kind"] for f in health_of(hard)] == ["cycle"]
    ends = []
    for _ in range(3):
        hard.advance("epoch", hard.cycle)
        ends.append(hard.model.store.values.tobytes())
    assert len(set(ends)) == 1, "the same weights, period after period"


def test_b5_softmax_answers_sum_to_one_and_an_example_costs_minus_the_log_of_its_share():
    trainer = run(start("softmax-regression"), 800)
    x, y = trainer.data.part("cv")
    p = trainer.model.predict(x).astype(float)
    np.testing.assert_allclose(p.sum(axis=1), 1, atol=1e-5)
    each = -np.log(p[np.arange(len(y)), y[:, 0].astype(int)])
    assert trainer.cost("cv") == pytest.approx(each.mean(), rel=1e-4)
    assert accuracy(trainer) > 0.95


# -- C ---------------------------------------------------------------------------------------------------------------
def test_c1_each_neuron_bends_the_boundary_once_more():
    found = [
        max(accuracy(run(start("layers-and-neurons", layers__0__units=n, seed=s), 2000)) for s in (1, 2))
        for n in (1, 3)
    ]
    assert found[0] < 0.8
    assert found[1] >= 0.95


def test_c2_the_gradient_shrinks_through_sigmoids_and_not_through_relu_and_lines_stay_lines():
    runs = racers("activations")
    for trainer in runs.values():
        run(trainer, 1)
    norms = {name: list(gradient_norms(trainer).values()) for name, trainer in runs.items()}
    sigmoid = norms["sigmoid"]
    assert all(a < b for a, b in pairwise(sigmoid)), "layer by layer"
    assert sigmoid[0] < 1e-3 * sigmoid[-1]
    assert norms["ReLU"][0] > 0.05 * norms["ReLU"][-1]
    for trainer in runs.values():
        run(trainer, 1500)
    assert accuracy(runs["linear"]) < 0.75
    assert accuracy(runs["ReLU"]) > 0.95
    grid = np.linspace(-5, 5, 21)
    inputs = runs["linear"].data.encode(np.stack([grid, 0.3 * grid + 1], axis=1))  # along any straight way
    side = runs["linear"].model.predict(inputs)[:, 0] > 0.5
    assert np.abs(np.diff(side.astype(int))).sum() <= 1, "a line is crossed once at most"


def test_c3_the_numbers_on_show_are_the_derivatives():
    trainer = start("propagation")
    shown = look(trainer, "propagation", index=5, count=1).tensors
    x, t = trainer.x[5:6], trainer.t[5:6]
    for name, weight in zip(("kernel", "bias"), trainer.model.weights, strict=False):
        live = trainer.model.store.array(weight)
        for place in np.ndindex(*weight.shape):
            kept = live[place].copy()
            costs = []
            for nudge in (1e-2, -1e-2):
                live[place] = kept + nudge
                costs.append(trainer.model.loss_of(x, t))
            live[place] = kept
            by_hand = (costs[0] - costs[1]) / 2e-2
            assert shown[f"h1/dw/{name}"][place] == pytest.approx(by_hand, rel=2e-2, abs=2e-5)


def test_c5_updates_come_per_batch():
    full, tens, ones = racers("epochs-batches").values()
    for trainer in (full, tens, ones):
        look(trainer, "surface")
        trainer.advance("epoch", 1)
    m = len(full.x)
    assert [t.step_count for t in (full, tens, ones)] == [1, -(-m // 10), m]
    lengths = [np.abs(np.diff(np.array(Inspection.of(t).trace.rows), axis=0)).sum() for t in (full, ones)]
    assert lengths[1] > lengths[0]
    assert ones.cost("train") < full.cost("train")
    # near the bottom the full batch comes to rest and single examples do not
    run(full, 600)
    ones.advance("epoch", 20)
    rest = [np.abs(np.diff(np.array(Inspection.of(t).trace.rows)[-20:], axis=0)).max() for t in (full, ones)]
    assert rest[0] < 1e-2 * rest[1], rest


def test_c6_adams_step_is_long_where_the_gradient_keeps_its_sign():
    trainer = start(
        "optimisers", data__name="moons", data__noise=0.2, batch_size=20, optimizer__learning_rate=0.01,
        layers=[{"id": "h1", "units": 6, "activation": "tanh"}, OUT],
    )  # fmt: skip
    look(trainer, "effective_steps")
    steps, agreements = [], []
    for _ in range(60):
        run(trainer, 5)
        found = look(trainer, "effective_steps", most=64).tensors
        steps.append(found["step"])
        agreements.append(found["agreement"])
    step, agreement = np.concatenate(steps), np.concatenate(agreements)
    assert np.corrcoef(step, agreement)[0, 1] > 0.5
    steady, flipping = step[agreement > 0.9], step[agreement < 0.2]
    assert np.median(steady) > 2 * np.median(flipping)
    plain = start("optimisers", optimizer={"name": "SGD", "learning_rate": 0.05})
    run(plain, 3)
    found = look(plain, "effective_steps").tensors  # of plain SGD it is the gradient itself
    np.testing.assert_allclose(found["step"], np.abs(found["gradient"]), rtol=1e-4)


def test_c6_in_a_ravine_the_others_overtake_plain_descent():
    costs = {name: run(trainer, 300).cost("train") for name, trainer in racers("optimisers").items()}
    plain = costs.pop("SGD")
    assert max(costs.values()) < 0.3 * plain, costs


def test_c6_the_race_is_the_same_every_time():
    for first, again in zip(racers("optimisers").values(), racers("optimisers").values(), strict=True):
        np.testing.assert_array_equal(
            first.keyframes.checkpoints[0].arrays["values"],
            next(iter(racers("optimisers").values())).model.store.values,
        )
        run(first, 40)
        for _ in range(4):
            run(again, 10)
        assert first.model.store.values.tobytes() == again.model.store.values.tobytes()


def test_c7_twins_stay_twins_from_zeros_and_learn_otherwise():
    zeros = run(start("initialisation"), 800)
    kernel = zeros.model.store.array(zeros.model.weights[0])
    assert (kernel == kernel[:, :1]).all()
    assert "twins" in {f["kind"] for f in health_of(zeros)}
    ones = start("initialisation", layers__0__kernel_initializer="ones", layers__1__kernel_initializer="ones")
    run(ones, 400)
    kernel = ones.model.store.array(ones.model.weights[0])
    assert (kernel == kernel[:, :1]).all()
    assert not (kernel == 1).all(), "they move, all alike"
    runs = racers("initialisation")
    for trainer in runs.values():
        run(trainer, 2000)
    assert accuracy(runs["Glorot"]) > 0.95
    assert runs["zeros"].cost("train") > 0.6
    assert runs["small normal"].cost("train") > 3 * runs["Glorot"].cost("train")


def test_c8_outliers_pull_squares_and_not_absolutes():
    slopes = {}
    for loss in ("half_mse", "mae", "huber"):
        slopes[loss] = float(run(start("losses", loss__name=loss), 4000).model.store.values[0])
    assert slopes["half_mse"] > 0.25, slopes
    assert slopes["mae"] == pytest.approx(0.15, abs=0.03), slopes  # what the line without them has
    assert slopes["mae"] < slopes["huber"] < slopes["half_mse"]


def test_c8_the_catalogues_curves_are_the_losses():
    from app.rest.catalog import build_catalog

    for entry in build_catalog()["losses"]:
        for kind, curve in entry["curves"].items():
            loss = loss_of_name(entry["name"])
            at = curve["x"][20]
            y = 2 * at - 1 if entry["name"] == "hinge" and kind == "binary" else at
            target = 0.0 if kind == "regression" else 1.0
            assert curve["one"][20] == pytest.approx(loss(np.array([target]), np.array([y])), abs=1e-4)


# -- F ---------------------------------------------------------------------------------------------------------------
def test_f2_the_diagnosis_tells_the_two_apart_and_the_remedy_helps():
    baseline = LABS["bias-variance"].baseline
    simple = run(start("bias-variance", layers=[OUT], data__train_rows=None), 1500)
    rich = run(start("bias-variance"), 1500)
    cured = run(start("bias-variance", data__train_rows=None), 3000)
    costs = ((t.cost("train"), t.cost("cv"), baseline, t.constant_cost()) for t in (simple, rich, cured))
    verdicts = [bias_and_variance(*row) for row in costs]
    assert [(v.high_bias, v.high_variance) for v in verdicts] == [(True, False), (False, True), (False, False)]
    assert cured.cost("cv") < 0.2 * rich.cost("cv")


def test_f3_lambda_has_a_middle_l1_zeros_and_dropout_is_seen():
    def solved(l2):
        costs = []
        for seed in range(6):
            trainer = start("regularisation", regularization__l2=l2, data__split_seed=seed)
            trainer.solve()
            costs.append((trainer.cost("train"), trainer.cost("cv")))
        return np.mean(costs, axis=0)

    none, middle, much = solved(0.0), solved(0.001), solved(1.0)
    assert none[0] < middle[0] < much[0]
    assert middle[1] < 0.2 * none[1]
    assert middle[1] < 0.5 * much[1]
    lasso = run(
        start("regularisation", regularization__l1=0.05, optimizer={"name": "SGD", "learning_rate": 0.01}), 6000
    )
    small = np.abs(lasso.model.store.array(lasso.model.weights[0])) < 0.01
    assert small.sum() >= 5, "L1 leaves some weights at nothing"
    hidden = {"id": "h1", "units": 40, "activation": "relu"}
    net = start("regularisation", data__degree=1, dropout=0.5, layers=[hidden, OUT])
    masks = []
    for _ in range(30):
        run(net, 1)
        masks.append(look(net, "dropout").tensors["h1"])
    assert 0.35 < np.mean(masks) < 0.65
    assert len({m.tobytes() for m in masks}) == 30, "other ones every step"


def test_f4_the_two_shapes():
    def curve(degree, m):
        costs = []
        for seed in range(5):
            trainer = start("learning-curves", data__degree=degree, data__train_rows=m, data__split_seed=seed)
            trainer.solve()
            costs.append((trainer.cost("train"), trainer.cost("cv")))
        return np.mean(costs, axis=0)

    few, many = curve(1, 8), curve(1, 300)
    assert many[1] - many[0] < 0.1 * many[0], "high bias: the curves meet"
    assert many[0] > 10 * 0.011, "on a plateau far above the noise"
    assert few[0] < many[0]
    few, middle, many = curve(8, 12), curve(8, 30), curve(8, 300)
    assert few[1] > 20 * few[0], "high variance: a gap"
    assert middle[1] - middle[0] > many[1] - many[0], "that closes with m"
    assert many[1] < 0.02


def test_f5_mistakes_are_the_wrong_answers_the_surest_first():
    trainer = run(start("error-analysis"), 150)
    found = look(trainer, "mistakes", part="cv", most=200)
    x, y = trainer.data.part("cv")
    wrong = np.flatnonzero(trainer.model.predict(x).argmax(axis=1) != y[:, 0])
    assert found.about["found"] == len(wrong) > 5
    assert sorted(found.about["places"]) == wrong.tolist()
    assert found.about["shares"] == sorted(found.about["shares"], reverse=True)
    assert (np.array(found.about["truths"]) != np.array(found.about["answers"])).all()
    assert found.tensors["pictures"].shape[0] == len(wrong)


def test_f6_augmentation_lowers_the_cost_of_cross_validation():
    plain, changed_ = racers("augmentation").values()
    run(plain, 700)
    run(changed_, 700)
    assert plain.cost("train") < changed_.cost("train")
    assert changed_.cost("cv") < 0.6 * plain.cost("cv")


def test_a4_the_closed_form_is_found_by_both_methods():
    trainer = start("multiple-regression")
    x, y = trainer.parts["train"]
    svd, qr = (least_squares(x, y, method=m) for m in ("svd", "qr"))
    np.testing.assert_allclose(svd.weights, qr.weights, atol=1e-8)
