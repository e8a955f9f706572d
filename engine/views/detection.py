"""Views of detectors: boxes beside truth, cells taken apart, suppression, loss terms, anchors, landmarks."""

import numpy as np

from engine.core.arguments import Argument
from engine.core.types import Array
from engine.data.scenes import resized
from engine.detection import nms_steps, to_corners
from engine.detection.anchors import kmeans_steps
from engine.detection.grid import Grid, Reading
from engine.detection.losses import TERMS, DetectionLoss
from engine.detection.postprocess import detections_of
from engine.training.trainer import Trainer
from engine.views.base import (
    EXACT,
    PIXELS,
    QUANTISED,
    Fact,
    Tensor,
    ViewContext,
    ViewResult,
    pixels,
    view,
    when_shown,
)
from engine.zoo.faces import LANDMARK_SIDE, landmarks_of

PART = Argument("part", "choice", "cv", choices=("train", "cv", "test"), doc="which part")
FIRST = Argument("first", "int", 0, minimum=0, doc="the first picture")
COUNT = Argument("count", "int", 4, minimum=1, maximum=16, doc="pictures")
PICTURE = Argument("picture", "int", 0, minimum=-1, doc="which picture of the part; −1: the visitor's probe")
CONFIDENCE = Argument("confidence", "float", 0.5, minimum=0, maximum=1, doc="least score of a box that is shown")
OVERLAP = Argument("iou", "float", 0.5, minimum=0, maximum=1, doc="NMS strikes out what overlaps more")
BY_CLASS = Argument("by_class", "bool", True, doc="NMS for each class by itself")
ROWS = Fact("rows", list[int], "row in the data of each picture")
CLASSES = Fact("classes", list[str], "names of the classes; none: it has nothing to say of this run")
PROBED = when_shown("probe", bool, "whether the first is the visitor's own input")
SIZES = when_shown("anchors", list[list[float]], "width and height of each anchor", "parts of the side")
MOST_CANDIDATES = 150
TERM_ROWS = 80
"""Rows of the loss terms that are sent: as many as a small chart can show."""
MOST_FACES, LEAST_FACE = 8, 8


def grid_of(trainer: Trainer) -> Grid | None:
    """How the model's outputs are read; None if it is no detector."""
    loss = trainer.model.loss
    return loss.grid(trainer.model.output_shape) if isinstance(loss, DetectionLoss) else None


def outputs_of_rows(context: ViewContext, rows: Array) -> tuple[Array, Array, bool]:
    """Outputs for rows of the data, their truth, and whether the visitor's probe stands in the first one's place."""
    trainer = context.trainer
    x, truth = trainer.data.x[rows], np.array(trainer.data.y[rows])
    probed = context.probe is not None
    if context.probe is not None:
        x = np.concatenate([context.probe[None], x[1:]])
        truth[0] = -1 if truth.ndim == 3 else np.nan
    return context.raw_outputs(("outputs of rows", rows.tobytes()), x), truth, probed


@view(
    "pictures",
    "examples of a part as pixels; they do not change: one frame of them is enough",
    Tensor("pictures", "N, H, W, C", PIXELS, "the examples", "0 … 255 for 0 … 1"),
    PART,
    FIRST,
    COUNT,
    Argument("row", "int", -1, minimum=-1, doc="one row of the data instead"),
    ROWS,
)
def pictures(context: ViewContext, part: str, first: int, count: int, row: int) -> ViewResult:
    """pictures (N, H, W, C) uint8."""
    data = context.trainer.data
    if data.dataset.kind != "image":
        return ViewResult({}, {"rows": []})
    rows = context.rows(part, first, count) if row < 0 else np.array([row % len(data.dataset.x)])
    return ViewResult({"pictures": pixels(data.dataset.x[rows])}, {"rows": rows.tolist()})


@view("boxes", "what a detector finds on pictures, beside the truth and who is responsible for it",
      Tensor("found", "n, 7", EXACT, "what is found, a line a box: picture, x1, y1, x2, y2, class, "
             "score", "parts of the side"),
      Tensor("truth", "m, 9", EXACT, "true boxes: picture, x1, y1, x2, y2, class, and row, column and "
             "anchor that are responsible (−1: no place left)", "parts of the side"),
      Tensor("heat", "N, S, R", QUANTISED, "p(object) of each cell, the largest of its anchors", "0 … 1"),
      PART, FIRST, COUNT, CONFIDENCE, OVERLAP, BY_CLASS,
      Fact("grid", list[int] | None, "rows and columns of the detector's grid; null: it is no detector"),
      when_shown("rows", list[int], "row in the data of each picture"),
      PROBED,
      SIZES,
      when_shown("classes", list[str], "names of the classes"),
      when_shown("lost", int, "objects that no place of the grid is left for"))  # fmt: skip
