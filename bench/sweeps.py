"""Sweeps: 100 small runs on one worker and on two, interleaved."""

import statistics
import tempfile
import time
from typing import Any

from bench.table import show
from tests.server import Server

RUNS = 100
STEPS = 2000
ROUNDS = 5
SPEC: dict[str, Any] = {
    "data": {"name": "moons", "samples": 300},
    "layers": [{"id": "h1", "units": 8, "activation": "tanh"}, {"id": "out", "units": "auto", "activation": "auto"}],
    "optimizer": {"name": "Adam", "learning_rate": 0.01},
}


def seconds(server: Server) -> float:
    """The time of a whole sweep, as the server measured it."""
    body = {"spec": SPEC, "points": [{"optimizer.learning_rate": 0.001 * (i + 1)} for i in range(RUNS)], "steps": STEPS}
    made = server.api.post("/sweeps", json=body).json()
    while True:
        now = server.api.get(f"/sweeps/{made['id']}", params={"since": RUNS}).json()
        if now["state"] != "running":
            assert now["done"] == RUNS, now
            return float(now["seconds"])
        time.sleep(0.1)


def main() -> None:
    """Both servers stay up; each round runs the sweep on one, then on the other."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two, \
            Server(one, hosts=1) as single, Server(two, hosts=2) as double:  # fmt: skip
        pairs = [(seconds(single), seconds(double)) for _ in range(ROUNDS)]
    ratio = statistics.median(a / b for a, b in pairs)
    rows = [[f"{RUNS} runs of {STEPS} steps", *(f"{statistics.median(p[i] for p in pairs):.2f} s" for i in (0, 1)),
             f"{ratio:.2f} ×", "1.7 ×"]]  # fmt: skip
    show(["sweep", "one worker", "two workers", "median ratio", "goal"], rows)
