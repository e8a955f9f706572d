"""The HTTP contract, against a real server."""

import json

import numpy as np
import pytest
from safetensors.numpy import load, save

from app.specs.presets import DEFAULT, PRESETS, dense


def spec(**parts):
    return {"layers": dense(4, 2)} | parts


def test_the_brief_catalogue_says_of_each_part_what_the_whole_one_says(server):
    brief, whole = (server.api.get(path).json() for path in ("/catalog/brief", "/catalog"))
    assert set(brief) < set(whole)
    for name, part in brief.items():
        for entry, other in zip(part, whole[name], strict=True):
            assert entry == (other if isinstance(entry, str) else {key: other[key] for key in entry}), name
    keys = [("number" in entry, set(entry)) for entry in brief["labs"]]
    assert {"id", "number", "title"} == set().union(*(names for of_the_course, names in keys if of_the_course))
    assert {"id", "title", "hero"} == set().union(*(names for of_the_course, names in keys if not of_the_course))
    assert len(json.dumps(brief)) < len(json.dumps(whole)) / 2


def test_the_catalogue_is_enough_to_build_an_editor(server):
    catalog = server.api.get("/catalog").json()
    for key in ("datasets", "layers", "activations", "losses", "optimizers", "schedules", "metrics", "views", "labs"):
        assert catalog[key], key
    dense_layer = next(x for x in catalog["layers"] if x["name"] == "Dense")
    assert {"name": "units", "kind": "int", "default": 8, "doc": "outputs O", "minimum": 1} in dense_layer["arguments"]


@pytest.mark.parametrize("lab", sorted(PRESETS))
def test_every_preset_runs(server, lab):
    run, token = server.run(lab=lab)
    answer = server.command(run, token, op="step", unit="batch", count=3)
    assert answer.status_code == 200, answer.text
    assert answer.json()["step"] == 3
    assert server.api.delete(f"/runs/{run}", headers=token).status_code == 204


def test_check_gives_shapes_parameters_and_multiplications(server):
    report = server.api.post("/specs/check", json=DEFAULT).json()
    assert [r["output_shape"] for r in report["layers"]] == [[4], [2], [1]]
    assert [r["parameters"] for r in report["layers"]] == [12, 10, 3]
    assert report["totals"]["multiplications"] == 18


def test_a_run_plays_pauses_and_is_steered(server):
    run, token = server.run()
    assert server.command(run, token, op="play").json()["ok"]
    server.wait_for(run, lambda s: s["step"] > 200)
    changed = server.command(run, token, op="set", path="optimizer.learning_rate", value=0.1).json()
    assert changed["step"] > 200
    assert server.state(run)["spec"]["optimizer"]["learning_rate"] == 0.1
    paused = server.command(run, token, op="pause").json()["step"]
    for _ in range(5):  # each goes through the host's loop
        assert server.api.get(f"/runs/{run}/weights").status_code == 200
        assert server.state(run)["step"] == paused
    rows = server.api.get(f"/runs/{run}/history").json()["rows"]
    assert rows[0][0] == 0
    assert [r[0] for r in rows] == sorted({r[0] for r in rows})
    assert rows[-1][3] < rows[0][3]
    csv = server.api.get(f"/runs/{run}/history?format=csv").text.splitlines()
    assert csv[0] == "step,epoch,loss,train,cv,test"
    assert len(csv) == len(rows) + 1


def test_commands_take_effect_between_two_steps_and_say_at_which(server):
    run, token = server.run()
    assert server.command(run, token, op="step", unit="epoch").json()["step"] == 25
    assert server.command(run, token, op="step", unit="example").json()["step"] == 26
    assert server.command(run, token, op="reset").json()["step"] == 0


