"""A real server in a process of its own, on a free port, with storage in a temporary folder."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


PATIENCE = 150
"""Seconds that an answer may take on a machine that does much else; no test waits for so long otherwise."""


class Server:
    """with Server(folder, max_runs=3) as server: server.api is an httpx.Client on /api/v1, server.web on the pages.

    Its runs go as fast as they go, so that no test waits for a clock that it is not about (clock=True: tests of it).
    """

    def __init__(self, folder, **settings):
        self.folder = Path(folder)
        self.settings = {"clock": False, **settings}
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None

    def program(self):
        """What is started, and the folder it is started in."""
        return [sys.executable, "-W", "error", "-m", "app"], ROOT

    def environment(self):
        return {**os.environ, "DESCENT_STORAGE_PATH": str(self.folder / "descent.sqlite3")}

    def start(self):
        variables = {f"DESCENT_{k.upper()}": str(v) for k, v in self.settings.items()}
        command, folder = self.program()
        self.log = (self.folder / "server.log").open("ab")
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port)],
            cwd=folder,
            env={**self.environment(), **variables},
            stdout=self.log,
            stderr=self.log,
        )
        self.api = httpx.Client(base_url=f"{self.url}/api/v1", timeout=PATIENCE)
        self.web = httpx.Client(base_url=self.url, timeout=PATIENCE)
        for _ in range(20 * PATIENCE):
            try:
                if self.web.get("/readyz").status_code == 200:
                    return self
            except httpx.TransportError:
                pass
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"the server did not start:\n{self.log_text()}")

    def log_text(self):
        return (self.folder / "server.log").read_text()

    def stop(self, how=signal.SIGTERM):
        self.api.close()
        self.web.close()
        self.process.send_signal(how)
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.log.close()
        return code

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def run(self, **body):
        """A new run: (id, headers with its token)."""
        answer = self.api.post("/runs", json=body or {"lab": "circle"})
        assert answer.status_code == 201, answer.text
        made = answer.json()
        return made["id"], {"Authorization": f"Bearer {made['token']}"}

    def command(self, run, headers, **command):
        return self.api.post(f"/runs/{run}/commands", json=command, headers=headers)

    def state(self, run):
        return self.api.get(f"/runs/{run}").json()

    def rows_of(self, run, step, seconds=PATIENCE):
        """The history once it has come as far as a step (workers tell rows a moment after they answer)."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            rows = self.api.get(f"/runs/{run}/history").json()["rows"]
            if rows and rows[-1][0] >= step:
                return rows
            time.sleep(0.02)
        raise AssertionError(f"no row of step {step} in {seconds} s: {rows[-1:]}")

    def wait_for(self, run, condition, seconds=PATIENCE):
        """Polls the run until the condition holds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            state = self.state(run)
            if condition(state):
                return state
            time.sleep(0.05)
        raise AssertionError(f"not in {seconds} s: {state['state']}")
