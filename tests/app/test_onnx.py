"""ONNX both ways: ONNX Runtime agrees with exported files, and files are read as the ONNX package's own tests want."""

import re
import warnings

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper
from onnx.backend.test.loader import load_model_tests
from onnx.numpy_helper import from_array, to_array

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
    np.testing.assert_allclose(OnnxGraph(data).run(x)[0], ours, rtol=1e-3, atol=1e-5)


def agrees(model, x):
    """ONNX Runtime and our own reading answer what the model answers."""
    data = onnx_bytes(model)
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    np.testing.assert_allclose(session.run(None, {"input": x})[0], model.predict(x), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(OnnxGraph(data).run(x)[0], model.predict(x), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    "middle",
    [
        layers.ZeroPadding2D(((1, 0), (2, 3))), layers.UpSampling2D((2, 3)), layers.MaxPooling2D(3, 2, "same"),
        layers.AveragePooling2D(2, 2, "same"), layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2),
        layers.SeparableConv2D(4, 3), layers.BatchNormalization(), layers.LeakyReLU(0.1), layers.Dropout(0.5),
        layers.ReLU(), layers.ReLU(1.0, 0.1, 0.2), layers.ReLU(max_value=0.5),
        layers.UpSampling2D((2, 3), interpolation="bilinear"),
        layers.Conv2D(6, 3, groups=3, padding="same"), layers.Conv2D(3, (2, 3), dilation_rate=(2, 1), padding="same"),
        layers.Conv2D(3, 2, groups=3, dilation_rate=2, activation="selu"), layers.ELU(), layers.Softmax(),
        layers.Residual([layers.ZeroPadding2D(1), layers.Conv2D(3, 3)], activation="gelu"),
        layers.Parallel([[layers.UpSampling2D(1)], [layers.Conv2D(2, 1, activation="step")]]),
        *(layers.Activation(name) for name in layers.Activation.arguments[0].choices),
    ],
    ids=lambda layer: f"{type(layer).__name__} {getattr(getattr(layer, 'activation', None), 'name', '')}",
)  # fmt: skip
def test_whatever_is_exported_can_be_read_back(middle):
    model = Sequential([layers.Conv2D(3, 2), middle, layers.Flatten(), layers.Dense(4, "softmax")], seed=3)
    model.build((7, 6, 2))
    agrees(model, np.random.default_rng(1).normal(size=(3, 7, 6, 2)).astype(np.float32))


def test_the_largest_pixel_is_exported():
    model = Sequential([layers.Conv2D(3, 2), layers.GlobalMaxPooling2D(), layers.Dense(4, "softmax")], seed=3)
    model.build((7, 6, 2))
    agrees(model, np.random.default_rng(1).normal(size=(3, 7, 6, 2)).astype(np.float32))


def test_every_activation_is_exported():
    names = [a for a in layers.Activation.arguments[0].choices if a != "softmax"]
    model = Sequential([layers.Dense(6, name) for name in names], seed=2)
    model.build((4,))
    x = np.random.default_rng(1).normal(size=(3, 4)).astype(np.float32)
    agrees(model, x)


