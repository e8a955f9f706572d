"""The plain form of a spec, as JSON has it, whole: what a run is made from.

Whoever takes a spec from outside parses it into this form once (app/specs/model.py has the bounds and the words); the
parts of the engine read it and change nothing in it.
"""

from typing import Literal, NotRequired, TypedDict

from engine.data.settings import AugmentationSettings, DataSettings


class LayerSettings(TypedDict):
    """One layer. The arguments of its type stand beside these; of them, `filters` can be left to the data."""

    id: str
    type: str
    units: NotRequired[int | Literal["auto"] | None]
    activation: NotRequired[str | None]
    dropout: NotRequired[float | None]
    l1: NotRequired[float | None]
    l2: NotRequired[float | None]
    trainable: NotRequired[bool]
    filters: NotRequired[int | Literal["auto"]]


class LossSettings(TypedDict):
    """A loss; its arguments stand beside its name. A detector's has anchors."""

    name: str
    anchors: NotRequired[list[list[float]]]


class OptimizerSettings(TypedDict):
    """An optimiser; its other arguments stand beside these."""

    name: str
    learning_rate: float
    momentum: NotRequired[float]


class PenaltySettings(TypedDict, total=False):
    """l1·Σ|w| + l2·Σw²."""

    l1: float
    l2: float


class EarlyStoppingSettings(TypedDict):
    """Epochs without a smaller J_cv."""

    patience: int


class RunSpec(TypedDict):
    """Everything that makes a run: data, layers, loss, optimiser, and the seed."""

    version: Literal[1]
    data: DataSettings
    layers: list[LayerSettings]
    loss: LossSettings
    optimizer: OptimizerSettings
    regularization: PenaltySettings
    augmentation: AugmentationSettings
    dropout: float
    batch_size: int
    shuffle: bool
    updates: Literal["simultaneous", "sequential"]
    early_stopping: EarlyStoppingSettings | None
    seed: int
    pretrained: Literal["tiny_face_detector"] | None
