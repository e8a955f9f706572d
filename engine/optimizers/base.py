"""What an optimiser is, and the registry."""

from collections.abc import Callable
from types import EllipsisType
from typing import Any, ClassVar

import numpy as np

from engine import schedules
from engine.core.arguments import Argument
from engine.core.calls import Foreign, Part
from engine.core.errors import EngineError
from engine.core.parameters import ParameterStore, Weight
from engine.core.plan import Plan
from engine.core.registry import Registry
from engine.core.terms import Formula
from engine.core.types import Config


def rate_argument(default: float) -> Argument:
    return Argument("learning_rate", "float", default, minimum=0.0, maximum=1e4, doc="α")


CLIPNORM = Argument(
    "global_clipnorm",
    "float",
    None,
    above=0,
    optional=True,
    doc="the gradient is scaled down to this norm",
)
EACH_CLIPNORM = Argument(
    "clipnorm", "float", None, above=0, optional=True, doc="each weight's gradient is scaled down to this norm"
)
CLIPVALUE = Argument("clipvalue", "float", None, above=0, optional=True, doc="every slope is kept within ± this")
DECAY = Argument("weight_decay", "float", None, minimum=0, maximum=10, optional=True, doc="λ in p ← p − α·λ·p")
PYTHON_ONLY = (EACH_CLIPNORM, CLIPVALUE, DECAY)
"""Keras's settings that any optimiser takes and no menu has."""
EPSILON = Argument("epsilon", "float", 1e-7, minimum=1e-20, maximum=1.0, doc="keeps the division finite")
"""Never 0: where a gradient is 0, as behind a dead ReLU, m/√v is 0/0. Below 1e-20 even ε² is 0 in float32."""


KERAS_TAIL = (
    "clipnorm", "clipvalue", "global_clipnorm", "use_ema", "ema_momentum", "ema_overwrite_frequency",
    "loss_scale_factor", "gradient_accumulation_steps", "name",
)  # fmt: skip
"""How the order of arguments ends for all of Keras's optimisers."""


class Rate(float):
    """A learning rate as a number that also does what people do with Keras's variable: `.assign(0.1)`, `.numpy()`."""

    def __new__(cls, value: float, owner: "Optimizer") -> "Rate":
        made = super().__new__(cls, value)
        made.owner = owner
        return made

    owner: "Optimizer"

    def numpy(self) -> float:
        return float(self)

    def assign(self, value: float) -> None:
        self.owner.set("learning_rate", value)


class OptimizerPart(Part):
    """The metaclass of optimisers, which take their settings by name."""

    def more_arguments(self) -> tuple[str, ...]:
        names = [a.name for a in (*getattr(self, "arguments", ()), CLIPNORM, *PYTHON_ONLY)]
        return tuple(dict.fromkeys([*names, "schedule"]))


