"""Through every door: numbers are finite in float32, or refused with the place and what came."""

import json
import struct

import numpy as np
import pytest
from safetensors.numpy import load, save

HUGE = "1" + "0" * 400
"""A whole number that no float holds, as JSON may have it."""


def post(server, path, text, headers=None, method="POST"):
    return server.api.request(
        method, path, content=text, headers={"Content-Type": "application/json", **(headers or {})}
    )


@pytest.fixture(scope="module")
def run(server):
    return server.run(lab="circle")


def refused(answer, *words):
    problem = answer.json()
    assert answer.status_code == 422, answer.text
    for word in words:
        assert word in problem["detail"], problem
    for python in ("Traceback", "OverflowError", "int too large", "could not convert", "inhomogeneous", "NoneType"):
        assert python not in problem["detail"]


def file(kind, data, shape):
    head = json.dumps({"h1/kernel": {"dtype": kind, "shape": shape, "data_offsets": [0, len(data)]}}).encode()
    return struct.pack("<Q", len(head)) + head + data


@pytest.mark.parametrize("kind", ["F64", "F32", "F16", "I32", "U8"])
def test_weights_of_any_kind_of_number_are_taken(server, kind):
    run_id, key = server.run(lab="circle")
    wanted = {"F64": np.float64, "F32": np.float32, "F16": np.float16, "I32": np.int32, "U8": np.uint8}[kind]
    weights = load(server.api.get(f"/runs/{run_id}/weights").content)
    body = save({name: np.full(w.shape, 2, wanted) for name, w in weights.items()})
    assert server.api.put(f"/runs/{run_id}/weights", content=body, headers=key).status_code == 200
    assert (load(server.api.get(f"/runs/{run_id}/weights").content)["h1/kernel"] == 2).all()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [(1e300, "1e+300"), (-1e39, "-1e+39"), (float("nan"), "nan"), (float("inf"), "inf")],
)
def test_weights_beyond_float32_are_refused_whole(server, run, wrong, words):
    run_id, key = run
    weights = load(server.api.get(f"/runs/{run_id}/weights").content)
    body = {name: w.astype(np.float64) + 1 for name, w in weights.items()}
    body["out/kernel"][0, 0] = wrong
    refused(server.api.put(f"/runs/{run_id}/weights", content=save(body), headers=key), "out/kernel", words, "[0, 0]")
    after = load(server.api.get(f"/runs/{run_id}/weights").content)
    for name, w in weights.items():
        np.testing.assert_array_equal(w, after[name])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (file("BF16", b"\0" * 4, [2]), ("h1/kernel", "BF16", "F32")),
        (file("BOOL", b"\1" * 2, [2]), ("h1/kernel", "BOOL")),
        (file("F8_E4M3", b"\1" * 2, [2]), ("h1/kernel", "F8_E4M3")),
        (file("F32", b"\1" * 2, [2]), ("not a safetensors file",)),
        (b"nonsense", ("not a safetensors file",)),
        (b"", ("not a safetensors file",)),
        (struct.pack("<Q", 4) + b"[[]]", ("not a safetensors file",)),
    ],
    ids=range(7),
)
def test_other_files_are_refused_by_name(server, run, body, words):
    refused(server.api.put(f"/runs/{run[0]}/weights", content=body, headers=run[1]), *words)


@pytest.mark.parametrize("value", ["1e7", "1e300", HUGE, '"1"', "true", "null", "NaN", "1e400"])
def test_an_edit_is_a_number_within_its_range(server, run, value):
    text = '{"op": "edit", "tensor": "h1/kernel", "index": [0, 0], "value": %s}' % value  # noqa: UP031
    before = load(server.api.get(f"/runs/{run[0]}/weights").content)["h1/kernel"]
    refused(post(server, f"/runs/{run[0]}/commands", text, run[1]), "value: ")
    after = load(server.api.get(f"/runs/{run[0]}/weights").content)["h1/kernel"]
    np.testing.assert_array_equal(after, before)


def test_what_is_edited_is_what_a_frame_shows(server, run):
    command = {"op": "edit", "tensor": "h1/kernel", "index": [0, 0], "value": 1e6}
    assert server.api.post(f"/runs/{run[0]}/commands", json=command, headers=run[1]).status_code == 200
    frame = load(server.api.get(f"/runs/{run[0]}/frame?views=weights,activations,cost,boundary").content)
    assert frame["weights/h1/kernel"][0, 0] == 1e6
    assert all(np.isfinite(a.astype(float)).all() for a in frame.values())


SET = [
    ("regularization.l2", "1e300"),
    ("regularization.l1", "1e31"),
    ("layers.0.l2", "1e300"),
    ("layers.0.l2", HUGE),
    ("layers.0.units", HUGE),
    ("layers.0.dropout", "true"),
    ("optimizer.learning_rate", "1e39"),
    ("optimizer.learning_rate", HUGE),
    ("optimizer.learning_rate", '"0.1"'),
    ("optimizer", '{"name": "Adam", "learning_rate": 0.01, "epsilon": 0}'),
    ("optimizer", '{"name": "Adam", "learning_rate": 0.01, "epsilon": 1e-300}'),
    ("optimizer", '{"name": "RMSprop", "learning_rate": 0.01, "epsilon": 0}'),
    ("optimizer", '{"name": "Adagrad", "learning_rate": 0.01, "initial_accumulator_value": 1e39}'),
    ("optimizer", '{"name": "SGD", "learning_rate": 0.01, "momentum": 0.9999999999999}'),
    ("optimizer", '{"name": "SGD", "learning_rate": 0.01, "momentum": true}'),
    ("optimizer", '{"name": "SGD", "learning_rate": 0.01, "momentum": %s}' % HUGE),  # noqa: UP031
    ("optimizer", '{"name": "SGD", "learning_rate": 0.01, "global_clipnorm": 1e300}'),
    ("loss", '{"name": "huber", "delta": 1e300}'),
    ("data.noise", "1e300"),
    ("data.samples", HUGE),
    ("batch_size", HUGE),
    ("seed", HUGE),
    ("data.split.train", HUGE),
]


