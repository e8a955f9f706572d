"""ONNX's operators, for inference. What is not read is refused by name, never guessed.

Every operator says which attributes it understands and for which versions of the specification it was written. The test
compares each with the ONNX package's own node tests and with ONNX Runtime, and fails when the specification gets a
version of one of these operators that nobody has looked at.

Long because it is one table: a few lines for each operator, all in the same form.
"""

import importlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine import layers as made
from engine.activations import SELU_ALPHA, SELU_SCALE
from engine.core.special import erf
from engine.core.types import Array
from engine.layers import Layer
from engine.sequential import Sequential

Attributes = dict[str, Any]


def onnx_package() -> Any:
    try:
        return importlib.import_module("onnx")
    except ImportError as error:
        raise ValueError("ONNX files want the package onnx: pip install onnx") from error


@dataclass(frozen=True)
class Operator:
    """run(inputs, attributes, opset) → the first output, or a tuple of all that are read."""

    run: Callable[[list[Any], Attributes, int], Any]
    attributes: frozenset[str]
    versions: tuple[int, ...]
    """The versions of the specification, from opset 7's on, that `run` was written for."""
    outputs: int = 1


OPERATORS: dict[str, Operator] = {}


def operator(name: str, attributes: str, versions: tuple[int, ...], outputs: int = 1) -> Callable[[Any], Any]:
    """Registers a function as an operator; attributes: names, separated by blanks."""

    def add(function: Any) -> Any:
        OPERATORS[name] = Operator(function, frozenset(attributes.split()), versions, outputs)
        return function

    return add


# -- what operators share ------------------------------------------------------------------------------------------
def _real(x: Array, name: str) -> Array:
    """x itself, if it is float32, float64 or float16."""
    if x.dtype not in (np.float16, np.float32, np.float64):
        raise ValueError(f"{name} is read for float tensors, got {x.dtype}")
    return x


def _image(x: Array, name: str) -> Array:
    if x.ndim != 4:
        raise ValueError(f"{name} wants images (B, C, H, W), got shape {x.shape}")
    return _real(x, name)


def _given(inputs: list[Any], place: int) -> Any:
    """An input that may be left out, or None."""
    return inputs[place] if len(inputs) > place else None


def _text(a: Attributes, name: str, default: str) -> str:
    value = a.get(name, default)
    return value.decode() if isinstance(value, bytes) else str(value)


def _through(layers: list[Layer], x: Array, weights: Sequence[Array] = ()) -> Array:
    """Runs layers of this engine on an ONNX array (B, C, H, W) or (B, F)."""
    image = x.ndim == 4
    rows = x.transpose(0, 2, 3, 1) if image else x
    model = Sequential(layers, dtype="float64" if x.dtype == np.float64 else "float32")
    model.build(rows.shape[1:])
    if weights:
        model.set_weights(list(weights))
    y = model.predict(rows).astype(x.dtype, copy=False)
    return np.ascontiguousarray(y.transpose(0, 3, 1, 2)) if y.ndim == 4 else y


