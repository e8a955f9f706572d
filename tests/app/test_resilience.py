"""What happens when things break: a killed worker, a restarted server, full places, greedy runs."""

import asyncio
import itertools
import os
import re
import signal
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import httpx
import numpy as np
import psutil
import websockets
from safetensors.numpy import load

from app.runs.commands import COMMANDS
from app.runs.service import RunService
from app.runs.workers import LocalWorkers
from app.settings import Settings
from app.specs.presets import PRESETS, dense
from app.storage import Database
from tests import waits
from tests.app.test_stream import Client
from tests.server import PATIENCE, Server
from tests.waits import until


def worker_pids(server):
    return [
        c.pid
        for c in psutil.Process(server.process.pid).children(recursive=True)
        if "app.worker.process" in " ".join(c.cmdline())
    ]


def saved(server):
    """The step of every run's last checkpoint in storage."""
    with closing(sqlite3.connect(f"file:{server.folder / 'descent.sqlite3'}?mode=ro", uri=True)) as database:
        return dict(database.execute("SELECT run, step FROM checkpoints WHERE latest = 1"))


def figure(server, name):
    """One of the server's figures; asking for it wakes no run."""
    text = server.api.get(f"{server.url}/metrics").text
    return float(re.search(rf"^descent_{name} (\S+)$", text, re.MULTILINE)[1])


def recovered(server, run):
    return server.wait_for(run, lambda s: s["state"].get("version", 0) > 1_000_000)


def test_a_killed_worker_loses_no_run_and_no_step_before_the_last_checkpoint(tmp_path):
    with Server(tmp_path, hosts=1, checkpoint_seconds=0.3) as server:
        runs = [server.run(spec={"layers": dense(4, 2), "seed": i}) for i in range(4)]
        for run, token in runs:
            server.command(run, token, op="play")
        for run, _ in runs:
            server.wait_for(run, lambda s: s["step"] > 1500)
        until(lambda: all(saved(server).get(run, 0) > 500 for run, _ in runs))
        before = {run: server.state(run)["step"] for run, _ in runs}
        kept = saved(server)
        os.kill(worker_pids(server)[0], signal.SIGKILL)
        for run, _ in runs:
            after = recovered(server, run)
            assert after["step"] >= kept[run] > 500
            assert after["playing"]
            server.wait_for(run, lambda s, r=run: s["step"] > before[r])
        rows = np.array([r[0] for r in server.api.get(f"/runs/{runs[0][0]}/history").json()["rows"]])
        assert (np.diff(rows) > 0).all()


def test_a_recovered_run_is_bit_for_bit_the_run_it_would_have_been(tmp_path):
    with Server(tmp_path, hosts=1, checkpoint_seconds=0.1) as server:
        run, token = server.run(
            spec={"layers": dense(5), "dropout": 0.3, "optimizer": {"name": "Adam", "learning_rate": 0.01}}
        )
        twin, twin_token = server.run(
            spec={"layers": dense(5), "dropout": 0.3, "optimizer": {"name": "Adam", "learning_rate": 0.01}}
        )
        server.command(run, token, op="step", count=300)
        server.command(twin, twin_token, op="step", count=300)
        until(lambda: [saved(server).get(r) for r in (run, twin)] == [300, 300])
        os.kill(worker_pids(server)[0], signal.SIGKILL)
        assert [recovered(server, r)["step"] for r in (run, twin)] == [300, 300]
        assert server.command(run, token, op="step", count=200).json()["step"] == 500
        got = load(server.api.get(f"/runs/{run}/weights").content)
        fresh, fresh_token = server.run(
            spec={"layers": dense(5), "dropout": 0.3, "optimizer": {"name": "Adam", "learning_rate": 0.01}}
        )
        server.command(fresh, fresh_token, op="step", count=300)
        server.command(fresh, fresh_token, op="step", count=200)
        wanted = load(server.api.get(f"/runs/{fresh}/weights").content)
        for name in wanted:
            assert got[name].tobytes() == wanted[name].tobytes()


