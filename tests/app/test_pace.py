"""Paces: a curve that is counted in steps, a run that keeps to it, and what storage and other runs have of it.

Where it can be the time is the test's own: a machine is so many seconds a step.
"""

import json
import sqlite3
from contextlib import closing

import numpy as np
import pytest

from app.ipc import commands
from app.ipc.messages import Steer
from app.ipc.pace import OTHER_KNEE, Pace
from app.labs import LABS, knee_of
from app.specs.clocks import FILE, knee_of_preset
from app.specs.presets import PRESETS
from app.storage import Database
from app.worker.pacing import KNEE_SECONDS, LATE_SECONDS, ByClock, Pacing
from app.worker.post import Post
from app.worker.run import Run
from app.worker.turns import CREDIT_SECONDS, Turns
from engine.training import Trainer
from engine.training.knee import knee_of as knee_of_series
from tests import waits
from tests.server import ROOT, Server
from tools.make_clocks import measure, specs

SMALL = PRESETS["circle"].spec
FPS = 60
KNEES = {f"preset:{name}": knee_of_preset(name) for name in PRESETS} | {f"lab:{name}": knee_of(name) for name in LABS}


# -- the curve -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("steps", [30, 200, 1281, 50_000])
def test_the_curve_is_what_its_equation_says(steps):
    curve = ByClock(steps)
    assert curve.rate(0) == 2.0
    assert curve.seconds(steps) == pytest.approx(KNEE_SECONDS, rel=1e-6)
    made = np.concatenate([np.linspace(0, steps, 60), steps * np.linspace(1.01, 30, 60)])
    times = np.array([curve.seconds(n) for n in made])
    assert (np.diff(times) > 0).all()
    assert [curve.steps(t) for t in times] == pytest.approx(made, rel=1e-6, abs=1e-6)
    rates = np.array([curve.rate(n) for n in made])
    assert (np.diff(rates) >= 0).all()
    slopes = [(curve.steps(t + 1e-4) - curve.steps(t - 1e-4)) / 2e-4 for t in times[1:]]
    assert slopes == pytest.approx(rates[1:], rel=1e-3)  # r is the derivative of n, without an edge at the knee
    assert curve.seconds(100_000) < KNEE_SECONDS + 12  # then as fast as it goes


def test_the_page_has_the_same_curve():
    """tests/js/pacing.test.js holds the page to the same file."""
    golden = json.loads((ROOT / "tests" / "js" / "golden" / "clock.json").read_text())
    for steps, points in golden.items():
        assert [ByClock(int(steps)).steps(t) for t, _ in points] == pytest.approx([n for _, n in points], rel=1e-9)


def test_a_knee_after_a_few_steps_is_walked_to_evenly():
    assert ByClock(4).rate(0) == ByClock(4).rate(21) == 2.0
    assert ByClock(4).steps(KNEE_SECONDS) == 22
    assert ByClock(22).rate(0) == 2.0


def machine(pace, seconds_a_step, until):
    """The steps over time on a machine, as (time, steps made by then)."""
    keeper, now, step, made = Pacing(), 0.0, 0, [(0.0, 0)]
    keeper.take(pace)
    keeper.begin(now, step)
    while now < until:
        now += keeper.rest(now, step)
        most = keeper.most(now, step)
        slice_of = max(1, int(0.004 / seconds_a_step))
        steps = slice_of if most is None else min(most, slice_of)
        now += steps * seconds_a_step + 0.0002
        step += steps
        made.append((now, step))
    return made


def at(made, seconds):
    return max(step for time, step in made if time <= seconds)


@pytest.mark.parametrize("slow", [1, 4])
def test_on_a_fast_and_a_slow_machine_ten_seconds_are_seen_and_the_knee_comes_in_time(slow):
    for steps in sorted({max(22, found) for found in KNEES.values()}):
        cost = min(slow * 5e-5, 5 / steps)  # who needs longer to the knee than the clock gives is its own clock
        made = machine(Pace("clock", None, steps), cost, 16)
        shown = {int(time * FPS): step for time, step in made if time <= 10}
        assert len(set(shown.values())) >= 18, steps
        assert 2 <= at(made, 1.5) <= 8, steps
        reached = next(time for time, step in made if step >= steps)
        assert 8 <= reached <= 15, steps


def test_a_machine_that_falls_behind_does_not_make_up_for_it():
    keeper = Pacing()
    keeper.take(Pace("fixed", 10.0))
    keeper.begin(0.0, 0)
    assert keeper.most(0.0, 0) == 1
    assert keeper.rest(0.0, 1) == pytest.approx(0.1)
    assert keeper.most(0.45, 1) == 4, "a turn that comes a little late"
    assert keeper.most(5.0, 5) == 1 + 10 * LATE_SECONDS
    assert keeper.late
    assert keeper.rate(5) is None  # the machine holds it
    assert keeper.most(5.01, 11) == 0
    assert keeper.rate(11) == 10.0


