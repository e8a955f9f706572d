"""Starts a run, draws its cost in the terminal, changes its learning rate: python docs/client.py http://127.0.0.1:8000"""

import asyncio
import json
import math
import sys

import httpx
import websockets
from safetensors.numpy import load


def draw(costs, bars=" ▁▂▃▄▅▆▇█"):
    shown = costs[:: max(1, len(costs) // 60)]
    return "".join(bars[round(cost / (max(shown) or 1) * 8)] for cost in shown)


async def main(server):
    run = httpx.post(f"{server}/api/v1/runs", json={"lab": "circle"}).raise_for_status().json()
    address = f"{server.replace('http', 'ws', 1)}/api/v1/runs/{run['id']}/stream"
    async with websockets.connect(address, subprotocols=["descent.v1"], max_size=None) as socket:
        await socket.send(json.dumps({"op": "auth", "token": run["token"]}))
        await socket.send(json.dumps({"id": 1, "op": "subscribe", "views": {"cost": {}}, "max_fps": 20}))
        await socket.send(json.dumps({"id": 2, "op": "play"}))
        costs, frames = [], 0
        while frames < 60:
            message = await socket.recv()
            if isinstance(message, str):  # answers and events
                continue
            meta = json.loads(message[8 : 8 + int.from_bytes(message[:8], "little")])["__metadata__"]
            if meta["kind"] == "history":  # lossless: every recorded row comes once
                costs[int(meta["from"]) :] = load(message)["cost/train"].tolist()
                continue
            frames += 1
            await socket.send(json.dumps({"op": "ack", "frame": int(meta["frame"])}))
            if frames == 30:
                await socket.send(json.dumps({"op": "set", "path": "optimizer.learning_rate", "value": 0.3}))
            known = [c for c in costs if math.isfinite(c)] or [0.0]  # NaN: not measured at that row
            print(f"\rstep {meta['step']:>8}  J {known[-1]:.4f}  {draw(known)}", end="", flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"))
