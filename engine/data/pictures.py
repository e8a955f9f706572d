"""The visitor's own pictures: squares of 64 pixels in colour, sorted into classes, as an uploaded file holds them."""

import io
from typing import Any

import numpy as np

from engine.core.types import Array, Shape
from engine.data.dataset import Dataset, DatasetKind, datasets
from engine.data.own import kept_upload

SIDE = 64
SIDES = (16, 32, 64)
SHAPE: Shape = (32, 32, 3)


def pack_pictures(x: Array, y: Array, classes: list[str]) -> bytes:
    """x (M, 64, 64, 3) uint8, y (M,) class numbers and the classes' names as the bytes of one npz file."""
    out = io.BytesIO()
    np.savez(out, x=x, y=y.astype(np.uint8), classes=np.array(classes))
    return out.getvalue()


def pictures_dataset(settings: dict[str, Any]) -> Dataset:
    """The kept file that `upload` names, in the size asked for: means of blocks of pixels."""
    body = kept_upload(settings.get("upload"), "set of pictures")
    with np.load(io.BytesIO(body), allow_pickle=False) as data:
        x, y, classes = data["x"], data["y"].astype(np.float32), tuple(str(c) for c in data["classes"])
    side = datasets.get("pictures").shape_at(settings)[0]
    block = SIDE // side
    small = x.reshape(len(x), side, block, side, block, 3).mean(axis=(2, 4), dtype=np.float32) / np.float32(255)
    task = "multiclass"
    return Dataset("pictures", task, "image", small, y, ("pixels",), "class", classes)


datasets.add("pictures", DatasetKind("pictures", "multiclass", "image", pictures_dataset, (),
             "pictures of yours, a folder for each class", None, ("pixels",), SHAPE, sides=SIDES))  # fmt: skip
BOXES_SIDE = 96


def pack_boxes(x: Array, truth: Array, classes: list[str]) -> bytes:
    """x (M, 96, 96, 3) uint8, truth (M, N, 5) as scenes have it, and the classes' names as the bytes of an npz file."""
    out = io.BytesIO()
    np.savez(out, x=x, y=truth, classes=np.array(classes))
    return out.getvalue()


def boxes_dataset(settings: dict[str, Any]) -> Dataset:
    """The kept file that `upload` names: pictures with the visitor's boxes."""
    body = kept_upload(settings.get("upload"), "set of pictures with boxes")
    with np.load(io.BytesIO(body), allow_pickle=False) as data:
        x, y, classes = data["x"], data["y"], tuple(str(c) for c in data["classes"])
    side = datasets.get("own_boxes").shape_at(settings)[0]
    block = BOXES_SIDE // side
    small = x.reshape(len(x), side, block, side, block, 3).mean(axis=(2, 4), dtype=np.float32) / np.float32(255)
    return Dataset("own_boxes", "detection", "image", small, y, ("pixels",), "boxes", classes)


datasets.add("own_boxes", DatasetKind("own_boxes", "detection", "image", boxes_dataset, (),
             "pictures of yours with boxes on them", None, ("pixels",), (96, 96, 3), sides=(32, 48, 96)))  # fmt: skip
UPLOADED = ("csv", "pictures", "own_boxes")
"""Data sets that an uploaded file holds."""
