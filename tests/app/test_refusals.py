"""Every code that can be raised over REST or the stream is: its parameters, its English sentence, its Hebrew one."""

import io
import json
import re
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import load, save

from app.said import said
from tests import waits
from tests.app.test_codes import params as params_of_codes
from tests.app.test_pictures import archive, picture
from tests.app.test_stream import Client
from tests.server import Server

pytestmark = pytest.mark.timeout(400)
ELSEWHERE = {
    "run-of-another-version": "test_storage",
    "runs-full": "test_limits",
    "client-runs-full": "test_limits",
    "content-length": "test_door: the web server refuses it before us",
    "reshape-empty": "a shape without numbers is refused before",
    "other": "what has no code of ours; test_codes looks at how it is shown",
    "fault": "a mistake of ours",
    "memory": "needs a machine without memory",
    "restarting": "test_resilience",
    "worker-ended": "test_resilience kills processes",
    "no-worker": "test_resilience",
    "not-ready": "test_resilience",
    "run-recovering": "test_resilience",
    "run-elsewhere": "a run between two workers, for a moment",
    "run-ended": "test_messages",
    "unstored-command": "test_journal",
    "unstored-move": "test_journal",
    "unstored-run": "test_journal",
    "steps-running": "the page asks for one at a time; test_messages",
    "sweep-cancelled": "told to nobody: who cancelled it does not wait for it",
    "half-character": "httpx sends no half of a character",
    "layer-built-for": "Python alone builds a layer twice",
    "layer-needs-features": "no data have examples without numbers",
    "argument-missing": "the door fills in what layers need",
    "no-earlier": "the first moment is always kept",
    "side-output": "the door compares outputs first",
    "slide-padding": "a view says why there is no such pass: test_detection",
    "slide-strides": "as above",
    "slide-layer": "as above",
    "strides-and-dilation": "Python alone has dilation_rate",
    "layer-needs-vectors": "the door puts a Flatten before a Dense",
    "host-foreign": "test_door",
    "groups": "Python alone has groups",
    "block-input": "blocks make their shortcuts fit",
    "block-shortcut": "blocks make their shortcuts fit",
    "branches-differ": "blocks make their branches fit",
    "numbers-large": "the door refuses whole numbers of more than 64 bits",
    "value-sizes": "anchors of a detector: test_detection",
    "value-none": "no field takes null alone",
}  # fmt: skip
"""Codes that no test of this file raises, and why."""


def check(problem, code, where, **wanted):
    """A problem document says its code, parameters and sentence, and Hebrew has words for it."""
    assert problem["code"] == code, (where, problem)
    assert problem["params"] | wanted == problem["params"], (where, problem["params"], wanted)
    assert not {"setting", "where", "bounds"} & problem["params"].keys(), "the page says these by itself"
    assert re.search(r"[a-z]", problem["detail"]), problem
    assert "{" not in said("en", problem), said("en", problem)
    hebrew = said("he", problem)
    assert not hebrew.startswith("השרת אומר, באנגלית"), hebrew
    bare = re.sub(r"\u2068[^\u2068\u2069]*\u2069", "", hebrew)
    for _ in range(4):
        bare = re.sub(r"\u2068[^\u2068\u2069]*\u2069", "", bare)
    allowed = {"JSON", "ZIP", "COCO", "CSV", "SGD", "L1", "L2", "Adagrad", "safetensors", "logits", "base64", "UTF-8",
               "same", "Descent", "x", "y", "w", "h", "op", "dropout", "true", "false", "ReLU"}  # fmt: skip
    english = set(re.findall(r"[A-Za-z][\w-]*", bare)) - allowed
    assert not english, (hebrew, english)


SPEC = {
    "data": {"name": "circle", "samples": 100},
    "layers": [{"id": "h1", "units": 3}, {"id": "out", "units": "auto"}],
}
PICTURES = {
    "data": {"name": "digits"},
    "layers": [
        {"id": "c1", "type": "Conv2D", "filters": 4, "kernel_size": 3},
        {"id": "out", "units": "auto"},
    ],
}


def changed(spec, changes):
    spec = deepcopy(spec)
    for path, value in changes.items():
        *outer, last = path.split(".")
        holder = spec
        for part in outer:
            holder = holder[int(part)] if isinstance(holder, list) else holder.setdefault(part, {})
        if isinstance(holder, list):
            holder[int(last)] = value
        else:
            holder[last] = value
    return spec


