"""Every setting at its limit and one past it: what is done there, and the sentence that refuses the rest.

A test says with `bites` which settings it is about; the last test of this file compares them with `Settings`. Times are
told by a clock of the test's own, counts of processes by counting. One server with small limits serves what only HTTP
or a stream shows; the rest needs none.

Long because the last test can only tell which setting is missing if all of them are in one file.
"""

import asyncio
import json
import signal
import sqlite3
import time
import zipfile
from contextlib import asynccontextmanager, closing
from io import BytesIO
from types import SimpleNamespace

import annotated_types
import pytest
import websockets
from pydantic import ValidationError

import app.runs.janitor
import app.runs.live
import app.storage.database
from app.errors import Full, NotFound, Refused, SpecProblem
from app.http.token_bucket import Bucket
from app.ipc.messages import CheckpointNews, Threads
from app.jobs.runner import Jobs
from app.runs.commands import COMMANDS
from app.runs.service import RunService
from app.runs.sweeps import Sweeps
from app.runs.workers import LocalWorkers
from app.settings import Settings
from app.specs import check_spec, facts_of, parse_spec
from app.specs.presets import PRESETS, dense
from app.storage import Database
from app.worker.measuring import Measuring
from engine.training import Trainer
from engine.training.inspection import Inspection
from engine.training.measurement import Measurement
from tests import waits
from tests.app.test_messages import new_worker
from tests.app.test_pictures import picture
from tests.app.test_resilience import worker_pids
from tests.app.test_stream import Client
from tests.server import PATIENCE, Server

TESTED = set()


def bites(*settings):
    """A test that is about these settings."""

    def mark(test):
        assert set(settings) <= set(Settings.model_fields), settings
        TESTED.update(settings)
        return test

    return mark


# -- what a setting may be ---------------------------------------------------------------------------------------------
def bounds():
    """Each bound that a setting has: its name, the number that is still taken and the next one."""
    for name, field in Settings.model_fields.items():
        whole = field.annotation is int
        for bound in field.metadata:
            match bound:
                case annotated_types.Ge(ge=least):
                    yield name, least, least - 1 if whole else least - 0.001, least
                case annotated_types.Gt(gt=below):
                    yield name, below + 0.001, below, below
                case annotated_types.Le(le=most):
                    yield name, most, most + 1 if whole else most + 0.001, most


def test_every_number_has_a_bound():
    numbers = {name for name, field in Settings.model_fields.items() if field.annotation in (int, float)}
    assert {name for name, *_ in bounds()} == numbers
    assert len(numbers) == len(Settings.model_fields) - 5


@pytest.mark.parametrize(("name", "taken", "refused", "bound"), list(bounds()))
def test_a_setting_is_taken_at_its_bound_and_refused_past_it(name, taken, refused, bound):
    assert getattr(Settings.from_environment({f"DESCENT_{name.upper()}": str(taken)}), name) == taken
    with pytest.raises(ValidationError) as caught:
        Settings.from_environment({f"DESCENT_{name.upper()}": str(refused)})
    (error,) = caught.value.errors()
    assert error["loc"] == (name,)
    assert error["msg"].endswith(f" {bound}")
    assert error["input"] == str(refused)


# -- specs -------------------------------------------------------------------------------------------------------------
POINTS = [[0, 0, 0], [1, 1, 1], [2, 2, 0], [3, 3, 1], [0, 1, 1]]
SPECS = [
    ("max_layers", 3, {"layers": dense(2, 2)}, {"layers": dense(2, 2, 2)}, "layers wants at most 3, got 4"),
    ("max_units", 10, {"layers": dense(10)}, {"layers": dense(11)}, "layers.0.units wants at most 10, got 11"),
    ("max_batch_size", 20, {"batch_size": 20}, {"batch_size": 21}, "batch_size wants at most 20, got 21"),
    ("max_points", 4, {"data": {"name": "points", "points": POINTS[:4]}},
     {"data": {"name": "points", "points": POINTS}}, "data.points wants at most 4, got 5"),
]  # fmt: skip
TOTALS = [
    ("max_parameters", "parameters", "weights"),
    ("max_step_multiplications", "step_multiplications", "multiplications in one step"),
    ("max_run_bytes", "memory_bytes", "bytes of memory"),
]