def boxes(
    context: ViewContext, part: str, first: int, count: int, confidence: float, iou: float, by_class: bool
) -> ViewResult:  # fmt: skip
    """found (n, 7): picture, x1, y1, x2, y2 in parts of the side, class, score. truth (m, 9): picture, corners, class,

    and the row, column and anchor that are responsible, −1 where none has a place left. heat (N, S, S): p_c, the
    largest of the anchors, uint8 over 0 … 1.
    """
    trainer, grid = context.trainer, grid_of(context.trainer)
    if grid is None:
        return ViewResult({}, {"grid": None})
    rows = context.rows(part, first, count)
    outputs, truth, probed = outputs_of_rows(context, rows)
    found = [
        np.column_stack([np.full(len(d.scores), i), d.boxes, d.classes, d.scores])
        for i, d in enumerate(detections_of(outputs, grid, confidence, iou, by_class))
    ]
    image, number = np.nonzero(truth[:, :, 0] >= 0)
    place = np.full((*truth.shape[:2], 3), -1.0)
    at, which, row, column, anchor = grid.assign(truth)
    place[at, which] = np.stack([row, column, anchor], axis=1)
    lines = truth[image, number]
    known = np.column_stack([image, to_corners(lines[:, 1:]), lines[:, 0], place[image, number]])
    heat = grid.read(outputs).objectness.reshape(len(rows), grid.rows, grid.columns, -1).max(axis=3)
    return ViewResult(
        {
            "found": np.concatenate(found).astype(np.float32).reshape(-1, 7),
            "truth": known.astype(np.float32).reshape(-1, 9),
            "heat": context.bytes(heat, 0, 1),
        },
        {
            "rows": rows.tolist(), "probe": probed, "grid": [grid.rows, grid.columns], "anchors": grid.anchors.tolist(),
            "classes": list(trainer.data.dataset.classes), "lost": int((known[:, 6] < 0).sum()) if len(known) else 0,
        },
    )  # fmt: skip


def _one(context: ViewContext, part: str, picture: int) -> tuple[Array, Array]:
    """Outputs (1, …) and truth (1, N, 5) of one picture, or of the probe."""
    trainer = context.trainer
    if picture < 0 and context.probe is not None:
        x, truth = context.probe[None], np.full((1, 1, 5), -1.0)
    else:
        rows = context.rows(part, max(picture, 0), 1)
        x, truth = trainer.data.x[rows], trainer.data.y[rows]
    return context.raw_outputs(("outputs of one", part, picture), x), truth


@view("cell", "one cell of the output volume taken apart: its raw numbers, and what they are read as",
      Tensor("raw", "A, D", EXACT, "for each anchor: t_p, t_x, t_y, t_h, t_w and the logits of the classes"),
      Tensor("read", "A, D", EXACT, "the same as read: p_c, b_x, b_y, b_h, b_w and class shares", "cells"),
      Tensor("box", "A, 4", EXACT, "x1, y1, x2, y2", "parts of the side"),
      Tensor("target", "A, D", EXACT, "what training wants there, in the order of read"), PART, PICTURE,
      Argument("row", "int", 0, minimum=0, doc="row of the cell"),
      Argument("column", "int", 0, minimum=0, doc="column of the cell"),
      Fact("grid", list[int] | None, "rows and columns of the detector's grid; null: it is no detector"),
      SIZES,
      when_shown("classes", list[str], "names of the classes"))  # fmt: skip
def cell(context: ViewContext, part: str, picture: int, row: int, column: int) -> ViewResult:
    """raw (A, 5 + K): t_p, t_x, t_y, t_h, t_w, logits. read (A, 5 + K): p_c, b_x, b_y, b_h, b_w in cells, class shares.

    box (A, 4): corners in parts of the side. target (A, 5 + K): what training wants there.
    """
    grid = grid_of(context.trainer)
    if grid is None:
        return ViewResult({}, {"grid": None})
    row, column = min(row, grid.rows - 1), min(column, grid.columns - 1)
    outputs, truth = _one(context, part, picture)
    count, depth = len(grid.anchors), grid.depth
    raw = outputs.reshape(grid.rows, grid.columns, count, depth)[row, column]
    reading = grid.read(outputs)
    places = (row * grid.columns + column) * count + np.arange(count)
    corners = reading.boxes[0, places]
    size = corners[:, 2:] - corners[:, :2]
    centre = (corners[:, 2:] + corners[:, :2]) / 2 * [grid.columns, grid.rows] - [column, row]
    read = np.column_stack([reading.objectness[0, places], centre, size[:, 1] * grid.rows, size[:, 0] * grid.columns])
    shares = reading.shares[0, places][:, : grid.classes]
    target = grid.encode(truth).reshape(grid.rows, grid.columns, count, depth)[row, column]
    return ViewResult(
        {
            "raw": raw.astype(np.float32),
            "read": np.concatenate([read, shares], axis=1).astype(np.float32),
            "box": corners.astype(np.float32),
            "target": target.astype(np.float32),
        },
        {"grid": [grid.rows, grid.columns], "row": row, "column": column, "anchors": grid.anchors.tolist(),
         "classes": list(context.trainer.data.dataset.classes)},
    )  # fmt: skip


