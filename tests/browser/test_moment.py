"""Each number on the page, held against /predict, /weights and /data, after each kind of edit.

The page is opened once for a net, and all is done there: edits at a paused step and in mid-run. When the page says that
it is at rest, each number that a visitor can read is worked out again in NumPy (tests/plain.py), with nothing of the
app's. Meanwhile a witness in the page looks at every painted frame: what is older says so, and of which step it is.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from app.specs import parse_spec
from app.specs.presets import PRESETS
from tests.browser.said import LOOKS, Truth
from tests.browser.test_journey import control, slide
from tests.browser.waiting import settled, until
from tests.moments import Told, small

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

WITNESS = (Path(__file__).parent / "moment.js").read_text()
NO_CLASSES = "!['binary', 'multiclass'].includes(descent.data?.task)"
LINE = [{"id": "out", "units": "auto", "activation": "linear"}]


class Visit:
    """A page on a net, and what it says."""

    def __init__(self, visit, server, spec):
        self.server = server
        run = server.run(spec=spec)
        key = {"run": run[0], "token": run[1]["Authorization"].removeprefix("Bearer ")}
        self.page = visit("/?lang=en", before=self.mine(key) + WITNESS)
        until(self.page, f"descent.run === '{run[0]}'")
        self.threshold = 0.5
        self.known = {}

    @staticmethod
    def mine(key):
        """The run is the visitor's, as if it had been begun here."""
        kept = json.dumps([{**key, "place": "/", "hash": ""}])
        return f"localStorage.getItem('descent-runs') || localStorage.setItem('descent-runs', {json.dumps(kept)});\n"

    # -- what is done -------------------------------------------------------------------------------------------------
    def tell(self, **command):
        assert self.page.evaluate("(c) => descent.command(c)", command), command

    def set(self, path, value):
        """An edit as the page's own elements make it."""
        assert self.page.evaluate("([path, value]) => descent.set(path, value)", [path, value]), path

    def now(self):
        return self.page.evaluate("[descent.run, descent.state.revision, descent.state.step]")

    def click(self, name):
        """Something that leads to another moment."""
        before = self.now()
        control(self.page, name).first.click()
        until(self.page, lambda: self.now() != before)

    def step(self, count):
        self.tell(op="step", count=count)

    def play(self, edit):
        """An edit in mid-run, and the pause after it."""
        start = self.now()[2]
        self.tell(op="play")
        until(self.page, f"descent.state.step > {start}")
        edit()
        changed = self.now()[1]
        until(self.page, f"descent.about.cost.at.revision === {changed}")
        self.tell(op="pause")

    # -- what is said -------------------------------------------------------------------------------------------------
    def rest(self):
        until(self.page, f"{NO_CLASSES} || document.querySelector('d-metrics .confusion')")
        until(self.page, "atRest()")
        until(self.page, self.has_all_rows)
        until(self.page, "descent.history.count < 2 || document.querySelector('d-cost').plot")
        settled(self.page)
        until(self.page, "atRest()")

    def has_all_rows(self):
        """Whether the newest row of the history has come, which workers tell a moment after they answer."""
        rows = "Object.values(descent.history.columns).map((column) => column.at(-1))"
        run, viewing, mine = self.page.evaluate(f"[descent.run, descent.state.viewing, {rows}]")
        theirs = Told(self.server, run).history()[-1]
        return (viewing or theirs[-1] is not None) and np.allclose(
            np.array(mine, float), np.array(theirs, float), rtol=1e-5, equal_nan=True
        )

    def check(self):
        """At rest each number is that of the weights and the data; returns the truth."""
        self.rest()
        said = self.page.evaluate("readMoment()")
        truth = Truth(self.server, said["run"], self.known)
        self.witnessed()
        for look in LOOKS:
            look(said, truth, self)
        return truth

    def witnessed(self):
        lies = self.page.evaluate("witness.lies")
        assert lies == [], f"older, and does not say so: {lies}"


# -- what is done -----------------------------------------------------------------------------------------------------
def test_a_dense_net(visit, server):
    at = Visit(visit, server, PRESETS["circle"].spec)
    page = at.page
    page.locator("d-metrics summary").click()
    page.evaluate("descent.pick({ layer: 'h1', unit: 1 }, true)")
    page.locator("d-inspector summary").click()
    truth = at.check()
    assert (truth.state["step"], truth.state["epoch"]) == (0, 0)
    at.step(60)
    assert int(at.check().state["epoch"]) == 2  # of 25 steps each
    slide(page, "learning_rate", 3)
    until(page, "descent.spec.optimizer.learning_rate > 0.04")
    at.check()
    for path, value in (
        ("batch_size", 7),
        ("regularization", {"l2": 0.02}),
        ("data.noise", 0.4),
        ("data.samples", 300),
        ("data.split", {"train": 0.45, "cv": 0.3}),
        ("layers.0.activation", "relu"),
        ("data.features", ["x1", "x1*x2"]),
        ("data.scaling", "zscore"),
        ("loss", {"name": "hinge"}),
    ):
        at.set(path, value)
        at.check()
    at.step(40)
    at.check()
    at.click("units+")
    at.check()
    control(page, "threshold").focus()
    page.keyboard.press("Home")
    at.threshold = 0.02
    until(page, "descent.about.metrics.threshold === 0.02")
    at.check()
    for name in ("undo", "redo", "seed", "step"):
        at.click(name)
        at.check()
    field = page.locator("d-inspector .numbers [data-live=b]")
    before = at.now()
    field.fill("1.5")
    field.press("Enter")
    until(page, lambda: at.now() != before)
    assert at.check().w["h1/bias"][1] == 1.5


