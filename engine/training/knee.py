"""The knee of J: the step at which a run has made nine tenths of the fall of J. Paces and labs are counted by it."""

import numpy as np

from engine.training.spec import RunSpec
from engine.training.trainer import Trainer

PART_OF_FALL = 0.9
FALLS = 0.02
"""A run whose J falls by a smaller part of itself has no knee."""


def knee(spec: RunSpec, steps: int, rows: int = 512, resolution: float = 0.03) -> int | None:
    """The first step with J ≤ J₀ − 0.9·(J₀ − J_min) among the first `steps`; None where J does not fall.

    J_min is the smallest J of those steps. J is taken over the first `rows` examples of the training part: at step n,
    then at n·(1 + `resolution`) and so on.
    """
    trainer = Trainer(spec)
    at, costs = [0], [trainer.cost("train", rows)]
    with np.errstate(all="ignore"):
        while trainer.step_count < steps and not trainer.diverged and not trainer.early.stopped:
            for _ in range(max(1, int(trainer.step_count * resolution))):
                trainer.step()
                if trainer.diverged or trainer.early.stopped:
                    break
            at.append(trainer.step_count)
            costs.append(trainer.cost("train", rows))
    return knee_of(at, costs)


def knee_of(steps: list[int], costs: list[float]) -> int | None:
    """Of a series of J at given steps."""
    first, lowest = costs[0], min((c for c in costs if np.isfinite(c)), default=costs[0])
    if not first - lowest > FALLS * abs(first):
        return None
    fallen = first - PART_OF_FALL * (first - lowest)
    return next(step for step, cost in zip(steps, costs, strict=True) if cost <= fallen)
