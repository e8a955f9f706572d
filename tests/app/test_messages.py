"""What the server and a worker say to each other: every message there and back, every question with its own answer."""

import asyncio
import json
import socket
import subprocess
import sys
from typing import get_args

import msgspec
import numpy as np
import pytest

from app.errors import AppError, Fault, Refused, WorkerLost
from app.http.problems import STATUS, problem_of
from app.ipc import commands, framing, messages
from app.ipc.commands import Entry
from app.ipc.messages import ANSWER_OF, Asked, Kept, Limits, Refusal, RunState, Told, Upload
from app.ipc.pace import Pace
from app.ipc.tensors import encode_tensors
from app.runs.commands import COMMANDS, OPS, Set, message_of
from app.runs.live import LiveRun
from app.runs.workers import LocalWorkers
from app.settings import Settings
from app.specs import parse_spec
from app.specs.presets import dense
from app.stream.socket import Viewer
from app.worker.process import Worker
from app.worker.turns import Turns
from engine.data.uploads import fingerprint
from tests import waits
from tests.server import PATIENCE, ROOT

SPEC = parse_spec({"layers": dense(3)})
CSV = b"a,b,y\n" + b"".join(b"%d,%d,%d\n" % (i, i * i, i % 2) for i in range(20))
UPLOAD = Upload(fingerprint(CSV), CSV)
FROM_CSV = {**SPEC["data"], "name": "csv", "upload": UPLOAD.id, "inputs": ["a", "b"], "target": "y"}
AT_THE_DOOR = {
    "play": {},
    "pause": {},
    "step": {"unit": "epoch", "count": 7},
    "speed": {"steps_per_second": 3},
    "pace": {"knee": 30},
    "reset": {"seed": 5},
    "set": {"path": "seed", "value": 3},
    "edit": {"tensor": "h1/kernel", "index": [0, 1], "value": 2},
    "undo": {},
    "redo": {},
    "seek": {"step": 4},
    "rewind": {"step": 2},
    "probe": {"picture": None},
    "solve": {},
    "move": {"u": 0.5, "v": -1},
}


class Wire:
    """What a worker says, as it would arrive."""

    def __init__(self):
        self.told = []

    def send(self, told):
        self.told.append(there_and_back(told, Told))

    def answer_to(self, number):
        return next(told.content for told in self.told if told.number == number)


def there_and_back(message, kind):
    return msgspec.msgpack.decode(framing.pack(message)[framing.LENGTH.size :], type=kind)


def new_worker(spec=SPEC, **limits):
    """One in this process with the run "a"; what it says is in its wire."""
    usual = {"slice_ms": 4.0, "checkpoint_seconds": 1.0, "keyframe_bytes": 1 << 20}
    worker = Worker(Wire(), Limits(**usual | limits))
    worker.hear(Asked(1, messages.Create("a", spec)))
    return worker


def every_question():
    """One of each, in an order in which a worker can answer them all."""
    trained = new_worker()
    trained.hear(Asked(2, messages.Checkpoint("a", None)))
    kept = trained.wire.answer_to(2).kept
    weights = encode_tensors(trained.runs["a"].trainer.weights(), {})
    return [
        messages.Create(
            "a",
            SPEC,
            kept=kept,
            journal=[Entry(4, commands.Pause(), 0, 0)],
            number=4,
            pace=Pace("fixed", 2.0),
            version=9,
        ),
        messages.Steer("a", 1, commands.Step("batch", 3)),
        messages.Frame("a", 0, {"cost": {}}, True),
        messages.Checkpoint("a", 1),
        messages.Predict("a", [[0.1, 0.2]], True),
        messages.Weights("a"),
        messages.Steer("a", 2, commands.Load(weights)),
        messages.Data("a", 5),
        messages.Onnx("a"),
        messages.KeepUpload("a", UPLOAD),
        messages.Trial("s", SPEC, 3, "train", [UPLOAD]),
        messages.Threads(1),
        messages.Csv(CSV),
        messages.Inspect(FROM_CSV, UPLOAD),
        messages.Save(),
        messages.Cancel("s"),
        messages.Close("a"),
    ]