def layer(**more):
    return {"id": "c2", **more}


DENSE = [
    ({"layers.0.units": 2.5}, "value-whole", {"got": 2.5}),
    ({"layers.0.units": 0}, "value-whole", {"minimum": 1, "got": 0}),
    ({"layers.0.units": 10**8}, "limit-value", {"got": 10**8}),
    ({"layers.0.units": "auto"}, "units-auto", {}),
    ({"layers.0.units": None}, "units-null", {}),
    ({"layers.0.activation": "rlu"}, "unknown-name-near", {"kind": "activation", "near": "relu"}),
    ({"layers.0.activation": "celu"}, "not-here", {"kind": "activation", "name": "celu"}),
    ({"layers.0.kernel_initializer": "qqqqqq"}, "unknown-name", {"kind": "initializer"}),
    ({"layers.0.kernel_initializer": 5}, "initializer-wanted", {}),
    ({"layers.0.kernel_initializer": {"name": "random_uniform", "minval": 2, "maxval": 1}},
     "interval-empty", {"low": 2}),
    ({"layers.0.kernel_initializer": {"name": "glorot_normal", "q": 1}}, "unknown-argument", {"name": "q"}),
    ({"layers.0.kernel_initializer": {"name": "constant", "value": "x"}}, "value-number", {"argument": "value"}),
    ({"layers.0.bias_regularizer": "l7"}, "unknown-name", {"kind": "regularizer"}),
    ({"layers.0.bias_regularizer": 7}, "regularizer-wanted", {}),
    ({"layers.0.use_bias": "maybe"}, "value-yes-no", {"argument": "use_bias"}),
    ({"layers.0.type": "Dens"}, "unknown-name-near", {"kind": "layer", "near": "Dense"}),
    ({"layers.0.type": "Residual"}, "layer-nested", {"type": "Residual"}),
    ({"layers.0": layer(type="Conv2D", filters=3)}, "layer-needs-pictures", {"layer": "c2", "size": 2}),
    ({"layers.0": layer(type="Activation", activation="relu", l2=0.1)}, "layer-no-kernel", {"type": "Activation"}),
    ({"layers.0": layer(type="Flatten", units=3)}, "layer-has-no", {"type": "Flatten", "name": "units"}),
    ({"layers.0.nonsense": 1}, "layer-has-no", {"name": "nonsense"}),
    ({"layers.0": layer(type="Activation", activation=3)}, "value-text", {}),
    ({"layers.0": layer(type="SeparableConv2D", activation=None, filters=2)}, "layer-needs-pictures", {}),
    ({"layers.0": layer(type="ReLU", threshold=3, max_value=2)}, "relu-threshold", {"threshold": 3, "max_value": 2}),
    ({"layers.0": layer(type="Reshape", target_shape=[3, 3])}, "reshape-size", {"size": 2}),
    ({"layers.0": layer(type="Reshape", target_shape=[-1, 0])}, "reshape-size", {}),
    ({"layers.0": layer(type="ReLU", threshold=1e300)}, "value-large", {"argument": "threshold"}),
    ({"layers.0": layer(type="Reshape", target_shape="x")}, "value-shape", {}),
    ({"layers.0.id": "out"}, "layer-ids-equal", {"id": "out"}),
    ({"layers.0.id": ""}, "name-letters", {"got": ""}),
    ({"data.name": ""}, "text-short", {"minimum": 1}),
    ({"data.name": "x" * 81}, "text-long", {"maximum": 80}),
    ({"layers.0.id": 3}, "value-text", {"got": 3}),
    ({"layers.0": 3}, "value-object", {"got": 3}),
    ({"layers": []}, "list-short", {"minimum": 1}),
    ({"layers": 3}, "value-list", {"got": 3}),
    ({"layers": [{"id": f"h{i}", "units": 1} for i in range(5000)]}, "limit-value", {"got": 5000}),
    ({"layers": [{"id": f"h{i}", "units": 4000} for i in range(3)]}, "output-shape", {"got": [4000]}),
    ({"layers": [*({"id": f"h{i}", "units": 4000} for i in range(3)), {"id": "o", "units": "auto"}]}, "limit-total",
     {"what": "weights"}),
    ({"layers.1.units": 7}, "output-shape", {"task": "binary", "got": [7]}),
    ({"loss.name": "mse ", "layers.0.units": 3}, "unknown-name-near", {"kind": "loss", "near": "mse"}),
    ({"loss.name": "kl_divergence"}, "not-here", {"kind": "loss"}),
    ({"loss": {"name": "mse", "reduction": "sum"}}, "argument-foreign", {"argument": "reduction"}),
    ({"loss": {"name": "mse", "from_logits": True}}, "no-logits", {"loss": "mse"}),
    ({"loss": {"name": "huber", "delt": 3}}, "unknown-argument-near", {"near": "delta"}),
    ({"loss": {"name": "huber", "delta": "x"}}, "value-number", {"argument": "delta"}),
    ({"loss.name": "yolo"}, "loss-task", {"task": "binary"}),
    ({"optimizer.name": "adamm"}, "unknown-name-near", {"kind": "optimizer", "near": "Adam"}),
    ({"optimizer.name": "Lion"}, "not-here", {"kind": "optimizer"}),
    ({"optimizer.learning_rate": -1}, "value-range", {"got": -1}),
    ({"optimizer.learning_rate": "x"}, "value-number", {"got": "x"}),
    ({"optimizer": {"name": "Adam", "beta_1": 1}}, "value-number", {"argument": "beta_1", "below": 1.0}),
    ({"optimizer": {"name": "SGD", "schedule": {"name": "qqqqq"}}}, "unknown-name", {"kind": "schedule"}),
    ({"optimizer": {"name": "SGD", "clipnorm": 1, "clipvalue": 1}}, "clips", {"clips": ["clipnorm", "clipvalue"]}),
    ({"optimizer": {"name": "Adagrad", "initial_accumulator_value": 0, "epsilon": 0}}, "adagrad-start", {}),
    ({"updates": "sequential", "optimizer": {"name": "Adam"}}, "updates-sequential", {}),
    ({"updates": "sometimes"}, "value-choice", {"choices": ["simultaneous", "sequential"], "got": "sometimes"}),
    ({"augmentation": {"mirror": True}}, "augmentation-no-pictures", {"data": "circle"}),
    ({"batch_size": 0}, "value-range", {"minimum": 1, "got": 0}),
    ({"batch_size": 10**7}, "limit-value", {"got": 10**7}),
    ({"shuffle": "yes"}, "value-yes-no", {"got": "yes"}),
    ({"nonsense": 1}, "value-unknown", {"key": "nonsense"}),
    ({"data.name": "nowhere"}, "unknown-name", {"kind": "data set", "name": "nowhere"}),
    ({"data.split": {"train": 0.8, "cv": 0.5}}, "split-whole", {}),
    ({"data.degree": 99}, "value-range", {"maximum": 15}),
    ({"data.features": []}, "no-features", {}),
    ({"data.features": ["x9"]}, "unknown-name", {"kind": "feature", "name": "x9"}),
    ({"data.scaling": "most"}, "value-choice", {"got": "most"}),
    ({"data": {"name": "points", "points": [[0, 0, 1]]}}, "points-few", {"got": 1}),
    ({"data": {"name": "points", "points": [[0, 0, 1], [1, 1, 7]]}}, "point-class", {"got": 7, "most": 1}),
    ({"data": {"name": "points", "classes": 1, "points": [[0, 0, 1], [1, 1, 0]]}}, "points-one-class", {}),
    ({"data": {"name": "points", "points": [[0, 0, 1], [1e300, 1, 0]]}}, "numbers-finite", {}),
    ({"data": {"name": "points", "points": [[0, 0], [1, 1, 0]]}}, "list-short", {"minimum": 3}),
    ({"data": {"name": "points", "points": [[0, 0, 1, 1], [1, 1, 0]]}}, "list-long", {"maximum": 3}),
    ({"data": {"name": "csv", "upload": "nothing"}}, "no-upload", {"upload": "nothing"}),
]  # fmt: skip
IMAGES = [
    ({"data.degree": 2}, "images-features", {"data": "digits"}),
    ({"data": {"name": "faces", "size": 7}}, "value-choice", {"argument": "size"}),
    ({"data": {"name": "faces"}, "augmentation": {"mirror": True}}, "augmentation-boxes", {}),
    ({"layers.0.kernel_size": 99}, "window-too-large", {"layer": "c1", "window": [99, 99]}),
    ({"layers.0.kernel_size": [3]}, "value-pair", {"argument": "kernel_size"}),
    ({"layers.0.padding": "some"}, "value-choice", {"choices": ["valid", "same"]}),
    ({"layers.0": layer(type="ZeroPadding2D", padding="x")}, "value-sides", {}),
    ({"layers.1": {"id": "out", "type": "Reshape", "target_shape": [-1, 10]}}, "reshape-size", {}),
    ({"layers.1": {"id": "d", "type": "Dense", "units": 4}, "layers.0": layer(type="Flatten")}, "output-shape", {}),
]  # fmt: skip


