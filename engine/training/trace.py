"""The way a run has come: its parameters after every step, thinned by half whenever the memory for it is full."""

from bisect import bisect_right

import numpy as np

from engine.core.types import Array
from engine.training.trainer import Trainer

MOST_ROWS = 4096
MOST_BYTES = 8 << 20


class Trace:
    """Rows of (step, parameters)."""

    def __init__(self, parameters: int) -> None:
        self.most = int(min(MOST_ROWS, max(16, MOST_BYTES // max(1, 4 * parameters))))
        self.steps: list[int] = []
        self.rows: list[Array] = []
        self._every = 1

    @classmethod
    def of(cls, trainer: Trainer) -> "Trace":
        """The trace that a run has when somebody first asks: the kept moments and the present."""
        values = trainer.model.store.values
        trace = cls(len(values))
        for keyframe in trainer.keyframes.checkpoints:
            if keyframe.arrays["values"].shape == values.shape and keyframe.step <= trainer.step_count:
                trace.add(keyframe.step, keyframe.arrays["values"])
        trace.add(trainer.step_count, values)
        return trace

    def add(self, step: int, values: Array) -> None:
        """Keeps a copy, if it is this row's turn. A step that was there already begins a new future."""
        while self.steps and self.steps[-1] >= step:
            self.steps.pop()
            self.rows.pop()
        if step % self._every and self.steps:
            return
        self.steps.append(step)
        self.rows.append(values.copy())
        if len(self.steps) > self.most:
            self.steps, self.rows = self.steps[::2], self.rows[::2]
            self._every *= 2

    def upto(self, step: int, most: int) -> tuple[Array, Array]:
        """steps (n,) and parameters (n, P) up to a step, at most so many, evenly chosen."""
        count = bisect_right(self.steps, step)
        chosen = np.unique(np.linspace(0, count - 1, min(most, count)).astype(int)) if count else np.zeros(0, int)
        return np.array([self.steps[i] for i in chosen], np.int64), np.array([self.rows[i] for i in chosen])
