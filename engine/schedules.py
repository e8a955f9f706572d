"""Learning-rate schedules: the factor on the base learning rate α₀ after t optimiser steps, with Keras's names.

α(t) = α₀ · factor(t). The base rate stays a live setting, so a slider and a schedule work together.
"""

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.core.arguments import Argument
from engine.core.calls import Foreign, unknown_argument, worded
from engine.core.registry import Registry
from engine.core.types import Config
from engine.foreign import SCHEDULE_NAMES, missing_names

Factor = Callable[[int, Config], float]

STEPS = Argument("decay_steps", "int", 1000, minimum=1, doc="optimiser steps of one decay")
RATE = Argument("decay_rate", "float", 0.5, minimum=0, maximum=100, doc="how much it decays")
STAIRCASE = Argument("staircase", "bool", False, doc="in jumps instead of smoothly")


@dataclass(frozen=True)
class Kind:
    """One family of schedules."""

    name: str
    formula: str
    factor: Factor
    arguments: tuple[Argument, ...]


schedules: Registry[Kind] = Registry("schedule")


def _exponential(t: int, a: Config) -> float:
    turns = t / a["decay_steps"]
    return float(a["decay_rate"] ** (math.floor(turns) if a["staircase"] else turns))


def _inverse_time(t: int, a: Config) -> float:
    turns = t / a["decay_steps"]
    return float(1 / (1 + a["decay_rate"] * (math.floor(turns) if a["staircase"] else turns)))


def _polynomial(t: int, a: Config) -> float:
    left = 1 - min(t, a["decay_steps"]) / a["decay_steps"]
    return float((1 - a["end_factor"]) * left ** a["power"] + a["end_factor"])


def _cosine(t: int, a: Config) -> float:
    warmup = a["warmup_steps"]
    if t < warmup:
        return float(t / warmup)
    part = min(t - warmup, a["decay_steps"]) / a["decay_steps"]
    return float((1 - a["alpha"]) * 0.5 * (1 + math.cos(math.pi * part)) + a["alpha"])


END = Argument("end_factor", "float", 0.0, minimum=0, maximum=1, doc="what is left at the end")
POWER = Argument("power", "float", 1.0, minimum=0.01, maximum=10, doc="1 is a straight line")
ALPHA = Argument("alpha", "float", 0.0, minimum=0, maximum=1, doc="what is left at the end")
WARMUP = Argument("warmup_steps", "int", 0, minimum=0, doc="steps of a straight climb from 0 first")
for _kind in (
    Kind("constant", r"\alpha = \alpha_0", lambda t, a: 1.0, ()),
    Kind("exponential_decay", r"\alpha = \alpha_0 r^{t/s}", _exponential, (STEPS, RATE, STAIRCASE)),
    Kind("inverse_time_decay", r"\alpha = \frac{\alpha_0}{1 + r t/s}", _inverse_time, (STEPS, RATE, STAIRCASE)),
    Kind("polynomial_decay", r"\alpha = \alpha_0 (1 - t/s)^p", _polynomial, (STEPS, END, POWER)),
    Kind("cosine_decay", r"\alpha = \alpha_0 \tfrac{1 + \cos(\pi t/s)}{2}", _cosine, (STEPS, ALPHA, WARMUP)),
):
    schedules.add(_kind.name, _kind)


def _piecewise(t: int, a: Config) -> float:
    return float(a["factors"][sum(t > boundary for boundary in a["boundaries"])])


PIECEWISE = Kind("piecewise_constant_decay", r"\alpha = \alpha_0 f_i", _piecewise, ())
"""Not in the registry, since no menu can show its lists."""
BASE = Argument("initial_learning_rate", "float", 0.01, minimum=0, maximum=1e4)


@dataclass(frozen=True)
class Schedule:
    """A kind with its arguments filled in."""

    name: str = "constant"
    settings: Config = field(default_factory=dict)
    base: float | None = None
    """α₀, where the schedule was made with one (as Keras's are)."""

    def factor(self, t: int) -> float:
        """What α₀ is multiplied by at step t; ∞ where a growing rate has left all numbers behind."""
        kind = PIECEWISE if self.name == PIECEWISE.name else schedules.get(self.name)
        try:
            return float(kind.factor(t, self.settings))
        except OverflowError:
            return float("inf")

    def __call__(self, t: int) -> float:
        """α(t), or the factor alone where the schedule has no base rate of its own."""
        return self.factor(t) * (1.0 if self.base is None else self.base)

    @property
    def constant(self) -> bool:
        return self.name == "constant"

    def get_config(self) -> Config:
        return {"name": self.name, **self.settings}