def checked(parts, **limits):
    spec = parse_spec({"layers": dense(4)} | parts)
    return check_spec(spec, facts_of(spec["data"]), Settings(**limits))


@bites(*(name for name, *_ in SPECS))
@pytest.mark.parametrize(("name", "limit", "at", "past", "says"), SPECS, ids=[name for name, *_ in SPECS])
def test_a_spec_is_checked_at_its_limits(name, limit, at, past, says):
    assert checked(at, **{name: limit}).spec
    with pytest.raises(SpecProblem) as refused:
        checked(past, **{name: limit})
    assert str(refused.value) == says
    assert refused.value.limit


@bites(*(name for name, *_ in TOTALS))
@pytest.mark.parametrize(("name", "total", "words"), TOTALS, ids=[name for name, *_ in TOTALS])
def test_what_a_run_costs_is_checked_to_the_last_one(name, total, words):
    large = {"layers": dense(300, 300), "batch_size": 100}
    need = checked(large).totals[total]
    assert checked(large, **{name: need}).totals[total] == need
    with pytest.raises(SpecProblem) as refused:
        checked(large, **{name: need - 1})
    assert str(refused.value) == f"layers: at most {need - 1:,} {words} are allowed, this needs {need:,}"


# -- runs, uploads and sweeps: the service without HTTP ----------------------------------------------------------------
@asynccontextmanager
async def serving(folder, **limits):
    """A service with one real worker."""
    settings = Settings(storage_path=folder / "descent.sqlite3", **{"hosts": 1} | limits)
    service = RunService(settings, LocalWorkers(settings), Database(settings.storage_path))
    await service.start()
    try:
        yield service
    finally:
        await service.stop()


def told(service, run, op, **more):
    return service.command(run, COMMANDS.validate_python({"op": op, **more}))


SPEC = {"layers": dense(2)}


@bites("clock")
def test_a_server_without_clocks_begins_at_full_speed(tmp_path):
    async def go(clock):
        async with serving(tmp_path, clock=clock) as service:
            run, _ = await service.create(SPEC, "here", knee=30)
            return run.state.pace.kind

    assert [waits.run(asyncio.wait_for(go(on), PATIENCE)) for on in (True, False)] == ["clock", "full"]


@bites("max_runs", "max_runs_per_client", "max_playing")
def test_places_for_runs(tmp_path):
    async def go():
        async with serving(tmp_path, max_runs=3, max_runs_per_client=2, max_playing=2) as service:
            mine = [(await service.create(SPEC, "here"))[0] for _ in range(2)]
            for run in mine:
                await told(service, run, "play")
            with pytest.raises(Full, match="2 runs of this address are active"):
                await service.create(SPEC, "here")
            other, _ = await service.create(SPEC, "there")
            with pytest.raises(Full, match="2 runs are training already"):
                await told(service, other, "play")
            other.listeners["somebody"] = lambda message: None
            with pytest.raises(Full, match="all 3 places are taken"):
                await service.create(SPEC, "elsewhere")
            # nobody looks at it any more, and it does not train: it makes room
            other.listeners.clear()
            last, _ = await service.create(SPEC, "elsewhere")
            while other.id in service.live:
                await asyncio.sleep(0.01)
            await service.delete(last)
            other = await service.get(other.id)
            await told(service, mine[0], "pause")
            await told(service, other, "play")
            await service.delete(other)
            # one of theirs that rests makes room for a new one
            await service.create(SPEC, "here")
            while len(service.live) > 2:
                await asyncio.sleep(0.01)
            assert mine[0].id not in service.live
            assert mine[1].id in service.live

    waits.run(asyncio.wait_for(go(), PATIENCE))


