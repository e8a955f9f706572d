"""What a run records of its cost, and what it costs to measure that.

Costs over whole parts are measured at history rows whenever their modelled time stays under a tenth of the modelled
training time (plus a head start): a rule of the step number alone, so equal runs record equal rows.
"""

import numpy as np

from engine.core.shards import AnyPlan
from engine.core.types import Config
from engine.detection.losses import TERMS, DetectionLoss, loss_terms
from engine.sequential import Sequential
from engine.training.assembly import Parts
from engine.training.history import CostHistory, TermHistory, next_row

COST_ROWS = 2000
"""Examples of each part that the recorded cost is measured on."""
COSTLY_SECONDS = 0.02


class Costs:
    """The history, and the mean loss of the batches since its last row."""

    def __init__(self) -> None:
        self.history, self.terms = CostHistory(), TermHistory()
        self.next_row = 1
        self._loss_sum, self._loss_rows = 0.0, 0
        self._term_sum, self._term_rows = np.zeros(len(TERMS)), 0
        self._measured = 0.0
        """How often the parts have been measured, in the model's present cost."""
        self._model: Sequential
        self._parts: Parts
        self._has_terms = False

    def take(self, model: Sequential, parts: Parts) -> None:
        """From now on the costs are those of this model over these parts."""
        self._model, self._parts = model, parts
        self._has_terms = isinstance(model.loss, DetectionLoss)
        self._forget_terms()

    def _forget_terms(self) -> None:
        self._term_sum, self._term_rows = np.zeros(len(TERMS)), 0

    def restart(self) -> None:
        """An empty history."""
        self._loss_sum, self._loss_rows = 0.0, 0
        self._forget_terms()
        self.terms = TermHistory()
        self._measured = 0.0
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

    def _of_all(self) -> tuple[float, float, float]:
        return self.of("train"), self.of("cv"), self.of("test")

    def _seconds(self) -> float:
        """The modelled time of measuring the cost of all parts once."""
        rows = sum(min(len(x), COST_ROWS) for x, _ in self._parts.values())
        return 60e-6 + 5e-11 * self._model.multiplications() * rows

    @property
    def costly(self) -> bool:
        """Whether measuring the cost for every frame would hold the training up."""
        return self._seconds() > COSTLY_SECONDS

    # -- recording -----------------------------------------------------------------------------------------------
    def add(self, loss: float, size: int, plan: AnyPlan) -> None:
        """One batch of `size` examples, and the plan that has just been run on it."""
        if self._has_terms:
            self._term_sum += loss_terms(plan) * size
            self._term_rows += size
        self._loss_sum += loss * size
        self._loss_rows += size

    def _mean_loss(self) -> float:
        """Over the batches since the last row, which are over with this."""
        mean = self._loss_sum / self._loss_rows if self._loss_rows else float("nan")
        self._loss_sum, self._loss_rows = 0.0, 0
        return mean

    def record(self, step: int, epoch: float, batch_size: int) -> None:
        """Appends the row of a step."""
        if self._term_rows:
            self.terms.append(step, self._term_sum / self._term_rows)
            self._forget_terms()
        loss = self._mean_loss()
        costs = (float("nan"),) * 3
        one_step = 15e-6 + 1.2e-10 * self._model.multiplications() * batch_size
        if self._measured * self._seconds() <= 0.3 + 0.1 * step * one_step:
            self._measured += 1
            costs = self._of_all()
        if self.history.last is None or self.history.last[0] < step:
            self.history.append(step, epoch, loss, *costs)
        self.next_row = next_row(step)

    def diverged(self, step: int, epoch: float) -> None:
        """A last row without a number."""
        self.history.append(step, epoch, *(float("nan"),) * 4)

    def ends(self, step: int, epoch: float) -> None:
        """The run ends at a step that it went back to: its row is the last one, and has all costs."""
        self.truncate(step)
        costs = self._of_all()
        self.history.ends(step, epoch, self._mean_loss(), *costs)

    def truncate(self, step: int) -> None:
        """Forgets what came after a step."""
        self.history.truncate(step)
        self.terms.truncate(step)

    # -- for checkpoints -----------------------------------------------------------------------------------------
    def meta(self) -> Config:
        return {"loss_sum": self._loss_sum, "loss_rows": self._loss_rows, "cost_units": self._measured}

    def load(self, meta: Config, step: int) -> None:
        """Back to where `meta` was taken."""
        self._forget_terms()  # of the batches since then: they are in no checkpoint
        self._loss_sum, self._loss_rows = float(meta["loss_sum"]), int(meta["loss_rows"])
        self._measured = float(meta["cost_units"])
        self.next_row = next_row(step)
