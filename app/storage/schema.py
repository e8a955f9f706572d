"""The tables, and how a file that an earlier version wrote comes to them.

A file says its version (PRAGMA user_version). Each step leads from one version to the next, in one transaction; a file
of a later version than this program's is refused as it is. What stands *in* the tables (specs, commands, checkpoints)
is read in today's words by `app/runs/stored.py`.
"""

import logging
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger("descent.storage")
FIRST = """
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, token TEXT NOT NULL, created REAL NOT NULL, touched REAL NOT NULL, client TEXT NOT NULL,
    spec TEXT NOT NULL, playing INTEGER NOT NULL, speed REAL, parent TEXT, parent_step INTEGER,
    pace TEXT
);
CREATE TABLE IF NOT EXISTS history (
    run TEXT NOT NULL, n INTEGER NOT NULL, row BLOB NOT NULL, PRIMARY KEY (run, n)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS checkpoints (
    run TEXT NOT NULL, step INTEGER NOT NULL, latest INTEGER NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (run, latest, step)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS journal (
    run TEXT NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, command BLOB NOT NULL, began INTEGER, ended INTEGER,
    PRIMARY KEY (run, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS edits (run TEXT PRIMARY KEY, piles BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS successors (
    run TEXT PRIMARY KEY, successor TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS uploads (
    id TEXT PRIMARY KEY, created REAL NOT NULL, text BLOB NOT NULL, about TEXT NOT NULL
);
"""


def _to_1(c: sqlite3.Connection) -> None:
    """The tables as they were when files began to have a version; earlier files have some of them."""
    for statement in FIRST.split(";"):
        c.execute(statement)
    if "pace" not in {row[1] for row in c.execute("PRAGMA table_info(runs)")}:
        c.execute("ALTER TABLE runs ADD COLUMN pace TEXT")


def _to_2(c: sqlite3.Connection) -> None:
    """What /readyz writes."""
    c.execute("CREATE TABLE IF NOT EXISTS checks (id INTEGER PRIMARY KEY, at REAL NOT NULL)")


STEPS: tuple[Callable[[sqlite3.Connection], None], ...] = (_to_1, _to_2)
"""STEPS[v] leads from version v to v + 1."""


class Newer(Exception):
    """A later version of the program wrote the file."""


def open_file(path: Path, lock_seconds: float = 5.0) -> sqlite3.Connection:
    """The file at a path, made or brought to today's tables."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, lock_seconds, isolation_level=None)
    try:
        brought_up(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        connection.close()
        raise
    return connection


def brought_up(connection: sqlite3.Connection, path: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(STEPS):
        raise Newer(f"a later version of Descent wrote it (its tables are {version}, this one knows {len(STEPS)})")
    for number in range(version, len(STEPS)):
        connection.execute("BEGIN IMMEDIATE")
        try:
            STEPS[number](connection)
            connection.execute(f"PRAGMA user_version = {number + 1}")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    if 0 < version < len(STEPS):
        log.info("%s: tables brought from version %d to %d", path, version, len(STEPS))


def identity(path: Path) -> tuple[int, int] | None:
    """Which file stands at a path."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def written_anew(connection: sqlite3.Connection, path: Path, lock_seconds: float) -> sqlite3.Connection:
    """Everything of a connection whose file has lost its name, in a file at the path again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for rest in ("-wal", "-shm"):
        path.with_name(path.name + rest).unlink(missing_ok=True)
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    connection.execute("VACUUM INTO ?", (str(beside),))
    beside.replace(path)
    connection.close()
    return open_file(path, lock_seconds)
