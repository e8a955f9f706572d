"""Models as ONNX files and back (optional dependency `onnx`, Apache 2.0).

Exported graphs take (B, H, W, C) or (B, F) as Descent does; inside images are (B, C, H, W), as ONNX has them. Side
branches are left out: they answer while training alone. `app.export.onnx_read` is the way back.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.export.onnx_operators import OPERATORS
from app.export.onnx_operators import onnx_package as _onnx
from app.export.onnx_read import OnnxGraph
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

__all__ = ["OPERATORS", "OnnxGraph", "onnx_bytes"]

OPSET = 17
IR_VERSION = 9
ACTIVATION = {"relu": "Relu", "sigmoid": "Sigmoid", "tanh": "Tanh", "softplus": "Softplus", "elu": "Elu",
              "softsign": "Softsign", "exponential": "Exp"}  # fmt: skip


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

    def depthwise(self, x: str, layer: DepthwiseConv2D) -> str:
        """Its kernel (k_h, k_w, C, m) as the one (k_h, k_w, 1, C·m) of C groups."""
        kernel = self.weight(layer.kernel)
        groups = layer.input_shape[2]
        return self.convolve(x, kernel.reshape(*kernel.shape[:2], 1, -1), layer.bias, layer.window, groups, (1, 1))

    def convolve(
        self, x: str, kernel: Array, bias: Any, window: Window, groups: int, dilations: tuple[int, int]
    ) -> str:
        """kernel (k_h, k_w, C / groups, O)."""
        weights = kernel.transpose(3, 2, 0, 1)
        inputs = [x, self.constant(weights)] + ([] if bias is None else [self.constant(self.weight(bias))])
        return self.node("Conv", inputs, kernel_shape=list(kernel.shape[:2]), strides=list(window.strides),
                         pads=_pads(window), group=groups, dilations=list(dilations))  # fmt: skip

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
        if isinstance(layer, DepthwiseConv2D):
            return self.activate(layer.activation.name, self.depthwise(x, layer), image)
        if isinstance(layer, Conv2D):
            kernel = self.weight(layer.kernel)
            y = self.convolve(x, kernel, layer.bias, layer.window, layer.groups, layer.dilation_rate)
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
            case "GlobalMaxPooling2D":
                return self.node("Flatten", [self.node("GlobalMaxPool", [x])])
            case "ReLU":
                return self.rectify(layer, x)
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
                if layer.interpolation == "bilinear":
                    return self.node("Resize", [x, "", scales], mode="linear")
                return self.node("Resize", [x, "", scales], mode="nearest", nearest_mode="floor",
                                 coordinate_transformation_mode="asymmetric")  # fmt: skip
            case "Dropout":
                return x
            case "LeakyReLU":
                return self.node("LeakyRelu", [x], alpha=layer.negative_slope)
        return self.activate(layer.activation.name, x, image)

    def rectify(self, layer: Any, x: str) -> str:
        """min(x·[x > θ], ceiling) + slope·min(x − θ, 0)."""
        threshold, zero = self.constant(np.float32(layer.threshold)), self.constant(np.float32(0))
        if layer.threshold:
            y = self.node("Mul", [x, self.node("Cast", [self.node("Greater", [x, threshold])], to=1)])
        else:
            y = self.node("Relu", [x])
        if layer.max_value is not None:
            y = self.node("Clip", [y, "", self.constant(np.float32(layer.max_value))])
        if not layer.negative_slope:
            return y
        below = self.node("Clip", [self.node("Sub", [x, threshold]), "", zero])
        return self.node("Add", [y, self.node("Mul", [below, self.constant(np.float32(layer.negative_slope))])])

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
