"""Small constructor arguments for every registered layer.

Most come from the layer's own description (`Layer.arguments`: kind, bounds, choices), so a layer that is registered is
verified without a line here. `PICKED` adds what the description cannot know: combinations that are worth more tries
(a linear convolution, a stride over the kernel), and composites, whose contents are chosen for the shape they get.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.activations import activations
from engine.core.arguments import Argument
from engine.layers import layers as registry

Part = dict[str, Any]
"""{"class", "config"}, as composites and `from_config` take it."""
Shape = tuple[int, ...]


@dataclass(frozen=True)
class Context:
    """What the net ends in: side branches must answer the same question as the model."""

    outputs: int = 2
    activation: str = "linear"


def part(name: str, **config: Any) -> Part:
    return {"class": name, "config": config}


# -- from the description ------------------------------------------------------------------------------------------
def values(argument: Argument, shape: Shape) -> list[Any]:
    """A few right values of an argument, small ones, its default among them where that is small."""
    low = math.ceil(argument.minimum) if argument.minimum is not None else 0
    if argument.kind == "bool":
        return [True, False]
    if argument.kind == "choice":
        return list(argument.choices) or [argument.default]
    if argument.kind == "int":
        most = argument.maximum if argument.maximum is not None else math.inf
        return [n for n in (low + 1, low, low + 2, low + 3) if n <= most]
    if argument.kind == "float":
        top = argument.maximum if argument.maximum is not None else argument.below
        bottom = argument.minimum or 0.0
        usual = [0.5, 2.0] if argument.default is None else [argument.default * 3]
        others = usual if top is None else [bottom + (top - bottom) * s for s in (0.25, 0.75)]
        return [argument.default, *others]
    if argument.kind == "pair":
        pairs = [n for n in (2, 3, 1, [2, 3], [3, 1]) if min(np.atleast_1d(n)) >= low]
        return [*([None] if argument.optional else []), *pairs]
    if argument.kind == "sides":
        return [1, [0, 2], [[0, 1], [2, 0]]]
    if argument.kind == "shape":
        size = math.prod(shape)
        flat = [[-1], [size]]
        return flat + [[-1, n] for n in (2, 3) if size % n == 0] + factors(size)
    return [argument.default]


def factors(size: int) -> list[list[int]]:
    """Images (H, W, C) of that many numbers, 2 to 9 pixels high and wide, of 1 to 4 channels."""
    return [
        [h, size // (h * c), c]
        for c in (1, 2, 3, 4)
        for h in range(2, 10)
        if size % (h * c) == 0 and 2 <= size // (h * c) <= 9
    ]


def described(name: str, shape: Shape, rng: np.random.Generator) -> Part:
    """Arguments drawn from the layer's description."""
    layer = registry.get(name)
    config = {}
    for argument in layer.arguments:
        choice = values(argument, shape)
        config[argument.name] = choice[int(rng.integers(len(choice)))]
    return {"class": name, "config": config}


# -- picked by hand ------------------------------------------------------------------------------------------------
def _activation(rng: np.random.Generator) -> str:
    """Any activation; those with a path of their own in plans more often."""
    special = ["linear", "relu", "leaky_relu", "relu6"]
    names = special if rng.random() < 0.5 else activations.names()
    return str(rng.choice(names))


