"""The view of sliding windows: a classifier on every crop of a scene, and the same scores in one pass."""

import time
from functools import lru_cache
from typing import TypedDict

import numpy as np

from engine.core.arguments import Argument
from engine.core.errors import EngineError, Param
from engine.core.types import Array, Config
from engine.data import datasets
from engine.data.settings import SceneSettings
from engine.detection.sliding import convolutional, scores_by_crops, total_stride
from engine.views.base import (
    EXACT,
    PIXELS,
    READ_SECONDS,
    Fact,
    Tensor,
    ViewContext,
    ViewResult,
    pixels,
    sometimes,
    view,
    when_shown,
)
from engine.views.detection import CONFIDENCE

SCENE_SIDE = 96


class Refusal(TypedDict):
    """What cannot be done, as in a problem document."""

    code: str
    params: dict[str, Param]
    detail: str


@lru_cache(maxsize=8)
def _sliding_scene(number: int) -> tuple[Array, Array]:
    """A scene of four emoji that a window classifier can look for, and its truth."""
    settings: SceneSettings = {"objects": 3, "smallest": 0.26, "largest": 0.34, "overlap": 0.0, "clutter": 0.3}
    made = datasets.get("scenes_emoji").make(
        {"name": "scenes_emoji", "samples": 40, "seed": 77, "size": SCENE_SIDE, "scene": settings}
    )
    known = [i for i in range(len(made.y)) if (made.y[i, :, 0] < 4).all()]
    row = known[number % len(known)]
    return made.x[row], made.y[row]


@view("sliding", "a classifier on every window of a scene: by crops, and in one pass of the net made convolutional",
      Tensor("picture", "H, W, 3", PIXELS, "the scene", "0 … 255 for 0 … 1"),
      Tensor("crops", "r, c, K", EXACT, "class shares of every window, by crops", "0 … 1"),
      Tensor("pass", "s, t, K", EXACT, "class shares from one pass of the net made convolutional, where it "
             "can be", "0 … 1"),
      Tensor("hits", "n, 6", EXACT, "windows with something: x1, y1, x2, y2, class, share", "parts of the side"),
      Argument("scene", "int", 0, minimum=0, maximum=1000, doc="which scene"),
      Argument("stride", "int", 4, minimum=1, maximum=32, doc="pixels between windows, for crops"),
      CONFIDENCE,
      Fact("classes", list[str], "names of the classes; none: the network is no classifier of coloured windows"),
      when_shown("window", int, "its side", "pixels"),
      when_shown("windows", int, "windows that were looked at"),
      when_shown("side", int, "of the scene", "pixels"),
      when_shown("crop_multiplications", int, "of all windows, one by one"),
      when_shown("crop_seconds", float, "what they took", "seconds"),
      sometimes("pass_multiplications", int, "of the one pass"),
      sometimes("pass_seconds", float, "what it took", "seconds"),
      sometimes("pass_stride", int, "pixels between its windows", "pixels"),
      sometimes("difference", float | None, "the largest where both have a window; null: none", "0 … 1"),
      sometimes("refused", str, "why there is no such pass, in English"),
      sometimes("refusal", Refusal, "the same as a code, which a page can say in any language"),
      every=READ_SECONDS)  # fmt: skip
def sliding(context: ViewContext, scene: int, stride: int, confidence: float) -> ViewResult:
    """picture (96, 96, 3) uint8; crops (r, c, K), pass (r′, c′, K): class shares; hits (n, 6): corners, class, share.

    about: multiplications and seconds of both, the largest difference where both have a window, why there is no pass.
    """
    trainer = context.trainer
    model = trainer.model
    classes = trainer.data.dataset.classes
    shape = trainer.data.input_shape
    if trainer.data.task != "multiclass" or len(shape) != 3 or shape[2] != 3 or shape[0] > SCENE_SIDE:
        return ViewResult({}, {"classes": []})
    picture, _ = _sliding_scene(scene)
    start = time.perf_counter()
    with np.errstate(all="ignore"):
        by_crops = scores_by_crops(model, picture, stride)
    took = time.perf_counter() - start
    window = shape[0]
    count = by_crops.shape[0] * by_crops.shape[1]
    about: Config = {
        "classes": list(classes), "window": window, "stride": stride, "windows": count,
        "crop_multiplications": count * model.multiplications(), "crop_seconds": took, "side": SCENE_SIDE,
    }  # fmt: skip
    tensors: dict[str, Array] = {
        "picture": pixels(picture),
        "crops": by_crops.astype(np.float32),
    }
    try:
        whole = convolutional(model, picture.shape)
        step = total_stride(model.layers)
        start = time.perf_counter()
        with np.errstate(all="ignore"):
            one = whole.predict(picture[None])[0]
        about["pass_seconds"] = time.perf_counter() - start
        about |= {"pass_multiplications": whole.multiplications(), "pass_stride": step}
        about["difference"] = _difference(by_crops, stride, one, step)
        tensors["pass"] = one.astype(np.float32)
    except EngineError as error:
        about["refused"] = str(error)
        about["refusal"] = {"code": error.code, "params": error.params, "detail": str(error)}
    best = by_crops[..., 1:] if "nothing" in classes else by_crops
    row, column = np.nonzero(best.max(axis=2) >= max(confidence, 1e-6))
    labels = best[row, column].argmax(axis=1) + ("nothing" in classes)
    top, left = row * stride / SCENE_SIDE, column * stride / SCENE_SIDE
    wide = window / SCENE_SIDE
    hits = np.column_stack([left, top, left + wide, top + wide, labels, best[row, column].max(axis=1)])
    tensors["hits"] = hits.astype(np.float32).reshape(-1, 6)
    return ViewResult(tensors, about)


def _difference(crops: Array, stride: int, one: Array, step: int) -> float | None:
    """The largest difference of the two at windows that both have."""
    common = np.lcm(stride, step)
    a, b = crops[:: common // stride, :: common // stride], one[:: common // step, :: common // step]
    rows, columns = min(len(a), len(b)), min(a.shape[1], b.shape[1])
    found = np.abs(a[:rows, :columns] - b[:rows, :columns])
    return float(found.max()) if found.size and np.isfinite(found).all() else None