def test_weights_go_out_and_come_in_whole(server):
    run, token = server.run()
    server.command(run, token, op="step", count=20)
    raw = server.api.get(f"/runs/{run}/weights").content
    arrays = load(raw)
    assert {k: v.shape for k, v in arrays.items()}["h1/kernel"] == (2, 4)
    other, other_token = server.run()
    assert server.api.put(f"/runs/{other}/weights", content=raw, headers=other_token).status_code == 200
    np.testing.assert_array_equal(
        load(server.api.get(f"/runs/{other}/weights").content)["h1/kernel"], arrays["h1/kernel"]
    )
    del arrays["h1/bias"]
    refused = server.api.put(f"/runs/{other}/weights", content=save(arrays), headers=other_token)
    assert refused.status_code == 422
    assert "lacks 'h1/bias'" in refused.json()["detail"]
    assert server.api.put(f"/runs/{other}/weights", content=b"junk", headers=other_token).status_code == 422


def test_predict_agrees_with_the_weights(server):
    run, token = server.run()
    server.command(run, token, op="step", count=50)
    w = load(server.api.get(f"/runs/{run}/weights").content)
    answer = server.api.post(f"/runs/{run}/predict", json={"inputs": [[1.0, -2.0]], "activations": True}).json()
    a = np.array([[1.0, -2.0]], np.float32)
    for layer in ("h1", "h2"):
        a = np.tanh(a @ w[f"{layer}/kernel"] + w[f"{layer}/bias"])
        np.testing.assert_allclose(answer["activations"][f"{layer}/a"], a, rtol=1e-4, atol=1e-6)
    p = 1 / (1 + np.exp(-(a @ w["out/kernel"] + w["out/bias"])))
    np.testing.assert_allclose(answer["outputs"], p, rtol=1e-4)


def test_a_weight_can_be_edited(server):
    run, token = server.run()
    assert server.command(run, token, op="edit", tensor="h1/kernel", index=[1, 2], value=0.75).status_code == 200
    assert load(server.api.get(f"/runs/{run}/weights").content)["h1/kernel"][1, 2] == 0.75
    bad = server.command(run, token, op="edit", tensor="h1/kernel", index=[9, 9], value=1.0)
    assert bad.status_code == 422
    assert "shape (2, 4), got index [9, 9]" in bad.json()["detail"]


def test_seek_shows_the_past_and_play_returns_to_the_present(server):
    run, token = server.run()
    server.command(run, token, op="step", count=300)
    now = server.api.get(f"/runs/{run}/weights").content
    past = server.command(run, token, op="seek", step=50).json()
    assert abs(past["step"] - 50) <= 2
    assert past["state"]["viewing"]
    assert server.api.get(f"/runs/{run}/weights").content != now
    assert server.command(run, token, op="seek", step=300).json()["step"] == 300
    np.testing.assert_array_equal(
        load(server.api.get(f"/runs/{run}/weights").content)["h1/kernel"], load(now)["h1/kernel"]
    )


def test_a_fork_goes_on_bit_for_bit_from_its_parent(server):
    run, token = server.run(spec=spec(optimizer={"name": "Adam", "learning_rate": 0.01}))
    server.command(run, token, op="step", count=100)
    made = server.api.post(f"/runs/{run}/fork", json={}).json()
    fork, fork_token = made["id"], {"Authorization": f"Bearer {made['token']}"}
    assert (made["parent"], made["parent_step"], made["step"]) == (run, 100, 100)
    assert len(server.api.get(f"/runs/{fork}/history").json()["rows"]) == 101
    for r, t in ((run, token), (fork, fork_token)):
        server.command(r, t, op="step", count=100)
    a, b = (load(server.api.get(f"/runs/{r}/weights").content) for r in (run, fork))
    for name in a:
        assert a[name].tobytes() == b[name].tobytes()


def test_a_fork_takes_changes_and_a_past_moment(server):
    run, token = server.run()
    server.command(run, token, op="step", count=200)
    made = server.api.post(f"/runs/{run}/fork", json={"step": 60, "changes": {"layers.0.units": 7}}).json()
    assert abs(made["step"] - 60) <= 2
    assert made["spec"]["layers"][0]["units"] == 7


