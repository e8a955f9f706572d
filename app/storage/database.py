"""Runs, histories, checkpoints and uploads in one SQLite file. Every method runs on the database's own thread."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import orjson

from app.ipc.tensors import decode_rows
from app.plain import UploadAbout
from engine.core.types import Array
from engine.training.spec import RunSpec

T = TypeVar("T")
SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, token TEXT NOT NULL, created REAL NOT NULL, touched REAL NOT NULL, client TEXT NOT NULL,
    spec TEXT NOT NULL, playing INTEGER NOT NULL, speed REAL, parent TEXT, parent_step INTEGER
);
CREATE TABLE IF NOT EXISTS history (
    run TEXT NOT NULL, n INTEGER NOT NULL, row BLOB NOT NULL, PRIMARY KEY (run, n)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS checkpoints (
    run TEXT NOT NULL, step INTEGER NOT NULL, latest INTEGER NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (run, latest, step)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS uploads (
    id TEXT PRIMARY KEY, created REAL NOT NULL, text BLOB NOT NULL, about TEXT NOT NULL
);
"""


@dataclass(frozen=True)
class StoredRun:
    """What storage knows of a run."""

    id: str
    token: str
    created: float
    client: str
    spec: RunSpec
    playing: bool
    speed: float | None
    parent: str | None
    parent_step: int | None


class Database:
    """await database.method(…). A method is one transaction."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="database")
        self._connection = self._thread.submit(self._open, path).result()

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(SCHEMA)
        return connection

    async def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        def transaction() -> T:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                result = work(self._connection)
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")
            return result

        return await asyncio.get_running_loop().run_in_executor(self._thread, transaction)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._connection.close)
        self._thread.shutdown()

    # -- runs ----------------------------------------------------------------------------------------------------
    async def add_run(self, run: StoredRun) -> None:
        row = (run.id, run.token, run.created, time.time(), run.client, _text(run.spec), run.playing, run.speed,
               run.parent, run.parent_step)  # fmt: skip
        await self._do(lambda c: c.execute("INSERT INTO runs VALUES (?,?,?,?,?,?,?,?,?,?)", row))

    async def get_run(self, run: str) -> StoredRun | None:
        columns = "id, token, created, client, spec, playing, speed, parent, parent_step"
        row = await self._do(
            lambda c: c.execute(f"SELECT {columns} FROM runs WHERE id = ?", (run,)).fetchone()  # noqa: S608
        )
        if row is None:
            return None
        run_id, token, created, client, spec, playing, speed, parent, parent_step = row
        return StoredRun(run_id, token, created, client, orjson.loads(spec), bool(playing), speed, parent, parent_step)

    async def update_run(self, run: str, spec: RunSpec, playing: bool, speed: float | None) -> None:
        values = (_text(spec), playing, speed, time.time(), run)
        await self._do(
            lambda c: c.execute("UPDATE runs SET spec = ?, playing = ?, speed = ?, touched = ? WHERE id = ?", values)
        )

    async def delete_run(self, run: str) -> None:
        def work(c: sqlite3.Connection) -> None:
            for statement in (
                "DELETE FROM runs WHERE id = ?",
                "DELETE FROM history WHERE run = ?",
                "DELETE FROM checkpoints WHERE run = ?",
            ):
                c.execute(statement, (run,))

        await self._do(work)

    async def delete_untouched(self, seconds: float) -> list[str]:
        """Deletes runs not touched for so long; returns their ids."""
        old = await self._do(
            lambda c: [r[0] for r in c.execute("SELECT id FROM runs WHERE touched < ?", (time.time() - seconds,))]
        )
        for run in old:
            await self.delete_run(run)
        return old

    # -- history -------------------------------------------------------------------------------------------------
    async def put_rows(self, run: str, start: int, rows: Array) -> None:
        """Replaces the rows from `start` on."""
        values = [(run, start + i, row.tobytes()) for i, row in enumerate(rows)]

        def work(c: sqlite3.Connection) -> None:
            c.execute("DELETE FROM history WHERE run = ? AND n >= ?", (run, start))
            c.executemany("INSERT INTO history VALUES (?,?,?)", values)

        await self._do(work)

    async def rows(self, run: str) -> Array:
        blobs = await self._do(
            lambda c: [r[0] for r in c.execute("SELECT row FROM history WHERE run = ? ORDER BY n", (run,))]
        )
        return decode_rows(b"".join(blobs)).copy()

    # -- checkpoints ---------------------------------------------------------------------------------------------
    async def put_checkpoint(
        self,
        run: str,
        step: int,
        latest: bytes,
        frames: list[tuple[int, bytes]],
        kept: list[int],
        spec: RunSpec,
    ) -> None:
        """The latest checkpoint and keyframes that are new; keyframes not in `kept` go."""

        def work(c: sqlite3.Connection) -> None:
            c.execute("DELETE FROM checkpoints WHERE run = ? AND latest = 1", (run,))
            c.execute("INSERT INTO checkpoints VALUES (?,?,1,?)", (run, step, latest))
            c.executemany("INSERT OR REPLACE INTO checkpoints VALUES (?,?,0,?)", [(run, s, blob) for s, blob in frames])
            keep = set(kept)
            stored = [r[0] for r in c.execute("SELECT step FROM checkpoints WHERE run = ? AND latest = 0", (run,))]
            c.executemany(
                "DELETE FROM checkpoints WHERE run = ? AND latest = 0 AND step = ?",
                [(run, s) for s in stored if s not in keep],
            )
            c.execute("UPDATE runs SET spec = ?, touched = ? WHERE id = ?", (_text(spec), time.time(), run))

        await self._do(work)

    async def checkpoints(self, run: str) -> tuple[bytes | None, list[bytes]]:
        """The latest checkpoint (None before the first) and the keyframes in order."""

        def work(c: sqlite3.Connection) -> tuple[bytes | None, list[bytes]]:
            latest = c.execute("SELECT data FROM checkpoints WHERE run = ? AND latest = 1", (run,)).fetchone()
            frames = c.execute("SELECT data FROM checkpoints WHERE run = ? AND latest = 0 ORDER BY step", (run,))
            return (latest[0] if latest else None), [r[0] for r in frames]

        return await self._do(work)

    # -- uploads -------------------------------------------------------------------------------------------------
    async def put_upload(self, upload: str, text: bytes, about: UploadAbout, most: int) -> None:
        def work(c: sqlite3.Connection) -> None:
            c.execute("INSERT OR REPLACE INTO uploads VALUES (?,?,?,?)", (upload, time.time(), text, _text(about)))
            c.execute(
                "DELETE FROM uploads WHERE id NOT IN (SELECT id FROM uploads ORDER BY created DESC LIMIT ?)",
                (most,),
            )

        await self._do(work)

    async def upload(self, upload: str) -> tuple[bytes, UploadAbout] | None:
        row = await self._do(lambda c: c.execute("SELECT text, about FROM uploads WHERE id = ?", (upload,)).fetchone())
        return None if row is None else (row[0], orjson.loads(row[1]))

    async def ready(self) -> bool:
        """Whether a write goes through."""
        return bool(await self._do(lambda c: c.execute("SELECT 1").fetchone()) == (1,))


def _text(value: object) -> str:
    return orjson.dumps(value).decode()
