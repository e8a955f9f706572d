"""Exported code. Keras's runs here on its JAX backend, with our weights; PyTorch's is compiled and its shapes read.

(PyTorch is not a test dependency: from the public registry it is gigabytes. tests/parity/check_torch_export.py runs
the PyTorch code where torch is installed.)

Of the nets that Keras takes long to make one is run a day; VERIFY=full (`make verify`) runs all of them.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from app.export import EXPORTERS
from app.settings import Settings
from app.specs import check_spec, facts_of, parse_spec
from app.specs.presets import PRESETS, dense
from engine.training import Trainer
from tests.days import VERIFY, todays
from tests.server import PATIENCE, ROOT

MORE = {
    "everything": {
        "layers": [
            {
                "id": "h1",
                "units": 6,
                "activation": "swish",
                "dropout": 0.2,
                "l1": 0.01,
                "kernel_initializer": "he_normal",
            },
            {"id": "norm", "type": "BatchNormalization"},
            {"id": "leak", "type": "LeakyReLU", "negative_slope": 0.1},
            {"id": "drop", "type": "Dropout", "rate": 0.3},
            {"id": "shape", "type": "Reshape", "target_shape": [2, 3]},
            {"id": "flat", "type": "Flatten"},
            {"id": "act", "type": "Activation", "activation": "gelu"},
            {"id": "out", "units": "auto", "activation": "auto"},
        ],
        "loss": {"name": "huber"},
        "data": {"name": "hill"},
        "optimizer": {"name": "RMSprop", "learning_rate": 0.01, "schedule": {"name": "cosine_decay"}},
    },
    "separable": {
        "layers": [
            {"id": "sep", "type": "SeparableConv2D", "filters": 6, "strides": 2, "padding": "same", "l2": 0.01},
            {"id": "pad", "type": "ZeroPadding2D", "padding": [[1, 0], [0, 1]]},
            {"id": "mean", "type": "AveragePooling2D", "pool_size": 3, "strides": 2, "padding": "same"},
            {"id": "up", "type": "UpSampling2D", "size": [2, 1]},
            {"id": "block", "type": "ResidualBlock", "filters": 5, "strides": 2},
            {"id": "flat", "type": "Flatten"},
            {"id": "out", "units": "auto", "activation": "auto"},
        ],
        "data": {"name": "digits"},
    },
    "adamw": {"layers": dense(5), "optimizer": {"name": "AdamW", "learning_rate": 0.01}, "loss": {"name": "hinge"}},
}
SPECS = {name: p.spec for name, p in PRESETS.items()} | {name: parse_spec(s) for name, s in MORE.items()}


def checked(name):
    spec = SPECS[name]
    return check_spec(spec, facts_of(spec["data"]), Settings())


LOOP = """
import contextlib, json, os, runpy, sys, traceback
import keras
for line in sys.stdin:
    os.chdir(json.loads(line))
    keras.utils.clear_session()
    wrong = None
    with contextlib.redirect_stdout(sys.stderr):
        try:
            runpy.run_path("use.py", run_name="__main__")
        except Exception:
            wrong = traceback.format_exc()
    print(json.dumps(wrong), flush=True)
"""


class Keras:
    """One process for the code of all nets: Keras and JAX take seconds to start. XLA compiles without optimising."""

    def __init__(self, folder: Path):
        self.said = folder / "stderr"
        flags = "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true"
        environment = {**os.environ, "KERAS_BACKEND": "jax", "KERAS_HOME": str(folder), "XLA_FLAGS": flags}
        with self.said.open("w") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, "-c", LOOP], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr,
                env=environment, text=True,
            )  # fmt: skip

    def run(self, folder, text):
        """Runs a text as a program in a folder."""
        (folder / "use.py").write_text(text)
        self.process.stdin.write(json.dumps(str(folder)) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, self.said.read_text()[-2000:]
        assert json.loads(answer) is None, json.loads(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def keras(tmp_path_factory):
    process = Keras(tmp_path_factory.mktemp("keras"))
    yield process
    process.close()


LONG = ["lenet", "inception", "mobilenet2"]


@pytest.mark.parametrize(
    "name", ["circle", "digits", "rings", "everything", "adamw", "separable", *todays(LONG, 1 if VERIFY else 3)]
)
def test_keras_code_runs_as_copied_and_answers_what_we_answer(name, tmp_path, keras):
    result = checked(name)
    trainer = Trainer(SPECS[name])
    trainer.run_for(60, 12)
    save_file(trainer.weights(), tmp_path / "weights.safetensors")
    x = trainer.x[:8]
    np.save(tmp_path / "x.npy", x)
    (tmp_path / "model.py").write_text(EXPORTERS["keras"](result.resolved, result.report()))
    y = trainer.data.part("train")[1][:8]
    np.save(tmp_path / "t.npy", y)
    keras.run(
        tmp_path,
        "import runpy\nimport numpy as np\n"
        "made = runpy.run_path('model.py', run_name='__main__')\n"
        "made['load_weights']('weights.safetensors')\n"
        "x, model = np.load('x.npy'), made['model']\n"
        "np.save('y.npy', np.asarray(model(x, training=False)))\n"
        "model.fit(x, np.load('t.npy'), epochs=1, verbose=0)\n",
    )
    np.testing.assert_allclose(np.load(tmp_path / "y.npy"), trainer.model.predict(x), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", sorted(SPECS))
def test_pytorch_code_compiles_and_has_our_shapes(name):
    result = checked(name)
    code = EXPORTERS["pytorch"](result.resolved, result.report())
    compile(code, name, "exec")
    linears = [(int(a), int(b)) for a, b in re.findall(r"nn\.Linear\((\d+), (\d+)", code)]
    kernels = [(r["input_shape"][0], r["output_shape"][0]) for r in result.table if r["type"] == "Dense"]
    assert linears == kernels


def test_the_detection_loss_in_keras_code_is_pytorchs(tmp_path, keras):
    """The exported function, run by Keras, against the golden terms of tests/parity (weights 4, 0.7, 1.3)."""
    from app.export.detection import KERAS, detection_code

    golden = dict(np.load(ROOT / "tests/parity/golden_detection.npz"))
    box, none, kind = golden["yolo/1/weights"].tolist()
    loss = {
        "name": "yolo",
        "anchors": [[0.1, 0.1]] * 3,
        "box_weight": box,
        "no_object_weight": none,
        "class_weight": kind,
    }
    shape = [*golden["yolo/1/t"].shape[1:3], int(np.prod(golden["yolo/1/t"].shape[3:]))]
    file = str(ROOT / "tests/parity/golden_detection.npz")
    program = f"""
import keras, numpy as np
{detection_code(KERAS, loss, shape)}
g = np.load({file!r})
flat = (-1, *{shape!r})
t, y = g["yolo/1/target"].reshape(flat), g["yolo/1/t"].reshape(flat)
np.save("y.npy", np.asarray(detection_loss(t.astype("float32"), y.astype("float32"))))
"""
    keras.run(tmp_path, program)
    assert float(np.load(tmp_path / "y.npy").mean()) == pytest.approx(golden["yolo/1/terms"].sum(), rel=1e-5)
