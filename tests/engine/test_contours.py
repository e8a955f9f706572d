"""A drawing of J that says it is settled is what J is like between its places; else it says that it is not."""

import numpy as np
import pytest

from app.labs.labs import LABS
from app.specs import parse_spec
from app.specs.presets import PRESETS
from engine.training import Trainer
from engine.training.contours import LEVELS, NEAR, Heights, doubled, surprising
from engine.training.surface import Surface
from engine.views import check_parameters

LINE = [{"id": "out", "units": "auto", "activation": "auto"}]


def drawn(trainer, **parameters):
    return whole(Surface(trainer, check_parameters("surface", parameters)))


def whole(surface):
    while not surface.finished:
        surface.advance(0.05)
    return surface


def truth(surface, places):
    """J measured everywhere, at so many places on a side."""
    return whole(Surface(surface.trainer, {**surface.parameters, "size": places, "finest": 0})).j


def shown(surface, places):
    """The heights that the page draws, doubled and doubled again."""
    heights = Heights.of(surface.j)(surface.filled())
    while len(heights) < places:
        heights = doubled(heights)
    return heights


def minima(heights):
    """Places that are deeper than all around them, by more than a contour's share."""
    inner = heights[1:-1, 1:-1]
    around = [heights[1 + r : len(heights) - 1 + r, 1 + c : len(heights) - 1 + c]
              for r in (-1, 0, 1) for c in (-1, 0, 1) if (r, c) != (0, 0)]  # fmt: skip
    return int((inner < np.min(around, axis=0)).sum())


@pytest.fixture(scope="module")
def circle():
    trainer = Trainer(PRESETS["circle"].spec)
    trainer.run_for(60, 500)
    return trainer


@pytest.mark.parametrize("parameters", [
    {}, {"mode": "random"}, {"mode": "path", "span": 3.0},
], ids=str)  # fmt: skip
def test_what_is_settled_is_so_between_the_places(circle, parameters):
    surface = drawn(circle, **parameters, size=33, finest=65)
    assert surface.settled
    true = truth(surface, 129)
    found, real = shown(surface, 129), Heights.of(surface.j)(true)
    assert np.abs(found - real).max() < 1 / LEVELS, "no contour is elsewhere"


def test_a_valley_narrower_than_the_lattice_is_said_to_be_drawn_coarsely():
    """Houses with inputs of very different size: between 33 places a side hollows would be drawn that are not there."""
    trainer = Trainer(parse_spec({"layers": LINE, "data": {"name": "houses", "scaling": "none"}}))
    trainer.run_for(60, 1)
    where = {"first": "out/kernel[0,0]", "second": "out/kernel[1,0]", "span": 2.0}
    coarse = drawn(trainer, **where, size=33)
    assert minima(Heights.of(coarse.j)(truth(coarse, 129))) == 0
    assert minima(shown(coarse, 129)) > 50
    assert not coarse.settled
    fine = drawn(trainer, **where, size=33, finest=65)
    assert fine.size == 65
    assert fine.done < fine.size**2, "only where it is wanted"
    assert not fine.settled


def test_a_finer_lattice_settles_what_a_coarse_one_leaves_open():
    lab = LABS["feature-scaling"]
    trainer = Trainer(lab.start.plain())
    trainer.run_for(60, 30)
    where = {**lab.comparison.surface, "size": 25}
    coarse, fine = drawn(trainer, **where), drawn(trainer, **where, finest=97)
    assert (coarse.settled, fine.settled) == (False, True)
    assert fine.done < 0.6 * fine.size**2
    real = Heights.of(fine.j)(truth(fine, 2 * fine.size - 1))
    assert np.abs(shown(fine, len(real)) - real).max() < 1 / LEVELS


def test_more_places_are_j_at_those_places(circle):
    surface = drawn(circle, span=20.0, size=17, finest=65)
    assert surface.size == 65
    true = truth(surface, 65)
    at = np.array(surface._order[: surface.done])[-200:]  # the newest are on the finest lattice
    np.testing.assert_allclose(surface.j[at[:, 0], at[:, 1]], true[at[:, 0], at[:, 1]], rtol=1e-4)
    assert surface.share == 1
    assert np.isfinite(surface.filled()).all()


def test_no_finer_than_asked_for_and_none_for_a_net_that_has_gone_on(circle):
    assert drawn(circle, span=20.0, size=17).size == 17
    assert drawn(circle, span=20.0, size=17, finest=40).size == 33
    surface = Surface(circle, check_parameters("surface", {"span": 20.0, "size": 17, "finest": 65}))
    circle.step()
    while not surface.finished:
        surface.advance(0.05)
    assert (surface.size, surface.settled) == (17, False)


def test_heights_there_and_back_and_as_the_page_draws_them():
    j = np.array([[1.0, 2.0], [5.0, 101.0]])
    heights = Heights.of(j)
    assert (heights.low, heights.high) == (1, 101)
    assert heights.soft == pytest.approx((2 - 1) / 4)  # a quarter of the way up, as static/draw/surface.js has it
    np.testing.assert_allclose(heights.back(heights(j)), j)
    np.testing.assert_allclose(heights(j).max(), 1)
    np.testing.assert_array_equal(heights(np.array([np.inf, np.nan])), [1, 1])
    assert Heights.of(np.full((2, 2), np.nan))(np.zeros((1, 1))).shape == (1, 1)


def test_a_surprise_is_more_than_half_a_contour_and_its_neighbourhood_is_looked_at():
    flat = np.zeros((9, 9))
    assert not surprising(flat, np.ones((9, 9), bool)).any()
    bump = flat.copy()
    bump[3, 3] = 0.9 * NEAR
    assert not surprising(bump, np.ones((9, 9), bool)).any()
    bump[3, 3] = 1.1 * NEAR
    found = surprising(bump, np.ones((9, 9), bool))
    assert found[1:6, 1:6].all()
    assert found.sum() == 25
    assert not surprising(bump, np.zeros((9, 9), bool)).any(), "what was interpolated is no surprise"
    ramp = np.add.outer(np.arange(9.0), np.arange(9.0)) / 16
    np.testing.assert_allclose(doubled(ramp)[2:-2:2, 2:-2:2], ramp[1:-1, 1:-1])
    np.testing.assert_allclose(doubled(ramp)[3, 5], (ramp[1, 2] + ramp[2, 3]) / 2)
