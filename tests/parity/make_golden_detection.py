"""Makes golden_detection.npz by pycocotools, OpenCV, PyTorch and torchvision. Run by hand, its output is committed.

pip install torch torchvision pycocotools opencv-python-headless numpy
python tests/parity/make_golden_detection.py
"""

import contextlib
import io
from pathlib import Path

import cv2
import numpy as np
import torch
from pycocotools import mask
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from torchvision.ops import generalized_box_iou

OUT = Path(__file__).with_name("golden_detection.npz")
SIDE, IMAGES, CLASSES = 200, 40, 4


def scene(rng):
    """Truth, and detections that are moved truth, doubles and nonsense; whole pixels so that both sides agree."""
    count = int(rng.integers(0, 8))
    corner, size = rng.integers(0, 140, (count, 2)), rng.integers(8, 60, (count, 2))
    truth = np.concatenate([corner, size], axis=1).astype(float)
    labels = rng.integers(0, CLASSES, count)
    found, kinds = [], []
    for box, label in zip(truth, labels, strict=True):
        for _ in range(int(rng.integers(0, 3))):
            found.append(np.maximum(box + np.rint(rng.normal(0, 4, 4)), [0, 0, 2, 2]))
            kinds.append(label if rng.random() < 0.85 else rng.integers(CLASSES))
    for _ in range(int(rng.integers(0, 4))):
        found.append(np.concatenate([rng.integers(0, 140, 2), rng.integers(8, 60, 2)]).astype(float))
        kinds.append(rng.integers(CLASSES))
    found = np.array(found).reshape(-1, 4)
    return truth, labels, found, np.array(kinds, int), np.round(rng.random(len(found)), 4)


def coco(scenes):
    """Average precision of COCO's own code: (10 IoU thresholds, K), −1 for a class without truth, and its two means."""
    truths, found, number = [], [], 1
    for i, (truth, labels, boxes, kinds, scores) in enumerate(scenes):
        for box, label in zip(truth, labels, strict=True):
            truths.append({"id": number, "image_id": i, "category_id": int(label), "bbox": box.tolist(),
                           "area": float(box[2] * box[3]), "iscrowd": 0})  # fmt: skip
            number += 1
        found += [{"image_id": i, "category_id": int(k), "bbox": b.tolist(), "score": float(s)}
                  for b, k, s in zip(boxes, kinds, scores, strict=True)]  # fmt: skip
    with contextlib.redirect_stdout(io.StringIO()):
        known = COCO()
        known.dataset = {"images": [{"id": i} for i in range(len(scenes))], "annotations": truths,
                         "categories": [{"id": k} for k in range(CLASSES)]}  # fmt: skip
        known.createIndex()
        evaluation = COCOeval(known, known.loadRes(found), "bbox")
        evaluation.params.maxDets = [1, 10, 100]
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    precision = evaluation.eval["precision"][:, :, :, 0, 2]  # (thresholds, recalls, classes)
    table = np.where((precision > -1).all(axis=1), precision.mean(axis=1), -1)
    return table, evaluation.stats[:2]


def yolo_reference(t, target, anchors, box, none, kind):
    """The loss of engine/detection/losses.py written down again in PyTorch; (B, S, S, A, D)."""
    z, p = t[..., 0], target[..., 0]
    cross = torch.nn.functional.binary_cross_entropy_with_logits(z, p, reduction="none")
    seen = p > 0
    n = len(t)
    centre = ((torch.sigmoid(t[..., 1:3]) - target[..., 1:3]) ** 2).sum(-1)
    size = ((t[..., 3:5] - target[..., 3:5]) ** 2).sum(-1)
    classes = torch.nn.functional.cross_entropy(t[seen][:, 5:], target[seen][:, 5:].argmax(-1), reduction="sum")
    return torch.stack([
        (cross * p).sum() / n, none * (cross * (1 - p)).sum() / n,
        box * centre[seen].sum() / n, box * size[seen].sum() / n, kind * classes / n,
    ])  # fmt: skip


