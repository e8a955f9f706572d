"""What is acknowledged survives: the journal done again, bit for bit; storage that fails; kills at any moment."""

import copy
import os
import random
import signal
import sqlite3
from contextlib import closing

import msgspec
import numpy as np
import pytest
from safetensors.numpy import load

from app.ipc import commands, messages
from app.ipc.commands import Entry
from app.ipc.messages import Asked, CheckpointNews, Kept, Limits, RowsNews, Standing
from app.ipc.tensors import decode_rows, encode_tensors
from app.specs import parse_spec
from app.specs.presets import dense
from app.worker.moments import moment_of, resume
from app.worker.process import Worker
from engine.training import Trainer
from tests.app.test_resilience import recovered, worker_pids
from tests.chaos.campaign import Campaign
from tests.server import Server
from tests.waits import until

SPEC = parse_spec({"layers": dense(5), "dropout": 0.2, "optimizer": {"name": "Adam", "learning_rate": 0.01}})
LIMITS = Limits(4.0, 1000.0, 1 << 20)


class Storage:
    """The wire of a worker: what it says of the run "a" is kept as a server's storage keeps it."""

    def __init__(self):
        self.closed = False
        self.answers = {}
        self.checkpoint = None
        self.rows = np.empty((0, 0))
        self.frames = {}

    def send(self, told):
        if told.number is not None:
            self.answers[told.number] = told.content
        match told.content:
            case RowsNews():
                new = decode_rows(told.content.rows)
                self.rows = np.concatenate([self.rows[: told.content.start], new]) if told.content.start else new
            case CheckpointNews():
                self.checkpoint = told.content
                self.frames |= dict(told.content.frames)
                self.frames = {step: self.frames[step] for step in told.content.kept}
                self.kept = Kept(told.content.latest, self.rows.tobytes(), list(self.frames.values()))


class Steered:
    """A worker with one run, and the journal of what it was told."""

    def __init__(self):
        self.storage = Storage()
        self.worker = Worker(self.storage, LIMITS)
        self.worker.hear(Asked(0, messages.Create("a", SPEC)))
        self.journal = []

    @property
    def run(self):
        return self.worker.runs["a"]

    def tell(self, command):
        number = len(self.journal) + 1
        self.worker.hear(Asked(number, messages.Steer("a", number, command)))
        while number not in self.storage.answers:
            self.worker.turns.give()
        standing = self.storage.answers[number]
        if isinstance(standing, Standing):
            self.journal.append(Entry(number, command, standing.began, standing.state.head))
        else:  # refused: its line is gone
            self.journal.append(Entry(number, commands.Pause(), 0, 0))

    def train(self, turns):
        self.tell(commands.Play())
        for _ in range(turns):
            self.worker.turns.give()

    def again(self):
        """Another worker's run, from the latest checkpoint and the journal since."""
        storage = self.storage
        since = [entry for entry in self.journal if entry.number > storage.checkpoint.number]
        since = msgspec.msgpack.decode(msgspec.msgpack.encode(since), type=list[Entry])
        other = Worker(Storage(), LIMITS)
        other.wire.rows = storage.rows
        question = messages.Create("a", self.run.head_spec, [], storage.kept, since, len(self.journal),
                                   self.run.playing, self.run.pacing.pace)  # fmt: skip
        other.hear(Asked(0, question))
        while 0 not in other.wire.answers:
            other.turns.give()
        return other.runs["a"]


def moment(run):
    """All that a step depends on, and all that shows."""
    trainer = run.trainer
    checkpoint = trainer.viewing or trainer.checkpoint()
    start = trainer.model.optimizer.slot_start  # a slot that is not there yet begins there with the first step
    arrays = {
        name: array.tobytes()
        for name, array in checkpoint.arrays.items()
        if not (name.startswith("slot.") and (array == start(name.removeprefix("slot."))).all())
    }
    meta = checkpoint.meta | {"revision": None}  # a run that comes back is newer than what was seen of it before
    return arrays, meta, trainer.spec, trainer.step_count, run.playing, run.pacing.pace


