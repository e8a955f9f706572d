"""The plain form of a spec's `data`, as JSON has it: what a data set is made from, and how it is readied."""

from typing import Literal, Required, TypedDict


class SplitSettings(TypedDict):
    """Parts of the examples for training and cross-validation; the rest is for the test."""

    train: float
    cv: float


class SceneSettings(TypedDict, total=False):
    """What is on generated scenes, and how it lies."""

    objects: int
    smallest: float
    largest: float
    overlap: float
    clutter: float
    arrangement: Literal["free", "one_cell", "same_shape"]


class DataSettings(TypedDict, total=False):
    """Which data, how much, split, engineered and scaled how; what is not said stands at its default."""

    name: Required[str]
    samples: int
    noise: float
    seed: int
    split: SplitSettings
    split_seed: int
    train_rows: int | None
    scaling: Literal["none", "max", "mean", "zscore"]
    target_scaling: Literal["none", "max", "mean", "zscore"]
    scene: SceneSettings
    size: int | None
    goal: Literal["target", "inputs"]
    features: list[str] | None
    degree: int
    points: list[list[float]] | None
    classes: int
    upload: str | None
    inputs: list[str] | None
    target: str | None


class AugmentationSettings(TypedDict, total=False):
    """How training pictures are changed at random."""

    mirror: bool
    zoom: float
    rotate: float
    shift: float
    colour: float
