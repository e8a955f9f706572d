"""Sentences of the lessons that were false once, each against the lesson's own run."""

import numpy as np

from app.labs import LABS
from app.specs.paths import changed
from engine.training.trainer import Trainer


def run_of(lab, steps=0, **changes):
    spec = LABS[lab].start.plain()
    for path, value in changes.items():
        spec = changed(spec, path.replace("__", "."), value)
    trainer = Trainer(spec)
    for _ in range(steps):
        trainer.step()
    return trainer


def errors(trainer):
    """(examples, outputs): |ŷ − y| over cross-validation."""
    rows = trainer.data.index["cv"]
    return np.abs(trainer.model.predict(trainer.data.x[rows]) - trainer.data.y[rows])


def test_the_nose_is_placed_first_and_is_nearest_to_the_middle():
    trainer = run_of("landmarks", 60)
    points = trainer.data.y.reshape(-1, 5, 2)
    assert np.abs(points - 0.5).mean((0, 2)).argmin() == 2
    assert errors(trainer).reshape(-1, 5, 2).mean((0, 2)).argmin() == 2


def test_l1_pushes_many_weights_to_almost_zero_and_none_all_the_way():
    trainer = run_of("regularisation", 2000, regularization__l1=0.1, regularization__l2=0.0)
    weights = np.abs(trainer.weights()["out/kernel"]).ravel()
    assert (weights == 0).sum() == 0
    assert (weights < 0.05 * weights.max()).sum() >= len(weights) / 2


def test_a_line_is_little_better_than_a_coin_around_a_ring_and_squares_are_enough():
    for features, low, high in ((["x1", "x2"], 0.5, 0.65), (["x1^2", "x2^2"], 0.95, 1.0)):
        wrong = errors(run_of("polynomial-boundary", 600, data__features=features, data__degree=1)) >= 0.5
        assert low <= 1 - wrong.mean() <= high


def test_a_weight_grows_where_its_feature_is_large_and_the_guess_too_low():
    trainer = run_of("multiple-regression")
    before = trainer.weights()["out/kernel"].copy().ravel()
    rows = trainer.data.index["train"]
    x = trainer.data.x[rows]
    guess = trainer.model.predict(x).ravel()
    y = (trainer.data.y[rows].ravel() - trainer.data.target_offset) / trainer.data.target_scale
    low = ((y - guess)[:, None] * x).mean(0)
    trainer.step()
    moved = trainer.weights()["out/kernel"].ravel() - before
    assert np.array_equal(np.sign(moved), np.sign(low))


def test_lessons_of_the_hidden_layer_name_the_activation_they_have():
    layer = LABS["layers-and-neurons"].start.plain()["layers"][0]
    assert layer["activation"] == "tanh"


def test_no_lesson_trains_until_the_test_set_pleases():
    for lab in LABS.values():
        page = lab.page("en")
        assert ".test" not in "".join(str(goal.figure) for c in lab.challenges for goal in c.goals), lab.id
        assert 'data-figure="accuracy.test"' not in page["html"], lab.id