def test_runs_history_and_checkpoints_survive_a_restart(tmp_path):
    server = Server(tmp_path)
    with server:
        run, token = server.run()
        server.command(run, token, op="step", count=400)
        server.command(run, token, op="set", path="layers.0.units", value=6)
        server.command(run, token, op="step", count=100)
        weights = server.api.get(f"/runs/{run}/weights").content
        rows = server.api.get(f"/runs/{run}/history").json()["rows"]
    assert server.process.returncode in (0, -signal.SIGTERM)
    with server:
        state = server.state(run)
        assert (state["step"], state["spec"]["layers"][0]["units"]) == (500, 6)
        assert (
            load(server.api.get(f"/runs/{run}/weights").content)["h1/kernel"].tobytes()
            == load(weights)["h1/kernel"].tobytes()
        )
        assert server.api.get(f"/runs/{run}/history").json()["rows"] == rows
        past = server.command(run, token, op="seek", step=100).json()
        assert abs(past["step"] - 100) <= 4


def test_a_run_that_was_never_stepped_survives_too(tmp_path):
    server = Server(tmp_path)
    with server:
        run, token = server.run()
    with server:
        assert server.command(run, token, op="step").json()["step"] == 1


def test_time_is_shared_fairly_even_when_one_run_is_pestered(tmp_path):
    with Server(tmp_path, hosts=1, commands_per_second=1000, command_burst=5000) as server:
        runs = [server.run(spec={"layers": dense(8, 8), "seed": i}) for i in range(6)]
        for run, token in runs:
            server.command(run, token, op="play")
        for run, _ in runs:
            server.wait_for(run, lambda s: s["step"] > 100)
        start = {run: server.state(run)["step"] for run, _ in runs}
        count = itertools.count()
        while server.state(runs[-1][0])["step"] < start[runs[-1][0]] + 2000:
            for _ in range(20):
                server.command(*runs[0], op="set", path="optimizer.learning_rate", value=0.01 + next(count) / 1e6)
        assert next(count) > 60, "it was pestered"
        made = []
        for run, token in runs:
            made.append(server.command(run, token, op="pause").json()["step"] - start[run])
        assert min(made) / max(made) > 0.4, made


def test_when_full_new_runs_are_refused_but_viewers_are_let_in(tmp_path):
    with Server(tmp_path, max_runs=2) as server:
        run, token = server.run()
        server.command(run, token, op="play")
        other, its_token = server.run()
        server.command(other, its_token, op="play")
        refused = server.api.post("/runs", json={"lab": "circle"})
        assert refused.status_code == 429
        assert "try again" in refused.json()["detail"]
        assert refused.headers["retry-after"]

        async def watch():
            async with Client(server, run) as client:
                await client.say(op="subscribe", views={"cost": {}})
                while len(client.frames) < 3:
                    await client.next()

        waits.run(watch())


def test_a_run_whose_page_has_gone_is_paused(tmp_path):
    with Server(tmp_path, abandoned_seconds=0.5) as server:
        run, token = server.run()

        async def visit():
            async with Client(server, run, token) as client:
                await client.say(id=1, op="play")
                await client.answer(1)

        waits.run(visit())
        until(lambda: figure(server, "runs_playing") == 0)  # asking for the run itself would be a visit
        assert server.state(run)["playing"] is False


def test_a_run_that_nobody_ever_watched_and_one_whose_last_watcher_went_after_its_owner_are_paused_and_kept(tmp_path):
    with Server(tmp_path, abandoned_seconds=0.5) as server:
        alone, its_key = server.run()
        server.command(alone, its_key, op="play")
        run, token = server.run()

        async def visit():
            async with Client(server, run) as watcher:
                async with Client(server, run, token) as owner:
                    await owner.say(id=1, op="play")
                    await owner.answer(1)
                await watcher.until(lambda: watcher.messages)

        waits.run(visit())
        until(lambda: figure(server, "runs_playing") == 0)
        for each in (alone, run):
            kept = server.state(each)
            assert kept["playing"] is False
            assert kept["step"] > 0


def test_on_sigterm_clients_are_told_to_come_back_and_the_server_goes_by_itself(tmp_path):
    server = Server(tmp_path)
    server.start()
    run, token = server.run()
    server.command(run, token, op="play")

    async def wait():
        async with Client(server, run) as client:
            await client.say(op="subscribe", views={"cost": {}})
            while not client.frames or int(client.frames[-1][0]["step"]) < 50:
                await client.next()
            server.process.send_signal(signal.SIGTERM)
            try:
                while True:
                    await client.next()
            except websockets.ConnectionClosed as closed:
                return closed.rcvd.code

    assert waits.run(wait()) == 1012
    assert server.stop() in (0, -signal.SIGTERM), "nobody had to kill it"
    with server:
        assert server.state(run)["step"] >= 50


