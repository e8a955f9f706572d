"""Updates that are not all made at once."""

from engine.core.shards import AnyPlan
from engine.sequential import Sequential


def update_in_turn(model: Sequential, plan: AnyPlan) -> float:
    """The wrong order: each weight is updated at once, and the next one's slope is taken from where that led."""
    store = model.store
    calls, advance = model.update_plan()
    advance()
    loss = None
    for weight in (w for w in store.weights if w.trainable):
        plan.run()
        loss = plan.loss_value() if loss is None else loss
        slope = store.gradient(weight).copy()
        store.gradients[...] = 0
        store.gradient(weight)[...] = slope
        for function, arguments in calls:
            function(*arguments)
    return float(loss or 0.0)
