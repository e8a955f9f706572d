"""From a data set to what a model trains on: split, engineered inputs, scaling fitted on the training part alone."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.core.errors import EngineError
from engine.core.numbers import FLOAT32_MOST, in_dtype
from engine.core.types import Array, Shape
from engine.data import pictures as _pictures  # noqa: F401
from engine.data import real as _real  # noqa: F401
from engine.data import scenes as _scenes  # noqa: F401
from engine.data import uploads as _uploads  # noqa: F401  (registers the visitor's own data)
from engine.data.dataset import Dataset, datasets
from engine.data.features import Feature, choose
from engine.data.goal import Goal
from engine.data.settings import DataSettings

CONSTANT = 16 * float(np.finfo(np.float64).eps)
"""A column whose range is no more than this part of its size differs by rounding alone."""
SCALINGS = ("none", "max", "mean", "zscore")
PARTS = ("train", "cv", "test")


@dataclass(frozen=True)
class Prepared:
    """A data set ready to train on.

    raw (M, *shape) as measured, x (M, F) or (M, H, W, C) what the model sees, y (M, 1) values or classes;
    index[part] the rows of each part. offset, scale: x = (features − offset) / scale.
    """

    dataset: Dataset
    features: tuple[Feature, ...]
    x: Array
    y: Array
    index: dict[str, Array]
    offset: Array
    scale: Array
    target_offset: float
    target_scale: float
    task: str
    """The data set's own, or 'reconstruction' when the inputs are the target too."""

    @property
    def goal(self) -> Goal:
        return Goal.of(self.task, self.dataset.outputs, self.input_shape)

    @property
    def input_shape(self) -> Shape:
        return tuple(self.x.shape[1:])

    @property
    def input_names(self) -> list[str]:
        return [f.name for f in self.features] if self.features else list(self.dataset.inputs)

    def encode(self, raw: Array, clip: bool = False) -> Array:
        """Model inputs from raw inputs (B, *shape); what float32 does not hold is refused, or clipped to its end."""
        if not self.features:
            return np.asarray(raw, np.float32)
        columns = feature_columns(self.features, np.asarray(raw, np.float64))
        if clip:
            with np.errstate(over="ignore", under="ignore", invalid="ignore"):
                scaled = np.nan_to_num((columns - self.offset) / self.scale, posinf=FLOAT32_MOST, neginf=-FLOAT32_MOST)
            return np.clip(scaled, -FLOAT32_MOST, FLOAT32_MOST).astype(np.float32)
        return model_inputs(self.features, columns, self.offset, self.scale, "inputs")

    def answers(self, outputs: Array) -> Array:
        """Model outputs of a regression in the unit of the target, in float64, since float32 may not hold them."""
        return np.asarray(outputs, np.float64) * self.target_scale + self.target_offset

    def part(self, name: str) -> tuple[Array, Array]:
        rows: Any = self.index[name]
        if len(rows) and (np.diff(rows) == 1).all():  # one after the other: no copy is needed
            rows = slice(int(rows[0]), int(rows[-1]) + 1)
        return self.x[rows], self.y[rows]

    def bounds(self, column: int) -> tuple[float, float]:
        """The range of a raw input to draw."""
        if self.dataset.bounds:
            return self.dataset.bounds[column]
        values = self.dataset.x[:, column]
        low, high = float(values.min()), float(values.max())
        margin = 0.05 * (high - low) or abs(high) or 1.0
        return low - margin, high + margin


def feature_columns(features: tuple[Feature, ...], raw: Array) -> Array:
    """Features (B, F) of raw inputs (B, n) in float64; what leaves float64 is ∞ or 0."""
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return np.stack([f.of(raw) for f in features], axis=1)


def check_columns(features: tuple[Feature, ...], raw: Array, columns: Array) -> None:
    """ValueError where an engineered input left float64 at either end."""
    there = (raw != 0).any(axis=0)
    for i, feature in enumerate(features):
        column, way = np.abs(columns[:, i]), ""
        if not np.isfinite(column).all():
            way = "large"
        elif not feature.sine and there[list(feature.factors)].all() and column.max() < np.finfo(np.float64).tiny:
            way = "small" if (raw[:, feature.factors] != 0).all(axis=1).any() else ""
        if way:
            raise EngineError(
                "feature-size",
                "data: {feature} is too {way} to compute; lower data.degree or measure its inputs in other units",
                feature=feature.name,
                way=way,
            )


def model_inputs(
    features: tuple[Feature, ...], columns: Array, offset: Array, scale: Array, who: str = "data"
) -> Array:
    """(columns − offset) / scale as float32, finite throughout, or a ValueError that names the feature."""
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        scaled = (columns - offset) / scale
        x = scaled.astype(np.float32)
    for i in np.flatnonzero(~np.isfinite(x).all(axis=0)):
        row = int(np.flatnonzero(~np.isfinite(x[:, i]))[0])
        raise EngineError(
            "input-too-large",
            "{who}: input {feature!r} is {got:g}, scaled {scaled:g}, which is too large for float32 "
            "(at most {most:.3g}); scale the inputs or lower data.degree",
            who=who,
            feature=features[i].name,
            got=columns[row, i],
            scaled=scaled[row, i],
            most=FLOAT32_MOST,
        )
    return x


