"""The engine agrees with Keras and PyTorch; numbers from make_golden.py.

PyTorch's are float64 throughout. Keras rounds some intermediates to float32 whatever is asked of it, so its numbers
are compared to 2e-7.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from engine import Sequential, initializers, layers, regularizers
from engine.gradient_check import Projection

GOLDEN = dict(np.load(Path(__file__).parent / "golden.npz"))
CASES = json.loads(str(GOLDEN["cases"]))
LOSS_OF = {
    "huber": {"name": "huber", "delta": 0.7},
    "binary_crossentropy_logits": {"name": "binary_crossentropy", "from_logits": True},
    "categorical_crossentropy_logits": {"name": "categorical_crossentropy", "from_logits": True},
    "categorical_crossentropy_sigmoid": "categorical_crossentropy",
}


def model_of(case, activation, last, loss, optimizer="SGD"):
    model = Sequential([layers.Dense(5, activation), layers.Dense(3, last)], dtype="float64")
    model.build((4,))
    model.compile(optimizer, loss)
    model.set_weights([GOLDEN[f"{case}/start/{i}"] for i in range(4)])
    return model


@pytest.mark.parametrize("case", [c for c in CASES if c["kind"] == "loss"], ids=lambda c: c["case"])
def test_loss_and_gradients_are_those_of_keras(case):
    name = case["case"].split("/")[1]
    loss = LOSS_OF.get(name, name) if case["case"].startswith("loss/") else "mse"
    model = model_of(case["case"], case["activation"], case["last"], loss)
    value, gradients = model.gradients(GOLDEN["x"], GOLDEN[f"t/{case['target']}"])
    # Keras clips probabilities and computes some losses from its own logits; 1e-6 covers the clipping.
    np.testing.assert_allclose(value, GOLDEN[f"{case['case']}/loss"], rtol=1e-6)
    for i, gradient in enumerate(gradients):
        np.testing.assert_allclose(gradient, GOLDEN[f"{case['case']}/grad/{i}"], rtol=1e-5, atol=2e-7)


@pytest.mark.parametrize("case", [c for c in CASES if c["kind"] == "optimizer"], ids=lambda c: c["case"])
def test_ten_optimiser_steps_end_where_the_reference_ends(case):
    model = model_of(case["case"], "tanh", "linear", "mse", case["settings"])
    for _ in range(10):
        model.train_on_batch(GOLDEN["x"], GOLDEN["t/regression"])
    for i, weight in enumerate(model.get_weights()):
        exact = case["case"].startswith("torch/")
        tight = {"rtol": 1e-9, "atol": 1e-12} if exact else {"rtol": 2e-6, "atol": 2e-7}
        np.testing.assert_allclose(weight, GOLDEN[f"{case['case']}/end/{i}"], **tight)


def test_batch_normalisation_is_that_of_keras():
    model = Sequential([layers.BatchNormalization()], dtype="float64")
    model.build((4,))
    model.compile({"name": "SGD", "learning_rate": 0.0}, Projection())
    model.set_weights([GOLDEN[f"batchnorm/start/{i}"] for i in range(4)])
    np.testing.assert_allclose(
        model.plan(6, "train") and _train_output(model), GOLDEN["batchnorm/train"], rtol=1e-5, atol=5e-7
    )
    _, gradients = model.gradients(GOLDEN["x"], GOLDEN["batchnorm/push"])
    for i in range(2):
        np.testing.assert_allclose(gradients[i], GOLDEN[f"batchnorm/grad/{i}"], rtol=1e-5, atol=5e-7)
    model.train_on_batch(GOLDEN["x"], GOLDEN["batchnorm/push"])
    for i, weight in enumerate(model.get_weights()):
        np.testing.assert_allclose(weight, GOLDEN[f"batchnorm/end/{i}"], rtol=1e-5, atol=5e-7)
    np.testing.assert_allclose(model.predict(GOLDEN["x"]), GOLDEN["batchnorm/infer"], rtol=1e-5, atol=5e-7)


def _train_output(model):
    plan = model.plan(6, "train")
    plan.input[...] = GOLDEN["x"]
    plan.run()
    return plan.outputs[model.layers[0]].data.T


def test_penalties_are_those_of_keras():
    model = Sequential([layers.Dense(5, kernel_regularizer=regularizers.L1L2(0.01, 0.02))], dtype="float64")
    model.build((4,))
    model.set_weights([GOLDEN["penalty/kernel"], np.zeros(5)])
    assert model.penalty() == pytest.approx(float(GOLDEN["penalty/value"]), rel=1e-6)


@pytest.mark.parametrize("name", [k.split("/")[1] for k in GOLDEN if k.startswith("initializer/")])
def test_initialisers_spread_as_in_keras(name):
    draw = initializers.get(name)((300, 200), np.random.default_rng(0))
    deviation, largest = GOLDEN[f"initializer/{name}"]
    assert draw.std() == pytest.approx(deviation, rel=0.02)
    assert np.abs(draw).max() == pytest.approx(largest, rel=0.25)
