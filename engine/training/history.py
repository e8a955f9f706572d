"""The cost history: rows on a schedule that depends on the step number alone, so equal runs have equal histories.

Every step is a row up to DENSE steps, every second up to twice that, and so on: any moment of a run is recorded to
about 1/DENSE of its age, and a run of 10⁹ steps has some ten thousand rows. `loss` is the mean over all batches since
the row before, so no batch goes unseen; costs over whole parts are measured when the budget allows (see Trainer).
"""

import numpy as np

from engine.core.types import Array

DENSE = 512
COLUMNS = ("step", "epoch", "loss", "train", "cv", "test")
_GROW = 1024


def stride(step: int, dense: int = DENSE) -> int:
    """Steps between rows at this age of the run."""
    return int(1 << max(0, (step // dense).bit_length() - 1)) if step >= dense else 1


def next_row(step: int, dense: int = DENSE) -> int:
    """The first step after `step` that gets a row."""
    s = stride(step, dense)
    return (step // s + 1) * s


class CostHistory:
    """Rows of COLUMNS as float64; what was not measured is NaN."""

    def __init__(self) -> None:
        self._rows: Array = np.empty((_GROW, len(COLUMNS)))
        self.count = 0
        self._changed: int | None = None

    def append(self, *row: float) -> None:
        if self.count == len(self._rows):
            self._rows = np.concatenate([self._rows, np.empty_like(self._rows)])
        self._rows[self.count] = row
        self.count += 1

    def ends(self, *row: float) -> None:
        """`row` is the last one: costs of one that is there already are filled in, its mean loss stays."""
        if self.count and self._rows[self.count - 1, 0] == row[0]:
            self._rows[self.count - 1, 3:] = row[3:]
        else:
            self.append(*row)
        self._changed = self.count - 1 if self._changed is None else min(self._changed, self.count - 1)

    def take_changed(self) -> int:
        """The first row that was rewritten since this was asked last; `count` if none was."""
        changed, self._changed = self._changed, None
        return self.count if changed is None else min(changed, self.count)

    def rows(self, start: int = 0) -> Array:
        """Rows from `start` on (a copy)."""
        return self._rows[start : self.count].copy()

    def load(self, rows: Array) -> None:
        self._rows = np.concatenate([np.asarray(rows, np.float64).reshape(-1, len(COLUMNS)), np.empty((_GROW, 6))])
        self.count = len(self._rows) - _GROW

    def truncate(self, step: int) -> None:
        """Forgets rows after `step`."""
        self.count = int(np.searchsorted(self._rows[: self.count, 0], step, side="right"))

    @property
    def last(self) -> Array | None:
        return self._rows[self.count - 1] if self.count else None

    def last_measured(self) -> Array | None:
        """The last row with costs over whole parts."""
        known = np.flatnonzero(~np.isnan(self._rows[: self.count, 3]))
        return self._rows[known[-1]] if len(known) else None


MOST_TERM_ROWS = 400


class TermHistory:
    """The terms of a detector's loss over the steps, for a drawing: thinned by half whenever it is full."""

    def __init__(self) -> None:
        self.steps: list[int] = []
        self.rows: list[Array] = []
        self._every = 1
        self._seen = 0

    def append(self, step: int, terms: Array) -> None:
        self._seen += 1
        if self._seen % self._every:
            return
        self.steps.append(step)
        self.rows.append(np.array(terms))
        if len(self.steps) > MOST_TERM_ROWS:
            self.steps, self.rows = self.steps[1::2], self.rows[1::2]
            self._every *= 2

    def truncate(self, step: int) -> None:
        """Forgets what came after a step."""
        count = sum(s <= step for s in self.steps)
        del self.steps[count:], self.rows[count:]

    def table(self) -> Array:
        """(N, 1 + terms): step and terms."""
        if not self.steps:
            return np.zeros((0, 0))
        return np.concatenate([np.array(self.steps, np.float64)[:, None], np.stack(self.rows)], axis=1)
