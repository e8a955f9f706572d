"""Golden numbers for image layers from Keras (torch backend) and PyTorch, over kernel sizes, strides and paddings.

    pip install torch==2.13.0 keras==3.15.1 numpy ; python tests/parity/make_golden_images.py

Writes tests/parity/golden_images.npz: for every case the layer's weights, its output y for the input x, and the
gradients of Σ y·t by x and by the weights. Everything is float64.
"""

import itertools
import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np
import torch

keras.backend.set_floatx("float64")
keras.config.set_dtype_policy("float64")
rng = np.random.default_rng(20261124)
out: dict[str, np.ndarray] = {}
cases: list[dict] = []
SIZES = [(7, 6), (8, 5)]
KERNELS = [1, 2, 3, 5]
STRIDES = [1, 2, 3]
PADDINGS = ["valid", "same"]


def mean_inside(x, size, strides):
    """Average pooling over the pixels inside, as Keras has it on TensorFlow and JAX.

    On the torch backend it repeats the last row and column where one side gets a pixel more, and averages those too.
    """
    total = [max((-(-n // strides) - 1) * strides + size - n, 0) for n in x.shape[1:3]]
    pads = (total[1] // 2, total[1] - total[1] // 2, total[0] // 2, total[0] - total[0] // 2)
    image = x.permute(0, 3, 1, 2)
    padded, ones = (torch.nn.functional.pad(a, pads) for a in (image, torch.ones_like(image)))
    pool = torch.nn.functional.avg_pool2d
    return (pool(padded, size, strides) / pool(ones, size, strides)).permute(0, 2, 3, 1)


def add(kind, config, size, channels=2, train=False):
    case = f"{len(cases)}"
    x = rng.normal(size=(2, *size, channels))
    layer = getattr(keras.layers, kind)(**config)
    layer.build((None, *size, channels))
    weights = [rng.normal(size=w.shape) * 0.5 for w in layer.weights]
    if kind == "BatchNormalization":
        weights = [np.abs(w) + 0.5 for w in weights]
    layer.set_weights(weights)
    inputs = torch.tensor(x, requires_grad=True)
    if kind == "AveragePooling2D" and config["padding"] == "same":
        y = mean_inside(inputs, config["pool_size"], config["strides"])
    else:
        y = layer(inputs, training=True) if train else layer(inputs)
    t = rng.normal(size=tuple(y.shape))
    loss = (y * torch.tensor(t)).sum()
    variables = [w.value for w in layer.trainable_weights]
    grads = torch.autograd.grad(loss, [inputs, *variables])
    out[f"{case}/x"], out[f"{case}/t"], out[f"{case}/y"] = x, t, y.detach().numpy()
    for i, w in enumerate(weights):
        out[f"{case}/w{i}"] = w
    for i, g in enumerate(grads):
        out[f"{case}/g{i}"] = g.detach().numpy()
    cases.append({"kind": kind, "config": config, "weights": len(weights), "train": train})


for kernel, strides, padding in itertools.product(KERNELS, STRIDES, PADDINGS):
    size = SIZES[(kernel + strides) % 2]
    geometry = {"kernel_size": kernel, "strides": strides, "padding": padding}
    add("Conv2D", {"filters": 3, **geometry}, size)
    add("DepthwiseConv2D", {"depth_multiplier": 2, **geometry}, size)
    if kernel > 1:
        pool = {"pool_size": kernel, "strides": strides, "padding": padding}
        add("MaxPooling2D", pool, size)
        add("AveragePooling2D", pool, size)
for kernel, strides in (((3, 2), (1, 2)), ((1, 4), (2, 1))):
    for padding in PADDINGS:
        add("Conv2D", {"filters": 2, "kernel_size": kernel, "strides": strides, "padding": padding}, (7, 8), 6)
for strides, padding in itertools.product((1, 2), PADDINGS):
    add("SeparableConv2D", {"filters": 4, "kernel_size": 3, "strides": strides, "padding": padding,
                            "depth_multiplier": 2}, (7, 6), 3)  # fmt: skip
add("GlobalAveragePooling2D", {}, (5, 4), 3)
add("ZeroPadding2D", {"padding": [[1, 2], [0, 3]]}, (4, 5))
add("UpSampling2D", {"size": [2, 3]}, (3, 4))
add("BatchNormalization", {}, (5, 6), 4, train=True)
add("BatchNormalization", {}, (5, 6), 4)
out["cases"] = np.array(json.dumps(cases))
np.savez_compressed(Path(__file__).parent / "golden_images.npz", **out)
print(len(cases), "cases")
