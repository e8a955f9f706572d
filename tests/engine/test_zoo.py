"""Architectures: published parameter counts, a real forward pass, memory, and siblings that learn."""

import os
import subprocess
import sys

import numpy as np
import pytest

from engine import Sequential
from engine.core.parameters import ParameterStore
from engine.layers import Conv2D, DepthwiseConv2D
from engine.layers.stack import build
from engine.training import Trainer
from engine.zoo import architectures, walk
from tests.days import VERIFY, todays

PUBLISHED = {
    "lenet5": 61_706,
    "alexnet": 61_100_840,
    "vgg16": 138_357_544,
    "resnet18": 11_689_512,
    "resnet34": 21_797_672,
    "resnet50": 25_557_032,
    "googlenet": 13_378_280,
    "mobilenet": 4_231_976,
    "mobilenet_v2": 3_504_872,
}


@pytest.mark.parametrize("name", architectures.names())
def test_learnt_parameters_are_as_many_as_published(name):
    architecture = architectures.get(name)
    assert architecture.parameters == PUBLISHED[name]
    named = Sequential(architecture.make())  # gives the layers names; nothing is allocated
    store = ParameterStore(np.dtype(np.float32))
    build(named.layers, store, architecture.input_shape)
    assert sum(w.size for w in store.weights if w.trainable) == PUBLISHED[name]


@pytest.mark.parametrize("name", ["lenet5", "mobilenet_v2", "googlenet"])
def test_walking_layer_by_layer_ends_where_predict_ends(name):
    architecture = architectures.get(name)
    model = architecture.model(seed=1)
    x = np.random.default_rng(0).random((1, *architecture.input_shape), dtype=np.float32)
    rows = [(r.output_shape, r.multiplications, r.seconds) for r in walk(model, x)]
    *_, last = walk(model, x)
    assert [shape for shape, _, _ in rows] == [y.output_shape for y in model.layers]
    assert sum(m for _, m, _ in rows) == model.multiplications()
    assert all(s >= 0 for _, _, s in rows)
    np.testing.assert_allclose(last.output, model.predict(x), rtol=1e-4, atol=1e-6)


def test_vgg16_answers_within_its_memory():
    """A forward pass of one 224×224 image stays below 1.5 GB, its weights included."""
    code = (
        "import re, numpy as np\n"
        "from engine.zoo import architectures, walk\n"
        "model = architectures.get('vgg16').model()\n"
        "x = np.random.default_rng(0).random((1, 224, 224, 3), dtype=np.float32)\n"
        "for row in walk(model, x): pass\n"
        "assert abs(float(row.output.sum()) - 1) < 1e-4\n"
        "status = open('/proc/self/status').read()\n"
        "print(int(re.search(r'VmHWM:\\s+(\\d+)', status)[1]) // 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    assert int(done.stdout) < 1500


@pytest.mark.parametrize("name", todays(architectures.names(), 1 if VERIFY else 3))
def test_every_sibling_learns(name):
    """On handwritten digits the cost falls within eighty steps."""
    layers = [dict(layer) for layer in architectures.get(name).sibling]
    spec = {
        "data": {"name": "mnist", "split": {"train": 0.5, "cv": 0.25}},
        "layers": layers,
        "loss": {"name": "auto"},
        "optimizer": {"name": "Adam", "learning_rate": 0.003},
        "batch_size": 32,
        "seed": 1,
    }
    trainer = Trainer(spec)
    losses = [trainer.step() for _ in range(80)]
    assert np.mean(losses[-10:]) < 0.8 * np.mean(losses[:5])


def test_a_depthwise_split_costs_a_ninth_and_a_bit():
    """Howard et al. 2017, eq. 5: 1/c_out + 1/k² of an ordinary convolution's multiplications."""
    shape, out = (28, 28, 16), 32
    ordinary = Sequential([Conv2D(out, 3, padding="same")])
    split = Sequential([DepthwiseConv2D(3, padding="same"), Conv2D(out, 1)])
    ordinary.build(shape)
    split.build(shape)
    assert split.multiplications() / ordinary.multiplications() == pytest.approx(1 / out + 1 / 9)
