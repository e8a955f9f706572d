"""Frames hold what the model holds: no number becomes ∞, or 0, on its way into one."""

import numpy as np
import pytest

from app.specs.presets import PRESETS
from engine.core.numbers import compact
from engine.training import Trainer
from engine.views import ViewContext, check_parameters, views

SIZES = (1e6, 1e30, 1e-30)
MORE = {"responses": {"layer": "h1"}, "gradients": {"full": True}}


@pytest.fixture(scope="module")
def loaded():
    kept = {}

    def make(preset, size):
        """A trained net whose weights are replaced by ones of this size."""
        if (preset, size) not in kept:
            trainer = Trainer(PRESETS[preset].spec)
            trainer.run_for(60, 3)
            rng = np.random.default_rng(0)
            drawn = {name: rng.normal(size=w.shape) * size for name, w in trainer.weights().items()}
            trainer.set_weights({n: np.abs(w) if n.endswith("variance") else w for n, w in drawn.items()})
            kept[preset, size] = trainer
        return kept[preset, size]

    return make


def floats(context, name):
    tensors = views.get(name).compute(context, **check_parameters(name, MORE.get(name, {}))).tensors
    return {key: array for key, array in tensors.items() if array.dtype.kind == "f"}


@pytest.mark.parametrize("name", views.names())
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("preset", ["circle", "houses", "lenet", "digits"])
def test_a_view_is_finite_where_the_model_is(preset, size, name, loaded):
    trainer = loaded(preset, size)
    exact = floats(ViewContext(trainer, exact=True), name)
    for key, array in floats(ViewContext(trainer), name).items():
        if key in exact and exact[key].shape == array.shape and name != "surface":
            np.testing.assert_array_equal(np.isfinite(array), np.isfinite(exact[key]), err_msg=key)
    # tanh and sigmoid: nothing in this net leaves float32 at any of these sizes
    if preset == "circle" and name not in ("cost", "propagation"):
        assert all(np.isfinite(array).all() for array in exact.values())


@pytest.mark.parametrize("size", [1e6, 1e30, 1e-6, 1e-30])
def test_the_weights_in_a_frame_are_the_weights(size, loaded):
    trainer = loaded("circle", size)
    for key, array in floats(ViewContext(trainer), "weights").items():
        held = trainer.weights()[key]
        np.testing.assert_allclose(array, held, rtol=1e-3, atol=1e-3 * np.abs(held).max(), err_msg=key)


def test_weights_of_an_ordinary_size_are_float16():
    trainer = Trainer(PRESETS["circle"].spec)
    assert floats(ViewContext(trainer), "weights")["h1/kernel"].dtype == np.float16
    trainer.edit_weight("h1", "kernel", [0, 0], 1e6)
    assert floats(ViewContext(trainer), "weights")["h1/kernel"][0, 0] == np.float32(1e6)


@pytest.mark.parametrize("offset", [0.0, 1000.0, 50_000.0, 1e6])
def test_answers_that_differ_stay_apart(offset):
    answers = offset + np.linspace(0, 1, 100)
    packed = ViewContext(Trainer(PRESETS["houses"].spec)).half(answers, apart=True)
    np.testing.assert_allclose(packed - offset, answers - offset, atol=0.002 if offset < 1e5 else 0.05)


def test_a_map_of_tiny_or_huge_numbers_is_a_map():
    context = ViewContext(Trainer(PRESETS["circle"].spec))
    for size in (1e-300, 1e-40, 1.0, 1e38, 1e300):
        found = context.bytes(np.array([-1.0, 0.0, 1.0]) * size, -size, size)
        np.testing.assert_allclose(found, [0, 127.5, 255], atol=1)


def test_columns_are_float32_where_that_carries_them():
    ordinary = np.random.default_rng(0).normal(size=(50, 3))
    assert compact(ordinary).dtype == np.float32
    assert compact(np.array([np.nan, 1.0])).dtype == np.float32
    for odd in (1_700_000_000 + np.arange(50.0), np.array([1e39, 1.0]), np.array([1e-60, 2e-60])):
        assert compact(odd).dtype == np.float64