@bites("max_undo")
def test_the_oldest_edit_leaves_first(tmp_path):
    rates = (0.1, 0.2, 0.3)

    async def go():
        async with serving(tmp_path, max_undo=2) as service:
            run, _ = await service.create(SPEC, "here")
            for rate in rates:
                answer = await told(service, run, "set", path="optimizer.learning_rate", value=rate)
            assert answer["undo"] == 2
            for _ in range(2):
                await told(service, run, "undo")
            assert run.spec["optimizer"]["learning_rate"] == rates[0], "what was before that is forgotten"
            with pytest.raises(Refused, match="nothing to undo"):
                await told(service, run, "undo")

    waits.run(asyncio.wait_for(go(), PATIENCE))


def zipped(bodies):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for i, body in enumerate(bodies):
            archive.writestr(f"{'ab'[i % 2]}/{i}.png", body)
    return out.getvalue()


@bites("max_upload_bytes", "max_uploads", "max_pictures", "max_pictures_bytes")
def test_uploaded_files(tmp_path):
    table = b"a,b,y\n" + b"".join(b"%d,%d,%d.5\n" % (i, i * i, i % 3) for i in range(12))
    pictures = [picture((40 * i, 90, 20)) for i in range(4)]
    size = sum(map(len, pictures)) + 1024
    padded = [pictures[0] + b"\0" * 1024, *pictures[1:]]
    limits = {"max_upload_bytes": len(table), "max_uploads": 2, "max_pictures": 4, "max_pictures_bytes": size}

    async def go():
        async with serving(tmp_path, **limits) as service:
            first = await service.add_upload(table)
            with pytest.raises(SpecProblem, match=f"at most {len(table):,} bytes, got {len(table) + 1:,}"):
                await service.add_upload(table + b"\n")
            second = await service.add_pictures(zipped(padded))
            assert second["pictures"] == 4
            with pytest.raises(SpecProblem, match="at most 4 pictures are read, got 5"):
                await service.add_pictures(zipped([*pictures, pictures[0]]))
            with pytest.raises(SpecProblem, match=f"at most {size:,} bytes in all, got {size + 1:,}"):
                await service.add_pictures(zipped([padded[0] + b"\0", *pictures[1:]]))
            assert (await service.get_upload(first["id"]))["rows"] == 12
            third = await service.add_upload(table.replace(b"a,b", b"c,d"))
            with pytest.raises(NotFound, match=first["id"]):  # the oldest of three left
                await service.get_upload(first["id"])
            for kept in (second, third):
                assert (await service.get_upload(kept["id"]))["id"] == kept["id"]

    waits.run(asyncio.wait_for(go(), PATIENCE))


@bites("max_sweeps", "max_sweep_runs", "max_sweep_multiplications")
def test_sweeps(tmp_path):
    steps = 4000
    work = 2 * checked(SPEC).totals["step_multiplications"] * steps
    limits = {"max_sweeps": 1, "max_sweep_runs": 6, "max_sweep_multiplications": work}

    async def go():
        async with serving(tmp_path, **limits) as service:
            sweeps = Sweeps(service)
            with pytest.raises(SpecProblem, match="at most 6 runs, got 7"):
                await sweeps.start(SPEC, [{}] * 7, 1, 1, "train")
            with pytest.raises(SpecProblem, match=r"at most \S+ multiplications, this takes \S+"):
                await sweeps.start(SPEC, [{}], 2, steps + 1, "train")
            six, _ = await sweeps.start(SPEC, [{}] * 3, 2, 1, "train")
            await six.work
            assert (six.state, len(six.results)) == ("done", 6)
            whole, _ = await sweeps.start(SPEC, [{}], 2, steps, "train")
            with pytest.raises(Full, match="1 sweeps are running already"):
                await sweeps.start(SPEC, [{}], 1, 1, "train")
            while service.cores.sweeps == 0:
                await asyncio.sleep(0.01)
            await sweeps.cancel(whole)
            assert whole.state == "cancelled"
            again, _ = await sweeps.start(SPEC, [{}], 1, 1, "train")
            await again.work

    waits.run(asyncio.wait_for(go(), PATIENCE))


