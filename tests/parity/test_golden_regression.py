"""Polynomial features, scaling, the normal equation, ridge and the perceptron's rule against scikit-learn's numbers."""

from pathlib import Path

import numpy as np
import pytest

from app.specs import parse_spec
from engine.data.features import choose
from engine.data.prepare import scaling_of
from engine.regression import least_squares
from engine.training import Trainer
from engine.training.batches import Batches

GOLDEN = np.load(Path(__file__).parent / "golden_regression.npz")
CASES = {"one15": 15, "two5": 5, "three3": 3}


def features_of(name, x):
    names = tuple(f"x{i}" for i in range(x.shape[1]))
    made = choose(names, None, CASES[name])
    powers = [tuple(f.factors.count(i) for i in range(x.shape[1])) for f in made]
    wanted = [tuple(p) for p in GOLDEN[f"{name}/powers"]]
    assert sorted(powers) == sorted(wanted)
    columns = np.stack([f.of(x.astype(np.float64)) for f in made], axis=1)
    return columns[:, [powers.index(p) for p in wanted]]


@pytest.mark.parametrize("name", CASES)
def test_features_and_scaling(name):
    columns = features_of(name, GOLDEN[f"{name}/x"])
    np.testing.assert_allclose(columns, GOLDEN[f"{name}/features"], rtol=1e-9)
    for how in ("zscore", "max"):
        offset, scale = scaling_of(columns, how)
        np.testing.assert_allclose((columns - offset) / scale, GOLDEN[f"{name}/{how}"], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("method", ["svd", "qr"])
@pytest.mark.parametrize("name", CASES)
def test_least_squares_and_ridge(name, method):
    x, y = GOLDEN[f"{name}/zscore"], GOLDEN[f"{name}/y"]
    plain = least_squares(x, y, method=method)
    np.testing.assert_allclose(x @ plain.weights + plain.bias, GOLDEN[f"{name}/least_squares"], rtol=1e-6, atol=1e-6)
    for alpha in (0.01, 1.0, 100.0):
        found = least_squares(x, y, alpha, method=method)
        np.testing.assert_allclose(found.weights[:, 0], GOLDEN[f"{name}/ridge{alpha}/coef"], rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(found.bias, GOLDEN[f"{name}/ridge{alpha}/bias"], rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("method", ["svd", "qr"])
def test_columns_that_depend_on_each_other_give_the_shortest_solution_and_say_so(method):
    found = least_squares(GOLDEN["twice/x"], GOLDEN["twice/y"], method=method)
    assert (found.rank, found.full_rank, found.method) == (2, False, "svd")
    np.testing.assert_allclose(found.weights[:, 0], GOLDEN["twice/coef"], atol=1e-9)


@pytest.mark.parametrize("epochs", [1, 3])
def test_the_perceptron_takes_rosenblatts_steps(epochs):
    points = [
        [float(a), float(b), float(t)] for (a, b), t in zip(GOLDEN["perceptron/x"], GOLDEN["perceptron/y"], strict=True)
    ]
    layer = {"id": "out", "units": "auto", "activation": "step", "kernel_initializer": "zeros"}
    trainer = Trainer(parse_spec({
        "data": {"name": "points", "points": points, "split": {"train": 1.0, "cv": 0.0}}, "layers": [layer],
        "loss": {"name": "perceptron"}, "optimizer": {"name": "SGD", "learning_rate": 1.0}, "batch_size": 1,
        "shuffle": False,
    }))  # fmt: skip
    back = np.argsort(trainer.data.index["train"])
    # The same order as there: our split shuffles once, the rule does not care whose order it is.
    trainer.batches = Batches(trainer.x[back], trainer.t[back], trainer.spec)
    trainer.model.store.values[...] = [0.3, 0.4, 0.1]
    trainer.advance("epoch", epochs)
    np.testing.assert_allclose(trainer.model.store.values, GOLDEN[f"perceptron/{epochs}"], rtol=1e-5, atol=1e-6)
