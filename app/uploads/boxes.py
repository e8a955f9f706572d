"""Pictures with boxes as a ZIP archive: COCO JSON, or a YOLO text file beside each picture; read, and written again.

COCO: images (id, file_name, width, height), annotations (image_id, category_id, bbox = x, y, w, h in pixels),
categories (id, name). YOLO: `picture.txt` with lines "class x y w h", centre and size in parts of the picture, and
`classes.txt` with a name a line. Pictures are padded to squares, so that no box is cut, and made 96×96.
"""

import io
import json
import math
import zipfile
from pathlib import PurePosixPath

import numpy as np
from PIL import Image, ImageOps

from app.plain import BoxedPicture, BoxesAbout
from app.uploads.pictures import ENDINGS, PictureError, opened_picture
from engine.core.types import Array
from engine.data.pictures import BOXES_SIDE, pack_boxes

MAX_CLASSES = 20
MAX_BOXES = 30
"""Boxes of one picture."""
Box = tuple[int, float, float, float, float]
"""Class, and x, y, w, h in pixels, x and y of the top left corner."""


def read_boxes(archive: bytes, most_bytes: int, most_pictures: int) -> tuple[bytes, BoxesAbout]:
    """What `pack_boxes` makes of an archive, and what it holds: classes, and each picture's size and boxes."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            files = {
                PurePosixPath(info.filename).name: info
                for info in opened.infolist()
                if not info.is_dir() and not PurePosixPath(info.filename).name.startswith(".")
            }
            size = sum(info.file_size for info in files.values())
            if size > most_bytes:
                raise PictureError(
                    "pictures-large",
                    "the files may have at most {most:,} bytes in all, got {got:,}",
                    most=most_bytes,
                    got=size,
                )
            names = sorted(n for n in files if PurePosixPath(n).suffix.lower() in ENDINGS)
            if not 1 <= len(names) <= most_pictures:
                raise PictureError(
                    "boxes-pictures",
                    "1 to {most:,} pictures are wanted, got {got:,}",
                    most=most_pictures,
                    got=len(names),
                )
            texts = {n: opened.read(i).decode("utf-8", "replace") for n, i in files.items() if n not in names}
            pictures = [opened_picture(opened.read(files[n]), n) for n in names]
    except zipfile.BadZipFile as error:
        raise PictureError("not-zip", "this is not a ZIP archive: {why}", why=str(error)) from error
    sizes = {n: (p.width, p.height) for n, p in zip(names, pictures, strict=True)}
    classes, boxes = _annotations(texts, sizes)
    if not any(boxes.values()):
        raise PictureError("boxes-none", "no boxes are given: COCO JSON, or a text file beside each picture, is wanted")
    x = np.stack([_padded(p) for p in pictures])
    most = max(len(boxes[n]) for n in names)
    truth = np.zeros((len(names), most, 5), np.float32)
    truth[..., 0] = -1
    for i, name in enumerate(names):
        for k, (label, left, top, wide, high) in enumerate(boxes[name]):
            truth[i, k] = label, *_in_square(left + wide / 2, top + high / 2, wide, high, *sizes[name])
    images: list[BoxedPicture] = [
        {"file": n, "width": sizes[n][0], "height": sizes[n][1], "boxes": [list(b) for b in boxes[n]]} for n in names
    ]
    about: BoxesAbout = {"kind": "boxes", "pictures": len(names), "classes": classes, "images": images}
    return pack_boxes(x, truth, classes), about


def _in_square(x: float, y: float, wide: float, high: float, width: int, height: int) -> tuple[float, ...]:
    """Centre and size in parts of the square around a picture of width × height."""
    side = max(width, height)
    return ((x + (side - width) / 2) / side, (y + (side - height) / 2) / side, wide / side, high / side)


def _padded(picture: Image.Image) -> Array:
    """In the middle of a grey square, 96×96."""
    return np.asarray(ImageOps.pad(picture, (BOXES_SIDE, BOXES_SIDE), Image.Resampling.LANCZOS, color=(128, 128, 128)))


def _annotations(texts: dict[str, str], sizes: dict[str, tuple[int, int]]) -> tuple[list[str], dict[str, list[Box]]]:
    for name, text in texts.items():
        if name.endswith(".json"):
            return _coco(name, text, sizes)
    return _yolo(texts, sizes)


def _coco(name: str, text: str, sizes: dict[str, tuple[int, int]]) -> tuple[list[str], dict[str, list[Box]]]:
    try:
        given = json.loads(text)
        categories = sorted(given["categories"], key=lambda c: c["id"])
        place = {c["id"]: i for i, c in enumerate(categories)}
        classes = [str(c["name"])[:40] for c in categories]
        files = {image["id"]: PurePosixPath(str(image["file_name"])).name for image in given["images"]}
        boxes: dict[str, list[Box]] = {n: [] for n in sizes}
        for number, entry in enumerate(given["annotations"]):
            file = files[entry["image_id"]]
            if file not in sizes:
                raise PictureError(
                    "coco-no-picture",
                    "{file}: annotation {number} is about {picture!r}, which is not in the archive",
                    file=name,
                    number=number,
                    picture=file,
                )
            x, y, w, h = (float(v) for v in entry["bbox"])
            boxes[file].append(
                _checked(("annotation", name, number), place[entry["category_id"]], (x, y, w, h), sizes[file])
            )
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise PictureError(
            "coco-broken", "{file}: this is not COCO JSON ({why})", file=name, why=f"{type(error).__name__}: {error}"
        ) from error
    except PictureError:
        raise
    except ValueError as error:
        raise PictureError("coco-broken", "{file}: {why}", file=name, why=str(error)) from error
    return _limited(classes, boxes)


def _yolo(texts: dict[str, str], sizes: dict[str, tuple[int, int]]) -> tuple[list[str], dict[str, list[Box]]]:
    named = [line.strip()[:40] for line in texts.get("classes.txt", "").splitlines() if line.strip()]
    boxes: dict[str, list[Box]] = {n: [] for n in sizes}
    highest = -1
    for file, (width, height) in sizes.items():
        text = texts.get(f"{PurePosixPath(file).stem}.txt", "")
        for number, line in enumerate(text.splitlines(), 1):
            if not line.strip():
                continue
            where: Where = ("line", f"{PurePosixPath(file).stem}.txt", number)
            try:
                label, x, y, w, h = (float(v) for v in line.split())
            except ValueError as error:
                raise _wrong(
                    "box-numbers", where, "wants five numbers, class x y w h; got {got!r:.60}", got=line.strip()
                ) from error
            if label != int(label) or not 0 <= label < MAX_CLASSES:
                raise _wrong(
                    "box-class", where, "wants a class from 0 to {most}, got {got:g}", most=MAX_CLASSES - 1, got=label
                )
            highest = max(highest, int(label))
            corner = ((x - w / 2) * width, (y - h / 2) * height, w * width, h * height)
            boxes[file].append(_checked(where, int(label), corner, (width, height)))
    classes = named + [str(i) for i in range(len(named), highest + 1)]
    return _limited(classes, boxes)


Where = tuple[str, str, int]
"""Where a box stands: what is counted ("line", "annotation"), the file, the number."""


def _wrong(code: str, where: Where, sentence: str, **params: object) -> PictureError:
    unit, file, number = where
    return PictureError(code, "{file}: {unit} {number} " + sentence, unit=unit, file=file, number=number, **params)


def _checked(where: Where, label: int, box: tuple[float, float, float, float], size: tuple[int, int]) -> Box:
    """A box cut to its picture, or what is wrong with it."""
    x, y, w, h = box
    if not all(map(math.isfinite, box)) or w <= 0 or h <= 0:
        raise _wrong(
            "box-empty",
            where,
            "wants a box with width and height above 0, got {got}",
            got=str([round(v, 2) for v in box]),
        )
    left, top = max(0.0, x), max(0.0, y)
    right, bottom = min(float(size[0]), x + w), min(float(size[1]), y + h)
    if right - left < 1 or bottom - top < 1:
        raise _wrong("box-outside", where, "lies outside its picture of {size[0]}×{size[1]} pixels", size=tuple(size))
    return label, round(left, 2), round(top, 2), round(right - left, 2), round(bottom - top, 2)


def _limited(classes: list[str], boxes: dict[str, list[Box]]) -> tuple[list[str], dict[str, list[Box]]]:
    if not 1 <= len(classes) <= MAX_CLASSES:
        raise PictureError(
            "boxes-classes", "1 to {most} classes are wanted, got {got}", most=MAX_CLASSES, got=len(classes)
        )
    for name, inside in boxes.items():
        if len(inside) > MAX_BOXES:
            raise PictureError(
                "boxes-many",
                "{file}: at most {most} boxes of a picture are read, got {got}",
                file=name,
                most=MAX_BOXES,
                got=len(inside),
            )
    return classes, boxes


def coco_json(about: BoxesAbout) -> dict[str, object]:
    """What `read_boxes` said, as COCO JSON."""
    annotations: list[dict[str, object]] = []
    for number, image in enumerate(about["images"]):
        for label, x, y, w, h in image["boxes"]:
            annotations.append({"id": len(annotations) + 1, "image_id": number, "category_id": int(label),
                                "bbox": [x, y, w, h], "area": w * h, "iscrowd": 0})  # fmt: skip
    return {
        "images": [
            {"id": i, "file_name": image["file"], "width": image["width"], "height": image["height"]}
            for i, image in enumerate(about["images"])
        ],
        "annotations": annotations,
        "categories": [{"id": i, "name": name} for i, name in enumerate(about["classes"])],
    }


def yolo_archive(about: BoxesAbout) -> bytes:
    """What `read_boxes` said, as YOLO's text files in a ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("classes.txt", "".join(f"{name}\n" for name in about["classes"]))
        for image in about["images"]:
            width, height = image["width"], image["height"]
            lines = [
                f"{int(label)} {(x + w / 2) / width:.6f} {(y + h / 2) / height:.6f} {w / width:.6f} {h / height:.6f}\n"
                for label, x, y, w, h in image["boxes"]
            ]
            archive.writestr(f"{PurePosixPath(image['file']).stem}.txt", "".join(lines))
    return out.getvalue()


def holds_boxes(archive: bytes) -> bool:
    """Whether an archive has annotations beside its pictures."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            return any(
                PurePosixPath(n).suffix in (".json", ".txt") and not PurePosixPath(n).name.startswith(".")
                for n in opened.namelist()
            )
    except zipfile.BadZipFile:
        return False
