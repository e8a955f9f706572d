"""What people hand to a model, made into batches that its plans read, and what its plans then answer."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.core.checks import as_array, class_weights, example_weights, finite, fitted
from engine.core.shards import AnyPlan, ShardedPlan
from engine.core.types import Array
from engine.losses import Loss
from engine.measures import Measure
from engine.stacked import Stacked

Numbers = dict[str, Any]


def examples(model: Stacked, x: Any, who: str) -> Array:
    """The rows (B, …) of x, finite in the model's dtype."""
    return finite(rows_of(model, x, who), model.dtype, who, "x")


def rows_of(model: Stacked, x: Any, who: str) -> Array:
    """The rows (B, …) of x, of the model's shape; builds the model from them if it has no shape yet."""
    rows = as_array(x, who, "x")
    if rows.ndim == 0:
        raise ValueError(f"{who} expected an example for each row of x, got a single number")
    if not model.built:
        if model.given_shape is None and rows.ndim == 1:
            raise ValueError(
                f"{who} expected x with an example a row, (B, I), got {rows.shape}: one number an example is "
                "x[:, None], one example is x[None]"
            )
        model.build(model.given_shape or rows.shape[1:])
    assert model.input_shape is not None
    rows = fitted(rows, model.input_shape)
    if rows.shape[1:] != model.input_shape:
        wanted = ", ".join(map(str, ("B", *model.input_shape)))
        one = ": one example is x[None]" if rows.shape == model.input_shape else ""
        raise ValueError(f"Sequential wants ({wanted}), got {rows.shape}{one}")
    return rows


def targets(model: Stacked, loss: Loss, y: Any, count: int, who: str) -> tuple[Array, Array]:
    """(y as it came, y as the loss reads it) for `count` examples."""
    raw = as_array(y, who, "y")
    if raw.ndim == 0:
        raise ValueError(f"{who} expected a target for each example in y, got a single number")
    finite(raw, model.dtype, who, "y")
    encoded = loss.encode(raw, model.output_shape, model.dtype)
    if len(encoded) != count:
        raise ValueError(f"Sequential wants as many targets as examples, got {len(encoded)} and {count}")
    if not count:
        raise ValueError(f"{who} expected at least one example, got none: x is empty")
    return raw, encoded


def weights_of(loss: Loss, raw: Array, sample_weight: Any, class_weight: Any, who: str, count: int) -> Array | None:
    """How much each example counts, or None where all count alike."""
    if sample_weight is None and class_weight is None:
        return None
    if not loss.weighs:
        raise ValueError(
            f"{who}: the loss {loss.name} counts all examples alike; leave sample_weight and class_weight out"
        )
    if sample_weight is not None and class_weight is not None:
        raise ValueError(f"{who} expected sample_weight or class_weight, got both: multiply them into sample_weight")
    if class_weight is not None:
        return class_weights(class_weight, raw, who)
    return example_weights(sample_weight, count, who)


def fill(plan: AnyPlan, rows: Array, target: Array | None, weights: Array | None) -> None:
    """Puts a batch where the plan reads it."""
    np.copyto(plan.input, rows)
    if target is not None:
        np.copyto(plan.target, target)
    if plan.weights is not None:
        plan.weights[...] = 1 if weights is None else weights


def answers(plan: AnyPlan) -> Array:
    """The outputs (B, …) of the step a plan has just made (a copy)."""
    parts = plan.shards if isinstance(plan, ShardedPlan) else [plan]
    kept = [part.answers for part in parts if part.answers is not None]
    return np.concatenate([np.moveaxis(a, -1, 0) for a in kept])


def numbers_of(measures: Sequence[Measure], y: Array, outputs: Array, weights: Array | None = None) -> Numbers:
    return {m.name: m.of(y, outputs, weights) for m in measures}


def loudness(verbose: Any, who: str) -> int:
    """0: nothing is printed ("auto" too); 1, 2: a line an epoch."""
    if verbose == "auto":
        return 0
    if not isinstance(verbose, bool | int | np.integer) or int(verbose) not in (0, 1, 2):
        raise ValueError(f"{who} expected verbose to be 0, 1, 2 or 'auto', got {verbose!r}")
    return int(verbose)
