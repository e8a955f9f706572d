"""Files that visitors bring: what is read from them, and what is refused."""

from app.uploads.pictures import PictureError, read_pictures

__all__ = ["PictureError", "read_pictures"]
