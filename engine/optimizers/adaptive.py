"""Optimisers with a step of its own for every parameter: Adagrad, RMSprop, Adam, AdamW."""

from collections.abc import Callable
from types import EllipsisType
from typing import Any, ClassVar

import numpy as np

from engine import schedules
from engine.core.arguments import Argument
from engine.core.errors import EngineError
from engine.core.parameters import ParameterStore
from engine.core.plan import Plan
from engine.core.terms import Formula
from engine.optimizers.base import EPSILON, KERAS_TAIL, Optimizer, rate_argument, register

STEP = "{p} − {α}·{g} / √({s} + {ε})"


def own_step(parts: dict[str, float], s: float) -> float:
    """α g / √(s + ε)."""
    return float(parts["α"] * parts["g"] / np.sqrt(s + parts["ε"]))


@register
class Adagrad(Optimizer):
    """s ← s + g², p ← p − α g/√(s + ε), s starting at initial_accumulator_value (Duchi et al. 2011)."""

    name = "Adagrad"
    formula = r"s \leftarrow s + g^2,\quad p \leftarrow p - \alpha g / \sqrt{s + \varepsilon}"
    slots = ("accumulator",)
    order: ClassVar[tuple[str, ...]] = (
        "learning_rate",
        "initial_accumulator_value",
        "epsilon",
        "weight_decay",
        *KERAS_TAIL,
    )
    arguments = (
        rate_argument(0.001),
        Argument("initial_accumulator_value", "float", 0.1, minimum=0, doc="s at the start"),
        Argument("epsilon", "float", 1e-7, minimum=0.0, maximum=1.0, doc="keeps the division finite"),
    )

    def __init__(self, learning_rate: float | schedules.Schedule | EllipsisType = ..., **settings: Any) -> None:
        super().__init__(learning_rate, **settings)
        self._check_start()

    def set(self, name: str, value: Any) -> None:
        before = dict(self.settings)
        super().set(name, value)
        try:
            self._check_start()
        except ValueError:
            self.settings = before
            raise

    def _check_start(self) -> None:
        """s never shrinks, so it is enough that it begins above 0."""
        if self.settings["initial_accumulator_value"] + self.settings["epsilon"] < 1e-40:
            raise EngineError(
                "adagrad-start",
                "{who} expected initial_accumulator_value or epsilon above 0 (a gradient of 0 would be 0/0), "
                "got {start:g} and {epsilon:g}",
                who=self.name,
                start=self.settings["initial_accumulator_value"],
                epsilon=self.settings["epsilon"],
            )

    def slot_start(self, slot: str) -> float:
        return float(self.settings["initial_accumulator_value"])

    def plan_update(self, plan: Plan, store: ParameterStore) -> Callable[[], None]:
        p, g, s = store.trained, store.gradients, store.slot("accumulator")
        a, b, rate = plan.like(p), plan.like(p), plan.scalar(0)
        plan.call(np.multiply, g, g, a)
        plan.call(np.add, s, a, s)
        plan.call(np.add, s, plan.scalar(self.settings["epsilon"]), a)
        plan.call(np.sqrt, a, a)
        plan.call(np.multiply, g, rate, b)
        plan.call(np.divide, b, a, b)
        plan.call(np.subtract, p, b, p)
        return self.rate_setter(rate)

    def update_terms(self, p: float, g: float, slots: dict[str, float]) -> list[Formula]:
        parts = {"p": p, "g": g, "α": self.current_rate(), "ε": self.settings["epsilon"], "s": slots["accumulator"]}
        s = parts["s"] + g * g
        return [
            Formula("s + g²", "{s} + {g}²", parts, s, name="s"),
            Formula("p − α g / √(s + ε)", STEP, parts | {"s": s}, p - own_step(parts, s), name="p"),
        ]


