"""What a number is made of: sums of products, and formulas with the numbers in them.

Every part explains its own numbers (a layer's `terms`, `input_terms` and `weight_terms`, a loss's, an activation's and
an optimiser's `terms`) in plain Python over plain arrays, apart from the plan that computes them: a test holds the two
together. Formulas are text in the field's notation: `W_i` has a subscript, `e^z` a superscript, and k is the
place of the number itself.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypedDict

import numpy as np

from engine.core.types import Array, MaybeNaN

MOST_TERMS = 12
"""Products of a sum that are told one by one; of more the largest."""

SumKind = Literal["products", "max", "mean", "add", "weights", "won", "share", "passed"]
FormulaKind = Literal["formula", "same", "padding", "slope", "scale"]


class SumTold(TypedDict):
    """A sum as plain JSON: of many terms the largest ones."""

    kind: SumKind
    formula: str
    values: list[MaybeNaN]
    factors: list[MaybeNaN] | None
    rest: MaybeNaN | None
    over: int
    count: int
    total: MaybeNaN
    value: MaybeNaN


class FormulaTold(TypedDict):
    """A formula as plain JSON."""

    kind: FormulaKind
    name: str
    formula: str
    numbers: str
    parts: dict[str, MaybeNaN]
    value: MaybeNaN


class LossTold(TypedDict):
    """A loss of one output as plain JSON."""

    loss: FormulaTold
    slope: FormulaTold
    over: int


@dataclass(frozen=True)
class Sum:
    """value = Σ factorᵢ·valueᵢ / over + rest; without factors they are all 1. Of kind "max": the largest value.

    kind: products W·x (+ b), max, mean, add (of branches); of a slope that is passed back: weights, won (of windows in
    which the number was the largest), share (of a mean), passed (as it is).
    """

    kind: SumKind
    formula: str
    values: Array
    factors: Array | None = None
    rest: float | None = None
    over: int = 1

    @property
    def products(self) -> Array:
        """Each term, float64."""
        values = np.asarray(self.values, np.float64)
        return values if self.factors is None else values * np.asarray(self.factors, np.float64)

    @property
    def total(self) -> float:
        """Σ factorᵢ·valueᵢ."""
        return float(self.products.sum())

    @property
    def value(self) -> float:
        if self.kind == "max":
            return float(np.max(self.values))
        return self.total / self.over + (self.rest or 0.0)

    def describe(self, most: int = MOST_TERMS) -> SumTold:
        """Plain JSON: of more than `most` terms the largest ones, largest first."""
        order: Any = slice(None)
        if len(self.values) > most:
            order = np.argsort(-self.products if self.kind == "max" else -np.abs(self.products), kind="stable")[:most]
        values = np.asarray(self.values, np.float64)[order].tolist()
        factors = None if self.factors is None else np.asarray(self.factors, np.float64)[order].tolist()
        return {
            "kind": self.kind, "formula": self.formula, "values": values, "factors": factors, "rest": self.rest,
            "over": self.over, "count": len(self.values), "total": self.total, "value": self.value,
        }  # fmt: skip

    def __str__(self) -> str:
        told = self.describe()
        factors: list[float | None] = [*told["factors"]] if told["factors"] else [None] * len(told["values"])
        pairs = zip(factors, told["values"], strict=True)
        each = [f"{value:.3g}" if f is None else f"{_factor(f)}·{_factor(value)}" for f, value in pairs]
        each += ["…"] * (told["count"] > len(each))
        if self.kind == "max":
            numbers = f"max({', '.join(each)})"
        else:
            numbers = " + ".join(each) or "0"
            numbers = f"({numbers}) / {self.over}" if self.over > 1 else numbers
            numbers += "" if self.rest is None else f" + {_factor(self.rest)}"
        return " = ".join(filter(None, (self.formula, numbers, f"{self.value:.4g}")))


@dataclass(frozen=True)
class Formula:
    """A formula in letters, the same with places for numbers ("{α}·{g}"), and the numbers by name.

    kind: formula; same (an input as it is), padding (a zero around an image); of a slope that is passed back: slope,
    scale. `name` is what it gives, where it is a line of several ("m" of "m ← β₁ m + (1 − β₁) g").
    """

    formula: str
    numbers: str
    parts: Mapping[str, float]
    value: float
    kind: FormulaKind = "formula"
    name: str = ""

    def describe(self) -> FormulaTold:
        """Plain JSON."""
        parts = {name: float(number) for name, number in self.parts.items() if f"{{{name}}}" in self.numbers}
        return {
            "kind": self.kind, "name": self.name, "formula": self.formula, "numbers": self.numbers, "parts": parts,
            "value": float(self.value),
        }  # fmt: skip

    def __str__(self) -> str:
        numbers = re.sub(
            r"\{([^{}]+)\}",
            lambda place: _factor(self.parts[place[1]]) if place[1] in self.parts else place[0],
            self.numbers,
        )
        steps = " = ".join(filter(None, (self.formula, numbers, f"{self.value:.4g}")))
        return f"{self.name} ← {steps}" if self.name else steps


Terms = Sum | Formula


@dataclass(frozen=True)
class LossTerms:
    """The loss of one output, its slope ∂J/∂ŷ (∂J/∂z, where it is joined with the activation), and N in J = 1/N Σ L."""

    loss: Formula
    slope: Formula
    over: int

    def describe(self) -> LossTold:
        """Plain JSON."""
        return {"loss": self.loss.describe(), "slope": self.slope.describe(), "over": self.over}


@dataclass(frozen=True)
class Passed:
    """What one reader passes back to a number that it is given."""

    reader: str
    terms: Terms


def same(x: float, formula: str = "x") -> Formula:
    """An input as it is."""
    return Formula(formula, "", {"x": x}, float(x), "same")


def passed(slope: float) -> Sum:
    """A slope that is handed on as it is."""
    return Sum("passed", "∂J/∂a", np.array([slope], np.float64))


def joined_sum(parts: Sequence[Sum], rest: float | None = None, rest_formula: str = "") -> Sum:
    """Sums of one kind as one: of ∂J/∂w the terms of every example, with the penalty's slope as the rest."""
    values = np.concatenate([p.values for p in parts])
    factors = None if parts[0].factors is None else np.concatenate([p.factors for p in parts if p.factors is not None])
    formula = f"{'Σ ' if len(values) > 1 else ''}{parts[0].formula}{f' + {rest_formula}' if rest_formula else ''}"
    return replace(parts[0], formula=formula, values=values, factors=factors, rest=rest)


def _factor(x: float) -> str:
    return f"({x:.3g})" if x < 0 else f"{x:.3g}"
