"""Detection: overlaps, suppression, anchors, grids, losses, scoring, windows; empty, degenerate and huge inputs."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Sequential, layers
from engine.data import datasets
from engine.detection import (
    Detections,
    Grid,
    Localisation,
    Truth,
    Yolo,
    average_precision,
    giou,
    iou,
    kmeans_anchors,
    kmeans_steps,
    mean_average_precision,
    nms,
    nms_steps,
    precision_recall,
    soft_nms,
    to_centres,
    to_corners,
)
from engine.detection.postprocess import detections_of, truths_of
from engine.detection.sliding import convolutional, crops, scores_by_crops, total_stride
from engine.gradient_check import check_gradients

NOTHING = np.zeros((0, 4))
numbers = st.floats(-50, 50, allow_nan=False, width=32)


def random_boxes(rng, count, side=1000.0, low=5.0, high=100.0):
    centre, size = rng.uniform(0, side, (count, 2)), rng.uniform(low, high, (count, 2))
    return np.concatenate([centre - size / 2, centre + size / 2], axis=1)


def pixel_iou(a, b):
    """By counting pixels."""
    masks = []
    for x1, y1, x2, y2 in (a, b):
        mask = np.zeros((40, 40), bool)
        mask[y1:y2, x1:x2] = True
        masks.append(mask)
    union = (masks[0] | masks[1]).sum()
    return (masks[0] & masks[1]).sum() / union if union else 0.0


def test_iou_counts_pixels():
    rng = np.random.default_rng(1)
    for _ in range(200):
        a, b = rng.integers(0, 40, (2, 4))
        assert iou(a[None], b[None])[0, 0] == pytest.approx(pixel_iou(a, b))


@given(st.lists(numbers, min_size=8, max_size=8))
@settings(max_examples=300)
def test_iou_and_giou_keep_their_bounds(eight):
    a, b = np.array(eight[:4])[None], np.array(eight[4:])[None]
    share, wider = iou(a, b)[0, 0], giou(a, b)[0, 0]
    assert 0 <= share <= 1 + 1e-12
    assert -1 <= wider <= share + 1e-12
    assert iou(b, a)[0, 0] == share


def test_disjoint_boxes_have_no_overlap_and_giou_tells_how_far_they_are():
    base = np.array([[0.0, 0, 2, 2]])
    near, far = np.array([[3.0, 0, 5, 2]]), np.array([[9.0, 9, 11, 11]])
    assert iou(base, near)[0, 0] == iou(base, far)[0, 0] == 0
    assert giou(base, far)[0, 0] < giou(base, near)[0, 0] < 0
    assert giou(base, base)[0, 0] == 1
    assert iou(NOTHING, base).shape == (0, 1)
    assert iou(base, np.array([[1.0, 1, 1, 1]]))[0, 0] == 0
    with pytest.raises(ValueError, match=r"a wants \(N, 4\), got \(2, 3\)"):
        iou(np.zeros((2, 3)), base)


def test_both_forms_of_a_box_are_one():
    boxes = random_boxes(np.random.default_rng(0), 20)
    np.testing.assert_allclose(to_corners(to_centres(boxes)), boxes)


def plain_nms(boxes, scores, threshold):
    left, kept = list(np.argsort(-scores, kind="stable")), []
    while left:
        best = left.pop(0)
        kept.append(int(best))
        left = [i for i in left if iou(boxes[best][None], boxes[i][None])[0, 0] <= threshold]
    return kept


@pytest.mark.parametrize("threshold", [0.0, 0.1, 0.5, 0.9, 1.0])
@pytest.mark.parametrize(("side", "low", "high"), [(300, 5, 100), (60, 20, 60), (2000, 1, 900)])
def test_suppression_is_the_plain_loops(threshold, side, low, high):
    rng = np.random.default_rng(3)
    boxes, scores = random_boxes(rng, 250, side, low, high), rng.random(250)
    boxes[:5] = boxes[5:10]  # doubles
    boxes[10:14, 2:] = boxes[10:14, :2]  # and empty ones
    wanted = plain_nms(boxes, scores, threshold)
    assert nms(boxes, scores, threshold).tolist() == wanted
    assert [step.kept for step in nms_steps(boxes, scores, threshold)] == wanted


@pytest.mark.parametrize("kind", ["random", "cluster", "mixed"])
def test_many_boxes_are_suppressed_right_and_soon(kind):
    rng = np.random.default_rng(5)
    count = 10_000
    if kind == "random":
        boxes = random_boxes(rng, count)
    elif kind == "cluster":
        boxes = random_boxes(rng, 20, 900)[rng.integers(0, 20, count)] + rng.normal(0, 4, (count, 4))
    else:
        boxes = random_boxes(rng, count, 1000, 1, 400)
    scores = rng.random(count)
    start = time.thread_time()
    kept = nms(boxes, scores, 0.5)
    assert time.thread_time() - start < 2  # some 30 ms of the processor; see make bench for the time
    assert kept.tolist() == [step.kept for step in nms_steps(boxes, scores, 0.5)]


def test_classes_are_suppressed_by_themselves():
    boxes = np.array([[0.0, 0, 10, 10], [1, 1, 11, 11], [0, 0, 10, 10]])
    scores, labels = np.array([0.9, 0.8, 0.7]), np.array([0, 0, 1])
    assert nms(boxes, scores, 0.5, labels).tolist() == [0, 2]
    assert nms(boxes, scores, 0.5).tolist() == [0]
    assert [s.struck for s in nms_steps(boxes, scores, 0.5)] == [(1, 2)]


def test_empty_and_wrong_inputs_of_suppression():
    assert nms(NOTHING, np.zeros(0)).tolist() == []
    assert list(nms_steps(NOTHING, np.zeros(0))) == []
    assert soft_nms(NOTHING, np.zeros(0))[0].tolist() == []
    with pytest.raises(ValueError, match="as many scores as boxes, got 1 and 2"):
        nms(np.zeros((2, 4)), np.zeros(1))
    with pytest.raises(ValueError, match="finite"):
        nms(np.full((1, 4), np.nan), np.ones(1))
    with pytest.raises(ValueError, match=r"IoU threshold from 0 to 1, got 1\.5"):
        nms(np.zeros((1, 4)), np.ones(1), 1.5)


def test_soft_suppression_lowers_scores():
    boxes = np.array([[0.0, 0, 10, 10], [0, 0, 10, 8], [50, 50, 60, 60]])
    scores = np.array([0.9, 0.8, 0.3])
    order, lowered = soft_nms(boxes, scores, sigma=0.5)
    assert order.tolist() == [0, 2, 1]
    assert lowered[2] == pytest.approx(0.8 * np.exp(-(0.8**2) / 0.5))
    order, lowered = soft_nms(boxes, scores, method="linear", iou_threshold=0.3)
    assert dict(zip(order, lowered, strict=True))[1] == pytest.approx(0.8 * 0.2)
    with pytest.raises(ValueError, match="gaussian or linear, got 'hard'"):
        soft_nms(boxes, scores, method="hard")


def test_kmeans_finds_the_shapes_boxes_come_in():
    rng = np.random.default_rng(0)
    shapes = np.array([[0.1, 0.3], [0.3, 0.1], [0.5, 0.5]])
    sizes = shapes[rng.integers(0, 3, 300)] * rng.uniform(0.92, 1.08, (300, 2))
    found = kmeans_anchors(sizes, 3, seed=1)
    np.testing.assert_allclose(found[np.lexsort((found[:, 0], found.prod(axis=1).round(2)))], shapes, atol=0.02)
    steps = list(kmeans_steps(sizes, 4, seed=2))
    assert len(steps) > 1
    assert steps[-1].mean_iou >= steps[0].mean_iou
    assert (steps[-1].cluster == steps[-2].cluster).all()
    assert kmeans_anchors(np.ones((5, 2)), 3).shape == (3, 2)  # all alike
    with pytest.raises(ValueError, match="1 ≤ k ≤ 5"):
        kmeans_anchors(np.ones((5, 2)), 6)
    with pytest.raises(ValueError, match="above 0"):
        kmeans_anchors(np.zeros((5, 2)), 2)


@pytest.mark.parametrize("anchors", [None, [[0.2, 0.2], [0.5, 0.4]]])
def test_what_is_encoded_is_read_back(anchors):
    truth = datasets.get("scenes_emoji").make({"samples": 20, "seed": 3}).y
    grid = Grid.of((8, 8, (5 + 8) * len(anchors or [1])), anchors)
    target = grid.encode(truth)
    raw = target.reshape(20, 8, 8, -1, 13).copy()
    there = raw[..., 0] > 0
    raw[..., 1:3] = np.log(np.clip(raw[..., 1:3], 1e-9, 1 - 1e-9) / (1 - np.clip(raw[..., 1:3], 1e-9, 1 - 1e-9)))
    raw[..., 0] = np.where(there, 30, -30)
    raw[..., 5:] *= 50
    found = detections_of(raw.reshape(target.shape), grid, 0.5, 1.0)
    for one, true in zip(found, truths_of(truth), strict=True):
        assert len(one.boxes) == len(true.boxes)
        overlap = iou(one.boxes, true.boxes)
        assert overlap.max(axis=0).min() > 0.999
        assert (true.classes[overlap.argmax(axis=1)] == one.classes).all()


def test_the_two_known_failures_of_yolo():
    two = np.array([[[0, 0.51, 0.51, 0.2, 0.2], [1, 0.55, 0.53, 0.4, 0.4]]])
    same = np.array([[[0, 0.51, 0.51, 0.2, 0.2], [1, 0.55, 0.53, 0.2, 0.2]]])
    one_anchor, two_anchors = Grid.of((8, 8, 7), None), Grid.of((8, 8, 14), [[0.2, 0.2], [0.4, 0.4]])
    assert len(one_anchor.assign(two)[0]) == 1  # more objects in a cell than anchors
    assert len(two_anchors.assign(two)[0]) == 2  # anchors of different shapes resolve them
    assert len(two_anchors.assign(same)[0]) == 1  # but not two of one shape
    assert two_anchors.assign(two)[4].tolist() == [0, 1]


def test_only_p_c_counts_where_nothing_is():
    loss = Localisation()
    target = loss.encode(np.full((1, 1, 5), -1.0), (9,), np.dtype(float))
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 1, 9))
    b[0, 0] = a[0, 0]
    assert loss.sums(target, a) == loss.sums(target, b)
    assert [name for name, value in loss.sums(target, a).items() if value] == ["no_object"]


@pytest.mark.parametrize(
    ("loss", "shape"), [(Yolo(None), (3, 3, 8)), (Yolo([[0.3, 0.3], [0.6, 0.4]]), (4, 2, 14)), (Localisation(), (8,))]
)
def test_the_slope_of_a_detection_loss_is_its_numeric_one(loss, shape):
    rng = np.random.default_rng(2)
    truth = np.array([[[1, 0.3, 0.4, 0.3, 0.35], [0, 0.8, 0.7, 0.6, 0.4]], [[-1, 0, 0, 0, 0], [-1, 0, 0, 0, 0]]])
    if len(shape) == 1:
        truth = truth[:, :1]
    units = shape[-1]
    model = Sequential([layers.Dense(units) if len(shape) == 1 else layers.Conv2D(units, 1)], dtype="float64", seed=1)
    x = rng.normal(size=(2, *shape[:-1], 3))
    model.build(x.shape[1:])
    model.compile("SGD", loss)
    check_gradients(model, x, truth)


def test_wrong_targets_and_shapes_are_named():
    with pytest.raises(ValueError, match=r"of 2 anchors wants outputs \(S, S, 2·\(5 \+ K\)\), got \(4, 4, 9\)"):
        Grid.of((4, 4, 9), [[0.1, 0.1], [0.2, 0.2]])
    with pytest.raises(ValueError, match="yolo wants classes 0 to 1, got 2"):
        Yolo().encode(np.array([[[2, 0.5, 0.5, 0.1, 0.1]]]), (4, 4, 7), np.dtype("f4"))
    with pytest.raises(ValueError, match=r"yolo wants boxes \(B, N, 5\)"):
        Yolo().encode(np.zeros((2, 3)), (4, 4, 7), np.dtype("f4"))
    with pytest.raises(ValueError, match="1 to 20 pairs"):
        Yolo([[0.0, 0.1]])


def test_scores_of_known_detections():
    truth = Truth(np.array([[0.0, 0, 10, 10], [20, 20, 30, 30]]), np.array([0, 0]))
    perfect = Detections(truth.boxes, truth.classes, np.array([0.9, 0.8]))
    nothing = Detections(NOTHING, np.zeros(0, int), np.zeros(0))
    assert mean_average_precision([perfect], [truth], 1) == 1
    assert mean_average_precision([nothing], [truth], 1) == 0
    assert np.isnan(average_precision([nothing], [Truth(NOTHING, np.zeros(0, int))], 1)).all()
    assert mean_average_precision([], [], 3) == 0
    double = Detections(truth.boxes[[0, 0]], np.array([0, 0]), np.array([0.9, 0.8]))
    curve = precision_recall([double], [truth], 0)
    assert curve.precision.tolist() == [1, 0.5]  # the second hit of one object is a false alarm
    assert curve.recall.tolist() == [0.5, 0.5]
    assert curve.average_precision == pytest.approx(51 / 101)
    with pytest.raises(ValueError, match="as many images on both sides, got 1 and 0"):
        precision_recall([double], [], 0)


def sliding_net():
    model = Sequential(
        [
            layers.Conv2D(4, 3, activation="relu"), layers.MaxPooling2D(), layers.Conv2D(6, 4, activation="relu"),
            layers.MaxPooling2D(), layers.Flatten(), layers.Dense(8, "relu"), layers.Dense(3, "softmax"),
        ],
        seed=3,
    )  # fmt: skip
    model.build((32, 32, 3))
    return model


def test_one_pass_gives_the_scores_of_every_crop_and_costs_less():
    model = sliding_net()
    picture = np.random.default_rng(0).random((72, 88, 3)).astype(np.float32)
    assert total_stride(model.layers) == 4
    whole = convolutional(model, picture.shape)
    by_crops, one = scores_by_crops(model, picture, 4), whole.predict(picture[None])[0]
    assert by_crops.shape == one.shape == (11, 15, 3)
    np.testing.assert_allclose(by_crops, one, atol=1e-5)
    assert whole.multiplications() < 0.2 * by_crops.shape[0] * by_crops.shape[1] * model.multiplications()
    assert crops(picture, (32, 32), 4)[2, 3].tobytes() == picture[8:40, 12:44].tobytes()


def test_what_cannot_slide_is_said():
    model = Sequential([layers.Conv2D(4, 3, padding="same", name="c"), layers.Flatten(), layers.Dense(2)])
    model.build((16, 16, 3))
    with pytest.raises(ValueError, match=r"Conv2D\('c'\) wants padding 'valid' to slide"):
        convolutional(model, (32, 32, 3))
    with pytest.raises(ValueError, match="1 ≤ window ≤ 20"):
        crops(np.zeros((20, 20, 1)), (24, 24), 2)


@pytest.mark.parametrize("name", ["scenes_emoji", "scenes_digits", "scenes_shapes", "one_emoji"])
def test_boxes_of_scenes_are_exact(name):
    """On an empty canvas a digit's box is the smallest around its ink; all lie inside; the seed decides."""
    kind = datasets.get(name)
    settings_ = {"samples": 30, "seed": 5, "size": 96, "scene": {"clutter": 0.0, "objects": 1, "overlap": 0.0}}
    data = kind.make(settings_)
    np.testing.assert_array_equal(data.y, kind.make(settings_).y)
    box = to_corners(data.y[:, 0, 1:])
    there = data.y[:, 0, 0] >= 0
    assert (box[there] >= -1e-6).all()
    assert (box[there] <= 1 + 1e-6).all()
    assert there.all() == (name != "one_emoji")
    if name == "scenes_digits":
        for picture, corners in zip(data.x[..., 0], np.rint(box * 96).astype(int), strict=True):
            ink = np.argwhere(picture > 0.27)
            np.testing.assert_allclose([*ink.min(axis=0)[::-1], *(ink.max(axis=0)[::-1] + 1)], corners, atol=1)


def test_overlap_and_arrangement_are_obeyed():
    kind = datasets.get("scenes_emoji")
    apart = kind.make({"samples": 60, "scene": {"objects": 5, "overlap": 0.0}}).y
    for rows in apart:
        boxes = to_corners(rows[rows[:, 0] >= 0, 1:].astype(float))
        assert (iou(boxes, boxes)[~np.eye(len(boxes), dtype=bool)] < 1e-6).all()
    crowded = kind.make({"samples": 20, "scene": {"objects": 3, "arrangement": "same_shape"}}).y
    assert (np.ptp(crowded[:, :, 0], axis=1) == 0).all()
    assert np.ptp(crowded[:, :, 1:3], axis=1).max() < 0.2


def test_landmarks_lie_on_the_face():
    data = datasets.get("faces").make({"samples": 40})
    points = data.y.reshape(40, 5, 2)
    assert ((points > 0) & (points < 1)).all()
    assert (points[:, 0, 0] < points[:, 1, 0]).all()  # the left eye is left of the right one
    assert (points[:, :2, 1].mean(axis=1) < points[:, 3:, 1].mean(axis=1)).all()