@pytest.mark.parametrize("case", range(len(DENSE)))
def test_a_spec_that_cannot_be(server, case):
    changes, code, wanted = DENSE[case]
    answer = server.api.post("/specs/check", json=changed(SPEC, changes))
    assert answer.status_code == 422, (changes, answer.text[:300])
    check(answer.json(), code, changes, **wanted)


@pytest.mark.parametrize("case", range(len(IMAGES)))
def test_a_spec_of_pictures_that_cannot_be(server, case):
    changes, code, wanted = IMAGES[case]
    answer = server.api.post("/specs/check", json=changed(PICTURES, changes))
    assert answer.status_code == 422, (changes, answer.text[:300])
    check(answer.json(), code, changes, **wanted)


# -- everything else that a request can be --------------------------------------------------------------------------
def zipped(**files):
    return archive({name.replace("__", "/").replace("_dot_", "."): body for name, body in files.items()})


RED = picture((200, 20, 20))
CSV = "a,b,y\n" + "".join(f"{i},{i * i},{i % 2}\n" for i in range(20))


def csv(text):
    body = text if isinstance(text, bytes) else text.encode()
    return lambda w: w.api.post("/datasets", content=body, headers={"Content-Type": "text/csv"})


def pictures(files):
    body = archive(files) if isinstance(files, dict) else files
    return lambda w: w.api.post("/datasets", content=body, headers={"Content-Type": "application/zip"})