def node_cases():
    """The package's tests of graphs that are made of operators that are read here."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # the package makes its cases by overflowing casts
        cases = {t.name: t for t in load_model_tests(kind="node")}
    # Sequences are no arrays; what CastLike expands to is Cast once more.
    mine = {name: t for name, t in cases.items() if not re.search("identity_(sequence|opt)|castlike", name)}
    return [t for _, t in sorted(mine.items()) if {n.op_type for n in t.model.graph.node} <= set(OPERATORS)]


CASES = node_cases()
# What is not read, and says so: 1-D and 3-D windows, dilated and rounded-up pooling, interpolation, cropping, training,
# sequences, and the number types that NumPy lacks. Everything else has to agree.
REFUSED = re.compile(
    r"^test_(averagepool_[13]d|averagepool_2d_(ceil|dilations)|maxpool_[13]d|maxpool_2d_(ceil|dilations|uint8)|"
    r"maxpool_with_argmax|batchnorm_\w+_training_mode|training_dropout(_default)?(_mask)?$|training_dropout_\w*|"
    r"resize_\w*(linear|cubic|crop|not_larger|not_smaller|antialias)|"
    r"cast\w*(BFLOAT16|FLOAT8|FLOAT4|INT4|INT2|E8M0|e8m0)|mish_expanded)"
)


def test_the_package_has_as_many_tests_as_we_count_on():
    agreeing = [t for t in CASES if not REFUSED.match(t.name)]
    assert len(agreeing) >= 140
    assert {n.op_type for t in agreeing for n in t.model.graph.node} >= set(OPERATORS) - {"Constant"}


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_the_package_s_own_node_test_passes_or_is_refused_by_name(case):
    for inputs, outputs in case.data_sets:
        read = [v if isinstance(v, np.ndarray | np.generic | list) or v is None else to_array(v) for v in inputs]
        try:
            found = OnnxGraph(case.model.SerializeToString()).run(*map(np.asarray, read))
        except ValueError as error:
            assert REFUSED.match(case.name), error
            assert any(kind in str(error) for kind in {n.op_type for n in case.model.graph.node}), error
            continue
        assert len(found) == len(outputs)
        for mine, wanted in zip(found, outputs, strict=True):
            expected = wanted if isinstance(wanted, np.ndarray | np.generic) else to_array(wanted)
            np.testing.assert_allclose(mine, expected, rtol=1e-3, atol=1e-5)
            assert mine.dtype == expected.dtype


def test_every_version_of_the_specification_has_been_looked_at():
    for name, mine in OPERATORS.items():
        schemas = [s for s in onnx.defs.get_all_schemas_with_history() if s.name == name and s.domain == ""]
        first = max(s.since_version for s in schemas if s.since_version <= mine.versions[0])
        assert mine.versions == tuple(sorted({s.since_version for s in schemas if s.since_version >= first})), name
        spec = {a for s in schemas if s.since_version >= first for a in s.attributes}
        assert mine.attributes <= spec, name


def graph_of(nodes, inputs, outputs, opset, constants=()):
    """A file: inputs are name → array, outputs names."""
    kind = helper.np_dtype_to_tensor_dtype
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info(n, kind(a.dtype), a.shape) for n, a in inputs.items()],
        [helper.make_tensor_value_info(n, k, None) for n, k in outputs.items()],
        [from_array(a, n) for n, a in dict(constants).items()],
    )  # fmt: skip
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8).SerializeToString()


X = np.random.default_rng(5).normal(size=(2, 4, 6, 5)).astype(np.float32) * 2
W = np.random.default_rng(6).normal(size=(6, 2, 3, 2)).astype(np.float32)
VECTOR = np.random.default_rng(7).random(4).astype(np.float32) + 0.5
ROI = np.zeros(0, np.float32)
FLOAT, BOOL = TensorProto.FLOAT, TensorProto.BOOL
OLD = [
    ("Clip", {"min": -0.5, "max": 0.7}, {}, (7, 10)),
    ("Clip", {"max": 0.7}, {}, (7, 10)),
    ("Clip", {}, {}, (7, 10, 11, 13)),
    ("Clip", {}, {"low": np.float32(-0.5)}, (11, 12, 13)),
    ("Clip", {}, {"low": np.float32(0.5), "high": np.float32(-0.5)}, (13,)),
    *(("Softmax", {"axis": axis}, {}, (7, 11, 12, 13)) for axis in (0, 1, 2, 3)),
    ("Softmax", {"axis": -2}, {}, (11, 13)),
    ("Softmax", {}, {}, (7, 11, 12, 13)),
    ("Dropout", {"ratio": 0.4}, {}, (7, 10)),
    ("Dropout", {}, {"ratio": np.float32(0.4)}, (12, 13)),
    ("Dropout", {}, {"ratio": np.float32(0.4), "training": np.array(False)}, (12, 13)),
    ("Pad", {"pads": [0, 0, 1, 2, 0, 0, 3, 0], "value": 1.5}, {}, (7, 10)),
    ("Pad", {"pads": [0, 0, 1, 2, 0, 0, 3, 0], "mode": "reflect"}, {}, (7, 10)),
    ("Pad", {}, {"pads": np.array([0, 0, 1, 2, 0, 0, 3, 0])}, (11, 13, 17)),
    ("Conv", {"group": 2, "strides": [2, 1], "pads": [1, 0, 0, 2]}, {"w": W}, (7, 11, 17)),
    ("Conv", {"group": 2, "dilations": [2, 3], "pads": [3, 0, 1, 2]}, {"w": W}, (7, 11)),
    ("Conv", {"group": 2, "auto_pad": "VALID"}, {"w": W, "b": W[:, 0, 0, 0]}, (7, 11)),
    ("MaxPool", {"kernel_shape": [3, 2], "storage_order": 1, "pads": [1, 1, 1, 0]}, {}, (8, 10, 12)),
    ("MaxPool", {"kernel_shape": [2, 2], "ceil_mode": 1, "strides": [2, 1]}, {}, (10, 12)),
    ("AveragePool", {"kernel_shape": [3, 2], "auto_pad": "SAME_UPPER", "strides": [2, 2]}, {}, (7, 10, 11)),
    ("AveragePool", {"kernel_shape": [3, 2], "pads": [1, 1, 0, 0], "count_include_pad": 1}, {}, (7, 10)),
    *(("BatchNormalization", {"epsilon": e}, {"a": VECTOR, "b": -VECTOR, "c": VECTOR / 3, "d": VECTOR}, (7, 9, 14))
      for e in (0.0, 0.1)),
    ("LeakyRelu", {"alpha": -1.7}, {}, (7, 16)),
    ("Elu", {"alpha": 2.5}, {}, (7,)),
    ("Flatten", {"axis": 3}, {}, (7, 9, 13)),
    ("Resize", {"mode": "nearest"}, {"roi": ROI, "s": np.array([1, 1, 2, 1.5], np.float32)}, (11, 13)),
    ("Resize", {"mode": "nearest", "nearest_mode": "ceil", "coordinate_transformation_mode": "align_corners"},
     {"roi": ROI, "s": np.array([1, 1, 2.5, 0.5], np.float32)}, (11, 13)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "attributes", "more", "opset"),
    [(kind, attributes, more, opset) for kind, attributes, more, opsets in OLD for opset in opsets],
)
def test_old_versions_of_operators_mean_what_they_meant(kind, attributes, more, opset):
    node = helper.make_node(kind, ["x", *more], ["y"], **attributes)
    data = graph_of([node], {"x": X}, {"y": FLOAT}, opset, more)
    wanted = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"]).run(None, {"x": X})[0]
    np.testing.assert_allclose(OnnxGraph(data).run(X)[0], wanted, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("node", "opset", "words"),
    [
        (
            helper.make_node("MaxPool", ["x"], ["y", "i"], kernel_shape=[2, 2]),
            12,
            "MaxPool's output 2 .'i'. is not",
        ),
        (helper.make_node("Dropout", ["x"], ["y", "i"]), 7, "Dropout's output 'i' is not read at opset 7"),
        (helper.make_node("Relu", ["x"], ["i"]), 6, "opsets 7 to 28 are read, this file wants 6"),
        (helper.make_node("Relu", ["x"], ["i"]), 99, "this file wants 99"),
        (helper.make_node("Erf", ["x"], ["i"]), 8, "Erf is read from opset 9 on, this file has 8"),
        (helper.make_node("Relu", ["x"], ["i"], slope=1.0), 13, "Relu's attribute 'slope' is not read"),
        (helper.make_node("Relu", ["z"], ["i"]), 13, "Relu wants 'z', which nothing before it gives"),
        (helper.make_node("Relu", ["x"], ["q"]), 13, "the graph's output 'i' is given by nothing"),
        (helper.make_node("Relu", ["x"], ["i"], domain="com.foo"), 13, "operators of ONNX's own alone.*com.foo"),
        (helper.make_node("Conv", ["x", "w"], ["i"], kernel_shape=[5, 5]), 13, "kernel_shape .5, 5. is not that of"),
    ],
)
def test_what_is_not_read_is_refused_by_name(node, opset, words):
    with pytest.raises(ValueError, match=words):
        OnnxGraph(graph_of([node], {"x": X}, {"i": FLOAT}, opset, {"w": W})).run(X)


def test_a_second_output_that_nobody_reads_does_no_harm_and_dropout_s_mask_is_right():
    pool = helper.make_node("MaxPool", ["x"], ["p", "indices"], kernel_shape=[2, 2])
    drop = helper.make_node("Dropout", ["p"], ["y", "mask"])
    data = graph_of([pool, drop], {"x": X}, {"y": FLOAT, "mask": BOOL}, 12)
    wanted = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"]).run(None, {"x": X})
    for mine, right in zip(OnnxGraph(data).run(X), wanted, strict=True):
        np.testing.assert_array_equal(mine, right)


def test_a_constant_in_the_graph_is_one():
    node = helper.make_node("Constant", [], ["c"], value=from_array(VECTOR[:1]))
    data = graph_of([node, helper.make_node("Add", ["x", "c"], ["y"])], {"x": X}, {"y": FLOAT}, 13)
    np.testing.assert_allclose(OnnxGraph(data).run(X)[0], X + VECTOR[0])


@pytest.mark.parametrize(
    ("build", "words"),
    [(lambda: OnnxGraph(b"nonsense"), "not an ONNX file"), (lambda: _unknown(), "no operator")],
)
def test_what_cannot_be_read_is_said(build, words):
    with pytest.raises(ValueError, match=words):
        build()


def _unknown():
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
