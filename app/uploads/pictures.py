"""Folders of pictures, one a class, as a ZIP archive: decoded by Pillow, cut to their middle square, made 64×64.

Everything is checked before it is decoded: how many files, how large, how many pixels, which formats.
"""

import io
import zipfile
from pathlib import PurePosixPath

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from app.plain import PicturesAbout
from engine.core.types import Array
from engine.data.pictures import SIDE, pack_pictures
from engine.data.uploads import MAX_CLASSES

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
ENDINGS = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"}
MAX_PIXELS = 50_000_000


class PictureError(ValueError):
    """An archive that cannot be used; the message names the file."""


def read_pictures(archive: bytes, most_bytes: int, most_pictures: int) -> tuple[bytes, PicturesAbout]:
    """The pictures of an archive as `pack_pictures` has them, and what they are: classes with their counts."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            chosen = _chosen(opened, most_bytes, most_pictures)
            x = np.stack([_square(opened, info) for info, _ in chosen])
    except zipfile.BadZipFile as error:
        raise PictureError(f"this is not a ZIP archive: {error}") from error
    classes = sorted({name for _, name in chosen})
    y = np.array([classes.index(name) for _, name in chosen])
    counts = np.bincount(y, minlength=len(classes)).tolist()
    about: PicturesAbout = {"kind": "pictures", "pictures": len(x), "classes": classes, "counts": counts}
    return pack_pictures(x, y, classes), about


def _chosen(opened: zipfile.ZipFile, most_bytes: int, most_pictures: int) -> list[tuple[zipfile.ZipInfo, str]]:
    """The picture files and the names of their folders, in order; checked for number, size and classes."""
    found = []
    for info in opened.infolist():
        path = PurePosixPath(info.filename.replace("\\", "/"))
        if info.is_dir() or path.name.startswith(".") or path.parts[0] == "__MACOSX":
            continue
        if path.suffix.lower() not in ENDINGS:
            continue
        if len(path.parts) < 2:
            raise PictureError(f"{path.name}: a picture wants to lie in a folder that is named for its class")
        found.append((info, path.parts[-2][:80]))
    if not found:
        raise PictureError(f"no pictures are in the archive; wanted: {', '.join(sorted(ENDINGS))} in folders")
    if len(found) > most_pictures:
        raise PictureError(f"at most {most_pictures:,} pictures are read, got {len(found):,}")
    size = sum(info.file_size for info, _ in found)
    if size > most_bytes:
        raise PictureError(f"the pictures may have at most {most_bytes:,} bytes in all, got {size:,}")
    names = {name for _, name in found}
    if not 2 <= len(names) <= MAX_CLASSES:
        raise PictureError(f"2 to {MAX_CLASSES} folders are wanted, one a class; got {', '.join(sorted(names))}")
    for name in names:
        if sum(other == name for _, other in found) < 2:
            raise PictureError(f"folder {name!r} wants at least 2 pictures, got 1")
    return sorted(found, key=lambda pair: pair[0].filename)


def opened_picture(body: bytes, name: str) -> Image.Image:
    """One picture in colour: turned as its camera says, on white where it is transparent."""
    try:
        with Image.open(io.BytesIO(body), formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise PictureError(f"{name}: {picture.width}×{picture.height} pixels are too many")
            whole = (ImageOps.exif_transpose(picture) or picture).convert("RGBA")
            ground = Image.new("RGBA", whole.size, "white")
            return Image.alpha_composite(ground, whole).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError(f"{name}: this cannot be read as a picture ({error})") from error


def _square(opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> Array:
    """The middle of one picture as (64, 64, 3) uint8."""
    try:
        body = opened.read(info)
    except zipfile.BadZipFile as error:
        raise PictureError(f"{info.filename}: {error}") from error
    whole = opened_picture(body, info.filename)
    return np.asarray(ImageOps.fit(whole, (SIDE, SIDE), Image.Resampling.LANCZOS))
