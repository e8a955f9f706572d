"""A process that carries one photograph through one full-size architecture: `python -m app.jobs.walk NAME PICTURE`.

Prints a line of JSON for every layer: its shape, parameters, multiplications, seconds and first maps.
"""

import base64
import contextlib
import os
import sys
from typing import Any

import numpy as np
import orjson

from engine.core.shards import set_threads
from engine.core.types import Array
from engine.data.real import load
from engine.zoo import architectures, describe, walk

MOST_MAPS = 12
MAP_SIDE = 28


def picture_of(name: str, shape: tuple[int, ...]) -> Array:
    """A photograph as a net's input: the middle of its 256×256 pixels, in colour or as grey, whole or thinned."""
    data = load("photographs")
    height, width, channels = shape
    whole = data.x[data.classes.index(name)]
    if height < 128:  # small nets see all of it
        block = whole.shape[0] // height
        whole = whole[: block * height, : block * width].reshape(height, block, width, block, 3).mean(axis=(1, 3))
    top, left = (whole.shape[0] - height) // 2, (whole.shape[1] - width) // 2
    cut = whole[top : top + height, left : left + width]
    shown: Array = cut if channels == 3 else cut.mean(axis=2, keepdims=True)
    return np.asarray(shown[None], np.float32)


def sprites(output: Array) -> dict[str, Any]:
    """The first maps of a layer, thinned: shape (n, h, w) and uint8 with 128 at zero as base64."""
    if output.ndim != 4:
        return {}
    step = -(-max(output.shape[1:3]) // MAP_SIDE)
    maps = np.moveaxis(output[0, ::step, ::step, :MOST_MAPS], 2, 0)
    top = np.abs(maps).max(axis=(1, 2), keepdims=True)
    pixels = (maps * (127 / np.where(top > 0, top, 1)) + 128.5).astype(np.uint8)
    return {"maps": list(pixels.shape), "pixels": base64.b64encode(pixels.tobytes()).decode()}


def say(**line: Any) -> None:
    sys.stdout.buffer.write(orjson.dumps(line) + b"\n")
    sys.stdout.buffer.flush()


def main(name: str, picture: str) -> None:
    """One pass, in both threads."""
    os.nice(5)
    set_threads(2)
    model = architectures.get(name).model()
    say(event="built", parameters=model.count_params())
    for row in walk(model, picture_of(picture, model.input_shape or ())):
        say(event="layer", seconds=row.seconds, **describe(row.layer), **sprites(row.output))
    say(event="done")


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):  # nobody reads any more
        main(*sys.argv[1:3])
