"""From a data set to what a model trains on: split, engineered inputs, scaling fitted on the training part alone."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.core.types import Array, Shape
from engine.data import own as _own  # noqa: F401  (registers the visitor's own data)
from engine.data import pictures as _pictures  # noqa: F401
from engine.data import real as _real  # noqa: F401
from engine.data import scenes as _scenes  # noqa: F401
from engine.data.dataset import Dataset, datasets
from engine.data.features import Feature, choose
from engine.data.goal import Goal

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

    def encode(self, raw: Array) -> Array:
        """Model inputs from raw inputs (B, *shape)."""
        if not self.features:
            return np.asarray(raw, np.float32)
        columns = np.stack([f.of(np.asarray(raw, np.float64)) for f in self.features], axis=1)
        return ((columns - self.offset) / self.scale).astype(np.float32)

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
        margin = 0.05 * (high - low) or 1.0
        return low - margin, high + margin


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
    """offset and scale per column: max x/max|x|; mean (x−μ)/(max−min); zscore (x−μ)/σ; a constant column keeps 1."""
    n = columns.shape[1]
    zero, one = np.zeros(n), np.ones(n)
    match how:
        case "none":
            return zero, one
        case "max":
            offset, scale = zero, np.abs(columns).max(axis=0)
        case "mean":
            offset, scale = columns.mean(axis=0), np.ptp(columns, axis=0)
        case "zscore":
            offset, scale = columns.mean(axis=0), columns.std(axis=0)
        case _:
            raise ValueError(f"unknown scaling {how!r}. Known: {', '.join(SCALINGS)}")
    return offset, np.where(scale > 1e-12, scale, 1.0)


def prepare(settings: dict[str, Any]) -> Prepared:
    """Loads or makes the data that `settings` (a spec's `data`) describes and readies it."""
    data = datasets.get(settings["name"]).make(settings)
    split = settings.get("split") or {"train": 0.5, "cv": 0.25}
    if data.fixed_split:
        index = split_rows(len(data.x), data.fixed_split[0], data.fixed_split[1], 0, fixed=True)
    else:
        index = split_rows(len(data.x), split["train"], split["cv"], settings.get("split_seed", 0))
    if settings.get("train_rows"):
        index["train"] = index["train"][: settings["train_rows"]]
    y = data.y.astype(np.float32)
    if y.ndim == 1:
        y = y[:, None]
    task = "reconstruction" if settings.get("goal") == "inputs" else data.task
    target_offset, target_scale = 0.0, 1.0
    if data.task == "regression" and settings.get("target_scaling", "none") != "none":
        offset, scale = scaling_of(y[index["train"]].astype(np.float64), settings["target_scaling"])
        target_offset, target_scale = float(offset[0]), float(scale[0])
        y = ((y - target_offset) / target_scale).astype(np.float32)
    if data.kind == "image":
        if settings.get("features") or settings.get("degree", 1) != 1:
            raise ValueError(f"data.features: {data.name} is made of images, which have no engineered inputs")
        nothing = np.zeros(0)
        return Prepared(data, (), data.x, y, index, nothing, nothing, target_offset, target_scale, task)
    features = choose(data.inputs, settings.get("features"), settings.get("degree", 1))
    raw = data.x.astype(np.float64)
    columns = np.stack([f.of(raw) for f in features], axis=1)
    offset, scale = scaling_of(columns[index["train"]], settings.get("scaling", "none"))
    x = ((columns - offset) / scale).astype(np.float32)
    if not np.isfinite(x).all():
        raise ValueError("data: engineered inputs are too large to compute; lower data.degree or scale the inputs")
    return Prepared(data, tuple(features), x, y, index, offset, scale, target_offset, target_scale, task)
