"""Early stopping: the run stops when J_cv has not fallen for some epochs, and takes back its best weights."""

from typing import Any

from engine.core.parameters import ParameterStore
from engine.core.types import Array, Config


class EarlyStopping:
    """patience: epochs without a smaller J_cv; None: never stops. `stopped` says where and why, once it has."""

    def __init__(self) -> None:
        self.reset(None)

    def reset(self, settings: Config | None) -> None:
        """Starts to watch anew."""
        self.patience: int | None = settings["patience"] if settings else None
        self.best = float("inf")
        self.best_step = 0
        self.waited = 0
        self.stopped: dict[str, Any] | None = None
        self._values: Array | None = None
        self._state: Array | None = None

    def watch(self, step: int, cost: float, store: ParameterStore) -> None:
        """The J_cv after an epoch. When patience is over, the weights of the best epoch come back."""
        if cost < self.best:
            self.best, self.best_step, self.waited = cost, step, 0
            self._values, self._state = store.values.copy(), store.state.copy()
            return
        self.waited += 1
        if self.patience is not None and self.waited >= self.patience and self._values is not None:
            assert self._state is not None
            store.values[...], store.state[...] = self._values, self._state
            self.stopped = {"step": step, "best_step": self.best_step, "cost": self.best}

    def go_on(self) -> None:
        """Someone wants to train further: the wait begins again."""
        self.stopped, self.waited = None, 0

    def arrays(self) -> dict[str, Array]:
        """What a checkpoint needs of it; nothing while it does not watch."""
        if self._values is None or self._state is None:
            return {}
        return {"best.values": self._values, "best.state": self._state}

    def meta(self) -> Config:
        return {"best": self.best if self._values is not None else None, "best_step": self.best_step,
                "waited": self.waited, "stopped": self.stopped}  # fmt: skip

    def load(self, settings: Config | None, meta: Config | None, arrays: dict[str, Array]) -> None:
        """Back to a checkpoint's state."""
        self.reset(settings)
        if meta is None:
            return
        self.best_step, self.waited, self.stopped = meta["best_step"], meta["waited"], meta["stopped"]
        if "best.values" in arrays:
            self.best = meta["best"]
            self._values, self._state = arrays["best.values"].copy(), arrays["best.state"].copy()