def some_commands(rng, run):
    """One of each kind that may come at any time."""
    spec = run.head_spec
    layers = [{**spec["layers"][0], "units": rng.randint(2, 7)}, *spec["layers"][1:]]
    weights = {name: np.full_like(w, 0.1) for name, w in run.trainer.weights().items()}
    return [
        commands.Set({**spec, "optimizer": {**spec["optimizer"], "learning_rate": rng.choice([0.001, 0.003, 0.03])}}),
        commands.Set({**spec, "data": {**spec["data"], "noise": rng.choice([0.0, 0.1, 0.2])}}),
        commands.Set({**spec, "layers": layers}),
        commands.Edit("h1/kernel", [0, 0], rng.uniform(-1, 1)),
        commands.Step(rng.choice(["example", "batch", "epoch"]), rng.randint(1, 5)),
        commands.Seek(rng.randint(0, 60)),
        commands.Rewind(rng.randint(0, 200)),
        commands.Reset(rng.choice([None, 3])),
        commands.Pace(30),
        commands.Speed(5.0),
        commands.Load(encode_tensors(weights, {})),
        commands.Pause(),
    ]


@pytest.mark.parametrize("seed", range(12))
def test_a_checkpoint_and_the_journal_since_are_the_run_bit_for_bit(seed):
    rng = random.Random(seed)
    steered = Steered()
    for _ in range(14):
        steered.tell(rng.choice(some_commands(rng, steered.run)))
        if rng.random() < 0.4:
            steered.train(rng.randint(1, 6))
        if rng.random() < 0.1:
            steered.run.telling.tell_checkpoint()
    steered.tell(commands.Set(steered.run.head_spec))  # the present, and where it stands
    assert moment(steered.again()) == moment(steered.run)


@pytest.mark.parametrize("fewer", [[{**SPEC["layers"][0], "units": 2}, *SPEC["layers"][1:]], SPEC["layers"][1:]])
def test_what_an_edit_took_away_comes_back_after_a_restart_too(fewer):
    steered = Steered()
    steered.tell(commands.Step("batch", 30))
    before = steered.run.head_spec
    steered.tell(commands.Set({**before, "layers": fewer}))
    steered.tell(commands.Step("batch", 30))
    steered.run.telling.tell_checkpoint()
    again = steered.again()
    assert again.trainer.removed_weights.keys() == steered.run.trainer.removed_weights.keys() != set()
    steered.tell(commands.Set(before))
    assert moment(steered.again()) == moment(steered.run)


@pytest.mark.parametrize("step", [None, 35])
def test_a_fork_brings_back_what_its_run_would(step):
    steered = Steered()
    steered.tell(commands.Step("batch", 30))
    before = steered.run.head_spec
    steered.tell(commands.Set({**before, "layers": [{**SPEC["layers"][0], "units": 2}, *SPEC["layers"][1:]]}))
    steered.tell(commands.Step("batch", 10))
    run = steered.run.trainer
    begun = moment_of(run, step)
    fork = Trainer(begun.spec)
    resume(fork, begun.kept)
    if step is not None:
        run.rewind(step)
    for trainer in (run, fork):
        trainer.apply(before)
        trainer.advance("batch", 5)
    assert fork.step_count == run.step_count
    assert (fork.model.store.values == run.model.store.values).all()


def test_steps_of_a_long_command_that_a_checkpoint_is_from_among_are_not_made_twice():
    steered = Steered()
    worker, run = steered.worker, steered.run
    worker.hear(Asked(1, messages.Steer("a", 1, commands.Step("batch", 700))))
    while run.trainer.step_count < 300:
        worker.turns.give()
    assert run.stepping is not None, "it is in the middle"
    run.telling.tell_checkpoint()
    middle = copy.copy(steered.storage)
    while 1 not in steered.storage.answers:
        worker.turns.give()
    steered.journal.append(Entry(1, commands.Step("batch", 700), 0, 700))
    steered.storage = middle
    assert 300 <= middle.checkpoint.step < 700
    assert moment(steered.again()) == moment(run)


def test_a_run_that_shows_the_past_comes_back_showing_it():
    steered = Steered()
    steered.tell(commands.Step("batch", 40))
    steered.tell(commands.Seek(5))
    steered.run.telling.weights_changed()
    steered.run.telling.tell_checkpoint()
    again = steered.again()
    assert again.trainer.viewing is not None
    assert again.trainer.revision > steered.run.trainer.revision
    assert moment(again) == moment(steered.run)


