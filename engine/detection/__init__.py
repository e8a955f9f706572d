"""Detection: boxes, overlaps, suppression, anchors, grids of targets, losses, scoring, sliding windows."""

from engine.detection.anchors import KMeansStep, kmeans_anchors, kmeans_steps
from engine.detection.boxes import area, giou, intersection, iou, shape_iou, to_centres, to_corners
from engine.detection.grid import Grid, Reading
from engine.detection.losses import TERMS, Localisation, Yolo
from engine.detection.nms import NmsStep, nms, nms_steps, soft_nms
from engine.detection.scoring import (
    COCO_THRESHOLDS,
    Curve,
    Detections,
    Truth,
    average_precision,
    average_precisions,
    curves,
    mean_average_precision,
    precision_recall,
)

__all__ = [
    "COCO_THRESHOLDS",
    "TERMS",
    "Curve",
    "Detections",
    "Grid",
    "KMeansStep",
    "Localisation",
    "NmsStep",
    "Reading",
    "Truth",
    "Yolo",
    "area",
    "average_precision",
    "average_precisions",
    "curves",
    "giou",
    "intersection",
    "iou",
    "kmeans_anchors",
    "kmeans_steps",
    "mean_average_precision",
    "nms",
    "nms_steps",
    "precision_recall",
    "shape_iou",
    "soft_nms",
    "to_centres",
    "to_corners",
]
