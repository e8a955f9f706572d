"""Stochastic gradient descent, with momentum, and with Nesterov's."""

from collections.abc import Callable
from typing import ClassVar

import numpy as np

from engine.core.arguments import Argument
from engine.core.parameters import ParameterStore
from engine.core.plan import Plan
from engine.core.terms import Formula
from engine.optimizers.base import KERAS_TAIL, Optimizer, rate_argument, register


@register
class SGD(Optimizer):
    """p ← p − α g;  with momentum μ: v ← μ v − α g, p ← p + v;  Nesterov: p ← p + μ v − α g (Sutskever et al. 2013)."""

    name = "SGD"
    formula = r"v \leftarrow \mu v - \alpha \nabla J,\quad p \leftarrow p + v"
    order: ClassVar[tuple[str, ...]] = ("learning_rate", "momentum", "nesterov", "weight_decay", *KERAS_TAIL)
    arguments = (
        rate_argument(0.01),
        Argument("momentum", "float", 0.0, minimum=0, below=1, doc="μ, how much of the last step is kept"),
        Argument("nesterov", "bool", False, doc="look ahead along the momentum"),
    )

    @property
    def slots(self) -> tuple[str, ...]:  # type: ignore[override]
        return ("momentum",) if self.settings["momentum"] else ()

    def plan_update(self, plan: Plan, store: ParameterStore) -> Callable[[], None]:
        p, g, step, rate = store.trained, store.gradients, plan.like(store.trained), plan.scalar(0)
        plan.call(np.multiply, g, rate, step)
        if not self.settings["momentum"]:
            plan.call(np.subtract, p, step, p)
            return self.rate_setter(rate)
        v, mu = store.slot("momentum"), plan.scalar(self.settings["momentum"])
        plan.call(np.multiply, v, mu, v)
        plan.call(np.subtract, v, step, v)
        if self.settings["nesterov"]:
            ahead = plan.like(p)
            plan.call(np.multiply, v, mu, ahead)
            plan.call(np.add, p, ahead, p)
            plan.call(np.subtract, p, step, p)
        else:
            plan.call(np.add, p, v, p)
        return self.rate_setter(rate)

    def update_terms(self, p: float, g: float, slots: dict[str, float]) -> list[Formula]:
        rate, mu = self.current_rate(), self.settings["momentum"]
        parts = {"p": p, "g": g, "α": rate, "μ": mu}
        if not mu:
            return [Formula("p − α g", "{p} − {α}·{g}", parts, p - rate * g, name="p")]
        parts["v"] = slots["momentum"]
        v = mu * parts["v"] - rate * g
        lines = [Formula("μ v − α g", "{μ}·{v} − {α}·{g}", parts, v, name="v")]
        parts = parts | {"v": v}
        if self.settings["nesterov"]:
            ahead = p + mu * v - rate * g
            return [*lines, Formula("p + μ v − α g", "{p} + {μ}·{v} − {α}·{g}", parts, ahead, name="p")]
        return [*lines, Formula("p + v", "{p} + {v}", parts, p + v, name="p")]
