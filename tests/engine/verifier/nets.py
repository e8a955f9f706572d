"""Nets that hold given layers one after the other, made so that they can be built and end in a loss.

Everything about a net follows from the names in it and a number: the same ones in every run, on every machine, and a
new layer changes none of the others.
"""

import itertools
import math
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine import Sequential
from engine.core.parameters import ParameterStore
from engine.layers import layers as registry
from tests.engine.verifier.samples import Context, Part, Shape, factors, part, sample

IMAGES: tuple[Shape, ...] = (
    (7, 7, 2),
    (8, 8, 2),
    (6, 5, 3),
    (9, 8, 1),
    (5, 7, 4),
    (8, 6, 3),
    (4, 4, 2),
    (1, 6, 2),
    (5, 1, 3),
)
VECTORS: tuple[Shape, ...] = ((5,), (8,), (12,), (24,))
MOST_PIXELS, MOST_CHANNELS, MOST_UNITS = 12, 12, 400
"""Larger nets are no better at finding a fault, and slower."""


@dataclass
class Net:
    """Layers as configs, the shape of an example, the loss. `seed` fixes weights and data."""

    shape: Shape
    parts: list[Part]
    loss: dict[str, Any]
    seed: int
    about: tuple[str, ...] = field(default=(), compare=False)
    """The layers it was made for."""

    def __str__(self) -> str:
        name = self.loss["name"] + (" from logits" if self.loss.get("from_logits") else "")
        return f"{' → '.join(map(written, self.parts))} on {self.shape}, {name}, seed {self.seed}"

    def model(self, dtype: Any = "float64", optimizer: Any = "SGD") -> Sequential:
        """The net with random weights everywhere: no bias is zero, no moving average is where it starts."""
        layers = [registry.get(p["class"]).from_config(p["config"]) for p in self.parts]
        model = Sequential(layers, seed=3, dtype=dtype)
        model.compile(optimizer, self.loss)
        model.build(self.shape)
        rng = np.random.default_rng([self.seed, 7])
        given = []
        for weight in model.weights:
            w = rng.normal(size=weight.shape)
            if weight.name == "moving_variance":
                w = 0.5 + np.abs(w)
            elif weight.name == "gamma":
                w = 1 + 0.3 * w
            elif len(weight.shape) > 1:
                w /= math.sqrt(max(1, math.prod(weight.shape[:-1])) / 2)
            else:
                w *= 0.3
            given.append(w)
        model.set_weights(given)
        return model

    def data(self, batch: int, number: int, model: Sequential) -> tuple[np.ndarray, np.ndarray]:
        """Inputs and targets; another `number`, another batch."""
        rng = np.random.default_rng([self.seed, 11, number])
        out, name = model.output_shape, self.loss["name"]
        x = rng.normal(size=(batch, *self.shape))
        if name == "half_mse" and self.seed % 4 == 0:
            x *= 4  # ReLU6 has an upper end
        if name == "sparse_categorical_crossentropy":
            return x, rng.integers(0, out[-1], (batch, *out[:-1]))
        if name == "categorical_crossentropy":
            return x, np.eye(out[-1])[rng.integers(0, out[-1], (batch, *out[:-1]))]
        if name == "binary_crossentropy":
            return x, rng.integers(0, 2, (batch, *out)).astype(float)
        return x, rng.normal(size=(batch, *out))


def written(p: Part) -> str:
    """A layer as one would type it, defaults left out."""
    layer = registry.get(p["class"])
    defaults = {a.name: a.default for a in layer.arguments}
    words = []
    for key, value in p["config"].items():
        if key in ("body", "shortcut") and isinstance(value, list):
            words.append(f"{key}=[{', '.join(map(written, value))}]")
        elif key == "branches":
            words.append(f"[{', '.join('[' + ', '.join(map(written, branch)) + ']' for branch in value)}]")
        elif value != defaults.get(key):
            words.append(f"{key}={value!r}")
    return f"{p['class']}({', '.join(words)})"


