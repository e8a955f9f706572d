"""The way a run has come: its first steps, its turning points and its newest steps, in a bounded memory."""

from bisect import bisect_right

import numpy as np

from engine.core.types import Array
from engine.training.trainer import Trainer

FIRST = 200
"""So many steps are kept as they were, whatever comes later."""
NEWEST = 100
MOST_ROWS = 800
MOST_BYTES = 32 << 20
LEAST_ROWS = 16
THINNED = 0.75
"""A full memory keeps about this part of what lies between its first and its newest steps."""
GOLDEN = 0.6180339887


def deviations(rows: Array) -> Array:
    """How far each row but the ends lies from the straight way between its neighbours."""
    before, here, after = rows[:-2], rows[1:-1], rows[2:]
    way, out = after - before, here - before
    length = np.einsum("np,np->n", way, way)
    share = np.divide(np.einsum("np,np->n", out, way), length, out=np.zeros(len(way)), where=length > 0)
    off = out - np.clip(share, 0, 1)[:, None] * way
    return np.asarray(np.sqrt(np.einsum("np,np->n", off, off)))


def turning_points(rows: Array, most: int, steps: Array | None = None) -> Array:
    """Indices of at most so many rows, both ends among them: those without which the way would look different.

    Rows (n, P) leave in rounds: those that move the way least and for the shortest time when they are left out, never
    two beside each other in one round, so that of a way to and fro both sides stay (every second row would be one
    side alone), and as many early in the run as late.
    """
    steps = np.arange(len(rows)) if steps is None else steps
    kept = np.arange(len(rows))
    rows = np.nan_to_num(rows.astype(np.float64))
    while len(kept) > max(2, most):
        at = steps[kept]
        off = deviations(rows[kept]) * (at[2:] - at[:-2])
        # Equal ones leave in an order without a rhythm, so that none can fall in step with the way's own.
        rank = np.empty(len(off), np.int64)
        rank[np.lexsort((kept[1:-1] * GOLDEN % 1, off))] = np.arange(len(off))
        padded = np.pad(rank, 2, constant_values=len(off))
        least = np.min([padded[:-4], padded[1:-3], padded[3:-1], padded[4:]], axis=0)
        kept = np.delete(kept, np.flatnonzero(rank < np.minimum(least, len(kept) - max(2, most))) + 1)
    return kept


class Trace:
    """Rows of (step, parameters). A net whose first steps would not fit keeps them as float16 from where it began."""

    def __init__(self, parameters: int) -> None:
        size = 4 * max(1, parameters)
        self.packed = (FIRST + 2 * NEWEST) * size > MOST_BYTES
        fits = MOST_BYTES // (size // 2 if self.packed else size)
        self.most = int(min(MOST_ROWS, max(LEAST_ROWS, fits)))
        self.first = min(FIRST, self.most * 3 // 4)
        self.newest = min(NEWEST, self.most // 8)
        self.steps: list[int] = []
        self.numbers: list[int] = []
        """What no other row has or had, so that what was worked out for a row can be kept."""
        self._rows: list[Array] = []
        self._scales: list[float] = []
        self._next = 0
        self._start: Array | None = None

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

    @property
    def rows(self) -> list[Array]:
        """The parameters of each kept step."""
        return [self.row(i) for i in range(len(self.steps))]

    def fits(self, values: Array) -> bool:
        """Whether it is of a net with as many parameters."""
        return not self._rows or self._rows[0].shape == values.shape

    def row(self, i: int) -> Array:
        """The parameters of the kept step at place i."""
        if not self.packed:
            return self._rows[i]
        assert self._start is not None
        return np.asarray(self._start + self._scales[i] * self._rows[i].astype(np.float32), self._start.dtype)

    def _keep(self, values: Array) -> None:
        if not self.packed:
            self._rows.append(values.copy())
            return
        if self._start is None:
            self._start = values.copy()
        moved = values - self._start
        top = float(np.abs(moved).max())
        scale = top if np.isfinite(top) and top > 0 else 1.0
        self._rows.append((moved / scale).astype(np.float16))
        self._scales.append(scale)

    def add(self, step: int, values: Array) -> None:
        """Keeps a copy. A step that was there already begins a new future."""
        while self.steps and self.steps[-1] >= step:
            self.steps.pop()
            self.numbers.pop()
            self._rows.pop()
            del self._scales[len(self._rows) :]
        self.steps.append(step)
        self.numbers.append(self._next)
        self._next += 1
        with np.errstate(all="ignore"):
            self._keep(values)
            if len(self.steps) > self.most:
                self._thin()

    def _thin(self) -> None:
        """Of what lies between the first and the newest steps the turning points stay."""
        # The step before and the step after belong to the way, so that the ends of the middle are weighed, too.
        first = max(1, min(bisect_right(self.steps, self.steps[0] + self.first - 1), self.most * 3 // 4))
        last = len(self.steps) - self.newest
        middle = np.stack([self.row(i) for i in range(first - 1, last + 1)])
        most = max(3, int(THINNED * len(middle)))
        kept = turning_points(middle, most, np.array(self.steps[first - 1 : last + 1])) + first - 1
        chosen = [*range(first - 1), *map(int, kept), *range(last + 1, len(self.steps))]
        self.steps = [self.steps[i] for i in chosen]
        self.numbers = [self.numbers[i] for i in chosen]
        self._rows = [self._rows[i] for i in chosen]
        self._scales = [self._scales[i] for i in chosen] if self.packed else []

    def upto(self, step: int, most: int = MOST_ROWS) -> tuple[Array, Array]:
        """steps (n,) and parameters (n, P) up to a step; of more than `most` the turning points."""
        count = bisect_right(self.steps, step)
        rows = np.stack([self.row(i) for i in range(count)]) if count else np.zeros((0, 0))
        with np.errstate(all="ignore"):
            steps = np.array(self.steps[:count], np.int64)
            chosen = turning_points(rows, most, steps) if count > most else np.arange(count)
        return steps[chosen], rows[chosen]
