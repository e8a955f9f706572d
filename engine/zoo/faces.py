"""Two real, trained face networks of face-api.js (V. Mühler, MIT): a tiny YOLOv2 detector and a net of 68 landmarks.

Definitions only: their weights come from the npm package @vladmandic/face-api (app/pretrained). The detector's last
layer is reordered to this project's (p, x, y, h, w, class), and its mean subtraction goes into the first bias, which is
exact since that layer does not pad.
"""

import numpy as np

from engine.core.types import Array, Config
from engine.layers import (
    Activation,
    Conv2D,
    Dense,
    GlobalAveragePooling2D,
    Layer,
    Residual,
    SeparableConv2D,
)
from engine.sequential import Sequential

FACE_CELL = 32
"""Pixels of a detector's cell."""
FACE_ANCHORS = ((1.603231, 2.094468), (6.041143, 7.080126), (2.882459, 3.518061), (4.266906, 5.178857),
                (9.041765, 10.66308))  # fmt: skip
"""Widths and heights in cells (face-api.js, tinyFaceDetector/const.ts)."""
FACE_MEAN = (117.001, 114.697, 97.404)
FACE_FILTERS = (16, 32, 64, 128, 256, 512)
FACE_DEPTH = 6
LANDMARK_MEAN = (122.782, 117.001, 104.298)
LANDMARK_SIDE = 112
LANDMARKS = 68
ORDER = (4, 0, 1, 3, 2)
"""Where p, x, y, h, w stand among the package's x, y, w, h, p."""


def face_anchors(side: int) -> list[list[float]]:
    """The anchors in parts of a picture of `side` pixels."""
    cells = side // FACE_CELL
    return [[w / cells, h / cells] for w, h in FACE_ANCHORS]


def face_detector_layers() -> list[Config]:
    """The detector as a spec of the workbench writes it: depthwise separable convolutions and pooling, leaky ReLU."""
    rows: list[Config] = []
    for i, filters in enumerate(FACE_FILTERS):
        if i == 0:
            rows.append({"id": "conv0", "type": "Conv2D", "filters": filters, "kernel_size": 3, "padding": "valid"})
        else:
            rows.append({"id": f"conv{i}", "type": "SeparableConv2D", "filters": filters, "kernel_size": 3,
                         "padding": "same"})  # fmt: skip
        rows[-1]["activation"] = "linear"
        rows.append({"id": f"leaky{i}", "type": "LeakyReLU", "negative_slope": 0.1})
        strides = 2 if i < len(FACE_FILTERS) - 1 else 1
        rows.append({"id": f"pool{i}", "type": "MaxPooling2D", "pool_size": 2, "strides": strides, "padding": "same"})
    return [*rows, {"id": "out", "type": "Conv2D", "filters": "auto", "kernel_size": 1, "activation": "auto"}]


def face_detector_weights(given: dict[str, Array]) -> dict[str, Array]:
    """The package's arrays by "layer/weight" of that spec."""
    first = given["conv0/filters"]
    mean = np.array(FACE_MEAN, np.float32) / np.float32(255)
    out = {"conv0/kernel": first, "conv0/bias": given["conv0/bias"] - np.tensordot(mean, first.sum(axis=(0, 1)), 1)}
    for i in range(1, len(FACE_FILTERS)):
        out |= {
            f"conv{i}/depthwise_kernel": given[f"conv{i}/depthwise_filter"],
            f"conv{i}/pointwise_kernel": given[f"conv{i}/pointwise_filter"],
            f"conv{i}/bias": given[f"conv{i}/bias"],
        }
    count = len(FACE_ANCHORS)
    kernel = np.zeros((1, 1, FACE_FILTERS[-1], count, FACE_DEPTH), np.float32)
    bias = np.zeros((count, FACE_DEPTH), np.float32)
    theirs = given["conv8/filters"].reshape(1, 1, FACE_FILTERS[-1], count, len(ORDER))
    kernel[..., : len(ORDER)] = theirs[..., ORDER]
    bias[:, : len(ORDER)] = given["conv8/bias"].reshape(count, len(ORDER))[:, ORDER]
    return out | {"out/kernel": kernel.reshape(1, 1, FACE_FILTERS[-1], -1), "out/bias": bias.reshape(-1)}


def landmark_net(given: dict[str, Array]) -> Sequential:
    """The 68-landmark net with the package's weights: (B, 112, 112, 3), pixels less their mean over 255 → (B, 136).

    Each dense block is relu(c₀), then c₀ + c₁, then relu(s + c₂(relu(s))) of that sum s.
    """
    layers: list[Layer] = []
    weights: list[Array] = []
    for i, filters in enumerate((32, 64, 128)):
        parts = [f"dense{i}/conv{k}" for k in range(3)]
        kind = SeparableConv2D if i else Conv2D
        layers.append(kind(filters, 3, strides=2, padding="same", activation="relu"))
        layers.append(Residual([SeparableConv2D(filters, 3, padding="same")]))
        layers.append(Residual([Activation("relu"), SeparableConv2D(filters, 3, padding="same")], activation="relu"))
        for part in parts:
            names = ("filters",) if f"{part}/filters" in given else ("depthwise_filter", "pointwise_filter")
            weights += [given[f"{part}/{name}"] for name in (*names, "bias")]
    layers += [GlobalAveragePooling2D(), Dense(2 * LANDMARKS)]
    model = Sequential(layers, name="landmarks68")
    model.build((LANDMARK_SIDE, LANDMARK_SIDE, 3))
    model.set_weights([*weights, given["fc/weights"], given["fc/bias"]])
    return model


def landmarks_of(model: Sequential, faces: Array) -> Array:
    """Landmarks (B, 68, 2), x and y in parts of the crop, of faces (B, 112, 112, 3) in 0 … 1."""
    mean = np.array(LANDMARK_MEAN, np.float32) / np.float32(255)
    return model.predict(np.asarray(faces, np.float32) - mean).reshape(len(faces), LANDMARKS, 2)