def main():
    rng = np.random.default_rng(20261124)
    out = {}
    scenes = [scene(rng) for _ in range(IMAGES)]
    for name, parts in zip(("truth", "labels", "found", "kinds", "scores"), zip(*scenes, strict=True), strict=True):
        out[f"coco/{name}"] = np.concatenate(parts)
        out[f"coco/{name}_count"] = np.array([len(p) for p in parts])
    out["coco/ap"], out["coco/stats"] = coco(scenes)
    a, b = rng.uniform(0, 100, (30, 4)), rng.uniform(0, 100, (20, 4))
    out["iou/a"], out["iou/b"] = a, b  # x, y, w, h
    out["iou/value"] = mask.iou(a, b, [0] * len(b))
    for i, (count, threshold) in enumerate(((5, 0.5), (60, 0.3), (200, 0.5), (400, 0.7), (300, 0.0))):
        boxes = np.concatenate([rng.integers(0, 160, (count, 2)), rng.integers(4, 60, (count, 2))], axis=1)
        scores = rng.permutation(count) / count + 0.001
        kept = cv2.dnn.NMSBoxes(boxes.tolist(), scores.tolist(), 0.0, threshold)
        out |= {f"nms/{i}/boxes": boxes, f"nms/{i}/scores": scores, f"nms/{i}/threshold": np.array(threshold),
                f"nms/{i}/kept": np.array(kept).reshape(-1)}  # fmt: skip
    boxes, scores, labels = out["nms/2/boxes"], out["nms/2/scores"], rng.integers(0, 3, 200)
    kept = cv2.dnn.NMSBoxesBatched(boxes.tolist(), scores.tolist(), labels.tolist(), 0.0, 0.4)
    out |= {"nms/classes": labels, "nms/by_class": np.array(kept).reshape(-1)}
    for i, (grid, anchors, classes) in enumerate(((4, 1, 3), (5, 3, 8), (1, 1, 4))):
        depth = 5 + classes
        t = torch.tensor(rng.normal(0, 1.5, (6, grid, grid, anchors, depth)), requires_grad=True)
        target = np.zeros(t.shape)
        there = rng.random(t.shape[:-1]) < 0.2
        target[..., 0] = there
        target[there, 1:3] = rng.random((there.sum(), 2))
        target[there, 3:5] = rng.normal(0, 0.7, (there.sum(), 2))
        target[there, 5:] = np.eye(classes)[rng.integers(0, classes, there.sum())]
        weights = (4.0, 0.7, 1.3)
        terms = yolo_reference(t, torch.tensor(target), anchors, *weights)
        terms.sum().backward()
        out |= {f"yolo/{i}/t": t.detach().numpy(), f"yolo/{i}/target": target, f"yolo/{i}/weights": np.array(weights),
                f"yolo/{i}/terms": terms.detach().numpy(), f"yolo/{i}/slope": t.grad.numpy()}  # fmt: skip
    boxes, scores = out["nms/1/boxes"], out["nms/1/scores"]
    for name, method in (("linear", 1), ("gaussian", 2)):  # cv2.dnn.SOFT_NMSMETHOD_SOFTNMS_*
        lowered, kept = cv2.dnn.softNMSBoxes(boxes.tolist(), scores.tolist(), 0.05, 0.3, sigma=0.5, method=method)
        out |= {f"soft/{name}/kept": np.array(kept).reshape(-1), f"soft/{name}/scores": np.array(lowered).reshape(-1)}
    ours = [np.concatenate([xywh[:, :2], xywh[:, :2] + xywh[:, 2:]], axis=1) for xywh in (a, b)]
    out["giou"] = generalized_box_iou(*map(torch.tensor, ours)).numpy()
    np.savez_compressed(OUT, **out)


if __name__ == "__main__":
    main()
