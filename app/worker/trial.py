"""A trial: a small run of a sweep, trained to its end in slices beside the other runs; then its costs are measured."""

import time

import numpy as np

from app.errors import Refused
from app.ipc.messages import Stopped, Trial, TrialResult
from app.worker.post import Post
from engine.decision import shares
from engine.metrics import metrics
from engine.training import Trainer

KEYFRAME_BYTES = 1 << 16
ROWS = 2000


class TrialRun:
    """Trains `steps` steps (or solves the normal equation), then answers the question that asked for it."""

    busy = True

    def __init__(self, number: int, trial: Trial, post: Post) -> None:
        self.number, self.sweep, self.method = number, trial.sweep, trial.method
        self.post = post
        self.trainer = Trainer(trial.spec, keyframe_bytes=KEYFRAME_BYTES)
        self.left = trial.steps
        self.spent = 0.0

    def wait(self, now: float) -> float | None:
        return 0.0

    def take(self, seconds: float) -> bool:
        """A turn; a failure is an answer too."""
        before, start = self.spent, time.thread_time()
        try:
            self._train(seconds)
            measured = self._measure() if self.left <= 0 else None
        except Exception as error:  # any failure of one trial must leave the others alone
            self.post.refuse(self.number, Refused.of(error))
            return False
        self.spent += time.thread_time() - start
        if self.spent == before:  # a clock too coarse to see the turn
            self.spent += seconds / 100
        if measured is None:
            return True
        self.post.answer(self.number, self._result(*measured))
        return False

    def cancel(self) -> None:
        self.post.refuse(self.number, Refused("sweep-cancelled", "the sweep was cancelled"))

    def _train(self, seconds: float) -> None:
        trainer = self.trainer
        if self.method == "solve":
            trainer.solve()
            self.left = 0
        else:
            self.left -= trainer.run_for(seconds, self.left)
        if trainer.diverged or trainer.early.stopped:
            self.left = 0

    def _measure(self) -> tuple[dict[str, float | None], dict[str, float]]:
        """Cost and accuracy by part."""
        trainer = self.trainer
        costs: dict[str, float | None] = {}
        accuracies = {}
        for part in ("train", "cv", "test"):
            cost = trainer.cost(part)
            costs[part] = cost if np.isfinite(cost) and not trainer.diverged else None
            x, y = trainer.data.part(part)
            if trainer.data.task in ("binary", "multiclass") and len(x):
                with np.errstate(all="ignore"):
                    outputs = np.nan_to_num(trainer.model.predict(x[:ROWS]))
                    if trainer.data.task == "binary":
                        outputs = shares(trainer.model, outputs)
                accuracies[part] = metrics.get("accuracy")(y[:ROWS], outputs)
        return costs, accuracies

    def _result(self, costs: dict[str, float | None], accuracies: dict[str, float]) -> TrialResult:
        trainer, stopped = self.trainer, self.trainer.early.stopped
        return TrialResult(trainer.step_count, trainer.diverged is not None, self.spent, costs, accuracies,
                           Stopped(**stopped) if stopped else None)  # fmt: skip