def yolo(text):
    return pictures({"a.png": RED, "a.txt": text})


def coco(text):
    return pictures({"a.png": RED, "boxes.json": text})


def command(**told):
    return lambda w: w.server.command(w.run, w.token, **told)


def get(path, **more):
    return lambda w: w.api.get(path.format(run=w.run), **more)


def post(path, **more):
    return lambda w: w.api.post(path.format(run=w.run), **more)


def posted(path, text):
    """JSON as it is written."""
    return lambda w: w.api.post(path.format(run=w.run), content=text, headers={"Content-Type": "application/json"})


def weights(**tensors):
    return lambda w: w.api.put(f"/runs/{w.run}/weights", content=save(tensors), headers=w.token)


def table(text, **data):
    """A run of an uploaded table."""

    def start(w):
        upload = csv(text)(w).json()["id"]
        spec = changed(SPEC, {"data": {"name": "csv", "upload": upload, **data}})
        return w.api.post("/runs", json={"spec": spec})

    return start


def linear(**changes):
    """The normal equation of a run that it does not suit."""

    def solve(w):
        spec = changed({"data": {"name": "line"}, "layers": [{"id": "out", "units": "auto"}]}, changes)
        run, token = w.server.run(spec=spec)
        return w.server.command(run, token, op="solve")

    return solve


def swept(w, **more):
    return w.api.post("/sweeps", json={"spec": SPEC, "points": [{"seed": 1}, {"seed": 2}], "steps": 1, **more})


def after_sweep(*asks):
    """What a sweep answers that is done."""

    def ask(w):
        made = swept(w).json()
        waits.until(lambda: w.api.get(f"/sweeps/{made['id']}").json()["state"] == "done")
        headers = {"Authorization": f"Bearer {made['token']}"}
        for point, allowed in asks:
            answer = w.api.post(f"/sweeps/{made['id']}/test", json={"point": point}, headers=headers if allowed else {})
        return answer

    return ask


def rows(*rows_, head="a,b,y"):
    return "\n".join((head, *rows_)) + "\n"