# -- times: told by a clock of the test's ------------------------------------------------------------------------------
@bites("idle_minutes", "abandoned_seconds", "keep_days")
def test_runs_are_paused_put_to_rest_and_deleted_in_their_time(tmp_path, monkeypatch):
    now = SimpleNamespace(monotonic=1e7, time=1e9)  # no machine has been up for so long: its own clock is not asked
    clock = SimpleNamespace(monotonic=lambda: now.monotonic, time=lambda: now.time)
    for module in (app.runs.janitor, app.runs.live, app.storage.database):
        monkeypatch.setattr(module, "time", clock)
    looked = asyncio.Event()

    async def go():
        async with serving(tmp_path, abandoned_seconds=0.25, idle_minutes=10, keep_days=2) as service:
            delete = service.database.delete_untouched

            async def counted(seconds):
                looked.set()
                return await delete(seconds)

            service.database.delete_untouched = counted

            async def rounds():
                """Twice, so that one of the rounds began after the call."""
                for _ in range(2):
                    looked.clear()
                    await looked.wait()

            run, _ = await service.create(SPEC, "here")
            await told(service, run, "play")
            run.listeners["somebody"] = lambda message: None
            now.monotonic += 500
            await rounds()
            assert run.state.playing, "as long as somebody watches"
            run.listeners.clear()
            run.touch()
            now.monotonic += 0.25
            await rounds()
            assert run.state.playing, "at the limit it still trains"
            now.monotonic += 0.001
            while run.state.playing:
                await asyncio.sleep(0.01)
            now.monotonic = run.touched + 600
            await rounds()
            assert run.id in service.live
            now.monotonic += 0.001
            while run.id in service.live:
                await asyncio.sleep(0.01)
            now.time += 2 * 86400
            await rounds()
            assert await service.database.get_run(run.id)
            now.time += 0.001
            await rounds()
            assert await service.database.get_run(run.id) is None

    waits.run(asyncio.wait_for(go(), PATIENCE))


@bites("slice_ms")
@pytest.mark.parametrize(("slice_ms", "steps"), [(1.0, 1), (4.0, 4), (5.0, 5)])
def test_a_turn_is_so_many_steps_of_a_millisecond(slice_ms, steps, monkeypatch):
    worker = new_worker(slice_ms=slice_ms)
    run = worker.runs["a"]
    run.play()
    monkeypatch.setattr(time, "perf_counter", lambda: run.trainer.step_count / 1000)
    worker.turns.give()
    monkeypatch.undo()
    assert run.trainer.step_count == steps


@bites("measure_share")
@pytest.mark.parametrize("share", [0.1, 0.2, 0.5])
def test_measuring_has_its_share_of_the_time_and_no_more(share, monkeypatch):
    trainer = Trainer(PRESETS["lenet"].spec, beside=True)
    measuring = Measuring(trainer, Inspection.of(trainer), new_worker(measure_share=share).runs["a"].measuring.share)
    measuring.inspection.measured = trainer.costs.pending  # after an edit the first measurement does not wait
    clock = SimpleNamespace(now=1024.0, measured=0.0)

    def piece(*_, **__):
        clock.now += 0.006
        clock.measured += 0.006

    monkeypatch.setattr(time, "perf_counter", lambda: clock.now)
    monkeypatch.setattr(Measurement, "advance", piece)
    for _ in range(4000):
        clock.now += 0.004
        measuring.earn(0.004)
        measuring.move(0.004)
    monkeypatch.undo()
    assert clock.measured / (clock.now - 1024) == pytest.approx(share, rel=0.1)


@bites("checkpoint_seconds")
def test_a_checkpoint_is_told_when_its_time_is_over(monkeypatch):
    clock = SimpleNamespace(now=1024.0)
    monkeypatch.setattr(time, "perf_counter", lambda: clock.now)
    worker = new_worker(checkpoint_seconds=8.0)
    run = worker.runs["a"]
    run.play()
    counts = []
    for later in (8.0, 0.125, 0.125, 7.875, 0.125):
        clock.now += later
        run.trainer.advance("batch")
        worker.wire.told.clear()
        run.telling.tell(run.state(), run.busy)
        counts.append(sum(isinstance(news.content, CheckpointNews) for news in worker.wire.told))
    monkeypatch.undo()
    assert counts == [0, 1, 0, 0, 1]


