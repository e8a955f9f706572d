"""What people hand to `fit`, `predict` and their like, made into arrays or refused in words."""

from typing import Any

import numpy as np

from engine.core.numbers import whole
from engine.core.types import Array, Shape

ARRAYS = (
    "the engine trains on arrays that lie in memory; gather the parts (np.concatenate), "
    "or call model.train_on_batch(x, y) for each in a loop of your own"
)


def as_array(value: Any, who: str, name: str) -> Array:
    """Numbers as an array, whatever list or frame they come in; or a ValueError."""
    if type(value) is np.ndarray:
        array = value
    else:
        if value is None:
            raise ValueError(f"{who} expected an array {name}, got none")
        if isinstance(value, dict):
            raise ValueError(
                f"{who} expected one array {name}, got a dict of {len(value)}: a model has one input and output"
            )
        if callable(value) or hasattr(value, "__next__"):
            raise ValueError(f"{who} expected an array {name}, got {type(value).__name__}: {ARRAYS}")
        try:
            array = np.asarray(value)
        except ValueError as error:
            sizes = "rows of different lengths, or several arrays"
            raise ValueError(
                f"{who} expected one array {name}, got {sizes}: a model has one input and output"
            ) from error
        if array.dtype.kind == "O" and array.ndim == 0:
            raise ValueError(f"{who} expected an array {name}, got {type(value).__name__}: {ARRAYS}")
    if array.dtype.kind not in "fiub":
        raise ValueError(f"{who} wants numbers in {name}, got {array.dtype}")
    return array


def all_there(array: Array) -> bool:
    """Whether a float array is finite throughout; twice as quick for small ones as `isfinite(…).all()`."""
    return bool(np.count_nonzero(np.isfinite(array)) == array.size)


def finite(array: Array, dtype: np.dtype[Any], who: str, name: str, first: int = 0) -> Array:
    """The array in a float dtype, or a ValueError that says where the first number is that is none there.

    `first`: the place of the first row, where the array is a part of what came.
    """
    if array.dtype == dtype:
        ready = array
    else:
        with np.errstate(over="ignore"):
            ready = array.astype(dtype)
    if array.dtype.kind == "f" and not all_there(ready):
        place = [int(i) for i in np.unravel_index(int(np.argmin(np.isfinite(ready))), ready.shape)]
        value, place[0] = array[tuple(place)], place[0] + first
        raise ValueError(f"{who} expected finite numbers ({dtype}) in {name}, got {value:g} at {place}")
    return ready


def fitted(array: Array, shape: Shape) -> Array:
    """With an axis of one at the end put in or taken out where that makes examples of `shape`, as in Keras."""
    if array.shape[1:] != shape and array.ndim:
        if shape[-1:] == (1,) and array.shape[1:] == shape[:-1]:
            return array[..., None]
        if array.shape[1:] == (*shape, 1):
            return array[..., 0]
    return array


def example_weights(value: Any, examples: int, who: str, name: str = "sample_weight") -> Array:
    """How much each example counts, (B,)."""
    w = as_array(value, who, name)
    w = w[:, 0] if w.ndim == 2 and w.shape[1] == 1 else w
    if w.shape != (examples,):
        raise ValueError(f"{who} expected {name} of shape ({examples},), one number an example, got {w.shape}")
    w = finite(w.astype(np.float64), np.dtype(np.float64), who, name)
    if w.size and w.min() < 0:
        raise ValueError(f"{who} expected {name} ≥ 0, got {w.min():g}")
    return w


def class_weights(value: Any, targets: Array, who: str) -> Array:
    """How much each example counts by its class, (B,): `{0: 1.0, 1: 5.0}`; classes that are left out count 1."""
    if not isinstance(value, dict):
        raise ValueError(
            f"{who} expected class_weight to be a dict such as {{0: 1.0, 1: 5.0}}, got {value!r:.60}; "
            "balanced is {c: n / (classes * (y == c).sum()) for c in range(classes)}"
        )
    t = targets
    if t.ndim > 1:
        t = t[..., 0] if t.shape[-1] == 1 else t.argmax(axis=-1)
    if t.ndim != 1:
        raise ValueError(f"{who} expected one class an example for class_weight, got targets of shape {targets.shape}")
    classes = np.rint(t).astype(np.int64)
    table: dict[int, float] = {}
    for key, number in value.items():
        least = whole(key, who, "the classes of class_weight", -(2**31))
        if isinstance(number, bool) or not isinstance(number, int | float | np.number) or not 0 <= number < np.inf:
            raise ValueError(f"{who} expected weights ≥ 0 in class_weight, got {number!r} for class {key}")
        table[least] = float(number)
    return np.array([table.get(int(c), 1.0) for c in classes])
