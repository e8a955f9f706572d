"""What is refused, in a form that any language can say: a code, its parameters, and the sentence in English.

`str(error)` is for who writes Python or calls the server: it says who, wanted, got. `code` and `params` are for
everybody else: a page says them in its reader's words (languages/*/errors.ftl), a program can decide by them.

A sentence is a `str.format` template over the same parameters, so that neither can say what the other does not know:
`EngineError("csv-cells", "row {row}: {wanted} cells wanted, got {got}", row=3, wanted=4, got=5)`. Beside Python's own
forms, a tuple of names is written one after the other, and `{got!w}` is what came, short however long it is.
"""

import math
import string
from typing import Any, Self

import numpy as np

Param = str | int | float | bool | None | list[str | int | float | bool | None]
Params = dict[str, Param]
"""Plain JSON: a list is a shape or names; everything else that came is shown as a text."""
MOST_TEXT = 200
MOST_NAMES = 100
LARGEST = 2**53
"""Whole numbers beyond it are not the same in every reader of JSON, so they are texts."""


def plain(value: Any) -> Any:
    """A NumPy scalar (or 0-d array of a number) as Python's own number; anything else as it is."""
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        return value.item()
    return value


def shown(value: Any) -> str:
    """What came, for a message: short however long it is."""
    value = plain(value)
    text = repr(value) if not isinstance(value, int) or abs(value) < 10**60 else "a whole number of over 60 digits"
    return text if len(text) <= 80 else text[:79] + "…"


class _Sentence(string.Formatter):
    def convert_field(self, value: Any, conversion: Any) -> Any:
        return shown(value) if conversion == "w" else super().convert_field(value, conversion)

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, tuple) and not format_spec and value and all(isinstance(v, str) for v in value):
            return ", ".join(value)
        text: str = super().format_field(value, format_spec)
        return text


_SENTENCE = _Sentence()


def told(value: Any) -> Param:
    """A parameter as plain JSON."""
    if isinstance(value, tuple):
        return [_scalar(v) for v in value[:MOST_NAMES]]
    return _scalar(value)


def _scalar(value: Any) -> str | int | float | bool | None:
    value = plain(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) <= LARGEST else shown(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    text = value if isinstance(value, str) else shown(value)
    return text if len(text) <= MOST_TEXT else text[: MOST_TEXT - 1] + "…"


class Coded(Exception):
    """An error with a code and parameters; what a caller catches says what kind it is (a ValueError, mostly)."""

    def __init__(self, code: str, sentence: str, /, **params: Any) -> None:
        super().__init__(_SENTENCE.vformat(sentence, (), params))
        self.code = code
        self.params: Params = {name: told(value) for name, value in params.items()}

    @classmethod
    def as_told(cls, code: str, params: Params, detail: str) -> Self:
        """An error that has been worded already, perhaps in another process."""
        made = cls(code, "{detail}", detail=detail)
        made.params = params
        return made


class EngineError(Coded, ValueError):
    """What was handed over does not fit."""
