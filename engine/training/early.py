"""Early stopping: when J_cv has not fallen for some epochs, the run goes back to the moment of its lowest J_cv.

It goes back whole: weights, optimiser, generator, step and epoch, and the history ends there. So every number that is
shown (J, metrics, the counters) is of the weights that are there. Whoever trains on goes on from that moment; the wait
begins again, and after `patience` epochs without a lower J_cv the run is back once more.
"""

from engine.core.arguments import Argument
from engine.core.types import Array, Config
from engine.training.checkpoint import Checkpoint
from engine.training.spec import EarlyStoppingSettings

PREFIX = "best."
PATIENCE = Argument("patience", "int", 10, minimum=1, maximum=10_000, doc="epochs without a smaller J_cv")


class EarlyStopping:
    """patience: epochs without a smaller J_cv; None: never stops. `stopped` says where and why, once it has."""

    def __init__(self) -> None:
        self.reset(None)

    def reset(self, settings: EarlyStoppingSettings | None) -> None:
        """Starts to watch anew."""
        self.patience: int | None = settings["patience"] if settings else None
        self.best = float("inf")
        self.waited = 0
        self.stopped: Config | None = None
        self.moment: Checkpoint | None = None
        """Where J_cv was lowest."""

    @property
    def watches(self) -> bool:
        return self.patience is not None

    def watch(self, cost: float) -> bool:
        """The J_cv after an epoch; whether it is the lowest so far, and the moment is to be kept."""
        if cost < self.best:
            self.best, self.waited = cost, 0
            return True
        self.waited += 1
        return False

    @property
    def over(self) -> bool:
        """Whether patience is."""
        return self.patience is not None and self.waited >= self.patience and self.moment is not None

    def stop(self, step: int, epoch: int) -> Checkpoint:
        """Says that the run stopped at a step, and after which epochs; returns the moment it goes back to."""
        assert self.moment is not None
        self.stopped = {"step": step, "epoch": epoch, "best_step": self.moment.step,
                        "best_epoch": int(self.moment.meta["epoch"]) + 1, "cost": self.best}  # fmt: skip
        return self.moment

    def go_on(self) -> None:
        """Someone wants to train further: the wait begins again."""
        self.stopped, self.waited = None, 0

    def arrays(self) -> dict[str, Array]:
        """What a checkpoint needs of it; nothing while it does not watch."""
        return {} if self.moment is None else {PREFIX + name: a for name, a in self.moment.arrays.items()}

    def meta(self) -> Config:
        kept = None if self.moment is None else self.moment.meta
        return {"best": None if kept is None else self.best, "moment": kept, "waited": self.waited,
                "stopped": self.stopped}  # fmt: skip

    def load(self, settings: EarlyStoppingSettings | None, meta: Config | None, arrays: dict[str, Array]) -> None:
        """Back to a checkpoint's state. One of an earlier version, which kept weights alone, begins to watch anew."""
        self.reset(settings)
        if meta is None or "moment" not in meta:
            return
        self.waited, self.stopped = meta["waited"], meta["stopped"]
        if meta["moment"] is not None:
            self.best = meta["best"]
            mine = {n.removeprefix(PREFIX): a.copy() for n, a in arrays.items() if n.startswith(PREFIX)}
            self.moment = Checkpoint(mine, meta["moment"])


CYCLE_PARAMETERS = 64
"""Nets of so few numbers are watched for weights that come back."""


class CycleWatch:
    """Whether a run goes round in circles: without shuffling, weights that come back will do so for ever."""

    def __init__(self) -> None:
        self._starts: dict[bytes, int] = {}
        self.epochs: int | None = None
        """After so many the weights come back to where they were, if they do."""

    def clear(self) -> None:
        self._starts.clear()
        self.epochs = None

    def watch(self, values: Array, epoch: int) -> None:
        """The weights after an epoch of a run that does not shuffle."""
        if self.epochs is None and values.size <= CYCLE_PARAMETERS:
            before = self._starts.setdefault(values.tobytes(), epoch)
            if before != epoch:
                self.epochs = epoch - before
