"""Numbers from outside: the one place that says whether they are numbers, and finite in the dtype they are used in.

A float64 of 1e300 is finite, and ∞ as soon as it becomes float32; so the question is asked of the dtype a number is
about to have. True and False are not numbers, whatever Python says.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.core.errors import EngineError, plain, shown
from engine.core.types import Array, Shape

FLOAT32_MOST = float(np.finfo(np.float32).max)
"""The largest float32, 3.4e38: what arguments are held to, since any model may be a float32 one."""


def is_number(value: Any) -> bool:
    """Whether it is a Python int or float that float32 can hold; True and False are not."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    # An int is compared, not converted: float(10**400) is an OverflowError.
    return -FLOAT32_MOST <= value <= FLOAT32_MOST if isinstance(value, int) else _finite32(value)


def _finite32(value: float) -> bool:
    return math.isfinite(value) and abs(value) <= FLOAT32_MOST


def _words(dtype: Any) -> str:
    kind = np.dtype(dtype)
    return f"finite numbers of at most ±{np.finfo(kind).max:.3g} ({kind})"


def _no_numbers(who: str, kind: np.dtype[Any], got: str) -> EngineError:
    return EngineError("numbers-only", f"{{who}} expected {_words(kind)}, got {{got}}", who=who, got=got)


def in_dtype(value: Any, dtype: Any, who: str, first: int = 0) -> Array:
    """`value` as an array of a float dtype, all of it finite there, or a ValueError that names `who` and what came.

    Arrays of float, int and uint and nested lists of numbers are right; bool, complex, text and None are not.
    `first`: the place of the first row, where `value` is a part of what came.
    """
    kind = np.dtype(dtype)
    array = value if isinstance(value, np.ndarray) else _array(value, who, kind)
    if array.dtype.kind not in "fiu":
        raise _no_numbers(who, kind, f"{array.dtype} values")
    with np.errstate(over="ignore", invalid="ignore"):
        out = array.astype(kind, copy=False)
    if not all_finite(out):
        got, place = _first_wrong(array, out, first)
        where = f" at {list(place)}" if place else ""
        raise EngineError(
            "numbers-finite",
            f"{{who}} expected {_words(kind)}, got {{got:g}}{where}",
            who=who,
            got=got,
            at=place,
            most=float(np.finfo(kind).max),
        )
    return out


def _array(value: Any, who: str, kind: np.dtype[Any]) -> Array:
    """A nested list as an array of numbers."""
    wrong = _not_a_number(value)
    if wrong is not None:
        raise _no_numbers(who, kind, wrong[0])
    try:
        found = np.asarray(value)
        return found.astype(np.float64) if found.dtype.kind == "O" else found  # whole numbers beyond int64
    except OverflowError as error:
        raise EngineError(
            "numbers-large",
            f"{{who}} expected {_words(kind)}, got a number too large for any float",
            who=who,
            most=float(np.finfo(kind).max),
        ) from error
    except ValueError as error:
        raise EngineError("rows-ragged", "{who} expected rows of equal lengths, got ragged ones", who=who) from error


def _not_a_number(value: Any) -> tuple[str] | None:
    """The first thing in a nested list that is no number."""
    if isinstance(value, list | tuple):
        return next((found for item in value if (found := _not_a_number(item)) is not None), None)
    if isinstance(value, np.ndarray):
        return None if value.dtype.kind in "fiu" else (f"{value.dtype} values",)
    value = plain(value)
    return None if isinstance(value, int | float) and not isinstance(value, bool) else (shown(value),)


def weight_numbers(name: str, shape: Shape, value: Any, dtype: Any, who: str) -> Array:
    """What a weight may become: its shape, finite in its dtype, a variance not below 0; else a ValueError."""
    if np.shape(value) != shape:
        raise EngineError(
            "weight-shape", "{who} wants shape {wanted}, got {got}", who=who, wanted=tuple(shape), got=np.shape(value)
        )
    array = in_dtype(value, dtype, who)
    if name.endswith("variance") and array.size and array.min() < 0:
        raise EngineError("variance-negative", "{who} expected variances ≥ 0, got {got:g}", who=who, got=array.min())
    return array


def compact(array: Array) -> Array:
    """float32 where that carries the numbers, else float64: a column keeps its values apart, and finite.

    float32 carries a column (last axis) if rounding moves no number by more than 1/2,000 of the column's range: a
    pixel on a screen. Unix timestamps of one minute, or 1e39, are not carried.
    """
    wide = np.asarray(array, np.float64)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        narrow = wide.astype(np.float32)
        rows = wide.reshape(-1, wide.shape[-1]) if wide.ndim > 1 else wide.reshape(-1, 1)
        if rows.size:
            moved = np.abs(narrow.reshape(rows.shape) - rows)
            span = np.ptp(rows, axis=0)
            lost = (moved > np.where(span > 0, span, np.abs(rows).max(axis=0)) / 2000) & np.isfinite(rows)
            if lost.any():
                return np.ascontiguousarray(wide)
    return np.ascontiguousarray(narrow)


def all_finite(array: Array) -> bool:
    """Whether a float array is finite throughout.

    A sum is finite only if all of it is, and costs one pass without a mask; a sum that overflows is looked at again.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.isfinite(array.sum())) or bool(np.isfinite(array).all())


def _first_wrong(before: Array, after: Array, first: int) -> tuple[float, Shape]:
    """The first number that is not finite as it came, and where it stands."""
    place = tuple(int(i) for i in np.argwhere(~np.isfinite(after))[0])
    return float(before[place]), (place[0] + first, *place[1:]) if place else ()


def whole(value: Any, who: str, name: str, minimum: int) -> int:
    """`value` as an int of at least `minimum`, or a ValueError; NumPy's whole numbers are whole numbers."""
    number = plain(value)
    if isinstance(number, bool) or not isinstance(number, int) or number < minimum:
        raise EngineError(
            "value-whole",
            "{who} wants {argument} to be a whole number ≥ {minimum}, got {got!w}",
            who=who,
            argument=name,
            minimum=minimum,
            got=value,
        )
    return number


def check_place(name: str, shape: Sequence[int], index: Sequence[int]) -> None:
    """Whether an array of this shape has such a place, or an error that says what it has."""
    if len(index) != len(shape) or any(not 0 <= i < n for i, n in zip(index, shape, strict=False)):
        words = "{name} has shape {shape}, got index " + str(list(index))
        raise EngineError("weight-index", words, name=name, shape=tuple(shape), index=tuple(index))
