"""Epochs: their order, what is drawn in them, what their cost is measured on, and what a changed spec ends."""

from types import SimpleNamespace

import numpy as np
import pytest

from app.specs import parse_spec
from app.specs.presets import dense
from engine.training import Trainer, batches
from engine.training.batches import Batches
from engine.training.costs import COST_ROWS


def drawn(made, epoch, step=0):
    """All examples of an epoch as a plan gets them: x and t."""
    plan = SimpleNamespace(input=np.empty(made.x.shape), target=np.empty(made.t.shape))
    made.put(plan, slice(0, len(made.x)), epoch, step)
    return plan.input, plan.target


def rows(**parts):
    x = np.arange(50.0)[:, None]
    return Batches(x, 2 * x, {"batch_size": 8, "seed": 4, **parts})


@pytest.fixture(params=["copied", "gathered"])
def way(request, monkeypatch):
    """Small parts are copied in their order, large ones gathered batch by batch: the same examples."""
    if request.param == "gathered":
        monkeypatch.setattr(batches, "SMALL_EPOCH_BYTES", 0)


def test_every_epoch_has_an_order_of_its_own_of_all_examples(way):
    orders = [drawn(rows(), epoch)[0][:, 0].astype(int).tolist() for epoch in range(4)]
    assert all(sorted(order) == list(range(50)) for order in orders)
    assert len({tuple(order) for order in orders}) == 4
    again = rows()
    assert [drawn(again, epoch)[0][:, 0].tolist() for epoch in (3, 0, 3)] == [orders[3], orders[0], orders[3]]
    assert drawn(rows(seed=5), 0)[0][:, 0].tolist() != orders[0]


def test_both_ways_give_the_same_examples(monkeypatch):
    copied = drawn(rows(), 2)
    monkeypatch.setattr(batches, "SMALL_EPOCH_BYTES", 0)
    for a, b in zip(copied, drawn(rows(), 2), strict=True):
        np.testing.assert_array_equal(a, b)


def test_examples_keep_their_targets(way):
    for epoch in range(3):
        x, t = drawn(rows(), epoch)
        np.testing.assert_array_equal(t, 2 * x)


def test_without_shuffling_every_epoch_is_in_the_order_of_the_data(way):
    for epoch in range(3):
        assert drawn(rows(shuffle=False), epoch)[0][:, 0].tolist() == list(range(50))


def test_a_picture_is_changed_otherwise_in_every_step_and_alike_in_the_same_one(way):
    pictures = np.random.default_rng(0).random((6, 8, 8, 1))
    made = Batches(pictures, np.zeros((6, 1)), {"batch_size": 6, "seed": 4, "augmentation": {"rotate": 30.0}})
    first, second, again = (drawn(made, 0, step)[0] for step in (1, 2, 1))
    np.testing.assert_array_equal(first, again)
    assert not np.isclose(first, second).all(axis=(1, 2, 3)).any()


# -- what a changed spec ends ------------------------------------------------------------------------------------------
SPEC = parse_spec({"layers": dense(4), "early_stopping": {"patience": 50}, "batch_size": 50})


@pytest.mark.parametrize(
    "change",
    [{"optimizer": {"name": "SGD", "learning_rate": 0.07}}, {"batch_size": 20}, {"layers": dense(3)},
     {"early_stopping": {"patience": 60}}, {"early_stopping": None}],
    ids=["rate", "batches", "layers", "patience", "no longer"],
)  # fmt: skip
def test_a_changed_spec_ends_the_waiting_for_a_lower_cost(change):
    trainer = Trainer(SPEC)
    trainer.advance("epoch", 3)
    assert trainer.early.best < np.inf
    assert trainer.early.moment is not None
    trainer.early.waited, trainer.early.stopped = 7, {"step": 1}
    spec = parse_spec({**SPEC, **change})
    trainer.apply(spec)
    wanted = spec["early_stopping"]
    assert trainer.early.patience == (wanted and wanted["patience"])
    assert (trainer.early.best, trainer.early.waited) == (np.inf, 0)
    assert trainer.early.stopped is None
    assert trainer.early.moment is None


# -- what the cost is measured on --------------------------------------------------------------------------------------
def test_a_cost_is_the_mean_of_as_many_examples_as_are_asked():
    trainer = Trainer(parse_spec({"layers": dense(4), "data": {"name": "circle", "samples": 600}}))
    x, t = trainer.parts["train"]
    assert 250 < len(x) < COST_ROWS
    each = np.array([trainer.model.loss_of(x[i : i + 1], t[i : i + 1]) for i in range(len(x))])
    for count in (1, 50, 150, 250):
        assert trainer.cost("train", count) == pytest.approx(each[:count].mean(), rel=1e-5)
    for everything in (COST_ROWS, None):
        assert trainer.cost("train", everything) == pytest.approx(each.mean(), rel=1e-5)
    assert trainer.cost("train") == trainer.cost("train", None)
