"""Embedded storage: SQLite in WAL mode, written by one thread."""

from app.storage.database import Database, StoredRun

__all__ = ["Database", "StoredRun"]