NORM = {"id": "n", "type": "BatchNormalization"}
REQUESTS = {
    "edit nowhere": (command(op="edit", tensor="h9/kernel", index=[0, 0], value=1), "no-weight", {"name": "h9/kernel"}),
    "edit outside": (command(op="edit", tensor="h1/kernel", index=[9, 9], value=1),
         "weight-index", {"name": "h1/kernel"}),
    "undo": (command(op="undo"), "empty-pile", {"op": "undo"}),
    "redo": (command(op="redo"), "empty-pile", {"op": "redo"}),
    "no setting": (command(op="set", path="optimiser.rate.x", value=1), "no-setting", {}),
    "no entry": (command(op="set", path="layers.9.units", value=1), "no-entry", {"entries": 3}),
    "inside": (command(op="set", path="seed.x", value=1), "nothing-inside", {"outside": "seed"}),
    "op": (command(op="dance"), "value-choice", {"got": "dance"}),
    "no op": (command(), "value-missing", {"key": "op"}),
    "count": (command(op="step", unit="batch", count=0), "value-range", {"minimum": 1, "got": 0}),
    "unit": (command(op="step", unit="day"), "value-choice", {"got": "day"}),
    "extra": (command(op="play", more=1), "value-unknown", {"key": "more"}),
    "solve": (command(op="solve"), "solve-one-layer", {}),
    "solve l1": (linear(**{"regularization.l1": 0.1}), "solve-l1", {}),
    "solve loss": (linear(**{"loss.name": "huber"}), "solve-loss", {"loss": "huber"}),
    "move": (command(op="move", u=0, v=0), "no-surface", {}),
    "probe": (command(op="probe", picture="%%%"), "picture-base64", {}),
    "pixels": (command(op="probe", picture="AAAA"), "picture-bytes", {"got": 3}),
    "token": (post("/runs/{run}/commands", json={"op": "play"}), "run-token", {}),
    "no run": (get("/runs/nothing"), "no-run", {"run": "nothing"}),
    "both": (post("/runs", json={"lab": "circle", "spec": SPEC}), "spec-or-lab", {}),
    "lab": (post("/runs", json={"lab": "nothing"}), "unknown-lab", {"name": "nothing"}),
    "broken": (posted("/runs", "{"), "not-json", {}),
    "follow": (lambda w: w.api.put(f"/runs/{w.run}/successor", json={"run": w.run}, headers=w.token),
               "run-follows-itself", {}),
    "predict shape": (post("/runs/{run}/predict", json={"inputs": [[1, 2, 3]]}), "inputs-shape", {"wanted": [2]}),
    "predict many": (post("/runs/{run}/predict", json={"inputs": [[0, 0]] * 2000}), "inputs-many", {"got": 2000}),
    "predict text": (post("/runs/{run}/predict", json={"inputs": [["a", 2]]}), "numbers-only", {}),
    "predict ragged": (post("/runs/{run}/predict", json={"inputs": [[1, 2], [1]]}), "rows-ragged", {}),
    "predict huge": (post("/runs/{run}/predict", json={"inputs": [[10**30, 2]]}), "number-large", {}),
    "predict deep": (posted("/runs/{run}/predict", '{"inputs": ' + "[" * 900 + "]" * 900 + "}"), "too-deep", {}),
    "framework": (post("/specs/code?framework=torch", json=SPEC), "value-choice", {"choices": ["keras", "pytorch"]}),
    "architecture": (get("/architectures/vgg99"), "unknown-name-near", {"kind": "architecture"}),
    "photograph": (post("/architectures/lenet5/walk?photograph=x"), "value-choice", {"got": "x"}),
    "view": (get("/runs/{run}/frame?views=qqqq"), "unknown-name", {"kind": "view", "name": "qqqq"}),
    "view parameter": (get("/runs/{run}/frame", params={"views": '{"cost": {"x": 1}}'}),
         "view-parameter", {"name": "x"}),
    "view parameters": (get("/runs/{run}/frame", params={"views": '{"cost": 3}'}), "view-parameters", {"view": "cost"}),
    "views broken": (get("/runs/{run}/frame", params={"views": "{"}), "not-json", {}),
    "views": (get("/runs/{run}/frame", params={"views": ",".join(f"v{i}" for i in range(30))}),
         "views-many", {"got": 30}),
    "surface": (get("/runs/{run}/frame", params={"views": '{"surface": {"first": "zz[0]"}}'}), "no-parameter",
                {"name": "zz[0]"}),
    "most": (get("/runs/{run}/data?most=0"), "value-range", {"minimum": 1}),
    "most text": (get("/runs/{run}/data?most=many"), "value-whole", {"got": "many"}),
    "diagnosis": (posted("/diagnosis", json.dumps({"spec": SPEC, "j_train": 1e300, "j_cv": 1})
                       .replace("1e+300", "1e999")),
                  "value-finite", {}),
    "no page": (get("/nothing/at/all"), "no-page", {}),
    "method": (lambda w: w.api.patch("/runs"), "no-method", {}),
    "origin": (post("/runs", json={"lab": "circle"}, headers={"Origin": "https://elsewhere.example"}),
         "origin-foreign", {}),
    "body": (post("/specs/check", content=b"x" * (9 << 20)), "body-large", {}),
    "not safetensors": (lambda w: w.api.put(f"/runs/{w.run}/weights", content=b"abc", headers=w.token),
                        "weights-not-safetensors", {}),
    "weights": (weights(a=np.zeros(2, np.float32)), "weights-missing", {}),
    "weights kind": (weights(a=np.zeros(2, bool)), "weights-kind", {"name": "a", "got": "BOOL"}),
    # -- tables
    "zero": (csv(b"a,b\x00"), "csv-zero-byte", {}),
    "utf8": (csv(b"a,b\n\xff,1\n"), "csv-not-utf8", {"byte": 4}),
    "quotes": (csv('a,b\n"1,2\n3,4\n'), "csv-broken", {}),
    "empty": (csv("\n\n"), "csv-empty", {}),
    "one row": (csv(rows("1,2,3")), "csv-rows", {"got": 1}),
    "cells": (csv(rows("1,2,3", "1,2")), "csv-cells", {"row": 3, "wanted": 3, "got": 2}),
    "columns": (csv(",".join(f"c{i}" for i in range(300)) + "\n"), "csv-columns", {"got": 300}),
    "no name": (csv("a,,c\n1,2,3\n"), "csv-no-name", {"column": 2}),
    "name twice": (csv("a,a,c\n1,2,3\n"), "csv-name-twice", {"column": 2, "name": "a"}),
    "no header": (csv("1,2,3\n1,2,3\n"), "csv-no-header", {}),
    "no column": (table(CSV, inputs=["a", "zz"], target="y"), "csv-no-column", {"name": "zz"}),
    "target input": (table(CSV, inputs=["a", "y"], target="y"), "csv-target-input", {"name": "y"}),
    "no inputs": (table(rows("x,1", "z,0", head="a,y")), "csv-no-inputs", {}),
    "missing": (table(rows("1,2,0", ",3,1", "4,,1")), "csv-whole-rows", {"got": 1}),
    "one class": (table(rows("1,2,k", "2,3,k")), "csv-one-class", {"only": "k"}),
    "classes": (table(rows(*(f"{i},2,k{i}" for i in range(60)))), "csv-classes", {"got": 60}),
    "number": (table(rows(*(f"{i},2,0" for i in range(30)), "x,2,1")), "csv-number", {"row": 32, "got": "x"}),
    "large": (table(rows("1e200,2,0", "1,2,1")), "csv-number-large", {"row": 2}),
    "feature large": (table(rows("1e30,2,0", "2e30,2,1", "1,2,0"), degree=15), "feature-size", {"way": "large"}),
    "input large": (table(rows("1e30,2,0", "2e30,2,1", "1,2,0"), degree=2), "input-too-large", {}),
    "input small": (table(rows("1e-60,2,0", "2e-60,2,1", "1e-60,2,0")), "input-too-small", {}),
    "target small": (table(rows("1,2,1.5e-60", "2,3,2.5e-60", "4,5,3e-60")), "target-too-small", {"target": "y"}),
    "features": (post("/specs/check", json=changed(SPEC, {"data": {"name": "breast_cancer", "degree": 5}})),
                 "features-many", {}),
    # -- pictures and boxes
    "zip": (pictures(b"PK nothing"), "not-zip", {}),
    "no pictures": (pictures({"read.me": b"x"}), "pictures-none", {}),
    "no folder": (pictures({"a.png": RED}), "picture-no-folder", {"file": "a.png"}),
    "folder": (pictures({"x/a.png": RED, "x/b.png": RED}), "folders", {"got": 1}),
    "one": (pictures({"x/a.png": RED, "x/b.png": RED, "y/c.png": RED}), "folder-one", {"folder": "y"}),
    "pixels of a file": (lambda w: pictures({"x/a.png": picture(0, (8000, 7000)), "x/b.png": RED, "y/c.png": RED,
                         "y/d.png": RED})(w), "picture-pixels", {"width": 8000}),
    "unreadable": (pictures({"x/a.png": b"x", "x/b.png": RED, "y/c.png": RED, "y/d.png": RED}), "picture-unreadable",
                   {"file": "x/a.png"}),
    "no boxes": (pictures({"a.png": RED, "a.txt": "", "classes.txt": "k"}), "boxes-none", {}),
    "numbers": (yolo("0 .5 .5\n"), "box-numbers", {"unit": "line", "number": 1}),
    "class": (yolo("99 .5 .5 .5 .5\n"), "box-class", {"got": 99}),
    "flat": (yolo("0 .5 .5 0 .5\n"), "box-empty", {}),
    "outside": (yolo("0 5 5 .1 .1\n"), "box-outside", {}),
    "boxes": (yolo("0 .5 .5 .5 .5\n" * 40), "boxes-many", {"got": 40}),
    "no picture": (pictures({"a.txt": "0 .5 .5 .5 .5\n"}), "boxes-pictures", {"got": 0}),
    "coco": (coco("{}"), "coco-broken", {"file": "boxes.json"}),
    "no classes": (coco('{"categories": [], "images": [], "annotations": []}'), "boxes-classes", {"got": 0}),
    "coco picture": (coco(json.dumps({"categories": [{"id": 1, "name": "k"}], "images": [{"id": 1,
         "file_name": "z.png"}],
                     "annotations": [{"image_id": 1, "category_id": 1, "bbox": [1, 1, 5, 5]}]})), "coco-no-picture",
                     {"picture": "z.png"}),
    "form": (lambda w: w.api.post("/datasets", files=[("f", ("a/b.png", RED)), ("f", ("a/b.png", RED))]), "form-names",
             {"name": "a/b.png"}),
    "form broken": (post("/datasets", content=b"x", headers={"Content-Type": "multipart/form-data"}),
         "form-broken", {}),
    "upload": (get("/datasets/nothing"), "no-upload", {"upload": "nothing"}),
    "boxes of a table": (lambda w: w.api.get(f"/datasets/{csv(CSV)(w).json()['id']}/boxes"), "upload-no-boxes", {}),
    # -- sweeps
    "sweep": (get("/sweeps/nothing"), "no-sweep", {"sweep": "nothing"}),
    "sweep runs": (lambda w: swept(w, seeds=50, points=[{}] * 20), "sweep-runs-many", {"got": 1000}),
    "sweep long": (lambda w: swept(w, steps=100_000, seeds=50, spec=changed(SPEC, {"layers.0.units": 4000,
         "batch_size": 99})),
                   "sweep-long", {}),
    "sweep field": (lambda w: swept(w, points=[{"batch_size": 0}]), "value-range", {"got": 0}),
    "sweep token": (after_sweep((0, False)), "sweep-token", {}),
    "choice": (after_sweep((7, True)), "value-range", {"maximum": 1, "got": 7}),
    "test twice": (after_sweep((0, True), (1, True)), "test-opened", {"point": 0}),
}  # fmt: skip


