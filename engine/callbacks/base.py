"""What a callback is, several as one, and what `fit` returns."""

from collections.abc import Iterable
from typing import Any, ClassVar

from engine.core.calls import Foreign, Part
from engine.core.types import Config
from engine.network import Network

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