def test_the_same_spec_and_commands_give_the_same_bits(server):
    out = []
    for _ in range(2):
        run, token = server.run(spec=spec(dropout=0.2, seed=11))
        server.command(run, token, op="step", count=70)
        server.command(run, token, op="set", path="optimizer.learning_rate", value=0.2)
        server.command(run, token, op="step", count=70)
        out.append(server.api.get(f"/runs/{run}/weights").content)
    assert load(out[0])["h1/kernel"].tobytes() == load(out[1])["h1/kernel"].tobytes()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"spec": {"layers": []}}, "layers"),
        ({"spec": spec(batch_size="10")}, "batch_size"),
        ({"spec": spec(batch_size=True)}, "batch_size"),
        ({"spec": spec(nonsense=1)}, "nonsense"),
        ({"spec": spec(layers=[{"id": "a", "units": 10**9}, {"id": "o", "units": "auto"}])}, "layers.0.units"),
        ({"spec": spec(layers=[*dense(*[4096] * 4)])}, "layers"),
        ({"spec": spec(layers=dense(*[4] * 70))}, "layers"),
        (
            {"spec": spec(layers=[{"id": "a", "units": 4, "activation": "rleu"}, {"id": "o", "units": "auto"}])},
            "layers.0.activation",
        ),
        ({"spec": spec(layers=[{"id": "a", "units": -1}, *dense(4)])}, "layers.0.units"),
        (
            {"spec": spec(layers=[{"id": "a", "units": 2, "kernel_initializer": {"name": "henormal"}}, *dense(4)])},
            "layers.0.kernel_initializer",
        ),
        ({"spec": spec(layers=[{"id": "o", "units": 3}])}, "layers.0"),
        ({"spec": spec(layers=[{"id": "o", "type": "Dens", "units": "auto"}])}, "layers.0.type"),
        ({"spec": spec(data={"name": "circl"})}, "data.name"),
        ({"spec": spec(data={"name": "circle", "degree": 99})}, "data.degree"),
        ({"spec": spec(data={"name": "mnist", "degree": 2})}, "data.features"),
        ({"spec": spec(data={"name": "csv", "upload": "nope"})}, "data.upload"),
        ({"spec": spec(data={"name": "points", "points": [[0, 0, 7], [1, 1, 0]]})}, "data.points.0"),
        ({"spec": spec(data={"split": {"train": 0.9, "cv": 0.5}})}, "data.split"),
        ({"spec": spec(loss={"name": "hinje"})}, "loss.name"),
        ({"spec": spec(loss={"name": "sparse_categorical_crossentropy"})}, "loss.name"),
        ({"spec": spec(optimizer={"name": "SGD", "learning_rate": -1})}, "optimizer.learning_rate"),
        ({"spec": spec(optimizer={"name": "SGD", "learning_rate": 0.1, "momentum": 2.0})}, "optimizer.momentum"),
        ({"spec": spec(optimizer={"name": "SGD", "momentun": 0.5})}, "optimizer.momentun"),
        ({"spec": spec(optimizer={"name": "SGD", "learning_rate": 0.1, "clipvalue": 1.0})}, "optimizer.clipvalue"),
        ({"spec": spec(loss={"name": "binary_crossentropy", "label_smoothing": 0.1})}, "loss.label_smoothing"),
        (
            {"spec": spec(layers=[{"id": "c", "type": "Conv2D", "filters": 2, "groups": 2}, *dense(4)])},
            "layers.0.groups",
        ),
        ({"lab": "nope"}, "lab"),
        ({}, "spec"),
    ],
)
def test_a_wrong_spec_is_refused_and_its_field_named(server, body, field):
    answer = server.api.post("/runs", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["field"] == field, answer.json()
    assert len(answer.json()["detail"]) > 15
    given = body.get("spec", {}).get("layers", [])
    inside = field.startswith("layers.")
    assert answer.json().get("layer") == (given[int(field.split(".")[1])]["id"] if inside else None)


def test_a_refused_change_names_the_layer_of_the_changed_spec(server):
    run, token = server.run()
    layers = server.state(run)["spec"]["layers"]
    wrong = {"id": "new", "units": 3, "activation": "rleu"}
    for value, layer in (([wrong, *layers], "new"), ([layers[0], {**layers[1], "units": "many"}, *layers[2:]], "h2")):
        refused = server.command(run, token, op="set", path="layers", value=value)
        assert (refused.status_code, refused.json()["layer"]) == (422, layer), refused.json()


def test_nan_in_json_is_refused(server):
    answer = server.api.post(
        "/runs", content=b'{"spec": {"layers": [], "dropout": NaN}}', headers={"content-type": "application/json"}
    )
    assert answer.status_code == 422


def test_steering_wants_the_token(server):
    run, token = server.run()
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}):
        answer = server.command(run, headers, op="play")
        assert answer.status_code == 403
    assert server.api.delete(f"/runs/{run}").status_code == 403
    other, other_token = server.run()
    assert server.command(run, other_token, op="play").status_code == 403
    assert server.state(run)["playing"] is False