@pytest.fixture(scope="module")
def world(server):
    """A run, its token, and the server."""
    spec = changed(SPEC, {"layers": [SPEC["layers"][0], {"id": "n", "type": "BatchNormalization"}, SPEC["layers"][1]]})
    run, token = server.run(spec=spec)
    return SimpleNamespace(server=server, api=server.api, run=run, token=token)


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_that_cannot_be(world, name):
    ask, code, wanted = REQUESTS[name]
    answer = ask(world)
    assert answer.status_code >= 400, (name, answer.text[:300])
    check(answer.json(), code, name, **wanted)


def test_weights_of_another_shape_or_a_variance_below_zero_are_refused(world):
    right = load(world.api.get(f"/runs/{world.run}/weights").content)
    for name, value, code in (
        ("h1/kernel", np.zeros((3, 3), np.float32), "weight-shape"),
        ("n/moving_variance", np.full(3, -1, np.float32), "variance-negative"),
    ):
        wrong = save({**right, name: value})
        answer = world.api.put(f"/runs/{world.run}/weights", content=wrong, headers=world.token)
        check(answer.json(), code, name)


def test_a_run_whose_numbers_grew_beyond_all_bounds_says_so(server):
    spec = {"data": {"name": "line"}, "layers": [{"id": "o", "units": "auto"}], "optimizer": {"learning_rate": 10}}
    run, token = server.run(spec=spec)
    server.command(run, token, op="step", unit="epoch", count=300)
    for told in ({"op": "play"}, {"op": "step"}):
        check(server.command(run, token, **told).json(), "diverged", told)


