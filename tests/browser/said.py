"""What the page says at rest, held against what /predict, /weights and /data make it; nothing here is the app's.

Each function compares one piece of the page: `said` is what moment.js reads, `truth` the moment, `visit` the page.
"""

import json
import re

import numpy as np
import pytest

from tests import plain, plain_boxes
from tests.moments import Told
from tests.reading import unisolated

PARTS = ("train", "cv", "test")
SOME = 4
"""Examples on which /predict must answer as the weights do."""
STEP, EPOCH, LOSS, TRAIN = 0, 1, 2, 3
"""Columns of the history."""
BYTE = 1 / 120
"""Of the reach of a scale: as exact as a byte over it is."""


class Truth(Told):
    """The moment on show, worked out from what REST tells."""

    def __init__(self, server, run, known):
        super().__init__(server, run)
        self.info = self.public()
        spec = self.info["shown_spec"] or self.info["spec"]
        key = json.dumps(spec["data"])
        if key not in known:
            known.clear()
            known[key] = self.examples()
        self.x, self.y, self.part = known[key]
        self.resolved = self.info["report"]["resolved"]
        self.layers, self.task = self.resolved["layers"], self.info["report"]["task"]
        self.state = self.info["state"]
        self.w = self.weights()
        if self.x.ndim == 2:
            self.w = {name: w.astype(np.float64) for name, w in self.w.items()}
        self.rows = {name: np.flatnonzero(self.part == i) for i, name in enumerate(PARTS)}
        self.inputs = self.encoded(self.x)
        used = np.concatenate(list(self.rows.values()))
        self.last = self.layers[-1]["id"]
        outputs = self.through(self.inputs[used])[self.last][1]
        self.outputs = np.full((len(self.x), *outputs.shape[1:]), np.nan)
        self.outputs[used] = outputs
        some = used[:: max(1, len(used) // SOME)]
        if self.task != "reconstruction":  # its answers are pictures
            np.testing.assert_allclose(self.answers(self.x[some]), self.outputs[some], rtol=2e-3, atol=2e-4)
        self.anchors = self.resolved["loss"].get("anchors")

    def encoded(self, x):
        """What the model is given: engineered inputs of numbers, scaled by the training part."""
        if x.ndim == 4:
            return x
        columns = {"x1": x[:, 0], "x2": x[:, 1], "x1*x2": x[:, 0] * x[:, 1]}
        names = self.info["report"]["inputs"]
        raw = np.stack([columns[name].astype(np.float64) for name in names], axis=1)
        if self.resolved["data"]["scaling"] == "none":
            return raw
        assert self.resolved["data"]["scaling"] == "zscore"
        train = raw[self.rows["train"]] if x is self.x else self.raw
        self.raw = train
        return (raw - train.mean(axis=0)) / train.std(axis=0)

    def through(self, inputs):
        return plain.forward(self.layers, self.w, inputs)

    @property
    def penalty(self):
        return plain.penalty(self.layers, self.w)

    def costs(self):
        """J of each part."""
        name = self.resolved["loss"]["name"]
        found = {}
        for part, rows in self.rows.items():
            target = self.inputs[rows] if self.task == "reconstruction" else self.y[rows]
            if name == "yolo":
                y = self.y[rows]
                found[part] = plain_boxes.loss(self.outputs[rows], y.reshape(len(y), -1, 5), self.anchors)
            else:
                found[part] = plain.loss(name, self.outputs[rows], target)
        return found

    def counts(self, part, threshold=0.5):
        """The confusion matrix. Hinge behind a sigmoid parts the classes at a half, as a cross-entropy does."""
        rows = self.rows[part]
        given = plain.classes_of(self.outputs[rows], threshold)
        return plain.confusion(given, self.y[rows], max(2, len(self.info["report"]["classes"])))

    def metrics(self, part, threshold=0.5):
        rows = self.rows[part]
        if self.task in ("reconstruction", "regression"):
            target = self.inputs if self.task == "reconstruction" else self.y
            return plain.number_metrics(self.outputs[rows], target[rows])
        if self.task == "detection":
            truth = self.y[rows].reshape(len(rows), -1, 5)
            return plain_boxes.scores(self.outputs[rows], truth, self.anchors, len(self.info["report"]["classes"]))
        return plain.class_metrics(self.counts(part, threshold), self.task == "binary")


# -- what is compared -------------------------------------------------------------------------------------------------
def agree(said, wanted, what, rel=3e-4, slack=1e-6):
    assert plain.says(said, wanted, rel, slack), f"{what}: the page says {said}, it is {wanted}"


def tensor(said, name):
    found = said["tensors"].get(name)
    return None if found is None else np.array(found["data"], np.float64).reshape(found["shape"])


def grouped(n):
    return f"{n:,}"


def clock(said, truth, visit):
    """Step and epoch, at every place that has them."""
    state = truth.state
    assert said["step"] == grouped(state["step"])
    assert int(said["epoch"].replace(",", "")) == int(state["epoch"] + 1e-9)
    assert said["cost"]["at"] == f"step {grouped(state['step'])}"
    if said["timeline"] is None:  # it comes with the first step, as the chart does
        assert (state["step"], state["viewing"]) == (0, False)
        return
    assert said["timeline"] == (f"step {grouped(state['step'])}" if state["viewing"] else "now")


def costs(said, truth, visit):
    """J with and without penalty, and the newest points of the chart."""
    wanted = truth.costs()
    for part in PARTS:
        agree(said["cost"][part], wanted[part], f"J of {part}", rel=1e-3)  # a detector's has exponentials, in float32
    assert ("penalised" in said["cost"]) == (truth.penalty > 0)
    if truth.penalty:
        agree(said["cost"]["penalised"], wanted["train"] + truth.penalty, "J with penalty")
    assert said["cost"]["counted"] == ""
    rows = truth.history()
    upto = [row for row in rows if row[STEP] <= truth.state["step"] and row[LOSS] is not None]
    agree(said["cost"]["loss"], upto[-1][LOSS] if upto else np.nan, "the batch's loss")
    if not truth.state["viewing"]:
        assert rows[-1][STEP] == truth.state["step"]
        assert rows[-1][EPOCH] == pytest.approx(truth.state["epoch"])
        for i, part in enumerate(PARTS):
            assert rows[-1][TRAIN + i] == pytest.approx(wanted[part], rel=3e-4, abs=1e-6)
        if said["newest"] is None:  # the chart comes with the first step
            assert len(rows) == 1
            return
        for part in PARTS:
            step, cost = said["newest"][part]
            assert step == truth.state["step"], f"the chart's newest point of {part}"
            assert cost == pytest.approx(wanted[part], rel=3e-4, abs=1e-6)


def metrics(said, truth, visit):
    """The table of metrics and the confusion matrix."""
    rounding = 0.006 if truth.task == "detection" else 1e-6  # a box at the edge of a threshold
    assert said["metrics"]
    for part in PARTS:
        wanted = truth.metrics(part, visit.threshold)
        for name, number in wanted.items():
            agree(said["metrics"][f"{part}-{name}"], number, f"{name} of {part}", rel=1e-3, slack=rounding)
        assert {key for key in said["metrics"] if key.startswith(f"{part}-")} == {f"{part}-{n}" for n in wanted}
    if truth.task in ("binary", "multiclass"):
        assert said["confusion"] == truth.counts(said["part"], visit.threshold).tolist()


def network(said, truth, visit):
    """Units and shapes of the layers, how many parameters, and the tiles."""
    shapes = {row["id"]: row["output_shape"] for row in truth.info["report"]["layers"]}
    for layer, text in said["units"].items():
        assert text in ("×".join(map(str, shapes[layer])), str(shapes[layer][-1])), layer
    assert sum(w.size for w in truth.w.values()) == int(re.search(r"[\d,]+", said["totals"])[0].replace(",", ""))
    if truth.x.ndim == 2:
        return plane_tiles(said, truth)
    row = said["about"]["activations"]["row"]
    if row is not None:
        assert truth.part[row] == PARTS.index("train")
    shown = truth.x[row] if row is not None else np.reshape(said["probe"], truth.x.shape[1:]) / 255
    found = truth.through(truth.encoded(shown[None]))
    compared = 0
    for layer, scale in said["about"]["neurons"]["scales"].items():
        maps, kinds = tensor(said, f"neurons/{layer}"), said["about"]["neurons"]["kinds"]
        if layer not in found or maps is None or kinds[layer] == "weights":
            continue
        a = found[layer][1][0]
        a = a.transpose(2, 0, 1) if a.ndim == 3 else a.reshape(-1, 1, 1)
        if maps.shape == a.shape:
            closely(maps, a, scale, f"the map of {layer}")
            compared += 1
    if truth.task != "reconstruction":
        assert compared > 0


def closely(tile, wanted, scale, what):
    """Bytes over a scale stand for these numbers."""
    reach, middle = np.array(scale["reach"]), scale["middle"]
    inside = np.clip((wanted - middle) / reach, -1, 1)
    off = np.abs((tile - 128) / 127 - inside)
    assert off.max() <= BYTE, f"{what}: off by {off.max():.3f} of its reach"


def plane_tiles(said, truth):
    """What every unit answers over the plane."""
    for layer, scale in said["about"]["neurons"]["scales"].items():
        tile = tensor(said, f"neurons/{layer}")
        if layer == "inputs" or tile is None:
            continue
        n = tile.shape[-1]
        a = truth.through(truth.encoded(grid(said, n)))[layer][1]
        closely(tile, a.T.reshape(-1, n, n), scale, f"the tile of {layer}")


def grid(said, n):
    """Places over the plane, the top row first."""
    about = said["about"]["boundary"]
    x, y = np.linspace(*about["x"], n), np.linspace(*about["y"], n)[::-1]
    return np.stack([np.tile(x, n), np.repeat(y, n)], axis=1)


def inspector(said, truth, visit):
    """The numbers of the unit that is picked, for the example that is looked at."""
    if not said["picked"] or not said["live"]:
        return
    layer, unit, row = said["picked"]["layer"], said["picked"]["unit"], said["about"]["activations"]["row"]
    given = truth.inputs[row] if row is not None else np.reshape(said["probe"], truth.x.shape[1:]) / 255
    found = truth.through(given[None])
    at = [part["id"] for part in truth.layers].index(layer)
    before = found[truth.layers[at - 1]["id"]][1][0].ravel() if at else given.ravel()
    z, a = (part[0].ravel() for part in found[layer])
    kernel, bias = truth.w[f"{layer}/kernel"], truth.w[f"{layer}/bias"]
    wanted = {
        "w": lambda i: kernel[i, unit], "in": lambda i: before[i], "zk": lambda i: z[i], "ek": lambda i: np.exp(z[i]),
        "sum": lambda _: np.exp(z).sum(), "b": lambda _: bias[unit],
        "wa": lambda i: kernel[i, unit] * before[i], "z": lambda _: z[unit], "a": lambda _: a[unit],
    }  # fmt: skip
    read = {name for name, _ in said["live"]}
    assert {"z", "a", "b"} <= read
    for name, text in said["live"]:
        what, _, i = name.partition(".")
        if what not in ("g", "gb"):  # ∂J/∂w is the last batch's, which no route tells
            agree(text, wanted[what](int(i or 0)), f"{name} of {layer} {unit + 1}", rel=1e-3, slack=1e-4)


def findings(said, truth, visit):
    """How many units are silent or flat, over how many examples, and how grave that is."""
    rows = truth.rows["train"]
    wanted = plain.stuck_units(truth.layers, truth.through(truth.inputs[rows]))
    told = {}
    for finding in said["findings"]:
        if finding["kind"] in ("dead", "saturated"):
            count, layer = re.fullmatch(r"(\d+) .* in (\w+)", unisolated(finding["title"])).groups()
            told[layer] = (finding["kind"], int(count))
            assert f"all {len(rows)} training" in finding["why"]
            if finding["kind"] == "saturated" and truth.task in ("binary", "multiclass"):
                learnt = truth.costs()["train"] < 0.5 * plain.best_constant(truth.y[rows])
                assert finding["severity"] == ("note" if learnt else "alarm")
    if len(said["findings"]) < 3:
        assert told == wanted
    else:
        assert told.items() <= wanted.items()


def answers(said, truth, visit):
    """The probabilities of the visitor's own picture, by /predict."""
    if not said["bars"] or said["probe"] is None:
        return
    picture = np.round(np.reshape(said["probe"], (1, *truth.x.shape[1:])) / 255, 6)
    wanted = truth.answers(picture)[0]
    classes = truth.classes
    assert sorted(name for name, _ in said["bars"]) == sorted(classes)
    for name, text in said["bars"]:
        agree(text, wanted[classes.index(name)], f"the probability of {name}", rel=1e-3, slack=1e-5)


def plane(said, truth, visit):
    """The examples that are drawn, and the model's answer under them."""
    for name, given in said["data"].items():
        wanted = {"x": truth.x, "y": truth.y, "part": truth.part}[name].ravel()
        assert given["data"]
        np.testing.assert_allclose(given["data"], wanted[: len(given["data"])], rtol=1e-6, err_msg=name)
    shown = next((found for name in ("p", "value") if (found := tensor(said, f"boundary/{name}")) is not None), None)
    assert (shown is None) == (truth.x.ndim == 4)
    if shown is not None:
        scale = said["about"]["boundary"]["scale"]
        wanted = truth.through(truth.encoded(grid(said, len(shown))))[truth.last][1].reshape(shown.shape)
        inside = np.clip((wanted - scale["middle"]) / scale["reach"], -1, 1)
        assert np.abs(shown / 255 * 2 - 1 - inside).max() < BYTE


def pictures(said, truth, visit):
    """An autoencoder's pictures, how far they are off, and the plane of its code."""
    if truth.task != "reconstruction":
        return
    rows = said["about"]["reconstruction"]["rows"]
    assert rows == truth.rows["cv"][: len(rows)].tolist()
    back = truth.outputs[rows]
    error = ((back - truth.inputs[rows].reshape(len(rows), -1)) ** 2).mean(axis=1)
    assert len(said["errors"]) == len(rows)
    for text, wanted in zip(said["errors"], error, strict=True):
        agree(text, wanted, "the error of a picture")
    shown = tensor(said, "reconstruction/outputs").reshape(len(rows), -1)
    assert np.abs(shown / 255 - back).max() < 0.004
    codes = tensor(said, "latent/codes")
    code = said["about"]["latent"]["layer"]
    wanted = truth.through(truth.inputs[truth.rows["cv"]])[code][1][: len(codes), :2]
    np.testing.assert_allclose(codes, wanted, rtol=1e-3, atol=1e-3)


def detector(said, truth, visit):
    """Boxes, how sure the cells are, and the pictures that they lie over."""
    if truth.task != "detection":
        return
    about = said["about"]["boxes"]
    rows = about["rows"]
    assert set(truth.part[rows]) == {PARTS.index("cv")}
    over = np.array(said["pictures"]["data"], float).reshape(said["pictures"]["shape"]) / 255
    np.testing.assert_allclose(over, truth.x[rows], atol=1e-3)
    confidence, overlap = visit.page.evaluate("[detection.confidence, detection.iou]")
    found = tensor(said, "boxes/found")
    for i, row in enumerate(rows):
        wanted = plain_boxes.detections(truth.outputs[row], truth.anchors, confidence, overlap)
        mine = found[found[:, 0] == i]
        assert len(mine) == len(wanted), f"boxes of picture {i + 1}"
        np.testing.assert_allclose(mine[:, 1:], wanted, rtol=2e-3, atol=2e-3)
        sure = plain_boxes.candidates(truth.outputs[row], truth.anchors)[:, 6]
        heat = sure.reshape(*truth.outputs.shape[1:3], -1).max(axis=2)
        assert np.abs(tensor(said, "boxes/heat")[i] / 255 - heat).max() < 0.004


LOOKS = (clock, costs, metrics, network, inspector, findings, answers, plane, pictures, detector)