@bites("keyframe_bytes")
def test_earlier_moments_fill_their_memory_and_no_more():
    spec = parse_spec({"layers": dense(64, 16)})
    one = 3 * Trainer(spec).model.store.values.nbytes
    for given, kept in ((7 * one, 7), (7 * one - 1, 6)):
        trainer = new_worker(spec, keyframe_bytes=given).runs["a"].trainer
        trainer.advance("batch", 200)
        checkpoints = trainer.keyframes.checkpoints
        assert len(checkpoints) == kept
        assert sum(c.arrays["values"].nbytes * 3 for c in checkpoints) <= given


@bites("shutdown_seconds")
def test_who_answers_ends_by_itself_and_who_does_not_is_ended(monkeypatch):
    patience, wait = [], asyncio.wait

    async def waited(tasks, timeout):
        patience.append(timeout)
        return await wait(tasks, timeout=timeout)

    async def go(deaf):
        workers = LocalWorkers(Settings(hosts=1, shutdown_seconds=0.4 if deaf else 40))
        await workers.start(lambda news: None, None)
        process = workers._processes[0].process
        await workers.everywhere(Threads(1))
        if deaf:
            process.send_signal(signal.SIGSTOP)
        await workers.stop()
        return process.returncode

    monkeypatch.setattr(asyncio, "wait", waited)
    assert waits.run(asyncio.wait_for(go(deaf=False), PATIENCE)) == 0
    assert patience == [20, 10]
    assert waits.run(asyncio.wait_for(go(deaf=True), PATIENCE)) == -signal.SIGKILL
    assert sum(patience[2:]) < 0.4


@bites("max_jobs", "job_seconds")
def test_passes_through_large_nets():
    async def passed(jobs):
        return [line async for line in jobs.lines("walk", "lenet5", "cat")]

    async def go():
        jobs = Jobs(Settings(max_jobs=2))
        first, second = (jobs.lines("walk", "lenet5", "cat") for _ in range(2))
        assert b"built" in await anext(first)
        assert b"built" in await anext(second)
        with pytest.raises(Full, match="2 such passes are running already"):
            await passed(jobs)
        await first.aclose()
        assert b"done" in (await passed(jobs))[-1]
        await second.aclose()
        assert jobs.running == 0
        hurried = Jobs(Settings(job_seconds=0.01))
        with pytest.raises(Full, match=r"took more than 0\.01 s and was ended"):
            await passed(hurried)
        assert hurried.running == 0

    waits.run(asyncio.wait_for(go(), PATIENCE))


@bites("commands_per_second", "command_burst")
def test_a_burst_and_then_a_steady_rate():
    now = [0.0]
    bucket = Bucket(2.0, 3, lambda: now[0])
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    now[0] = 0.499
    assert not bucket.take()
    now[0] = 0.501
    assert [bucket.take(), bucket.take()] == [True, False]
    now[0] = 1e6
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


# -- one server with small limits --------------------------------------------------------------------------------------
SMALL = {
    "hosts": 1, "max_body_bytes": 2048, "max_pictures_bytes": 1024, "max_message_bytes": 1024, "max_predict_rows": 3,
    "max_viewers": 3, "max_viewers_per_run": 2, "max_fps": 5, "max_views": 2, "frame_window": 3,
    "commands_per_second": 0.001, "command_burst": 7, "allowed_origins": "https://school.example, https://b.example",
    "allowed_hosts": "127.0.0.1,descent.example", "frame_ancestors": "https://school.example",
}  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("small"), **SMALL) as running:
        yield running
    assert "Traceback" not in running.log_text(), running.log_text()


