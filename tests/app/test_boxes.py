"""Pictures with boxes: COCO JSON and YOLO text files, read and written again, trained on; what is wrong is named."""

import io
import json
import zipfile

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.uploads.boxes import coco_json, read_boxes, yolo_archive
from app.uploads.pictures import PictureError
from tests.app.test_pictures import archive


def picture(box, size=(80, 60), colour="red"):
    image = Image.new("RGB", size, "white")
    x, y, w, h = box
    ImageDraw.Draw(image).rectangle([x, y, x + w - 1, y + h - 1], fill=colour)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


BOXES = [(10, 10, 20, 15), (40, 20, 30, 30), (5, 30, 12, 25), (50, 5, 20, 20)]


def coco(count=4):
    files = {f"{i}.png": picture(BOXES[i % 4]) for i in range(count)}
    about = {
        "images": [{"id": 10 + i, "file_name": f"{i}.png", "width": 80, "height": 60} for i in range(count)],
        "annotations": [
            {"id": i, "image_id": 10 + i, "category_id": 7, "bbox": list(BOXES[i % 4])} for i in range(count)
        ],
        "categories": [{"id": 7, "name": "red"}],
    }
    return files | {"boxes.json": json.dumps(about).encode()}


def read(files):
    return read_boxes(archive(files), 1 << 20, 100)


def test_coco_and_yolo_say_the_same_and_come_back():
    packed, about = read(coco())
    assert about["classes"] == ["red"]
    assert [image["boxes"] for image in about["images"]] == [[[0, *map(float, box)]] for box in BOXES]
    pictures = {name: body for name, body in coco().items() if name.endswith(".png")}
    with zipfile.ZipFile(io.BytesIO(yolo_archive(about))) as texts:
        again, second = read(pictures | {name: texts.read(name) for name in texts.namelist()})
    third, _ = read(pictures | {"a.json": json.dumps(coco_json(about)).encode()})
    for other in (again, third):
        with np.load(io.BytesIO(packed)) as a, np.load(io.BytesIO(other)) as b:
            np.testing.assert_allclose(a["y"], b["y"], atol=1e-4)
            np.testing.assert_array_equal(a["x"], b["x"])
    assert second["classes"] == ["red"]


def test_boxes_lie_on_the_ink_of_the_padded_squares():
    packed, _ = read(coco())
    with np.load(io.BytesIO(packed)) as data:
        for x, (_, cx, cy, w, h) in zip(data["x"], data["y"][:, 0], strict=True):
            ink = np.argwhere((x[..., 0] > 180) & (x[..., 1] < 90))
            found = [*ink.min(axis=0)[::-1], *(ink.max(axis=0)[::-1] + 1)]
            corners = np.array([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2]) * 96
            np.testing.assert_allclose(found, corners, atol=1.6)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"boxes.json": b"{"}, "boxes.json: this is not COCO JSON"),
        ({"boxes.json": b'{"images": []}'}, "this is not COCO JSON .KeyError"),
        ({"boxes.json": None, "0.txt": b"0 0.5 0.5\n"}, "0.txt: line 1 wants five numbers"),
        (
            {"boxes.json": None, "0.txt": b"0 0.5 0.5 0 0.2\n"},
            "line 1 wants a box with width and height above 0",
        ),
        ({"boxes.json": None, "0.txt": b"0 3 3 0.2 0.2\n"}, "0.txt: line 1 lies outside its picture of 80×60 pixels"),
        ({"boxes.json": None, "0.txt": b"99 0.5 0.5 0.2 0.2\n"}, "wants a class from 0 to 19, got 99"),
        ({"boxes.json": None, "0.txt": b"\n"}, "1 to 20 classes are wanted, got 0"),
        ({"0.png": b"no picture"}, "0.png: this cannot be read as a picture"),
    ],
)
def test_what_is_wrong_is_named(change, words):
    files = {name: body for name, body in (coco() | change).items() if body is not None}
    with pytest.raises(PictureError, match=words):
        read(files)


def test_a_detector_trains_on_a_visitors_boxes(server):
    form = [("files", (name, body)) for name, body in coco(12).items()]
    made = server.api.post("/datasets", files=form)
    assert made.status_code == 201, made.text
    upload = made.json()
    assert (upload["kind"], upload["pictures"]) == ("boxes", 12)
    layers = [
        {"id": "c1", "type": "Conv2D", "filters": 8, "strides": 4, "padding": "same", "activation": "leaky_relu"},
        {"id": "c2", "type": "Conv2D", "filters": 8, "strides": 2, "padding": "same", "activation": "leaky_relu"},
        {"id": "out", "type": "Conv2D", "filters": "auto", "kernel_size": 1},
    ]
    data = {"name": "own_boxes", "upload": upload["id"], "size": 48, "split": {"train": 0.7, "cv": 0.2}}
    spec = {"data": data, "layers": layers, "optimizer": {"name": "Adam", "learning_rate": 0.01}, "batch_size": 4}
    run, headers = server.run(spec=spec)
    server.command(run, headers, op="step", unit="epoch", count=60)
    rows = server.rows_of(run, server.state(run)["state"]["step"])
    assert rows[-1][3] < 0.3 * rows[0][3]
    exported = server.api.get(f"/datasets/{upload['id']}/boxes").json()
    assert len(exported["annotations"]) == 12
    assert server.api.get(f"/datasets/{upload['id']}/boxes", params={"format": "yolo"}).content[:2] == b"PK"
    assert server.api.get("/datasets/none/boxes").status_code == 404
