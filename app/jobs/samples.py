"""A few examples of every data set, for a menu of pictures, as one safetensors file on standard output.

In a process of its own: the sets of pictures take 100 MB while they are read, which go back when it ends.
Its argument is JSON: of each set by its name what a spec says of the data.
"""

import json
import os
import sys

import numpy as np

from app.ipc.tensors import encode_tensors
from engine.core.types import Array
from engine.data import datasets
from engine.data.dataset import Dataset
from engine.data.settings import DataSettings

POINTS = 120
"""Examples of a line, a plane or a table."""
PICTURES = 4
SIDE = 32
"""Pixels of a picture, at most twice as many."""


def rows_of(data: Dataset, most: int) -> Array:
    """Evenly from the whole set; of pictures in classes one of each, as far as that goes."""
    if data.kind == "image" and data.classes and data.y.ndim == 1:
        first = [int(np.flatnonzero(data.y == c)[0]) for c in range(len(data.classes)) if (data.y == c).any()]
        return np.asarray(first[:most])
    return np.asarray(np.unique(np.linspace(0, len(data.x) - 1, most).astype(int)))


def telling(data: Dataset) -> list[int]:
    """The two inputs that tell the most examples apart, in their order; what is measured beats what is counted."""
    different = [len(np.unique(column)) for column in data.x.T]
    return sorted(sorted(range(len(different)), key=lambda i: -different[i])[:2])


def small(pictures: Array) -> Array:
    """(N, H, W, C) from 0 to 1, as uint8: means over blocks until a side has at most 2·SIDE − 1 pixels."""
    n, height, width, channels = pictures.shape
    block = max(1, min(height, width) // SIDE)
    cut = pictures[:, : height // block * block, : width // block * block]
    blocks = cut.reshape(n, height // block, block, width // block, block, channels).mean(axis=(2, 4))
    whole: Array = np.rint(blocks * 255).astype(np.uint8)
    return whole


def samples(specs: dict[str, DataSettings]) -> bytes:
    tensors: dict[str, Array] = {}
    about: dict[str, object] = {}
    for name, spec in specs.items():
        data = datasets.get(name).make(spec)
        image = data.kind == "image"
        rows = rows_of(data, PICTURES if image else POINTS)
        columns = [] if image else telling(data)
        x = data.x[rows]
        tensors[f"{name}/x"] = small(x) if image else np.ascontiguousarray(x[:, columns], np.float32)
        if not image:
            tensors[f"{name}/y"] = np.asarray(data.y[rows], np.float32)
        bounds = data.bounds or [(float(data.x[:, i].min()), float(data.x[:, i].max())) for i in columns]
        about[name] = {"kind": data.kind, "task": data.task, "classes": data.outputs, "bounds": bounds}
    return encode_tensors(tensors, {"kind": "samples", "about": about})


if __name__ == "__main__":
    os.nice(5)
    sys.stdout.buffer.write(samples(json.loads(sys.argv[1])))
