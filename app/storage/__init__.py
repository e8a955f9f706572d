"""Embedded storage: SQLite in WAL mode, written by one thread."""

from app.storage.database import Database, Line, StoredRun

__all__ = ["Database", "Line", "StoredRun"]
