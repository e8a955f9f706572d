"""What a run records of its cost, and what it costs to measure that.

Costs over whole parts are measured at history rows whenever their modelled time stays under a fifth of the modelled
time of the run (plus a head start): a rule of the steps alone, so equal runs record equal rows. What takes longer than
an instant is measured beside the training, by whoever gives it time; the row gets its costs when it is done.
"""

import numpy as np

from engine.core.shards import AnyPlan
from engine.core.types import Config
from engine.data import Prepared
from engine.detection.losses import TERMS, DetectionLoss, loss_terms
from engine.sequential import Sequential
from engine.training.assembly import Parts
from engine.training.history import CostHistory, TermHistory, next_row
from engine.training.measurement import QUICK_SECONDS, Measurement, Moment, sample_of

COST_ROWS = 2000
"""Examples of a part that its cost is measured on when somebody asks for it alone."""
HEAD_START = 0.3
"""Modelled seconds of measuring, before any training, where one takes but an instant."""
SHARE = 0.2
"""Of the modelled time of a run, for measuring."""
NOTHING = (float("nan"),) * 3
"""Costs that have not been measured."""


class Costs:
    """The history, and the mean loss of the batches since its last row."""

    def __init__(self, beside: bool = False) -> None:
        self.history, self.terms = CostHistory(), TermHistory()
        self.next_row = 1
        self._loss_sum, self._loss_rows = 0.0, 0
        self._term_sum, self._term_rows = np.zeros(len(TERMS)), 0
        self._measured, self._trained = 0.0, 0.0
        """Modelled seconds of measuring and of training."""
        self.beside = beside
        """Whether somebody gives `pending` its time."""
        self.pending: Measurement | None = None
        """What is being measured for a row of the history."""
        self.newest: Measurement | None = None
        """The last that was measured for a row."""
        self._model: Sequential
        self._data: Prepared
        self._parts: Parts
        self._has_terms = False

    def take(self, model: Sequential, data: Prepared, parts: Parts) -> None:
        """From now on the costs are those of this model over these parts."""
        self._model, self._data, self._parts = model, data, parts
        self._step_seconds = 1.2e-10 * model.multiplications()
        self._sample, self._seconds = sample_of(model, parts)
        self.pending = None
        self._has_terms = isinstance(model.loss, DetectionLoss)
        self._forget_terms()

    def _forget_terms(self) -> None:
        self._term_sum, self._term_rows = np.zeros(len(TERMS)), 0

    def restart(self) -> None:
        """An empty history."""
        self._loss_sum, self._loss_rows = 0.0, 0
        self._forget_terms()
        self.terms = TermHistory()
        self._measured, self._trained = 0.0, 0.0
        self.pending = self.newest = None
        self.next_row = 1
        self.history.truncate(-1)

    # -- measuring -----------------------------------------------------------------------------------------------
    def of(self, part: str, rows: int | None = COST_ROWS) -> float:
        """Mean loss (no penalty) over the first `rows` examples of a part; NaN if it is empty."""
        x, t = self._parts[part]
        if not len(x):
            return float("nan")
        with np.errstate(all="ignore"):
            return self._model.loss_of(x[:rows], t[:rows])

    def measurement(self, at: Moment) -> Measurement:
        """Of the network as it is now, still to be made."""
        return Measurement(self._model, self._data, self._parts, at, self._sample)

    @property
    def quick(self) -> bool:
        """Whether measuring takes but an instant."""
        return self._seconds <= QUICK_SECONDS

    # -- recording -----------------------------------------------------------------------------------------------
    def add(self, loss: float, size: int, plan: AnyPlan) -> None:
        """One batch of `size` examples, and the plan that has just been run on it."""
        if self._has_terms:
            self._term_sum += loss_terms(plan) * size
            self._term_rows += size
        self._trained += 15e-6 + self._step_seconds * size
        self._loss_sum += loss * size
        self._loss_rows += size

    @property
    def mean_loss(self) -> float:
        """Over the batches since the last row; NaN where there is none."""
        return self._loss_sum / self._loss_rows if self._loss_rows else float("nan")

    def _take_loss(self) -> float:
        """The mean loss for a new row: the batches before it are over with."""
        mean = self.mean_loss
        self._loss_sum, self._loss_rows = 0.0, 0
        return mean

    def record(self, at: Moment, epoch: float) -> None:
        """Appends the row of a step."""
        if self._term_rows:
            self.terms.append(at.step, self._term_sum / self._term_rows)
            self._forget_terms()
        loss = self._take_loss()
        if self.history.last is None or self.history.last[0] < at.step:
            self.history.append(at.step, epoch, loss, *NOTHING)
        self.next_row = next_row(at.step)
        if self._measured <= HEAD_START * self.quick + SHARE / (1 - SHARE) * self._trained:
            self._measure(at)

    def _measure(self, at: Moment) -> None:
        """The costs of the last row, now or beside the training."""
        if self.pending is not None:  # so slow beside the training that the next one is due
            self.pending.advance(float("inf"), whole=False)
            self.settle()
        made = self.measurement(at)
        self._measured += self._seconds
        if self.beside and not self.quick:
            made.keep()
            self.pending = made
            return
        self.newest = made.finish()
        self.history.fill(at.step, made.costs)

    def settle(self) -> None:
        """What was measured beside the training is done: its row gets its costs."""
        assert self.pending is not None
        self.newest, self.pending = self.pending, None
        self.history.fill(self.newest.at.step, self.newest.costs)

    def diverged(self, step: int, epoch: float) -> None:
        """A last row without a number."""
        self.history.append(step, epoch, float("nan"), *NOTHING)

    def ends(self, at: Moment, epoch: float) -> None:
        """The run ends at a step that it went back to: its row is the last one, and has all costs."""
        self.truncate(at.step)
        self.newest = self.measurement(at).finish()
        self.history.ends(at.step, epoch, self._take_loss(), *self.newest.costs)

    def truncate(self, step: int) -> None:
        """Forgets what came after a step."""
        self.history.truncate(step)
        self.terms.truncate(step)
        self.pending = None

    # -- for checkpoints -----------------------------------------------------------------------------------------
    def meta(self) -> Config:
        return {
            "loss_sum": self._loss_sum, "loss_rows": self._loss_rows,
            "measured_seconds": self._measured, "trained_seconds": self._trained,
        }  # fmt: skip

    def load(self, meta: Config, step: int) -> None:
        """Back to where `meta` was taken."""
        self._forget_terms()  # of the batches since then: they are in no checkpoint
        self._loss_sum, self._loss_rows = float(meta["loss_sum"]), int(meta["loss_rows"])
        self._measured, self._trained = (float(meta.get(f"{name}_seconds", 0)) for name in ("measured", "trained"))
        self.pending = None
        self.next_row = next_row(step)
