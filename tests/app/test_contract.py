"""The published contract: every operation answers as the OpenAPI document says, field by field."""

import base64
import time

import numpy as np
import pytest
from safetensors.numpy import load, save

from app.main import create_app
from app.specs.presets import PRESETS
from tests.app.contract import Contract, closed
from tests.app.test_boxes import coco
from tests.app.test_pictures import archive, two_classes
from tests.server import PATIENCE

DOCUMENT = create_app().openapi()
OPERATIONS = sorted(
    operation["operationId"] for methods in DOCUMENT["paths"].values() for operation in methods.values()
)
SPEC = {
    "data": {"name": "circle", "samples": 60},
    "layers": [{"id": "h1", "units": 3, "activation": "tanh"}, {"id": "out", "units": "auto"}],
    "early_stopping": {"patience": 1},
    "optimizer": {"name": "Adam", "learning_rate": 0.05, "schedule": {"name": "cosine_decay"}},
    "loss": {"name": "binary_crossentropy"},
}
LINEAR = {
    "data": {"name": "bends", "samples": 60, "noise": 0.15, "scaling": "zscore"},
    "layers": [{"id": "out", "units": "auto", "activation": "auto"}],
}
CSV = "length,width,big\n" + "".join(f"{i / 10},{(i * 7) % 11},{'yes' if i > 20 else 'no'}\n" for i in range(40))


@pytest.fixture(scope="module")
def contract(server):
    return Contract(server.api.get("/openapi.json").json())


class Caller:
    """Calls operations by their names, and keeps what was answered."""

    def __init__(self, server, contract):
        self.server, self.contract = server, contract

    def __call__(self, operation_id, headers=None, **given):
        method, path, _ = self.contract.operations[operation_id]
        places = {key: given.pop(key) for key in list(given) if f"{{{key}}}" in path}
        answer = self.server.api.request(
            method, path.format(**places).removeprefix("/api/v1"), headers=headers or {}, **given
        )
        self.contract.check(operation_id, answer)
        return answer

    def started(self, **body):
        made = self("create_run", json=body or {"lab": "circle"}).json()
        return made["id"], {"Authorization": f"Bearer {made['token']}"}

    def command(self, run, key, **command):
        return self("send_command", run_id=run, headers=key, json=command).json()


@pytest.fixture
def call(server, contract):
    return Caller(server, contract)


def catalogue(call):
    call("get_catalog")
    call("get_brief_catalog")
    call("get_samples")


def code(call):
    for framework in ("keras", "pytorch"):
        assert call("export_code", json=SPEC, params={"framework": framework}).text


def uploads(call):
    table = call("upload_dataset", content=CSV, headers={"content-type": "text/csv"}).json()
    call("get_dataset", upload_id=table["id"])
    zipped = {"content-type": "application/zip"}
    pictures = call("upload_dataset", content=archive(two_classes()), headers=zipped).json()
    assert pictures["kind"] == "pictures"
    call("get_dataset", upload_id=pictures["id"])
    files = [("files", (name, body)) for name, body in two_classes().items()]
    assert call("upload_dataset", files=files).json()["id"] == pictures["id"]
    twice = call("upload_dataset", files=[files[0], files[0]])
    assert twice.status_code == 422
    assert "two files called" in twice.json()["detail"]
    boxes = call("upload_dataset", content=archive(coco()), headers=zipped).json()
    assert boxes["kind"] == "boxes"
    call("get_boxes", upload_id=boxes["id"])
    call("get_boxes", upload_id=boxes["id"], params={"format": "yolo"})
    assert call("get_boxes", upload_id=table["id"]).status_code == 404
    assert call("upload_dataset", content="", headers={"content-type": "text/csv"}).status_code == 422


def course(call):
    for lab in call("list_labs").json():
        for language in ("en", "he"):
            call("get_lab", lab_id=lab["id"], params={"lang": language})
    call("get_glossary")


def checks(call):
    for preset in PRESETS.values():
        call("check_spec", json=preset.spec)
    assert call("check_spec", json={"layers": []}).status_code == 422