def test_a_command_whose_end_nobody_knows_is_done_at_the_end():
    steered = Steered()
    steered.tell(commands.Step("batch", 5))
    layers = [{**SPEC["layers"][0], "units": 3}, *SPEC["layers"][1:]]
    steered.journal.append(Entry(2, commands.Set({**SPEC, "layers": layers})))
    steered.journal.append(Entry(3, commands.Play()))
    run = steered.again()
    assert run.trainer.model.layers[0].units == 3
    assert run.playing
    assert run.settled == [(2, 5, 5), (3, 5, 5)], "it is done there the next time, too"


def test_what_the_journal_cannot_do_again_is_left_out():
    steered = Steered()
    steered.tell(commands.Step("batch", 2))
    steered.journal.append(Entry(2, commands.Move(0.0, 0.0)))
    steered.journal.append(Entry(3, commands.Edit("nothing/kernel", [0, 0], 1.0)))
    steered.journal.append(Entry(4, commands.Edit("h1/kernel", [0, 0], 0.25)))
    run = steered.again()
    assert run.trainer.weights()["h1/kernel"][0, 0] == 0.25
    assert run.telling.number == 4


def units(server, run):
    """Of the network itself and of the spec that GET shows."""
    kernel = load(server.api.get(f"/runs/{run}/weights").content)["h1/kernel"]
    return kernel.shape[1], server.state(run)["spec"]["layers"][0]["units"]


def lines_of(server, run):
    path = server.folder / "descent.sqlite3"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return database.execute(
            "SELECT kind, began, ended FROM journal WHERE run = ? ORDER BY number", (run,)
        ).fetchall()


def test_a_set_that_is_acknowledged_survives_the_kill_of_host_and_server(tmp_path):
    server = Server(tmp_path, hosts=1, checkpoint_seconds=1000)
    with server:
        run, token = server.run(spec={"layers": dense(4)})
        server.command(run, token, op="play")
        server.wait_for(run, lambda s: s["step"] > 50)
        assert server.command(run, token, op="set", path="layers.0.units", value=7).status_code == 200
        os.kill(worker_pids(server)[0], signal.SIGKILL)
        assert recovered(server, run)["playing"]
        assert units(server, run) == (7, 7)
        assert server.command(run, token, op="set", path="layers.0.units", value=6).status_code == 200
        server.stop(signal.SIGKILL)
        server.start()
        assert units(server, run) == (6, 6)
        assert server.state(run)["playing"]


def test_a_command_that_was_on_its_way_does_not_come_back_over_later_ones(tmp_path):
    server = Server(tmp_path, hosts=1, checkpoint_seconds=1000)
    with server:
        run, token = server.run(spec={"layers": dense(4)})
        spec = server.state(run)["spec"]
        server.stop(signal.SIGKILL)
        layers = [{**spec["layers"][0], "units": 3}, *spec["layers"][1:]]
        written = msgspec.msgpack.encode(commands.Set({**spec, "layers": layers}))
        with closing(sqlite3.connect(tmp_path / "descent.sqlite3", isolation_level=None)) as database:
            database.execute("DELETE FROM checkpoints")
            database.execute("INSERT INTO journal VALUES (?, 1, 'set', ?, NULL, NULL)", (run, written))
        server.start()
        assert units(server, run) == (3, 3), "it may have been acknowledged"
        server.command(run, token, op="set", path="layers.0.units", value=6).raise_for_status()
        server.stop(signal.SIGKILL)
        with closing(sqlite3.connect(tmp_path / "descent.sqlite3", isolation_level=None)) as database:
            left = database.execute("SELECT number, began FROM journal WHERE run = ?", (run,)).fetchall()
        assert all(began is not None for _, began in left), left
        server.start()
        assert units(server, run) == (6, 6)


def test_a_fork_that_is_acknowledged_survives_the_kill_of_the_server(tmp_path):
    server = Server(tmp_path, hosts=1)
    with server:
        run, token = server.run()
        server.command(run, token, op="step", count=40)
        weights = server.api.get(f"/runs/{run}/weights").content
        rows = server.api.get(f"/runs/{run}/history").json()["rows"]
        copy = server.api.post(f"/runs/{run}/fork", json={}).json()["id"]
        server.stop(signal.SIGKILL)
        server.start()
        assert server.state(copy)["step"] == 40
        assert (
            load(server.api.get(f"/runs/{copy}/weights").content)["h1/kernel"].tobytes()
            == load(weights)["h1/kernel"].tobytes()
        )
        assert server.api.get(f"/runs/{copy}/history").json()["rows"] == rows


