"""Whether a drawing shows what J is like: heights as they are drawn, and how well they follow from fewer places."""

from dataclasses import dataclass

import numpy as np

from engine.core.types import Array

LEVELS = 14
"""Contours of a drawing, as static/draw/surface.js has them."""
NEAR = 0.5 / LEVELS
"""Half of what lies between two contours: an error of so much may make a valley where there is none."""
REACH = 2
"""Places of the lattice around a surprise where more may come."""


@dataclass(frozen=True)
class Heights:
    """J as heights in 0 … 1, finer near the lowest place; what is not finite is as high as it gets."""

    low: float
    high: float
    soft: float

    @classmethod
    def of(cls, j: Array) -> "Heights":
        known = np.sort(j[np.isfinite(j)], axis=None)
        if not len(known):
            return cls(0.0, 1.0, 1.0)
        low, high, quarter = float(known[0]), float(known[-1]), float(known[len(known) // 4])
        return cls(low, high, max((quarter - low) / 4, (high - low) * 1e-6, 1e-12))

    @property
    def whole(self) -> float:
        return float(np.log1p((self.high - self.low) / self.soft)) or 1.0

    def __call__(self, j: Array) -> Array:
        above = np.maximum(0, np.where(np.isfinite(j), j, self.high) - self.low)
        return np.asarray(np.clip(np.log1p(above / self.soft) / self.whole, 0, 1))

    def back(self, heights: Array) -> Array:
        """J at heights."""
        return np.asarray(self.low + self.soft * np.expm1(np.clip(heights, 0, 1) * self.whole))


def doubled(grid: Array) -> Array:
    """(n, n) → (2n − 1, 2n − 1) through the same places, as the page draws between them (Catmull and Rom 1974)."""

    def along(rows: Array) -> Array:
        wide = np.pad(rows, ((0, 0), (1, 1)), mode="edge")
        out = np.empty((len(rows), 2 * rows.shape[1] - 1))
        out[:, ::2] = rows
        out[:, 1::2] = (9 * (wide[:, 1:-2] + wide[:, 2:-1]) - wide[:, :-3] - wide[:, 3:]) / 16
        return out

    return along(along(grid).T).T


def surprising(heights: Array, measured: Array) -> Array:
    """Where a measured place lies elsewhere than every second place says, and around it: (n, n) of booleans."""
    wrong = (np.abs(heights - doubled(heights[::2, ::2])) > NEAR) & measured
    near: Array = np.zeros_like(wrong)
    padded = np.pad(wrong, REACH)
    n = len(wrong)
    for row in range(2 * REACH + 1):
        for column in range(2 * REACH + 1):
            near |= padded[row : row + n, column : column + n]
    return near