def a_run(call):
    run, key = call.started(spec=SPEC)
    for command in (
        {"op": "step", "unit": "epoch", "count": 3, "id": "mine"}, {"op": "speed", "steps_per_second": 50},
        {"op": "pace"}, {"op": "pace", "knee": 40},
        {"op": "set", "path": "optimizer", "value": {"name": "Adam", "learning_rate": 0.5}},
        {"op": "set", "path": "layers.0.units", "value": 4},
        {"op": "edit", "tensor": "h1/kernel", "index": [0, 0], "value": 0.25}, {"op": "seek", "step": 2},
        {"op": "play", "id": 7}, {"op": "pause"}, {"op": "rewind", "step": 1}, {"op": "reset", "seed": 3},
    ):  # fmt: skip
        assert call.command(run, key, **command)["ok"]
        call("get_run", run_id=run)
    call.command(run, key, op="step", unit="epoch", count=40)
    assert call("get_run", run_id=run).json()["state"]["stopped"]
    weights = load(call("get_weights", run_id=run).content)
    assert call("set_weights", run_id=run, headers=key, content=save(weights)).status_code == 200
    call("get_history", run_id=run)
    call("get_history", run_id=run, params={"format": "csv", "from": 1})
    call("get_frame", run_id=run, params={"views": "cost,weights", "exact": True})
    call("get_data", run_id=run)
    call("get_onnx", run_id=run)
    call("predict", run_id=run, json={"inputs": [[0.5, -1.0]], "activations": True})
    forked = call("fork_run", run_id=run, json={"changes": {"batch_size": 20}}).json()
    assert forked["parent"] == run
    assert call("set_successor", run_id=run, headers=key, json={"run": forked["id"]}).status_code == 204
    assert call("get_run", run_id=run).json()["moved_to"] == forked["id"]
    assert call("set_successor", run_id=run, json={"run": None}).status_code == 403
    assert call("send_command", run_id=run, json={"op": "play"}).status_code == 403
    assert call("send_command", run_id=run, headers=key, json={"op": "dance"}).status_code == 422
    assert call("delete_run", run_id=run, headers=key).status_code == 204
    assert call("get_run", run_id=run).status_code == 404


def a_run_that_diverges(call):
    spec = {"data": {"name": "plane"}, "layers": [{"id": "h1", "units": 4}, {"id": "out", "units": "auto"}],
            "optimizer": {"name": "SGD", "learning_rate": 9000.0}}  # fmt: skip
    run, key = call.started(spec=spec)
    call.command(run, key, op="play")
    end = time.monotonic() + PATIENCE
    while not call("get_run", run_id=run).json()["state"]["diverged"]:
        assert time.monotonic() < end
        time.sleep(0.05)


def a_linear_run(call):
    run, key = call.started(spec=LINEAR)
    assert call.command(run, key, op="solve")["solution"]["full_rank"]
    call("get_frame", run_id=run, params={"views": "surface"})
    call.command(run, key, op="move", u=0.1, v=0.2)
    call("predict", run_id=run, json={"inputs": [[1.0]]})


def a_run_on_pictures(call):
    run, key = call.started(lab="lenet")
    picture = base64.b64encode(np.zeros(28 * 28, np.uint8).tobytes()).decode()
    call.command(run, key, op="probe", picture=picture)
    call.command(run, key, op="probe", picture=None)
    call("get_data", run_id=run, params={"most": 3})


def sweeps(call):
    points = [{"regularization.l2": 0.0}, {"regularization.l2": 0.01}]
    made = call("create_sweep", json={"spec": SPEC, "points": points, "seeds": 2, "steps": 30}).json()
    key = {"Authorization": f"Bearer {made['token']}"}
    end = time.monotonic() + PATIENCE
    while call("get_sweep", sweep_id=made["id"]).json()["state"] == "running":
        assert time.monotonic() < end
        time.sleep(0.1)
    assert call("open_sweep_test", sweep_id=made["id"], headers=key, json={"point": 0}).status_code == 200
    assert call("open_sweep_test", sweep_id=made["id"], headers=key, json={"point": 1}).status_code == 409
    assert call("cancel_sweep", sweep_id=made["id"]).status_code == 403
    assert call("cancel_sweep", sweep_id=made["id"], headers=key).status_code == 204


