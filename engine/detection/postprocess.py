"""From a detector's outputs to detections: threshold, suppression, and truth in the same form."""

import numpy as np

from engine.core.types import Array
from engine.detection.boxes import to_corners
from engine.detection.grid import Grid
from engine.detection.nms import nms
from engine.detection.scoring import Detections, Truth


def detections_of(
    outputs: Array, grid: Grid, confidence: float = 0.5, iou_threshold: float = 0.5, by_class: bool = True
) -> list[Detections]:
    """What is left of each image's places after the threshold on the score and NMS, best first."""
    reading = grid.read(outputs)
    scores, classes = reading.scores, reading.classes
    found = []
    for i in range(len(outputs)):
        sure = np.flatnonzero(scores[i] >= confidence)
        boxes, mine, labels = reading.boxes[i, sure], scores[i, sure], classes[i, sure]
        kept = nms(boxes, mine, iou_threshold, labels if by_class else None)
        found.append(Detections(boxes[kept], labels[kept], mine[kept]))
    return found


def truths_of(truth: Array) -> list[Truth]:
    """From (B, N, 5): class, x, y, w, h; class −1 is none."""
    return [Truth(to_corners(rows[rows[:, 0] >= 0, 1:]), rows[rows[:, 0] >= 0, 0].astype(np.int64)) for rows in truth]
