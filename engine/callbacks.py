"""Around epochs and batches of `fit`: Keras's callbacks. Your own subclass `Callback`, with `self.model`."""

import csv
import math
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TextIO

import numpy as np

from engine.core.arguments import Argument
from engine.core.calls import Foreign, Part
from engine.core.types import Array, Config
from engine.foreign import CALLBACK_NAMES, missing_names
from engine.network import Network
from engine.saving import checked_path, save_model, save_weights

Logs = Config


class Callback(metaclass=Part):
    """All its methods do nothing. `logs` holds the epoch's (or batch's) numbers by name."""

    foreign: ClassVar[dict[str, Foreign]] = {}
    model: Network
    params: Config

    def set_model(self, model: Network) -> None:
        self.model = model

    def set_params(self, params: Config) -> None:
        self.params = params

    def on_train_begin(self, logs: Logs | None = None) -> None: ...
    def on_train_end(self, logs: Logs | None = None) -> None: ...
    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None: ...
    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None: ...
    def on_batch_begin(self, batch: int, logs: Logs | None = None) -> None: ...
    def on_batch_end(self, batch: int, logs: Logs | None = None) -> None: ...

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        self.on_batch_end(batch, logs)

    def on_test_begin(self, logs: Logs | None = None) -> None: ...
    def on_test_end(self, logs: Logs | None = None) -> None: ...
    def on_predict_begin(self, logs: Logs | None = None) -> None: ...
    def on_predict_end(self, logs: Logs | None = None) -> None: ...


class CallbackList:
    """Several callbacks as one: `tell("on_epoch_end", 3, logs)` tells all of them, in order."""

    def __init__(self, callbacks: Any, model: Network, params: Config) -> None:
        given = [] if callbacks is None else callbacks if isinstance(callbacks, Iterable) else [callbacks]
        self.callbacks: list[Callback] = []
        for callback in given:
            if isinstance(callback, type) or not hasattr(callback, "on_epoch_end"):
                shown = getattr(callback, "__name__", repr(callback))
                raise ValueError(
                    f"callbacks expected instances of callbacks.Callback, such as EarlyStopping(), got {shown}"
                )
            self.callbacks.append(callback)
        for callback in self.callbacks:
            callback.set_model(model)
            callback.set_params(params)

    def tell(self, event: str, *arguments: Any) -> None:
        for callback in self.callbacks:
            getattr(callback, event)(*arguments)

    @property
    def watch_batches(self) -> bool:
        """Whether anyone wants to know of batches."""
        names = ("on_batch_begin", "on_batch_end", "on_train_batch_begin", "on_train_batch_end")
        return any(
            getattr(type(c), n, None) is not getattr(Callback, n) or n in vars(c) for c in self.callbacks for n in names
        )


class History(Callback):
    """What `fit` returns: `history["loss"]`, `history["val_loss"]`, …, one number an epoch; `epoch` their numbers."""

    def __init__(self) -> None:
        self.history: dict[str, list[Any]] = {}
        self.epoch: list[int] = []

    def append(self, epoch: int, numbers: Logs) -> None:
        self.epoch.append(epoch)
        for name, number in numbers.items():
            self.history.setdefault(name, []).append(number)

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        self.append(epoch, logs or {})


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
