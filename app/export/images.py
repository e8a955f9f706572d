"""Image nets as code: a function (Keras) or a module (PyTorch) written layer by layer, blocks opened up.

Side branches are left out: they answer while training alone, and their loss would need a training loop of its own.
"""

from collections.abc import Sequence
from typing import Any

from app.export.activations import keras_activation
from app.plain import Report
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
from engine.layers.pooling import AveragePooling2D, MaxPooling2D
from engine.sequential import Sequential
from engine.training.blueprint import model_layers
from engine.training.spec import RunSpec

SKIP = {"name", "activation", "bias_initializer"}
KERAS_INITIALIZER = {"large_normal": "keras.initializers.RandomNormal(stddev=3.0)"}


def has_images(report: Report) -> bool:
    """Whether some layer answers with images, so that this module writes the code."""
    return any(len(row["output_shape"]) == 3 for row in report["layers"])


def built(resolved: RunSpec, report: Report) -> list[Layer]:
    """The engine's layers of a spec, their shapes known."""
    model = Sequential(model_layers(resolved))
    model.build(report["input_shape"])
    return model.layers


def safe(name: str) -> str:
    """A layer's name as both frameworks allow it."""
    return name.replace("/", "__")


# -- Keras ---------------------------------------------------------------------------------------------------------
def keras_lines(layers: Sequence[Layer], x: str, count: list[int]) -> tuple[list[str], str]:
    """Statements that carry `x` through the layers, and the variable they end in."""
    lines: list[str] = []
    for layer in layers:
        if isinstance(layer, SideBranch):
            continue
        if isinstance(layer, Block):
            more, x = keras_lines(layer.inside, x, count)
            lines += more
            continue
        count[0] += 1
        y = f"x{count[0]}"
        if isinstance(layer, Residual):
            a_lines, a = keras_lines(layer.body, x, count)
            b_lines, b = keras_lines(layer.shortcut, x, count)
            lines += [*a_lines, *b_lines, f"{y} = keras.layers.Add()([{a}, {b}])"]
            if layer.activation.name != "linear":
                lines.append(f"{y} = keras.layers.Activation({keras_activation(layer.activation.name)})({y})")
        elif isinstance(layer, Parallel):
            ends = []
            for branch in layer.branches:
                more, end = keras_lines(branch, x, count)
                lines += more
                ends.append(end)
            join = "Concatenate" if layer.merge == "concat" else "Add"
            lines.append(f"{y} = keras.layers.{join}()([{', '.join(ends)}])")
        else:
            arguments = ", ".join([*_keras_arguments(layer), f"name={safe(layer.name)!r}"])
            lines.append(f"{y} = keras.layers.{type(layer).__name__}({arguments})({x})")
        x = y
    return lines, x


def _keras_arguments(layer: Layer) -> list[str]:
    out = []
    for key, value in layer.get_config().items():
        if key in SKIP or value is None:
            continue
        if key.endswith("initializer"):
            out.append(f"{key}={KERAS_INITIALIZER.get(value['name'], repr(value['name']))}")
        elif key.endswith("regularizer"):
            if value.get("l1") or value.get("l2"):
                out.append(f"{key}=keras.regularizers.L1L2(l1={value.get('l1', 0.0)}, l2={value.get('l2', 0.0)})")
        else:
            out.append(f"{key}={_tuples(value)!r}")
    activation = getattr(layer, "activation", None)
    if activation is not None:
        out.append(f"activation={keras_activation(activation.name)}")
    return out


def _tuples(value: object) -> object:
    return tuple(_tuples(v) for v in value) if isinstance(value, list | tuple) else value


# -- PyTorch -------------------------------------------------------------------------------------------------------
TORCH_FUNCTION = {
    "relu": "F.relu({x})",
    "relu6": "F.relu6({x})",
    "leaky_relu": "F.leaky_relu({x}, 0.2)",
    "elu": "F.elu({x})",
    "gelu": "F.gelu({x})",
    "swish": "F.silu({x})",
    "sigmoid": "torch.sigmoid({x})",
    "tanh": "torch.tanh({x})",
    "softmax": "F.softmax({x}, dim=1)",
    "softplus": "F.softplus({x})",
    "selu": "F.selu({x})",
    "mish": "F.mish({x})",
    "softsign": "F.softsign({x})",
    "hard_sigmoid": "F.hardsigmoid({x})",
    "step": "({x} >= 0).float()",
    "linear": "{x}",
}


