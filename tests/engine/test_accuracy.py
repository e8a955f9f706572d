"""Presets reach what the product promises, by real training within two minutes of the processor."""

import time

import numpy as np
import pytest

from app.specs.presets import PRESETS
from engine.metrics import metrics
from engine.training import Trainer

PROMISES = [
    ("spiral", 0.95),
    ("cancer", 0.95),
    ("digits", 0.95),
    ("iris", 0.9),
    ("lenet", 0.98),
    ("fashion", 0.85),
    ("emoji", 0.9),
]


@pytest.mark.parametrize(("preset", "wanted"), PROMISES)
@pytest.mark.timeout(900)
def test_a_preset_reaches_its_accuracy_on_examples_it_never_saw(preset, wanted):
    trainer = Trainer(PRESETS[preset].spec)
    held_out = [trainer.data.part(part) for part in ("cv", "test")]
    x, y = (np.concatenate([part[i] for part in held_out]) for i in (0, 1))
    end, reached = time.process_time() + 120, 0.0
    while time.process_time() < end and reached < wanted:
        trainer.run_for(1.0)
        reached = metrics.get("accuracy")(y, trainer.model.predict(x))
    assert reached >= wanted
