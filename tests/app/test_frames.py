"""The pace of frames, and what is sent of them."""

import asyncio
from itertools import pairwise

import pytest

from app.runs import live
from app.runs.live import FrameGroup


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
