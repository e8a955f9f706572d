"""A small run of a sweep inside a host: trained to the end in slices beside the other runs, then measured."""

import time
from typing import Any

import numpy as np

from engine.metrics import metrics
from engine.training import Trainer

KEYFRAME_BYTES = 1 << 16
ROWS = 2000


class MeasuredRun:
    """Trains `steps` steps (or solves the normal equation); `result` is there when `finished`."""

    def __init__(self, question: int, task: str, spec: dict[str, Any], steps: int, method: str) -> None:
        self.question, self.task = question, task
        self.trainer = Trainer(spec, keyframe_bytes=KEYFRAME_BYTES)
        self.left = steps
        self.method = method
        self.spent = 0.0
        self.result: dict[str, Any] | None = None

    def slice(self, seconds: float) -> None:
        """A turn."""
        start = time.thread_time()
        trainer = self.trainer
        if self.method == "solve":
            trainer.solve()
            self.left = 0
        else:
            self.left -= trainer.run_for(seconds, self.left)
        if trainer.diverged or trainer.early.stopped:
            self.left = 0
        if self.left <= 0:
            self.result = self._measure()
        self.spent += time.thread_time() - start
        if self.result is not None:
            self.result["seconds"] = self.spent

    def _measure(self) -> dict[str, Any]:
        trainer = self.trainer
        out: dict[str, Any] = {"step": trainer.step_count, "diverged": trainer.diverged is not None}
        for part in ("train", "cv", "test"):
            cost = trainer.cost(part)
            out[part] = cost if np.isfinite(cost) and not trainer.diverged else None
            x, y = trainer.data.part(part)
            if trainer.data.task in ("binary", "multiclass") and len(x):
                with np.errstate(all="ignore"):
                    outputs = np.nan_to_num(trainer.model.predict(x[:ROWS]))
                out[f"accuracy.{part}"] = metrics.get("accuracy")(y[:ROWS], outputs)
        if trainer.early.stopped:
            out["stopped"] = trainer.early.stopped
        return out
