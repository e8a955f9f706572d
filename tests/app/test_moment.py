"""One moment, one truth: every number that a run shows is worked out again from its weights, data and answers."""

import json
import time

import numpy as np
import pytest
from safetensors.numpy import load

from app.specs.presets import PRESETS
from app.worker.measuring import Measuring
from engine.training import Trainer
from engine.training.inspection import Inspection
from tests import plain
from tests.moments import Told, small
from tests.server import PATIENCE

SOME = 60
VIEWS = {"cost": {}, "metrics": {}, "health": {}}


NETS = {
    "dense": PRESETS["circle"].spec,
    "numbers": PRESETS["houses"].spec,
    "lenet": small("lenet", 400),
    "autoencoder": small("autoencoder", 400),
    "detector": small("localisation", 80),
}
EVERYWHERE = [
    ("regularization", {"l2": 0.02}),
    ("optimizer", {"name": "SGD", "learning_rate": 0.01}),
    ("data.split", {"train": 0.45, "cv": 0.3}),
    ("data.split_seed", 3),
    ("batch_size", 7),
]
EDITS = {
    "dense": [
        ("data.noise", 0.4),
        ("data.samples", 300),
        ("data.scaling", "zscore"),
        ("data.features", ["x1", "x1*x2"]),
        ("data.name", "xor"),
        ("layers.0.units", 7),
        ("layers.0.activation", "relu"),
        ("loss", {"name": "mse"}),
        *EVERYWHERE,
    ],
    "numbers": [("data.scaling", "mean"), ("data.target_scaling", "zscore"), ("loss", {"name": "mae"}), *EVERYWHERE],
    "lenet": [("data.train_rows", 100), ("layers.0.activation", "tanh"), ("dropout", 0.1), *EVERYWHERE],
    "autoencoder": [("data.train_rows", 100), ("layers.0.units", 40), ("loss", {"name": "mae"}), *EVERYWHERE],
    "detector": [("data.samples", 60), ("layers.0.activation", "relu"), *EVERYWHERE],
}


class Shown(Told):
    """What a run shows, and what it is."""

    def frame(self):
        answer = self.server.api.get(f"/runs/{self.run}/frame", params={"views": json.dumps(VIEWS), "exact": True})
        content = answer.content
        size = int.from_bytes(content[:8], "little")
        meta = json.loads(content[8 : 8 + size])["__metadata__"]
        return load(content), json.loads(meta["views"]), meta

    def settled(self):
        """The frame of a run at rest that is measured no longer; until then each says that it is."""
        state = self.server.state(self.run)["state"]
        at = {"step": state["step"], "revision": state["revision"]}
        for _ in range(100 * PATIENCE):
            tensors, about, _ = self.frame()
            silent = {
                v: about[v]["at"] for v in ("cost", "metrics") if about[v]["at"] != at and not about[v]["measuring"]
            }
            assert silent == {}, "numbers of another moment that do not say so"
            if not any(about[view]["measuring"] for view in VIEWS):
                return tensors, about
            time.sleep(0.01)
        raise AssertionError(f"it is still being measured: {about['cost']}")

    def truth(self):
        """The run made anew from its spec and its weights as they can be fetched."""
        return Trainer(self.public()["spec"], initial=self.weights())

    def compared(self, trainer):
        """Outputs by /predict on the examples of /data, and targets, in the target's own unit; parts.

        Of pictures, which are long to write down, those of cross-validation alone: some of them by /predict, which
        must answer as the model made anew does, the rest by that model.
        """
        x, y, part = self.examples()
        assert len(x) == len(trainer.data.y)
        sizes = [len(rows) for rows in trainer.data.index.values()]
        assert np.bincount(part, minlength=4).tolist() == [*sizes, len(x) - sum(sizes)]
        if x.ndim < 4:
            return self.answers(x), y, part
        x, y, part = x[part == 1], y[part == 1], part[part == 1]
        outputs = trainer.model.predict(trainer.parts["cv"][0]).astype(np.float64)
        np.testing.assert_allclose(self.answers(x[:SOME]), outputs[:SOME], rtol=1e-3, atol=1e-5)
        return outputs, y, part