@bites("hosts", "storage_path")
def test_so_many_processes_and_the_file_where_it_was_said(small, server, tmp_path):
    assert len(worker_pids(small)) == 1
    assert len(worker_pids(server)) == Settings().hosts == 2
    assert (small.folder / "descent.sqlite3").stat().st_size > 0
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        Database(tmp_path / "file" / "descent.sqlite3")


@bites("lock_seconds")
def test_storage_that_another_program_holds_is_waited_for(tmp_path):
    path = tmp_path / "descent.sqlite3"

    async def go():
        short, long = Database(path, 0.05), Database(path, PATIENCE)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                await short.get_run("none")
            patient = asyncio.create_task(long.get_run("none"))
            done, _ = await asyncio.wait([patient], timeout=0.3)  # meant: several times what the other waits
            assert not done
            other.execute("ROLLBACK")
            assert await patient is None
        await short.close()
        await long.close()

    waits.run(go())


@bites("allowed_origins", "allowed_hosts", "frame_ancestors")
def test_who_may_ask(small):
    def code(**headers):
        return small.api.post("/specs/check", json=SPEC, headers=headers).status_code

    assert code() == 200
    for origin, wanted in (("https://school.example", 200), ("https://b.example", 200), (small.url, 200),
                           ("https://c.example", 403), ("https://school.example.org", 403), ("null", 403)):  # fmt: skip
        assert code(Origin=origin) == wanted, origin
    for name, wanted in (("descent.example", 200), ("descent.example:8000", 200), ("example", 421)):
        assert code(Host=name) == wanted, name
    policy = small.api.get(f"{small.url}/labs/cost-function").headers["content-security-policy"]
    assert "frame-ancestors https://school.example;" in f"{policy};"


@bites("max_body_bytes")
@pytest.mark.parametrize("form", [lambda body: body, lambda body: iter([body])], ids=["with a length", "without"])
def test_a_body_is_read_to_its_last_byte(small, form):
    text = json.dumps(SPEC).encode()

    def answer(size):
        headers = {"content-type": "application/json"}
        return small.api.post("/specs/check", content=form(text + b" " * (size - len(text))), headers=headers)

    assert answer(2048).status_code == 200
    refused = answer(2049)
    assert refused.status_code == 413
    assert "at most 2,048 bytes" in refused.json()["detail"]


@bites("max_predict_rows", "max_views", "commands_per_second", "command_burst")
def test_questions_to_a_run(small):
    run, token = small.run()
    ask = lambda rows: small.api.post(f"/runs/{run}/predict", json={"inputs": [[0, 0]] * rows})  # noqa: E731
    assert len(ask(3).json()["outputs"]) == 3
    assert (ask(4).status_code, ask(4).json()["detail"]) == (422, "inputs wants at most 3 rows, got 4")
    frame = lambda *views: small.api.get(f"/runs/{run}/frame", params={"views": ",".join(views)})  # noqa: E731
    assert frame("cost", "weights").status_code == 200
    refused = frame("cost", "weights", "boundary")
    assert (refused.status_code, refused.json()["detail"]) == (422, "at most 2 views, got 3")
    codes = [small.command(run, token, op="pause").status_code for _ in range(8)]
    assert codes == [200] * 7 + [429]
    refused = small.command(run, token, op="pause")
    assert "7 at once" in refused.json()["detail"]
    assert "0.001 a second" in refused.json()["detail"]
    other, key = small.run()
    assert small.command(other, key, op="pause").status_code == 200


def streamed(work):
    waits.run(asyncio.wait_for(work, PATIENCE))


