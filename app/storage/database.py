"""Runs, histories, checkpoints and uploads in one SQLite file. Every method runs on the database's own thread."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec
import orjson

from app.ipc.messages import Kept
from app.ipc.pace import Pace
from app.ipc.tensors import decode_rows, meta_of
from app.plain import UploadAbout
from app.storage.schema import identity, open_file, written_anew
from engine.core.types import Array
from engine.training.spec import RunSpec

log = logging.getLogger("descent.storage")
T = TypeVar("T")
LATEST_COUNTS = ("probe", "seek", "speed", "pace")
"""Kinds of commands of which the latest alone counts, as long as no command of another kind came between."""
KEPT = "probe"
"""The kind whose last command stays in the journal: no checkpoint has the picture that is shown."""


@dataclass(frozen=True)
class StoredRun:
    """What storage knows of a run."""

    id: str
    token: str
    created: float
    client: str
    spec: RunSpec
    playing: bool
    pace: Pace
    parent: str | None
    parent_step: int | None


@dataclass(frozen=True)
class Line:
    """A command in the journal of a run; `began` and `ended` are None until it has been carried out."""

    number: int
    kind: str
    command: bytes
    began: int | None
    ended: int | None


class Database:
    """await database.method(…). A method is one transaction."""

    def __init__(self, path: Path, lock_seconds: float = 5.0) -> None:
        self._path, self._lock_seconds = path, lock_seconds
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="database")
        self._connection = self._thread.submit(open_file, path, lock_seconds).result()
        self._file = identity(path)

    def _stay_with_the_file(self) -> None:
        """A file that somebody has deleted is written anew: the connection still has all of it.

        Without this SQLite goes on writing to a file without a name, and all of it is gone at the next start.
        """
        if identity(self._path) == self._file:
            return
        if self._path.exists():
            raise sqlite3.OperationalError(f"{self._path.name} has been replaced while the server runs; restart it")
        log.error("%s has been deleted; it is written anew from what is still open", self._path)
        self._connection = written_anew(self._connection, self._path, self._lock_seconds)
        self._file = identity(self._path)

    async def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        def transaction() -> T:
            self._stay_with_the_file()
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
    async def add_run(self, run: StoredRun, lines: Sequence[Line] = (), kept: Kept | None = None) -> None:
        """A run, what its journal begins with, and the moment of another run that it begins at."""
        row = (run.id, run.token, run.created, time.time(), run.client, _text(run.spec), run.playing, run.parent,
               run.parent_step, _pace(run.pace))  # fmt: skip

        def work(c: sqlite3.Connection) -> None:
            c.execute(
                "INSERT INTO runs (id, token, created, touched, client, spec, playing, parent, parent_step, pace)"
                " VALUES (?,?,?,?,?,?,?,?,?,?)",
                row,
            )
            _put_lines(c, run.id, lines)
            if kept is not None:
                _put_rows(c, run.id, 0, decode_rows(kept.rows))
                c.execute("INSERT INTO checkpoints VALUES (?,?,1,?)", (run.id, run.parent_step, kept.latest))
                c.executemany(
                    "INSERT OR REPLACE INTO checkpoints VALUES (?,?,0,?)",
                    [(run.id, meta_of(blob)["step"], blob) for blob in kept.frames],
                )

        await self._do(work)

    async def get_run(self, run: str) -> StoredRun | None:
        columns = "id, token, created, client, spec, playing, speed, pace, parent, parent_step"
        row = await self._do(
            lambda c: c.execute(f"SELECT {columns} FROM runs WHERE id = ?", (run,)).fetchone()  # noqa: S608
        )
        if row is None:
            return None
        run_id, token, created, client, spec, playing, speed, given, parent, parent_step = row
        pace = Pace().at(speed) if given is None else msgspec.json.decode(given, type=Pace)
        return StoredRun(run_id, token, created, client, orjson.loads(spec), bool(playing), pace, parent, parent_step)

    async def update_run(self, run: str, spec: RunSpec, playing: bool, pace: Pace) -> None:
        values = (_text(spec), playing, _pace(pace), time.time(), run)
        await self._do(
            lambda c: c.execute("UPDATE runs SET spec = ?, playing = ?, pace = ?, touched = ? WHERE id = ?", values)
        )

    async def delete_run(self, run: str) -> None:
        def work(c: sqlite3.Connection) -> None:
            for statement in (
                "DELETE FROM runs WHERE id = ?",
                "DELETE FROM history WHERE run = ?",
                "DELETE FROM checkpoints WHERE run = ?",
                "DELETE FROM journal WHERE run = ?",
                "DELETE FROM edits WHERE run = ?",
                "DELETE FROM successors WHERE ? IN (run, successor)",
            ):
                c.execute(statement, (run,))

        await self._do(work)

    async def put_successor(self, run: str, successor: str | None) -> None:
        """Where a run's owner has gone on to; nobody has gone on from there, so that following comes to an end."""

        def work(c: sqlite3.Connection) -> None:
            c.execute("DELETE FROM successors WHERE run IN (?, ?)", (run, successor))
            if successor is not None:
                c.execute("INSERT INTO successors VALUES (?, ?)", (run, successor))

        await self._do(work)

    async def successor(self, run: str) -> str | None:
        row = await self._do(lambda c: c.execute("SELECT successor FROM successors WHERE run = ?", (run,)).fetchone())
        return None if row is None else str(row[0])

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
        await self._do(lambda c: _put_rows(c, run, start, rows))

    async def rows(self, run: str) -> Array:
        blobs = await self._do(
            lambda c: [r[0] for r in c.execute("SELECT row FROM history WHERE run = ? ORDER BY n", (run,))]
        )
        return decode_rows(b"".join(blobs)).copy()

    # -- the journal ---------------------------------------------------------------------------------------------
    async def put_line(self, run: str, line: Line) -> None:
        """A command that is going to be carried out."""
        await self._do(lambda c: _put_lines(c, run, [line]))

    async def end_lines(
        self,
        run: str,
        ended: Mapping[int, tuple[str, int, int]],
        spec: RunSpec,
        playing: bool,
        pace: Pace,
        piles: bytes | None = None,
    ) -> None:
        """Commands were carried out (number → kind, step at which it began, at which it was over), and what is so now.

        Of LATEST_COUNTS an earlier command goes, unless one of another kind stands between the two.
        """
        marks = ",".join("?" * len(LATEST_COUNTS))
        between = f"SELECT COALESCE(MAX(number), 0) FROM journal WHERE run = ? AND number < ? AND kind NOT IN ({marks})"  # noqa: S608
        values = (_text(spec), playing, _pace(pace), time.time(), run)

        def work(c: sqlite3.Connection) -> None:
            for number, (kind, *steps) in ended.items():
                c.execute("UPDATE journal SET began = ?, ended = ? WHERE run = ? AND number = ?", (*steps, run, number))
                if kind in LATEST_COUNTS:
                    c.execute(
                        f"DELETE FROM journal WHERE run = ? AND kind = ? AND number < ? AND number > ({between})",  # noqa: S608
                        (run, kind, number, run, number, *LATEST_COUNTS),
                    )
            c.execute("UPDATE runs SET spec = ?, playing = ?, pace = ?, touched = ? WHERE id = ?", values)
            if piles is not None:
                c.execute("INSERT OR REPLACE INTO edits VALUES (?,?)", (run, piles))

        await self._do(work)

    async def drop_line(self, run: str, number: int) -> None:
        await self._do(lambda c: c.execute("DELETE FROM journal WHERE run = ? AND number = ?", (run, number)))

    async def piles(self, run: str) -> bytes | None:
        """What can be undone and done again, if anything ever was."""
        row = await self._do(lambda c: c.execute("SELECT piles FROM edits WHERE run = ?", (run,)).fetchone())
        return None if row is None else row[0]

    async def lines(self, run: str) -> list[Line]:
        """What no checkpoint has, in order."""
        query = "SELECT number, kind, command, began, ended FROM journal WHERE run = ? ORDER BY number"
        return [Line(*row) for row in await self._do(lambda c: c.execute(query, (run,)).fetchall())]

    # -- checkpoints ---------------------------------------------------------------------------------------------
    async def put_checkpoint(
        self,
        run: str,
        number: int,
        step: int,
        latest: bytes,
        frames: list[tuple[int, bytes]],
        kept: list[int],
    ) -> None:
        """The latest checkpoint and keyframes that are new; keyframes not in `kept` go.

        The commands up to `number` are in it and leave the journal, but for the last picture that was shown.
        """

        def work(c: sqlite3.Connection) -> None:
            if c.execute("UPDATE runs SET touched = ? WHERE id = ?", (time.time(), run)).rowcount == 0:
                return  # it has been deleted
            c.execute("DELETE FROM checkpoints WHERE run = ? AND latest = 1", (run,))
            c.execute("INSERT INTO checkpoints VALUES (?,?,1,?)", (run, step, latest))
            c.executemany("INSERT OR REPLACE INTO checkpoints VALUES (?,?,0,?)", [(run, s, blob) for s, blob in frames])
            keep = set(kept)
            stored = [r[0] for r in c.execute("SELECT step FROM checkpoints WHERE run = ? AND latest = 0", (run,))]
            c.executemany(
                "DELETE FROM checkpoints WHERE run = ? AND latest = 0 AND step = ?",
                [(run, s) for s in stored if s not in keep],
            )
            c.execute(
                "DELETE FROM journal WHERE run = ? AND number <= ? AND (kind <> ? OR number <"
                " (SELECT MAX(number) FROM journal WHERE run = ? AND kind = ?))",
                (run, number, KEPT, run, KEPT),
            )

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

    async def check(self) -> None:
        """Writes something; raises sqlite3.Error if storage does not take it."""
        await self._do(lambda c: c.execute("INSERT OR REPLACE INTO checks VALUES (1, ?)", (time.time(),)))


def _put_rows(c: sqlite3.Connection, run: str, start: int, rows: Array) -> None:
    c.execute("DELETE FROM history WHERE run = ? AND n >= ?", (run, start))
    c.executemany("INSERT INTO history VALUES (?,?,?)", [(run, start + i, row.tobytes()) for i, row in enumerate(rows)])


def _put_lines(c: sqlite3.Connection, run: str, lines: Sequence[Line]) -> None:
    c.executemany(
        "INSERT INTO journal VALUES (?,?,?,?,?,?)",
        [(run, line.number, line.kind, line.command, line.began, line.ended) for line in lines],
    )


def _pace(pace: Pace) -> str:
    return msgspec.json.encode(pace).decode()


def _text(value: object) -> str:
    return orjson.dumps(value).decode()
