"""The pace of frames, and what is sent of them."""

import asyncio
import json
import zlib
from itertools import pairwise

import numpy as np
import pytest
from safetensors.numpy import load

from app.ipc.tensors import encode_tensors
from app.runs import live
from app.runs.live import FrameGroup
from app.stream import packing
from tests import waits
from tests.app.test_stream import Client, metadata
from tests.server import PATIENCE


@pytest.mark.parametrize("late", [0.0, 0.002, 0.004])
@pytest.mark.parametrize("fps", [20, 60])
def test_a_sleep_that_ends_late_makes_no_frame_late(monkeypatch, late, fps):
    """On a clock of its own, that only sleeps move: sixty frames a second are sixty."""
    now, asked, turn = [100.0], [], asyncio.sleep

    async def sleep(seconds):
        now[0] += seconds + late
        await turn(0)

    async def ask(after):
        asked.append(now[0])
        return after + 1, b"frame"

    async def look():
        group = FrameGroup(ask)
        group.join("somebody", fps)
        serial = 0
        while now[0] < 102.0:
            serial, _, _ = await group.after(serial)
        group.close()

    monkeypatch.setattr(live.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(asyncio, "sleep", sleep)
    asyncio.run(look())
    assert 2 * fps - 2 <= len(asked) <= 2 * fps + 2
    gaps = [b - a for a, b in pairwise(asked)]
    assert min(gaps) >= 1 / fps - live.LATE_SECONDS - 1e-9, "and none comes much too early"


# -- packed ------------------------------------------------------------------------------------------------------------
VIEWS = {"cost": {}, "metrics": {}, "neurons": {"size": 20}, "weights": {}, "boundary": {"size": 40}}


class PackedClient(Client):
    """Reads packed messages by docs/clients.md, and counts what came over the wire."""

    wire, differences, last = 0, 0, None

    async def receive(self):
        message = await super().receive()
        if isinstance(message, str):
            return message
        self.wire += len(message)
        if message[7] == 80:
            size, kind = int.from_bytes(message[:4], "little"), message[6]
            body = zlib.decompress(message[8:], -15)
            assert (len(body), message[4:6]) == (size, b"\0\0")
            message = body if kind == 0 else self.renewed(body)
        if metadata(message)["kind"] == "frame":
            self.last = message
        return message

    def renewed(self, body):
        self.differences += 1
        length = int.from_bytes(self.last[:8], "little")
        head, data = json.loads(self.last[8 : 8 + length]), self.last[8 + length :]
        size = int.from_bytes(body[:4], "little")
        changed, less = json.loads(body[4 : 4 + size]), body[4 + size :]
        if "views" in changed:
            changed["views"] = json.dumps({**json.loads(head["__metadata__"]["views"]), **changed["views"]})
        head["__metadata__"] |= changed
        text = json.dumps(head).encode()
        data = bytes((a + b) % 256 for a, b in zip(data, less, strict=True))
        return len(text).to_bytes(8, "little") + text + data


def tensors_of(frame):
    return {name: array.tobytes() for name, array in load(frame).items()}


def test_packed_frames_are_the_frames_that_others_get_and_a_third_of_them(server):
    async def go():
        run, token = server.run()
        async with Client(server, run, token) as plain, PackedClient(server, run) as packed:
            await packed.say(id=1, op="subscribe", views=VIEWS, max_fps=30, packed=True)
            await plain.say(id=1, op="subscribe", views=VIEWS, max_fps=30)
            await plain.say(id=9, op="speed", steps_per_second=200)  # numbers move the same on a busy machine
            await plain.say(id=2, op="play")

            async def watch(client):
                while len(client.frames) < 60:
                    await client.next()

            await asyncio.gather(watch(plain), watch(packed))
            await plain.say(id=3, op="pause")
            answer = await plain.answer(3)
            for client in (plain, packed):
                while not client.frames or int(client.frames[-1][0]["step"]) < answer["step"]:
                    await client.next()
                while len(client.rows) < len(server.api.get(f"/runs/{run}/history").json()["rows"]):
                    await client.next()
        assert plain.rows == packed.rows
        known = {meta["frame"]: (meta, frame) for meta, frame in plain.frames}
        both = [(known[meta["frame"]], (meta, frame)) for meta, frame in packed.frames if meta["frame"] in known]
        assert len(both) > 10
        for (meta, frame), (other_meta, other) in both:
            assert json.loads(meta.pop("views")) == json.loads(other_meta.pop("views"))
            assert meta == other_meta
            assert tensors_of(frame) == tensors_of(other)
        assert packed.differences > 30
        each = sum(len(frame) for _, frame in plain.frames) / len(plain.frames)
        assert packed.wire / len(packed.frames) < each / 3

    waits.run(asyncio.wait_for(go(), PATIENCE))


def test_a_difference_is_of_the_same_tensors_else_the_frame_comes_whole():
    def frame(**tensors):
        return encode_tensors(tensors, {"kind": "frame", "frame": "1", "views": {"a": {"x": 1}, "b": {"y": [2]}}})

    zeros, ones = np.zeros(4000, np.uint8), np.ones(4000, np.uint8)
    first, second = frame(a=zeros), frame(a=ones)
    packer = packing.Packer()
    assert packer.frame(first)[6] == packing.WHOLE
    assert packer.frame(second)[6] == packing.DIFFERENCE
    assert packer.frame(frame(a=ones[:10], b=zeros))[6] == packing.WHOLE
    noise = np.random.default_rng(1).integers(0, 256, 4000, np.uint8)
    assert packing.whole(noise.tobytes()) == noise.tobytes(), "what packing makes no smaller comes as it is"
