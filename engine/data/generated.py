"""Generated data: shapes in a plane with −6 ≤ x₁, x₂ ≤ 6 and curves over −6 ≤ x ≤ 6, with noise, count and seed."""

from collections.abc import Callable

import numpy as np

from engine.core.arguments import Argument
from engine.core.types import Array
from engine.data.dataset import Dataset, DatasetKind, datasets
from engine.data.settings import DataSettings

Maker = Callable[[int, float, np.random.Generator], tuple[Array, Array]]

SAMPLES = Argument("samples", "int", 500, minimum=10, maximum=20_000, doc="how many examples")
NOISE = Argument("noise", "float", 0.1, minimum=0, maximum=1, doc="0 is clean, 1 drowns the shape")
SEED = Argument("seed", "int", 0, minimum=0, maximum=2**32 - 1, doc="another seed, another sample")
REACH = 6.0

generated: list[str] = []


def _add(
    name: str, task: str, classes: int, doc: str, make: Maker, one_input: bool = False,
    inputs: tuple[str, ...] = (), bounds: tuple[tuple[float, float], ...] = (),
) -> None:  # fmt: skip
    inputs = inputs or (("x",) if one_input else ("x1", "x2"))
    kind = "line" if len(inputs) == 1 else "plane"

    def build(settings: DataSettings) -> Dataset:
        a = {g.name: g.check(name, settings.get(g.name, g.default)) for g in (SAMPLES, NOISE, SEED)}
        x, y = make(a["samples"], a["noise"], np.random.default_rng([a["seed"], 3]))
        labels = tuple(str(i) for i in range(classes))
        return Dataset(
            name,
            task,
            kind,
            x.astype(np.float32),
            y.astype(np.float32),
            inputs,
            "y",
            labels,
            bounds=bounds or ((-REACH, REACH),) * len(inputs),
        )

    datasets.add(
        name,
        DatasetKind(
            name,
            task,
            kind,
            build,
            (SAMPLES, NOISE, SEED),
            doc,
            classes if task == "multiclass" else 1,
            inputs,
            (len(inputs),),
        ),
    )
    generated.append(name)


def _circle(m: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    inside = np.arange(m) < m // 2
    radius = np.where(inside, rng.uniform(0, 2.5, m), rng.uniform(3.5, 5, m))
    angle = rng.uniform(0, 2 * np.pi, m)
    x = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)
    moved = x + rng.uniform(-5, 5, (m, 2)) * noise
    return x, (np.hypot(moved[:, 0], moved[:, 1]) < 2.5)


