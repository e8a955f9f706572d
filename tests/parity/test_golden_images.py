"""Image layers agree with Keras on the torch backend, values and gradients; numbers from make_golden_images.py.

Keras rounds some intermediates to float32 whatever is asked of it, hence 2e-6.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from engine import Sequential, layers
from engine.gradient_check import Projection

GOLDEN = dict(np.load(Path(__file__).parent / "golden_images.npz"))
CASES = list(enumerate(json.loads(str(GOLDEN["cases"]))))
EXACT = {"rtol": 2e-6, "atol": 2e-6}


@pytest.mark.parametrize(("number", "case"), CASES, ids=lambda c: c["kind"] if isinstance(c, dict) else str(c))
def test_values_and_gradients_are_those_of_keras(number, case):
    x, t = GOLDEN[f"{number}/x"], GOLDEN[f"{number}/t"]
    layer = getattr(layers, case["kind"])(**case["config"])
    model = Sequential([layer], dtype="float64")
    model.compile("SGD", Projection())
    model.build(x.shape[1:])
    model.set_weights([GOLDEN[f"{number}/w{i}"] for i in range(case["weights"])])
    if not case["train"]:
        np.testing.assert_allclose(model.predict(x), GOLDEN[f"{number}/y"], **EXACT)
    mode = "train" if case["train"] else "explain"
    plan = model.plan(len(x), mode)
    plan.input[...], plan.target[...] = x, t
    plan.run()
    np.testing.assert_allclose(plan.loss_value(), (GOLDEN[f"{number}/y"] * t).sum(), **EXACT)
    grads = [model.store.gradient(w) for w in model.weights if w.trainable]
    for i, found in enumerate(grads):
        np.testing.assert_allclose(found, GOLDEN[f"{number}/g{i + 1}"], rtol=2e-6, atol=1e-5)


@pytest.mark.parametrize(("number", "case"), CASES, ids=lambda c: c["kind"] if isinstance(c, dict) else str(c))
def test_the_way_back_to_the_input_is_that_of_keras(number, case, monkeypatch):
    """∂J/∂x is what arrives at a 1×1 convolution in front that passes its input on."""
    monkeypatch.setattr("engine.core.plan.SHARE", False)
    x, t = GOLDEN[f"{number}/x"], GOLDEN[f"{number}/t"]
    channels = x.shape[-1]
    front = layers.Conv2D(channels, 1)
    layer = getattr(layers, case["kind"])(**case["config"])
    model = Sequential([front, layer], dtype="float64")
    model.compile("SGD", Projection())
    model.build(x.shape[1:])
    model.set_weights(
        [np.eye(channels)[None, None], np.zeros(channels), *(GOLDEN[f"{number}/w{i}"] for i in range(case["weights"]))]
    )
    mode = "train" if case["train"] else "explain"
    plan = model.plan(len(x), mode)
    plan.input[...], plan.target[...] = x, t
    plan.run()
    found = np.moveaxis(plan.output_gradients[front], -1, 0)
    np.testing.assert_allclose(found, GOLDEN[f"{number}/g0"], rtol=2e-6, atol=1e-5)
