"""The detection presets learn: held-out scenes are solved within seconds of training, counted in steps.

A day trains one or two of them, and three days all; VERIFY=full (`make verify`) trains all of them at once.
"""

import numpy as np
import pytest

from app.specs.presets import PRESETS
from engine.detection import mean_average_precision
from engine.detection.postprocess import detections_of, truths_of
from engine.training import Trainer
from tests.days import VERIFY, todays

STEPS = 5_000
"""At most; the bound is very generous."""
LOOK = 100
"""Steps between two looks."""
LANDMARKS = "landmarks"
TRAINED = todays(["yolo-shapes", "yolo", "yolo-digits", LANDMARKS, "localisation"], 1 if VERIFY else 3)


def score(trainer):
    """mAP@0.5 on the test part."""
    grid = trainer.model.loss.grid(trainer.model.output_shape)
    rows = trainer.data.index["test"]
    found = detections_of(trainer.model.predict(trainer.data.x[rows]), grid, 0.01, 0.45)
    return mean_average_precision(found, truths_of(trainer.data.y[rows]), grid.classes, (0.5,))


@pytest.mark.timeout(900)
@pytest.mark.parametrize("preset", [preset for preset in TRAINED if preset != LANDMARKS])
def test_a_detector_preset_reaches_80_percent_on_held_out_scenes(preset):
    trainer = Trainer(PRESETS[preset].spec)
    assert score(trainer) < 0.1
    found = 0.0
    while found < 0.8 and trainer.step_count < STEPS:
        trainer.advance("batch", LOOK)
        found = score(trainer)
    assert found >= 0.8
    terms = trainer.term_history.table()
    assert terms[-10:, 1:].sum() < 0.3 * terms[:10, 1:].sum()


if LANDMARKS in TRAINED:

    @pytest.mark.timeout(900)
    def test_landmarks_come_within_two_percent_of_the_side():
        trainer = Trainer(PRESETS[LANDMARKS].spec)
        error = 1.0
        while error > 0.02 and trainer.step_count < STEPS:
            trainer.advance("batch", LOOK)
            x, y = trainer.data.part("test")
            error = float(np.abs(trainer.model.predict(x) - y).mean())
        assert error <= 0.02