def bodies(shape: Shape, rng: np.random.Generator) -> list[list[Part]]:
    """Stacks of layers that give back the shape they get."""
    g = _activation(rng)
    anywhere = [
        [],
        [part("BatchNormalization")],
        [part("BatchNormalization"), part("Activation", activation="relu")],
        [part("Activation", activation=g)],
        [part("Dropout", rate=0.4)],
        [part("LeakyReLU", negative_slope=0.1)],
    ]
    if len(shape) == 1:
        units = shape[0]
        return [
            *anywhere,
            [part("Dense", units=units)],
            [part("Dense", units=units, activation=g)],
            [part("Dense", units=units), part("BatchNormalization"), part("Activation", activation=g)],
            [part("Dense", units=3, activation="tanh"), part("Dense", units=units, use_bias=False)],
            [part("Residual", body=[part("Dense", units=units)], activation="relu")],
        ]
    if len(shape) != 3:
        return anywhere
    height, width, c = shape
    same = part("Conv2D", filters=c, kernel_size=3, padding="same")
    found = [
        *anywhere,
        [part("Conv2D", filters=c, kernel_size=[3, 2], padding="same", groups=c, activation=g)],
        [part("Conv2D", filters=c, kernel_size=3, padding="same", groups=c, dilation_rate=2)],
        [same],
        [same, part("BatchNormalization")],
        [same, part("BatchNormalization"), part("Activation", activation="relu")],
        [same, part("Activation", activation=g)],
        [part("Conv2D", filters=c, kernel_size=1, activation=g)],
        [part("DepthwiseConv2D", kernel_size=3, padding="same", activation=g)],
        [part("SeparableConv2D", filters=c, kernel_size=[3, 2], padding="same", activation=g)],
        [part("MaxPooling2D", pool_size=3, strides=1, padding="same")],
        [part("AveragePooling2D", pool_size=[2, 3], strides=1, padding="same")],
        [part("ZeroPadding2D", padding=1), part("Conv2D", filters=c, kernel_size=3, activation=g)],
        [part("Residual", body=[same, part("BatchNormalization")], activation="relu")],
        [part("Parallel", branches=[[part("BatchNormalization")], [same]], merge="add")],
        [part("BatchNormalization"), part("ZeroPadding2D", padding=0)],
    ]
    if min(height, width) > 2:
        corner = part("ZeroPadding2D", padding=[[0, 1], [1, 0]])
        small = part("MaxPooling2D", pool_size=2, strides=1)
        normal, relu = part("BatchNormalization"), part("Activation", activation="relu")
        found += [
            [part("Conv2D", filters=c, kernel_size=3), part("ZeroPadding2D", padding=1)],
            [part("Conv2D", filters=c, kernel_size=3), normal, relu, part("ZeroPadding2D", padding=1)],
            [part("Conv2D", filters=c, kernel_size=2), normal, corner],
            [small, corner],
            [normal, relu, small, corner],
            [part("AveragePooling2D", pool_size=2, strides=1), relu, corner],
        ]
    if height % 2 == width % 2 == 0:
        twice = part("UpSampling2D", size=2)
        found += [
            [part("Conv2D", filters=c, kernel_size=3, strides=2, padding="same"), twice],
            [part("MaxPooling2D", pool_size=2), part("BatchNormalization"), twice],
            [part("AveragePooling2D", pool_size=2), part("Activation", activation=g), twice],
        ]
    return found


def _body(shape: Shape, rng: np.random.Generator) -> list[Part]:
    found = bodies(shape, rng)
    return found[int(rng.integers(len(found)))]


def _residual(shape: Shape, context: Context, rng: np.random.Generator) -> Part:
    shortcut = None if rng.random() < 0.5 else _body(shape, rng)
    activation = None if rng.random() < 0.4 else _activation(rng)
    return part("Residual", body=_body(shape, rng), shortcut=shortcut, activation=activation)


def _parallel(shape: Shape, context: Context, rng: np.random.Generator) -> Part:
    branches = [_body(shape, rng) for _ in range(int(rng.integers(1, 4)))]
    return part("Parallel", branches=branches, merge=str(rng.choice(["concat", "add"])))


def _side_branch(shape: Shape, context: Context, rng: np.random.Generator) -> Part:
    end = part("Dense", units=context.outputs, activation=context.activation)
    flat = [] if len(shape) == 1 else [part("Flatten")]
    if len(shape) == 3 and rng.random() < 0.5:
        flat = [part("GlobalAveragePooling2D")]
    return part("SideBranch", body=[*_body(shape, rng), *flat, end], loss_weight=0.4)


def _side_classifier(shape: Shape, context: Context, rng: np.random.Generator) -> Part:
    return part("SideClassifier", units=context.outputs, activation=context.activation, loss_weight=0.7)


def _activated(name: str, sizes: list[dict[str, Any]]) -> "Sampler":
    """Some of these sizes, behind a linear or another activation, with or without bias and penalty."""

    def make(shape: Shape, context: Context, rng: np.random.Generator) -> Part:
        config = dict(sizes[int(rng.integers(len(sizes)))])
        config["activation"] = None if rng.random() < 0.5 else _activation(rng)
        config["use_bias"] = bool(rng.random() < 0.7)
        if rng.random() < 0.2:
            which = "depthwise_regularizer" if "Depthwise" in name or "Separable" in name else "kernel_regularizer"
            config[which] = {"l1": 0.01, "l2": 0.05}
        return {"class": name, "config": config}

    return make


