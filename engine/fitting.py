"""Many steps: the loop of `fit`, with Keras's meaning of its arguments, and the numbers of `evaluate`."""

from typing import Any, NamedTuple

import numpy as np

from engine.callbacks import History
from engine.callbacks.base import CallbackList
from engine.core.numbers import whole
from engine.core.types import Array
from engine.feeding import Numbers, answers, examples, fill, loudness, numbers_of, targets, weights_of
from engine.network import Network


def epoch_batches(count: int, batch_size: int, order: Array) -> list[Array]:
    return [order[start : start + batch_size] for start in range(0, count, batch_size)]


class Examples(NamedTuple):
    """Rows of x, targets as they came and as the loss reads them, and how much each example counts."""

    rows: Array
    raw: Array
    target: Array
    weights: Array | None

    def part(self, chosen: Any) -> "Examples":
        weights = None if self.weights is None else self.weights[chosen]
        return Examples(self.rows[chosen], self.raw[chosen], self.target[chosen], weights)


class Held(NamedTuple):
    """What is kept from training, to validate on: x, y and weights, as people hand them over."""

    x: Any
    y: Any
    weights: Any = None


def fit(
    model: Network,
    x: Any,
    y: Any,
    *,
    batch_size: int | None,
    epochs: int,
    verbose: Any,
    callbacks: Any,
    validation_split: float,
    validation_data: Any,
    shuffle: bool,
    class_weight: Any,
    sample_weight: Any,
    initial_epoch: int,
    validation_freq: Any,
) -> History:
    """See Sequential.fit."""
    epochs = whole(epochs, "fit", "epochs", 0)
    batch_size = 32 if batch_size is None else whole(batch_size, "fit", "batch_size", 1)
    initial_epoch = whole(initial_epoch, "fit", "initial_epoch", 0)
    loud = loudness(verbose, "fit")
    given = examples_of(model, x, y, sample_weight)
    given, held = split(given, validation_split, validation_data)
    if class_weight is not None:
        weights = weights_of(model.compiled_loss, given.raw, given.weights, class_weight, "fit", len(given.rows))
        given = given._replace(weights=weights)
    if given.weights is not None or (held is not None and held.weights is not None):
        model.weigh()
    history = History()
    model.history, model.stop_training = history, False
    params = {"verbose": loud, "epochs": epochs, "steps": -(-len(given.rows) // batch_size)}
    watchers = CallbackList([*as_list(callbacks), history], model, params)
    watchers.tell("on_train_begin", {})
    order: Array = np.arange(len(given.rows))
    numbers: Numbers = {}
    for epoch in range(initial_epoch, epochs):
        watchers.tell("on_epoch_begin", epoch, {})
        if shuffle:
            order = model.rng.permutation(len(given.rows))
        numbers = one_epoch(model, given, epoch_batches(len(given.rows), batch_size, order), watchers)
        if held is not None and due(validation_freq, epoch):
            watchers.tell("on_test_begin", {})
            measured = measure(model, *held, "fit's validation_data")
            watchers.tell("on_test_end", measured)
            numbers |= {f"val_{name}": value for name, value in measured.items()}
        watchers.tell("on_epoch_end", epoch, numbers)
        if loud:
            print(f"Epoch {epoch + 1}/{epochs} - {words(numbers)}")
        if model.stop_training:
            break
    watchers.tell("on_train_end", numbers)
    return history


def examples_of(model: Network, x: Any, y: Any, sample_weight: Any) -> Examples:
    """What `fit` is given, checked."""
    rows = examples(model, x, "fit")
    raw, target = targets(model, model.compiled_loss, y, len(rows), "fit")
    return Examples(rows, raw, target, weights_of(model.compiled_loss, raw, sample_weight, None, "fit", len(rows)))


def split(given: Examples, validation_split: float, validation_data: Any) -> tuple[Examples, Held | None]:
    """What is trained on, and what is validated on."""
    if not validation_split:
        return given, None if validation_data is None else validation_parts(validation_data)
    if validation_data is not None:
        raise ValueError("fit expected validation_data or validation_split, got both")
    cut = split_at(validation_split, len(given.rows))
    held = given.part(slice(cut, None))
    return given.part(slice(cut)), Held(held.rows, held.raw, held.weights)


def one_epoch(model: Network, given: Examples, batches: list[Array], watchers: CallbackList) -> Numbers:
    """A step on each batch, until a callback stops the training; the means of loss and metrics over the batches."""
    measured, watched = bool(model.metrics or model.weighted_metrics), watchers.watch_batches
    total, seen, outputs = 0.0, 0, []
    for step, chosen in enumerate(batches):
        if watched:
            watchers.tell("on_train_batch_begin", step, {})
        plan = model.plan(len(chosen), "train")
        weights = None if given.weights is None else given.weights[chosen]
        fill(plan, given.rows[chosen], given.target[chosen], weights)
        total += model.train_step(plan) * len(chosen)
        seen += len(chosen)
        if measured:
            outputs.append(answers(plan))
        if watched:
            watchers.tell("on_train_batch_end", step, so_far(model, total / seen, outputs, given, batches))
        if model.stop_training:
            break
    return so_far(model, total / seen, outputs, given, batches)


def so_far(model: Network, loss: float, outputs: list[Array], given: Examples, batches: list[Array]) -> Numbers:
    """Loss and metrics of an epoch's batches up to now: those whose outputs are there."""
    numbers: Numbers = {"loss": loss}
    if outputs:
        made, taken = np.concatenate(outputs), np.concatenate(batches[: len(outputs)])
        raw, weights = given.raw[taken], None if given.weights is None else given.weights[taken]
        numbers |= numbers_of(model.metrics, raw, made)
        numbers |= numbers_of(model.weighted_metrics, raw, made, weights)
    return numbers


def as_list(callbacks: Any) -> list[Any]:
    return [] if callbacks is None else list(callbacks) if isinstance(callbacks, list | tuple) else [callbacks]


def words(numbers: Numbers) -> str:
    """loss: 0.1234 - accuracy: 0.5."""
    return " - ".join(
        f"{name}: {float(value):.4g}" if np.ndim(value) == 0 else f"{name}: {np.round(value, 4)}"
        for name, value in numbers.items()
    )


def due(freq: Any, epoch: int) -> bool:
    """Whether an epoch is one to validate after: every freq-th, or those (counted from 1) of a list."""
    if isinstance(freq, list | tuple | set):
        return epoch + 1 in freq
    return (epoch + 1) % whole(freq, "fit", "validation_freq", 1) == 0


def split_at(part: Any, count: int) -> int:
    """Where the last part begins that is kept back for validation."""
    if isinstance(part, bool) or not isinstance(part, int | float | np.number) or not 0 < part < 1:
        raise ValueError(f"fit expected validation_split to be above 0 and below 1, got {part!r}")
    cut = int(np.floor(count * (1.0 - float(part))))
    if cut in (0, count):
        raise ValueError(f"fit expected validation_split to leave examples on both sides, got {part!r} of {count}")
    return cut


def validation_parts(data: Any) -> Held:
    if not isinstance(data, tuple | list) or len(data) not in (2, 3):
        shown = f"{len(data)} parts" if isinstance(data, tuple | list) else type(data).__name__
        raise ValueError(f"fit expected validation_data to be (x, y) or (x, y, sample_weight), got {shown}")
    return Held(*data)


def measure(model: Network, x: Any, y: Any, sample_weight: Any, who: str) -> Numbers:
    """loss (penalties included) and metrics of examples, inference mode."""
    model.compiled_parts()
    rows = examples(model, x, who)
    raw, encoded = targets(model, model.compiled_loss, y, len(rows), who)
    weights = weights_of(model.compiled_loss, raw, sample_weight, None, who, len(rows))
    if weights is not None:
        model.weigh()
    numbers: Numbers = {"loss": model.loss_of(rows, encoded, weights) + model.penalty()}
    if model.metrics or model.weighted_metrics:
        outputs = model.predict(rows)
        numbers |= numbers_of(model.metrics, raw, outputs)
        numbers |= numbers_of(model.weighted_metrics, raw, outputs, weights)
    return numbers
