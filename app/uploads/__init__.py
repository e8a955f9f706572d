"""Files that visitors bring: what is read from them, and what is refused."""

from app.uploads.pictures import read_pictures

__all__ = ["read_pictures"]
