"""Bias and variance from J_train, J_cv and a baseline, and the cost of answering always the same."""

from dataclasses import asdict, dataclass

import numpy as np

from engine.core.types import Array, Config
from engine.losses import Loss

SHARE = 0.1
"""A gap is high when it is more than this part of what there is to be learnt (constant answer − baseline)."""


@dataclass(frozen=True)
class BiasVariance:
    """bias = J_train − baseline, variance = J_cv − J_train; *_share: as parts of scale = J_constant − baseline."""

    bias: float
    variance: float
    bias_share: float
    variance_share: float
    high_bias: bool
    high_variance: bool
    scale: float

    def describe(self) -> Config:
        return asdict(self)


def bias_and_variance(
    j_train: float, j_cv: float, baseline: float = 0.0, constant: float | None = None
) -> BiasVariance:
    """Both gaps. baseline: the J that people (or the best known model) reach; constant: J of a constant answer,

    which gives the scale (without it J_cv does). Both gaps can be high at once.
    """
    for name, number in (("j_train", j_train), ("j_cv", j_cv), ("baseline", baseline)):
        if not np.isfinite(number):
            raise ValueError(f"bias and variance want {name} to be a finite number, got {number}")
    top = constant if constant is not None and np.isfinite(constant) else max(j_train, j_cv)
    scale = max(top - baseline, 1e-9 * max(abs(top), abs(baseline)), float(np.finfo(np.float64).tiny))
    bias, variance = j_train - baseline, j_cv - j_train
    return BiasVariance(
        bias, variance, bias / scale, variance / scale, bias > SHARE * scale, variance > SHARE * scale, scale
    )


def constant_cost(task: str, loss: Loss, y: Array, outputs: int) -> float:
    """J over targets y (m, 1) of the best answer that does not look at x; NaN where that is no simple thing."""
    if task not in ("regression", "binary", "multiclass") or not len(y):
        return float("nan")
    if task == "multiclass":
        shares = np.bincount(y[:, 0].astype(np.int64), minlength=outputs) / len(y)
        targets: Array = y[:, 0].astype(np.int64)
        if loss.name != "sparse_categorical_crossentropy":
            targets = np.eye(len(shares))[targets]
        return float(loss(targets, np.tile(shares, (len(y), 1))))
    return min(float(loss(y, np.full(y.shape, level))) for level in (float(y.mean()), float(np.median(y))))
