"""What is stored of a run, and that nothing of it is left when it is gone."""

import asyncio
import sqlite3
from contextlib import closing

import numpy as np
import pytest

from app.ipc.messages import CheckpointNews, RunState
from app.ipc.pace import Pace
from app.runs.live import LiveRun
from app.storage import Database
from app.storage.database import Line, StoredRun
from engine.training.history import COLUMNS
from tests import waits
from tests.server import PATIENCE

SPEC = {"layers": []}


def rows(*steps):
    return np.array([[step, *[0.5] * (len(COLUMNS) - 1)] for step in steps], float)


def stored(tmp_path, work):
    """Runs `work(database)`; the path of what it has written."""

    async def go():
        database = Database(tmp_path / "descent.sqlite3")
        try:
            await work(database)
        finally:
            await database.close()

    waits.run(asyncio.wait_for(go(), PATIENCE))
    return tmp_path / "descent.sqlite3"


async def filled(database, run):
    """A run with everything a run can have."""
    await database.add_run(StoredRun(run, "t", 1.0, "here", SPEC, False, Pace(), None, None))
    await database.put_rows(run, 0, rows(0, 1, 2))
    await database.put_checkpoint(run, 3, 2, b"now", [(0, b"a"), (1, b"b")], [0, 1])
    await database.put_line(run, Line(4, "pause", b"", None, None))
    await database.end_lines(run, {4: ("pause", 2, 2)}, SPEC, False, Pace(), b"piles")
    await database.put_successor(run, f"after {run}")


def left_of(path, run):
    """Rows of a run in every table that has runs."""
    with closing(sqlite3.connect(path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {t: [c[1] for c in connection.execute(f"PRAGMA table_info({t})")] for t in tables}
        named = {t: "run" if "run" in c else "id" for t, c in columns.items() if "run" in c or t == "runs"}
        return {t: connection.execute(f"SELECT count(*) FROM {t} WHERE {c} = ?", (run,)).fetchone()[0]
                for t, c in named.items()}  # fmt: skip


def test_checkpoints_are_stored_in_the_order_in_which_they_were_made(tmp_path, monkeypatch):
    latest = []

    async def work(database):
        await database.add_run(StoredRun("run", "t", 1.0, "here", SPEC, False, Pace(), None, None))
        run = LiveRun("run", "t", "here", SPEC, {}, RunState("run"), 1.0)
        put_rows = database.put_rows

        async def late(*those):
            for _ in range(5):  # a busy thread: who does not wait overtakes
                await database.check()
            await put_rows(*those)

        monkeypatch.setattr(database, "put_rows", late)
        run.put_rows(0, rows(0, 1))
        older = CheckpointNews("run", 1, 1, b"older", [], [])
        newer = CheckpointNews("run", 2, 2, b"newer", [], [])
        await asyncio.gather(run.save(database, older), run.save(database, newer))
        latest.append((await database.checkpoints("run"))[0])

    stored(tmp_path, work)
    assert latest == [b"newer"]


def test_a_deleted_run_leaves_nothing_behind_and_others_stay(tmp_path):
    async def work(database):
        for run in ("gone", "kept"):
            await filled(database, run)
        await database.delete_run("gone")

    path = stored(tmp_path, work)
    assert set(left_of(path, "gone").values()) == {0}
    kept = {"runs": 1, "history": 3, "checkpoints": 3, "journal": 1, "edits": 1, "successors": 1}
    assert left_of(path, "kept") == kept


def test_rows_that_were_taken_back_are_gone_from_storage(tmp_path):
    async def work(database):
        await filled(database, "run")
        await filled(database, "other")
        await database.put_rows("run", 1, rows(7))
        np.testing.assert_array_equal(await database.rows("run"), rows(0, 7))
        np.testing.assert_array_equal(await database.rows("other"), rows(0, 1, 2))
        await database.put_rows("run", 0, rows())
        assert len(await database.rows("run")) == 0

    stored(tmp_path, work)


def test_the_newest_checkpoint_takes_the_place_of_the_last_and_keyframes_that_are_not_kept_go(tmp_path):
    async def work(database):
        await filled(database, "run")
        assert await database.checkpoints("run") == (b"now", [b"a", b"b"])
        await database.put_checkpoint("run", 3, 9, b"later", [(9, b"c")], [1, 9])
        assert await database.checkpoints("run") == (b"later", [b"b", b"c"])
        assert await database.checkpoints("another") == (None, [])

    stored(tmp_path, work)


def test_what_fails_in_the_middle_leaves_storage_as_it_was(tmp_path):
    async def work(database):
        await filled(database, "run")
        with pytest.raises(sqlite3.IntegrityError):
            await database._do(
                lambda c: [c.execute("DELETE FROM history"), c.execute("INSERT INTO runs SELECT * FROM runs")]
            )
        np.testing.assert_array_equal(await database.rows("run"), rows(0, 1, 2))
        await database.check()

    stored(tmp_path, work)


# -- a run as the server holds it --------------------------------------------------------------------------------------
@pytest.fixture
def run():
    live = LiveRun("run", "t", "here", SPEC, {}, RunState("run"), 1.0)
    live.put_rows(0, rows(0, 1, 2, 3, 4))
    live.take_unsaved()
    return live


def test_viewers_get_rows_that_are_written_anew_again_and_no_others(run):
    run.cursors |= {"behind": 1, "there": 5}
    run.put_rows(3, rows(3, 9))
    assert run.cursors == {"behind": 1, "there": 3}
    run.put_rows(5, rows(10))
    assert run.cursors == {"behind": 1, "there": 3}
    np.testing.assert_array_equal(run.rows.since(run.cursors["there"]), rows(3, 9, 10))


def test_storage_gets_every_row_that_it_lacks_once(run):
    assert run.take_unsaved() is None
    run.put_rows(4, rows(4, 5))
    run.put_rows(2, rows(2))
    run.put_rows(3, rows(8))
    start, lacking = run.take_unsaved()
    assert start == 2
    np.testing.assert_array_equal(lacking, rows(2, 8))
    assert run.take_unsaved() is None


def test_a_message_of_rows_is_that_of_the_rows_there_are(run):
    before = run.rows.message("run", 3)
    assert run.rows.message("run", 3) is before, "viewers at one row share it"
    run.put_rows(4, rows(7))
    assert run.rows.message("run", 3) != before
    assert run.rows.after_step(3) == 4
    assert run.rows.after_step(3.5) == 4
    assert run.rows.after_step(-1) == 0
