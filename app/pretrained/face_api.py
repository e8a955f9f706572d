"""The weights of @vladmandic/face-api (npm, MIT): in node_modules of a checkout, in an installed package with it."""

import json
from functools import lru_cache
from pathlib import Path

import numpy as np

from app.places import DETECTOR, LANDMARKS, MODULES, WEIGHTS
from engine.core.types import Array
from engine.sequential import Sequential
from engine.zoo.faces import face_detector_weights, landmark_net

FOLDER = MODULES / WEIGHTS
PRETRAINED = {"tiny_face_detector": DETECTOR}
"""Names that a spec's `pretrained` may have."""


@lru_cache(maxsize=2)
def read_model(name: str, folder: Path = FOLDER) -> dict[str, Array]:
    """The arrays of a model by name; value = q·scale + min where they are quantised."""
    manifest = folder / f"{name}-weights_manifest.json"
    if not manifest.exists():
        raise ValueError(f"the weights of {name} are not here: they come with npm ci (make setup)")
    out: dict[str, Array] = {}
    for group in json.loads(manifest.read_text()):
        body = b"".join((folder / path).read_bytes() for path in group["paths"])
        at = 0
        for entry in group["weights"]:
            how = entry.get("quantization")
            kind = np.dtype(how["dtype"] if how else entry["dtype"])
            count = int(np.prod(entry["shape"]))
            raw = np.frombuffer(body, kind, count, at)
            at += count * kind.itemsize
            values = raw * np.float32(how["scale"]) + np.float32(how["min"]) if how else raw
            out[entry["name"]] = values.astype(np.float32).reshape(entry["shape"])
        if at != len(body):
            raise ValueError(f"the weights of {name} are damaged: {len(body)} bytes, {at} are described")
    return out


def pretrained_weights(name: str | None) -> dict[str, Array] | None:
    """What a spec's `pretrained` stands for, by "layer/weight"; None for nothing."""
    return None if name is None else face_detector_weights(read_model(PRETRAINED[name]))


def companion_of(name: str | None) -> Sequential | None:
    """The net that looks at what a pretrained one finds: 68 landmarks of each face."""
    return None if name is None else landmark_net(read_model(LANDMARKS))
