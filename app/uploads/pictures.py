"""Folders of pictures, one a class, as a ZIP archive: decoded by Pillow, cut to their middle square, made 64×64.

Everything is checked before it is decoded: how many files, how large, how many pixels, which formats.
"""

import io
import zipfile
from pathlib import PurePosixPath

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from app.plain import PicturesAbout
from engine.core.errors import EngineError
from engine.core.types import Array
from engine.data.pictures import SIDE, pack_pictures
from engine.data.uploads import MAX_CLASSES

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
ENDINGS = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"}
MAX_PIXELS = 50_000_000


class PictureError(EngineError):
    """An archive that cannot be used; the message names the file."""


def read_pictures(archive: bytes, most_bytes: int, most_pictures: int) -> tuple[bytes, PicturesAbout]:
    """The pictures of an archive as `pack_pictures` has them, and what they are: classes with their counts."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            chosen = _chosen(opened, most_bytes, most_pictures)
            x = np.stack([_square(opened, info) for info, _ in chosen])
    except zipfile.BadZipFile as error:
        raise PictureError("not-zip", "this is not a ZIP archive: {why}", why=str(error)) from error
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
            raise PictureError(
                "picture-no-folder",
                "{file}: a picture wants to lie in a folder that is named for its class",
                file=path.name,
            )
        found.append((info, path.parts[-2][:80]))
    if not found:
        raise PictureError(
            "pictures-none",
            "no pictures are in the archive; wanted: {endings} in folders",
            endings=tuple(sorted(ENDINGS)),
        )
    if len(found) > most_pictures:
        raise PictureError(
            "pictures-many", "at most {most:,} pictures are read, got {got:,}", most=most_pictures, got=len(found)
        )
    size = sum(info.file_size for info, _ in found)
    if size > most_bytes:
        raise PictureError(
            "pictures-large",
            "the pictures may have at most {most:,} bytes in all, got {got:,}",
            most=most_bytes,
            got=size,
        )
    names = {name for _, name in found}
    if not 2 <= len(names) <= MAX_CLASSES:
        raise PictureError(
            "folders",
            "2 to {most} folders are wanted, one a class; got {names}",
            most=MAX_CLASSES,
            got=len(names),
            names=tuple(sorted(names)),
        )
    for name in names:
        if sum(other == name for _, other in found) < 2:
            raise PictureError("folder-one", "folder {folder!r} wants at least 2 pictures, got 1", folder=name)
    return sorted(found, key=lambda pair: pair[0].filename)


def opened_picture(body: bytes, name: str) -> Image.Image:
    """One picture in colour: turned as its camera says, on white where it is transparent."""
    try:
        with Image.open(io.BytesIO(body), formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise PictureError(
                    "picture-pixels",
                    "{file}: {width}×{height} pixels are too many",
                    file=name,
                    width=picture.width,
                    height=picture.height,
                    most=MAX_PIXELS,
                )
            whole = (ImageOps.exif_transpose(picture) or picture).convert("RGBA")
            ground = Image.new("RGBA", whole.size, "white")
            return Image.alpha_composite(ground, whole).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError(
            "picture-unreadable", "{file}: this cannot be read as a picture ({why})", file=name, why=str(error)
        ) from error


def _square(opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> Array:
    """The middle of one picture as (64, 64, 3) uint8."""
    try:
        body = opened.read(info)
    except zipfile.BadZipFile as error:
        raise PictureError("picture-unreadable", "{file}: {why}", file=info.filename, why=str(error)) from error
    whole = opened_picture(body, info.filename)
    return np.asarray(ImageOps.fit(whole, (SIDE, SIDE), Image.Resampling.LANCZOS))