def _padding(x: Array, a: Attributes, kernel: Sequence[int], strides: Sequence[int], name: str) -> list[list[int]]:
    """[[top, bottom], [left, right]] from ONNX's pads or auto_pad."""
    auto = _text(a, "auto_pad", "NOTSET")
    if auto in ("SAME_UPPER", "SAME_LOWER"):
        out = []
        for size, k, s in zip(x.shape[2:], kernel, strides, strict=True):
            total = max((-(-size // s) - 1) * s + k - size, 0)
            less, more = total // 2, total - total // 2
            out.append([less, more] if auto == "SAME_UPPER" else [more, less])
        return out
    if auto not in ("NOTSET", "VALID"):
        raise ValueError(f"{name} knows auto_pad NOTSET, VALID, SAME_UPPER and SAME_LOWER, got {auto!r}")
    pads = [0, 0, 0, 0] if auto == "VALID" else list(a.get("pads") or [0, 0, 0, 0])
    if min(pads) < 0:
        raise ValueError(f"{name} is read with pads ≥ 0, got {pads}")
    return [[pads[0], pads[2]], [pads[1], pads[3]]]


# -- windows -------------------------------------------------------------------------------------------------------
@operator("Conv", "auto_pad dilations group kernel_shape pads strides", (1, 11, 22))
def _conv(inputs: list[Any], a: Attributes, opset: int) -> Array:
    x, w, bias = _image(inputs[0], "Conv"), inputs[1], _given(inputs, 2)
    groups, strides = int(a.get("group", 1)), tuple(a.get("strides", [1, 1]))
    if list(a.get("kernel_shape", w.shape[2:])) != list(w.shape[2:]):
        raise ValueError(f"Conv: kernel_shape {a['kernel_shape']} is not that of the weights, {w.shape}")
    if x.shape[1] != w.shape[1] * groups or w.shape[0] % groups:
        raise ValueError(f"Conv: weights {w.shape} in {groups} groups do not fit {x.shape[1]} channels")
    w = _spread(w, a.get("dilations", [1, 1]))
    kernel = tuple(w.shape[2:])
    pad = made.ZeroPadding2D(_padding(x, a, kernel, strides, "Conv"))
    more: dict[str, Any] = {"use_bias": bias is not None}
    if groups == x.shape[1] and groups > 1:
        each = w.shape[0] // groups
        depthwise = w.reshape(groups, each, *kernel).transpose(2, 3, 0, 1)
        layer = made.DepthwiseConv2D(kernel, strides, depth_multiplier=each, **more)
        return _through([pad, layer], x, [depthwise] if bias is None else [depthwise, bias])
    ends = []
    for i in range(groups):
        own, out = (slice(i * n // groups, (i + 1) * n // groups) for n in (x.shape[1], w.shape[0]))
        weights = [w[out].transpose(2, 3, 1, 0)] + ([] if bias is None else [bias[out]])
        layers = [made.ZeroPadding2D(pad.padding), made.Conv2D(w.shape[0] // groups, kernel, strides, **more)]
        ends.append(_through(layers, x[:, own], weights))
    return np.concatenate(ends, axis=1)


def _spread(w: Array, dilations: Sequence[int]) -> Array:
    """A kernel with zeros between its numbers: a dilated window as a whole one."""
    if all(d == 1 for d in dilations):
        return w
    sides = [(k - 1) * d + 1 for k, d in zip(w.shape[2:], dilations, strict=True)]
    out = np.zeros((*w.shape[:2], *sides), w.dtype)
    out[:, :, :: dilations[0], :: dilations[1]] = w
    return out


def _pool(inputs: list[Any], a: Attributes, name: str) -> Array:
    x, kernel = _image(inputs[0], name), tuple(a["kernel_shape"])
    strides = tuple(a.get("strides", [1, 1]))
    if any(d != 1 for d in a.get("dilations", [1, 1])):
        raise ValueError(f"{name}: this engine has no dilated pooling, got dilations {a['dilations']}")
    around = [[0, 0], [0, 0], *_padding(x, a, kernel, strides, name)]
    sides = [n + sum(p) for n, p in zip(x.shape[2:], around[2:], strict=True)]
    if a.get("ceil_mode") and any((n - k) % s for n, k, s in zip(sides, kernel, strides, strict=True)):
        raise ValueError(f"{name}: this engine rounds sizes down, got ceil_mode 1 where they do not divide")
    if name == "MaxPool":
        least = np.finfo(np.float32 if x.dtype == np.float16 else x.dtype).min
        wide = x.astype(np.float32) if x.dtype == np.float16 else x
        padded = np.pad(wide, around, constant_values=least)
        return _through([made.MaxPooling2D(kernel, strides)], padded).astype(x.dtype)
    y = _through([made.AveragePooling2D(kernel, strides)], np.pad(x, around))
    if a.get("count_include_pad"):
        return y
    return np.asarray(y / _through([made.AveragePooling2D(kernel, strides)], np.pad(np.ones_like(x), around)), x.dtype)


@operator("MaxPool", "auto_pad ceil_mode dilations kernel_shape pads storage_order strides", (1, 8, 10, 11, 12, 22))
def _max_pool(inputs: list[Any], a: Attributes, opset: int) -> Array:
    return _pool(inputs, a, "MaxPool")


@operator(
    "AveragePool", "auto_pad ceil_mode count_include_pad dilations kernel_shape pads strides", (7, 10, 11, 19, 22)
)
def _average_pool(inputs: list[Any], a: Attributes, opset: int) -> Array:
    return _pool(inputs, a, "AveragePool")


@operator("GlobalAveragePool", "", (1, 22))
def _global(inputs: list[Any], a: Attributes, opset: int) -> Array:
    return _through([made.GlobalAveragePooling2D()], _image(inputs[0], "GlobalAveragePool"))[:, :, None, None]


@operator("GlobalMaxPool", "", (1, 22))
def _global_max(inputs: list[Any], a: Attributes, opset: int) -> Array:
    return np.asarray(_image(inputs[0], "GlobalMaxPool").max((2, 3), keepdims=True))


# -- layers --------------------------------------------------------------------------------------------------------
@operator("BatchNormalization", "epsilon momentum spatial training_mode", (7, 9, 14, 15))
def _normalize(inputs: list[Any], a: Attributes, opset: int) -> Array:
    x = _real(inputs[0], "BatchNormalization")
    if a.get("training_mode"):
        raise ValueError("BatchNormalization is read for inference, got training_mode 1")
    if not a.get("spatial", 1):
        raise ValueError("BatchNormalization is read with one mean a channel, got spatial 0")
    shape = (1, -1, *(1 for _ in x.shape[2:]))
    scale, shift, mean, variance = (np.asarray(part, np.float64).reshape(shape) for part in inputs[1:5])
    return np.asarray((x - mean) * (scale / np.sqrt(variance + float(a.get("epsilon", 1e-5)))) + shift, x.dtype)


@operator("Gemm", "alpha beta transA transB", (7, 9, 11, 13))
def _gemm(inputs: list[Any], a: Attributes, opset: int) -> Array:
    x, w = _real(inputs[0].T if a.get("transA") else inputs[0], "Gemm"), inputs[1].T if a.get("transB") else inputs[1]
    y = _through([made.Dense(w.shape[1], use_bias=False)], x, [np.asarray(a.get("alpha", 1.0) * w, w.dtype)])
    c = _given(inputs, 2)
    return y if c is None else np.asarray(y + a.get("beta", 1.0) * c, y.dtype)


# -- one number at a time ------------------------------------------------------------------------------------------
def _elementwise(kind: str, name: str) -> Callable[[list[Any], Attributes, int], Array]:
    def run(inputs: list[Any], a: Attributes, opset: int) -> Array:
        x = _real(inputs[0], kind)
        return np.asarray(made.Activation(name).activation(x), x.dtype)

    return run


for _kind, _name, _versions in (
    ("Relu", "relu", (6, 13, 14)),
    ("Sigmoid", "sigmoid", (6, 13)),
    ("Tanh", "tanh", (6, 13)),
    ("Softplus", "softplus", (1, 22)),
    ("Softsign", "softsign", (1, 22)),
    ("Exp", "exponential", (6, 13)),
):
    operator(_kind, "", _versions)(_elementwise(_kind, _name))


@operator("LeakyRelu", "alpha", (6, 16))
def _leaky(inputs: list[Any], a: Attributes, opset: int) -> Array:
    x = _real(inputs[0], "LeakyRelu")
    return np.asarray(np.where(x < 0, a.get("alpha", 0.01) * x, x), x.dtype)


@operator("Elu", "alpha", (6, 22))
def _elu(inputs: list[Any], a: Attributes, opset: int) -> Array:
    x = _real(inputs[0], "Elu")
    return np.asarray(np.where(x > 0, x, a.get("alpha", 1.0) * np.expm1(np.minimum(x, 0))), x.dtype)


@operator("Selu", "alpha gamma", (6, 22))
def _selu(inputs: list[Any], a: Attributes, opset: int) -> Array:
    x = _real(inputs[0], "Selu")
    y = np.where(x > 0, x, a.get("alpha", SELU_ALPHA) * np.expm1(np.minimum(x, 0)))
    return np.asarray(a.get("gamma", SELU_SCALE) * y, x.dtype)


@operator("HardSigmoid", "alpha beta", (6, 22))
def _hard_sigmoid(inputs: list[Any], a: Attributes, opset: int) -> Array:
    x = _real(inputs[0], "HardSigmoid")
    return np.asarray(np.clip(a.get("alpha", 0.2) * x + a.get("beta", 0.5), 0, 1), x.dtype)


@operator("Erf", "", (9, 13))
def _erf(inputs: list[Any], a: Attributes, opset: int) -> Array:
    x = _real(inputs[0], "Erf")
    return np.asarray(erf(x.astype(np.float64)), x.dtype)


@operator("Softmax", "axis", (1, 11, 13))
def _softmax(inputs: list[Any], a: Attributes, opset: int) -> Array:
    """From opset 13 on over one axis; before, over all axes from `axis` on together."""
    x = _real(inputs[0], "Softmax")
    axis = int(a.get("axis", -1 if opset >= 13 else 1))
    if opset < 13:
        axis = axis + x.ndim if axis < 0 else axis
        rows = x.reshape(math.prod(x.shape[:axis]), math.prod(x.shape[axis:]))
        return np.asarray(made.Activation("softmax").activation(rows), x.dtype).reshape(x.shape)
    last = np.moveaxis(x, axis, -1)
    flat = made.Activation("softmax").activation(last.reshape(-1, last.shape[-1])).reshape(last.shape)
    return np.asarray(np.moveaxis(flat, -1, axis), x.dtype)


@operator("Clip", "max min", (6, 11, 12, 13))
def _clip(inputs: list[Any], a: Attributes, opset: int) -> Array:
    """Bounds are attributes before opset 11, inputs since. Where they cross, the upper one wins."""
    low, high = (a.get("min"), a.get("max")) if opset < 11 else (_given(inputs, 1), _given(inputs, 2))
    x = inputs[0]
    y = x if low is None else np.maximum(x, np.asarray(low, x.dtype))
    return np.asarray(y if high is None else np.minimum(y, np.asarray(high, x.dtype)))


@operator("Cast", "to saturate round_mode", (6, 9, 13, 19, 21, 23, 24, 25, 28))
def _cast(inputs: list[Any], a: Attributes, opset: int) -> Array:
    if a["to"] not in KINDS:
        known = ", ".join(str(np.dtype(kind)) for kind in KINDS.values())
        raise ValueError(f"Cast is read to {known}, got ONNX's type {a['to']}")
    if inputs[0].dtype.kind not in "fiub" or inputs[0].dtype not in KINDS.values():
        raise ValueError(f"Cast is read from numbers, got {inputs[0].dtype}")
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(inputs[0].astype(KINDS[a["to"]]))


KINDS: dict[int, Any] = {1: np.float32, 10: np.float16, 11: np.float64, 2: np.uint8, 3: np.int8, 6: np.int32,
                         7: np.int64, 9: np.bool_}  # fmt: skip
"""ONNX's numbers for types that NumPy has."""


def _plain(name: str, versions: tuple[int, ...], run: Callable[[list[Any]], Array]) -> None:
    operator(name, "", versions)(lambda inputs, a, opset: run(inputs))


_plain("Add", (7, 13, 14), lambda i: np.asarray(i[0] + i[1]))
_plain("Mul", (7, 13, 14), lambda i: np.asarray(i[0] * i[1]))
_plain("Sum", (6, 8, 13), lambda i: np.asarray(sum(i[1:], i[0])))
_plain("Sub", (7, 13, 14), lambda i: np.asarray(i[0] - i[1]))
_plain("Greater", (7, 9, 13), lambda i: np.asarray(i[0] > i[1]))
_plain("GreaterOrEqual", (12, 16), lambda i: np.asarray(i[0] >= i[1]))
_plain("Identity", (1, 13, 14, 16, 19, 21, 23, 24, 25), lambda i: np.asarray(i[0]))


@operator("Dropout", "ratio seed", (7, 10, 12, 13, 22), outputs=2)
def _dropout(inputs: list[Any], a: Attributes, opset: int) -> tuple[Array, Any]:
    """In inference it leaves everything as it is, and its mask (since opset 10) is all true."""
    training, ratio = _given(inputs, 2), _given(inputs, 1)
    if training is not None and bool(training) and (ratio is None or float(ratio) > 0):
        raise ValueError("Dropout is read for inference, got training_mode true")
    return inputs[0], np.ones(inputs[0].shape, bool) if opset >= 10 else None


# -- shapes --------------------------------------------------------------------------------------------------------
@operator("Constant", "value value_float value_floats value_int value_ints", (1, 9, 11, 12, 13, 19, 21, 23, 24, 25))
def _constant(inputs: list[Any], a: Attributes, opset: int) -> Array:
    ((name, value),) = a.items()
    if name == "value":
        return np.asarray(onnx_package().numpy_helper.to_array(value))
    return np.asarray(value, np.float32 if "float" in name else np.int64)


@operator("Concat", "axis", (4, 11, 13))
def _concat(inputs: list[Any], a: Attributes, opset: int) -> Array:
    return np.concatenate(inputs, a["axis"])


@operator("Transpose", "perm", (1, 13, 21, 23, 24, 25))
def _transpose(inputs: list[Any], a: Attributes, opset: int) -> Array:
    return np.transpose(inputs[0], a.get("perm"))


@operator("Flatten", "axis", (1, 9, 11, 13, 21, 23, 24, 25))
def _flatten(inputs: list[Any], a: Attributes, opset: int) -> Array:
    x, axis = inputs[0], a.get("axis", 1)
    axis = axis + x.ndim if axis < 0 else axis
    return np.asarray(x.reshape(math.prod(x.shape[:axis]), math.prod(x.shape[axis:])))


@operator("Reshape", "allowzero", (5, 13, 14, 19, 21, 23, 24, 25))
def _reshape(inputs: list[Any], a: Attributes, opset: int) -> Array:
    x, shape = inputs[0], [int(n) for n in inputs[1]]
    if not a.get("allowzero"):
        shape = [x.shape[i] if n == 0 else n for i, n in enumerate(shape)]
    return np.asarray(x.reshape(shape))


@operator("Pad", "mode pads value", (2, 11, 13, 18, 19, 21, 23, 24, 25))
def _pad(inputs: list[Any], a: Attributes, opset: int) -> Array:
    """Pads and value are attributes before opset 11, inputs since; from 18 on of chosen axes."""
    x, mode = inputs[0], _text(a, "mode", "constant")
    if mode not in ("constant", "reflect", "edge", "wrap"):
        raise ValueError(f"Pad knows the modes constant, reflect, edge and wrap, got {mode!r}")
    pads = [int(n) for n in (a["pads"] if opset < 11 else inputs[1])]
    value = a.get("value", 0.0) if opset < 11 else _given(inputs, 2)
    chosen = _given(inputs, 3)
    axes = range(x.ndim) if chosen is None else [int(n) % x.ndim for n in chosen]
    if min(pads, default=0) < 0:
        raise ValueError(f"Pad is read with pads ≥ 0, got {pads}")
    around = [(0, 0)] * x.ndim
    for i, axis in enumerate(axes):
        around[axis] = (pads[i], pads[i + len(axes)])
    more: dict[str, Any] = {}
    if mode == "constant":
        more["constant_values"] = x.dtype.type(0 if value is None else np.asarray(value).item())
    return np.pad(x, around, mode=mode, **more)  # type: ignore[call-overload,no-any-return]


@operator(
    "Resize",
    "antialias axes coordinate_transformation_mode cubic_coeff_a exclude_outside extrapolation_value "
    "keep_aspect_ratio_policy mode nearest_mode",
    (11, 13, 18, 19),
)
def _resize(inputs: list[Any], a: Attributes, opset: int) -> Array:
    """Each axis takes its numbers from the places that its coordinates round to, or (linear) from both sides."""
    x, scales, sizes = inputs[0], _given(inputs, 2), _given(inputs, 3)
    mode = _text(a, "mode", "nearest")
    if mode not in ("nearest", "linear"):
        raise ValueError(f"Resize is read with mode 'nearest' or 'linear', got {mode!r}")
    policy = _text(a, "keep_aspect_ratio_policy", "stretch")
    if policy != "stretch":
        raise ValueError(f"Resize is read with keep_aspect_ratio_policy 'stretch', got {policy!r}")
    if a.get("antialias"):
        raise ValueError("Resize is read without antialias, got antialias 1")
    where, rounding = _text(a, "coordinate_transformation_mode", "half_pixel"), _text(
        a, "nearest_mode", "round_prefer_floor")  # fmt: skip
    axes = [int(n) % x.ndim for n in a.get("axes") or range(x.ndim)]
    for i, axis in enumerate(axes):
        old = x.shape[axis]
        if scales is not None and len(scales):
            scale = float(scales[i])
            new = math.floor(old * scale)
        else:
            new = int(sizes[i])
            scale = new / old
        # Between two numbers align_corners counts in parts of pixels, rounded to one in whole ones (ONNX Runtime).
        reach = old * scale if mode == "linear" and where == "align_corners" else new
        places = _places(where, np.arange(new), scale, old, reach)
        if mode == "linear":
            x = _blended(x, np.clip(places, 0, old - 1), axis)
            continue
        at = np.clip(_rounded(places, rounding), 0, old - 1)
        x = np.take(x, at.astype(np.int64), axis)
    return np.asarray(x)


def _blended(x: Array, at: Array, axis: int) -> Array:
    """Along an axis what lies between the numbers on both sides of each place."""
    low = np.floor(at).astype(np.int64)
    share = (at - low).reshape(-1, *(1,) * (x.ndim - 1 - axis))
    first, second = (np.take(x, i, axis) for i in (low, np.minimum(low + 1, x.shape[axis] - 1)))
    return np.asarray(first * (1 - share) + second * share, x.dtype)


def _places(where: str, new: Array, scale: float, old_size: int, new_size: float) -> Array:
    """The coordinates before of places after (ONNX, Resize, coordinate_transformation_mode)."""
    match where:
        case "asymmetric":
            return np.asarray(new / scale)
        case "half_pixel":
            return np.asarray((new + 0.5) / scale - 0.5)
        case "half_pixel_symmetric":
            shift = old_size / 2 * (1 - new_size / (old_size * scale))
            return np.asarray(shift + (new + 0.5) / scale - 0.5)
        case "pytorch_half_pixel":
            return np.asarray((new + 0.5) / scale - 0.5) if new_size > 1 else np.zeros(len(new))
        case "tf_half_pixel_for_nn":
            return np.asarray((new + 0.5) / scale)
        case "align_corners":
            return np.asarray(new * (old_size - 1) / (new_size - 1)) if new_size > 1 else np.zeros(len(new))
    raise ValueError(f"Resize is not read with coordinate_transformation_mode {where!r}")


def _rounded(at: Array, how: str) -> Array:
    match how:
        case "floor":
            return np.floor(at)
        case "ceil":
            return np.ceil(at)
        case "round_prefer_floor":
            return np.ceil(at - 0.5)
        case "round_prefer_ceil":
            return np.floor(at + 0.5)
    raise ValueError(f"Resize is not read with nearest_mode {how!r}")
