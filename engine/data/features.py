"""Engineered inputs: powers, products and sines of the raw inputs, by name."""

from dataclasses import dataclass
from itertools import combinations_with_replacement
from math import comb

import numpy as np

from engine.core.arguments import Argument
from engine.core.errors import EngineError
from engine.core.types import Array

MAX_FEATURES = 4096
MAX_DEGREE = 15
DEGREE = Argument(
    "degree", "int", 1, minimum=1, maximum=MAX_DEGREE, doc="all monomials of the inputs up to this degree"
)


@dataclass(frozen=True)
class Feature:
    """sine: sin(k·x_i) of input i; else the product of x_i over `factors` (indices, repeated for powers)."""

    name: str
    factors: tuple[int, ...]
    sine: bool = False

    def of(self, x: Array) -> Array:
        if self.sine:
            return np.asarray(np.sin(x[:, self.factors[0]]))
        return np.asarray(np.prod(x[:, self.factors], axis=1))


def feature_name(inputs: tuple[str, ...], factors: tuple[int, ...]) -> str:
    parts = []
    for i in dict.fromkeys(factors):
        power = factors.count(i)
        parts.append(inputs[i] if power == 1 else f"{inputs[i]}^{power}")
    return "*".join(parts)


def available(inputs: tuple[str, ...]) -> list[Feature]:
    """What can be switched on by name: the inputs; for a line or plane squares, products and sines as well."""
    out = [Feature(name, (i,)) for i, name in enumerate(inputs)]
    if len(inputs) <= 2:
        pairs = combinations_with_replacement(range(len(inputs)), 2)
        squares = sorted(pairs, key=lambda pair: pair[0] != pair[1])
        out += [Feature(feature_name(inputs, pair), pair) for pair in squares]
        out += [Feature(f"sin({name})", (i,), sine=True) for i, name in enumerate(inputs)]
    return out


def choose(inputs: tuple[str, ...], names: list[str] | None, degree: int) -> list[Feature]:
    """The features called `names` (None: all raw inputs), and every monomial of the raw inputs up to `degree`."""
    if not 1 <= degree <= MAX_DEGREE:
        raise EngineError(
            "value-range",
            "data.{argument} wants {minimum} to {maximum}, got {got}",
            argument="degree",
            minimum=1,
            maximum=MAX_DEGREE,
            got=degree,
        )
    known = {f.name: f for f in available(inputs)}
    chosen = list(known.values())[: len(inputs)]
    if names is not None:
        unknown = [name for name in names if name not in known]
        if unknown:
            raise EngineError(
                "unknown-name",
                "data.features: unknown {kind} {name!r}. Known: {known}",
                kind="feature",
                name=unknown[0],
                known=tuple(known),
            )
        chosen = [feature for name, feature in known.items() if name in names]
    base = sorted({f.factors[0] for f in chosen if len(f.factors) == 1 and not f.sine})
    if degree > 1 and base:
        count = comb(len(base) + degree, degree) - 1
        if count > MAX_FEATURES:
            raise EngineError(
                "features-many",
                "data.degree {degree} over {inputs} inputs makes {got} features; at most {most} fit",
                degree=degree,
                inputs=len(base),
                got=count,
                most=MAX_FEATURES,
            )
        have = {(f.factors, f.sine) for f in chosen}
        for power in range(2, degree + 1):
            for factors in combinations_with_replacement(base, power):
                if (factors, False) not in have:
                    chosen.append(Feature(feature_name(inputs, factors), factors))
    if not chosen:
        raise EngineError("no-features", "data.features wants at least one feature, got none")
    return chosen
