"""The cost history: rows on a schedule that depends on the step number alone, so equal runs have equal histories.

Every step is a row up to DENSE steps, every second up to twice that, and so on: any moment of a run is recorded to
about 1/DENSE of its age, and a run of 10⁹ steps has some ten thousand rows. `loss` is the mean over all batches since
the row before, so no batch goes unseen; costs over whole parts are measured when the budget allows (see Costs).

Where the run rests, its `tip` shows the costs of that moment. It is no part of the record: when the run trains on, the
rows are those of a run that never rested.
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
        self._count = 0
        self._tip: Array | None = None
        self._changed: int | None = None

    @property
    def count(self) -> int:
        """Rows, the tip included."""
        return self._count if self._tip is None else max(self._count, self._place_of_tip + 1)

    @property
    def _place_of_tip(self) -> int:
        """The tip stands in the place of a last row of the same step, or behind it."""
        assert self._tip is not None
        return self._count - bool(self._count and self._rows[self._count - 1, 0] == self._tip[0])

    def _mark(self, place: int) -> None:
        """Rows from here on are other ones."""
        self._changed = place if self._changed is None else min(self._changed, place)

    def append(self, *row: float) -> None:
        self.moves_on()
        if self._count == len(self._rows):
            self._rows = np.concatenate([self._rows, np.empty_like(self._rows)])
        self._rows[self._count] = row
        self._count += 1

    def fill(self, step: int, costs: tuple[float, ...]) -> None:
        """The costs of a row that is there."""
        place = int(np.searchsorted(self._rows[: self._count, 0], step))
        if place < self._count and self._rows[place, 0] == step:
            self._rows[place, 3:] = costs
            self._mark(place)

    def ends(self, *row: float) -> None:
        """`row` is the last one: costs of one that is there already are filled in, its mean loss stays."""
        self.moves_on()
        if self._count and self._rows[self._count - 1, 0] == row[0]:
            self._rows[self._count - 1, 3:] = row[3:]
        else:
            self.append(*row)
        self._mark(self._count - 1)

    def rests(self, step: int, epoch: float, loss: float, costs: tuple[float, ...]) -> None:
        """The run rests at a step, where it costs this; NaN as long as nobody knows.

        loss: the mean over the batches since the last row.
        """
        tip = np.array([step, epoch, loss, *costs])
        if self._tip is None or not np.array_equal(tip, self._tip, equal_nan=True):
            self.moves_on()
            self._tip = tip
            self._mark(self._place_of_tip)

    def rests_at(self, costs: tuple[float, ...]) -> bool:
        """Whether the run is known to rest where it costs this."""
        return self._tip is not None and np.array_equal(self._tip[3:], costs, equal_nan=True)

    def moves_on(self) -> None:
        """The run rests no longer."""
        if self._tip is not None:
            self._mark(self._place_of_tip)
            self._tip = None

    def take_changed(self) -> int:
        """The first row that was rewritten since this was asked last; `count` if none was."""
        changed, self._changed = self._changed, None
        return self.count if changed is None else min(changed, self.count)

    def rows(self, start: int = 0) -> Array:
        """Rows from `start` on (a copy)."""
        rows = self._rows[start : self._count].copy()
        if self._tip is None or self._place_of_tip < start:
            return rows
        if self._place_of_tip == self._count:
            return np.concatenate([rows, self._tip[None]])
        rows[-1, 1], rows[-1, 3:] = self._tip[1], self._tip[3:]
        return rows

    @property
    def first_loss(self) -> float:
        """The loss that the run began with; NaN before any step."""
        return float(self._rows[0, 2]) if self._count else float("nan")

    def load(self, rows: Array) -> None:
        self._rows = np.concatenate([np.asarray(rows, np.float64).reshape(-1, len(COLUMNS)), np.empty((_GROW, 6))])
        self._count, self._tip = len(self._rows) - _GROW, None

    def truncate(self, step: int) -> None:
        """Forgets rows after `step`."""
        self.moves_on()
        self._count = int(np.searchsorted(self._rows[: self._count, 0], step, side="right"))

    @property
    def last(self) -> Array | None:
        """The last row, the tip if there is one."""
        rows = self.rows(max(0, self.count - 1))
        return rows[-1] if len(rows) else None


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
