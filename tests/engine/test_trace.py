"""The way of a run: what is kept of it, in how much memory, and what a drawing of it can show."""

import numpy as np
import pytest

from engine.training.inspection import Inspection
from engine.training.trace import FIRST, MOST_BYTES, MOST_ROWS, NEWEST, Trace, turning_points
from engine.views import views
from engine.views.base import ViewContext, check_parameters
from tests.engine.test_inside import trainer_of


def trace_of(rows):
    trace = Trace(rows.shape[1])
    for step, row in enumerate(rows):
        trace.add(step, row.astype(np.float32))
    return trace


def drawn(trace, at=None):
    """The kept way at every step, as the straight lines between kept steps show it."""
    steps, rows = trace.upto(trace.steps[-1])
    at = np.arange(trace.steps[-1] + 1) if at is None else at
    return np.stack([np.interp(at, steps, column) for column in rows.T], axis=1)


@pytest.mark.parametrize("period", [2, 3, 4, 7])
def test_a_way_to_and_fro_stays_one_whatever_its_rhythm(period):
    t = np.arange(20_000)
    across = np.cos(2 * np.pi * t / period)
    trace = trace_of(np.stack([t / 20_000, across], axis=1))
    steps, rows = trace.upto(20_000)
    for begin in range(0, 20_000, 2_000):
        seen = rows[(steps >= begin) & (steps < begin + 2_000), 1]
        assert seen.max() > 0.95 * across.max(), f"{period}: one side is lost from {begin} on"
        assert seen.min() < 0.95 * across.min() if period % 2 == 0 else seen.min() < -0.45
        turns = np.sum(np.diff(np.sign(np.diff(seen))) != 0)
        assert turns > len(seen) / 3, f"{period}: {len(seen)} moments and {turns} turns from {begin} on"


def test_the_first_and_the_newest_steps_are_kept_whole():
    rng = np.random.default_rng(1)
    rows = rng.standard_normal((30_000, 5)).cumsum(axis=0)
    trace = trace_of(rows)
    assert trace.steps[:FIRST] == list(range(FIRST))
    assert trace.steps[-NEWEST:] == list(range(30_000 - NEWEST, 30_000))
    assert len(trace.steps) <= MOST_ROWS
    for step, row in zip(trace.steps, trace.rows, strict=True):
        np.testing.assert_array_equal(row, rows[step].astype(np.float32))


def test_turning_points_are_kept_and_the_way_between_them_is_not():
    corners = np.array([[0, 0], [4, 0], [4, 3], [1, 3], [1, 9], [8, 9], [8, 1]], float)
    at = np.array([0, 1_000, 1_900, 3_100, 4_000, 5_500, 7_000])
    t = np.arange(7_001)
    rows = np.stack([np.interp(t, at, corners[:, k]) for k in range(2)], axis=1)
    trace = trace_of(rows)
    assert len(trace.steps) <= MOST_ROWS
    assert set(at) <= set(trace.steps)
    np.testing.assert_allclose(drawn(trace), rows, atol=1e-5)
    few = turning_points(rows, len(at))
    assert set(few) == set(at), "of the fewest, the corners alone"


def test_a_single_leap_aside_is_kept():
    rows = np.zeros((9_000, 3))
    rows[:, 0] = np.arange(9_000) / 9_000
    rows[4_321, 1] = 1.0
    assert 4_321 in trace_of(rows).steps


@pytest.mark.parametrize("parameters", [3, 5_000, 61_706, 400_000])
def test_the_memory_is_bounded_and_the_first_200_steps_fit_up_to_lenet(parameters):
    rng = np.random.default_rng(2)
    trace = Trace(parameters)
    values = rng.standard_normal(parameters).astype(np.float32)
    kept = {}
    for step in range(trace.most + 60):
        values[: 50_000 // 8] += rng.standard_normal(min(parameters, 50_000 // 8)).astype(np.float32) * 0.01
        trace.add(step, values)
        if step < 3:
            kept[step] = values.copy()
    assert sum(r.nbytes for r in trace._rows) <= MOST_BYTES
    whole = FIRST if parameters <= 61_706 else trace.first
    assert trace.steps[:whole] == list(range(whole))
    for step, row in kept.items():
        np.testing.assert_allclose(trace.row(step), row, atol=1e-3)


def test_a_step_that_comes_again_begins_a_new_future():
    trace = trace_of(np.arange(20.0)[:, None])
    trace.add(11, np.array([-1.0], np.float32))
    assert trace.steps == list(range(12))
    assert trace.rows[-1] == [-1]
    assert len(set(trace.numbers)) == len(trace.numbers) == 12


def test_the_view_shows_the_zigzag_of_a_rate_that_is_too_large():
    """Gradient descent on a narrow valley leaps from one side to the other at every step: period 2."""
    line = {"data": {"name": "line"}, "batch_size": 4096}
    x, _ = trainer_of(**line).data.part("train")
    design = np.column_stack([x, np.ones(len(x))]).astype(float)
    steepest = np.linalg.eigvalsh(design.T @ design / len(x))[-1]
    trainer = trainer_of(**line, optimizer={"name": "SGD", "learning_rate": 1.9995 / steepest})
    context = lambda: ViewContext(trainer, inspection=Inspection.of(trainer))  # noqa: E731
    look = lambda: views.get("surface").compute(context(), **check_parameters("surface", {}))  # noqa: E731
    look()
    values = []
    for _ in range(3_000):
        trainer.run_for(60, 1)
        values.append(trainer.model.store.values.copy())
    true = np.array(values, float)
    path = look().tensors["path"]
    for begin in range(0, 3_000, 500):
        seen = path[(path[:, 2] > begin) & (path[:, 2] <= begin + 500), 1]
        around = true[begin : begin + 500, 1]
        assert np.ptp(around) > 1e-3, "it does go to and fro"
        assert np.ptp(seen) > 0.9 * np.ptp(around), f"one side is lost from {begin} on"


def test_what_was_worked_out_for_a_row_is_not_taken_for_another_after_a_new_future():
    trainer = trainer_of(data={"name": "line"}, optimizer={"name": "SGD", "learning_rate": 0.05})
    context = lambda: ViewContext(trainer, inspection=Inspection.of(trainer))  # noqa: E731
    look = lambda: views.get("surface").compute(context(), **check_parameters("surface", {}))  # noqa: E731
    look()
    trainer.run_for(60, 5)
    look()
    trace, surface = Inspection.of(trainer).trace, Inspection.of(trainer).surface
    trace.add(3, np.array([7.0, -7.0], np.float32))
    steps, places = surface.way(trace, 3)
    assert list(steps) == [0, 1, 2, 3]
    np.testing.assert_allclose(places[-1], [7, -7])
