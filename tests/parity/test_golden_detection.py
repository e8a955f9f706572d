"""Detection against pycocotools, OpenCV, PyTorch and torchvision (make_golden_detection.py)."""

from pathlib import Path

import numpy as np
import pytest

from engine import Sequential, layers
from engine.detection import (
    COCO_THRESHOLDS,
    Detections,
    Truth,
    Yolo,
    average_precisions,
    giou,
    iou,
    mean_average_precision,
    nms,
    soft_nms,
)

GOLDEN = dict(np.load(Path(__file__).with_name("golden_detection.npz")))


def corners(boxes):
    return np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1).astype(float)


def parts(name):
    return np.split(GOLDEN[f"coco/{name}"], np.cumsum(GOLDEN[f"coco/{name}_count"])[:-1])


def test_iou_is_cocos():
    ours = iou(corners(GOLDEN["iou/a"]), corners(GOLDEN["iou/b"]))
    np.testing.assert_allclose(ours, GOLDEN["iou/value"], atol=1e-12)


def test_giou_is_torchvisions():
    ours = giou(corners(GOLDEN["iou/a"]), corners(GOLDEN["iou/b"]))
    np.testing.assert_allclose(ours, GOLDEN["giou"], atol=1e-12)


def test_average_precision_is_cocos():
    found = [Detections(corners(b), k, s) for b, k, s in zip(*map(parts, ("found", "kinds", "scores")), strict=True)]
    truths = [Truth(corners(b), k) for b, k in zip(parts("truth"), parts("labels"), strict=True)]
    ours = average_precisions(found, truths, 4, COCO_THRESHOLDS)
    np.testing.assert_allclose(np.nan_to_num(ours, nan=-1), GOLDEN["coco/ap"], atol=1e-9)
    assert mean_average_precision(found, truths, 4) == pytest.approx(GOLDEN["coco/stats"][0], abs=1e-9)
    assert mean_average_precision(found, truths, 4, (0.5,)) == pytest.approx(GOLDEN["coco/stats"][1], abs=1e-9)


@pytest.mark.parametrize("case", range(5))
def test_suppression_is_opencvs(case):
    boxes, scores = corners(GOLDEN[f"nms/{case}/boxes"]), GOLDEN[f"nms/{case}/scores"]
    ours = nms(boxes, scores, float(GOLDEN[f"nms/{case}/threshold"]))
    assert ours.tolist() == GOLDEN[f"nms/{case}/kept"].tolist()


def test_suppression_by_class_is_opencvs():
    boxes, scores = corners(GOLDEN["nms/2/boxes"]), GOLDEN["nms/2/scores"]
    ours = nms(boxes, scores, 0.4, GOLDEN["nms/classes"])
    assert sorted(ours.tolist()) == sorted(GOLDEN["nms/by_class"].tolist())


@pytest.mark.parametrize("method", ["linear", "gaussian"])
def test_soft_suppression_is_opencvs(method):
    boxes, scores = corners(GOLDEN["nms/1/boxes"]), GOLDEN["nms/1/scores"]
    kept, lowered = soft_nms(boxes, scores, 0.5, 0.05, method, 0.3)
    assert kept.tolist() == GOLDEN[f"soft/{method}/kept"].tolist()
    np.testing.assert_allclose(lowered, GOLDEN[f"soft/{method}/scores"], atol=1e-5)


@pytest.mark.parametrize("case", range(3))
def test_the_loss_and_its_slope_are_pytorchs(case):
    t, target = GOLDEN[f"yolo/{case}/t"], GOLDEN[f"yolo/{case}/target"]
    box, none, kind = GOLDEN[f"yolo/{case}/weights"].tolist()
    count = t.shape[3]
    anchors = [[0.2 + 0.1 * i, 0.3] for i in range(count)]
    loss = Yolo(anchors, box, none, kind)
    flat = (len(t), *t.shape[1:3], -1)
    outputs, wanted = t.reshape(flat), target.reshape(flat)
    np.testing.assert_allclose(list(loss.sums(wanted, outputs).values()), GOLDEN[f"yolo/{case}/terms"], rtol=1e-10)
    # through a model whose weights are 1: ∂J/∂W of a 1×1 depthwise convolution is Σ ∂J/∂y·x
    channels = outputs.shape[3]
    model = Sequential([layers.DepthwiseConv2D(1, use_bias=False)], dtype="float64")
    model.build(outputs.shape[1:])
    model.compile("SGD", loss)
    model.set_weights([np.ones((1, 1, channels, 1))])
    value, (slope,) = model.gradients(outputs, wanted)
    assert value == pytest.approx(GOLDEN[f"yolo/{case}/terms"].sum(), rel=1e-10)
    known = (GOLDEN[f"yolo/{case}/slope"].reshape(flat) * outputs).sum(axis=(0, 1, 2))
    np.testing.assert_allclose(slope.reshape(-1), known, rtol=1e-8, atol=1e-10)
