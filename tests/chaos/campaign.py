"""Kills of host and server at random moments under load; what was acknowledged must be there afterwards.

Each run has a writer that sends one command after another and remembers the last that was acknowledged of each kind.
After a kill the run must be what was acknowledged, or what was on its way when the kill came.
"""

import itertools
import os
import random
import signal
import threading
import time
from dataclasses import dataclass, field

import httpx
from safetensors.numpy import load

from app.specs.presets import dense
from tests.app.test_resilience import worker_pids
from tests.server import PATIENCE, Server

RUNS = 4


@dataclass
class Written:
    """What one writer knows: the value that was acknowledged last, and one that may have been taken."""

    acknowledged: object
    under_way: list = field(default_factory=list)

    def allows(self, value):
        return value == self.acknowledged or value in self.under_way


class Writer(threading.Thread):
    """Steers one run until it is told to stop or the server is gone."""

    def __init__(self, server, run, token, seed):
        super().__init__(daemon=True)
        self.address, self.run_id, self.token = server.api.base_url, run, token
        self.rng = random.Random(seed)
        self.units, self.rate, self.speed = Written(4), Written(0.03), Written(None)
        self.weight = Written(None)
        """One weight of a run that never trains."""
        self.trains = seed % 2 == 0
        self.count = 0
        self.stop = threading.Event()

    def run(self):
        with httpx.Client(base_url=self.address, timeout=PATIENCE) as api:
            while not self.stop.is_set():
                try:
                    self.one(api)
                except httpx.TransportError:
                    time.sleep(0.02)

    def one(self, api):
        kind = self.rng.choice(["units", "rate", "speed"] if self.trains else ["units", "rate", "weight"])
        written = getattr(self, kind)
        number = next(_NUMBERS)
        value = {"units": 2 + number % 6, "rate": 0.01 + number / 1e6, "speed": 100.0 + number, "weight": number / 64}[
            kind
        ]
        body = {
            "units": {"op": "set", "path": "layers.0.units", "value": value},
            "rate": {"op": "set", "path": "optimizer.learning_rate", "value": value},
            "speed": {"op": "speed", "steps_per_second": value},
            "weight": {"op": "edit", "tensor": "h1/kernel", "index": [0, 0], "value": value},
        }[kind]
        written.under_way.append(value)
        answer = api.post(f"/runs/{self.run_id}/commands", json=body, headers=self.token)
        if answer.status_code == 200:
            written.acknowledged, written.under_way = value, []
            self.count += 1
        elif answer.status_code not in (429, 503):
            raise AssertionError(answer.text)


_NUMBERS = itertools.count(1)


class Campaign:
    """with Campaign(folder) as campaign: campaign.round(); campaign.lost says what was."""

    def __init__(self, folder, seed=0):
        self.server = Server(folder, hosts=2, commands_per_second=2000, command_burst=4000)
        self.rng = random.Random(seed)
        self.rounds = 0
        self.lost, self.acknowledged, self.kills, self.writers = [], 0, {"host": 0, "server": 0}, []

    def __enter__(self):
        self.server.start()
        for seed in range(RUNS):
            run, token = self.server.run(spec={"layers": dense(4), "optimizer": {"name": "SGD", "learning_rate": 0.03}})
            writer = Writer(self.server, run, token, seed)
            if writer.trains:
                self.server.command(run, token, op="play").raise_for_status()
            self.writers.append(writer)
        return self

    def __exit__(self, *_):
        self.server.stop(signal.SIGKILL)

    def round(self):
        """Load, one kill at a random moment, and what is there afterwards."""
        self.rounds += 1
        for writer in self.writers:
            writer.start()
        time.sleep(self.rng.uniform(0.05, 0.6))
        if self.rng.random() < 0.5:
            self.kills["host"] += 1
            os.kill(self.rng.choice(worker_pids(self.server)), signal.SIGKILL)
            time.sleep(self.rng.uniform(0, 0.4))
            self._rest()
        else:
            self.kills["server"] += 1
            self.server.stop(signal.SIGKILL)
            self._rest()
            self.server.start()
        for writer in self.writers:
            self.check(writer)
        self.writers = [self._next(writer) for writer in self.writers]

    def _rest(self):
        for writer in self.writers:
            writer.stop.set()
        for writer in self.writers:
            writer.join()
            self.acknowledged += writer.count

    def check(self, writer):
        state = self._get(f"/runs/{writer.run_id}").json()
        kernel = load(self._get(f"/runs/{writer.run_id}/weights").content)["h1/kernel"]
        spec = state["spec"]
        found = {"units": spec["layers"][0]["units"], "rate": spec["optimizer"]["learning_rate"]}
        found |= {"speed": state["state"]["speed"]} if writer.trains else {"weight": float(kernel[0, 0])}
        for kind, value in found.items():
            written = getattr(writer, kind)
            if not written.allows(value) and not (kind == "weight" and written.acknowledged is None):
                self.lost.append((writer.run_id, kind, written.acknowledged, value))
            written.acknowledged, written.under_way = value, []
        if kernel.shape[1] != found["units"]:
            self.lost.append((writer.run_id, "network", found["units"], kernel.shape[1]))
        if state["playing"] != writer.trains:
            self.lost.append((writer.run_id, "playing", writer.trains, state["playing"]))

    def _get(self, path):
        """A run that comes back says so until it is there."""
        for _ in range(10 * PATIENCE):
            answer = self.server.api.get(path)
            if answer.status_code == 200:
                return answer
            assert answer.status_code == 503, answer.text
            time.sleep(0.1)
        raise AssertionError(f"{path} did not come back: {answer.text}")

    def _next(self, writer):
        follows = Writer(self.server, writer.run_id, writer.token, self.writers.index(writer))
        for kind in ("units", "rate", "speed", "weight"):
            setattr(follows, kind, getattr(writer, kind))
        follows.rng = writer.rng
        return follows
