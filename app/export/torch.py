"""A checked spec as PyTorch code: a Sequential, its loss, its optimiser and a training loop."""

from typing import TypedDict

from app.export.activations import on_z
from app.export.detection import DETECTION, TORCH, detection_code
from app.export.images import built, has_images, torch_module, torch_relu
from app.plain import Report
from engine.core.types import ConfigLike
from engine.training.spec import LayerSettings, RunSpec

TORCH_ACTIVATION = {
    "relu": "nn.ReLU()",
    "leaky_relu": "nn.LeakyReLU(0.2)",
    "elu": "nn.ELU()",
    "gelu": "nn.GELU()",
    "swish": "nn.SiLU()",
    "sigmoid": "nn.Sigmoid()",
    "tanh": "nn.Tanh()",
    "softmax": "nn.Softmax(dim=-1)",
    "softplus": "nn.Softplus()",
    "selu": "nn.SELU()",
    "mish": "nn.Mish()",
    "softsign": "nn.Softsign()",
    "hard_sigmoid": "nn.Hardsigmoid()",
    "step": 'type("Step", (nn.Module,), {"forward": lambda self, z: (z >= 0).float()})()',
}
INITIALIZE = {
    "glorot_uniform": "nn.init.xavier_uniform_({w})",
    "glorot_normal": "nn.init.xavier_normal_({w})",
    "he_uniform": "nn.init.kaiming_uniform_({w}, nonlinearity='relu')",
    "he_normal": "nn.init.kaiming_normal_({w}, nonlinearity='relu')",
    "lecun_normal": "nn.init.kaiming_normal_({w}, nonlinearity='linear')",
    "lecun_uniform": "nn.init.kaiming_uniform_({w}, nonlinearity='linear')",
    "random_normal": "nn.init.normal_({w}, std=0.05)",
    "random_uniform": "nn.init.uniform_({w}, -0.05, 0.05)",
    "large_normal": "nn.init.normal_({w}, std=3.0)",
    "zeros": "nn.init.zeros_({w})",
    "ones": "nn.init.ones_({w})",
    "constant": "nn.init.zeros_({w})",
}
LOSS = {
    "mse": "nn.functional.mse_loss(p, y)",
    "half_mse": "0.5 * nn.functional.mse_loss(p, y)",
    "mae": "nn.functional.l1_loss(p, y)",
    "huber": "nn.functional.huber_loss(p, y, delta={delta})",
    "hinge": "torch.clamp(1 - (2 * y - 1) * p, min=0).mean()",
    "perceptron": "(((p >= 0).float() - y) * p).mean()",
    "binary_crossentropy": "nn.functional.binary_cross_entropy(p, y)",
    "categorical_crossentropy": "-(y * torch.log(p.clamp(1e-7, 1 - 1e-7))).sum(-1).mean()",
    "sparse_categorical_crossentropy": "nn.functional.nll_loss(torch.log(p.clamp_min(1e-7)), y.long().flatten())",
}
LOGITS = {
    "binary_crossentropy": "nn.functional.binary_cross_entropy_with_logits(p, y)",
    "categorical_crossentropy": "nn.functional.cross_entropy(p, y)",
    "sparse_categorical_crossentropy": "nn.functional.cross_entropy(p, y.long().flatten())",
}


class Passed(TypedDict):
    """What goes from layer to layer."""

    shape: list[int]
    size: int


def _modules(layer: ConfigLike, before: Passed, after: Passed) -> tuple[list[str], list[str]]:
    """(name, module) rows of one layer, and its initialisation."""
    name, rows, start = layer["id"], [], []
    match layer["type"]:
        case "Dense":
            bias = "" if layer.get("use_bias", True) is not False else ", bias=False"
            rows.append(f'("{name}", nn.Linear({before["size"]}, {after["size"]}{bias})),')
            how = INITIALIZE[layer.get("kernel_initializer") or "glorot_uniform"]
            start.append(how.format(w=f'model.get_submodule("{name}").weight'))
            if not bias:
                start.append(f'nn.init.zeros_(model.get_submodule("{name}").bias)')
            if layer["activation"] in TORCH_ACTIVATION:
                rows.append(f'("{name}_activation", {TORCH_ACTIVATION[layer["activation"]]}),')
        case "Activation":
            rows.append(f'("{name}", {TORCH_ACTIVATION.get(layer["activation"], "nn.Identity()")}),')
        case "LeakyReLU":
            rows.append(f'("{name}", nn.LeakyReLU({layer.get("negative_slope", 0.3)})),')
        case "ReLU":
            settings = (layer.get("max_value"), layer.get("negative_slope", 0.0), layer.get("threshold", 0.0))
            code = torch_relu("x", *settings)
            rows.append(f'("{name}", type("ReLU", (nn.Module,), {{"forward": lambda self, x: {code}}})()),')
        case "Dropout":
            rows.append(f'("{name}", nn.Dropout({layer.get("rate", 0.5)})),')
        case "Flatten":
            rows.append(f'("{name}", nn.Flatten()),')
        case "Reshape":
            rows.append(f'("{name}", nn.Unflatten(1, {tuple(after["shape"])})),')
        case "BatchNormalization":
            momentum = 1 - layer.get("momentum", 0.99)
            rows.append(
                f'("{name}", nn.BatchNorm1d({before["size"]}, eps={layer.get("epsilon", 1e-3)}, '
                f"momentum={momentum:.6g})),"
            )
    if layer.get("dropout"):
        rows.append(f'("{name}_dropout", nn.Dropout({layer["dropout"]})),')
    return rows, start


