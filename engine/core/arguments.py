"""Arguments of parts as data: one description checks a value, fills a menu and documents the API."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.core.errors import EngineError, plain
from engine.core.numbers import FLOAT32_MOST, is_number

CODES = {
    "choice": "value-choice",
    "int": "value-whole",
    "float": "value-number",
    "bool": "value-yes-no",
    "text": "value-text",
    "shape": "value-shape",
    "sizes": "value-sizes",
    "pair": "value-pair",
    "sides": "value-sides",
}
"""What is said of a value that is none, by the argument's kind."""
BOUNDS = ("minimum", "above", "maximum", "below")


@dataclass(frozen=True)
class Argument:
    """One argument. kind: 'int', 'float', 'bool', 'choice', 'text', 'shape', 'sizes', 'pair' (n or [n, m]) or 'sides'

    (n, [rows, columns] or [[top, bottom], [left, right]]); bounds are inclusive.

    With `below` the upper bound is exclusive, in float32 (a dropout rate is below 1, and stays so when it is used);
    with `above` the lower one. Numbers are finite in float32; NumPy's scalars are numbers, True and False are not.
    """

    name: str
    kind: str
    default: Any
    minimum: float | None = None
    maximum: float | None = None
    below: float | None = None
    above: float | None = None
    choices: tuple[str, ...] = ()
    optional: bool = False
    doc: str = ""

    def wants(self) -> str:
        """What would be right, in words."""
        if self.kind == "choice":
            return f"one of {', '.join(self.choices)}"
        noun = {
            "int": "a whole number",
            "float": "a number",
            "bool": "true or false",
            "text": "a text of at most 200 characters",
            "shape": "a shape",
            "sizes": "1 to 20 pairs [width, height] of numbers above 0 and at most 2",
            "pair": "a whole number or two of them",
            "sides": "a whole number, [rows, columns] or [[top, bottom], [left, right]]",
        }
        words = noun[self.kind]
        bounds = [
            f"{sign} {bound:g}"
            for sign, bound in (("≥", self.minimum), (">", self.above), ("≤", self.maximum), ("<", self.below))
            if bound is not None
        ]
        words += " " * bool(bounds) + " and ".join(bounds)
        return words + (" or null" if self.optional else "")

    def check(self, owner: str, value: Any) -> Any:
        """Returns the value, or raises a ValueError that says who wanted what and what came."""
        value = _plain(value)
        if value is None and self.optional:
            return value
        if not self._fits(value):
            raise self._misfit(owner, value)
        if self.kind == "sides":
            rows, columns = (value, value) if isinstance(value, int) else value
            return tuple((n, n) if isinstance(n, int) else tuple(n) for n in (rows, columns))
        if self.kind == "pair":
            return (value, value) if isinstance(value, int) else tuple(value)
        if self.kind == "shape":
            return tuple(int(n) for n in value)
        if self.kind == "sizes":
            return tuple((float(a), float(b)) for a, b in value)
        return float(value) if self.kind == "float" else value

    def _misfit(self, owner: str, value: Any) -> EngineError:
        """What would be right and what came; where nothing else is wrong with it, that float32 has no such number."""
        bounds = {name: bound for name in BOUNDS if (bound := getattr(self, name)) is not None}
        said: dict[str, Any] = {"who": owner, "argument": self.name, "got": value, **bounds}
        wants = f"{{who}} wants {{argument}} to be {self.wants()}"
        if isinstance(value, int | float) and not is_number(value) and not isinstance(value, bool):
            large = self.maximum is None and self.below is None and value == value  # noqa: PLR0124  (NaN is not; an int may be too large for math.isnan)
            if self.kind == "float" and large:
                room = " of at most ±{most:.3g} (float32), got {got!w}"
                return EngineError("value-large", wants + room, most=FLOAT32_MOST, **said)
            if large:
                wants += f" of at most ±{FLOAT32_MOST:.3g} (float32)"
        if self.choices:
            said["choices"] = self.choices
        return EngineError(CODES[self.kind], wants + ", got {got!w}", **said)

    def _fits(self, value: Any) -> bool:
        if self.kind == "choice":
            return isinstance(value, str) and value in self.choices
        if self.kind == "text":
            return isinstance(value, str) and len(value) <= 200
        if self.kind == "bool":
            return isinstance(value, bool)
        if self.kind == "shape":
            return isinstance(value, list | tuple) and all(type(n) is int and n >= -1 for n in value)
        if self.kind == "sizes":
            return isinstance(value, list | tuple) and 1 <= len(value) <= 20 and all(map(_is_size, value))
        if self.kind == "sides" and isinstance(value, list | tuple):
            return len(value) == 2 and all(
                (type(n) is int and self._fits(n))
                or (isinstance(n, list | tuple) and len(n) == 2 and all(type(m) is int and m >= 0 for m in n))
                for n in value
            )
        if self.kind == "pair" and isinstance(value, list | tuple):
            return len(value) == 2 and all(type(n) is int and self._fits(n) for n in value)
        if not is_number(value):
            return False
        if self.kind in ("int", "pair", "sides") and not isinstance(value, int):
            return False
        return (
            (self.minimum is None or value >= self.minimum)
            and (self.maximum is None or value <= self.maximum)
            and (self.below is None or float(np.float32(value)) < self.below)
            and (self.above is None or float(np.float32(value)) > self.above)
        )

    def describe(self) -> dict[str, Any]:
        """Plain JSON for the catalogue."""
        out: dict[str, Any] = {"name": self.name, "kind": self.kind, "default": self.default, "doc": self.doc}
        for key in ("minimum", "maximum", "below", "above"):
            if getattr(self, key) is not None:
                out[key] = getattr(self, key)
        if self.choices:
            out["choices"] = list(self.choices)
        if self.optional:
            out["optional"] = True
        return out


def _plain(value: Any) -> Any:
    """NumPy's scalars, alone or in lists, as Python's numbers; a NumPy array as a list."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, list | tuple):
        return type(value)([_plain(v) for v in value]) if any(map(_foreign, value)) else value
    return plain(value)


def _foreign(value: Any) -> bool:
    return isinstance(value, np.generic | np.ndarray | list | tuple)


def _is_size(pair: Any) -> bool:
    """Whether it is a width and a height."""
    return (
        isinstance(pair, list | tuple)
        and len(pair) == 2
        and all(isinstance(n, int | float) and not isinstance(n, bool) and 0 < n <= 2 for n in pair)
    )