@view("suppression", "non-max suppression of one picture, round by round",
      Tensor("candidates", "n, 6", EXACT, "x1, y1, x2, y2, class, score; best first", "parts of the side"),
      Tensor("fate", "n, 3", EXACT, "the round in which each was kept or struck out, the candidate that "
             "struck it out (itself if kept), their IoU"),
      PART, PICTURE, CONFIDENCE, OVERLAP, BY_CLASS,
      Fact("rounds", int, "boxes that are kept, one a round"),
      Fact("places", int, "boxes before any is dropped"),
      CLASSES)  # fmt: skip
def suppression(
    context: ViewContext, part: str, picture: int, confidence: float, iou: float, by_class: bool
) -> ViewResult:  # fmt: skip
    """candidates (n, 6): x1, y1, x2, y2, class, score, best first. fate (n, 3): the round in which it was kept or

    struck out, the candidate that struck it out (itself if kept), and their IoU.
    """
    grid = grid_of(context.trainer)
    if grid is None:
        return ViewResult({}, {"rounds": 0, "places": 0, "classes": []})
    outputs, _ = _one(context, part, picture)
    reading: Reading = grid.read(outputs)
    scores = reading.scores[0]
    order = np.argsort(-scores, kind="stable")
    order = order[scores[order] >= confidence][:MOST_CANDIDATES]
    given, labels = reading.boxes[0, order], reading.classes[0, order]
    fate = np.zeros((len(order), 3))
    kept = 0
    for number, step in enumerate(nms_steps(given, scores[order], iou, labels if by_class else None)):
        fate[step.kept] = number, step.kept, 1
        kept += 1
        for out, overlap in zip(step.struck, step.overlap, strict=True):
            fate[out] = number, step.kept, overlap
    return ViewResult(
        {
            "candidates": np.column_stack([given, labels, scores[order]]).astype(np.float32).reshape(-1, 6),
            "fate": fate.astype(np.float32),
        },
        {"rounds": kept, "places": int(reading.scores.shape[1]), "classes": list(context.trainer.data.dataset.classes)},
    )


