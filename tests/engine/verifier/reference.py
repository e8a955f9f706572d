"""The same net one layer at a time, in float64, over memory that nothing shares.

A leaf is computed by a model that holds it alone, in inference mode: nothing stands before or behind it, so there is
nothing to write over. What differs in training (dropout, batch normalisation) and what joins layers (Residual,
Parallel, side branches) is written down here by its formula, and so are activations and losses.
"""

import math
from collections.abc import Sequence

import numpy as np

from engine import Sequential
from engine.layers import BatchNormalization, Dropout, Layer, Parallel, Residual, SideBranch
from engine.layers.composite import Block, Composite
from engine.losses import Loss
from tests.engine.verifier.conditions import large

Array = np.ndarray


def half_mse(y: Array, t: Array) -> float:
    return float(((y - t) ** 2).mean() / 2)


def binary(z: Array, t: Array) -> float:
    """From what goes into the sigmoid: 1 − p has no digits left where p is near 1."""
    return float((np.logaddexp(0, z) - z * t).mean())


def categorical(y: Array, t: Array) -> float:
    return float(-(t * np.log(y / y.sum(-1, keepdims=True))).sum(-1).mean())


def loss_of(loss: Loss, y: Array, t: Array, z: Array) -> float:
    """J of outputs y = g(z), (B, …): means over batch and pixels, for half_mse and binary over the outputs too."""
    if loss.name == "half_mse":
        return half_mse(y, t)
    if loss.name == "binary_crossentropy":
        return binary(z, t)
    if loss.name == "sparse_categorical_crossentropy":
        t = np.eye(y.shape[-1])[t]
    assert loss.name in ("categorical_crossentropy", "sparse_categorical_crossentropy")
    return categorical(softmax(y) if loss.from_logits else y, t)


def softmax(z: Array) -> Array:
    e = np.exp(z - z.max(-1, keepdims=True))
    return np.asarray(e / e.sum(-1, keepdims=True))


ACTIVATIONS = {
    "linear": lambda z: z,
    "relu": lambda z: np.where(z > 0, z, 0),
    "relu6": lambda z: np.clip(z, 0, 6),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.2 * z),
    "elu": lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
    "gelu": lambda z: z * 0.5 * (1 + np.vectorize(math.erf)(z / math.sqrt(2))),
    "swish": lambda z: z / (1 + np.exp(-z)),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "step": lambda z: np.where(z >= 0, 1.0, 0.0),
    "tanh": np.tanh,
    "softmax": softmax,
    "softplus": lambda z: np.logaddexp(0, z),
    "selu": lambda z: 1.0507009873554805 * np.where(z > 0, z, 1.6732632423543772 * np.expm1(np.minimum(z, 0))),
    "mish": lambda z: z * np.tanh(np.logaddexp(0, z)),
    "softsign": lambda z: z / (1 + np.abs(z)),
    "hard_sigmoid": lambda z: np.clip(z / 6 + 0.5, 0, 1),
}