def test_a_dead_or_unknown_run_is_404(server):
    run, token = server.run()
    server.api.delete(f"/runs/{run}", headers=token)
    assert server.api.get(f"/runs/{run}").status_code == 404
    assert server.command(run, token, op="play").status_code == 404
    assert server.api.get("/runs/nothing/history").status_code == 404


@pytest.mark.parametrize(
    "command",
    [
        {"op": "dance"},
        {"op": "step", "unit": "mile"},
        {"op": "step", "count": 0},
        {"op": "set", "path": "optimizer.learning_rate", "value": "fast"},
        {"op": "set", "path": "layers.9.units", "value": 3},
        {"op": "set", "path": "nonsense.deep", "value": 3},
        {"op": "edit", "tensor": "h9/kernel", "index": [0, 0], "value": 1.0},
        {"op": "seek", "step": -1},
        {"op": "play", "extra": 1},
        [],
        "play",
    ],
)
def test_a_wrong_command_is_refused_and_the_run_goes_on(server, command):
    run, token = server.run()
    answer = server.api.post(f"/runs/{run}/commands", json=command, headers=token)
    assert answer.status_code == 422, answer.text
    assert server.command(run, token, op="step").json()["step"] == 1


def test_foreign_origins_may_not_post(server):
    answer = server.api.post("/runs", json={"lab": "circle"}, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert server.api.post("/runs", json={"lab": "circle"}, headers={"Origin": server.url}).status_code == 201


def test_oversize_bodies_are_refused_with_and_without_a_length(server):
    big = b"x" * (9 << 20)
    assert server.api.post("/specs/check", content=big).status_code == 413
    assert server.api.post("/specs/check", content=iter([big])).status_code == 413
    assert server.api.get("/catalog").status_code == 200


def test_a_csv_is_uploaded_looked_at_and_trained_on(server):
    rows = "".join(f"{i / 10},{(i * 7) % 11},{'yes' if i > 20 else 'no'}\n" for i in range(40))
    made = server.api.post("/datasets", content="length,width,big\n" + rows)
    assert made.status_code == 201, made.text
    about = made.json()
    assert [c["kind"] for c in about["columns"]] == ["number", "number", "class"]
    data = {"name": "csv", "upload": about["id"], "inputs": ["length", "width"], "target": "big", "scaling": "zscore"}
    run, token = server.run(spec=spec(data=data))
    assert server.command(run, token, op="step", unit="epoch", count=5).status_code == 200
    assert server.state(run)["report"]["classes"] == ["no", "yes"]
    assert server.api.get(f"/datasets/{about['id']}").json()["rows"] == 40
    bad = server.api.post("/datasets", content="a,b\n1,2\n1,2,3\n")
    assert bad.status_code == 422
    assert "row 3" in bad.json()["detail"]
    assert server.api.post("/datasets", content=b"\xff\xfe\x00").status_code == 422
    large = server.api.post("/datasets", content=b"a,b\n" + b"1,2\n" * 700_000)
    assert (large.status_code, large.json()["detail"]) == (
        422,
        "a file may have at most 2,097,152 bytes, got 2,800,004",
    )


def test_frames_over_rest_are_those_of_the_stream(server):
    run, _ = server.run()
    frame = load(server.api.get(f"/runs/{run}/frame?views=boundary,weights&exact=true").content)
    assert frame["boundary/p"].shape == (80, 80)
    assert frame["boundary/p"].dtype == np.float32
    small = server.api.get(f"/runs/{run}/frame", params={"views": '{"boundary": {"size": 10}}'})
    assert load(small.content)["boundary/p"].shape == (10, 10)
    for bad in ("nope", '{"boundary": {"size": 1}}', '{"boundary": 3}', "{"):
        assert server.api.get(f"/runs/{run}/frame", params={"views": bad}).status_code == 422


def test_the_data_are_given_as_measured(server):
    run, _ = server.run(lab="iris")
    data = load(server.api.get(f"/runs/{run}/data").content)
    assert data["x"].shape == (150, 4)
    assert sorted(np.unique(data["part"])) == [0, 1, 2]


def test_a_class_error_in_mid_run_is_reported_as_divergence(server):
    bad = spec(layers=dense(4), data={"name": "plane"}, optimizer={"name": "SGD", "learning_rate": 9000.0})
    run, token = server.run(spec=bad)
    server.command(run, token, op="play")
    state = server.wait_for(run, lambda s: s["state"]["diverged"])["state"]
    assert state["playing"] is False
    assert state["diverged"]["layer"]
    assert server.command(run, token, op="play").status_code == 422
    assert server.command(run, token, op="rewind", step=state["diverged"]["last_good_step"]).status_code == 200
    server.command(run, token, op="set", path="optimizer.learning_rate", value=0.01)
    assert server.command(run, token, op="step", count=20).json()["state"]["diverged"] is None


def test_health_readiness_and_figures(server):

    assert server.web.get("/healthz").json() == {"status": "ok"}
    assert server.web.get("/readyz").json() == {"status": "ready"}
    assert "descent_runs " in server.web.get("/metrics").text


def test_pages_have_a_strict_policy(server):

    page = server.web.get("/")
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert server.web.get("/docs").status_code == 200
    for path in (
        "/static/../app/settings.py",
        "/static/%2e%2e/pyproject.toml",
        "/vendor/typescript/package.json",
        "/vendor/lit/%2e%2e/axe-core/axe.min.js",
        "/vendor/lit/development/index.js",
        "/nope",
    ):
        assert server.web.get(path).status_code == 404


def test_a_run_that_stops_early_tells_one_story(server):
    spec = {
        "data": {"name": "sine", "samples": 40, "noise": 0.8, "scaling": "zscore"},
        "layers": [{"id": "h1", "units": 24, "activation": "relu"}, {"id": "out", "units": "auto"}],
        "optimizer": {"name": "Adam", "learning_rate": 0.02}, "batch_size": 8, "early_stopping": {"patience": 3},
    }  # fmt: skip
    run_id, key = server.run(spec=spec)
    send = f"/runs/{run_id}/commands"
    assert server.api.post(send, json={"op": "play"}, headers=key).status_code == 200
    run = server.wait_for(run_id, lambda s: s["state"]["stopped"])
    stopped = run["state"]["stopped"]
    assert stopped["best_step"] == run["state"]["step"] < stopped["step"]
    assert not run["state"]["playing"]

    def shown():
        rows = server.api.get(f"/runs/{run_id}/history").json()["rows"]
        frame = load(server.api.get(f"/runs/{run_id}/frame?views=cost&exact=true").content)
        return rows[-1], frame["cost/parts"]

    last, parts = shown()
    assert last[0] == stopped["best_step"]
    np.testing.assert_allclose(last[3:], parts, rtol=1e-6)
    assert last[4] == pytest.approx(stopped["cost"], rel=1e-6)
    for epochs in (1, 2, 0):
        answer = server.api.post(send, json={"op": "step", "unit": "epoch"}, headers=key).json()
        assert answer["state"]["epoch"] == stopped["best_epoch"] + epochs
    assert answer["state"]["stopped"] == stopped
    again, parts = shown()
    assert again == last
    np.testing.assert_allclose(again[3:], parts, rtol=1e-6)


def test_an_optimiser_that_takes_over_with_a_large_rate_is_warned_of(server):
    run_id, key = server.run(lab="circle")
    send = f"/runs/{run_id}/commands"

    def ask(**command):
        return server.api.post(send, json=command, headers=key).json()

    adam = {"name": "Adam", "learning_rate": 0.03}
    assert ask(op="set", path="optimizer", value=adam)["warnings"] == []  # nothing has been learnt yet
    assert ask(op="set", path="optimizer", value={"name": "SGD", "learning_rate": 0.03})["warnings"] == []
    ask(op="step", count=5)
    answer = ask(op="set", path="optimizer", value=adam)
    (warning,) = answer["warnings"]
    assert answer["report"]["warnings"] == answer["warnings"]
    assert server.api.get(f"/runs/{run_id}").json()["report"]["warnings"] == answer["warnings"]
    assert warning["code"] == "rate_of_optimizer"
    assert "Adam" in warning["detail"]
    assert "0.03" in warning["detail"]
    after = ask(op="set", path=warning["path"], value=warning["value"])
    assert after["warnings"] == after["report"]["warnings"] == []
    assert after["spec"]["optimizer"]["learning_rate"] == warning["value"] == pytest.approx(0.003)
    for quiet in ({"name": "Adam", "learning_rate": 0.1}, {"name": "SGD", "learning_rate": 0.1}):
        assert ask(op="set", path="optimizer", value=quiet)["warnings"] == []  # the same one, and one that is not so
    assert ask(op="set", path="optimizer", value={"name": "RMSprop", "learning_rate": 0.1})["warnings"]


def test_a_layer_is_frozen_and_freed_while_the_run_goes_on(server):
    """Its weights stay bit for bit, the others learn; the spec says so, and a restart of the model keeps it."""
    run, token = server.run(spec=spec())

    def weights():
        return load(server.api.get(f"/runs/{run}/weights").content)

    server.command(run, token, op="step", unit="batch", count=5)
    assert "trainable" not in server.state(run)["spec"]["layers"][0]
    frozen = server.command(run, token, op="set", path="layers.0.trainable", value=False)
    assert frozen.status_code == 200, frozen.text
    before = weights()
    server.command(run, token, op="step", unit="batch", count=5)
    after = weights()
    assert np.array_equal(before["h1/kernel"], after["h1/kernel"])
    assert np.array_equal(before["h1/bias"], after["h1/bias"])
    assert not np.array_equal(before["h2/kernel"], after["h2/kernel"])
    assert server.state(run)["spec"]["layers"][0]["trainable"] is False
    held = server.state(run)["spec"]
    for framework, words in (("keras", "trainable=False"), ("pytorch", "requires_grad_(False)")):
        code = server.api.post("/specs/code", params={"framework": framework}, json=held)
        assert code.status_code == 200
        assert code.text.count(words) == 1, code.text
    server.command(run, token, op="set", path="layers.0.trainable", value=True)
    server.command(run, token, op="step", unit="batch", count=5)
    assert not np.array_equal(weights()["h1/kernel"], after["h1/kernel"])
    refused = server.command(run, token, op="set", path="layers.0.trainable", value="no")
    assert (refused.status_code, refused.json()["field"]) == (422, "layers.0.trainable")