def verdicts(call):
    for spec in (SPEC, LINEAR, PRESETS["lenet"].spec):
        for costs in ((0.9, 1.0), (0.1, 0.9)):
            call("diagnose", json={"spec": spec, "j_train": costs[0], "j_cv": costs[1], "constant": 1.0})


def architectures(call):
    for entry in call("get_catalog").json()["architectures"]:
        call("get_architecture", name=entry["name"])
    call("walk_architecture", name="lenet5")
    assert call("walk_architecture", name="nothing").status_code == 404
    call("time_normal_equation")


SCENES = {
    catalogue: ["get_catalog", "get_brief_catalog", "get_samples"],
    code: ["export_code"],
    uploads: ["upload_dataset", "get_dataset", "get_boxes"],
    course: ["list_labs", "get_lab", "get_glossary"],
    checks: ["check_spec"],
    a_run: ["create_run", "get_run", "send_command", "get_weights", "set_weights", "get_history", "get_frame",
            "get_data", "get_onnx", "predict", "fork_run", "set_successor", "delete_run"],
    a_run_that_diverges: ["get_run"],
    a_linear_run: ["send_command", "predict"],
    a_run_on_pictures: ["send_command", "get_data"],
    sweeps: ["create_sweep", "get_sweep", "open_sweep_test", "cancel_sweep"],
    verdicts: ["diagnose"],
    architectures: ["get_architecture", "walk_architecture", "time_normal_equation"],
}  # fmt: skip
"""What calls which operations; every answer on the way is checked."""


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_answers_are_as_the_document_says(scene, call):
    asked = []
    original = call.contract.check
    call.contract.check = lambda name, answer: (asked.append(name), original(name, answer))
    try:
        scene(call)
    finally:
        del call.contract.check
    assert set(SCENES[scene]) <= set(asked)


def test_every_operation_is_called_by_some_scene():
    assert sorted({name for names in SCENES.values() for name in names}) == OPERATIONS


def test_a_field_that_nobody_described_is_found(server, contract):
    run, _ = server.run()
    answer = server.api.get(f"/runs/{run}").json()
    contract.holds("Run", answer)
    for path in ((), ("state",), ("report", "totals"), ("spec", "layers", 0), ("spec", "optimizer"), ("spec", "data")):
        place = answer
        for key in path:
            place = place[key]
        place["more"] = 1
        with pytest.raises(AssertionError):
            contract.holds("Run", answer)
        del place["more"]
    for missing in ("viewers", "state"):
        without = {key: value for key, value in answer.items() if key != missing}
        with pytest.raises(AssertionError, match=missing):
            contract.holds("Run", without)


def test_the_document_names_what_it_speaks_of():
    for methods in DOCUMENT["paths"].values():
        for operation in methods.values():
            name = operation["operationId"]
            assert operation["description"], name
            success = [code for code in operation["responses"] if code[0] == "2"]
            assert len(success) == 1, name
            for code, answer in operation["responses"].items():
                for media, content in answer.get("content", {}).items():
                    schema = content["schema"]
                    named = schema.get("items", schema)
                    kind = "model" if {"$ref", "anyOf"} & named.keys() else named["type"]
                    assert kind in {"model", "string"}, (name, code, media)
                    assert ("$ref" in named and media.endswith("problem+json")) == (code[0] in "45"), (
                        name,
                        code,
                        media,
                    )
            for link in (
                link for answer in operation["responses"].values() for link in answer.get("links", {}).values()
            ):
                assert link["operationId"] in OPERATIONS
    assert DOCUMENT["components"]["securitySchemes"]["RunToken"]["scheme"] == "bearer"
    steering = {o["operationId"] for m in DOCUMENT["paths"].values() for o in m.values() if o.get("security")}
    assert steering == {"send_command", "delete_run", "set_successor", "set_weights", "cancel_sweep", "open_sweep_test"}
    schemas = DOCUMENT["components"]["schemas"]
    assert all(name.isidentifier() for name in schemas)
    words = {"properties", "oneOf", "anyOf", "additionalProperties"}
    assert {name for name, schema in schemas.items() if not words & schema.keys()} == {"JsonValue"}
    assert closed({"type": "object", "properties": {}})["additionalProperties"] is False
