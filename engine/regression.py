"""Least squares in closed form: the normal equation, solved without forming (XᵀX)⁻¹."""

from dataclasses import dataclass

import numpy as np

from engine.core.types import Array

METHODS = ("svd", "qr")


FAR = 1e3
"""Columns this many times larger than others are brought to one size, which keeps the digits of the small ones."""


@dataclass(frozen=True)
class Solution:
    """weights (n, K), bias (K,); rank of the centred X; condition: its largest singular value over its smallest."""

    weights: Array
    bias: Array
    rank: int
    condition: float
    method: str

    @property
    def full_rank(self) -> bool:
        return self.rank == len(self.weights)


def least_squares(x: Array, y: Array, alpha: float = 0.0, intercept: bool = True, method: str = "svd") -> Solution:
    """argmin Σ (x·w + b − y)² + α Σ w²   for x (m, n), y (m, K); b is not penalised.

    Without a penalty this is w = (XᵀX)⁻¹Xᵀy. svd: X = U S Vᵀ of the centred X gives w = V (S²+α)⁻¹ S Uᵀ y; singular
    values below max(m, n)·ε·s₁ count as zero, so columns that depend on each other give the shortest of all solutions
    and rank < n. Units do not count: without a penalty, columns of very different sizes are each divided by their own
    first. qr: X = QR gives R w = Qᵀ y (the penalty as √α I in rows below X); it wants full rank, else svd is taken.
    Golub & Van Loan, Matrix Computations, 5.3 and 5.5; Hastie et al., Elements of Statistical Learning, 3.4.1.
    """
    a, t = np.asarray(x, np.float64), np.asarray(y, np.float64)
    t = t[:, None] if t.ndim == 1 else t
    if a.ndim != 2 or len(a) != len(t) or not len(a):
        raise ValueError(f"least_squares wants x (m, n) and y (m,) or (m, K), got {np.shape(x)} and {np.shape(y)}")
    if method not in METHODS:
        raise ValueError(f"least_squares wants method to be one of {', '.join(METHODS)}, got {method!r}")
    if not alpha >= 0 or not np.isfinite(alpha):
        raise ValueError(f"least_squares wants alpha to be a number ≥ 0, got {alpha!r}")
    if not (np.isfinite(a).all() and np.isfinite(t).all()):
        raise ValueError("least_squares wants finite numbers")
    middle = a.mean(axis=0) if intercept else np.zeros(a.shape[1])
    level = t.mean(axis=0) if intercept else np.zeros(t.shape[1])
    centred, target = a - middle, t - level
    rounding = max(a.shape) * np.finfo(np.float64).eps
    centred[:, np.abs(centred).max(axis=0) <= rounding * np.abs(a).max(axis=0)] = 0.0  # constant, but for rounding
    u, s, vt = np.linalg.svd(centred, full_matrices=False)
    kept = s > rounding * (s[0] if len(s) else 0.0)
    rank = int(kept.sum())
    size = np.abs(centred).max(axis=0)
    there = size > 0
    if not alpha and there.any() and size.max() > FAR * size[there].min():
        return _in_own_units(centred, target, middle, level, size, s, rounding)
    condition = float(s[0] / s[-1]) if len(s) == a.shape[1] and len(s) and s[-1] > 0 else float("inf")
    used = method
    if method == "qr" and (rank == a.shape[1] or alpha > 0):
        below = np.sqrt(alpha) * np.eye(a.shape[1])
        rows = np.concatenate([centred, below]) if alpha else centred
        q, r = np.linalg.qr(rows)
        padded = np.concatenate([target, np.zeros((len(rows) - len(target), t.shape[1]))])
        weights = np.linalg.solve(r, q.T @ padded)
    else:
        used = "svd"
        shrink = np.where(kept, s / np.where(kept, s * s + alpha, 1.0), 0.0)
        weights = vt.T @ (shrink[:, None] * (u.T @ target))
    return Solution(weights, level - middle @ weights, rank, condition, used)


def _in_own_units(
    centred: Array, target: Array, middle: Array, level: Array, size: Array, singular: Array, rounding: float
) -> Solution:
    """The answer without a penalty in columns divided by their size; rank and digits do not depend on units then."""
    there = size > 0
    u, s, vt = np.linalg.svd(centred[:, there] / size[there], full_matrices=False)
    kept = s > rounding * s[0]
    weights = np.zeros((len(size), target.shape[1]))
    weights[there] = vt[kept].T @ ((u[:, kept].T @ target) / s[kept, None]) / size[there, None]
    whole = len(singular) == len(size) and singular[-1] > 0
    condition = float(singular[0] / singular[-1]) if whole else float("inf")
    return Solution(weights, level - middle @ weights, int(kept.sum()), condition, "svd")
