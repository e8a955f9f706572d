"""ONNX both ways: ONNX Runtime agrees with exported files, and files are read as the ONNX package's own tests want."""

import re
import warnings

import numpy as np
import onnxruntime
import pytest
from onnx.backend.test.loader import load_model_tests
from onnx.numpy_helper import to_array

from app.export.onnx import OPERATORS, OnnxGraph, onnx_bytes
from app.specs.presets import PRESETS
from engine import Sequential, layers
from engine.training import Trainer
from tests.app.test_export import SPECS

IMAGE_NETS = ["lenet", "resnet", "inception", "mobilenet", "mobilenet2", "separable", "everything", "digits"]


@pytest.mark.parametrize("name", IMAGE_NETS)
def test_onnx_runtime_answers_what_we_answer_and_so_does_reading_it_again(name):
    trainer = Trainer(SPECS[name])
    trainer.run_for(60, 8)
    data = onnx_bytes(trainer.model)
    x = trainer.x[:5]
    ours = trainer.model.predict(x)
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    np.testing.assert_allclose(session.run(None, {"input": x})[0], ours, rtol=1e-3, atol=1e-5)
    kinds = set(re.findall(r"Resize|Pad|Erf", str([n.op_type for n in _nodes(data)])))
    if not kinds:
        np.testing.assert_allclose(OnnxGraph(data).run(x)[0], ours, rtol=1e-3, atol=1e-5)


def _nodes(data):
    import onnx

    return onnx.load_model_from_string(data).graph.node


def test_every_activation_is_exported():
    names = [a for a in layers.Activation.arguments[0].choices if a != "softmax"]
    model = Sequential([layers.Dense(6, name) for name in names], seed=2)
    model.build((4,))
    x = np.random.default_rng(1).normal(size=(3, 4)).astype(np.float32)
    session = onnxruntime.InferenceSession(onnx_bytes(model), providers=["CPUExecutionProvider"])
    np.testing.assert_allclose(session.run(None, {"input": x})[0], model.predict(x), rtol=1e-4, atol=1e-6)


# What this engine does not have, and says so: 1-D and 3-D images, dilation, sizes rounded up, bool or int tensors.
WANTED = re.compile(
    r"^test_(basic_conv_with(out)?_padding|conv_with_.*|maxpool_2d_\w+|averagepool_2d_\w+|globalaveragepool\w*|"
    r"batchnorm_e\w+|gemm_\w+|relu|sigmoid\w*|tanh\w*|softplus\w*|leakyrelu\w*|elu\w*|selu\w*|hardsigmoid\w*|"
    r"softsign\w*|exp(_example)?|softmax_(axis|default|example)\w*|"
    r"add|mul|sum_\w+|concat_2d\w+|identity|transpose_\w+|clip(_example)?|flatten_\w+|reshape_\w+)$"
)
REFUSED = re.compile(r"dilation|ceil|uint8|argmax|expanded|_bcast|int8|int16|training|opt|sequence|_cuda|with_argmax")


def node_cases():
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # the package makes its cases by overflowing casts
        cases = {t.name: t for t in load_model_tests(kind="node")}
    return [t for name, t in sorted(cases.items()) if WANTED.match(name) and not REFUSED.search(name)]


CASES = node_cases()


def test_the_package_has_as_many_tests_as_we_count_on():
    assert len(CASES) >= 60
    assert len({t.name.split("_")[1] for t in CASES}) >= 15


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_the_package_s_own_node_test_passes(case):
    graph = OnnxGraph(case.model.SerializeToString())
    for inputs, outputs in case.data_sets:
        read = [v if isinstance(v, np.ndarray | np.generic) else to_array(v) for v in inputs]
        wanted = [v if isinstance(v, np.ndarray | np.generic) else to_array(v) for v in outputs]
        found = graph.run(*read)
        np.testing.assert_allclose(found[0], wanted[0], rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize(
    ("build", "words"),
    [(lambda: OnnxGraph(b"nonsense"), "not an ONNX file"), (lambda: _unknown(), "no operator")],
)
def test_what_cannot_be_read_is_said(build, words):
    with pytest.raises(ValueError, match=words):
        build()


def _unknown():
    from onnx import TensorProto, helper

    node = helper.make_node("LSTM", ["x"], ["y"])
    info = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [1]) for n in "xy"]
    assert "LSTM" not in OPERATORS
    return OnnxGraph(helper.make_model(helper.make_graph([node], "g", info[:1], info[1:])).SerializeToString())


def test_a_preset_is_downloaded_from_its_run(server):
    run = server.api.post("/runs", json={"lab": "lenet"}).json()
    response = server.api.get(f"/runs/{run['id']}/onnx")
    assert response.status_code == 200, response.text
    session = onnxruntime.InferenceSession(response.content, providers=["CPUExecutionProvider"])
    model = Trainer(PRESETS["lenet"].spec).model
    x = np.random.default_rng(0).random((2, 28, 28, 1), dtype=np.float32)
    np.testing.assert_allclose(session.run(None, {"input": x})[0], model.predict(x), rtol=1e-3, atol=1e-5)