def check(server, run, net):
    """Every number that the run shows at rest is that of its weights and data; returns them."""
    shown = Shown(server, run)
    tensors, about = shown.settled()
    trainer = shown.truth()
    state = server.state(run)
    wanted = [trainer.cost(part, None) for part in ("train", "cv", "test")]
    np.testing.assert_allclose(tensors["cost/parts"], wanted, rtol=1e-4, atol=1e-6)
    assert about["cost"]["penalty"] == pytest.approx(trainer.model.penalty(), rel=1e-5)
    assert about["cost"]["counted"] == about["cost"]["of"] == [len(x) for x, _ in trainer.parts.values()]
    for name in ("step", "epoch"):
        assert state["metrics"][name] == state[name]
    rows = server.api.get(f"/runs/{run}/history").json()["rows"]
    for last in (rows[-1][3:], [state["metrics"][part] for part in ("train", "cv", "test")]):
        np.testing.assert_allclose(last, wanted, rtol=1e-4, atol=1e-6)
    assert rows[-1][0] == state["step"]
    table, names = tensors["metrics/table"], about["metrics"]["names"]
    if net in ("dense", "numbers", "lenet"):
        outputs, y, part = shown.compared(trainer)
        for i in [i for i in range(3) if (part == i).any()]:
            mine, truth = outputs[part == i], y[part == i]
            loss, scale = trainer.resolved["loss"]["name"], trainer.data.target_scale if net == "numbers" else 1
            found = plain.loss(loss, mine / scale, truth / scale)
            assert tensors["cost/parts"][i] == pytest.approx(found, rel=2e-4, abs=1e-6)
            if net == "numbers":
                wanted = plain.number_metrics(mine / scale, truth / scale)
                assert table[i, names.index("mae")] == pytest.approx(wanted["mae"], rel=1e-4)
                assert table[i, names.index("mse")] == pytest.approx(wanted["mse"], rel=1e-4)
            else:
                hits = (plain.classes_of(mine, 0.5) == truth[:, 0]).mean()
                assert table[i, names.index("accuracy")] == pytest.approx(hits, abs=2 / len(mine))
    if net == "autoencoder":
        for i, part in enumerate(("train", "cv", "test")):
            x, _ = trainer.parts[part]
            wanted = plain.number_metrics(trainer.model.predict(x), x)
            for name, exact in (("mse", 1e-4), ("mae", 1e-4), ("r2", 1e-3)):
                assert table[i, names.index(name)] == pytest.approx(wanted[name], rel=exact, abs=1e-4)
    return tensors["cost/parts"], about["cost"]["at"]


def started(server, net, steps=12):
    run, headers = server.run(spec=NETS[net])
    if steps:
        server.command(run, headers, op="step", count=steps).raise_for_status()
    return run, headers


@pytest.mark.parametrize("net", NETS)
def test_after_every_kind_of_edit_at_a_paused_step_all_is_of_the_new_moment(server, net):
    run, headers = started(server, net)
    check(server, run, net)
    for path, value in EDITS[net]:
        before = server.state(run)["state"]["revision"]
        answer = server.command(run, headers, op="set", path=path, value=value)
        assert answer.status_code == 200, (path, answer.text)
        assert answer.json()["state"]["revision"] > before, path
        check(server, run, net)


@pytest.mark.parametrize("net", NETS)
def test_an_edit_at_step_0_is_measured(server, net):
    run, headers = started(server, net, steps=0)
    before, _ = check(server, run, net)
    path, value = EDITS[net][0]
    server.command(run, headers, op="set", path=path, value=value).raise_for_status()
    after, _ = check(server, run, net)
    assert (before != after).any()


@pytest.mark.parametrize("net", NETS)
def test_after_an_edit_in_mid_run_nothing_is_silently_of_the_run_before(server, net):
    run, headers = started(server, net)
    shown = Shown(server, run)
    for path, value in EDITS[net][:3]:
        server.command(run, headers, op="play").raise_for_status()
        answer = server.command(run, headers, op="set", path=path, value=value)
        revision = answer.json()["state"]["revision"]
        for _ in range(100 * PATIENCE):
            _, about, meta = shown.frame()
            assert json.loads(meta["state"])["revision"] == revision
            assert all(about[view]["at"]["step"] <= int(meta["step"]) for view in VIEWS)
            old = {v for v in ("cost", "metrics") if about[v]["at"]["revision"] != revision}
            assert {v for v in old if not about[v]["measuring"]} == set(), f"{path}: silently of another run"
            if not old:
                break
            time.sleep(0.01)
        assert old == set(), f"{path}: not measured while it trains"
        server.command(run, headers, op="pause").raise_for_status()
        check(server, run, net)


