"""The visitor's own pictures: squares of 64 pixels in colour, sorted into classes, as an uploaded file holds them."""

import io

import numpy as np

from engine.core.types import Array, Shape
from engine.data.dataset import Dataset, DatasetKind, datasets
from engine.data.settings import DataSettings
from engine.data.uploads import kept_upload

SIDE = 64
SIDES = (16, 32, 64)
SHAPE: Shape = (32, 32, 3)


def _pack(x: Array, y: Array, classes: list[str]) -> bytes:
    out = io.BytesIO()
    np.savez(out, x=x, y=y, classes=np.array(classes))
    return out.getvalue()


def _unpacked(name: str, settings: DataSettings, what: str) -> tuple[Array, Array, tuple[str, ...]]:
    """Pictures in the size asked for (means of blocks of pixels), y and classes of the file that `upload` names."""
    with np.load(io.BytesIO(kept_upload(settings.get("upload"), what)), allow_pickle=False) as data:
        x, y, classes = data["x"], data["y"], tuple(str(c) for c in data["classes"])
    side = datasets.get(name).shape_at(settings)[0]
    block = x.shape[1] // side
    small = x.reshape(len(x), side, block, side, block, 3).mean(axis=(2, 4), dtype=np.float32) / np.float32(255)
    return small, y, classes


def pack_pictures(x: Array, y: Array, classes: list[str]) -> bytes:
    """x (M, 64, 64, 3) uint8, y (M,) class numbers and the classes' names as the bytes of one npz file."""
    return _pack(x, y.astype(np.uint8), classes)


def pictures_dataset(settings: DataSettings) -> Dataset:
    """The kept file that `upload` names: pictures sorted into classes."""
    x, y, classes = _unpacked("pictures", settings, "set of pictures")
    return Dataset("pictures", "multiclass", "image", x, y.astype(np.float32), ("pixels",), "class", classes)


datasets.add("pictures", DatasetKind("pictures", "multiclass", "image", pictures_dataset, (),
             "pictures of yours, a folder for each class", None, ("pixels",), SHAPE, sides=SIDES,
             uploaded=True))  # fmt: skip
BOXES_SIDE = 96


def pack_boxes(x: Array, truth: Array, classes: list[str]) -> bytes:
    """x (M, 96, 96, 3) uint8, truth (M, N, 5) as scenes have it, and the classes' names as the bytes of an npz file."""
    return _pack(x, truth, classes)


def boxes_dataset(settings: DataSettings) -> Dataset:
    """The kept file that `upload` names: pictures with the visitor's boxes."""
    x, y, classes = _unpacked("own_boxes", settings, "set of pictures with boxes")
    return Dataset("own_boxes", "detection", "image", x, y, ("pixels",), "boxes", classes)


datasets.add("own_boxes", DatasetKind("own_boxes", "detection", "image", boxes_dataset, (),
             "pictures of yours with boxes on them", None, ("pixels",), (96, 96, 3), sides=(32, 48, 96),
             uploaded=True))  # fmt: skip