def _one_of(name: str, *configs: dict[str, Any]) -> "Sampler":
    return lambda shape, context, rng: {"class": name, "config": dict(configs[int(rng.integers(len(configs)))])}


Sampler = Callable[[Shape, Context, np.random.Generator], Part]

WINDOWS: list[dict[str, Any]] = [
    {"kernel_size": 1},
    {"kernel_size": 3, "padding": "same"},
    {"kernel_size": 3},
    {"kernel_size": 2, "strides": 3},
    {"kernel_size": 1, "strides": 2},
    {"kernel_size": 3, "strides": 2, "padding": "same"},
    {"kernel_size": [2, 3], "strides": [1, 2], "padding": "same"},
    {"kernel_size": [1, 2], "strides": [3, 1]},
]
SPARSE: list[dict[str, Any]] = [
    {"kernel_size": 2, "dilation_rate": 2},
    {"kernel_size": [2, 3], "dilation_rate": [1, 2], "padding": "same"},
    {"kernel_size": 3, "padding": "same", "groups": 1, "dilation_rate": 3},
]
POOLS = (
    {"pool_size": 2},
    {"pool_size": 3},
    {"pool_size": 2, "strides": 3},
    {"pool_size": 3, "strides": 2},
    {"pool_size": 3, "strides": 2, "padding": "same"},
    {"pool_size": [2, 1], "padding": "same"},
    {"pool_size": 3, "strides": 1, "padding": "same"},
    {"pool_size": [1, 3], "strides": [2, 3]},
)


def _windows(**each: tuple[int, int]) -> list[dict[str, Any]]:
    """The windows, and a size that changes from one to the next."""
    return [{**window, **{key: pair[i % 2] for key, pair in each.items()}} for i, window in enumerate(WINDOWS)]


PICKED: dict[str, Sampler] = {
    "Dense": _activated("Dense", [{"units": n} for n in (1, 2, 3, 6)]),
    "Conv2D": _activated("Conv2D", [*_windows(filters=(2, 3)), *({**s, "filters": 2} for s in SPARSE)]),
    "DepthwiseConv2D": _activated("DepthwiseConv2D", _windows(depth_multiplier=(1, 2))),
    "SeparableConv2D": _activated("SeparableConv2D", _windows(filters=(2, 3))),
    "MaxPooling2D": _one_of("MaxPooling2D", *POOLS),
    "AveragePooling2D": _one_of("AveragePooling2D", *POOLS),
    "BatchNormalization": _one_of("BatchNormalization", {}, {"momentum": 0.7}, {"scale": False}, {"center": False}),
    "UpSampling2D": _one_of(
        "UpSampling2D",
        {},
        {"size": [1, 2]},
        {"interpolation": "bilinear"},
        {"size": [2, 3], "interpolation": "bilinear"},
    ),
    "ReLU": _one_of(
        "ReLU",
        {},
        {"max_value": 1.0},
        {"negative_slope": 0.2},
        {"threshold": 0.4},
        {"max_value": 1.5, "negative_slope": 0.1, "threshold": 0.2},
    ),
    "Activation": lambda shape, context, rng: part("Activation", activation=_activation(rng)),
    "Residual": _residual,
    "Parallel": _parallel,
    "SideBranch": _side_branch,
    "SideClassifier": _side_classifier,
}
ALWAYS = {"Residual", "Parallel", "SideBranch", "SideClassifier"}
"""Layers whose description leaves out what they are made of."""


def sample(name: str, shape: Shape, context: Context, rng: np.random.Generator) -> Part:
    """One layer of that name for an input of `shape`: picked by hand or drawn from its description."""
    picked = PICKED.get(name)
    if picked is None:
        if registry.get(name).nested:
            raise AssertionError(f"{name} is made of lists of layers: give it a sample in {__name__}.PICKED")
        return described(name, shape, rng)
    return picked(shape, context, rng) if name in ALWAYS or rng.random() < 0.7 else described(name, shape, rng)
