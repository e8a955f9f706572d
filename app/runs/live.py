"""A run as the server holds it: its spec and state, its history, its viewers and its newest frames."""

import asyncio
import math
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import msgspec
import numpy as np
import orjson

from app.errors import AppError
from app.ipc.messages import CheckpointNews, RunState, Views
from app.ipc.tensors import encode_tensors
from app.plain import Report
from app.runs.edits import Edits
from app.storage import Database
from engine.core.types import Array
from engine.training.history import COLUMNS
from engine.training.spec import RunSpec

NOTABLE = ("playing", "viewing", "diverged", "failed", "pace", "revision")
KEYFRAME_SECONDS = 0.5
LATE_SECONDS = 0.005
"""How late a sleep may end without the frames after it being late, too."""


class Rows:
    """The cost history, growing at its end; now and then cut back and grown anew."""

    def __init__(self, rows: Array | None = None) -> None:
        self._all: Array = np.empty((1024, len(COLUMNS)))
        self.count = 0
        self._life = secrets.token_hex(4)
        self._times = 0
        """How often rows were taken back."""
        self._cuts: list[tuple[int, int]] = []
        """(which time, the row it went back to), each of them lower than all that came after."""
        self._message: tuple[int, bytes] = (-1, b"")
        """The last message and the row it starts at: viewers at the same row share it."""
        if rows is not None:
            self.put(0, rows)

    def put(self, start: int, rows: Array) -> None:
        """Rows from `start` on become `rows`."""
        if start < self.count:
            while self._cuts and self._cuts[-1][1] >= start:
                self._cuts.pop()
            self._cuts.append((self._times, start))
            self._times += 1
        end = start + len(rows)
        while end > len(self._all):
            self._all = np.concatenate([self._all, np.empty_like(self._all)])
        self._all[start:end] = rows
        self.count = end
        self._message = (-1, b"")

    def since(self, start: int) -> Array:
        return self._all[start : self.count]

    def unchanged(self, have: int, mark: str | None) -> int:
        """How many of the first rows are what they were when a client was told the mark."""
        have = min(have, self.count)
        if mark is None:
            return have
        life, _, times = mark.partition(".")
        if life != self._life or not times.isdecimal():
            return 0
        lowest = next((row for time, row in self._cuts if time >= int(times)), have)
        return min(have, lowest)

    def after_step(self, step: float) -> int:
        """The number of rows up to a step."""
        return int(np.searchsorted(self._all[: self.count, 0], step, side="right"))

    def message(self, run: str, start: int) -> bytes:
        """The rows from `start` on as safetensors, one tensor a column; encoded once for all at that row."""
        if self._message[0] != start:
            self._message = (start, self._encode(run, start))
        return self._message[1]

    def _encode(self, run: str, start: int) -> bytes:
        rows = self.since(start)
        tensors = {
            f"cost/{name}": rows[:, i].astype(np.float64 if name == "step" else np.float32)
            for i, name in enumerate(COLUMNS)
        }
        return encode_tensors(
            tensors,
            {
                "kind": "history",
                "run": run,
                "step": str(int(rows[-1, 0])),
                "from": str(start),
                "rows": str(len(rows)),
                "mark": f"{self._life}.{self._times}",
            },
        )


class FrameGroup:
    """Everyone who looks at the same views of one run: computed once, encoded once, newest wins.

    A frame is asked of the worker only while somebody waits for one, and no faster than the fastest viewer wants.
    """

    def __init__(self, ask: Callable[[int], Awaitable[tuple[int, bytes]]]) -> None:
        self._ask = ask
        self.frame = b""
        self.seq = 0
        self.number = 0
        self.serial = 0
        self.members: dict[object, float] = {}
        self._hungry = asyncio.Event()
        self._fresh = asyncio.Condition()
        self._last = 0.0
        self._pump: asyncio.Task[None] | None = None
        self.closed = False

    def join(self, member: object, fps: float) -> None:
        self.members[member] = fps
        if self._pump is None:
            self._pump = asyncio.create_task(self._run())

    def leave(self, member: object) -> None:
        self.members.pop(member, None)
        if not self.members:
            self.close()

    def close(self) -> None:
        self.closed = True
        if self._pump is not None:
            self._pump.cancel()

    @property
    def newest(self) -> tuple[int, int, bytes]:
        """Serial in this group, the frame's own number, and the frame."""
        return self.serial, self.number, self.frame

    async def after(self, serial: int) -> tuple[int, int, bytes]:
        """The newest frame once it is newer than `serial`."""
        async with self._fresh:
            while self.serial <= serial:
                self._hungry.set()
                await self._fresh.wait()
            return self.newest

    def restart(self) -> None:
        """The worker is another one now: its numbering starts anew."""
        self.seq = 0

    async def _run(self) -> None:
        while True:
            await self._hungry.wait()
            period = 1 / max(self.members.values(), default=1.0)
            pause = self._last + period - time.monotonic()
            if pause > 0:
                await asyncio.sleep(pause)
            # A sleep ends late. The next frame is due a period after this one was, not after the sleep: else sixty
            # frames a second are fifty-five.
            self._last = max(self._last + period, time.monotonic() - min(period / 2, LATE_SECONDS))
            try:
                seq, frame = await self._ask(self.seq)
            except AppError:
                await asyncio.sleep(0.1)
                continue
            async with self._fresh:
                self.seq, self.number, self.frame = seq, seq, frame
                self.serial += 1
                self._hungry.clear()
                self._fresh.notify_all()