@pytest.mark.parametrize(("path", "value"), SET)
def test_no_place_of_a_spec_takes_a_number_that_cannot_be_used(server, run, path, value):
    text = f'{{"op": "set", "path": "{path}", "value": {value}}}'
    answer = post(server, f"/runs/{run[0]}/commands", text, run[1])
    refused(answer)
    last = path.split(".")[-1]
    named = (
        ("epsilon", "momentum", "initial_accumulator_value", "global_clipnorm", "delta") if "{" in value else (last,)
    )
    assert any(word in answer.json()["detail"] for word in named), answer.json()
    spec = server.api.get(f"/runs/{run[0]}").json()["spec"]
    holder = spec
    *way, key = path.split(".")
    for part in way:
        holder = holder[int(part)] if isinstance(holder, list) else holder[part]
    holder[key] = "HERE"
    for route, body in (
        ("/specs/check", json.dumps(spec)),
        ("/runs", json.dumps({"spec": spec})),
        (f"/runs/{run[0]}/fork", f'{{"changes": {{"{path}": "HERE"}}}}'),
        ("/sweeps", json.dumps({"spec": server.api.get(f"/runs/{run[0]}").json()["spec"], "points": [{path: "HERE"}]})),
    ):
        refused(post(server, route, body.replace('"HERE"', value)))


@pytest.mark.parametrize("value", ["1e300", HUGE, '"1"', "true", "null", "[1]", "1e39"])
def test_inputs_of_predict_are_numbers(server, run, value):
    refused(post(server, f"/runs/{run[0]}/predict", f'{{"inputs": [[0.5, {value}]]}}'), "inputs")


def test_ragged_inputs_are_called_so(server, run):
    refused(server.api.post(f"/runs/{run[0]}/predict", json={"inputs": [[0.5, 1.0], [2.0]]}), "inputs", "ragged")


@pytest.mark.parametrize("op", ['{"op": "move", "u": 1e300, "v": 0}', '{"op": "move", "u": true, "v": 0}'])
def test_a_move_is_two_numbers(server, run, op):
    refused(post(server, f"/runs/{run[0]}/commands", op, run[1]))


@pytest.mark.parametrize("value", ["1e39", HUGE, "true", '"1"'])
def test_points_are_numbers(server, run, value):
    spec = server.api.get(f"/runs/{run[0]}").json()["spec"]
    spec["data"] |= {"name": "points", "classes": 0, "points": [[0, 0, 1], [1, "HERE", 0.5], [1, 2, 0.5]] * 4}
    spec["loss"] = {"name": "auto"}
    text = json.dumps(spec).replace('"HERE"', value)
    refused(post(server, "/specs/check", text), "points")
    refused(post(server, "/runs", f'{{"spec": {text}}}'), "points")


def test_a_table_beyond_float32_is_refused_where_it_is(server, run):
    text = "a,y\n" + "".join(f"{v},{i % 7 + 0.5}\n" for i, v in enumerate(["1", "2e39", *"3456789"] * 3))
    upload = server.api.post("/datasets", content=text, headers={"Content-Type": "text/csv"}).json()["id"]
    spec = server.api.get(f"/runs/{run[0]}").json()["spec"]
    spec["data"] |= {"name": "csv", "upload": upload, "features": None, "degree": 1}
    refused(server.api.post("/specs/check", json=spec), "row 3", "'a'", "2e39")


@pytest.mark.parametrize("scaling", ["zscore", "mean"])
def test_a_table_of_seconds_is_learnt_from_and_shown_apart(server, run, scaling):
    text = "t,y\n" + "".join(f"{1_700_000_000 + i},{i / 10 + 0.05}\n" for i in range(200))
    upload = server.api.post("/datasets", content=text, headers={"Content-Type": "text/csv"}).json()["id"]
    spec = server.api.get(f"/runs/{run[0]}").json()["spec"]
    spec["data"] |= {"name": "csv", "upload": upload, "features": None, "degree": 1, "scaling": scaling}
    spec["data"]["target_scaling"] = "zscore"
    spec["layers"] = [{"id": "out", "type": "Dense", "units": "auto"}]
    spec["optimizer"] = {"name": "SGD", "learning_rate": 0.1}
    run_id, key = server.run(spec=spec)
    command = {"op": "step", "unit": "epoch", "count": 40}
    assert server.api.post(f"/runs/{run_id}/commands", json=command, headers=key).status_code == 200
    data = load(server.api.get(f"/runs/{run_id}/data").content)
    assert len(np.unique(data["x"])) == 200
    body = {"inputs": [[1_700_000_050.0], [1_700_000_150.0]]}
    answers = server.api.post(f"/runs/{run_id}/predict", json=body).json()["outputs"]
    np.testing.assert_allclose(np.ravel(answers), [5.05, 15.05], atol=0.3)