def torch_relu(x: str, most: float | None, slope: float, threshold: float) -> str:
    """The layer ReLU with its arguments, of a tensor called x."""
    above = x if most is None else f"{x}.clamp(max={most})"
    return f"torch.where({x} > {threshold}, {above}, {slope} * ({x} - {threshold}))"


class TorchWriter:
    """Collects modules and the statements of `forward`; images are (B, C, H, W) inside."""

    def __init__(self) -> None:
        self.modules: list[str] = []
        self.lines: list[str] = []
        self.loads: list[str] = []
        self._count = 0

    def _new(self) -> str:
        self._count += 1
        return f"x{self._count}"

    def _call(self, layer: Layer, x: str, module: str, load: str) -> str:
        name, y = safe(layer.name), self._new()
        self.modules.append(f'self.parts["{name}"] = {module}')
        self.lines.append(f'{y} = self.parts["{name}"]({x})')
        self.loads.append(f'{load}(parts["{name}"], arrays, "{layer.name}")')
        return y

    def _padded(self, layer: Any, x: str, fill: str = "0.0") -> str:
        m = layer.window.margin
        if not any(m):
            return x
        return f"F.pad({x}, ({m.left}, {m.right}, {m.top}, {m.bottom}), value={fill})"

    def run(self, layers: Sequence[Layer], x: str) -> str:
        for layer in layers:
            x = self._one(layer, x)
        return x

    def _activate(self, name: str, x: str) -> str:
        if name == "linear":
            return x
        self.lines.append(f"{x} = {TORCH_FUNCTION[name].format(x=x)}")
        return x

    def _one(self, layer: Any, x: str) -> str:
        channels = layer.input_shape[-1]
        if isinstance(layer, SideBranch):
            return x
        if isinstance(layer, Block):
            return self.run(layer.inside, x)
        if isinstance(layer, Residual):
            a, b = self.run(layer.body, x), self.run(layer.shortcut, x)
            y = self._new()
            self.lines.append(f"{y} = {a} + {b}")
            return self._activate(layer.activation.name, y)
        if isinstance(layer, Parallel):
            ends = [self.run(branch, x) for branch in layer.branches]
            y = self._new()
            joined = f"torch.cat([{', '.join(ends)}], 1)" if layer.merge == "concat" else " + ".join(ends)
            self.lines.append(f"{y} = {joined}")
            return y
        if isinstance(layer, Conv2D | DepthwiseConv2D):
            groups = f", groups={channels}" if isinstance(layer, DepthwiseConv2D) else ""
            module = (f"nn.Conv2d({channels}, {layer.output_shape[2]}, {layer.kernel_size}, {layer.strides}{groups}, "
                      f"bias={layer.use_bias})")  # fmt: skip
            y = self._call(layer, self._padded(layer, x), module, "load_depthwise" if groups else "load_conv")
            return self._activate(layer.activation.name, y)
        if isinstance(layer, SeparableConv2D):
            first, second = layer.depthwise, layer.pointwise
            name = safe(layer.name)
            y = self._new()
            self.modules.append(
                f'self.parts["{name}"] = nn.Sequential('
                f"nn.Conv2d({channels}, {first.output_shape[2]}, {first.kernel_size}, {first.strides}, "
                f"groups={channels}, bias=False), "
                f"nn.Conv2d({first.output_shape[2]}, {second.filters}, 1, bias={second.use_bias}))"
            )
            self.lines.append(f'{y} = self.parts["{name}"]({self._padded(first, x)})')
            self.loads.append(f'load_separable(parts["{name}"], arrays, "{layer.name}")')
            return self._activate(layer.activation.name, y)
        if isinstance(layer, Dense):
            y = self._call(layer, x, f"nn.Linear({channels}, {layer.units}, bias={layer.use_bias})", "load_dense")
            return self._activate(layer.activation.name, y)
        return self._plain(layer, x)

    def _plain(self, layer: Any, x: str) -> str:
        y, channels = self._new(), layer.input_shape[-1]
        match type(layer).__name__:
            case "BatchNormalization":
                kind = "BatchNorm2d" if len(layer.input_shape) == 3 else "BatchNorm1d"
                momentum = f"{1 - layer.momentum:.6g}"
                return self._call(layer, x, f"nn.{kind}({channels}, eps={layer.epsilon}, momentum={momentum})",
                                  "load_norm")  # fmt: skip
            case "MaxPooling2D":
                assert isinstance(layer, MaxPooling2D)
                padded = self._padded(layer, x, "float('-inf')")
                code = f"F.max_pool2d({padded}, {layer.pool_size}, {layer.strides})"
            case "AveragePooling2D":
                assert isinstance(layer, AveragePooling2D)
                ones = f"torch.ones_like({x})"
                code = f"F.avg_pool2d({self._padded(layer, x)}, {layer.pool_size}, {layer.strides})"
                code += f" / F.avg_pool2d({self._padded(layer, ones)}, {layer.pool_size}, {layer.strides})"
            case "GlobalAveragePooling2D":
                code = f"{x}.mean((2, 3))"
            case "GlobalMaxPooling2D":
                code = f"{x}.amax((2, 3))"
            case "Flatten":
                code = f"{x}.permute(0, 2, 3, 1).flatten(1)" if len(layer.input_shape) == 3 else x
            case "Reshape":
                order = f"{x}.permute(0, 2, 3, 1)" if len(layer.input_shape) == 3 else x
                code = f"{order}.reshape(-1, *{tuple(layer.output_shape)})"
                code += ".permute(0, 3, 1, 2)" if len(layer.output_shape) == 3 else ""
            case "ZeroPadding2D":
                (top, bottom), (left, right) = layer.padding
                code = f"F.pad({x}, ({left}, {right}, {top}, {bottom}))"
            case "UpSampling2D":
                code = f"F.interpolate({x}, scale_factor={tuple(map(float, layer.size))})"
            case "Dropout":
                code = f"F.dropout({x}, {layer.rate}, self.training)"
            case "LeakyReLU":
                code = f"F.leaky_relu({x}, {layer.negative_slope})"
            case "ReLU":
                code = torch_relu(x, layer.max_value, layer.negative_slope, layer.threshold)
            case _:  # Activation
                code = TORCH_FUNCTION[layer.activation.name].format(x=x)
        self.lines.append(f"{y} = {code}")
        return y


