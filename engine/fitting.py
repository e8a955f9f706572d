"""Many steps: the loop of `fit`, with Keras's meaning of its arguments, and the numbers of `evaluate`."""

from typing import Any

import numpy as np

from engine.callbacks import CallbackList, History
from engine.core.numbers import whole
from engine.core.types import Array
from engine.feeding import Numbers, answers, examples, fill, loudness, numbers_of, targets, weights_of
from engine.network import Network


def epoch_batches(count: int, batch_size: int, order: Array) -> list[Array]:
    return [order[start : start + batch_size] for start in range(0, count, batch_size)]


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
    epochs = whole(epochs, "fit", "epochs", 1)
    batch_size = 32 if batch_size is None else whole(batch_size, "fit", "batch_size", 1)
    initial_epoch = whole(initial_epoch, "fit", "initial_epoch", 0)
    loud = loudness(verbose, "fit")
    rows = examples(model, x, "fit")
    raw, target = targets(model, model.compiled_loss, y, len(rows), "fit")
    weights = weights_of(model.compiled_loss, raw, sample_weight, None, "fit", len(rows))
    held = None
    if validation_split:
        if validation_data is not None:
            raise ValueError("fit expected validation_data or validation_split, got both")
        cut = split_at(validation_split, len(rows))
        held = (rows[cut:], raw[cut:], None if weights is None else weights[cut:])
        rows, raw, target = rows[:cut], raw[:cut], target[:cut]
        weights = None if weights is None else weights[:cut]
    elif validation_data is not None:
        held = validation_parts(validation_data)
    if class_weight is not None:
        weights = weights_of(model.compiled_loss, raw, weights, class_weight, "fit", len(rows))
    if weights is not None or (held is not None and held[2] is not None):
        model.weigh()
    history = History()
    model.history, model.stop_training = history, False
    steps = -(-len(rows) // batch_size)
    params = {"verbose": loud, "epochs": epochs, "steps": steps}
    watchers = CallbackList([*as_list(callbacks), history], model, params)
    watch_batches, measured = watchers.watch_batches, [*model.metrics, *model.weighted_metrics]
    watchers.tell("on_train_begin", {})
    order: Array = np.arange(len(rows))
    for epoch in range(initial_epoch, epochs):
        watchers.tell("on_epoch_begin", epoch, {})
        if shuffle:
            order = model.rng.permutation(len(rows))
        total, seen, outputs = 0.0, 0, []
        for step, chosen in enumerate(epoch_batches(len(rows), batch_size, order)):
            if watch_batches:
                watchers.tell("on_train_batch_begin", step, {})
            plan = model.plan(len(chosen), "train")
            fill(plan, rows[chosen], target[chosen], None if weights is None else weights[chosen])
            total += model.train_step(plan) * len(chosen)
            seen += len(chosen)
            if measured:
                outputs.append(answers(plan))
            if watch_batches:
                watchers.tell("on_train_batch_end", step, {"loss": total / seen})
            if model.stop_training:
                break
        numbers: Numbers = {"loss": total / seen}
        if measured:
            made, taken = np.concatenate(outputs), order[:seen]
            numbers |= numbers_of(model.metrics, raw[taken], made)
            given = None if weights is None else weights[taken]
            numbers |= numbers_of(model.weighted_metrics, raw[taken], made, given)
        if held is not None and due(validation_freq, epoch):
            found = measure(model, *held[:2], held[2], "fit's validation_data")
            numbers |= {f"val_{name}": value for name, value in found.items()}
        watchers.tell("on_epoch_end", epoch, numbers)
        if loud:
            print(f"Epoch {epoch + 1}/{epochs} - {words(numbers)}")
        if model.stop_training:
            break
    watchers.tell("on_train_end", {})
    return history


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


def validation_parts(data: Any) -> tuple[Any, Any, Any]:
    if not isinstance(data, tuple | list) or len(data) not in (2, 3):
        shown = f"{len(data)} parts" if isinstance(data, tuple | list) else type(data).__name__
        raise ValueError(f"fit expected validation_data to be (x, y) or (x, y, sample_weight), got {shown}")
    return data[0], data[1], data[2] if len(data) == 3 else None


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