def get(schedule: "Schedule | str | Config | None") -> Schedule:
    """From a name, a config, None (constant) or itself."""
    if isinstance(schedule, Schedule):
        return schedule
    config: Config = {"name": schedule or "constant"} if not isinstance(schedule, dict) else dict(schedule)
    name = config.pop("name", None)
    if name == PIECEWISE.name and set(config) == {"boundaries", "factors"}:
        lists = {a.name: [a.check(PIECEWISE.name, v) for v in config[a.name]] for a in (BOUNDARY, FACTOR)}
        return Schedule(PIECEWISE.name, lists)
    kind = schedules.get(name)
    known = [a.name for a in kind.arguments]
    if unknown := set(config) - set(known):
        raise unknown_argument(kind.name, sorted(unknown)[0], known)
    return Schedule(kind.name, {a.name: a.check(kind.name, config.get(a.name, a.default)) for a in kind.arguments})


NAME = {"name": Foreign()}
FACTOR = Argument("factors", "float", 1.0, minimum=0)
BOUNDARY = Argument("boundaries", "int", 0, minimum=0)


def _with_base(rate: float, name: str, **settings: Any) -> Schedule:
    made = get({"name": name, **settings})
    return Schedule(made.name, made.settings, BASE.check(name, rate))


@worded(NAME, order=("initial_learning_rate", "decay_steps", "decay_rate", "staircase", "name"))
def ExponentialDecay(
    initial_learning_rate: float, decay_steps: int, decay_rate: float, staircase: bool = False
) -> Schedule:
    """α₀ · decay_rate^(t / decay_steps)."""
    return _with_base(initial_learning_rate, "exponential_decay", decay_steps=decay_steps, decay_rate=decay_rate,
                      staircase=staircase)  # fmt: skip


@worded(NAME, order=("initial_learning_rate", "decay_steps", "decay_rate", "staircase", "name"))
def InverseTimeDecay(
    initial_learning_rate: float, decay_steps: int, decay_rate: float, staircase: bool = False
) -> Schedule:
    """α₀ / (1 + decay_rate · t / decay_steps)."""
    return _with_base(initial_learning_rate, "inverse_time_decay", decay_steps=decay_steps, decay_rate=decay_rate,
                      staircase=staircase)  # fmt: skip


@worded(
    NAME | {"cycle": Foreign("it stays at end_learning_rate after decay_steps", (False,))},
    order=("initial_learning_rate", "decay_steps", "end_learning_rate", "power", "cycle", "name"),
)
def PolynomialDecay(
    initial_learning_rate: float, decay_steps: int, end_learning_rate: float = 0.0001, power: float = 1.0
) -> Schedule:
    """(α₀ − α_end) · (1 − t / decay_steps)^power + α_end."""
    end = end_learning_rate / initial_learning_rate if initial_learning_rate else 0.0
    return _with_base(initial_learning_rate, "polynomial_decay", decay_steps=decay_steps, end_factor=end, power=power)


@worded(NAME, order=("initial_learning_rate", "decay_steps", "alpha", "name", "warmup_target", "warmup_steps"))
def CosineDecay(
    initial_learning_rate: float,
    decay_steps: int,
    alpha: float = 0.0,
    warmup_target: float | None = None,
    warmup_steps: int = 0,
) -> Schedule:
    """α₀ · ((1 − alpha) · (1 + cos(π t / decay_steps)) / 2 + alpha) (Loshchilov & Hutter 2017).

    With warmup_target the rate first climbs in warmup_steps from initial_learning_rate, which must be 0, to it.
    """
    rate = initial_learning_rate
    if warmup_target is not None and warmup_steps:
        if initial_learning_rate:
            raise ValueError(
                f"CosineDecay expected to climb from 0, got initial_learning_rate={initial_learning_rate!r}"
            )
        rate = warmup_target
    return _with_base(rate, "cosine_decay", decay_steps=decay_steps, alpha=alpha,
                      warmup_steps=warmup_steps if warmup_target is not None else 0)  # fmt: skip


@worded(NAME, order=("boundaries", "values", "name"))
def PiecewiseConstantDecay(boundaries: Any, values: Any) -> Schedule:
    """values[0] up to and including step boundaries[0], then values[1] up to boundaries[1], …, the last one after."""
    steps, rates = [*boundaries], [*values]
    if len(rates) != len(steps) + 1 or any(a >= b for a, b in itertools.pairwise(steps)):
        raise ValueError(
            f"PiecewiseConstantDecay expected rising boundaries and one value more than those, got {steps} and {rates}"
        )
    base = max(rates)
    factors = [rate / base if base else 0.0 for rate in rates]
    return _with_base(base, "piecewise_constant_decay", boundaries=steps, factors=factors)


__all__ = [
    "CosineDecay",
    "ExponentialDecay",
    "InverseTimeDecay",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "Schedule",
]

if not TYPE_CHECKING:
    __getattr__ = missing_names(__name__, SCHEDULE_NAMES, lambda: list(globals()))
