"""When a run is measured: at rest at once and to the last example, in motion for a share of its time."""

import time

from engine.training import Trainer
from engine.training.inspection import Inspection
from engine.training.measurement import SAMPLE_SECONDS, Measurement, Moment

OLD_SECONDS = 1.0
"""In motion a measurement is renewed at this age, if the share allows."""
NOTHING = (float("nan"),) * 3


class Measuring:
    """`share` of the time of a run that trains may go into measuring.

    At rest what has been measured stands at the tip of the history. In motion the history has the measurements that its
    own rule asks for (engine/training/costs.py), so that it does not depend on the clock; others are for viewers alone.
    """

    def __init__(self, trainer: Trainer, inspection: Inspection, share: float) -> None:
        self.trainer, self.inspection, self.share = trainer, inspection, share
        self.credit = 0.0
        """Seconds that may be spent now."""
        self._live: Measurement | None = None
        self._given_up: Moment | None = None
        trainer.costs.beside = inspection.beside = True

    # -- at rest -------------------------------------------------------------------------------------------------
    @property
    def unfinished(self) -> bool:
        """Whether a run that stays as it is has not been measured to its last example, or its history ends in less."""
        known, at = self.inspection.measured, self.trainer.at
        done = known is not None and known.whole and known.of(at, self.trainer.model) and self._told
        return not done and at != self._given_up

    @property
    def _told(self) -> bool:
        """Whether the history ends in it: who looked with the last step has measured it, too, but told nobody."""
        trainer, known = self.trainer, self.inspection.measured
        at_the_tip = trainer.viewing is None and trainer.diverged is None
        return not at_the_tip or (known is not None and trainer.history.rests_at(known.costs))

    def give_up(self) -> None:
        """It failed; until the run is another one it is left alone."""
        self._given_up, self._live, self.trainer.costs.pending = self.trainer.at, None, None

    def rest(self, seconds: float) -> bool:
        """Measures a run that stays as it is for so long; whether there is something new to show."""
        at, model, known = self.trainer.at, self.trainer.model, self.inspection.measured
        costs = self.trainer.costs
        there = (known, self._live, costs.newest, costs.pending)
        made = next((m for m in there if m is not None and m.of(at, model)), None)
        made = self._live = made or costs.measurement(at)
        if not made.whole:
            made.advance(seconds, still=True)
        if made.ready:
            self.inspection.measured = made
        if made.ready and made is costs.pending:
            costs.settle()
        self._tip(made if made.ready else None)
        return made.whole or (made.ready and made is not known)

    def _tip(self, known: Measurement | None) -> None:
        """The history ends in what is known of the moment at which the run rests."""
        trainer = self.trainer
        if trainer.viewing is None and trainer.diverged is None:
            costs = known.costs if known else NOTHING
            trainer.history.rests(trainer.step_count, trainer.progress, trainer.costs.mean_loss, costs)

    # -- in motion -----------------------------------------------------------------------------------------------
    def earn(self, seconds: float) -> None:
        """The run trained for so long, or a slow one waited."""
        self.credit = min(SAMPLE_SECONDS, self.credit + seconds * self.share / (1 - self.share))

    @property
    def _other(self) -> bool:
        """Whether the run has been edited since it was measured."""
        known = self.inspection.measured
        return known is None or known.model is not self.trainer.model or known.at.revision != self.trainer.revision

    @property
    def wants(self) -> bool:
        """Whether a run that trains is to be measured now. What takes but an instant is measured by who looks."""
        costs = self.trainer.costs
        if costs.quick or self.trainer.at == self._given_up or (self.credit <= 0 and not self._other):
            return False
        return costs.pending is not None or self._begun is not None or self._other or self._old

    @property
    def _old(self) -> bool:
        born = [m.born for m in (self.inspection.measured, self.trainer.costs.newest) if m is not None]
        return time.perf_counter() - max(born, default=0.0) > OLD_SECONDS

    @property
    def _begun(self) -> Measurement | None:
        """What was begun for viewers and is of the run as it has been since its last edit."""
        made, trainer = self._live, self.trainer
        fits = made is not None and made.kept and not made.ready and made.model is trainer.model
        return made if fits and made is not None and made.at.revision == trainer.revision else None

    def move(self, seconds: float) -> bool:
        """Measures a run that trains for so long at most; whether there is something new to show."""
        if not self.wants:
            return False
        costs = self.trainer.costs
        made = costs.pending or self._begun
        if made is None:
            made = self._live = costs.measurement(self.trainer.at)
            made.keep()
        start = time.perf_counter()
        made.advance(min(seconds, self.credit), whole=False)
        self.credit -= time.perf_counter() - start
        if not made.ready:
            return False
        if made is costs.pending:
            costs.settle()
        self.inspection.measured = made
        return True
