"""NaN in every number that a plan writes during a run.

`plan.poison()` fills what the plan knows to be its own. `Buffers` finds out by looking: it runs the plan on two batches
and takes the numbers that changed. It knows nothing of who owns what, so the two check each other.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import numpy as np

from engine import Sequential
from engine.core.plan import Plan
from engine.core.shards import AnyPlan, ShardedPlan

Array = np.ndarray


def plans_of(plan: AnyPlan) -> list[Plan]:
    return [*plan.shards, plan.after] if isinstance(plan, ShardedPlan) else [plan]


def poison(plan: AnyPlan, buffers: "Buffers") -> None:
    """NaN (True, −1 where there is none) in all that the plan writes, gradients too. To be called before data are

    loaded: what a run is given lies in the plan's memory as well.
    """
    plan.poison()
    buffers.poison()
    for part in plans_of(plan):
        if part.backward:
            part.gradients.fill(np.nan)


class Buffers:
    """Whole pieces of memory that a plan's calls reach, and which of their numbers a run has been seen to change."""

    def __init__(self, model: Sequential, plan: AnyPlan) -> None:
        store = model.store
        outside = [store.values, store.state, store.trained, *(part.gradients for part in plans_of(plan))]
        kept = {id(root(array)) for array in outside}
        given = [getattr(part, name, None) for part in (plan, *plans_of(plan)) for name in ("input", "target")]
        self.given = {id(root(array)) for array in given if array is not None}
        self.roots: dict[int, Array] = {}
        for part in plans_of(plan):
            for array in reached([part.calls, part.before]):
                base = root(array)
                if id(base) not in kept and base.dtype != object:
                    self.roots[id(base)] = base
        self.changed = {key: np.zeros(base.shape, bool) for key, base in self.roots.items()}

    def watch(self, run: Callable[[], Any]) -> None:
        """Runs something and remembers which numbers it changed."""
        before = {key: base.copy() for key, base in self.roots.items()}
        run()
        for key, base in self.roots.items():
            self.changed[key] |= before[key] != base

    def poison(self) -> None:
        for key, base in self.roots.items():
            base[self.changed[key]] = np.nan if base.dtype.kind == "f" else -1 if base.dtype.kind == "i" else True

    def spared(self) -> int:
        """How many numbers that are written hold no NaN: right after `plan.poison()` there should be none."""
        roots = [(key, base) for key, base in self.roots.items() if key not in self.given and base.dtype.kind == "f"]
        return sum(int((self.changed[key] & ~np.isnan(base)).sum()) for key, base in roots)


def root(array: Array) -> Array:
    """The array that owns the memory of this one."""
    while True:
        base: Any = array.base
        while base is not None and not isinstance(base, np.ndarray):
            base = getattr(base, "base", None)
        if base is None:
            return array
        array = base


def reached(things: Iterable[Any], seen: set[int] | None = None) -> Iterator[Array]:
    """Every array in calls: their arguments, and what functions have closed over."""
    seen = set() if seen is None else seen
    for thing in things:
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, np.ndarray):
            yield thing
        elif isinstance(thing, list | tuple):
            yield from reached(thing, seen)
        elif isinstance(thing, dict):
            yield from reached(thing.values(), seen)
        elif isinstance(thing, partial):
            yield from reached([thing.func, thing.args, thing.keywords], seen)
        elif callable(thing):
            yield from reached([cell.cell_contents for cell in getattr(thing, "__closure__", None) or ()], seen)
            if isinstance(getattr(thing, "__self__", None), np.ndarray):
                yield thing.__self__
