"""Augmentation: each change is what it says, draws repeat, and only training pictures are changed."""

import numpy as np
import pytest

from app.errors import SpecProblem
from app.settings import Settings
from app.specs import check_spec, facts_of, parse_spec
from app.specs.presets import PRESETS
from engine.data.augment import Augmentation
from engine.training import Trainer


@pytest.fixture
def pictures():
    return np.random.default_rng(3).random((40, 9, 11, 3), dtype=np.float32)


class Fixed:
    """A generator whose draws are all at one place of their range."""

    def __init__(self, place):
        self.place = place

    def random(self, count):
        return np.full(count, self.place)

    def uniform(self, low, high, shape):
        return np.full(shape, low + (high - low) * self.place)


def test_nothing_asked_is_nothing_done():
    assert Augmentation.of(None) is None
    assert Augmentation.of({"mirror": False, "rotate": 0.0}) is None


def test_half_of_the_pictures_are_mirrored(pictures):
    out = Augmentation(mirror=True)(pictures, np.random.default_rng(0))
    mirrored = [np.array_equal(a, b[:, ::-1]) for a, b in zip(out, pictures, strict=True)]
    kept = [np.array_equal(a, b) for a, b in zip(out, pictures, strict=True)]
    assert all(m or k for m, k in zip(mirrored, kept, strict=True))
    assert 8 < sum(mirrored) < 32


def test_a_shift_moves_pixels_and_leaves_zeros(pictures):
    square = pictures[:, :, :9]
    out = Augmentation(shift=1 / 3)(square, Fixed(1.0))
    np.testing.assert_allclose(out[:, 3:, 3:], square[:, :-3, :-3], atol=1e-5)
    assert (out[:, :3] == 0).all()
    assert (out[:, :, :3] == 0).all()


def test_a_quarter_turn_is_a_quarter_turn(pictures):
    square = pictures[:, :, :9]
    out = Augmentation(rotate=90)(square, Fixed(1.0))
    turned = [np.rot90(square, k, axes=(1, 2)) for k in (1, 3)]
    assert any(np.allclose(out, t, atol=1e-4) for t in turned)


def test_zoom_keeps_the_middle_and_doubles_distances(pictures):
    x = np.zeros((1, 9, 9, 1), np.float32)
    x[0, 4, 4], x[0, 4, 6] = 1, 0.5
    out = Augmentation(zoom=0.5)(x, Fixed(1.0))  # times 1.5: two pixels away becomes three
    assert out[0, 4, 4, 0] == pytest.approx(1)
    assert out[0, 4, 7, 0] == pytest.approx(0.5)


def test_colour_stays_in_range_and_moves_the_mean(pictures):
    out = Augmentation(colour=0.8)(pictures, np.random.default_rng(0))
    assert out.min() >= 0
    assert out.max() <= 1
    assert np.abs(out.mean(axis=(1, 2, 3)) - pictures.mean(axis=(1, 2, 3))).max() > 0.1


def spec(**augmentation):
    return parse_spec({**PRESETS["lenet"].spec, "data": {"name": "digits"}, "augmentation": augmentation,
                       "layers": [{"id": "c", "type": "Conv2D", "filters": 4, "padding": "same"},
                                  {"id": "out", "units": "auto", "activation": "auto"}]})  # fmt: skip


def test_training_is_repeatable_resumable_and_leaves_other_parts_alone():
    a, b = (Trainer(spec(rotate=20.0, shift=0.1, mirror=True)) for _ in range(2))
    plain = Trainer(spec())
    for trainer in (a, b, plain):
        trainer.run_for(60, 12)
    for v, w in zip(a.model.get_weights(), b.model.get_weights(), strict=True):
        np.testing.assert_array_equal(v, w)
    assert not np.array_equal(a.model.get_weights()[0], plain.model.get_weights()[0])
    np.testing.assert_array_equal(a.parts["cv"][0], plain.parts["cv"][0])
    kept = a.checkpoint()
    a.run_for(60, 7)
    b.restore(kept)
    b.run_for(60, 7)
    for v, w in zip(a.model.get_weights(), b.model.get_weights(), strict=True):
        np.testing.assert_array_equal(v, w)


def test_tables_cannot_be_augmented():
    wrong = parse_spec({**PRESETS["iris"].spec, "augmentation": {"rotate": 10.0}})
    with pytest.raises(SpecProblem, match="pictures"):
        check_spec(wrong, facts_of(wrong["data"]), Settings())
    with pytest.raises(SpecProblem, match="rotate"):
        parse_spec({**PRESETS["lenet"].spec, "augmentation": {"rotate": 500.0}})