# -- a run -----------------------------------------------------------------------------------------------------------
class Hours:
    """A clock that a test sets, where a worker looks at one."""

    def __init__(self, monkeypatch):
        self.now = 0.0
        for module in ("app.worker.run", "app.worker.turns", "app.worker.rate"):
            monkeypatch.setattr(f"{module}.time", self)

    def perf_counter(self):
        return self.now

    def thread_time(self):
        return self.now


class Steered:
    def __init__(self, hours, spec=SMALL):
        self.hours, self.number = hours, 0
        self.turns = Turns(0.004)
        self.run = Run("a", Trainer(spec), Post([].append), self.turns)
        self.turns.add(self.run)

    def tell(self, command):
        self.number += 1
        self.run.steer(self.number, Steer("a", self.number, command))

    def let(self, seconds):
        """So much time goes by, a millisecond for a turn."""
        end = self.hours.now + seconds
        while self.hours.now < end:
            pause = self.turns.pause()
            self.hours.now = min(end, self.hours.now + (1.0 if pause is None else max(pause, 0.001)))
            self.turns.give()
        return self.run.trainer.step_count


def test_a_run_by_the_clock_begins_slowly_and_anew_after_a_reset(monkeypatch):
    steered = Steered(Hours(monkeypatch))
    run = steered.run
    steered.tell(commands.Pace(40))
    steered.tell(commands.Play())
    assert steered.let(1.0) in (2, 3)
    assert run.state().pace == Pace("clock", None, 40, 0)
    assert 2 <= run.state().held <= 3
    assert 38 <= steered.let(10.2) <= 48
    steered.tell(commands.Pause())
    here = run.trainer.step_count
    assert steered.let(5.0) == here
    steered.tell(commands.Play())
    assert steered.let(1.0) - here >= 5, "a pause does not put the clock back"
    steered.tell(commands.Reset(None))
    steered.tell(commands.Play())
    assert steered.let(1.0) in (2, 3)
    assert run.state().pace.since == 0


def test_a_speed_that_was_chosen_stays_and_the_clock_is_remembered(monkeypatch):
    steered = Steered(Hours(monkeypatch))
    run = steered.run
    steered.tell(commands.Pace(40))
    steered.tell(commands.Speed(5.0))
    steered.tell(commands.Play())
    assert steered.let(2.0) in (10, 11)
    assert (run.state().pace.kind, run.state().speed, run.state().held) == ("fixed", 5.0, 5.0)
    steered.tell(commands.Reset(None))
    steered.tell(commands.Play())
    assert steered.let(2.0) in (10, 11)
    steered.tell(commands.Speed(None))
    assert (run.state().pace.kind, run.state().held) == ("full", None)
    steered.tell(commands.Pause())
    steered.tell(commands.Rewind(4))
    step = run.trainer.step_count
    steered.tell(commands.Pace(None))
    assert run.state().pace == Pace("clock", None, 40, step)
    steered.tell(commands.Play())
    assert steered.let(1.0) - step in (2, 3), "a clock begins where it is asked for"


def test_a_rewind_to_before_the_clock_began_begins_it_there(monkeypatch):
    steered = Steered(Hours(monkeypatch))
    steered.tell(commands.Step("batch", 20))
    steered.let(1.0)
    steered.tell(commands.Pace(40))
    steered.tell(commands.Rewind(5))
    assert steered.run.state().pace.since == steered.run.trainer.step_count == 5


def test_a_pace_changes_no_number(monkeypatch):
    steered = Steered(Hours(monkeypatch))
    steered.tell(commands.Pace(40))
    steered.tell(commands.Play())
    made = steered.let(12.0)
    straight = Trainer(SMALL)
    straight.advance("batch", made)
    assert steered.run.trainer.model.store.values.tobytes() == straight.model.store.values.tobytes()


# -- others ----------------------------------------------------------------------------------------------------------
class Member:
    busy = True

    def __init__(self):
        self.spent, self.turns, self.ready = 0.0, 0, True

    def wait(self, now):
        return 0.0 if self.ready else 1.0

    def take(self, seconds):
        self.spent += seconds
        self.turns += 1
        return True


def test_who_went_slowly_has_saved_up_no_turns():
    turns = Turns(0.004)
    paced, other = Member(), Member()
    for member in (paced, other):
        turns.add(member)
    paced.ready = False
    for _ in range(1000):
        turns.give()
    assert other.turns == 1000
    paced.ready = True  # its clock lets it go
    for _ in range(100):
        turns.give()
    assert other.turns - 1000 >= 45
    assert paced.turns <= 50 + CREDIT_SECONDS / 0.004


# -- the knees -------------------------------------------------------------------------------------------------------
def test_a_knee_is_where_nine_tenths_of_the_fall_are_made():
    assert knee_of_series([0, 1, 2, 4, 8], [1.0, 0.6, 0.2, 0.11, 0.0]) == 8
    assert knee_of_series([0, 1, 2, 4, 8], [1.0, 0.6, 0.09, 0.05, 0.0]) == 2
    assert knee_of_series([0, 1], [1.0, 0.999]) is None
    assert knee_of_series([0, 1, 2], [1.0, 0.0, float("nan")]) == 1