TORCH_LOADERS = """
def load_dense(module, arrays, name):
    module.weight.copy_(arrays[f"{name}/kernel"].T)
    if module.bias is not None:
        module.bias.copy_(arrays[f"{name}/bias"])


def load_conv(module, arrays, name, kernel="kernel"):
    module.weight.copy_(arrays[f"{name}/{kernel}"].permute(3, 2, 0, 1))
    if module.bias is not None:
        module.bias.copy_(arrays[f"{name}/bias"])


def load_depthwise(module, arrays, name, kernel="kernel"):
    weight = arrays[f"{name}/{kernel}"].permute(2, 3, 0, 1)
    module.weight.copy_(weight.reshape(module.weight.shape))
    if module.bias is not None:
        module.bias.copy_(arrays[f"{name}/bias"])


def load_separable(module, arrays, name):
    load_depthwise(module[0], arrays, name, "depthwise_kernel")
    load_conv(module[1], arrays, name, "pointwise_kernel")


def load_norm(module, arrays, name):
    module.weight.copy_(arrays[f"{name}/gamma"])
    module.bias.copy_(arrays[f"{name}/beta"])
    module.running_mean.copy_(arrays[f"{name}/moving_mean"])
    module.running_var.copy_(arrays[f"{name}/moving_variance"])
"""


def torch_module(layers: Sequence[Layer]) -> tuple[str, str]:
    """Source of `class Net` (inputs (B, H, W, C)) with its loaders, and of the body of load_weights."""
    writer = TorchWriter()
    end = writer.run(layers, "x")
    modules = "\n        ".join(writer.modules)
    lines = "\n        ".join(writer.lines)
    source = f'''{TORCH_LOADERS}

class Net(nn.Module):
    """Takes (B, H, W, C), as Descent and Keras do; inside it is (B, C, H, W)."""

    def __init__(self):
        super().__init__()
        self.parts = nn.ModuleDict()
        {modules}

    def forward(self, x):
        x = x.permute(0, 3, 1, 2)
        {lines}
        return {end}
'''
    return source, "\n        ".join(writer.loads)