class Optimizer(metaclass=OptimizerPart):
    """Subclasses plan one update in `plan_update` and name their state in `slots`.

    α is a 0-d array the planned calls read, so changing `learning_rate` takes effect at the next step.
    """

    name: ClassVar[str]
    formula: ClassVar[str]
    slots: ClassVar[tuple[str, ...]] = ()
    normalises: ClassVar[bool] = False
    """Whether a step is about α long, whatever the size of the gradient."""
    arguments: ClassVar[tuple[Argument, ...]] = ()
    foreign: ClassVar[dict[str, Foreign]] = {
        "name": Foreign(),
        "use_ema": Foreign(
            "weights are not averaged; a learning-rate schedule that falls does much the same", (False,)
        ),
        "ema_momentum": Foreign(),
        "ema_overwrite_frequency": Foreign(),
        "loss_scale_factor": Foreign("numbers are float32 or float64, which need no scaled loss"),
        "gradient_accumulation_steps": Foreign("use a larger batch_size; it needs no more memory than data that fit"),
        "amsgrad": Foreign("use Adam as it is, or a smaller learning_rate", (False,)),
        "centered": Foreign("use RMSprop as it is, or Adam", (False,)),
        "jit_compile": Foreign(),
    }

    def __init__(self, learning_rate: float | schedules.Schedule | EllipsisType = ..., **settings: Any) -> None:
        """Without a learning_rate it has its class's own; None is none."""
        known = [*self.arguments, CLIPNORM]
        schedule = settings.pop("schedule", None)
        if isinstance(learning_rate, schedules.Schedule):
            schedule = learning_rate
            learning_rate = ... if schedule.base is None else schedule.base
        elif callable(learning_rate):
            raise ValueError(
                f"{self.name} expected learning_rate to be a number or a class of engine.schedules, got a function: "
                "callbacks.LearningRateScheduler(function) calls it once an epoch"
            )
        if learning_rate is not ...:
            settings["learning_rate"] = learning_rate
        self.settings = {a.name: a.check(self.name, settings.get(a.name, a.default)) for a in known}
        own = set(self.settings)
        self.extras = {a.name: a.check(self.name, settings.get(a.name)) for a in PYTHON_ONLY if a.name not in own}
        """What Python alone can set; None: off."""
        clips = [
            n for n in ("clipnorm", "clipvalue", "global_clipnorm") if (self.settings | self.extras)[n] is not None
        ]
        if len(clips) > 1:
            raise EngineError(
                "clips",
                "{who} expected one way to clip, got {clips[0]} and {clips[1]}",
                who=self.name,
                clips=tuple(clips),
            )
        self.schedule = schedules.get(schedule)
        self.iterations = 0
        self.born = 0
        """The iteration at which its state began: not 0 where it took over from another optimiser in mid-run."""

    @property
    def learning_rate(self) -> "Rate":
        """The base rate α₀."""
        return Rate(self.settings["learning_rate"], self)

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        self.set("learning_rate", value)

    def set(self, name: str, value: Any) -> None:
        """Changes a setting in the middle of a run."""
        argument = next((a for a in (*self.arguments, CLIPNORM) if a.name == name), None)
        if argument is None:
            raise EngineError(
                "unknown-argument",
                "{who} has no argument {name!r}",
                who=self.name,
                name=name,
                known=tuple(self.settings),
            )
        self.settings[name] = argument.check(self.name, value)

    def current_rate(self) -> float:
        """α₀ · factor(t) for the step about to be made."""
        return float(self.settings["learning_rate"]) * self.schedule.factor(self.iterations)

    def prepare(self, store: ParameterStore) -> None:
        """Makes the state that this optimiser keeps."""
        for slot in self.slots:
            store.slot(slot, self.slot_start(slot))

    def slot_start(self, slot: str) -> float:
        return 0.0

    def plan(self, plan: Plan, store: ParameterStore) -> Callable[[], None]:
        """Appends the update to the plan; the returned function must run before each step (it sets live scalars)."""
        self.prepare(store)
        if self.settings["global_clipnorm"] is not None:
            plan.call(_clip, store.gradients, self.settings["global_clipnorm"])
        if (limit := self.extras["clipnorm"]) is not None:
            for weight in (w for w in store.weights if w.trainable):
                plan.call(_clip_one, store.gradient(weight), limit)
        if (limit := self.extras["clipvalue"]) is not None:
            plan.call(np.clip, store.gradients, -limit, limit, store.gradients)
        if not (amount := self.extras.get("weight_decay")):
            return self.plan_update(plan, store)
        kept = plan.scalar(1)
        plan.call(np.multiply, store.trained, kept, store.trained)
        advance = self.plan_update(plan, store)

        def decay() -> None:
            kept[()] = 1 - self.current_rate() * amount
            advance()

        return decay

    def plan_update(self, plan: Plan, store: ParameterStore) -> Callable[[], None]:
        raise NotImplementedError

    def terms(self, store: ParameterStore, weight: Weight, place: tuple[int, ...]) -> list[Formula]:
        """What the coming update makes of one number p of a weight, line by line; the last one's value is the new p."""
        self.prepare(store)
        p, lines = float(weight.array[place]), self._clip_terms(store, weight, place)
        g = lines[0].value if lines else float(store.gradient(weight)[place])
        slots = {slot: float(store.placed(weight, store.slots[slot])[place]) for slot in self.slots}
        if amount := self.extras.get("weight_decay"):
            lines.append(self.decay_terms(p, amount))
            p = lines[-1].value
        return [*lines, *self.update_terms(p, g, slots)]

    def update_terms(self, p: float, g: float, slots: dict[str, float]) -> list[Formula]:
        """The lines of `terms` for a number p with the slope g, after clipping and Python's weight_decay."""
        raise NotImplementedError(f"{self.name} does not say what its steps are made of: see Optimizer.update_terms")

    def decay_terms(self, p: float, amount: float) -> Formula:
        rate = self.current_rate()
        parts = {"p": p, "α": rate, "λ": amount}
        return Formula("p (1 − α λ)", "{p}·(1 − {α}·{λ})", parts, p * (1 - rate * amount), name="p")

    def _clip_terms(self, store: ParameterStore, weight: Weight, place: tuple[int, ...]) -> list[Formula]:
        """g out of ∂J/∂p, where clipping changes it."""
        slope, value = float(store.gradient(weight)[place]), self.extras["clipvalue"]
        if value is not None and abs(slope) > value:
            parts = {"g": slope, "c": value}
            clipped = min(max(slope, -value), value)
            return [Formula("clip(∂J/∂p, −c, c)", "clip({g}, −{c}, {c})", parts, clipped, name="g")]
        for limit, of, vector in (
            (self.settings["global_clipnorm"], "∇J", store.gradients),
            (self.extras["clipnorm"], "∂J/∂W", store.gradient(weight)),
        ):
            norm = float(np.linalg.norm(vector.astype(np.float64)))
            if limit is not None and norm > limit:
                parts = {"g": slope, "c": limit, "‖g‖": norm}
                return [Formula(f"∂J/∂p · c / ‖{of}‖", "{g}·{c} / {‖g‖}", parts, slope * limit / norm, name="g")]
        return []

    def rate_setter(self, scalar: Any, sign: float = 1.0) -> Callable[[], None]:
        """A function that keeps `scalar` at sign·α(t), and costs next to nothing while α stays."""
        last: float | None = None

        def advance() -> None:
            nonlocal last
            rate = self.settings["learning_rate"]
            if not self.schedule.constant:
                rate *= self.schedule.factor(self.iterations)
            if rate != last:
                last = rate
                scalar[()] = sign * rate
            self.iterations += 1

        return advance

    def get_config(self) -> Config:
        extras = {name: value for name, value in self.extras.items() if value is not None}
        return {"name": self.name, **self.settings, **extras, "schedule": self.schedule.get_config()}


def _clip(gradient: Any, limit: float) -> None:
    norm = float(np.sqrt(np.dot(gradient, gradient)))
    if not np.isfinite(norm):  # the squares are too large for the dtype, though the gradient may not be
        norm = float(np.linalg.norm(gradient.astype(np.float64)))
    if norm > limit:
        np.multiply(gradient, gradient.dtype.type(limit / norm), out=gradient)


def _clip_one(gradient: Any, limit: float) -> None:
    norm = float(np.linalg.norm(gradient.astype(np.float64)))
    if norm > limit:
        np.multiply(gradient, gradient.dtype.type(limit / norm), out=gradient)


optimizers: Registry[type[Optimizer]] = Registry("optimizer")


def register(cls: type[Optimizer]) -> type[Optimizer]:
    return optimizers.add(cls.name, cls)
