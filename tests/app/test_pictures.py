"""Pictures in folders: read, checked, trained on; what cannot be used is refused with the file's name."""

import base64
import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from app.uploads.pictures import PictureError, read_pictures


def picture(colour, size=(40, 30), form="PNG"):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form)
    return out.getvalue()


def archive(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in files.items():
            made.writestr(name, body)
    return out.getvalue()


def two_classes(count=6):
    rng = np.random.default_rng(0)
    shades = rng.integers(150, 255, (2, count))
    files = {f"mine/red/{i}.png": picture((int(v), 20, 20)) for i, v in enumerate(shades[0])}
    files |= {f"mine/blue/{i}.jpg": picture((20, 20, int(v)), form="JPEG") for i, v in enumerate(shades[1])}
    return files


def read(files, most_bytes=1 << 20, most=100):
    return read_pictures(archive(files), most_bytes, most)


def test_folders_become_classes_and_pictures_squares():
    body, about = read(two_classes() | {"mine/.DS_Store": b"x", "__MACOSX/red/1.png": b"y", "notes.txt": b"z"})
    assert about == {"kind": "pictures", "pictures": 12, "classes": ["blue", "red"], "counts": [6, 6]}
    with np.load(io.BytesIO(body)) as data:
        assert data["x"].shape == (12, 64, 64, 3)
        assert (data["x"][data["y"] == 1][..., 0] > 140).all()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a/1.png": b"not a picture", **two_classes()}, "a.* wants at least 2 pictures, got 1"),
        ({"a/1.png": b"no", "a/2.png": b"no", "b/1.png": b"no", "b/2.png": b"no"}, "a/1.png: this cannot be read"),
        ({"1.png": picture("red")}, "1.png: a picture wants to lie in a folder"),
        ({"a/1.png": picture("red"), "a/2.png": picture("red")}, "2 to 50 folders are wanted"),
        ({"readme.txt": b"hello"}, "no pictures are in the archive"),
    ],
)
def test_what_cannot_be_used_is_named(files, words):
    with pytest.raises(PictureError, match=words):
        read(files)


def test_limits_are_checked_before_anything_is_decoded():
    files = two_classes()
    size = sum(len(body) for body in files.values())
    assert read(files, most_bytes=size, most=12)[1]["pictures"] == 12
    with pytest.raises(PictureError, match=f"at most {size - 1:,} bytes in all, got {size:,}"):
        read(files, most_bytes=size - 1)
    with pytest.raises(PictureError, match="at most 11 pictures are read, got 12"):
        read(files, most=11)
    with pytest.raises(PictureError, match="not a ZIP archive"):
        read_pictures(b"hello", 100, 100)


def test_a_visitors_pictures_are_learnt(server):
    form = [("pictures", (name, body, "image/png")) for name, body in two_classes(20).items()]
    made = server.api.post("/datasets", files=form)
    assert made.status_code == 201, made.text
    upload = made.json()
    assert upload["classes"] == ["blue", "red"]
    assert upload["counts"] == [20, 20]
    layers = [
        {"id": "c", "type": "Conv2D", "filters": 4, "activation": "relu"},
        {"id": "m", "type": "GlobalAveragePooling2D"},
        {"id": "out", "units": "auto", "activation": "auto"},
    ]
    data = {"name": "pictures", "upload": upload["id"], "size": 16, "split": {"train": 0.6, "cv": 0.2}}
    spec = {"data": data, "layers": layers, "optimizer": {"name": "Adam", "learning_rate": 0.02}, "batch_size": 8}
    run, headers = server.run(spec=spec)
    server.command(run, headers, op="step", unit="epoch", count=30)
    rows = server.rows_of(run, server.state(run)["state"]["step"])
    assert rows[-1][3] < 0.3
    assert server.state(run)["report"]["input_shape"] == [16, 16, 3]
    # the same archive as ZIP has the same id
    again = server.api.post("/datasets", content=archive(two_classes(20)), headers={"content-type": "application/zip"})
    assert again.json()["id"] == upload["id"]
    refused = server.api.post("/datasets", content=b"hello", headers={"content-type": "application/zip"})
    assert refused.status_code == 422
    assert refused.json()["field"] == "file"
    # a probe is looked at, a wrong one refused
    good = base64.b64encode(bytes(16 * 16 * 3)).decode()
    assert server.command(run, headers, op="probe", picture=good).status_code == 200
    bad = server.command(run, headers, op="probe", picture=good[:-4])
    assert bad.status_code == 422
    assert "picture wants 768 bytes (16×16×3 pixels), got 765" in bad.json()["detail"]
    assert server.command(run, headers, op="probe", picture=None).status_code == 200


def test_a_body_of_pictures_that_is_too_large_is_refused(server):
    answer = server.api.post("/datasets", content=bytes(26 << 20), headers={"content-type": "application/zip"})
    assert answer.status_code == 413