@register
class RMSprop(Optimizer):
    """s ← ρ s + (1 − ρ) g², p ← p − α g/√(s + ε), optionally with momentum on the step (Hinton 2012, lecture 6e)."""

    name = "RMSprop"
    normalises = True
    formula = r"s \leftarrow \rho s + (1-\rho) g^2,\quad p \leftarrow p - \alpha g / \sqrt{s + \varepsilon}"
    slots = ("velocity", "momentum")
    order: ClassVar[tuple[str, ...]] = (
        "learning_rate",
        "rho",
        "momentum",
        "epsilon",
        "centered",
        "weight_decay",
        *KERAS_TAIL,
    )
    arguments = (
        rate_argument(0.001),
        Argument("rho", "float", 0.9, minimum=0, below=1, doc="how slowly s follows g²"),
        Argument("momentum", "float", 0.0, minimum=0, below=1, doc="how much of the last step is kept"),
        EPSILON,
    )

    def plan_update(self, plan: Plan, store: ParameterStore) -> Callable[[], None]:
        p, g, s = store.trained, store.gradients, store.slot("velocity")
        a, b, rate = plan.like(p), plan.like(p), plan.scalar(0)
        rho = self.settings["rho"]
        plan.call(np.multiply, g, g, a)
        plan.call(np.subtract, a, s, a)
        plan.call(np.multiply, a, plan.scalar(1 - rho), a)
        plan.call(np.add, s, a, s)
        plan.call(np.add, s, plan.scalar(self.settings["epsilon"]), a)
        plan.call(np.sqrt, a, a)
        plan.call(np.multiply, g, rate, b)
        plan.call(np.divide, b, a, b)
        if self.settings["momentum"]:
            v = store.slot("momentum")
            plan.call(np.multiply, v, plan.scalar(self.settings["momentum"]), v)
            plan.call(np.add, v, b, v)
            b = v
        plan.call(np.subtract, p, b, p)
        return self.rate_setter(rate)

    def update_terms(self, p: float, g: float, slots: dict[str, float]) -> list[Formula]:
        rho, mu = self.settings["rho"], self.settings["momentum"]
        parts = {"p": p, "g": g, "α": self.current_rate(), "ε": self.settings["epsilon"], "ρ": rho, "μ": mu,
                 "s": slots["velocity"]}  # fmt: skip
        s = rho * parts["s"] + (1 - rho) * g * g
        lines = [Formula("ρ s + (1 − ρ) g²", "{ρ}·{s} + (1 − {ρ})·{g}²", parts, s, name="s")]
        parts = parts | {"s": s, "v": slots["momentum"]}
        own = own_step(parts, s)
        if not mu:
            return [*lines, Formula("p − α g / √(s + ε)", STEP, parts, p - own, name="p")]
        v = mu * parts["v"] + own
        return [
            *lines,
            Formula("μ v + α g / √(s + ε)", "{μ}·{v} + {α}·{g} / √({s} + {ε})", parts, v, name="v"),
            Formula("p − v", "{p} − {v}", parts | {"v": v}, p - v, name="p"),
        ]


