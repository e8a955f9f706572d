"""How weights start. fan_in and fan_out are the inputs and outputs of one unit (times the kernel's area for images)."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.core.arguments import Argument
from engine.core.calls import Foreign, plain, worded
from engine.core.errors import EngineError
from engine.core.registry import Registry
from engine.core.types import Array, Config, Shape
from engine.foreign import INITIALIZER_NAMES, missing_names, refuse

_TRUNCATED_NORMAL_STDDEV = 0.87962566103423978  # of N(0, 1) cut at ±2
STDDEV, LIMIT = 0.05, 0.05


def fans(shape: Shape) -> tuple[float, float]:
    """(fan_in, fan_out) of a kernel: dense (I, O), image (H, W, I, O); a vector counts as (n, n)."""
    if len(shape) < 2:
        n = float(shape[0]) if shape else 1.0
        return n, n
    area = float(np.prod(shape[:-2]))
    return shape[-2] * area, shape[-1] * area


@dataclass(frozen=True)
class Initializer:
    """Fills an array of a shape from a generator. What is None is the name's own: random_normal has stddev 0.05.

    value: constant. mean, stddev: random_normal, truncated_normal. minval, maxval: random_uniform. scale, mode,
    distribution: variance_scaling. gain: orthogonal, identity. seed: a generator of its own instead of the model's.
    """

    name: str
    value: float = 0.0
    mean: float | None = None
    stddev: float | None = None
    minval: float | None = None
    maxval: float | None = None
    scale: float | None = None
    mode: str | None = None
    distribution: str | None = None
    gain: float | None = None
    seed: int | None = None

    def __call__(self, shape: Shape, rng: np.random.Generator | None = None, whole: Shape | None = None) -> Array:
        """Numbers of `shape`; `whole` is the weight's own shape if they are a part of it."""
        rng = self.generator(None) if rng is None else rng
        fan_in, fan_out = fans(whole or shape)
        mean = self.mean or 0.0
        match self.name:
            case "zeros":
                return np.zeros(shape)
            case "ones":
                return np.ones(shape)
            case "constant":
                return np.full(shape, self.value)
            case "random_normal":
                return rng.normal(mean, _or(self.stddev, STDDEV), shape)
            case "truncated_normal":
                stddev = _or(self.stddev, STDDEV) * _TRUNCATED_NORMAL_STDDEV  # Keras names that of the uncut normal
                return mean + _truncated_normal(stddev, shape, rng)
            case "random_uniform":
                return rng.uniform(_or(self.minval, -LIMIT), _or(self.maxval, LIMIT), shape)
            case "large_normal":
                return rng.normal(0.0, 3.0, shape)
            case "orthogonal":
                return _orthogonal(shape, whole or shape, rng) * _or(self.gain, 1.0)
            case "variance_scaling":
                fan = {"fan_in": fan_in, "fan_out": fan_out}.get(self.mode or "fan_in", (fan_in + fan_out) / 2)
                distribution = self.distribution or "truncated_normal"
                return _spread(_or(self.scale, 1.0), max(1.0, fan), distribution, shape, rng)
        if self.name in SCALINGS:
            scale, mode, distribution = SCALINGS[self.name]
            fan = fan_in if mode == "fan_in" else (fan_in + fan_out) / 2
            return _spread(scale, fan, distribution, shape, rng)
        raise initializers.unknown(self.name)

    def generator(self, key: list[int] | None) -> np.random.Generator:
        """The generator to draw from: the one of `key`, or of this initialiser's own seed."""
        return np.random.default_rng(key if self.seed is None else [self.seed, 2])

    def get_config(self) -> Config:
        given = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("name", "value")}
        config = {"name": self.name} | {name: value for name, value in given.items() if value is not None}
        return config | ({"value": self.value} if self.name == "constant" else {})


SCALINGS = {
    "glorot_uniform": (1.0, "fan_avg", "uniform"),
    "glorot_normal": (1.0, "fan_avg", "truncated_normal"),
    "he_normal": (2.0, "fan_in", "truncated_normal"),
    "he_uniform": (2.0, "fan_in", "uniform"),
    "lecun_normal": (1.0, "fan_in", "truncated_normal"),
    "lecun_uniform": (1.0, "fan_in", "uniform"),
}
"""Variance = scale / fan, by name."""


def _or(value: float | None, default: float) -> float:
    return default if value is None else value


def _spread(scale: float, fan: float, distribution: str, shape: Shape, rng: np.random.Generator) -> Array:
    """Numbers of mean 0 and variance scale / fan."""
    if distribution == "uniform":
        limit = np.sqrt(3.0 * scale / fan)
        return rng.uniform(-limit, limit, shape)
    if distribution == "untruncated_normal":
        return rng.normal(0.0, np.sqrt(scale / fan), shape)
    return _truncated_normal(np.sqrt(scale / fan), shape, rng)