def shape_after(p: Part, shape: Shape) -> Shape | None:
    """The output shape of a layer, or None where it cannot be built on this input (or becomes too large)."""
    try:
        out = registry.get(p["class"]).from_config(p["config"]).build(ParameterStore(np.dtype(np.float64)), shape)
    except ValueError:
        return None
    image = len(out) == 3
    fits = max(out[:2]) <= MOST_PIXELS and out[2] <= MOST_CHANNELS if image else math.prod(out) <= MOST_UNITS
    return out if fits else None


def holds(parts: Sequence[Part], *names: str) -> bool:
    """Whether a layer of one of these names is in there, inside composites too."""
    for p in parts:
        config = p["config"]
        inner = [config.get("body"), config.get("shortcut"), *config.get("branches", ())]
        if p["class"] in names or any(holds(stack, *names) for stack in inner if isinstance(stack, list)):
            return True
    return False


class Maker:
    """Chains layers by name. What it draws follows from `key` alone."""

    def __init__(self, *key: object) -> None:
        self.number = zlib.crc32("/".join(map(str, key)).encode())
        self.rng = np.random.default_rng(self.number)
        self.about = tuple(map(str, key))
        outputs = int(self.rng.integers(2, 4))
        self.context = Context(outputs, "linear")
        self.loss: dict[str, Any] = {"name": "half_mse"}
        draw = self.rng.random()
        if draw < 0.15:
            self.context, self.loss = Context(outputs, "softmax"), {"name": "categorical_crossentropy"}
        elif draw < 0.25:
            self.context, self.loss = Context(outputs, "sigmoid"), {"name": "binary_crossentropy"}
        elif draw < 0.3:
            self.context, self.loss = Context(outputs, "softmax"), {"name": "sparse_categorical_crossentropy"}
        elif draw < 0.35:
            self.loss = {"name": "categorical_crossentropy", "from_logits": True}

    def one_of(self, *choices: Any) -> Any:
        return choices[int(self.rng.integers(len(choices)))]

    def place(self, name: str, shape: Shape, tries: int = 24) -> tuple[list[Part], Shape] | None:
        """The layer behind whatever else it takes to give it an input of the right kind, and the shape that leaves."""
        for attempt in range(tries):
            before, given = ([], shape) if attempt < tries // 2 else self.bridge(shape, attempt)
            made = sample(name, given, self.context, self.rng)
            after = shape_after(made, given)
            if after is not None:
                return [*before, made], after
        return None

    def bridge(self, shape: Shape, attempt: int) -> tuple[list[Part], Shape]:
        """Layers that make another kind of input of `shape`: a vector of an image, an image of a vector."""
        if len(shape) == 3 and attempt % 2:
            steps = [[part("Flatten")], [part("GlobalAveragePooling2D")]][attempt // 2 % 2]
        elif len(shape) == 3:
            steps = [part("UpSampling2D", size=2)] if max(shape[:2]) <= 4 else [part("AveragePooling2D", pool_size=2)]
        elif len(shape) == 1 and factors(shape[0]):
            steps = [part("Reshape", target_shape=self.one_of(*factors(shape[0])))]
        elif len(shape) == 1:
            steps = [part("Dense", units=32), part("Reshape", target_shape=[4, 4, 2])]
        else:
            steps = [part("Flatten")]
        for step in steps:
            shape = shape_after(step, shape) or shape
        return steps, shape

    def chain(self, names: Sequence[str], shape: Shape) -> tuple[list[Part], Shape] | None:
        parts: list[Part] = []
        for name in names:
            placed = self.place(name, shape)
            if placed is None:
                return None
            parts += placed[0]
            shape = placed[1]
        return parts, shape

    def stem(self, shape: Shape, plain: bool) -> list[Part]:
        """What comes first, so that a gradient goes through all that follows. plain: one linear layer."""
        normal, relu = part("BatchNormalization"), part("Activation", activation="relu")
        if len(shape) == 3:
            first = part("Conv2D", filters=int(self.rng.integers(2, 4)), kernel_size=self.one_of(1, 3), padding="same")
            second = part("Conv2D", filters=2, kernel_size=2, activation=self.one_of("relu", "tanh"))
        else:
            first = part("Dense", units=self.one_of(4, 6, 12))
            second = part("Dense", units=8, activation=self.one_of("relu", "tanh"))
        if plain:
            return [first]
        return self.one_of([first, normal], [first, relu], [first, normal, relu], [second], [], [normal])

    def close(self, parts: list[Part], start: Shape, shape: Shape) -> Net | None:
        """The net, with layers at its end that its loss can take."""
        sides = holds(parts, "SideBranch", "SideClassifier")
        end = part("Dense", units=self.context.outputs, activation=self.context.activation)
        choices: list[list[Part]] = []
        if len(shape) == 1:
            last = part("Activation", activation=self.context.activation)
            choices += [[end], [part("Dense", units=self.context.outputs), last]]
        else:
            choices.append([part("Flatten"), end])
        if len(shape) == 3:
            choices.append([part("GlobalAveragePooling2D"), end])
        if not sides:
            last = self.context.activation
            if last == "linear" and "from_logits" not in self.loss:
                choices += [[], []]
            elif shape[-1] > 1 or last == "sigmoid":
                choices.append([part("Activation", activation=last)])
            if len(shape) == 3:
                choices.append([part("Conv2D", filters=2, kernel_size=1, activation=last)])
        net = Net(start, [*parts, *self.one_of(*choices)], self.loss, self.number % 100_000, self.about)
        try:
            model = net.model()
        except ValueError:
            return None
        return net if model.store.values.size else None

    def net(self, names: Sequence[str], shape: Shape, *, plain: bool = False, wrap: bool = False) -> Net | None:
        """A net that holds these layers one after the other, or None if this try leads nowhere."""
        stem = self.stem(shape, plain)
        inside = shape
        for p in stem:
            after = shape_after(p, inside)
            if after is None:
                return None
            inside = after
        made = self.chain(names, inside)
        if made is None:
            return None
        middle, after = made
        if wrap:
            middle = [self.wrapped(middle, inside, after)]
            out = shape_after(middle[0], inside)
            if out is None:
                return None
            after = out
        return self.close([*stem, *middle], shape, after)

    def wrapped(self, chain: list[Part], before: Shape, after: Shape) -> Part:
        """A composite with the chain as one of its branches."""
        same = before == after
        activation = self.one_of(None, None, "relu", "leaky_relu", "tanh", "relu6")
        choices = [
            part("Residual", body=chain, shortcut=chain, activation=activation),
            part("Parallel", branches=[chain, chain], merge="add"),
            part("Parallel", branches=[chain, chain], merge="concat"),
        ]
        if same:
            choices = [
                part("Residual", body=chain, activation=activation),
                part("Residual", body=[], shortcut=chain, activation=activation),
                part("Parallel", branches=[chain, []], merge="add"),
                part("Parallel", branches=[[], chain], merge="concat"),
                part("Residual", body=[part("BatchNormalization"), *chain], activation=activation),
            ]
        elif before[:-1] == after[:-1] and len(before) == len(after):
            choices.append(part("Parallel", branches=[chain, []], merge="concat"))
        return self.one_of(*choices)


def kinds(key: Sequence[object], number: int) -> Shape:
    """The shape of an example for the n-th net of a chain: images first, then a vector, then images."""
    draw = zlib.crc32("/".join(map(str, (*key, number))).encode())
    shapes = VECTORS if number % 3 == 1 else IMAGES
    return shapes[draw % len(shapes)]


def nets_of(names: Sequence[str], count: int, tries: int = 12) -> Iterator[Net]:
    """`count` nets that hold these layers one after the other: bare, on vectors, inside a composite, and so on."""
    for number in range(count):
        for attempt in range(tries):
            key = (*names, number, attempt)
            maker = Maker(*key)
            # A branch of a composite may not end in another shape than its neighbour, so some chains do not wrap.
            wrap = number % 3 == 2 and attempt < tries // 2
            found = maker.net(names, kinds(key, number), plain=number == 0, wrap=wrap)
            if found is not None:
                yield found
                break
        else:
            raise AssertionError(f"no net could be made of {', '.join(names)}: its samples fit no shape")


def pairs(first: str) -> Iterator[tuple[str, str]]:
    """Every ordered pair that begins with `first`."""
    return ((first, second) for second in registry.names())


def triples(first: str) -> Iterator[tuple[str, str, str]]:
    """Every ordered triple that begins with `first`."""
    return ((first, *rest) for rest in itertools.product(registry.names(), repeat=2))