STREAMED = {
    "token": ({"op": "play"}, "stream-token", {}),
    "op": ({"op": "dance"}, "unknown-name", {"kind": "op", "name": "dance"}),
    "wrong token": ({"op": "auth", "token": "x"}, "run-token", {}),
    "field": ({"op": "ack", "frame": -1}, "value-range", {"minimum": 0}),
    "view": ({"op": "subscribe", "views": {"qqqq": {}}}, "unknown-name", {"kind": "view"}),
    "views": ({"op": "subscribe", "views": {f"v{i}": {} for i in range(30)}}, "views-many", {"got": 30}),
    "no op": ({}, "stream-no-op", {}),
}
RAW = {"not JSON": ("{", "not-json"), "binary": (b"{}", "stream-binary")}


def test_what_a_stream_refuses(world):
    async def talk():
        async with Client(world.server, world.run) as client:
            for name, (message, code, wanted) in STREAMED.items():
                await client.say(id=name, **message)
                answer = await client.answer(name) if "op" in message else await refused(client)
                check(answer["error"], code, name, **wanted)
            for name, (raw, code) in RAW.items():
                await client.socket.send(raw)
                check((await refused(client))["error"], code, name)

    async def refused(client):
        while True:
            message = await client.next()
            if isinstance(message, dict) and "error" in message:
                return message

    waits.run(talk())


