"""Delivery under load: many viewers, stalled and slow ones, many runs, a killed worker. Loopback, same cores."""

import asyncio
import json
import os
import signal
import statistics
import tempfile
import time

import psutil
import websockets

from app.specs.presets import dense
from bench.table import show
from tests.server import Server


def metadata(frame):
    return json.loads(frame[8 : 8 + int.from_bytes(frame[:8], "little")])["__metadata__"]


async def viewer(server, run, seconds, ages, *, read_every=0.0, stalled=False, fps=20, views=None):
    """Frames seen in `seconds`; ages gets the age of each in ms when it is read."""
    address = f"{server.url.replace('http', 'ws')}/api/v1/runs/{run}/stream"
    seen = 0
    async with websockets.connect(address, subprotocols=["descent.v1"], max_size=None, compression=None) as socket:
        await socket.send(json.dumps({"op": "subscribe", "views": views or {"boundary": {"size": 60}}, "max_fps": fps}))
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if stalled:
                await asyncio.sleep(0.2)
                continue
            try:
                message = await asyncio.wait_for(socket.recv(), 1)
            except TimeoutError:
                continue
            if isinstance(message, bytes):
                meta = metadata(message)
                seen += 1
                ages.append((time.time() - float(meta["time"])) * 1e3)
                if read_every:
                    await asyncio.sleep(read_every)
                await socket.send(json.dumps({"op": "ack", "frame": int(meta["frame"])}))
    return seen


def p99(values):
    return sorted(values)[int(0.99 * (len(values) - 1))]


async def crowd(server, run, healthy, seconds, **others):
    """Frames/s of the slowest healthy viewer and p99 age, beside other kinds of viewers."""
    ages = []
    tasks = [viewer(server, run, seconds, ages) for _ in range(healthy)]
    extra = [viewer(server, run, seconds, [], stalled=True) for _ in range(others.get("stalled", 0))]
    done = await asyncio.gather(*tasks, *extra)
    return min(done[:healthy]) / seconds, p99(ages)


def memory(server):
    return psutil.Process(server.process.pid).memory_info().rss / 1e6


def many_runs(server):
    """Fairness of 20 runs and the round trip of commands."""
    runs = [server.run(spec={"layers": dense(8, 8), "seed": i}) for i in range(20)]
    for run, token in runs:
        server.command(run, token, op="play")
    time.sleep(1)
    start = {run: server.state(run)["step"] for run, _ in runs}
    trips = []
    end = time.monotonic() + 6
    while time.monotonic() < end:
        for run, token in runs:
            at = time.perf_counter()
            server.command(run, token, op="set", path="optimizer.learning_rate", value=0.01 + (at % 1) / 100)
            trips.append((time.perf_counter() - at) * 1e3)
    made = [server.state(run)["step"] - start[run] for run, _ in runs]
    return runs, min(made) / max(made), statistics.median(trips), p99(trips)


def kill_a_worker(server, runs):
    """Seconds until all runs go on after a worker was killed, and the steps' worth of time that was lost."""
    before = {run: server.state(run)["step"] for run, _ in runs}
    workers = [
        c
        for c in psutil.Process(server.process.pid).children(recursive=True)
        if "app.worker.process" in " ".join(c.cmdline())
    ]
    killed = time.monotonic()
    os.kill(workers[0].pid, signal.SIGKILL)
    waiting = dict(before)
    while waiting and time.monotonic() < killed + 20:
        for run in list(waiting):
            answer = server.api.get(f"/runs/{run}")
            if answer.status_code == 200 and answer.json()["step"] > before[run]:
                del waiting[run]
        time.sleep(0.02)
    return time.monotonic() - killed if not waiting else float("inf")


def main():
    rows = []
    limits = {"commands_per_second": 10_000, "command_burst": 10_000, "max_runs_per_client": 100}
    with tempfile.TemporaryDirectory() as folder, Server(folder, **limits) as server:
        run, token = server.run()
        server.command(run, token, op="play")
        fps, age = asyncio.run(crowd(server, run, 100, 6))
        rows.append(["100 viewers × 20 frames/s", f"slowest {fps:.1f} frames/s, p99 {age:.0f} ms old", "≥ 19, ≤ 80 ms"])
        before = memory(server)
        fps, _ = asyncio.run(crowd(server, run, 50, 6, stalled=3))
        rows.append(
            [
                "50 healthy + 3 stalled",
                f"slowest {fps:.1f} frames/s, memory +{memory(server) - before:.1f} MB",
                "≥ 19, ≤ 5 MB",
            ]
        )
        ages = []
        asyncio.run(viewer(server, run, 6, ages, read_every=0.2))
        rows.append(["a viewer that draws 5 frames/s", f"p99 {p99(ages):.0f} ms old", "≤ 400 ms"])
        server.command(run, token, op="pause")
        runs, fairness, median, worst = many_runs(server)
        rows.append(
            [
                "20 runs on 2 workers",
                f"fairness {fairness:.2f}, command median {median:.0f} ms, p99 {worst:.0f} ms",
                "≥ 0.8, p99 ≤ 50 ms",
            ]
        )
        rows.append(["a worker killed under 20 runs", f"all go on after {kill_a_worker(server, runs):.2f} s", "≤ 2 s"])
        rows.append(["memory of the server", f"{memory(server):.0f} MB", ""])
    show(["case", "measured", "to reach"], rows)


if __name__ == "__main__":
    main()
