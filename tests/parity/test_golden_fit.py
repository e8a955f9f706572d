"""fit, evaluate, metrics, losses, optimisers, callbacks and layers get the numbers that Keras gets, from one text.

Keras computes in float32 throughout; the bounds are what its roundings and ours leave after some steps.
"""

from pathlib import Path

import numpy as np
import pytest

import engine
from engine import initializers, optimizers
from tests.parity.fit_cases import OPTIMIZERS, cases

GOLDEN = dict(np.load(Path(__file__).parent / "golden_fit.npz"))
CASES = list(cases())


@pytest.mark.parametrize(("name", "run", "arguments"), CASES, ids=[case[0] for case in CASES])
def test_the_engine_gets_the_numbers_of_keras(name, run, arguments):
    golden = {key.split("|")[1]: value for key, value in GOLDEN.items() if key.split("|")[0] == name}
    ours = run(engine, *arguments)
    assert set(ours) == set(golden)
    for key, value in golden.items():
        assert np.shape(ours[key]) == value.shape, key
        if name.startswith("initializer/"):  # other draws of the same distribution
            mean, deviation, most = value
            np.testing.assert_allclose(ours[key][0], mean, atol=4e-3)
            np.testing.assert_allclose(ours[key][1], deviation, rtol=0.02, atol=1e-6)
            np.testing.assert_allclose(ours[key][2], most, rtol=0.25)
        else:
            np.testing.assert_allclose(ours[key], value, rtol=3e-4, atol=3e-5, err_msg=key)


def test_every_golden_number_is_compared():
    assert {key.split("|")[0] for key in GOLDEN} == {case[0] for case in CASES}


def test_orthogonal_columns_are_at_right_angles():
    w = initializers.Orthogonal(2.0, seed=3)((7, 5))
    np.testing.assert_allclose(w.T @ w, 4 * np.eye(5), atol=1e-12)


@pytest.mark.parametrize(("name", "settings"), OPTIMIZERS)
def test_clipping_and_decay_survive_the_config(name, settings):
    made = getattr(optimizers, name)(**settings)
    again = optimizers.get(made.get_config())
    assert again.get_config() == made.get_config()
    assert settings.items() <= again.get_config().items()