def split_rows(m: int, train: float, cv: float, seed: int, fixed: bool = False) -> dict[str, Array]:
    """Row numbers of train, cross-validation and test parts; every part that is asked for gets at least one row."""
    order = np.arange(m) if fixed else np.random.default_rng([seed, 4]).permutation(m)
    n_train = max(1, min(m, round(m * train)))
    n_cv = min(m - n_train, max(1 if cv > 0 else 0, round(m * cv)))
    return {
        "train": order[:n_train],
        "cv": order[n_train : n_train + n_cv],
        "test": order[n_train + n_cv :],
    }


def scaling_of(columns: Array, how: str) -> tuple[Array, Array]:
    """offset and scale per column of float64: max x/max|x|; mean (x−μ)/(max−min); zscore (x−μ)/σ.

    Nothing here depends on the unit a column is measured in: 1e-30 and 1e30 scale alike. A column that is constant (up
    to rounding) becomes exactly 0 by its own value c, and a value v that comes later (v − c)/|c|; 1 where c is 0.
    """
    n = columns.shape[1]
    if how not in SCALINGS:
        raise EngineError(
            "unknown-name", "unknown {kind} {name!r}. Known: {known}", kind="scaling", name=how, known=tuple(SCALINGS)
        )
    if how == "none":
        return np.zeros(n), np.ones(n)
    most = np.abs(columns).max(axis=0)
    size = np.where(most > 0, most, 1.0)
    if how == "max":
        return np.zeros(n), size
    first = columns[0]
    span = np.ptp(columns, axis=0)
    constant = span <= CONSTANT * most
    moved = (columns - first) / np.where(span > 0, span, 1.0)  # in 0 … 1: no square of it over- or underflows
    middle = moved.mean(axis=0)
    offset = np.where(constant, first, first + middle * span)
    spread = span if how == "mean" else span * np.sqrt(((moved - middle) ** 2).mean(axis=0))
    return offset, np.where(constant, size, spread)


def prepare(settings: DataSettings) -> Prepared:
    """Loads or makes the data that `settings` (a spec's `data`) describes and readies it."""
    data = datasets.get(settings["name"]).make(settings)
    split = settings.get("split") or {"train": 0.5, "cv": 0.25}
    if data.fixed_split:
        index = split_rows(len(data.x), data.fixed_split[0], data.fixed_split[1], 0, fixed=True)
    else:
        index = split_rows(len(data.x), split["train"], split["cv"], settings.get("split_seed", 0))
    if settings.get("train_rows"):
        index["train"] = index["train"][: settings["train_rows"]]
    y = data.y[:, None] if data.y.ndim == 1 else data.y
    task = "reconstruction" if settings.get("goal") == "inputs" else data.task
    target_offset, target_scale = 0.0, 1.0
    if data.task == "regression" and settings.get("target_scaling", "none") != "none":
        offset, scale = scaling_of(y[index["train"]].astype(np.float64), settings["target_scaling"])
        target_offset, target_scale = float(offset[0]), float(scale[0])
        y = (y.astype(np.float64) - target_offset) / target_scale
    target = in_dtype(y, np.float32, f"data: the target {data.target!r}")
    if y.any() and not target.any():
        raise EngineError(
            "target-too-small",
            "data: the target {target!r} is at most {got:g}, which is 0 in float32; scale it",
            target=data.target,
            got=np.abs(y).max(),
        )
    y = target
    if data.kind == "image":
        if settings.get("features") or settings.get("degree", 1) != 1:
            raise EngineError(
                "images-features",
                "data.features: {data} is made of images, which have no engineered inputs",
                data=data.name,
            )
        nothing = np.zeros(0)
        return Prepared(data, (), data.x, y, index, nothing, nothing, target_offset, target_scale, task)
    features = choose(data.inputs, settings.get("features"), settings.get("degree", 1))
    raw = data.x.astype(np.float64)
    columns = feature_columns(tuple(features), raw)
    check_columns(tuple(features), raw, columns)
    offset, scale = scaling_of(columns[index["train"]], settings.get("scaling", "none"))
    x = model_inputs(tuple(features), columns, offset, scale)
    for i in np.flatnonzero(columns.any(axis=0) & (offset == 0) & ~x.any(axis=0)):
        raise EngineError(
            "input-too-small",
            "data: input {feature!r} is at most {got:g}, which is 0 in float32; scale the inputs",
            feature=features[i].name,
            got=np.abs(columns[:, i]).max(),
        )
    return Prepared(data, tuple(features), x, y, index, offset, scale, target_offset, target_scale, task)
