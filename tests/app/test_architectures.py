"""Full-size architectures over REST: tables with published counts, and real passes in a process of their own."""

import base64
import json
import time

import httpx
import pytest

from app.jobs.walk import picture_of
from engine.zoo import architectures
from tests.server import PATIENCE


@pytest.mark.parametrize("name", architectures.names())
def test_the_table_has_the_published_count(server, name):
    table = server.api.get(f"/architectures/{name}").json()
    learnt = table["totals"]["parameters"]
    moving = sum(
        leaf["output_shape"][-1] * 2
        for row in table["layers"]
        for leaf in row.get("inside", [row])
        if leaf["type"] == "BatchNormalization"
    )
    assert learnt - moving == table["parameters"]
    assert sum(row["multiplications"] for row in table["layers"]) == table["totals"]["multiplications"]


def lines(answer):
    return [json.loads(line) for line in answer.text.splitlines()]


def test_a_photograph_goes_through_a_whole_net(server):
    answer = server.api.post("/architectures/mobilenet_v2/walk", params={"photograph": "coffee"}, timeout=PATIENCE)
    assert answer.headers["content-type"] == "application/x-ndjson"
    first, *layers, last = lines(answer)
    assert first["event"] == "built"
    assert last["event"] == "done"
    table = server.api.get("/architectures/mobilenet_v2").json()["layers"]
    for row, told in zip(table, layers, strict=True):
        assert {k: told[k] for k in ("type", "output_shape", "parameters", "multiplications")} == {
            k: row[k] for k in ("type", "output_shape", "parameters", "multiplications")
        }
        assert told["seconds"] > 0
        if len(row["output_shape"]) == 3:
            count, height, width = told["maps"]
            assert len(base64.b64decode(told["pixels"])) == count * height * width


def test_what_is_not_there_is_refused(server):
    assert server.api.get("/architectures/vgg99").status_code == 404
    assert "Did you mean 'vgg16'?" in server.api.post("/architectures/vgg99/walk").json()["detail"]
    wrong = server.api.post("/architectures/vgg16/walk", params={"photograph": "dog"})
    assert wrong.status_code == 422
    assert wrong.json()["field"] == "photograph"


def free_again(server):
    """Waits for the place of a pass that has been ended."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if server.api.post("/architectures/lenet5/walk").status_code == 200:
            return
        time.sleep(0.1)
    raise AssertionError("the place stays taken")


def test_so_many_passes_at_once_and_one_that_nobody_reads_is_ended(server):
    with httpx.stream("POST", f"{server.url}/api/v1/architectures/vgg16/walk", timeout=PATIENCE) as slow:
        told = slow.iter_lines()
        assert '"built"' in next(told)
        full = server.api.post("/architectures/lenet5/walk")
        assert full.status_code == 429
        assert "1 such passes are running already" in full.json()["detail"]
    free_again(server)
    with pytest.raises(httpx.ReadTimeout):  # this client goes while the net is being built
        server.api.post("/architectures/vgg16/walk", timeout=0.3)  # meant: it does not wait
    free_again(server)


def test_photographs_fit_every_net():
    assert picture_of("cat", (224, 224, 3)).shape == (1, 224, 224, 3)
    assert picture_of("cat", (28, 28, 1)).shape == (1, 28, 28, 1)
