"""Storage that earlier versions wrote opens, and its runs go on; a file of each version is kept in tests/app/stored.

How they came about: at each commit a server was started, a run of the default spec took 60 steps, its learning rate was
changed, it took 7 more, its first layer was given a fifth unit, and it took 3 more; a table was uploaded. weights.npz
has the weights that each server then gave.
"""

import gzip
import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load

from app.ipc.tensors import decode_checkpoint, encode_checkpoint, meta_of, with_meta
from app.specs.presets import PRESETS
from app.storage.schema import STEPS, Newer, open_file
from engine.training import Trainer
from tests.server import Server
from tests.waits import until

FOLDER = Path(__file__).parent / "stored"
VERSIONS = json.loads((FOLDER / "runs.json").read_text())


def laid_out(version, folder):
    """The file of a version as its server left it, touched a moment ago."""
    path = folder / "descent.sqlite3"
    path.write_bytes(gzip.decompress((FOLDER / f"{version}.sqlite3.gz").read_bytes()))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE runs SET touched = ?", (time.time(),))
    return path


@pytest.mark.parametrize("version", list(VERSIONS))
def test_a_run_that_an_earlier_version_stored_opens_with_its_weights_and_goes_on(version, tmp_path):
    known = VERSIONS[version]
    laid_out(version, tmp_path)
    with Server(tmp_path) as server:
        run, token = known["run"], {"Authorization": f"Bearer {known['token']}"}
        answer = server.api.get(f"/runs/{run}")
        assert answer.status_code == 200, answer.text
        assert answer.json()["state"]["step"] == 70
        assert answer.json()["spec"]["layers"][0]["units"] == 5
        assert answer.json()["spec"]["optimizer"]["learning_rate"] == 0.1
        weights = load(server.api.get(f"/runs/{run}/weights").content)
        with np.load(FOLDER / "weights.npz") as before:
            for name, values in weights.items():
                np.testing.assert_array_equal(values, before[f"{version}/{name}"])
        assert len(server.api.get(f"/runs/{run}/history").json()["rows"]) == 71
        done = server.command(run, token, op="step", unit="batch", count=5)
        assert done.json()["step"] == 75, done.text
        assert server.command(run, token, op="seek", step=40).json()["step"] == 40
        assert server.command(run, token, op="rewind", step=40).json()["step"] == 40
        upload = server.api.get(f"/datasets/{known['upload']}")
        assert (upload.status_code, upload.json()["rows"]) == (200, 40)


def test_the_newest_files_tables_are_those_of_a_new_file(tmp_path):
    """Whoever changes the tables adds a step; what the steps come to is the same from every version on."""

    def tables(path):
        with closing(open_file(path)) as c:
            names = [name for (name,) in c.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: sorted(row[1] for row in c.execute(f"PRAGMA table_info({name})")) for name in names}

    new = tables(tmp_path / "new" / "descent.sqlite3")
    for version in VERSIONS:
        (tmp_path / version).mkdir()
        assert tables(laid_out(version, tmp_path / version)) == new


def test_a_later_versions_file_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "descent.sqlite3"
    with closing(open_file(path)) as c:
        c.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    with pytest.raises(Newer, match="later version of Descent"):
        open_file(path)
    before = path.read_bytes()
    with pytest.raises(RuntimeError, match=r"storage: .*later version of Descent.*DESCENT_STORAGE_PATH"):
        Server(tmp_path).start()
    assert path.read_bytes() == before
    with closing(sqlite3.connect(path)) as c:
        assert c.execute("PRAGMA user_version").fetchone() == (len(STEPS) + 1,)


def test_a_file_that_is_no_database_is_refused_in_one_line(tmp_path):
    (tmp_path / "descent.sqlite3").write_bytes(b"notes of the third lesson\n" * 50)
    server = Server(tmp_path)
    with pytest.raises(RuntimeError, match=r"storage: .*not a database.*DESCENT_STORAGE_PATH"):
        server.start()
    assert "Traceback" not in server.log_text()