def test_the_past_and_mid_run_of_a_dense_net(visit, server):
    at = Visit(visit, server, PRESETS["circle"].spec)
    page = at.page
    page.locator("d-metrics summary").click()
    page.evaluate("descent.pick({ layer: 'out', unit: 0 }, true)")
    at.step(100)
    at.set("data.noise", 0.5)
    at.step(100)
    at.check()
    control(page, "timeline").focus()
    page.keyboard.press("Home")
    until(page, "descent.state.viewing && descent.state.step === 0 && !document.querySelector('d-timeline').busy")
    assert at.check().state["viewing"]
    at.tell(op="seek", step=50)
    assert 0 < at.check().state["step"] <= 100
    at.click("to_now")
    assert at.check().state["step"] == 200
    at.tell(op="seek", step=50)
    then = at.check().state["step"]
    control(page, "rewind").click()
    at.click("rewind_sure")
    assert at.check().state["head"] == then
    old = at.now()[0]
    at.click("branch")
    assert at.check().state["step"] == then
    assert at.now()[0] != old
    for path, value in (("data.name", "xor"), ("layers.0.units", 6), ("optimizer.learning_rate", 0.3)):
        at.play(lambda path=path, value=value: at.set(path, value))
        at.check()
    page.evaluate("descent.pick(null, false)")
    at.set("", parse_spec({"data": {"name": "plane", "noise": 0.5}, "layers": LINE}))
    at.step(3)
    before = at.check().costs()
    at.tell(op="solve")
    assert at.check().costs()["train"] < before["train"]


EDITS = {
    "lenet": [
        ("optimizer.learning_rate", 0.01),
        ("batch_size", 20),
        ("data.train_rows", 60),
        ("layers.0.activation", "tanh"),
        ("layers.5.units", 30),
        ("regularization", {"l2": 0.02}),
        ("data.name", "fashion_mnist"),
    ],
    "autoencoder": [
        ("optimizer.learning_rate", 0.01),
        ("batch_size", 20),
        ("data.train_rows", 60),
        ("layers.0.activation", "tanh"),
        ("layers.1.units", 20),
        ("loss", {"name": "mae"}),
        ("regularization", {"l2": 0.02}),
    ],
    "yolo": [
        ("optimizer.learning_rate", 0.01),
        ("batch_size", 5),
        ("data.samples", 20),
        ("layers.0.activation", "relu"),
        ("layers.0.filters", 10),
        ("regularization", {"l2": 0.02}),
        ("data.scene.objects", 2),
    ],
}
SIZES = {"lenet": 100, "autoencoder": 100, "yolo": 24}
MID_RUN = [("optimizer.learning_rate", 0.003), ("layers.0.activation", "leaky_relu")]


def opened(visit, server, net):
    """The page on a net, with everything open that has numbers."""
    at = Visit(visit, server, small(net, SIZES[net]))
    if net == "yolo":
        loaded = "performance.getEntriesByType('resource').map((e) => e.name)"
        module = at.page.evaluate(f"{loaded}.find((n) => n.endsWith('/results/detection.js'))")
        at.page.evaluate(f"import('{module}').then((m) => (window.detection = m.detection))")
    at.page.locator("d-metrics summary").click()
    if net == "lenet":
        at.page.evaluate("descent.pick({ layer: 'out', unit: 3 }, true)")
        control(at.page, "digit_sample").click()
        until(at.page, "descent.about.activations.index === -1")
    if net == "autoencoder":
        at.page.evaluate("descent.pick({ layer: 'code', unit: 1 }, true)")
    return at


@pytest.mark.parametrize("net", SIZES)
def test_nets_of_pictures(visit, server, net):
    at = opened(visit, server, net)
    at.check()
    at.step(12)
    at.check()
    for path, value in EDITS[net]:
        at.set(path, value)
        at.check()
    for name in ("undo", "step", "seed"):
        at.click(name)
        at.check()
    at.step(3)
    at.tell(op="seek", step=1)
    at.check()
    at.click("to_now")
    at.check()
    for path, value in MID_RUN:
        at.play(lambda path=path, value=value: at.set(path, value))
        at.check()
    at.click("branch")
    at.check()
    older = at.page.evaluate("witness.older")
    assert set(older) >= {"d-cost", "d-metrics"}, f"nobody was older, so nothing had to be said: {older}"