def _optimizer(settings: ConfigLike) -> str:
    s = settings
    rate = s["learning_rate"]
    match s["name"]:
        case "SGD":
            momentum = s.get("momentum", 0.0)
            nesterov = ", nesterov=True" if s.get("nesterov") and momentum else ""
            return f"torch.optim.SGD(model.parameters(), lr={rate}, momentum={momentum}{nesterov})"
        case "Adagrad":
            start = s.get("initial_accumulator_value", 0.1)
            return (
                f"torch.optim.Adagrad(model.parameters(), lr={rate}, initial_accumulator_value={start}, "
                f"eps={s.get('epsilon', 1e-7)})"
            )
        case "RMSprop":
            return (
                f"torch.optim.RMSprop(model.parameters(), lr={rate}, alpha={s.get('rho', 0.9)}, "
                f"eps={s.get('epsilon', 1e-7)}, momentum={s.get('momentum', 0.0)})"
            )
    betas = f"({s.get('beta_1', 0.9)}, {s.get('beta_2', 0.999)})"
    decay = f", weight_decay={s.get('weight_decay', 0.004)}" if s["name"] == "AdamW" else ""
    return f"torch.optim.{s['name']}(model.parameters(), lr={rate}, betas={betas}, eps={s.get('epsilon', 1e-7)}{decay})"


LOAD_SEQUENTIAL = """for name, module in model.named_children():
            if isinstance(module, nn.Linear):
                module.weight.copy_(arrays[f"{name}/kernel"].T)
                if module.bias is not None:
                    module.bias.copy_(arrays[f"{name}/bias"])
            if isinstance(module, nn.BatchNorm1d):
                module.weight.copy_(arrays[f"{name}/gamma"])
                module.bias.copy_(arrays[f"{name}/beta"])
                module.running_mean.copy_(arrays[f"{name}/moving_mean"])
                module.running_var.copy_(arrays[f"{name}/moving_variance"])"""


def torch_code(resolved: RunSpec, report: Report) -> str:
    """Python source that defines the model and trains it on your x, y."""
    resolved = on_z(resolved)
    shapes = {row["id"]: row for row in report["layers"]}
    before: Passed = {"shape": report["input_shape"], "size": _size(report["input_shape"])}
    rows, start, penalties = [], [], []
    images = has_images(report)
    for layer in resolved["layers"]:
        after: Passed = {
            "shape": shapes[layer["id"]]["output_shape"],
            "size": _size(shapes[layer["id"]]["output_shape"]),
        }
        if not images:
            more, how = _modules(layer, before, after)
            rows += more
            start += how
        for weight in _weights(layer, images):
            if layer.get("l2"):
                penalties.append(f"{layer['l2']} * {weight}.square().sum()")
            if layer.get("l1"):
                penalties.append(f"{layer['l1']} * {weight}.abs().sum()")
        before = after
    loss: ConfigLike = resolved["loss"]
    table = LOGITS if loss.get("from_logits") else LOSS
    helper = ""
    if loss["name"] in DETECTION:
        loss_code = "detection_loss(p, y)"
        helper = detection_code(TORCH, loss, report["layers"][-1]["output_shape"])
    else:
        loss_code = table[loss["name"]].format(delta=loss.get("delta", 1.0))
    loss_code += "".join(f" + {p}" for p in penalties)
    modules = "\n".join(f"    {row}" for row in rows)
    starts = "\n    ".join(start) or "pass"
    define = f"model = nn.Sequential(OrderedDict([\n{modules}\n]))\nwith torch.no_grad():\n    {starts}"
    load = LOAD_SEQUENTIAL
    if images:
        net, loads = torch_module(built(resolved, report))
        define = f"{net}\n\nmodel = Net()"
        load = f"parts = model.parts\n        {loads}"
    return f'''"""Made by Descent. Inputs: {", ".join(report["inputs"])}."""

from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed({resolved["seed"]})

{define}
{_frozen(resolved, images)}optimizer = {_optimizer(resolved["optimizer"])}


{helper}
def loss_function(p, y):
    return {loss_code}


def load_weights(path):
    """The weights exported by Descent (weights.safetensors)."""
    from safetensors.torch import load_file

    arrays = load_file(path)
    with torch.no_grad():
        {load}


def fit(x, y, epochs=10, batch_size={resolved["batch_size"]}):
    for _ in range(epochs):
        for rows in torch.randperm(len(x)).split(batch_size):
            optimizer.zero_grad()
            loss = loss_function(model(x[rows]), y[rows])
            loss.backward()
            optimizer.step()
    return loss.item()


if __name__ == "__main__":
    print(model)
    print(tuple(model(torch.zeros(2, {", ".join(map(str, report["input_shape"]))})).shape))
'''


def _frozen(resolved: RunSpec, images: bool) -> str:
    """The lines that keep frozen layers as they are, batch normalisation at its moving averages among them."""
    names = [layer["id"] for layer in resolved["layers"] if layer.get("trainable") is False]
    if not names:
        return ""
    parts = "model.parts" if images else "model"
    return f"""frozen = [
    module for name, module in {parts}.named_children()
    if name in {tuple(names)!r} or name.startswith({tuple(n + "__" for n in names)!r})
]  # layers that keep their weights
for module in frozen:
    module.requires_grad_(False)
    module.eval()
"""


def _weights(layer: LayerSettings, images: bool) -> list[str]:
    """The kernels of a layer, as the code calls them."""
    if not images:
        return [f'model.get_submodule("{layer["id"]}").weight']
    part = f'model.parts["{layer["id"]}"]'
    return [f"{part}[0].weight", f"{part}[1].weight"] if layer["type"] == "SeparableConv2D" else [f"{part}.weight"]


def _size(shape: list[int]) -> int:
    size = 1
    for n in shape:
        size *= n
    return size