def _truncated_normal(stddev: float, shape: Shape, rng: np.random.Generator) -> Array:
    """N(0, s²) cut at ±2s, with s chosen so that the standard deviation after the cut is `stddev`, as Keras does."""
    draw = rng.standard_normal(shape)
    while (outside := np.abs(draw) > 2.0).any():
        draw[outside] = rng.standard_normal(int(outside.sum()))
    return np.asarray(draw * (stddev / _TRUNCATED_NORMAL_STDDEV))


def _orthogonal(shape: Shape, whole: Shape, rng: np.random.Generator) -> Array:
    """Rows or columns, whichever are fewer, at right angles and of length 1 (Saxe et al. 2014), from a QR of normals.

    The kernel (…, O) counts as a matrix (·, O). A part of a weight is orthogonal by itself.
    """
    if len(whole) < 2:
        raise ValueError(f"orthogonal expected a kernel of two or more axes, got shape {whole}")
    rows, columns = int(np.prod(shape[:-1])), shape[-1]
    q, r = np.linalg.qr(rng.standard_normal((max(rows, columns), min(rows, columns))))
    q = q * np.sign(np.diag(r))
    return np.asarray((q if rows >= columns else q.T).reshape(shape))


initializers: Registry[str] = Registry("initializer")
for _name, _doc in {
    "glorot_uniform": "uniform in ±√(6/(fan_in+fan_out)); Glorot & Bengio 2010, eq. 16",
    "glorot_normal": "truncated normal, variance 2/(fan_in+fan_out); Glorot & Bengio 2010",
    "he_normal": "truncated normal, variance 2/fan_in; He et al. 2015, eq. 10",
    "he_uniform": "uniform in ±√(6/fan_in); He et al. 2015",
    "lecun_normal": "truncated normal, variance 1/fan_in; LeCun et al. 1998: for selu and tanh",
    "lecun_uniform": "uniform in ±√(3/fan_in); LeCun et al. 1998",
    "random_normal": "normal, standard deviation 0.05: too small for deep nets",
    "random_uniform": "uniform in ±0.05: too small for deep nets",
    "large_normal": "normal, standard deviation 3: too large on purpose",
    "zeros": "all 0: every unit of a layer stays the twin of the others",
    "ones": "all 1",
    "constant": "all the same value",
}.items():
    initializers.add(_name, _doc)

PYTHON_ONLY = ("truncated_normal", "variance_scaling", "orthogonal")
"""Names for Python alone: they are in no menu, since their arguments are not."""
ALIASES = {
    "normal": "random_normal",
    "uniform": "random_uniform",
    "zero": "zeros",
    "one": "ones",
    "xavier_uniform": "glorot_uniform",
    "xavier_normal": "glorot_normal",
}
MODES = ("fan_in", "fan_out", "fan_avg")
DISTRIBUTIONS = ("truncated_normal", "untruncated_normal", "uniform")
VALUE = Argument("value", "float", 0.0, doc="the constant")
ARGUMENTS = {
    "value": VALUE,
    "mean": Argument("mean", "float", None, optional=True),
    "stddev": Argument("stddev", "float", None, minimum=0, optional=True),
    "minval": Argument("minval", "float", None, optional=True),
    "maxval": Argument("maxval", "float", None, optional=True),
    "scale": Argument("scale", "float", None, minimum=1e-12, optional=True),
    "mode": Argument("mode", "choice", None, choices=MODES, optional=True),
    "distribution": Argument("distribution", "choice", None, choices=DISTRIBUTIONS, optional=True),
    "gain": Argument("gain", "float", None, optional=True),
    "seed": Argument("seed", "int", None, minimum=0, optional=True),
}


def make(name: str, **settings: Any) -> Initializer:
    """The initialiser of that name with these settings, each checked."""
    checked = {key: ARGUMENTS[key].check(name, plain(value)) for key, value in settings.items()}
    low, high = checked.get("minval"), checked.get("maxval")
    if low is not None and high is not None and low > high:
        raise EngineError(
            "interval-empty", "{who} expected minval ≤ maxval, got {low:g} and {high:g}", who=name, low=low, high=high
        )
    return Initializer(name, **checked)


AXES = dict.fromkeys(["input_axes", "output_axes"], Foreign("fans are those of the layer's kernel; give a scale"))


@worded(AXES, order=("seed", "input_axes", "output_axes"))
def GlorotUniform(seed: int | None = None) -> Initializer:
    return make("glorot_uniform", seed=seed)


@worded(AXES, order=("seed", "input_axes", "output_axes"))
def GlorotNormal(seed: int | None = None) -> Initializer:
    return make("glorot_normal", seed=seed)