@view(
    "loss_terms",
    "the terms of a detector's loss over the steps: object, no object, centre, size, class",
    Tensor(
        "table",
        "n, 6",
        EXACT,
        "step, and the weighted terms object, no object, centre, size, class: means since the row before",
        "J",
    ),
    Fact("terms", list[str], "names of the terms, in the order of the columns"),
)
def loss_terms(context: ViewContext) -> ViewResult:
    """table (N, 6) float32: step and the weighted terms, means over the batches since the row before."""
    table = context.trainer.term_history.table()
    table = table[:: max(1, len(table) // TERM_ROWS)]
    return ViewResult({"table": table.astype(np.float32)} if len(table) else {}, {"terms": list(TERMS)})


@view("anchors", "sizes of the true boxes, the anchors in use, and k-means over the sizes round by round",
      Tensor("sizes", "n, 2", EXACT, "width and height of true boxes of the training part", "parts of the side"),
      Tensor("centres", "r, k, 2", EXACT, "centres of the clusters after each round", "parts of the side"),
      Tensor("cluster", "r, n", PIXELS, "the cluster of each box in each round"),
      Tensor("mean_iou", "r", EXACT, "how well the boxes fit their centres", "IoU"),
      Argument("k", "int", 3, minimum=1, maximum=9, doc="clusters"),
      Argument("seed", "int", 0, minimum=0, maximum=2**32 - 1, doc="another start"),
      Fact("anchors", list[list[float]], "width and height of the anchors in use", "parts of the side"))  # fmt: skip
def anchors(context: ViewContext, k: int, seed: int) -> ViewResult:
    """sizes (n, 2) width and height in parts of the side; centres (rounds, k, 2); cluster (rounds, n) uint8;

    mean_iou (rounds,): how well sizes fit their centre.
    """
    trainer = context.trainer
    if trainer.data.task not in ("detection", "localisation"):
        return ViewResult({}, {"anchors": []})
    lines = trainer.data.y[trainer.data.index["train"]].reshape(-1, 5)
    sizes = lines[lines[:, 0] >= 0, 3:][:400].astype(np.float64)
    if not len(sizes):
        return ViewResult({}, {"anchors": []})
    steps = list(kmeans_steps(sizes, min(k, len(sizes)), seed, rounds=40))
    grid = grid_of(trainer)
    return ViewResult(
        {
            "sizes": sizes.astype(np.float32),
            "centres": np.stack([s.centres for s in steps]).astype(np.float32),
            "cluster": np.stack([s.cluster for s in steps]).astype(np.uint8),
            "mean_iou": np.array([s.mean_iou for s in steps], np.float32),
        },
        {"anchors": grid.anchors.tolist() if grid is not None else []},
    )


@view(
    "points",
    "landmarks on pictures: where the network sees them, beside the truth",
    Tensor("found", "N, L, 2", EXACT, "x, y of each landmark as the network sees it", "parts of the side"),
    Tensor("truth", "N, L, 2", EXACT, "x, y as they are; NaN for a probe", "parts of the side"),
    Tensor("error", "N", EXACT, "mean distance", "parts of the side"),
    PART,
    FIRST,
    COUNT,
    ROWS,
    PROBED,
    when_shown("names", list[str], "names of the landmarks"),
)
def points(context: ViewContext, part: str, first: int, count: int) -> ViewResult:
    """found and truth (N, L, 2): x, y in parts of the side; error (N,): mean distance, in parts of the side."""
    trainer = context.trainer
    if trainer.data.task != "landmarks":
        return ViewResult({}, {"rows": []})
    rows = context.rows(part, first, count)
    outputs, truth, probed = outputs_of_rows(context, rows)
    found, true = outputs.reshape(len(rows), -1, 2), truth.reshape(len(rows), -1, 2)
    error = np.hypot(*np.moveaxis(found - true, 2, 0)).mean(axis=1)
    return ViewResult(
        {"found": found.astype(np.float32), "truth": true.astype(np.float32), "error": error.astype(np.float32)},
        {"rows": rows.tolist(), "probe": probed, "names": list(trainer.data.dataset.classes)},
    )


@view("face_landmarks", "68 landmarks of every face that a trained face detector finds",
      Tensor("points", "n, 68, 2", EXACT, "x, y of the landmarks of each face", "parts of the side"),
      Tensor("picture", "n", PIXELS, "on which picture the face is"),
      PART, FIRST, COUNT, CONFIDENCE, OVERLAP,
      Fact("faces", int, "faces that were found"))  # fmt: skip
def face_landmarks(
    context: ViewContext, part: str, first: int, count: int, confidence: float, iou: float
) -> ViewResult:  # fmt: skip
    """points (n, 68, 2): x, y in parts of the side; picture (n,): on which picture."""
    trainer, grid = context.trainer, grid_of(context.trainer)
    companion = context.inspection.companion
    if grid is None or companion is None:
        return ViewResult({}, {"faces": 0})
    rows = context.rows(part, first, count)
    outputs, _, _ = outputs_of_rows(context, rows)
    x = trainer.data.x[rows]
    crops, corners, numbers = [], [], []
    for i, found in enumerate(detections_of(outputs, grid, confidence, iou)):
        picture = context.probe if i == 0 and context.probe is not None else x[i]
        side = picture.shape[0]
        for box in found.boxes[:MOST_FACES]:
            x1, y1, x2, y2 = np.clip(np.rint(box * side), 0, side).astype(np.int64)
            if min(x2 - x1, y2 - y1) >= LEAST_FACE:
                crops.append(resized(picture[y1:y2, x1:x2], LANDMARK_SIDE, LANDMARK_SIDE))
                corners.append((x1 / side, y1 / side, x2 / side, y2 / side))
                numbers.append(i)
    if not crops:
        return ViewResult({}, {"faces": 0})
    boxes = np.array(corners)[:, None]
    inside = landmarks_of(companion, np.stack(crops))
    points = boxes[..., :2] + inside * (boxes[..., 2:] - boxes[..., :2])
    return ViewResult(
        {"points": points.astype(np.float32), "picture": np.array(numbers, np.uint8)}, {"faces": len(crops)}
    )
