"""Stochastic gradient descent, with momentum, and with Nesterov's."""

from collections.abc import Callable

import numpy as np

from engine.core.arguments import Argument
from engine.core.parameters import ParameterStore
from engine.core.plan import Plan
from engine.optimizers.base import Optimizer, rate_argument, register


@register
class SGD(Optimizer):
    """p ← p − α g;  with momentum μ: v ← μ v − α g, p ← p + v;  Nesterov: p ← p + μ v − α g (Sutskever et al. 2013)."""

    name = "SGD"
    formula = r"v \leftarrow \mu v - \alpha \nabla J,\quad p \leftarrow p + v"
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
