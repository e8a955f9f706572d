"""A checkpoint: all it takes to go on from a moment with the same bits. Plain arrays and plain JSON."""

from dataclasses import dataclass
from typing import Any

from engine.core.types import Array


@dataclass(frozen=True)
class Checkpoint:
    """arrays: values, state, slot.*; meta: step, epoch, cursor, generator, optimiser steps, spec."""

    arrays: dict[str, Array]
    meta: dict[str, Any]

    @property
    def step(self) -> int:
        return int(self.meta["step"])

    @property
    def nbytes(self) -> int:
        return sum(a.nbytes for a in self.arrays.values())


class Keyframes:
    """Checkpoints along a run, bounded in number; the one that is least missed leaves first.

    Least missed: the one whose neighbours are closest on a logarithmic axis, so early moments stay as dense as late.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.frames: list[Checkpoint] = []

    def add(self, frame: Checkpoint) -> None:
        self.truncate(frame.step - 1)
        self.frames.append(frame)
        while len(self.frames) > max(3, self.most):
            steps = [f.step + 1 for f in self.frames]
            gaps = [steps[i + 1] / steps[i - 1] for i in range(1, len(steps) - 1)]
            del self.frames[1 + gaps.index(min(gaps))]

    def truncate(self, step: int) -> None:
        """Forgets frames after `step`."""
        while self.frames and self.frames[-1].step > step:
            self.frames.pop()

    def at(self, step: int) -> Checkpoint | None:
        """The frame nearest to `step`."""
        return min(self.frames, key=lambda f: abs(f.step - step), default=None)

    def steps(self) -> list[int]:
        return [f.step for f in self.frames]