def test_every_question_reaches_a_worker_as_it_was_and_gets_the_answer_of_its_kind():
    pytest.importorskip("onnx")
    questions = every_question()
    kinds = {type(q) for q in questions}
    assert kinds | {messages.Pictures} == set(get_args(messages.AnyQuestion)), "each kind stands in the list"
    worker = Worker(Wire(), Limits(4.0, 1.0, 1 << 20))
    for number, question in enumerate(questions):
        asked = there_and_back(Asked(number, question), Asked)
        assert asked == Asked(number, question)
        worker.hear(asked)
        while worker.turns.pause() == 0:  # steps and trials are made in turns
            worker.turns.give()
        answer = worker.wire.answer_to(number)
        assert type(answer) is ANSWER_OF[type(question)], answer


def test_every_command_of_the_door_is_heard_with_all_it_says():
    assert tuple(AT_THE_DOOR) == OPS
    heard = set()
    for op, more in AT_THE_DOOR.items():
        command = COMMANDS.validate_python({"op": op, "id": 1, **more})
        if op in ("undo", "redo"):  # a set or an edit by the time a worker hears it
            continue
        message = message_of(command, SPEC if op == "set" else None)
        heard.add(type(message))
        said = {"spec": SPEC} if isinstance(command, Set) else command.model_dump(exclude={"id", "op", "continues"})
        assert msgspec.to_builtins(message) == {"op": op, **said}
        assert there_and_back(messages.Steer("a", 1, message), messages.Steer).command == message
    assert heard | {commands.Load} == set(get_args(commands.AnyCommand)), "weights come by a door of their own"


def deep(levels):
    lists = 1.0
    for _ in range(levels):
        lists = [lists]
    return lists


def test_a_question_that_cannot_be_done_is_refused_with_its_field_and_a_fault_is_called_one():
    worker = new_worker()
    refused = {
        2: messages.Weights("nobody"),
        3: messages.Steer("a", 1, commands.Move(0.0, 0.0)),
        4: messages.Steer("a", 1, commands.Load(b"no")),
        5: messages.Predict("a", [[1.0]], False),
        6: messages.Csv(b"\xff\xfe"),
        7: messages.Frame("a", 0, {"surface": {"span": "wide"}}, False),
        9: messages.Predict("a", deep(700), False),
    }
    for number, question in refused.items():
        worker.hear(Asked(number, question))
        assert isinstance(worker.wire.answer_to(number), Refusal), question
    assert worker.wire.answer_to(3).field == "op"
    assert worker.wire.answer_to(6).field == "file"
    assert [worker.wire.answer_to(n).fault for n in refused] == [False, False, False, False, False, True, False]
    worker.hear(Asked(8, messages.Steer("a", 1, commands.Pause())))
    assert isinstance(worker.wire.answer_to(8), messages.Standing), "the run is none the worse"


def test_numbers_that_are_not_finite_are_none_in_a_prediction():
    worker = new_worker()
    run = worker.runs["a"]
    run.trainer.model.store.values[...] = np.nan
    worker.hear(Asked(2, messages.Predict("a", [[0.1, 0.2]], True)))
    predicted = worker.wire.answer_to(2)
    assert predicted.tensors["outputs"] == [[None]]
    assert {type(v) for v in predicted.tensors["h1/a"][0]} == {type(None)}


def test_who_waits_for_a_run_that_ends_is_told_so():
    worker = new_worker()
    slow = commands.Step("epoch", 1000)
    worker.hear(Asked(2, messages.Steer("a", 1, slow)))
    worker.hear(Asked(3, messages.Frame("a", 1 << 40, {"cost": {}}, False)))
    worker.hear(Asked(4, messages.Close("a")))
    for number in (2, 3):
        assert worker.wire.answer_to(number) == Refusal("the run has ended", code="run-ended")
    assert worker.turns.pause() is None, "it wants no more turns"


def test_what_comes_in_pieces_is_put_together():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        wire = framing.BlockingWire(theirs)
        sent = [Asked(n, messages.Csv(bytes([n]) * n)) for n in range(1, 6)]
        data = b"".join(map(framing.pack, sent))
        got = []
        for i in range(0, len(data), 7):
            ours.sendall(data[i : i + 7])
            got += wire.receive(1)
        assert got == sent
        ours.close()
        assert wire.receive(1) == []
        assert wire.closed