def test_weights_moved_on_the_cost_surface_survive_though_the_surface_does_not(tmp_path):
    server = Server(tmp_path, hosts=1, checkpoint_seconds=1000)
    with server:
        run, token = server.run()
        server.api.get(f"/runs/{run}/frame", params={"views": '{"surface": {}}'}).raise_for_status()
        server.command(run, token, op="move", u=0.5, v=-0.25).raise_for_status()
        weights = load(server.api.get(f"/runs/{run}/weights").content)
        server.stop(signal.SIGKILL)
        server.start()
        after = load(server.api.get(f"/runs/{run}/weights").content)
        assert {n: w.tobytes() for n, w in after.items()} == {n: w.tobytes() for n, w in weights.items()}


def test_what_storage_does_not_take_is_refused_and_not_done(tmp_path):
    with Server(tmp_path, hosts=1, lock_seconds=0.2) as server:
        run, token = server.run(spec={"layers": dense(4)})
        before = server.state(run)
        with closing(sqlite3.connect(tmp_path / "descent.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            answer = server.command(run, token, op="set", path="layers.0.units", value=7)
            begun = server.api.post("/runs", json={"spec": {"layers": dense(3)}})
            other.execute("ROLLBACK")
        for refused in (answer, begun):
            assert refused.status_code == 503
            assert "storage takes nothing" in refused.json()["detail"]
        assert server.state(run)["spec"] == before["spec"]
        assert units(server, run) == (4, 4)
        assert server.command(run, token, op="set", path="layers.0.units", value=5).status_code == 200
        assert units(server, run) == (5, 5)


def test_a_move_whose_checkpoint_cannot_be_stored_is_not_acknowledged(tmp_path):
    with Server(tmp_path, hosts=1, checkpoint_seconds=1000) as server:
        run, token = server.run()
        server.api.get(f"/runs/{run}/frame", params={"views": '{"surface": {}}'}).raise_for_status()
        with closing(sqlite3.connect(tmp_path / "descent.sqlite3")) as other:
            other.execute("CREATE TRIGGER full BEFORE INSERT ON checkpoints BEGIN SELECT RAISE(ABORT, 'is full'); END")
            answer = server.command(run, token, op="move", u=0.5, v=-0.25)
            assert answer.status_code == 503, answer.text
            assert answer.json()["code"] == "unstored-move"
            assert "is full" in answer.json()["detail"]
            other.execute("DROP TRIGGER full")
        weights = load(server.api.get(f"/runs/{run}/weights").content)
        server.command(run, token, op="move", u=0.5, v=-0.25).raise_for_status()
        server.stop(signal.SIGKILL)
        server.start()
        after = load(server.api.get(f"/runs/{run}/weights").content)
        assert {n: w.tobytes() for n, w in after.items()} == {n: w.tobytes() for n, w in weights.items()}


def test_a_refused_command_leaves_no_line_and_a_checkpoint_takes_those_it_has(tmp_path):
    with Server(tmp_path, hosts=1) as server:
        run, token = server.run()
        assert server.command(run, token, op="edit", tensor="none/kernel", index=[0, 0], value=1.0).status_code == 422
        server.command(run, token, op="step", count=3)
        until(lambda: lines_of(server, run) == [])
        for step in range(8):
            server.command(run, token, op="seek", step=step % 2)
        assert [kind for kind, _, _ in lines_of(server, run)] == ["seek"], "of a scrub the last counts"


def test_storage_of_an_earlier_version_opens(tmp_path):
    server = Server(tmp_path, hosts=1)
    with server:
        run, token = server.run()
        server.command(run, token, op="step", count=3)
    with closing(sqlite3.connect(tmp_path / "descent.sqlite3", isolation_level=None)) as database:
        database.execute("DROP TABLE journal")
        database.execute("PRAGMA user_version = 0")
    with server:
        assert server.command(run, token, op="step").json()["step"] == 4


def test_kills_at_random_moments_under_load_lose_nothing_that_was_acknowledged(tmp_path):
    campaign = Campaign(tmp_path, seed=1)
    with campaign:
        while campaign.rounds < 3 or campaign.acknowledged < 20:
            campaign.round()
    assert campaign.lost == []
