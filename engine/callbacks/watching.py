"""Callbacks that watch one number: they end the training, keep the best model, slow it down."""

from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from engine.callbacks.base import Callback, Logs
from engine.core.arguments import Argument
from engine.core.calls import Foreign
from engine.core.types import Array
from engine.network import Network
from engine.saving import checked_path, save_model, save_weights

MODE = Argument("mode", "choice", "auto", choices=("auto", "min", "max"))
PATIENCE = Argument("patience", "int", 0, minimum=0)
NUMBER = Argument("min_delta", "float", 0.0)


class _Watching(Callback):
    """A callback that watches one number."""

    def __init__(self, monitor: str, mode: str, min_delta: float) -> None:
        self.monitor: str = Argument("monitor", "text", "val_loss").check(type(self).__name__, monitor)
        self.mode: str = MODE.check(type(self).__name__, mode)
        self.min_delta = abs(NUMBER.check(type(self).__name__, min_delta))
        self.best: float | None = None

    @property
    def rises(self) -> bool:
        """Whether the number is better when larger."""
        name = self.monitor.removeprefix("val_")
        if self.mode != "auto" or name == "loss":
            return self.mode == "max"
        measures = [*self.model.metrics, *self.model.weighted_metrics]
        way = next((m.rises for m in measures if m.name == name), None)
        if way is None:
            raise ValueError(
                f"{type(self).__name__} expected mode='min' or 'max' for {self.monitor!r}, got 'auto': "
                "nobody knows whether that number should fall or rise"
            )
        return bool(way)

    def better(self, value: float, than: float | None) -> bool:
        if than is None:
            return True
        return bool(value - self.min_delta > than if self.rises else value + self.min_delta < than)

    def watched(self, logs: Logs | None) -> float:
        """The number, or an error that names those there are."""
        found = (logs or {}).get(self.monitor)
        if found is None:
            there = ", ".join(logs or {}) or "none"
            more = (
                "" if "val_" not in self.monitor else " (fit(validation_data=…) or validation_split=… makes val_ ones)"
            )
            raise ValueError(f"{type(self).__name__} expected {self.monitor!r} among the numbers{more}, got {there}")
        if np.ndim(found):
            raise ValueError(f"{type(self).__name__} expected {self.monitor!r} to be one number, got {found}")
        return float(found)


class EarlyStopping(_Watching):
    """Ends the training when the watched number has not become better for `patience` epochs."""

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ) -> None:
        super().__init__(monitor, mode, min_delta)
        self.patience: int = PATIENCE.check("EarlyStopping", patience)
        self.verbose, self.baseline, self.restore_best_weights = verbose, baseline, restore_best_weights
        self.start_from_epoch: int = PATIENCE.check("EarlyStopping start_from_epoch:", start_from_epoch)

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self.wait, self.stopped_epoch, self.best_epoch = 0, 0, 0
        self.best = None
        self.best_weights: list[Array] | None = None

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        value = self.watched(logs)
        if epoch < self.start_from_epoch:
            return
        if self.restore_best_weights and self.best_weights is None:
            self.best_weights, self.best_epoch = self.model.get_weights(), epoch
        self.wait += 1
        if self.better(value, self.best):
            self.best, self.best_epoch = value, epoch
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
            if self.baseline is None or self.better(value, self.baseline):
                self.wait = 0
            return
        if self.wait >= self.patience and epoch > 0:
            self.stopped_epoch, self.model.stop_training = epoch, True

    def on_train_end(self, logs: Logs | None = None) -> None:
        if self.stopped_epoch and self.verbose:
            print(f"Epoch {self.stopped_epoch + 1}: early stopping")
        if self.restore_best_weights and self.best_weights is not None:
            if self.verbose:
                print(f"Weights of epoch {self.best_epoch + 1} are taken back")
            self.model.set_weights(self.best_weights)


class ModelCheckpoint(_Watching):
    """Saves the model (or its weights) after epochs, to a path that may hold {epoch} and the numbers' names."""

    foreign: ClassVar[dict[str, Foreign]] = {
        "save_freq": Foreign("it saves after epochs", ("epoch",)),
        "period": Foreign("it saves after every epoch", (1,)),
        "options": Foreign(""),
    }

    order = (
        "filepath", "monitor", "verbose", "save_best_only", "save_weights_only", "mode", "save_freq",
        "initial_value_threshold",
    )  # fmt: skip

    def __init__(
        self,
        filepath: str | Path,
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        initial_value_threshold: float | None = None,
    ) -> None:
        super().__init__(monitor, mode, 0)
        self.filepath = str(filepath)
        checked_path(self.filepath, "ModelCheckpoint")
        self.verbose, self.save_best_only, self.save_weights_only = verbose, save_best_only, save_weights_only
        self.best = initial_value_threshold

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        if self.save_best_only:
            value = self.watched(logs)
            if not self.better(value, self.best):
                return
            self.best = value
        try:
            path = self.filepath.format(epoch=epoch + 1, **(logs or {}))
        except (KeyError, IndexError) as error:
            there = ", ".join(["epoch", *(logs or {})])
            raise ValueError(
                f"ModelCheckpoint expected names among {there} in {self.filepath!r}, got {error}"
            ) from error
        if self.verbose:
            print(f"Epoch {epoch + 1}: saving to {path}")
        if self.save_weights_only:
            save_weights(self.model, path)
        else:
            save_model(self.model, path)


def constant_optimizer(model: Network, who: str) -> Any:
    """The optimiser, if its rate is not driven by a schedule already."""
    optimizer = model.optimizer
    if optimizer is None or not optimizer.schedule.constant:
        raise ValueError(f"{who} expected a learning rate that is a number; this model's follows a schedule already")
    return optimizer


class ReduceLROnPlateau(_Watching):
    """Multiplies the learning rate by `factor` when the watched number has not become better for `patience` epochs."""

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
    ) -> None:
        super().__init__(monitor, mode, min_delta)
        self.factor: float = Argument("factor", "float", 0.1, minimum=0, below=1).check("ReduceLROnPlateau", factor)
        self.patience: int = PATIENCE.check("ReduceLROnPlateau", patience)
        self.cooldown: int = Argument("cooldown", "int", 0, minimum=0).check("ReduceLROnPlateau", cooldown)
        self.min_lr: float = Argument("min_lr", "float", 0.0, minimum=0).check("ReduceLROnPlateau", min_lr)
        self.verbose = verbose

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self.best, self.wait, self.cooling = None, 0, 0

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        optimizer = constant_optimizer(self.model, "ReduceLROnPlateau")
        if logs is not None:
            logs["learning_rate"] = float(optimizer.learning_rate)
        value = self.watched(logs)
        if self.cooling > 0:
            self.cooling, self.wait = self.cooling - 1, 0
        if self.better(value, self.best):
            self.best, self.wait = value, 0
        elif self.cooling <= 0:
            self.wait += 1
            rate = float(optimizer.learning_rate)
            if self.wait >= self.patience and rate > self.min_lr:
                optimizer.learning_rate = max(rate * self.factor, self.min_lr)
                if self.verbose:
                    print(f"Epoch {epoch + 1}: learning rate {float(optimizer.learning_rate):g}")
                self.cooling, self.wait = self.cooldown, 0
