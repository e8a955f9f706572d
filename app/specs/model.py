"""The form of a spec. Strict: a number is a number, and a key nobody knows is an error."""

from typing import Annotated, Literal, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from app.specs.bounds import field_of, named
from engine.core.errors import EngineError
from engine.data.augment import CHANGES
from engine.data.features import DEGREE
from engine.data.generated import NOISE, SAMPLES, SEED
from engine.data.scenes import SCENE
from engine.layers import Dropout
from engine.optimizers import SGD
from engine.regularizers import AMOUNT
from engine.training.early import PATIENCE
from engine.training.spec import RunSpec

Seed = Annotated[int, Field(ge=SEED.minimum, le=SEED.maximum)]
RATE = named(Dropout.arguments, "rate")
Name = Annotated[str, Field(min_length=1, max_length=80)]
Fraction = Annotated[float, Field(ge=0, le=1)]


class Strict(BaseModel):
    """A plain form has every field, whether it was given or not, and its schema says so."""

    model_config = ConfigDict(
        strict=True, extra="forbid", allow_inf_nan=False, json_schema_serialization_defaults_required=True
    )


OPEN = ConfigDict(**{**Strict.model_config, "extra": "allow"})
"""Of what has the arguments of a part of the engine beside its own fields."""


class Split(Strict):
    """Parts of the examples for training and cross-validation; the rest is for the test."""

    train: Fraction = Field(0.5, gt=0, description="part to train on")
    cv: Fraction = Field(0.25, description="part to choose by (cross-validation)")

    @model_validator(mode="after")
    def _whole(self) -> "Split":
        if self.train + self.cv > 1 + 1e-9:
            raise EngineError(
                "split-whole", "train and cv together want at most 1, got {got:g}", got=self.train + self.cv
            )
        return self


class SceneSpec(Strict):
    """What is on generated scenes, and how it lies."""

    objects: int = field_of(named(SCENE, "objects"))
    smallest: float = field_of(named(SCENE, "smallest"))
    largest: float = field_of(named(SCENE, "largest"))
    overlap: float = field_of(named(SCENE, "overlap"))
    clutter: float = field_of(named(SCENE, "clutter"))
    arrangement: Literal["free", "one_cell", "same_shape"] = field_of(named(SCENE, "arrangement"))


class DataSpec(Strict):
    """Which data, how much, split, engineered and scaled how."""

    name: Name = Field("circle", description="a data set of the catalogue, 'points' or 'csv'")
    samples: int = field_of(SAMPLES)
    noise: float = field_of(NOISE)
    seed: int = field_of(SEED)
    split: Split = Field(default_factory=Split)
    split_seed: Seed = 0
    train_rows: int | None = Field(None, ge=1, description="m: only so many of the training part; null for all")
    scaling: Literal["none", "max", "mean", "zscore"] = "none"
    target_scaling: Literal["none", "max", "mean", "zscore"] = Field("none", description="regression targets")
    scene: SceneSpec = Field(default_factory=SceneSpec)
    size: int | None = Field(None, ge=4, le=512, description="side of the pictures, where the data set has several")
    goal: Literal["target", "inputs"] = Field("target", description="what to answer; inputs: an autoencoder")
    features: list[Name] | None = Field(None, max_length=64, description="engineered inputs; null for the raw ones")
    degree: int = field_of(DEGREE)
    points: list[Annotated[list[float], Field(min_length=3, max_length=3)]] | None = Field(
        None, description="[x1, x2, value] of 'points'"
    )
    classes: int = Field(2, ge=0, le=10, description="classes of 'points'; 0 for values")
    upload: Annotated[str, Field(max_length=64)] | None = Field(None, description="id of the CSV of 'csv'")
    inputs: list[Name] | None = Field(None, max_length=256, description="input columns of 'csv'")
    target: Name | None = Field(None, description="target column of 'csv'")


class LayerSpec(BaseModel):
    """One layer: its type's arguments (see the catalogue) beside these."""

    model_config = OPEN

    id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,31}$")] = Field(
        description="unique; learnt weights follow it through edits"
    )
    type: Name = "Dense"
    units: int | Literal["auto"] | None = None
    activation: Name | None = None
    dropout: float | None = field_of(RATE, default=None, doc="after this layer; null for the spec's own")
    l1: float | None = field_of(AMOUNT["l1"], default=None, doc="null for the spec's own")
    l2: float | None = field_of(AMOUNT["l2"], default=None, doc="null for the spec's own")
    trainable: bool = Field(True, description="false: its weights stay as they are (Keras's layer.trainable)")

    @model_serializer(mode="wrap")
    def _leave_out_the_usual(self, write: SerializerFunctionWrapHandler) -> dict[str, object]:
        """A layer that learns, as nearly all do, does not say so."""
        out: dict[str, object] = write(self)
        if self.trainable:
            out.pop("trainable", None)
        return out


class LossSpec(BaseModel):
    model_config = OPEN
    name: Name = Field("auto", description="a loss of the catalogue, or auto: what fits the data")


class OptimizerSpec(BaseModel):
    model_config = OPEN
    name: Name = "SGD"
    learning_rate: float = field_of(named(SGD.arguments, "learning_rate"), default=0.03)


class Penalty(Strict):
    l1: float = field_of(AMOUNT["l1"], default=0.0, doc="l1·Σ|w|")
    l2: float = field_of(AMOUNT["l2"], default=0.0, doc="l2·Σw²; the course's λ/m")


class AugmentationSpec(Strict):
    """How training pictures are changed at random, each by its own draw; other parts stay as they are."""

    mirror: bool = field_of(named(CHANGES, "mirror"))
    zoom: float = field_of(named(CHANGES, "zoom"))
    rotate: float = field_of(named(CHANGES, "rotate"))
    shift: float = field_of(named(CHANGES, "shift"))
    colour: float = field_of(named(CHANGES, "colour"))


class EarlyStoppingSpec(Strict):
    """The run stops when J_cv has not fallen for so many epochs, and takes back its best weights."""

    patience: int = field_of(PATIENCE)


class Spec(Strict):
    """Everything that makes a run: data, layers, loss, optimiser, and the seed."""

    version: Literal[1] = 1
    data: DataSpec = Field(default_factory=DataSpec)
    layers: list[LayerSpec] = Field(min_length=1)
    loss: LossSpec = Field(default_factory=LossSpec)
    optimizer: OptimizerSpec = Field(default_factory=OptimizerSpec)
    regularization: Penalty = Field(default_factory=Penalty)
    augmentation: AugmentationSpec = Field(default_factory=AugmentationSpec)
    dropout: float = field_of(RATE, default=0.0, doc="after every hidden layer without its own")
    batch_size: int = Field(10, ge=1)
    shuffle: bool = Field(True, description="another order of the examples in every epoch")
    updates: Literal["simultaneous", "sequential"] = Field(
        "simultaneous", description="sequential: each weight before the next one's slope is taken (plain SGD only)"
    )
    early_stopping: EarlyStoppingSpec | None = None
    seed: Seed = Field(1, description="weights, shuffling, dropout")
    pretrained: Literal["tiny_face_detector"] | None = Field(None, description="trained weights it starts with")

    @model_validator(mode="after")
    def _unique(self) -> "Spec":
        ids = [layer.id for layer in self.layers]
        twice = next((i for i in ids if ids.count(i) > 1), None)
        if twice is not None:
            raise EngineError("layer-ids-equal", "layer ids must differ; {id!r} stands twice", id=twice)
        return self

    def plain(self) -> RunSpec:
        """As plain JSON, defaults filled in."""
        return cast(RunSpec, self.model_dump(mode="json"))
