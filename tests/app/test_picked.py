"""A number that is picked is explained over REST as in the view."""

import json

import pytest
from safetensors.numpy import load


def test_a_picked_number_is_explained_beside_its_arrays(server):
    run, _ = server.run()
    views = {"propagation": {"count": 2, "stage": "out", "number": 0, "example": 1, "weight": "kernel", "place": [1]}}
    frame = server.api.get(f"/runs/{run}/frame", params={"views": json.dumps(views)}).content
    size = int.from_bytes(frame[:8], "little")
    terms = json.loads(json.loads(frame[8 : 8 + size])["__metadata__"]["views"])["propagation"]["terms"]
    arrays = load(frame)
    assert terms["picked"] == {k: v for k, v in views["propagation"].items() if k != "count"}
    assert terms["forward"]["value"] == pytest.approx(float(arrays["propagation/out/z"][1, 0]), rel=1e-4)
    assert terms["update"][-1]["value"] == pytest.approx(float(arrays["propagation/out/new/kernel"][1, 0]), rel=1e-4)
