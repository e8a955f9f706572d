"""Arguments of parts as data: one description checks a value, fills a menu and documents the API."""

import math
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Argument:
    """One argument. kind: 'int', 'float', 'bool', 'choice', 'text', 'shape', 'sizes', 'pair' (n or [n, m]) or 'sides'

    (n, [rows, columns] or [[top, bottom], [left, right]]); bounds are inclusive.

    With `below` the upper bound is exclusive (a dropout rate is below 1).
    """

    name: str
    kind: str
    default: Any
    minimum: float | None = None
    maximum: float | None = None
    below: float | None = None
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
        if self.minimum is not None:
            words += f" ≥ {self.minimum:g}"
        if self.maximum is not None:
            words += f"{' and' if self.minimum is not None else ''} ≤ {self.maximum:g}"
        if self.below is not None:
            words += f"{' and' if self.minimum is not None else ''} < {self.below:g}"
        return words + (" or null" if self.optional else "")

    def check(self, owner: str, value: Any) -> Any:
        """Returns the value, or raises a ValueError that says who wanted what and what came."""
        if value is None and self.optional:
            return value
        if not self._fits(value):
            raise ValueError(f"{owner} wants {self.name} to be {self.wants()}, got {value!r}")
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

    def _fits(self, value: Any) -> bool:
        if self.kind == "choice":
            return value in self.choices
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
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if self.kind in ("int", "pair", "sides") and not isinstance(value, int):
            return False
        return (
            math.isfinite(value)
            and (self.minimum is None or value >= self.minimum)
            and (self.maximum is None or value <= self.maximum)
            and (self.below is None or value < self.below)
        )

    def describe(self) -> dict[str, Any]:
        """Plain JSON for the catalogue."""
        out: dict[str, Any] = {"name": self.name, "kind": self.kind, "default": self.default, "doc": self.doc}
        for key in ("minimum", "maximum", "below"):
            if getattr(self, key) is not None:
                out[key] = getattr(self, key)
        if self.choices:
            out["choices"] = list(self.choices)
        if self.optional:
            out["optional"] = True
        return out


def _is_size(pair: Any) -> bool:
    """Whether it is a width and a height."""
    return (
        isinstance(pair, list | tuple)
        and len(pair) == 2
        and all(isinstance(n, int | float) and not isinstance(n, bool) and 0 < n <= 2 for n in pair)
    )
