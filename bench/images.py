"""Image nets live: frames a second and their size over the real stream, what views cost the training, and NMS."""

import asyncio
import json
import statistics
import tempfile
import time

import numpy as np
import psutil
import websockets

from app.specs.presets import PRESETS
from app.worker.post import Post
from app.worker.run import Run
from app.worker.turns import Turns
from bench.table import show
from engine.core.shards import set_threads
from engine.detection import nms
from engine.training import Trainer
from engine.views import check_parameters
from tests.server import Server

SECONDS, ROUNDS = 12, 5
NETWORK = {
    "neurons": {"size": 12, "most": 64, "show": "maps", "spread": "layer", "index": 0, "side": 64, "pixels": 6144},
    "weights": {"limit": 1500}, "health": {}, "cost": {}, "metrics": {},
    "activations": {"part": "train", "index": 0, "limit": 800, "side": 48},
}  # fmt: skip
MORE = {
    "lenet": {"window": {"layer": "c1"}, "gradients": {}, "weight_histograms": {}, "confusion": {}},
    "yolo": {"boxes": {"confidence": 0.3}, "loss_terms": {}},
}


async def watch(server, run, views):
    """Frames a second and kB a frame of one viewer at 20 frames a second, and the worker's largest resident size."""
    address = f"{server.url.replace('http', 'ws')}/api/v1/runs/{run}/stream"
    seen = size = resident = 0
    workers = [
        p for p in psutil.Process(server.process.pid).children(recursive=True) if "app.worker.process" in p.cmdline()
    ]
    async with websockets.connect(address, subprotocols=["descent.v1"], max_size=None, compression=None) as socket:
        await socket.send(json.dumps({"id": 1, "op": "subscribe", "views": views, "max_fps": 20}))
        start = time.monotonic()
        while time.monotonic() < start + SECONDS:
            message = await socket.recv()
            if not isinstance(message, bytes):
                continue
            meta = json.loads(message[8 : 8 + int.from_bytes(message[:8], "little")])["__metadata__"]
            if meta["kind"] == "frame":
                seen, size = seen + 1, size + len(message)
                await socket.send(json.dumps({"op": "ack", "frame": int(meta["frame"])}))
            resident = max(resident, *(p.memory_info().rss for p in workers))
    return seen / SECONDS, size / max(seen, 1) / 1000, resident / 1e6


def share_of_views(preset):
    """The part of its speed that training loses to all views at 20 frames a second; medians of paired rounds."""
    set_threads(1)
    views = {name: check_parameters(name, given) for name, given in (NETWORK | MORE[preset]).items()}
    run = Run("bench", Trainer(PRESETS[preset].spec), Post(lambda told: None), Turns(0.004))
    run.play()

    def steps(frames):
        start, before, due = time.perf_counter(), run.trainer.step_count, 0.0
        while time.perf_counter() < start + 2:
            run.slice(0.004)
            if frames and time.perf_counter() >= due:
                run.frame(views, False)
                due = time.perf_counter() + 1 / 20
        return (run.trainer.step_count - before) / (time.perf_counter() - start)

    steps(False)
    return 1 - statistics.median(steps(True) / steps(False) for _ in range(ROUNDS))


def suppression():
    """Milliseconds for 10,000 boxes at an IoU of 0.5."""
    rng, rows = np.random.default_rng(0), []
    for name in ("spread over the picture", "20 clusters", "sizes from 1 to 400"):
        centre, size = rng.uniform(0, 1000, (10_000, 2)), rng.uniform(10, 100, (10_000, 2))
        if name == "20 clusters":
            centre = rng.uniform(100, 900, (20, 2))[rng.integers(0, 20, 10_000)] + rng.normal(0, 8, (10_000, 2))
        elif name != "spread over the picture":
            size = np.exp(rng.uniform(0, 6, (10_000, 2)))
        boxes, scores = np.concatenate([centre - size / 2, centre + size / 2], axis=1), rng.random(10_000)
        took = []
        for _ in range(9):
            start = time.perf_counter()
            kept = nms(boxes, scores, 0.5)
            took.append(time.perf_counter() - start)
        rows.append([f"NMS of 10,000 boxes, {name}", f"{1000 * statistics.median(took):.0f} ms", f"{len(kept)} kept"])
    return rows


def main():
    rows = []
    for preset, more in MORE.items():
        with tempfile.TemporaryDirectory() as folder, Server(folder, hosts=1) as server:
            run, headers = server.run(lab=preset)
            server.command(run, headers, op="play")
            fps, size, resident = asyncio.run(watch(server, run, NETWORK | more))
        rows += [
            [f"{preset}: frames a second, all views", f"{fps:.1f}", "≥ 15"],
            [f"{preset}: kB a frame", f"{size:.1f}", "≤ 60" if preset == "lenet" else "≤ 40"],
            [f"{preset}: MB resident in the worker", f"{resident:.0f}", "≤ 150" if preset == "lenet" else ""],
            [f"{preset}: speed lost to the views", f"{share_of_views(preset):.0%}", "≤ 15 %"],
        ]
    show(["what", "measured", "to reach"], rows + suppression())


if __name__ == "__main__":
    main()