def test_the_record_ends_in_what_somebody_who_looked_at_the_last_step_has_measured():
    trainer = Trainer(NETS["dense"])
    inspection = Inspection.of(trainer)
    measuring = Measuring(trainer, inspection, 0.2)
    inspection.resting = False
    trainer.run_for(60, 2001)
    trainer.costs.newest = None  # the last one is so old that a frame that is due with the step needs another
    known = inspection.measurement_of(trainer)
    assert (known.whole, known.at) == (True, trainer.at)
    inspection.resting = True
    assert measuring.unfinished
    measuring.rest(1.0)
    assert not measuring.unfinished
    np.testing.assert_allclose(trainer.history.rows()[-1, 3:], known.costs, rtol=1e-6)


def test_metrics_and_cost_of_one_frame_are_of_one_moment(server):
    run, headers = started(server, "lenet")
    shown = Shown(server, run)
    server.command(run, headers, op="play").raise_for_status()
    steps = set()
    for _ in range(20 * PATIENCE):
        _, about, meta = shown.frame()
        assert about["cost"]["at"] == about["metrics"]["at"]
        steps.add(about["cost"]["at"]["step"])
        if len(steps) == 3:
            break
        time.sleep(0.05)
    assert len(steps) == 3, f"measured at {steps} alone, at step {meta['step']}"


def test_manual_steps_late_in_a_run_move_the_cost(server):
    run, headers = started(server, "dense", steps=1000)
    server.command(run, headers, op="step", count=600).raise_for_status()
    before, _ = check(server, run, "dense")
    for step in range(1601, 1605):  # every second is a row of the record
        server.command(run, headers, op="step").raise_for_status()
        after, at = check(server, run, "dense")
        assert at["step"] == step
        assert (after != before).all()
        before = after
    steps = [row[0] for row in server.api.get(f"/runs/{run}/history").json()["rows"]]
    assert steps == sorted(set(steps))


def test_weights_that_are_edited_loaded_moved_or_solved_are_measured(server):
    run, headers = started(server, "dense")
    first, _ = check(server, run, "dense")
    server.command(run, headers, op="edit", tensor="out/bias", index=[0], value=3.0).raise_for_status()
    edited, _ = check(server, run, "dense")
    assert (edited != first).all()
    weights = server.api.get(f"/runs/{run}/weights").content
    other, owner = started(server, "dense", steps=40)
    server.api.put(f"/runs/{other}/weights", content=weights, headers=owner).raise_for_status()
    np.testing.assert_allclose(check(server, other, "dense")[0], edited, rtol=1e-6)
    line = PRESETS["houses"].spec | {"layers": [{"id": "out", "units": "auto", "activation": "linear"}]}
    run, headers = server.run(spec=line)
    server.command(run, headers, op="step", count=3).raise_for_status()
    before, _ = check(server, run, "numbers")
    server.command(run, headers, op="solve").raise_for_status()
    solved, _ = check(server, run, "numbers")
    assert solved[0] < before[0]


def test_another_moment_and_a_branch_are_measured_and_the_record_stays(server):
    run, headers = started(server, "dense", steps=300)
    now, _ = check(server, run, "dense")
    rows = server.api.get(f"/runs/{run}/history").json()["rows"]
    server.command(run, headers, op="seek", step=40).raise_for_status()
    shown = Shown(server, run)
    tensors, about = shown.settled()
    then = server.state(run)["step"]
    assert about["cost"]["at"]["step"] == then < 300
    fork = server.api.post(f"/runs/{run}/fork", json={}).json()
    branched, at = check(server, fork["id"], "dense")
    np.testing.assert_allclose(branched, tensors["cost/parts"], rtol=1e-5)
    assert at["step"] == then
    assert at["revision"] > about["cost"]["at"]["revision"]
    server.command(run, headers, op="seek", step=300).raise_for_status()
    again, _ = check(server, run, "dense")
    np.testing.assert_array_equal(again, now)
    assert server.api.get(f"/runs/{run}/history").json()["rows"] == rows


def test_early_stopping_shows_the_cost_of_the_weights_that_are_there(server):
    parts = {"early_stopping": {"patience": 1}, "optimizer": {"name": "SGD", "learning_rate": 0.2}}
    run, headers = server.run(spec=PRESETS["houses"].spec | parts)
    server.command(run, headers, op="play").raise_for_status()
    stopped = server.wait_for(run, lambda r: r["state"]["stopped"])["state"]["stopped"]
    costs, at = check(server, run, "numbers")
    assert at["step"] == stopped["best_step"]
    assert costs[1] == pytest.approx(stopped["cost"], rel=1e-5)