@bites("max_message_bytes", "max_views", "commands_per_second", "command_burst")
def test_messages_of_a_stream(small):
    async def go():
        run, token = small.run()
        async with Client(small, run, token) as client:
            await client.say(id=1, op="subscribe", views={"cost": {}, "weights": {}})
            assert (await client.answer(1))["ok"]
            await client.say(id=2, op="subscribe", views={"cost": {}, "weights": {}, "boundary": {}})
            assert (await client.answer(2))["error"]["detail"] == "at most 2 views, got 3"
            for i in range(8):
                await client.say(id=10 + i, op="pause")
            answers = {}
            while len(answers) < 8:  # who is refused is answered first
                message = await client.next()
                if message.get("id", 0) in range(10, 18):
                    answers[message["id"]] = message
            assert ["ok" in answers[10 + i] for i in range(8)] == [True] * 7 + [False]
            assert answers[17]["error"]["status"] == 429
            assert "7 at once" in answers[17]["error"]["detail"]
            text = json.dumps({"id": 3, "op": "dance"})
            await client.socket.send(text + " " * (1024 - len(text)))
            assert "unknown op 'dance'" in (await client.answer(3))["error"]["detail"]
            await client.socket.send(text + " " * (1025 - len(text)))
            with pytest.raises(websockets.ConnectionClosed) as closed:
                await client.answer(4)
            assert closed.value.rcvd.code == 1009

    streamed(go())


async def viewers_leave(server):
    """Until nobody watches any more: a server learns of a closed connection a moment later."""
    while "descent_viewers 0.0" not in (await asyncio.to_thread(server.api.get, f"{server.url}/metrics")).text:
        await asyncio.sleep(0.02)


@bites("max_viewers", "max_viewers_per_run")
def test_places_for_viewers(small):
    async def refused(run):
        async with Client(small, run) as client:
            with pytest.raises(websockets.ConnectionClosed) as closed:
                await client.answer(1)
            return closed.value.rcvd

    async def go():
        await viewers_leave(small)
        one, other = (small.run()[0] for _ in range(2))
        async with Client(small, one) as first, Client(small, one) as second:
            assert {(await c.next())["event"] for c in (first, second)} == {"hello"}
            past = await refused(one)
            assert (past.code, past.reason) == (
                4001,
                "all 2 places for viewers of this run are taken; try again in a minute",
            )
            async with Client(small, other) as third:
                assert (await third.next())["event"] == "hello"
                past = await refused(other)
                assert (past.code, past.reason) == (4001, "all 3 places for viewers are taken; try again in a minute")

    streamed(go())


@bites("frame_window")
def test_frames_wait_for_their_acknowledgement(small):
    async def go():
        run, token = small.run()
        async with Client(small, run, token) as client:
            await client.say(id=1, op="subscribe", views={"weights": {}}, max_fps=5)
            await client.say(id=2, op="play")
            while len(client.frames) < 3:
                await client.next(acknowledge=False)
            last = int(client.frames[-1][0]["step"])
            while small.state(run)["step"] < last + 2000:
                await asyncio.sleep(0.05)
            await client.say(id=3, op="pause")
            while client.messages[-1].get("id") != 3:
                await client.next(acknowledge=False)
            assert len(client.frames) == 3, "one more would be past the window"
            await client.say(op="ack", frame=int(client.frames[0][0]["frame"]))
            while len(client.frames) < 4:
                await client.next(acknowledge=False)
            assert int(client.frames[3][0]["step"]) >= last + 2000, "the newest, whatever was between"

    streamed(go())


@bites("max_fps")
@pytest.mark.parametrize("wanted", [5, 6, 240])
def test_frames_come_no_faster_than_the_limit(small, wanted):
    """Eight frames later seven fifths of a second are over: one may be late, and the next in time."""

    async def go():
        run, token = small.run()
        async with Client(small, run, token) as client:
            await client.say(id=1, op="subscribe", views={"weights": {}}, max_fps=wanted)
            await client.say(id=2, op="play")
            while len(client.frames) < 10:
                await client.next()
            times = [float(meta["time"]) for meta, _ in client.frames[1:]]
            assert times[-1] - times[0] > 7 / 5
            await client.say(id=3, op="subscribe", views={"weights": {}}, max_fps=241)
            assert "a number of at most 240 was expected, got 241" in (await client.answer(3))["error"]["detail"]

    streamed(go())


def test_every_setting_is_in_a_test_of_this_file():
    assert set(Settings.model_fields) - TESTED == set()
