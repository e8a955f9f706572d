"""Models as ONNX files and back (optional dependency `onnx`, Apache 2.0).

Exported graphs take (B, H, W, C) or (B, F) as Descent does; inside images are (B, C, H, W), as ONNX has them. Side
branches are left out: they answer while training alone. `OnnxGraph` runs a file's graph with this engine's layers.
"""

import importlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from engine import layers as made
from engine.activations import SELU_ALPHA, SELU_SCALE
from engine.core.types import Array
from engine.layers import (
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Layer,
    Parallel,
    Residual,
    SeparableConv2D,
    SideBranch,
)
from engine.layers.composite import Block
from engine.layers.correlation import Window
from engine.sequential import Sequential

OPSET = 17
IR_VERSION = 9
ACTIVATION = {"relu": "Relu", "sigmoid": "Sigmoid", "tanh": "Tanh", "softplus": "Softplus", "elu": "Elu",
              "softsign": "Softsign", "exponential": "Exp"}  # fmt: skip


def _onnx() -> Any:
    try:
        return importlib.import_module("onnx")
    except ImportError as error:
        raise ValueError("ONNX files want the package onnx: pip install 'descent[onnx]'") from error


class _Writer:
    """Nodes and constants of a graph; every method returns the name of its output."""

    def __init__(self, model: Sequential) -> None:
        self.helper = _onnx().helper
        self.numpy = _onnx().numpy_helper
        self.model = model
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def node(self, kind: str, inputs: Sequence[str], **attributes: Any) -> str:
        name = f"v{len(self.nodes)}"
        self.nodes.append(self.helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def constant(self, array: Any) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(self.numpy.from_array(np.ascontiguousarray(array), name))
        return name

    def weight(self, weight: Any) -> Array:
        return np.asarray(self.model.store.array(weight), np.float32)

    def run(self, layers: Sequence[Layer], x: str) -> str:
        for layer in layers:
            x = self.one(layer, x)
        return x

    def activate(self, name: str, x: str, image: bool) -> str:
        match name:
            case "linear":
                return x
            case "softmax":
                return self.node("Softmax", [x], axis=1)
            case "step":
                return self.node("Cast", [self.node("GreaterOrEqual", [x, self.constant(np.float32(0))])], to=1)
            case "relu6":
                return self.node("Clip", [x, self.constant(np.float32(0)), self.constant(np.float32(6))])
            case "leaky_relu":
                return self.node("LeakyRelu", [x], alpha=0.2)
            case "selu":
                return self.node("Selu", [x], alpha=SELU_ALPHA, gamma=SELU_SCALE)
            case "hard_sigmoid":
                return self.node("HardSigmoid", [x], alpha=1 / 6, beta=0.5)
            case "mish":
                return self.node("Mul", [x, self.node("Tanh", [self.node("Softplus", [x])])])
            case "swish":
                return self.node("Mul", [x, self.node("Sigmoid", [x])])
            case "gelu":
                half = self.node("Mul", [x, self.constant(np.float32(0.5))])
                erf = self.node("Erf", [self.node("Mul", [x, self.constant(np.float32(np.sqrt(0.5)))])])
                return self.node("Mul", [half, self.node("Add", [erf, self.constant(np.float32(1))])])
        return self.node(ACTIVATION[name], [x])

    def convolve(self, x: str, kernel: Array, bias: Any, window: Window, groups: int) -> str:
        """kernel (k_h, k_w, C, O), or (k_h, k_w, C, m) with C groups."""
        if groups > 1:
            height, width, channels, each = kernel.shape
            weights = kernel.transpose(2, 3, 0, 1).reshape(channels * each, 1, height, width)
        else:
            weights = kernel.transpose(3, 2, 0, 1)
        inputs = [x, self.constant(weights)] + ([] if bias is None else [self.constant(self.weight(bias))])
        return self.node("Conv", inputs, kernel_shape=list(window.kernel), strides=list(window.strides),
                         pads=_pads(window), group=groups)  # fmt: skip

    def one(self, layer: Any, x: str) -> str:
        image = len(layer.input_shape) == 3
        if isinstance(layer, SideBranch):
            return x
        if isinstance(layer, Block):
            return self.run(layer.inside, x)
        if isinstance(layer, Residual):
            total = self.node("Add", [self.run(layer.body, x), self.run(layer.shortcut, x)])
            return self.activate(layer.activation.name, total, image)
        if isinstance(layer, Parallel):
            ends = [self.run(branch, x) for branch in layer.branches]
            return self.node("Concat", ends, axis=1) if layer.merge == "concat" else self.node("Sum", ends)
        if isinstance(layer, Conv2D | DepthwiseConv2D):
            groups = layer.input_shape[2] if isinstance(layer, DepthwiseConv2D) else 1
            kernel = self.weight(layer.kernel)
            if groups == 1 and isinstance(layer, DepthwiseConv2D):
                kernel = kernel.reshape(*kernel.shape[:2], 1, -1)
            y = self.convolve(x, kernel, layer.bias, layer.window, groups)
            return self.activate(layer.activation.name, y, image)
        if isinstance(layer, SeparableConv2D):
            return self.run([layer.depthwise, layer.pointwise], x)
        if isinstance(layer, Dense):
            inputs = [x, self.constant(self.weight(layer.weights[0]))]
            if layer.use_bias:
                inputs.append(self.constant(self.weight(layer.weights[1])))
            return self.activate(layer.activation.name, self.node("Gemm", inputs), image)
        return self.plain(layer, x, image)

    def plain(self, layer: Any, x: str, image: bool) -> str:
        match type(layer).__name__:
            case "BatchNormalization":
                return self.normalize(layer, x)
            case "MaxPooling2D" | "AveragePooling2D":
                kind = {"MaxPooling2D": "MaxPool", "AveragePooling2D": "AveragePool"}[type(layer).__name__]
                window = layer.window
                return self.node(kind, [x], kernel_shape=list(window.kernel), strides=list(window.strides),
                                 pads=_pads(window))  # fmt: skip
            case "GlobalAveragePooling2D":
                return self.node("Flatten", [self.node("GlobalAveragePool", [x])])
            case "Flatten" | "Reshape":
                x = self.node("Transpose", [x], perm=[0, 2, 3, 1]) if image else x
                shape = self.constant(np.array([-1, *layer.output_shape], np.int64))
                x = self.node("Reshape", [x, shape])
                return self.node("Transpose", [x], perm=[0, 3, 1, 2]) if len(layer.output_shape) == 3 else x
            case "ZeroPadding2D":
                (top, bottom), (left, right) = layer.padding
                pads = np.array([0, 0, top, left, 0, 0, bottom, right], np.int64)
                return self.node("Pad", [x, self.constant(pads)])
            case "UpSampling2D":
                scales = self.constant(np.array([1, 1, *layer.size], np.float32))
                return self.node("Resize", [x, "", scales], mode="nearest", nearest_mode="floor",
                                 coordinate_transformation_mode="asymmetric")  # fmt: skip
            case "Dropout":
                return x
            case "LeakyReLU":
                return self.node("LeakyRelu", [x], alpha=layer.negative_slope)
        return self.activate(layer.activation.name, x, image)

    def normalize(self, layer: Any, x: str) -> str:
        channels = layer.input_shape[-1]
        gamma = np.ones(channels, np.float32) if layer.gamma is None else self.weight(layer.gamma)
        beta = np.zeros(channels, np.float32) if layer.beta is None else self.weight(layer.beta)
        parts = (gamma, beta, self.weight(layer.mean), self.weight(layer.variance))
        return self.node("BatchNormalization", [x, *map(self.constant, parts)], epsilon=layer.epsilon)


def _pads(window: Window) -> list[int]:
    m = window.margin
    return [m.top, m.left, m.bottom, m.right]


def onnx_bytes(model: Sequential) -> bytes:
    """A built model as an ONNX file (opset 17): input 'input' and output 'output' with the batch free."""
    onnx = _onnx()
    writer = _Writer(model)
    assert model.input_shape is not None
    image = len(model.input_shape) == 3
    x = writer.node("Transpose", ["input"], perm=[0, 3, 1, 2]) if image else "input"
    y = writer.run(model.layers, x)
    if len(model.output_shape) == 3:
        y = writer.node("Transpose", [y], perm=[0, 2, 3, 1])
    writer.nodes.append(onnx.helper.make_node("Identity", [y], ["output"]))
    kind = onnx.TensorProto.FLOAT
    graph = onnx.helper.make_graph(
        writer.nodes,
        model.name,
        [onnx.helper.make_tensor_value_info("input", kind, ["batch", *model.input_shape])],
        [onnx.helper.make_tensor_value_info("output", kind, ["batch", *model.output_shape])],
        writer.constants,
    )
    made_model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", OPSET)])
    made_model.ir_version = IR_VERSION
    onnx.checker.check_model(made_model)
    data: bytes = made_model.SerializeToString()
    return data


# -- the way back --------------------------------------------------------------------------------------------------
Operator = Callable[[list[Any], dict[str, Any]], Array]
OPERATORS: dict[str, Operator] = {}


def _operator(name: str) -> Callable[[Operator], Operator]:
    def add(function: Operator) -> Operator:
        OPERATORS[name] = function
        return function

    return add


def _through(layers: list[Layer], x: Array, weights: Sequence[Array] = ()) -> Array:
    """Runs layers of this engine on an ONNX array (B, C, H, W) or (B, F)."""
    image = x.ndim == 4
    rows = x.transpose(0, 2, 3, 1) if image else x
    dtype = rows.dtype if rows.dtype in (np.float32, np.float64) else np.dtype(np.float32)
    model = Sequential(layers, dtype=dtype)
    model.build(rows.shape[1:])
    if weights:
        model.set_weights(list(weights))
    y = model.predict(rows)
    return np.ascontiguousarray(y.transpose(0, 3, 1, 2)) if y.ndim == 4 else y


def _padding(x: Array, a: dict[str, Any], kernel: Sequence[int], strides: Sequence[int]) -> list[list[int]]:
    """[[top, bottom], [left, right]] from ONNX's pads or auto_pad."""
    if any(d != 1 for d in a.get("dilations", [1, 1])):
        raise ValueError(f"this engine has no dilated windows, got dilations {a['dilations']}")
    auto = a.get("auto_pad", b"NOTSET")
    auto = auto.decode() if isinstance(auto, bytes) else auto
    if auto in ("SAME_UPPER", "SAME_LOWER"):
        out = []
        for size, k, s in zip(x.shape[2:], kernel, strides, strict=True):
            total = max((-(-size // s) - 1) * s + k - size, 0)
            less, more = total // 2, total - total // 2
            out.append([less, more] if auto == "SAME_UPPER" else [more, less])
        return out
    pads = a.get("pads") or [0, 0, 0, 0]
    return [[pads[0], pads[2]], [pads[1], pads[3]]]


def _image(x: Array, operator: str) -> Array:
    if x.ndim != 4:
        raise ValueError(f"{operator} wants images (B, C, H, W), got shape {x.shape}")
    return x


@_operator("Conv")
def _conv(inputs: list[Any], a: dict[str, Any]) -> Array:
    x, w = _image(inputs[0], "Conv"), inputs[1]
    bias = inputs[2] if len(inputs) > 2 and inputs[2] is not None else None
    groups, kernel = a.get("group", 1), w.shape[2:]
    strides = a.get("strides", [1, 1])
    pad = made.ZeroPadding2D(_padding(x, a, kernel, strides))
    more: dict[str, Any] = {"use_bias": bias is not None}
    tail = [] if bias is None else [bias]
    if groups == 1:
        return _through([pad, made.Conv2D(w.shape[0], tuple(kernel), tuple(strides), **more)], x,
                        [w.transpose(2, 3, 1, 0), *tail])  # fmt: skip
    if groups == x.shape[1]:
        each = w.shape[0] // groups
        depthwise = w.reshape(groups, each, *kernel).transpose(2, 3, 0, 1)
        layer = made.DepthwiseConv2D(tuple(kernel), tuple(strides), depth_multiplier=each, **more)
        return _through([pad, layer], x, [depthwise, *tail])
    raise ValueError(f"this engine has convolutions of 1 group or one a channel, got {groups} of {x.shape[1]}")


def _pool(inputs: list[Any], a: dict[str, Any], kind: str) -> Array:
    x, kernel = _image(inputs[0], kind), a["kernel_shape"]
    strides = a.get("strides", [1, 1])
    if a.get("ceil_mode"):
        raise ValueError(f"{kind}: this engine rounds sizes down, got ceil_mode 1")
    (top, bottom), (left, right) = _padding(x, a, kernel, strides)
    ones = np.ones_like(x)
    around = ((0, 0), (0, 0), (top, bottom), (left, right))
    pool = made.MaxPooling2D if kind == "MaxPool" else made.AveragePooling2D
    fill = np.finfo(np.float32).min if kind == "MaxPool" else 0
    y = _through([pool(tuple(kernel), tuple(strides))], np.pad(x, around, constant_values=fill))
    if kind == "MaxPool" or a.get("count_include_pad"):
        return y
    return y / _through([pool(tuple(kernel), tuple(strides))], np.pad(ones, around))


@_operator("MaxPool")
def _max_pool(inputs: list[Any], a: dict[str, Any]) -> Array:
    return _pool(inputs, a, "MaxPool")


@_operator("AveragePool")
def _average_pool(inputs: list[Any], a: dict[str, Any]) -> Array:
    return _pool(inputs, a, "AveragePool")


@_operator("GlobalAveragePool")
def _global(inputs: list[Any], a: dict[str, Any]) -> Array:
    return _through([made.GlobalAveragePooling2D()], _image(inputs[0], "GlobalAveragePool"))[:, :, None, None]


@_operator("BatchNormalization")
def _normalize(inputs: list[Any], a: dict[str, Any]) -> Array:
    if a.get("training_mode"):
        raise ValueError("BatchNormalization is read for inference, got training_mode 1")
    layer = made.BatchNormalization(epsilon=float(a.get("epsilon", 1e-5)))
    return _through([layer], inputs[0], inputs[1:5])


@_operator("Gemm")
def _gemm(inputs: list[Any], a: dict[str, Any]) -> Array:
    x = inputs[0].T if a.get("transA") else inputs[0]
    w = inputs[1].T if a.get("transB") else inputs[1]
    y = _through([made.Dense(w.shape[1], use_bias=False)], x, [a.get("alpha", 1.0) * w])
    return y if len(inputs) < 3 or inputs[2] is None else y + a.get("beta", 1.0) * inputs[2]


def _elementwise(name: str) -> Operator:
    return lambda inputs, a: np.asarray(made.Activation(name).activation(inputs[0]))


for _kind, _name in (("Relu", "relu"), ("Sigmoid", "sigmoid"), ("Tanh", "tanh"), ("Softplus", "softplus"),
                     ("Softsign", "softsign"), ("Exp", "exponential")):  # fmt: skip
    OPERATORS[_kind] = _elementwise(_name)


@_operator("LeakyRelu")
def _leaky(inputs: list[Any], a: dict[str, Any]) -> Array:
    x = inputs[0]
    flat = np.ascontiguousarray(x).reshape(-1, 1)
    return _through([made.LeakyReLU(float(a.get("alpha", 0.01)))], flat).reshape(x.shape)


@_operator("Elu")
def _elu(inputs: list[Any], a: dict[str, Any]) -> Array:
    x = inputs[0]
    return np.asarray(np.where(x > 0, x, a.get("alpha", 1.0) * np.expm1(np.minimum(x, 0))))


@_operator("Selu")
def _selu(inputs: list[Any], a: dict[str, Any]) -> Array:
    x = inputs[0]
    below = a.get("alpha", SELU_ALPHA) * np.expm1(np.minimum(x, 0))
    return np.asarray(a.get("gamma", SELU_SCALE) * np.where(x > 0, x, below), x.dtype)


@_operator("HardSigmoid")
def _hard_sigmoid(inputs: list[Any], a: dict[str, Any]) -> Array:
    x = inputs[0]
    return np.asarray(np.clip(a.get("alpha", 0.2) * x + a.get("beta", 0.5), 0, 1), x.dtype)


@_operator("Softmax")
def _softmax(inputs: list[Any], a: dict[str, Any]) -> Array:
    x = np.moveaxis(inputs[0], a.get("axis", -1), -1)
    rows: Array = made.Activation("softmax").activation(x.reshape(-1, x.shape[-1])).reshape(x.shape)
    return np.moveaxis(rows, -1, a.get("axis", -1))


OPERATORS |= {
    "Add": lambda inputs, a: inputs[0] + inputs[1],
    "Mul": lambda inputs, a: inputs[0] * inputs[1],
    "Sum": lambda inputs, a: np.asarray(sum(inputs[1:], inputs[0])),
    "Concat": lambda inputs, a: np.concatenate(inputs, a["axis"]),
    "Identity": lambda inputs, a: inputs[0],
    "Transpose": lambda inputs, a: np.transpose(inputs[0], a.get("perm")),
    "Dropout": lambda inputs, a: inputs[0],
    "Clip": lambda inputs, a: np.clip(inputs[0], *[*inputs[1:3], None, None][:2]),
}


@_operator("Flatten")
def _flatten(inputs: list[Any], a: dict[str, Any]) -> Array:
    x, axis = inputs[0], a.get("axis", 1)
    axis = axis + x.ndim if axis < 0 else axis
    return np.asarray(x.reshape(int(np.prod(x.shape[:axis])), -1))


@_operator("Reshape")
def _reshape(inputs: list[Any], a: dict[str, Any]) -> Array:
    x, shape = inputs[0], [int(n) for n in inputs[1]]
    if not a.get("allowzero"):
        shape = [x.shape[i] if n == 0 else n for i, n in enumerate(shape)]
    return np.asarray(x.reshape(shape))


class OnnxGraph:
    """An ONNX file's graph, run for inference with this engine's layers. Wrong files are a ValueError."""

    def __init__(self, data: bytes) -> None:
        onnx = _onnx()
        try:
            model = onnx.load_model_from_string(data)
        except Exception as error:
            raise ValueError(f"this is not an ONNX file: {error}") from error
        graph = model.graph
        self.constants = {t.name: onnx.numpy_helper.to_array(t) for t in graph.initializer}
        self.inputs = [i.name for i in graph.input if i.name not in self.constants]
        self.outputs = [o.name for o in graph.output]
        self.nodes = [
            (
                n.op_type,
                list(n.input),
                list(n.output),
                {x.name: onnx.helper.get_attribute_value(x) for x in n.attribute},
            )
            for n in graph.node
        ]
        if unknown := sorted({kind for kind, _, _, _ in self.nodes} - set(OPERATORS)):
            raise ValueError(f"this engine has no operator {unknown[0]}; it has {', '.join(sorted(OPERATORS))}")

    def run(self, *inputs: Array) -> list[Array]:
        """The outputs for inputs in the order of `self.inputs`."""
        if len(inputs) != len(self.inputs):
            raise ValueError(f"the graph wants {len(self.inputs)} inputs ({', '.join(self.inputs)}), got {len(inputs)}")
        values: dict[str, Any] = {**self.constants, **dict(zip(self.inputs, inputs, strict=True)), "": None}
        for kind, sources, targets, attributes in self.nodes:
            values[targets[0]] = OPERATORS[kind]([values[s] for s in sources], attributes)
        return [values[name] for name in self.outputs]