class Reference:
    """Outputs of every layer of a built float64 model, for any weights, and J of them."""

    def __init__(self, model: Sequential) -> None:
        self.model = model
        self.places = {id(weight): i for i, weight in enumerate(model.weights)}
        self.alone: dict[Layer, Sequential] = {}
        self.outputs: dict[Layer, Array] = {}
        self.nudges: dict[Layer, Array] = {}
        """Added to a layer's output: how J depends on it."""
        self.before: dict[Layer, Array] = {}
        """z of each layer's a = g(z)."""
        self.sides: list[tuple[SideBranch, Array]] = []
        self.training = False
        self.masks: dict[Layer, Array] = {}
        self.weights: Sequence[Array] = ()

    # -- forward -------------------------------------------------------------------------------------------------
    def forward(self, weights: Sequence[Array], x: Array, training: bool) -> Array:
        self.weights, self.training, self.outputs, self.sides = weights, training, {}, []
        return self._stack(self.model.layers, x)

    def _stack(self, layers: Sequence[Layer], x: Array) -> Array:
        for layer in layers:
            x = self._layer(layer, x)
            if layer in self.nudges:
                x = x + self.nudges[layer]
            self.outputs[layer] = x
        return x

    def _layer(self, layer: Layer, x: Array) -> Array:
        if isinstance(layer, Residual):
            total = self._stack(layer.body, x) + self._stack(layer.shortcut, x)
            return np.asarray(ACTIVATIONS[layer.activation.name](total))
        if isinstance(layer, Parallel):
            found = [self._stack(branch, x) for branch in layer.branches]
            return np.concatenate(found, -1) if layer.merge == "concat" else np.asarray(sum(found))
        if isinstance(layer, SideBranch):
            self.sides.append((layer, self._stack(layer.body, x)))
            return x
        if isinstance(layer, Block):
            return self._stack(layer.inside, x)
        if isinstance(layer, BatchNormalization):
            return self._normalized(layer, x)
        if isinstance(layer, Dropout):
            return x * self.masks[layer] if self.training and layer.rate else x
        assert not isinstance(layer, Composite), f"{type(layer).__name__} wants a formula in {__name__}"
        return self._by_itself(layer, x)

    def _normalized(self, layer: BatchNormalization, x: Array) -> Array:
        mean, variance = self._weight(layer.mean), self._weight(layer.variance)
        if self.training:
            axes = tuple(range(x.ndim - 1))
            mean = x.mean(axes)
            variance = ((x - mean) ** 2).mean(axes)
        y = (x - mean) / np.sqrt(variance + layer.epsilon)
        if layer.gamma is not None:
            y = y * self._weight(layer.gamma)
        return y if layer.beta is None else y + self._weight(layer.beta)

    def _weight(self, weight: object) -> Array:
        return self.weights[self.places[id(weight)]]

    def _by_itself(self, layer: Layer, x: Array) -> Array:
        model = self.alone.get(layer)
        config = layer.get_config()
        own = config.get("activation") in ACTIVATIONS
        if model is None:
            alone = type(layer).from_config({**config, "activation": "linear"} if own else config)
            model = self.alone[layer] = Sequential([alone], dtype="float64")
            with large(False):
                model.build(layer.input_shape)
                model.plan(len(x), "infer")
        if layer.weights:
            model.set_weights([self._weight(weight) for weight in layer.weights])
        self.before[layer] = z = model.predict(x)
        return np.asarray(ACTIVATIONS[config["activation"]](z)) if own else z

    # -- J -------------------------------------------------------------------------------------------------------
    def penalty(self, weights: Sequence[Array]) -> float:
        total = 0.0
        for weight, value in zip(self.model.weights, weights, strict=True):
            if weight.trainable:
                total += weight.l1 * float(np.abs(value).sum()) + weight.l2 * float((value**2).sum())
        return total

    def loss(self, weights: Sequence[Array], x: Array, t: Array, training: bool, sides: bool | None = None) -> float:
        """J with penalties, and with side branches while training."""
        loss, last = self.model.loss, self.model.layers[-1]
        assert loss is not None
        y = self.forward(weights, x, training)
        total = loss_of(loss, y, t, self.before.get(last, y)) + self.penalty(weights)
        for side, answer in self.sides if (training if sides is None else sides) else ():
            z = self.before.get(side.leaves[-1], answer)
            total += side.loss_weight * loss_of(loss, answer, t, z)
        return total

    # -- dropout -------------------------------------------------------------------------------------------------
    def draw(self, rng: np.random.Generator, shards: Sequence[int]) -> None:
        """Masks as a training step draws them: shard by shard, layer by layer, in the order of an image's memory."""
        dropouts = [leaf for leaf in self.model.leaves if isinstance(leaf, Dropout) and leaf.rate]
        found: dict[Layer, list[Array]] = {leaf: [] for leaf in dropouts}
        for batch in shards:
            for leaf in dropouts:
                shape = leaf.input_shape
                if len(shape) == 3:
                    height, width, channels = shape
                    u = rng.random((height, channels, width, batch)).transpose(3, 0, 2, 1)
                else:
                    u = np.moveaxis(rng.random((*shape, batch)), -1, 0)
                found[leaf].append((u >= leaf.rate) / (1 - leaf.rate))
        self.masks = {leaf: np.concatenate(parts) for leaf, parts in found.items()}
