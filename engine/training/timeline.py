"""Moments of a run: how the present one is taken and put back, which ones are kept, and looking back at them."""

from typing import Protocol

import numpy as np

from engine.core.errors import EngineError
from engine.core.types import Array, Config
from engine.sequential import Sequential
from engine.training.checkpoint import Checkpoint, Keyframes
from engine.training.history import next_row

KEYFRAME_BYTES = 16 << 20
MOST_KEYFRAMES = 240
KEYFRAME_DENSE = 32


def model_moment(model: Sequential) -> tuple[dict[str, Array], Config]:
    """Arrays and facts that the model of a checkpoint is made from."""
    _, optimizer = model.compiled_parts()
    store = model.store
    arrays = {"values": store.values.copy(), "state": store.state.copy()}
    arrays |= {f"slot.{name}": slot.copy() for name, slot in store.slots.items()}
    return arrays, {
        "iterations": optimizer.iterations,
        "born": optimizer.born,
        "generator": model.rng.bit_generator.state,
    }


def put_moment(model: Sequential, checkpoint: Checkpoint) -> None:
    """The model as it was: weights, moving averages, optimiser, generator."""
    _, optimizer = model.compiled_parts()
    store, arrays, meta = model.store, checkpoint.arrays, checkpoint.meta
    if arrays["values"].shape != store.values.shape:
        raise ValueError(f"checkpoint wants a model of {arrays['values'].size} parameters, got {store.values.size}")
    store.values[...] = arrays["values"]
    store.state[...] = arrays["state"]
    optimizer.prepare(store)
    for name, slot in store.slots.items():
        stored = arrays.get(f"slot.{name}")
        slot[...] = optimizer.slot_start(name) if stored is None else stored
    optimizer.iterations, optimizer.born = int(meta["iterations"]), int(meta.get("born", 0))
    model.rng.bit_generator.state = meta["generator"]


class Rewindable(Protocol):
    """A run that can be taken down and put back."""

    step_count: int
    diverged: Config | None

    def checkpoint(self) -> Checkpoint: ...
    def restore(self, checkpoint: Checkpoint) -> None: ...


class Timeline:
    """The keyframes of a run, within `most_bytes`, and the present while an earlier moment is shown."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self.keyframes = Keyframes(MOST_KEYFRAMES)
        self.viewing: Checkpoint | None = None
        """The present, while an earlier moment is shown."""
        self.next_keyframe = 1

    def restart(self, values: Array) -> None:
        """No keyframes, and room for as many of a model with these parameters as there may be."""
        most = self._most_bytes // max(1, 3 * values.nbytes)
        self.keyframes = Keyframes(int(min(MOST_KEYFRAMES, max(4, most))))
        self.next_keyframe = 1

    def keep(self, checkpoint: Checkpoint) -> None:
        """A keyframe whose turn it was."""
        self.keyframes.add(checkpoint)
        self.plan_on(checkpoint.step)

    def plan_on(self, step: int) -> None:
        """The next keyframe is due some time after a step."""
        self.next_keyframe = next_row(step, KEYFRAME_DENSE)

    def last_good_step(self, rows: Array) -> int:
        """Of the kept moments the last at which the cost was still within four times its smallest (history rows)."""
        costs = np.where(np.isnan(rows[:, 3]), rows[:, 2], rows[:, 3])
        good = rows[np.isfinite(costs) & (costs <= 4 * np.nanmin(np.where(np.isfinite(costs), costs, np.nan))), 0]
        last = good[-1] if len(good) else 0
        return max((step for step in self.keyframes.steps() if step <= last), default=0)

    def rewind(self, run: Rewindable, step: int) -> int:
        """Goes back to the keyframe nearest to `step` and forgets those after it; returns its step."""
        self.present(run)
        keyframe = self.keyframes.at(step)
        if keyframe is None:
            raise EngineError("no-earlier", "no earlier moment is kept")
        run.restore(keyframe)
        self.keyframes.truncate(keyframe.step)
        return keyframe.step

    def look_back(self, run: Rewindable, step: int) -> int:
        """Shows the keyframe nearest to `step`; the present waits until `present()`. Returns the shown step."""
        now = self.viewing or run.checkpoint()
        keyframe = self.keyframes.at(step)
        if keyframe is None or step >= now.step:
            self.present(run)
            return run.step_count
        diverged = run.diverged
        run.restore(keyframe)
        self.viewing, run.diverged = now, diverged
        return keyframe.step

    def present(self, run: Rewindable) -> None:
        """Ends `look_back`."""
        if self.viewing is not None:
            now, diverged = self.viewing, run.diverged
            self.viewing = None
            run.restore(now)
            run.diverged = diverged
