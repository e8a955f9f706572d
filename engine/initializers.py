"""How weights start. fan_in and fan_out are the inputs and outputs of one unit (times the kernel's area for images)."""

from dataclasses import dataclass

import numpy as np

from engine.core.arguments import Argument
from engine.core.registry import Registry
from engine.core.types import Array, Config, Shape

_TRUNCATED_NORMAL_STDDEV = 0.87962566103423978  # of N(0, 1) cut at ±2


def fans(shape: Shape) -> tuple[float, float]:
    """(fan_in, fan_out) of a kernel: dense (I, O), image (H, W, I, O); a vector counts as (n, n)."""
    if len(shape) < 2:
        n = float(shape[0]) if shape else 1.0
        return n, n
    area = float(np.prod(shape[:-2]))
    return shape[-2] * area, shape[-1] * area


@dataclass(frozen=True)
class Initializer:
    """Fills an array of a shape from a generator. `value` is used by constant alone."""

    name: str
    value: float = 0.0

    def __call__(self, shape: Shape, rng: np.random.Generator, whole: Shape | None = None) -> Array:
        """Numbers of `shape`; `whole` is the weight's own shape if they are a part of it."""
        fan_in, fan_out = fans(whole or shape)
        match self.name:
            case "zeros":
                return np.zeros(shape)
            case "ones":
                return np.ones(shape)
            case "constant":
                return np.full(shape, self.value)
            case "random_normal":
                return rng.normal(0.0, 0.05, shape)
            case "random_uniform":
                return rng.uniform(-0.05, 0.05, shape)
            case "large_normal":
                return rng.normal(0.0, 3.0, shape)
            case "glorot_uniform":
                limit = np.sqrt(6.0 / (fan_in + fan_out))
                return rng.uniform(-limit, limit, shape)
            case "he_uniform":
                limit = np.sqrt(6.0 / fan_in)
                return rng.uniform(-limit, limit, shape)
            case "glorot_normal":
                return _truncated_normal(np.sqrt(2.0 / (fan_in + fan_out)), shape, rng)
            case "he_normal":
                return _truncated_normal(np.sqrt(2.0 / fan_in), shape, rng)
        raise ValueError(initializers.unknown(self.name))

    def get_config(self) -> Config:
        return {"name": self.name} | ({"value": self.value} if self.name == "constant" else {})


def _truncated_normal(stddev: float, shape: Shape, rng: np.random.Generator) -> Array:
    """N(0, s²) cut at ±2s, with s chosen so that the standard deviation after the cut is `stddev`, as Keras does."""
    draw = rng.standard_normal(shape)
    while (outside := np.abs(draw) > 2.0).any():
        draw[outside] = rng.standard_normal(int(outside.sum()))
    return np.asarray(draw * (stddev / _TRUNCATED_NORMAL_STDDEV))


initializers: Registry[str] = Registry("initializer")
for _name, _doc in {
    "glorot_uniform": "uniform in ±√(6/(fan_in+fan_out)); Glorot & Bengio 2010, eq. 16",
    "glorot_normal": "truncated normal, variance 2/(fan_in+fan_out); Glorot & Bengio 2010",
    "he_normal": "truncated normal, variance 2/fan_in; He et al. 2015, eq. 10",
    "he_uniform": "uniform in ±√(6/fan_in); He et al. 2015",
    "random_normal": "normal, standard deviation 0.05: too small for deep nets",
    "random_uniform": "uniform in ±0.05: too small for deep nets",
    "large_normal": "normal, standard deviation 3: too large on purpose",
    "zeros": "all 0: every unit of a layer stays the twin of the others",
    "ones": "all 1",
    "constant": "all the same value",
}.items():
    initializers.add(_name, _doc)

VALUE = Argument("value", "float", 0.0, doc="the constant")


def get(initializer: "str | Config | Initializer") -> Initializer:
    """From a name, a config or itself."""
    if isinstance(initializer, Initializer):
        return initializer
    config = {"name": initializer} if isinstance(initializer, str) else dict(initializer)
    name = config.get("name")
    initializers.get(name)
    return Initializer(str(name), VALUE.check("constant", config.get("value", 0.0)))