def _xor(m: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    x = rng.uniform(-5, 5, (m, 2))
    x += np.where(x > 0, 0.3, -0.3)
    moved = x + rng.uniform(-5, 5, (m, 2)) * noise
    return x, (moved[:, 0] * moved[:, 1] >= 0)


def _gaussians(m: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    y = np.arange(m) % 2
    centre = np.where(y == 1, 2.0, -2.0)[:, None]
    return centre + rng.normal(0, np.sqrt(0.5 + 3.5 * noise), (m, 2)), y


def _spiral(m: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    y = np.arange(m) % 2
    along = (np.arange(m) // 2) / max((m + 1) // 2, 1)
    angle = 1.75 * along * 2 * np.pi + np.where(y == 1, 0, np.pi)
    x = np.stack([np.sin(angle), np.cos(angle)], axis=1) * (along * 5)[:, None]
    return x + rng.uniform(-1, 1, (m, 2)) * noise, y


def _moons(m: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    y = np.arange(m) % 2
    t = rng.uniform(0, np.pi, m)
    upper = np.stack([np.cos(t) - 0.5, np.sin(t) - 0.25], axis=1)
    x = np.where((y == 0)[:, None], upper, -upper) * 2.9
    return x + rng.normal(0, 1.2, (m, 2)) * noise, y


def _blobs(classes: int) -> Maker:
    def make(m: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
        y = np.arange(m) % classes
        angle = y * 2 * np.pi / classes + np.pi / 2
        centre = 3.6 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        return centre + rng.normal(0, 0.45 + 1.5 * noise, (m, 2)), y

    return make


def _rings(m: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    y = np.arange(m) % 3
    radius = 0.9 + y * 1.9 + rng.uniform(-0.4, 0.4, m)
    angle = rng.uniform(0, 2 * np.pi, m)
    x = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return x + rng.normal(0, 1.0, (m, 2)) * noise, y


def _plane(m: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    x = rng.uniform(-REACH, REACH, (m, 2))
    return x, (x.sum(axis=1) + rng.normal(0, 5, m) * noise) / 10


def _hill(m: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    x = rng.uniform(-REACH, REACH, (m, 2))
    peaks = ((0, 2.5, 1), (0, -2.5, -1), (-2.5, 0, -1), (2.5, 0, 1), (-2.5, 2.5, 1), (2.5, -2.5, -1))
    heights = [s * np.maximum(0, 1 - np.hypot(x[:, 0] - a, x[:, 1] - b) / 2) for a, b, s in peaks]
    tallest = np.abs(heights).argmax(axis=0)
    y = np.array(heights)[tallest, np.arange(m)]
    return x, y + rng.normal(0, 0.3, m) * noise


def _flats(m: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    x = rng.uniform(0.4, 6, (m, 1))
    return x, 0.6 + 0.4 * x[:, 0] + rng.normal(0, 1, m) * noise


def _cottages(m: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    x = np.stack([rng.uniform(1, 6, m), rng.uniform(0, 0.3, m)], axis=1)
    return x, 0.4 * x[:, 0] + 5 * x[:, 1] + rng.normal(0, 1, m) * noise


def _outliers(m: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    x = rng.uniform(-REACH, REACH, (m, 1))
    y = 0.15 * x[:, 0] + 0.1 + rng.normal(0, 0.5, m) * noise
    return x, y + np.where((np.arange(m) % 5 == 0) & (x[:, 0] > 0), 4.0, 0.0)


def _bends(m: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    x = rng.uniform(-REACH, REACH, (m, 1))
    u = x[:, 0] / REACH
    return x, 0.5 + u - 1.2 * u * u + 0.9 * np.sin(4 * u) + rng.normal(0, 1, m) * noise


def _curve(function: Callable[[Array], Array]) -> Maker:
    def make(m: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
        x = rng.uniform(-REACH, REACH, (m, 1))
        return x, function(x[:, 0]) + rng.normal(0, 0.5, m) * noise

    return make


_add("circle", "binary", 2, "a disc inside a ring", _circle)
_add("xor", "binary", 2, "exclusive or: the sign of x₁·x₂", _xor)
_add("gaussians", "binary", 2, "two Gaussian clouds", _gaussians)
_add("spiral", "binary", 2, "two spirals wound into each other", _spiral)
_add("moons", "binary", 2, "two half moons", _moons)
_add("blobs3", "multiclass", 3, "three clouds", _blobs(3))
_add("blobs5", "multiclass", 5, "five clouds", _blobs(5))
_add("rings", "multiclass", 3, "three rings around each other", _rings)
_add("plane", "regression", 0, "a tilted plane: y = (x₁ + x₂)/10", _plane)
_add("hill", "regression", 0, "six hills and hollows", _hill)
_add("line", "regression", 0, "y = 0.15 x + 0.1", _curve(lambda x: 0.15 * x + 0.1), one_input=True)
_add("sine", "regression", 0, "y = sin x", _curve(np.sin), one_input=True)
_add("step", "regression", 0, "y = −½ left of zero, ½ right of it", _curve(lambda x: np.where(x < 0, -0.5, 0.5)),
     one_input=True)  # fmt: skip
_add("cottages", "regression", 0, "price in 100,000 of 1 to 6 rooms and a garden of 0 to 0.3 hectares: inputs of "
     "different size", _cottages, inputs=("rooms", "garden"), bounds=((0.0, 7.0), (0.0, 0.35)))  # fmt: skip
_add("flats", "regression", 0, "price of a flat by its size: y = 0.6 + 0.4 x, x from 0.4 to 6", _flats,
     inputs=("size",), bounds=((0.0, 6.2),))  # fmt: skip
_add("line_outliers", "regression", 0, "the line, and every fifth point on the right 4 too high", _outliers,
     one_input=True)  # fmt: skip
_add("bends", "regression", 0, "a parabola with a wave on it", _bends, one_input=True)