def test_every_preset_and_lab_has_a_knee():
    assert set(json.loads(FILE.read_text())) == set(specs()), "python -m tools.make_clocks"
    assert {KNEES[name] for name in KNEES.keys() - specs().keys()} == {OTHER_KNEE}
    assert KNEES["lab:perceptron"] == LABS["perceptron"].clock == 24


@pytest.mark.parametrize("name", ["preset:xor", "preset:sine", "preset:iris", "lab:softmax-regression", "lab:split"])
def test_a_knee_in_the_file_is_the_knee(name):
    assert KNEES[name] == pytest.approx(measure(specs()[name]), rel=0.1), "python -m tools.make_clocks"


# -- the server ------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def clocked(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("clocked"), clock=True) as running:
        yield running


def test_who_asks_for_no_clock_has_none(clocked):
    run, _ = clocked.run(lab="circle")
    assert clocked.state(run)["state"]["pace"] == {"kind": "full", "speed": None, "knee": None, "since": 0}


def test_a_run_has_the_clock_of_its_lab_and_a_copy_has_it_too(clocked):
    for body, steps in (({"lab": "circle"}, knee_of("circle")), ({"spec": SMALL}, 200), ({"lab": "perceptron"}, None)):
        run, token = clocked.run(**body, clock=True)
        expected = steps or LABS["perceptron"].knee
        assert clocked.state(run)["state"]["pace"] == {"kind": "clock", "speed": None, "knee": expected, "since": 0}
        copy = clocked.api.post(f"/runs/{run}/fork", json={}).json()
        assert copy["state"]["pace"]["knee"] == expected
        clocked.command(run, token, op="speed", steps_per_second=30)
        assert clocked.state(run)["state"]["speed"] == 30
        assert clocked.api.post(f"/runs/{run}/fork", json={}).json()["state"]["pace"]["kind"] == "full"


def test_labs_and_presets_say_their_knee(clocked):
    catalog = {entry["id"]: entry["clock"] for entry in clocked.api.get("/catalog").json()["labs"]}
    assert catalog["circle"] == KNEES["preset:circle"]
    assert clocked.api.get("/labs/perceptron").json()["clock"] == catalog["perceptron"] == KNEES["lab:perceptron"]


def test_a_server_without_clocks_obeys_who_asks_for_one(server):
    run, token = server.run(lab="circle", clock=True)
    assert server.command(run, token, op="pace", knee=50).json()["state"]["pace"]["knee"] == 50


def test_a_pace_outlives_the_server(tmp_path):
    with Server(tmp_path, clock=True) as first:
        run, token = first.run(lab="circle", clock=True)
        first.command(run, token, op="step", count=7)
        first.command(run, token, op="pace", knee=60)
        other, key = first.run(lab="circle")
        first.command(other, key, op="speed", steps_per_second=5)
    with Server(tmp_path) as second:
        assert second.state(run)["state"]["pace"] == {"kind": "clock", "speed": None, "knee": 60, "since": 7}
        assert second.state(other)["state"]["pace"]["speed"] == 5


def test_storage_from_before_there_were_paces_is_read(tmp_path):
    path = tmp_path / "old.sqlite3"
    with closing(sqlite3.connect(path)) as old, old:
        old.execute(
            "CREATE TABLE runs (id TEXT PRIMARY KEY, token TEXT NOT NULL, created REAL NOT NULL, touched REAL NOT NULL,"
            " client TEXT NOT NULL, spec TEXT NOT NULL, playing INTEGER NOT NULL, speed REAL, parent TEXT,"
            " parent_step INTEGER)"
        )
        for name, speed in (("slow", 5.0), ("fast", None)):
            old.execute(
                "INSERT INTO runs VALUES (?,?,?,?,?,?,?,?,?,?)", (name, "t", 1, 1, "c", "{}", 0, speed, None, None)
            )

    async def go():
        database = Database(path)
        try:
            assert (await database.get_run("slow")).pace == Pace("fixed", 5.0)
            assert (await database.get_run("fast")).pace == Pace()
            await database.update_run("fast", {}, False, Pace("clock", None, 30, 2))
            assert (await database.get_run("fast")).pace == Pace("clock", None, 30, 2)
        finally:
            await database.close()

    waits.run(go())


def test_a_real_run_by_the_clock_shows_its_first_steps_and_its_knee(clocked):
    """The one that waits: the least that any machine keeps to, and no more than it wants."""
    run, token = clocked.run(lab="circle", clock=True)
    answer = clocked.command(run, token, op="play").json()["state"]
    assert (answer["playing"], answer["pace"]["kind"], answer["held"]) == (True, "clock", 2.0)
    state = clocked.wait_for(run, lambda s: s["state"]["step"] >= 4)["state"]
    assert state["step"] < 60
    clocked.wait_for(run, lambda s: s["state"]["step"] >= 1.2 * KNEES["preset:circle"])