@pytest.mark.parametrize(
    ("value", "error"), [(2**70, OverflowError), ("\ud800", UnicodeEncodeError), (Kept, TypeError)]
)
def test_what_no_message_can_hold_raises(value, error):
    with pytest.raises(error):
        framing.pack(Asked(1, messages.Predict("a", [value], False)))


def test_numpys_numbers_arrive_as_plain_ones():
    state = RunState("a", epoch=np.float64(0.5), step=np.int64(3), keyframes=[np.int32(1)])
    assert there_and_back(state, RunState) == RunState("a", epoch=0.5, step=3, keyframes=[1])


class Eater:
    """A run that only counts its turns."""

    def __init__(self, cost=1.0, busy=True):
        self.spent, self.cost, self.busy, self.turns = 0.0, cost, busy, 0

    def wait(self, now):
        return 0.0 if self.busy else None

    def take(self, seconds):
        self.turns += 1
        self.spent += self.cost
        return self.turns < 1000


def test_turns_go_to_the_one_that_has_had_least_and_a_late_one_claims_no_past():
    turns = Turns(0.004)
    small, large, late = Eater(1.0), Eater(3.0), Eater(1.0, busy=False)
    for member in (small, large, late):
        turns.add(member)
    for _ in range(400):
        turns.give()
    assert (small.turns, large.turns, late.turns) == (300, 100, 0)
    late.busy = True
    turns.claim(late)
    assert late.spent == 300
    for _ in range(70):
        turns.give()
    assert late.turns == pytest.approx(30, abs=1)
    for member in (small, large, late):
        member.busy = False
    assert turns.pause() is None


def family(kind):
    return {kind, *(k for sub in kind.__subclasses__() for k in family(sub))}


def test_every_error_has_a_status_and_says_its_field():
    assert set(STATUS) == family(AppError) - {AppError}
    assert problem_of(Refused("x", "no", "op")) | {"status": 422, "field": "op"} == problem_of(Refused("x", "no", "op"))
    assert problem_of(Fault("fault", "oh"))["status"] == 500


def test_a_worker_loads_nothing_of_the_server():
    """A megabyte here is a megabyte for each worker."""
    there = (
        "import sys, app.worker.process; print(*{'pydantic', 'fastapi', 'jinja2', 'PIL', 'httpx'} & set(sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-c", there], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == ""


class FaultyService:
    """A service in which a command meets a mistake of ours."""

    settings = Settings()

    async def command(self, run, command):
        raise KeyError("ours")


def test_a_fault_of_ours_in_a_command_is_answered_on_the_stream_too(caplog):
    stored = LiveRun("a", "", "here", SPEC, {}, RunState("a", step=3), 0.0)
    viewer = Viewer(None, FaultyService(), stored)
    waits.run(viewer._steer(7, COMMANDS.validate_python({"op": "play"})))
    said = json.loads(viewer.out.get_nowait())
    assert (said["id"], said["step"], said["error"]["status"]) == (7, 3, 500)
    assert "ours" in caplog.text, "it is logged"


def test_a_question_to_a_worker_whose_end_is_not_heard_of_yet_is_lost_and_no_fault():
    async def go():
        workers = LocalWorkers(Settings(hosts=1))

        async def on_lost(names):
            pass

        await workers.start(lambda news: None, on_lost)
        try:
            await workers.create(messages.Create("a", SPEC))
            workers._processes[0].writer.close()
            with pytest.raises(WorkerLost):
                await workers.ask(messages.Weights("a"))
        finally:
            await workers.stop()

    waits.run(asyncio.wait_for(go(), PATIENCE))


def test_a_worker_that_says_nonsense_is_replaced_and_its_runs_are_reported(caplog):
    async def go():
        workers = LocalWorkers(Settings(hosts=1))
        lost = asyncio.Event()
        runs = []

        async def on_lost(names):
            runs.extend(names)
            lost.set()

        await workers.start(lambda news: None, on_lost)
        try:
            await workers.create(messages.Create("a", SPEC))
            (before,) = workers.status()
            workers._processes[0].reader.feed_data(framing.LENGTH.pack(3) + b"\xc1\xc1\xc1")
            await lost.wait()
            (after,) = workers.status()
            return runs, before, after
        finally:
            await workers.stop()

    runs, before, after = waits.run(go())
    assert runs == ["a"]
    assert after.alive
    assert after.pid != before.pid
    assert "cannot be read" in caplog.text
