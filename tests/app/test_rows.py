"""A run's history as the server holds it is cut back and grows anew; viewers who come back get the right rows."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.runs.live import Rows
from engine.training.history import COLUMNS


def written(start, count, text):
    """Rows whose every number says when they were written."""
    rows = np.full((count, len(COLUMNS)), float(text))
    rows[:, 0] = np.arange(start, start + count)
    return rows


def mark_of(rows):
    return f"{rows._life}.{rows._times}"


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 20)), max_size=40))
def test_rows_that_a_client_has_are_said_unchanged_exactly_as_far_as_they_are(changes):
    """Beside it, all rows are kept as they were when the client was told, and compared."""
    rows = Rows()
    told = []
    for time, (where, count) in enumerate(changes):
        told.append((mark_of(rows), rows.since(0).copy()))
        start = int(where * rows.count)
        rows.put(start, written(start, count, time))
    now = rows.since(0)
    for mark, had in told:
        shared = min(len(had), len(now))
        same = (had[:shared, 1:] == now[:shared, 1:]).all(axis=1)
        assert rows.unchanged(len(had), mark) == (shared if same.all() else int(np.argmin(same)))


def test_what_is_remembered_of_cuts_does_not_grow_with_their_number():
    rows = Rows(written(0, 10, 0))
    for time in range(5_000):
        rows.put(3 + time % 4, written(3 + time % 4, 8, time))
    assert len(rows._cuts) <= 10


def test_a_mark_of_another_life_shares_no_row():
    rows = Rows(written(0, 5, 0))
    assert rows.unchanged(5, mark_of(Rows(written(0, 5, 0)))) == 0
    assert rows.unchanged(9, None) == 5
