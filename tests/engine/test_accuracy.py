"""Presets reach what the product promises, by real training: so many steps at most, however quick the machine is.

The same spec makes the same steps everywhere. What they take here is well within the two minutes that are promised.
Of the nets for pictures, which take longer, one is trained a day; VERIFY=full (`make verify`) trains all of them.
"""

import numpy as np
import pytest

from app.specs.presets import PRESETS
from engine.metrics import metrics
from engine.training import Trainer
from tests.days import VERIFY, todays

PROMISES = [
    ("spiral", 0.95, 20_000),
    ("cancer", 0.95, 5_000),
    ("digits", 0.95, 5_000),
    ("iris", 0.9, 5_000),
]
PICTURES = [
    ("lenet", 0.98, 5_000),
    ("fashion", 0.85, 5_000),
    ("emoji", 0.9, 5_000),
]
LOOK = 100
"""Steps between two looks."""


@pytest.mark.parametrize(("preset", "wanted", "steps"), [*PROMISES, *todays(PICTURES, 1 if VERIFY else 3)])
@pytest.mark.timeout(900)
def test_a_preset_reaches_its_accuracy_on_examples_it_never_saw(preset, wanted, steps):
    trainer = Trainer(PRESETS[preset].spec)
    held_out = [trainer.data.part(part) for part in ("cv", "test")]
    x, y = (np.concatenate([part[i] for part in held_out]) for i in (0, 1))
    reached = 0.0
    while reached < wanted and trainer.step_count < steps:
        trainer.advance("batch", LOOK)
        reached = metrics.get("accuracy")(y, trainer.model.predict(x))
    assert reached >= wanted
