"""A detector's loss, boxes and scores in plain NumPy loops, with nothing of the engine's: what a page is held against.

After the definitions: YOLO's targets and loss (Redmon et al. 2015, 2016), greedy non-max suppression, and COCO's
average precision at 101 recalls.
"""

import numpy as np

OBJECT = 5
BOX, NONE, LEAST = 5.0, 0.5, 0.01
"""λ of centre and size, λ of p_c where nothing is, and the least score that counts."""
IOUS = np.round(np.arange(0.5, 1.0, 0.05), 2)


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def corners(box):
    x, y, w, h = box
    return np.array([x - w / 2, y - h / 2, x + w / 2, y + h / 2])


def iou(a, boxes):
    """Of one box with several (n, 4 or more)."""
    b = np.asarray(boxes)[:, :4].T
    wide, high = np.minimum(a[2], b[2]) - np.maximum(a[0], b[0]), np.minimum(a[3], b[3]) - np.maximum(a[1], b[1])
    shared = np.maximum(0, wide) * np.maximum(0, high)
    both = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared
    return shared / np.maximum(both, 1e-12)


def places_of(objects, anchors, side):
    """{(row, column, anchor): object} of one picture: the first that wants a place has it."""
    taken = {}
    for label, x, y, w, h in objects[objects[:, 0] >= 0]:
        shared = [min(w, a) * min(h, b) for a, b in anchors]
        fits = [s / (w * h + a * b - s) for s, (a, b) in zip(shared, anchors, strict=True)]
        place = (min(int(y * side), side - 1), min(int(x * side), side - 1), int(np.argmax(fits)))
        taken.setdefault(place, (int(label), x, y, w, h))
    return taken


def loss(outputs, truth, anchors):
    """J of outputs (B, S, S, A·(5 + K)) for objects (B, N, 5): class, x, y, w, h, class −1 for none."""
    b, side = outputs.shape[:2]
    t = outputs.reshape(b, side, side, len(anchors), -1).astype(float)
    total = NONE * np.logaddexp(0, t[..., 0]).sum()
    for i, objects in enumerate(truth):
        for (row, column, a), (label, x, y, w, h) in places_of(objects, anchors, side).items():
            given = t[i, row, column, a]
            total += np.logaddexp(0, -given[0]) - NONE * np.logaddexp(0, given[0])
            total += BOX * (
                (sigmoid(given[1]) - (x * side - column)) ** 2 + (sigmoid(given[2]) - (y * side - row)) ** 2
            )
            total += BOX * ((given[3] - np.log(h / anchors[a][1])) ** 2 + (given[4] - np.log(w / anchors[a][0])) ** 2)
            logits = given[OBJECT:]
            total += np.log(np.exp(logits - logits.max()).sum()) + logits.max() - logits[label]
    return total / b


def candidates(outputs, anchors):
    """Every place of one picture's outputs (S, S, A·(5 + K)): corners, class, score and p_c."""
    side = len(outputs)
    t = outputs.reshape(side, side, len(anchors), -1).astype(float)
    e = np.exp(t[..., OBJECT:] - t[..., OBJECT:].max(axis=-1, keepdims=True))
    shares = e / e.sum(axis=-1, keepdims=True)
    p = sigmoid(t[..., 0])
    found = []
    for row, column, a in np.ndindex(side, side, len(anchors)):
        given = t[row, column, a]
        box = ((column + sigmoid(given[1])) / side, (row + sigmoid(given[2])) / side,
               anchors[a][0] * np.exp(given[4]), anchors[a][1] * np.exp(given[3]))  # fmt: skip
        label = int(shares[row, column, a].argmax())
        found.append((*corners(box), label, p[row, column, a] * shares[row, column, a, label], p[row, column, a]))
    return np.array(found)


def detections(outputs, anchors, confidence, overlap, by_class=True):
    """What is left of one picture's boxes (n, 6): corners, class, score; best first."""
    rows = candidates(outputs, anchors)[:, :6]
    rows = rows[rows[:, 5] >= confidence]
    left, kept = rows[np.argsort(-rows[:, 5], kind="stable")], []
    while len(left):
        kept.append(left[0])
        free = iou(left[0], left) <= overlap
        left = left[1:][(free | ((left[:, 4] != left[0, 4]) if by_class else False))[1:]]
    return np.array(kept).reshape(-1, 6)


def taken(found, boxes, least):
    """For each box found (best first) whether it takes a true one that is still free."""
    free, hits = np.ones(len(boxes), bool), []
    for one in found:
        shared = np.where(free, iou(one, boxes), -1) if len(boxes) else np.array([-1.0])
        hits.append(bool(shared.max() >= least))
        if hits[-1]:
            free[shared.argmax()] = False
    return hits


def average_precision(found, truth, label, least):
    """Over pictures: found (n, 6) and true boxes (m, 5: corners, class) of each; NaN if there are none of the class."""
    total = sum((boxes[:, 4] == label).sum() for boxes in truth)
    if not total:
        return np.nan
    scored = []
    for one, boxes in zip(found, truth, strict=True):
        mine = one[one[:, 4] == label][:100]
        hits = taken(mine, boxes[boxes[:, 4] == label], least)
        scored += list(zip(mine[:, 5], hits, strict=True))
    hits = np.array([hit for _, hit in sorted(scored, key=lambda s: -s[0])], bool)
    good = np.cumsum(hits)
    recall, precision = good / total, good / np.arange(1, len(hits) + 1)
    return np.mean([max(precision[recall >= r - 1e-12], default=0.0) for r in np.linspace(0, 1, 101)])


def scores(outputs, truth, anchors, classes):
    """map50, map and the share of true boxes that are found with a score of a half."""
    found = [detections(each, anchors, LEAST, 0.5) for each in outputs]
    boxes = [np.array([[*corners(o[1:]), o[0]] for o in objects if o[0] >= 0]).reshape(-1, 5) for objects in truth]
    table = np.array([[average_precision(found, boxes, k, least) for k in range(classes)] for least in IOUS])
    hits = 0
    for one, real in zip(found, boxes, strict=True):
        sure = one[one[:, 5] >= 0.5]
        hits += sum(sum(taken(sure[sure[:, 4] == k], real[real[:, 4] == k], 0.5)) for k in np.unique(real[:, 4]))
    return {"map50": np.nanmean(table[0]), "map": np.nanmean(table), "found": hits / max(1, sum(map(len, boxes)))}