def test_a_step_that_fails_leaves_the_file_at_the_version_before(tmp_path, monkeypatch):
    def broken(c):
        c.execute("CREATE TABLE half (x)")
        raise RuntimeError("power cut")

    path = tmp_path / "descent.sqlite3"
    open_file(path).close()
    monkeypatch.setattr("app.storage.schema.STEPS", (*STEPS, broken))
    with pytest.raises(RuntimeError):
        open_file(path)
    with closing(sqlite3.connect(path)) as c:
        assert c.execute("PRAGMA user_version").fetchone() == (len(STEPS),)
        assert c.execute("SELECT count(*) FROM sqlite_master WHERE name = 'half'").fetchone() == (0,)


def test_a_spec_that_no_version_can_read_says_so_and_the_run_stays_stored(tmp_path):
    path = laid_out("535da6d", tmp_path)
    run = VERSIONS["535da6d"]["run"]
    with closing(sqlite3.connect(path)) as c, c:
        (text,) = c.execute("SELECT spec FROM runs").fetchone()
        c.execute("UPDATE runs SET spec = ?", (json.dumps(json.loads(text) | {"batch_size": "ten"}),))
    with Server(tmp_path) as server:
        answer = server.api.get(f"/runs/{run}")
        assert answer.status_code == 422
        assert "stored by another version" in answer.json()["detail"]
        assert answer.json()["field"] == "batch_size"
        assert server.api.get(f"/runs/{run}").status_code == 422, "it does not come up half"
    with closing(sqlite3.connect(path)) as c:
        assert c.execute("SELECT count(*) FROM checkpoints WHERE run = ?", (run,)).fetchone()[0] > 0


def test_another_meta_changes_no_array_of_a_checkpoint():
    trainer = Trainer(PRESETS["circle"].spec)
    trainer.step()
    blob = encode_checkpoint(trainer.checkpoint())
    changed = with_meta(blob, {**meta_of(blob), "note": "é" * 5})
    before, after = decode_checkpoint(blob), decode_checkpoint(changed)
    assert after.meta == {**before.meta, "note": "é" * 5}
    for name, values in before.arrays.items():
        np.testing.assert_array_equal(after.arrays[name], values)


# -- while a server runs -----------------------------------------------------------------------------------------------
def test_a_file_that_is_deleted_is_written_anew_and_nothing_acknowledged_is_lost(tmp_path):
    path = tmp_path / "descent.sqlite3"
    with Server(tmp_path) as server:
        run, token = server.run()
        server.command(run, token, op="step", unit="batch", count=20)
        for name in ("descent.sqlite3", "descent.sqlite3-wal", "descent.sqlite3-shm"):
            (tmp_path / name).unlink(missing_ok=True)
        assert server.command(run, token, op="set", path="layers.0.units", value=7).status_code == 200
        assert path.exists()
        server.stop(9)
    with Server(tmp_path) as server:
        answer = server.api.get(f"/runs/{run}").json()
        assert answer["spec"]["layers"][0]["units"] == 7
        assert answer["state"]["step"] == 20


def test_locked_storage_shows_in_readyz_loses_no_row_and_recovers(tmp_path):
    with Server(tmp_path, checkpoint_seconds=0.2, abandoned_seconds=2, lock_seconds=0.2) as server:
        run, token = server.run()
        server.command(run, token, op="step", unit="batch", count=10)
        with closing(sqlite3.connect(tmp_path / "descent.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            refused = server.command(run, token, op="set", path="layers.0.units", value=7)
            assert refused.status_code == 503
            answer = server.web.get("/readyz")
            assert answer.status_code == 503
            assert "storage takes nothing" in answer.json()["detail"]
            until(lambda: "housekeeping failed" in server.log_text())
            other.execute("ROLLBACK")
        assert "descent_housekeeping_failures_total 0.0" not in server.web.get("/metrics").text
        until(lambda: server.web.get("/readyz").status_code == 200)
        assert server.api.get(f"/runs/{run}").json()["spec"]["layers"][0]["units"] == 4, "what was refused was not done"
        assert server.command(run, token, op="step", unit="batch", count=10).status_code == 200
        server.stop()
    with Server(tmp_path) as server:
        assert [row[0] for row in server.api.get(f"/runs/{run}/history").json()["rows"]] == list(range(21))