SMALL = {"max_playing": 1, "commands_per_second": 0.01, "command_burst": 4, "max_sweeps": 1, "max_jobs": 1,
         "job_seconds": 2, "max_upload_bytes": 40, "max_pictures": 5, "max_pictures_bytes": 2000}  # fmt: skip
FULL = ("playing-full", "commands-many", "sweeps-full", "sweep-running", "jobs-full", "job-long", "file-large",
        "pictures-many", "pictures-large")  # fmt: skip


def test_a_server_that_is_full_says_of_what(tmp_path):
    with Server(tmp_path, **SMALL) as server:
        found = dict(full(SimpleNamespace(server=server, api=server.api)))
    assert set(found) == set(FULL)
    for code, problem in found.items():
        check(problem, code, code)


def full(world):
    """(code, problem) of a server with the small limits."""
    server, api = world.server, world.api
    (first, key), (second, other) = server.run(), server.run()
    server.command(first, key, op="play")
    yield "playing-full", server.command(second, other, op="play").json()
    answers = [server.command(second, other, op="pause") for _ in range(6)]
    yield "commands-many", answers[-1].json()
    made = swept(world, steps=100_000).json()
    headers = {"Authorization": f"Bearer {made['token']}"}
    yield "sweeps-full", swept(world).json()
    yield "sweep-running", api.post(f"/sweeps/{made['id']}/test", json={"point": 0}, headers=headers).json()
    api.delete(f"/sweeps/{made['id']}", headers=headers)
    api.delete(f"/runs/{first}", headers=key)
    yield "file-large", csv(CSV)(world).json()
    yield "pictures-many", pictures({f"x/{i}.png": RED for i in range(6)})(world).json()
    noise = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (40, 40, 3)).astype(np.uint8)).save(noise, "PNG")
    yield "pictures-large", pictures({"x/a.png": noise.getvalue(), "y/b.png": RED})(world).json()
    with ThreadPoolExecutor(1) as pool:
        for _ in range(20):  # whichever of the two comes first has the only place
            long = pool.submit(api.post, "/architectures/vgg16/walk")
            refused = waits.until(
                lambda long=long: (
                    ((a := api.post("/architectures/lenet5/walk")).status_code == 429 and a) or (long.done() and long)
                )
            )
            if refused is not long:
                break
        assert refused is not long, "the long walk was over before another one was asked for, each time"
        yield "jobs-full", refused.json()
        yield "job-long", json.loads(long.result().text.splitlines()[-1])


def test_every_code_is_raised_by_a_test_or_the_reason_stands_here():
    raised = {code for _, code, _ in (*DENSE, *IMAGES, *REQUESTS.values(), *STREAMED.values())}
    raised |= {code for _, code in RAW.values()} | set(FULL) | {"weight-shape", "variance-negative", "diverged"}
    codes = set(params_of_codes())
    assert raised <= codes, raised - codes
    assert codes - raised == set(ELSEWHERE), (codes - raised) ^ set(ELSEWHERE)
