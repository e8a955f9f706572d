"""Around epochs and batches of `fit`: Keras's callbacks. Your own subclass `Callback`, with `self.model`."""

import csv
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TextIO

import numpy as np

from engine.callbacks.base import Callback, History, Logs
from engine.callbacks.watching import EarlyStopping, ModelCheckpoint, ReduceLROnPlateau, constant_optimizer
from engine.core.calls import Foreign
from engine.foreign import CALLBACK_NAMES, missing_names


class LearningRateScheduler(Callback):
    """Sets the learning rate before each epoch to `schedule(epoch, learning_rate)` (or `schedule(epoch)`)."""

    def __init__(self, schedule: Callable[..., float], verbose: int = 0) -> None:
        if not callable(schedule):
            raise ValueError(f"LearningRateScheduler expected a function of epoch and rate, got {schedule!r}")
        self.schedule, self.verbose = schedule, verbose

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        optimizer = constant_optimizer(self.model, "LearningRateScheduler")
        try:
            rate = self.schedule(epoch, float(optimizer.learning_rate))
        except TypeError:
            rate = self.schedule(epoch)
        if isinstance(rate, bool) or not isinstance(rate, int | float | np.number):
            raise ValueError(f"LearningRateScheduler expected its function to return a number, got {rate!r}")
        optimizer.learning_rate = float(rate)
        if self.verbose:
            print(f"Epoch {epoch + 1}: learning rate {float(rate):g}")

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        if logs is not None and self.model.optimizer is not None:
            logs["learning_rate"] = float(self.model.optimizer.learning_rate)


class LambdaCallback(Callback):
    """A callback of functions: `LambdaCallback(on_epoch_end=lambda epoch, logs: print(logs))`."""

    def __init__(
        self,
        on_epoch_begin: Callable[..., Any] | None = None,
        on_epoch_end: Callable[..., Any] | None = None,
        on_train_begin: Callable[..., Any] | None = None,
        on_train_end: Callable[..., Any] | None = None,
        on_train_batch_begin: Callable[..., Any] | None = None,
        on_train_batch_end: Callable[..., Any] | None = None,
        on_batch_begin: Callable[..., Any] | None = None,
        on_batch_end: Callable[..., Any] | None = None,
    ) -> None:
        given = {
            "on_epoch_begin": on_epoch_begin,
            "on_epoch_end": on_epoch_end,
            "on_train_begin": on_train_begin,
            "on_train_end": on_train_end,
            "on_train_batch_begin": on_train_batch_begin or on_batch_begin,
            "on_train_batch_end": on_train_batch_end or on_batch_end,
        }
        for name, function in given.items():
            if function is not None and not callable(function):
                raise ValueError(f"LambdaCallback expected {name} to be a function, got {function!r}")
            if function is not None:
                setattr(self, name, function)


class TerminateOnNaN(Callback):
    """Ends the training when a batch's loss is no number any more."""

    foreign: ClassVar[dict[str, Foreign]] = {
        "raise_error": Foreign("training ends without one; look at history.history['loss'][-1]", (False,))
    }
    order = ("raise_error",)

    def on_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        if logs and not math.isfinite(logs.get("loss", 0.0)):
            print(f"Batch {batch}: the loss is {logs['loss']}, training ends", file=sys.stderr)
            self.model.stop_training = True


class CSVLogger(Callback):
    """Writes the numbers of every epoch into a CSV file."""

    def __init__(self, filename: str | Path, separator: str = ",", append: bool = False) -> None:
        self.filename, self.separator, self.append = Path(filename), separator, append
        self._file: TextIO | None = None
        self._names: list[str] = []

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self._head = not (self.append and self.filename.exists() and self.filename.stat().st_size)
        self._file, self._names = self.filename.open("a" if self.append else "w", newline=""), []

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        assert self._file is not None
        self._names = self._names or sorted(logs or {})
        writer = csv.writer(self._file, delimiter=self.separator)
        if self._head:
            writer.writerow(["epoch", *self._names])
            self._head = False
        writer.writerow([epoch, *((logs or {}).get(name, "NA") for name in self._names)])
        self._file.flush()

    def on_train_end(self, logs: Logs | None = None) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


__all__ = [
    "CSVLogger",
    "Callback",
    "EarlyStopping",
    "History",
    "LambdaCallback",
    "LearningRateScheduler",
    "ModelCheckpoint",
    "ReduceLROnPlateau",
    "TerminateOnNaN",
]

if not TYPE_CHECKING:
    __getattr__ = missing_names(__name__, CALLBACK_NAMES, lambda: list(globals()))