@worded(AXES, order=("seed", "input_axes", "output_axes"))
def HeNormal(seed: int | None = None) -> Initializer:
    return make("he_normal", seed=seed)


@worded(AXES, order=("seed", "input_axes", "output_axes"))
def HeUniform(seed: int | None = None) -> Initializer:
    return make("he_uniform", seed=seed)


@worded(AXES, order=("seed", "input_axes", "output_axes"))
def LecunNormal(seed: int | None = None) -> Initializer:
    return make("lecun_normal", seed=seed)


@worded(AXES, order=("seed", "input_axes", "output_axes"))
def LecunUniform(seed: int | None = None) -> Initializer:
    return make("lecun_uniform", seed=seed)


@worded()
def RandomNormal(mean: float = 0.0, stddev: float = STDDEV, seed: int | None = None) -> Initializer:
    return make("random_normal", mean=mean, stddev=stddev, seed=seed)


@worded()
def TruncatedNormal(mean: float = 0.0, stddev: float = STDDEV, seed: int | None = None) -> Initializer:
    """N(mean, stddev²), drawn again where it is further than 2·stddev from the mean."""
    return make("truncated_normal", mean=mean, stddev=stddev, seed=seed)


@worded()
def RandomUniform(minval: float = -LIMIT, maxval: float = LIMIT, seed: int | None = None) -> Initializer:
    return make("random_uniform", minval=minval, maxval=maxval, seed=seed)


@worded(AXES, order=("scale", "mode", "distribution", "seed", "input_axes", "output_axes"))
def VarianceScaling(
    scale: float = 1.0, mode: str = "fan_in", distribution: str = "truncated_normal", seed: int | None = None
) -> Initializer:
    """Variance scale / n, n the fan_in, the fan_out or their mean."""
    return make("variance_scaling", scale=scale, mode=mode, distribution=distribution, seed=seed)


@worded()
def Orthogonal(gain: float = 1.0, seed: int | None = None) -> Initializer:
    return make("orthogonal", gain=gain, seed=seed)


@worded()
def Constant(value: float = 0.0) -> Initializer:
    return make("constant", value=value)


@worded()
def Zeros() -> Initializer:
    return Initializer("zeros")


@worded()
def Ones() -> Initializer:
    return Initializer("ones")


CLASSES: dict[str, Callable[..., Initializer]] = {
    f.__name__: f
    for f in (GlorotUniform, GlorotNormal, HeNormal, HeUniform, LecunNormal, LecunUniform, RandomNormal,
              TruncatedNormal, RandomUniform, VarianceScaling, Orthogonal, Constant, Zeros, Ones)
}  # fmt: skip

glorot_uniform, glorot_normal, he_uniform, he_normal = GlorotUniform, GlorotNormal, HeUniform, HeNormal
lecun_uniform, lecun_normal, random_uniform, random_normal = LecunUniform, LecunNormal, RandomUniform, RandomNormal
truncated_normal, variance_scaling, orthogonal = TruncatedNormal, VarianceScaling, Orthogonal
constant, zeros, ones = Constant, Zeros, Ones
"""Keras's other names for them."""


def get(initializer: Any) -> Initializer:
    """From a name ("he_normal", "HeNormal", "normal"), a config, one of the classes or itself."""
    if isinstance(initializer, Initializer):
        return initializer
    maker = CLASSES.get(initializer) if isinstance(initializer, str) else initializer
    if callable(maker) and maker in CLASSES.values():
        made: Initializer = maker()
        return made
    if not isinstance(initializer, str | dict):
        shown = f"an array of shape {np.shape(initializer)}" if np.ndim(initializer) else repr(initializer)
        raise EngineError(
            "initializer-wanted",
            "an initializer is a name or a class such as initializers.Constant(0.1), got {got}: "
            "for numbers of your own build the model and call layer.set_weights([kernel, bias])",
            got=shown,
        )
    config = {"name": initializer} if isinstance(initializer, str) else dict(initializer)
    name = config.pop("name", None)
    name = ALIASES.get(str(name), name)
    if name not in PYTHON_ONLY:
        if name not in initializers:
            refuse("initializer", name, INITIALIZER_NAMES)
        initializers.get(name)
    if unknown := set(config) - set(ARGUMENTS):
        raise EngineError(
            "unknown-argument",
            "{who} has no argument {name!r}. It has {known}",
            who=name,
            name=sorted(unknown)[0],
            known=tuple(ARGUMENTS),
        )
    return make(str(name), **config)


__all__ = [
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Initializer",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "Orthogonal",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
    "constant",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "lecun_normal",
    "lecun_uniform",
    "ones",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "truncated_normal",
    "variance_scaling",
    "zeros",
]

if not TYPE_CHECKING:
    __getattr__ = missing_names(__name__, INITIALIZER_NAMES, lambda: list(globals()))
