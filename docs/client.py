"""A client in forty lines: starts a run, draws its cost in the terminal, changes the learning rate on the way.

pip install httpx websockets safetensors numpy ; python docs/client.py http://127.0.0.1:8000
"""

import asyncio
import json
import math
import sys

import httpx
import websockets
from safetensors.numpy import load

BARS = " ▁▂▃▄▅▆▇█"


def draw(costs, width=60):
    """The last costs as one line of bars."""
    shown = costs[:: max(1, len(costs) // width)][-width:]
    top = max(shown) or 1.0
    return "".join(BARS[round(cost / top * (len(BARS) - 1))] for cost in shown)


async def main(server, frames=60):
    run = httpx.post(f"{server}/api/v1/runs", json={"lab": "circle"}).raise_for_status().json()
    address = f"{server.replace('http', 'ws', 1)}/api/v1/runs/{run['id']}/stream"
    async with websockets.connect(address, subprotocols=["descent.v1"], max_size=None) as socket:
        for message in (
            {"op": "auth", "token": run["token"]},
            {"id": 1, "op": "subscribe", "views": {"cost": {}}, "max_fps": 20},
            {"id": 2, "op": "play"},
        ):
            await socket.send(json.dumps(message))
        costs, seen = [], 0
        while seen < frames:
            message = await socket.recv()
            if isinstance(message, str):  # answers and events
                continue
            meta = json.loads(message[8 : 8 + int.from_bytes(message[:8], "little")])["__metadata__"]
            if meta["kind"] == "history":  # lossless: every recorded row comes once
                costs = costs[: int(meta["from"])] + load(message)["cost/train"].tolist()
                continue
            seen += 1
            await socket.send(json.dumps({"op": "ack", "frame": int(meta["frame"])}))
            if seen == frames // 2:
                await socket.send(json.dumps({"id": 3, "op": "set", "path": "optimizer.learning_rate", "value": 0.3}))
            known = [c for c in costs if math.isfinite(c)] or [0.0]  # NaN: not measured at that row
            print(f"\rstep {meta['step']:>8}  J {known[-1]:.4f}  {draw(known)}", end="", flush=True)
    print()
    httpx.delete(f"{server}/api/v1/runs/{run['id']}", headers={"Authorization": f"Bearer {run['token']}"})


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"))