@register
class Adam(Optimizer):
    """m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², p ← p − α·√(1−β₂ᵗ)/(1−β₁ᵗ) · m/(√v + ε) (Kingma & Ba 2015)."""

    name = "Adam"
    normalises = True
    formula = r"p \leftarrow p - \alpha\, \hat m / (\sqrt{\hat v} + \varepsilon)"
    slots = ("m", "v")
    order: ClassVar[tuple[str, ...]] = (
        "learning_rate",
        "beta_1",
        "beta_2",
        "epsilon",
        "amsgrad",
        "weight_decay",
        *KERAS_TAIL,
    )
    arguments: ClassVar[tuple[Argument, ...]] = (
        rate_argument(0.001),
        Argument("beta_1", "float", 0.9, minimum=0, below=1, doc="how slowly the mean gradient follows"),
        Argument("beta_2", "float", 0.999, minimum=0, below=1, doc="how slowly the mean square follows"),
        EPSILON,
    )

    def plan_update(self, plan: Plan, store: ParameterStore) -> Callable[[], None]:
        p, g, m, v = store.trained, store.gradients, store.slot("m"), store.slot("v")
        a, step = plan.like(p), plan.scalar(0)
        beta_1, beta_2 = self.settings["beta_1"], self.settings["beta_2"]
        decay = self._plan_decay(plan, p)
        plan.call(np.subtract, g, m, a)
        plan.call(np.multiply, a, plan.scalar(1 - beta_1), a)
        plan.call(np.add, m, a, m)
        plan.call(np.multiply, g, g, a)
        plan.call(np.subtract, a, v, a)
        plan.call(np.multiply, a, plan.scalar(1 - beta_2), a)
        plan.call(np.add, v, a, v)
        plan.call(np.sqrt, v, a)
        plan.call(np.add, a, plan.scalar(self.settings["epsilon"]), a)
        plan.call(np.divide, m, a, a)
        plan.call(np.multiply, a, step, a)
        plan.call(np.subtract, p, a, p)

        def advance() -> None:
            rate = self.current_rate()
            self.iterations += 1
            t = self.iterations - self.born  # means that began at 0 are corrected by their own age
            step[()] = rate * (1 - beta_2**t) ** 0.5 / (1 - beta_1**t)
            if decay is not None:
                decay[()] = 1 - rate * self.settings["weight_decay"]

        return advance

    def _plan_decay(self, plan: Plan, p: Any) -> Any:
        return None

    def update_terms(self, p: float, g: float, slots: dict[str, float]) -> list[Formula]:
        rate, b1, b2 = self.current_rate(), self.settings["beta_1"], self.settings["beta_2"]
        t, epsilon = self.iterations + 1 - self.born, self.settings["epsilon"]
        parts = {"g": g, "α": rate, "β₁": b1, "β₂": b2, "t": t, "ε": epsilon, "m": slots["m"], "v": slots["v"]}
        m, v = b1 * slots["m"] + (1 - b1) * g, b2 * slots["v"] + (1 - b2) * g * g
        fair = rate * (1 - b2**t) ** 0.5 / (1 - b1**t)
        after = {"p": p, "α̂": fair, "m": m, "v": v, "ε": epsilon}
        return [
            Formula("β₁ m + (1 − β₁) g", "{β₁}·{m} + (1 − {β₁})·{g}", parts, m, name="m"),
            Formula("β₂ v + (1 − β₂) g²", "{β₂}·{v} + (1 − {β₂})·{g}²", parts, v, name="v"),
            Formula("α √(1 − β₂ᵗ) / (1 − β₁ᵗ)", "{α}·√(1 − {β₂}^{t}) / (1 − {β₁}^{t})", parts, fair, name="α̂"),
            Formula("p − α̂ m / (√v + ε)", "{p} − {α̂}·{m} / (√{v} + {ε})", after, p - fair * m / (v**0.5 + epsilon),
                    name="p"),
        ]  # fmt: skip


@register
class AdamW(Adam):
    """Adam with p ← p − α·λ·p before each step, apart from the gradient (Loshchilov & Hutter 2019)."""

    name = "AdamW"
    formula = r"p \leftarrow (1 - \alpha\lambda) p - \alpha\, \hat m / (\sqrt{\hat v} + \varepsilon)"
    order: ClassVar[tuple[str, ...]] = (
        "learning_rate",
        "weight_decay",
        "beta_1",
        "beta_2",
        "epsilon",
        "amsgrad",
        *KERAS_TAIL,
    )
    arguments = (
        *Adam.arguments,
        Argument("weight_decay", "float", 0.004, minimum=0, maximum=10, doc="λ"),
    )

    def _plan_decay(self, plan: Plan, p: Any) -> Any:
        decay = plan.scalar(1)
        plan.call(np.multiply, p, decay, p)
        return decay

    def update_terms(self, p: float, g: float, slots: dict[str, float]) -> list[Formula]:
        if not self.settings["weight_decay"]:
            return super().update_terms(p, g, slots)
        decayed = self.decay_terms(p, self.settings["weight_decay"])
        return [decayed, *super().update_terms(decayed.value, g, slots)]
