"""The trained face nets in this engine against the same nets in PyTorch (make_golden_faces.py)."""

from pathlib import Path

import numpy as np
import pytest

from app.pretrained import pretrained_weights
from app.pretrained.face_api import LANDMARKS, read_model
from app.specs.presets import PRESETS
from engine.data.real import load
from engine.detection.postprocess import detections_of
from engine.training import Trainer
from engine.zoo.faces import ORDER, landmark_net, landmarks_of

GOLDEN = dict(np.load(Path(__file__).with_name("golden_faces.npz")))


@pytest.fixture(scope="module")
def trainer():
    return Trainer(PRESETS["faces"].spec, initial=pretrained_weights("tiny_face_detector"))


def test_the_detectors_raw_output_is_pytorchs(trainer):
    ours = trainer.model.predict(trainer.data.x).reshape(6, 8, 8, 5, 6)
    theirs = GOLDEN["detector"].reshape(6, 8, 8, 5, 5)[..., ORDER]
    np.testing.assert_allclose(ours[..., :5], theirs, atol=2e-4)
    assert (ours[..., 5] == 0).all()


def test_it_finds_the_two_people_and_nothing_else(trainer):
    grid = trainer.model.loss.grid(trainer.model.output_shape)
    found = detections_of(trainer.model.predict(trainer.data.x), grid, 0.5, 0.4)
    names = load("photographs").classes
    assert [names[i] for i, one in enumerate(found) if len(one.boxes)] == ["astronaut", "camera"]
    x1, y1, x2, y2 = found[0].boxes[0]
    assert x1 < 0.41 < x2  # the middle of her face
    assert y1 < 0.22 < y2
    trainer.reset()
    np.testing.assert_array_equal(
        trainer.weights()["conv3/bias"], pretrained_weights("tiny_face_detector")["conv3/bias"]
    )


def test_the_landmarks_are_pytorchs_and_lie_on_the_face():
    net = landmark_net(read_model(LANDMARKS))
    face = load("photographs").x[:1, 20:132, 60:172]
    ours = landmarks_of(net, face)
    np.testing.assert_allclose(ours.reshape(1, -1), GOLDEN["landmarks"], atol=1e-4)
    eyes, mouth = ours[0, 36:48].mean(axis=0), ours[0, 48:].mean(axis=0)
    assert eyes[1] < ours[0, 27:36, 1].mean() < mouth[1]


def test_weights_that_are_not_there_are_said(tmp_path):
    with pytest.raises(ValueError, match=r"tiny_face_detector_model are not here: they come with npm ci"):
        read_model("tiny_face_detector_model", tmp_path)
