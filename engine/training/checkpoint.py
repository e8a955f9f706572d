"""A checkpoint: all it takes to go on from a moment with the same bits. Plain arrays and plain JSON."""

from dataclasses import dataclass

from engine.core.types import Array, Config


@dataclass(frozen=True)
class Checkpoint:
    """arrays: values, state, slot.*, in a whole one removed.*; meta: step, epoch, cursor, generator, spec and more."""

    arrays: dict[str, Array]
    meta: Config

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
        self.checkpoints: list[Checkpoint] = []

    def add(self, checkpoint: Checkpoint) -> None:
        self.truncate(checkpoint.step - 1)
        self.checkpoints.append(checkpoint)
        while len(self.checkpoints) > max(3, self.most):
            steps = [c.step + 1 for c in self.checkpoints]
            gaps = [steps[i + 1] / steps[i - 1] for i in range(1, len(steps) - 1)]
            del self.checkpoints[1 + gaps.index(min(gaps))]

    def truncate(self, step: int) -> None:
        """Forgets those after `step`."""
        while self.checkpoints and self.checkpoints[-1].step > step:
            self.checkpoints.pop()

    def at(self, step: int) -> Checkpoint | None:
        """The one nearest to `step`."""
        return min(self.checkpoints, key=lambda c: abs(c.step - step), default=None)

    def steps(self) -> list[int]:
        return [c.step for c in self.checkpoints]
