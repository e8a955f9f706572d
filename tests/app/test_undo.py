"""Edits of a run are undone and made again: by whoever steers it, from wherever, and after a restart."""

import signal

import numpy as np
from safetensors.numpy import load

from app.specs.presets import dense
from tests.server import Server

RATE = "optimizer.learning_rate"


def rate_of(answer):
    return answer.json()["spec"]["optimizer"]["learning_rate"]


def counts(answer):
    return answer.json()["undo"], answer.json()["redo"]


def kernel(server, run):
    return load(server.api.get(f"/runs/{run}/weights").content)["h1/kernel"]


def test_edits_are_undone_and_made_again_one_by_one_also_after_a_kill(tmp_path):
    server = Server(tmp_path, hosts=1)
    with server:
        run, token = server.run(spec={"layers": dense(4), "optimizer": {"name": "SGD", "learning_rate": 0.03}})
        nothing = server.command(run, token, op="undo")
        assert (nothing.status_code, nothing.json()["detail"]) == (422, "there is nothing to undo")
        server.command(run, token, op="set", path=RATE, value=0.1)
        assert counts(server.command(run, token, op="set", path="layers.0.units", value=6)) == (2, 0)
        server.stop(signal.SIGKILL)
        server.start()
        assert counts(server.api.get(f"/runs/{run}")) == (2, 0)
        answer = server.command(run, token, op="undo")
        assert (answer.json()["spec"]["layers"][0]["units"], counts(answer)) == (4, (1, 1))
        assert kernel(server, run).shape == (2, 4)
        assert rate_of(server.command(run, token, op="undo")) == 0.03
        server.stop(signal.SIGKILL)
        server.start()
        assert rate_of(server.command(run, token, op="redo")) == 0.1
        answer = server.command(run, token, op="redo")
        assert (answer.json()["spec"]["layers"][0]["units"], counts(answer)) == (6, (2, 0))
        assert server.command(run, token, op="redo").json()["detail"] == "there is nothing to redo"


def test_a_weight_gets_its_number_back_and_a_new_edit_clears_what_could_be_made_again(tmp_path):
    with Server(tmp_path, hosts=1) as server:
        run, token = server.run(spec={"layers": dense(4)})
        before = kernel(server, run)
        edit = {"op": "edit", "tensor": "h1/kernel", "index": [1, 2]}
        assert counts(server.command(run, token, value=0.75, **edit)) == (1, 0)
        assert kernel(server, run)[1, 2] == 0.75
        assert counts(server.command(run, token, op="undo")) == (0, 1)
        assert np.array_equal(kernel(server, run), before)
        assert counts(server.command(run, token, op="redo")) == (1, 0)
        assert kernel(server, run)[1, 2] == 0.75
        server.command(run, token, op="undo")
        assert counts(server.command(run, token, op="set", path=RATE, value=0.2)) == (1, 0)


def test_a_slider_on_its_way_is_one_edit_and_what_changes_nothing_is_none(tmp_path):
    with Server(tmp_path, hosts=1) as server:
        run, token = server.run(spec={"layers": dense(4), "optimizer": {"name": "SGD", "learning_rate": 0.03}})
        for n, value in enumerate((0.04, 0.05, 0.06)):
            answer = server.command(run, token, op="set", path=RATE, value=value, continues=n > 0)
        assert counts(answer) == (1, 0)
        assert counts(server.command(run, token, op="set", path=RATE, value=0.06)) == (1, 0)
        assert counts(server.command(run, token, op="set", path="layers.0.units", value=5, continues=True)) == (2, 0)
        server.command(run, token, op="undo")
        assert rate_of(server.command(run, token, op="undo")) == 0.03


def test_what_a_rewind_forgot_is_not_undone_and_a_reset_takes_no_old_weight_back(tmp_path):
    with Server(tmp_path, hosts=1) as server:
        run, token = server.run(spec={"layers": dense(4), "optimizer": {"name": "SGD", "learning_rate": 0.03}})
        edit = {"op": "edit", "tensor": "h1/kernel", "index": [0, 1], "value": 2.5}
        server.command(run, token, op="set", path=RATE, value=0.1)
        server.command(run, token, op="step", count=40)
        server.command(run, token, op="set", path=RATE, value=0.3)
        assert counts(server.command(run, token, **edit)) == (3, 0)
        server.command(run, token, op="step", count=5)
        assert counts(server.command(run, token, op="rewind", step=20)) == (1, 0)
        weights = kernel(server, run)
        assert rate_of(server.command(run, token, op="undo")) == 0.03
        assert np.array_equal(kernel(server, run), weights)
        server.command(run, token, **edit)
        assert counts(server.command(run, token, op="reset")) == (0, 0)
        server.command(run, token, op="set", path=RATE, value=0.2)
        weights = kernel(server, run)
        server.command(run, token, op="undo")
        assert np.array_equal(kernel(server, run), weights)


def test_the_report_of_a_run_that_has_gone_back_is_that_of_its_spec(tmp_path):
    """The page draws the network from the report: units of the forgotten future stood beside the earlier spec."""
    with Server(tmp_path, hosts=1) as server:
        run, token = server.run(spec={"layers": dense(4)})
        server.command(run, token, op="step", count=3)
        before = server.state(run)
        server.command(run, token, op="set", path="layers.0.units", value=5)
        server.command(run, token, op="step", count=3)
        assert server.state(run)["report"]["layers"][0]["output_shape"] == [5]
        answer = server.command(run, token, op="rewind", step=1).json()
        after = server.state(run)
        for told in (answer, after):
            assert told["spec"] == before["spec"]
            assert told["report"]["layers"] == before["report"]["layers"]