@dataclass(eq=False)
class LiveRun:
    """A run that is in a worker now."""

    id: str
    token: str
    client: str
    spec: RunSpec
    report: Report
    state: RunState
    created: float
    parent: str | None = None
    parent_step: int | None = None
    moved_to: str | None = None
    """The run that its owner has gone on to: who watches follows."""
    shown: RunSpec | None = None
    """The spec of the earlier moment that is shown, if one is."""
    told: RunSpec | None = None
    """The same, as viewers have been told."""
    rows: Rows = field(default_factory=Rows)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    groups: dict[str, FrameGroup] = field(default_factory=dict)
    listeners: dict[object, Callable[[dict[str, object]], None]] = field(default_factory=dict)
    cursors: dict[object, int] = field(default_factory=dict)
    sets: dict[str, int] = field(default_factory=dict)
    overtaken: set[str] = field(default_factory=set)
    """Paths of which the first place of a slider was overtaken by the next: that one begins the edit."""
    touched: float = field(init=False)
    edits: Edits = field(default_factory=Edits)
    unsaved_edits: bool = False
    """Whether storage lacks what can be undone."""
    number: int = 0
    """The last command's, in its journal."""
    unended: dict[int, tuple[str, int, int]] = field(default_factory=dict)
    """Commands that were carried out and of which storage knows the beginning alone: kind, steps."""
    storing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """An older checkpoint must not come after a newer one: that one's commands have left the journal."""
    saving: asyncio.Task[None] | None = None
    """The checkpoint that is being stored, or was last."""
    unsaved_from: int | None = None
    """The first history row that storage lacks, or None."""
    _keyframes_told: float = 0.0

    def __post_init__(self) -> None:
        self.touch()

    def touch(self) -> None:
        """Somebody asks for it, steers it, or has just stopped watching."""
        self.touched = time.monotonic()

    def put_rows(self, start: int, rows: Array) -> None:
        """New rows from the worker; viewers that had later ones get them again."""
        if start < self.rows.count:
            for viewer, cursor in self.cursors.items():
                self.cursors[viewer] = min(cursor, start)
        self.rows.put(start, rows)
        self.unsaved_from = start if self.unsaved_from is None else min(self.unsaved_from, start)

    def take_unsaved(self) -> tuple[int, Array] | None:
        """Rows for storage, once."""
        if self.unsaved_from is None:
            return None
        start, self.unsaved_from = self.unsaved_from, None
        return start, self.rows.since(start).copy()

    async def save_rows(self, database: Database) -> None:
        """Rows that storage does not take are unsaved still: the next time tries them again."""
        unsaved = self.take_unsaved()
        if unsaved is None:
            return
        start = unsaved[0]
        try:
            await database.put_rows(self.id, *unsaved)
        except BaseException:
            self.unsaved_from = start if self.unsaved_from is None else min(start, self.unsaved_from)
            raise

    async def save(self, database: Database, news: CheckpointNews) -> None:
        """Rows before the checkpoint that counts on them; one checkpoint after the other, as they were made."""
        async with self.storing:
            await self.save_rows(database)
            await database.put_checkpoint(self.id, news.number, news.step, news.latest, news.frames, news.kept)

    def end_groups(self) -> None:
        for group in self.groups.values():
            group.close()
        self.groups.clear()

    def take(self, state: RunState) -> None:
        """The new state, unless a newer one has come: an answer may be read after the news that followed it."""
        if state.version >= self.state.version:
            self.state = state

    def news(self, state: RunState) -> None:
        """Takes a state from the worker and tells listeners when something notable changed."""
        before = self.state
        self.take(state)
        now = time.monotonic()
        keyframes = state.keyframes != before.keyframes and now - self._keyframes_told > KEYFRAME_SECONDS
        if keyframes or any(getattr(state, name) != getattr(before, name) for name in NOTABLE):
            self._keyframes_told = now
            self.broadcast({"event": "state", "state": plain(state)})

    def broadcast(self, message: dict[str, object]) -> None:
        for listener in list(self.listeners.values()):
            listener(message)

    def public(self) -> dict[str, object]:
        """What GET /runs/{id} says."""
        last = self.rows.since(self.rows.count - 1)[0].tolist() if self.rows.count else None
        cost = dict(zip(COLUMNS, (v if math.isfinite(v) else None for v in last), strict=True)) if last else None
        return {
            "id": self.id,
            "created": self.created,
            "parent": self.parent,
            "parent_step": self.parent_step,
            "spec": self.spec,
            "shown_spec": self.shown,
            "report": self.report,
            "state": plain(self.state),
            "step": self.state.step,
            "epoch": self.state.epoch,
            "playing": self.state.playing,
            "metrics": cost,
            "viewers": len(self.listeners),
            **self.edits.counts(),
            "moved_to": self.moved_to,
        }


def plain(message: msgspec.Struct) -> dict[str, object]:
    """A state, or another part of a message, as JSON has it."""
    out: dict[str, object] = msgspec.to_builtins(message)
    return out


def group_key(views: Views, exact: bool) -> str:
    return orjson.dumps([views, exact], option=orjson.OPT_SORT_KEYS).decode()