def test_a_run_at_rest_is_woken_by_whoever_asks(tmp_path):
    with Server(tmp_path, idle_minutes=0.01) as server:
        run, token = server.run()
        server.command(run, token, op="step", count=30)
        until(lambda: figure(server, "runs") == 0)
        assert server.state(run)["step"] == 30


class SlowPost(LocalWorkers):
    """Real workers, whose answers are read long after the news that the worker told behind them."""

    async def ask(self, question):
        answer = await super().ask(question)
        await asyncio.sleep(1)
        return answer


def test_an_answer_that_is_read_late_does_not_undo_newer_news(tmp_path):
    diverging = {"layers": dense(4), "data": {"name": "plane"}, "optimizer": {"name": "SGD", "learning_rate": 9000.0}}

    async def go():
        settings = Settings(storage_path=tmp_path / "descent.sqlite3", hosts=1)
        service = RunService(settings, SlowPost(settings), Database(settings.storage_path))
        await service.start()
        try:
            run, _ = await service.create(diverging, "here")
            await service.command(run, COMMANDS.validate_python({"op": "play"}))
            return run.state
        finally:
            await service.stop()

    state = waits.run(go())
    assert state.diverged
    assert state.playing is False


def test_many_steps_at_once_leave_the_other_runs_of_the_worker_their_turns(tmp_path):
    slow = {"layers": dense(64, 64), "batch_size": 1, "seed": 3}
    with Server(tmp_path, hosts=1) as server:
        alone, alone_token = server.run(spec=slow)
        wanted = server.command(alone, alone_token, op="step", unit="epoch", count=40).json()["step"]
        many, many_token = server.run(spec=slow)
        other, other_token = server.run()
        with ThreadPoolExecutor(1) as aside:
            asked = aside.submit(server.command, many, many_token, op="step", unit="epoch", count=40)
            server.wait_for(many, lambda s: s["step"] > 0)
            answers = 0
            while not asked.done():
                answers += server.command(other, other_token, op="step").status_code == 200
            assert asked.result().json()["step"] == wanted
        assert answers > 3
        weights = [load(server.api.get(f"/runs/{run}/weights").content) for run in (alone, many)]
        for name in weights[0]:
            assert weights[0][name].tobytes() == weights[1][name].tobytes()
        late = 0.99 * wanted
        assert server.rows_of(many, late) == server.rows_of(alone, late)


def test_a_server_that_ends_amid_many_steps_keeps_those_that_were_made(tmp_path):
    server = Server(tmp_path, hosts=1)
    with server, ThreadPoolExecutor(1) as aside:
        run, token = server.run(spec={"layers": dense(64, 64), "batch_size": 1})
        aside.submit(httpx.post, f"{server.url}/api/v1/runs/{run}/commands", headers=token, timeout=PATIENCE,
                     json={"op": "step", "unit": "epoch", "count": 1000})  # fmt: skip
        made = server.wait_for(run, lambda s: s["step"] > 0)["step"]
    assert server.process.returncode in (0, -signal.SIGTERM)
    with server:
        assert server.state(run)["step"] >= made


def test_a_server_that_ends_while_a_worker_is_at_work_answers_and_says_no_traceback(tmp_path):
    """Thousands of scenes are drawn for longer than the server has time to end."""
    server = Server(tmp_path, hosts=1)
    with server, ThreadPoolExecutor(1) as aside:
        run, token = server.run()
        server.command(run, token, op="step", count=50)
        rows = server.rows_of(run, 40)
        scenes = {"name": "scenes_shapes", "samples": 3000, "scene": {"objects": 8, "overlap": 0.0}}
        new = {"spec": {**PRESETS["yolo"].spec, "data": scenes}}
        asked = aside.submit(httpx.post, f"{server.url}/api/v1/runs", timeout=PATIENCE, json=new)
        until(lambda: figure(server, "runs") == 2)
        assert not asked.done()
        server.process.send_signal(signal.SIGTERM)
        answer = asked.result()
        assert answer.status_code == 503
        assert "try again" in answer.json()["detail"]
    assert server.process.returncode in (0, -signal.SIGTERM)
    assert "Traceback" not in server.log_text(), server.log_text()
    with server:
        assert server.state(run)["step"] == 50
        until(lambda: server.rows_of(run, 40) == rows)
