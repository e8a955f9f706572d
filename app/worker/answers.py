"""Answers that change nothing: what a model says, which data it has, what an uploaded file holds."""

from typing import Any

import numpy as np

from app.errors import Refused
from app.errors.sentences import DEEP
from app.ipc.messages import File, Inspect, Inspected, Pictures, PicturesRead, Predict, Predicted, TableRead
from app.ipc.tensors import encode_tensors
from engine.core.numbers import compact, in_dtype
from engine.core.types import Array
from engine.data import prepare
from engine.data.uploads import keep_upload, parse_csv
from engine.training import Trainer
from engine.views import ViewContext


def predicted(trainer: Trainer, question: Predict) -> Predicted:
    """Model outputs for raw inputs, in raw units; with every layer's z and a if asked."""
    data = trainer.data
    try:
        raw = in_dtype(question.inputs, np.float64, "inputs")
    except RecursionError as error:
        raise Refused(*DEEP) from error
    if raw.shape[1:] != data.dataset.shape:
        expected = ", ".join(map(str, ("B", *data.dataset.shape)))
        raise Refused(
            "inputs-shape", f"inputs wants shape ({expected}), got {{got}}", wanted=data.dataset.shape, got=raw.shape
        )
    forward = ViewContext(trainer).forward("predict", data.encode(raw))
    outputs = np.moveaxis(forward.outputs[trainer.model.layers[-1].name], -1, 0)
    if data.task == "regression":
        outputs = data.answers(np.ascontiguousarray(outputs))
    tensors = {"outputs": _lists(outputs)}
    if question.activations:
        tensors |= {f"{name}/a": _lists(np.moveaxis(a, -1, 0)) for name, a in forward.outputs.items()}
        tensors |= {f"{name}/z": _lists(np.moveaxis(z, -1, 0)) for name, z in forward.z.items()}
    return Predicted(*trainer.at, list(data.dataset.classes), tensors)


def _lists(numbers: Array) -> list[Any]:
    """Nested lists; what is not finite has no place in JSON and becomes None."""
    finite = np.isfinite(numbers)
    if not finite.all():
        numbers = numbers.astype(object)
        numbers[~finite] = None
    lists: list[Any] = numbers.tolist()
    return lists


OF_NO_PART = 3
"""Where the parts are said: an example that none has, because the training part is wanted smaller (train_rows)."""


def examples(run: str, trainer: Trainer, most: int) -> File:
    """The examples as measured, in order, with their parts; at most `most` of them."""
    data = trainer.data
    part = np.full(len(data.y), OF_NO_PART, np.uint8)
    for number, name in enumerate(("train", "cv", "test")):
        part[data.index[name]] = number
    one = data.y.shape[1:] == (1,)
    y = data.answers(data.y[:, 0]) if one else data.y
    image = data.dataset.kind == "image"
    x = np.rint(data.dataset.x[:most] * 255).astype(np.uint8) if image else compact(data.dataset.x[:most])
    about = {
        "kind": data.dataset.kind,
        "task": data.task,
        "inputs": list(data.dataset.inputs),
        "features": data.input_names,
        "target": data.dataset.target,
        "classes": list(data.dataset.classes),
        "examples": len(data.y),
        "counts": {name: len(rows) for name, rows in data.index.items()},
        "shape": list(data.dataset.shape),
        "bounds": [] if image else [data.bounds(i) for i in range(len(data.dataset.inputs))],
    }
    tensors = {"x": x, "y": compact(y[:most]), "part": part[:most]}
    meta = {"kind": "data", "run": run, "revision": str(trainer.revision), "about": about}
    return File(encode_tensors(tensors, meta))


def weights(trainer: Trainer) -> File:
    at = {key: str(number) for key, number in trainer.at.plain().items()}
    return File(encode_tensors(trainer.weights(), {**at, "spec": trainer.spec}))


def table(content: bytes) -> TableRead:
    """What an uploaded CSV is."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(
            "csv-not-utf8", "the file is not UTF-8 text: byte {byte} cannot be read", "file", byte=error.start
        ) from error
    return TableRead(parse_csv(text).describe())


def pictures(question: Pictures) -> PicturesRead:
    """Reads an archive of pictures, in folders or with boxes. Pillow is loaded here: a tenth of a worker's memory."""
    from app.uploads import PictureError, holds_boxes, read_boxes, read_pictures  # noqa: PLC0415

    read = read_boxes if holds_boxes(question.archive) else read_pictures
    try:
        packed, about = read(question.archive, question.most_bytes, question.most_pictures)
    except PictureError as error:
        raise Refused.of(error, "file") from error
    return PicturesRead(about, packed)


def inspected(question: Inspect) -> Inspected:
    """Facts of the data set that an uploaded file holds."""
    keep_upload(question.upload.id, question.upload.content)
    data = prepare(question.data).dataset
    return Inspected(data.task, data.kind, data.outputs, list(data.inputs), list(data.classes), len(data.y),
                     list(data.shape))  # fmt: skip
