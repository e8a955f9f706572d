"""The default spec and the presets that open on the workbench. A preset is a spec; its name is in languages/."""

from dataclasses import dataclass
from typing import Any

from app.languages import Words, everywhere
from app.specs.clocks import knee_of_preset
from app.specs.model import Spec
from engine.core.types import Config
from engine.training.spec import RunSpec
from engine.zoo import architectures
from engine.zoo.faces import face_anchors, face_detector_layers

USUAL_HERO = "network"


@dataclass(frozen=True)
class Preset:
    id: str
    spec: RunSpec
    hero: str = USUAL_HERO
    """The view that has the middle (app/labs/panels.py has those there are; tests/app/test_labs.py asks it)."""

    @property
    def title(self) -> Words:
        return everywhere("names", f"preset-{self.id}")

    def describe(self) -> dict[str, object]:
        clock = knee_of_preset(self.id)
        return {"id": self.id, "title": self.title, "spec": self.spec, "clock": clock, "hero": self.hero}


def dense(*units: int, activation: str = "tanh", **extra: Any) -> list[Config]:
    """Hidden layers h1, h2, … and the output."""
    hidden = [{"id": f"h{i + 1}", "units": n, "activation": activation, **extra} for i, n in enumerate(units)]
    return [*hidden, {"id": "out", "units": "auto", "activation": "auto"}]


def _spec(**parts: object) -> RunSpec:
    return Spec.model_validate(parts).plain()


def _architecture(id: str, name: str, rate: float = 0.002, **more: object) -> Preset:
    """The small sibling of an architecture, on handwritten digits unless another data set is named."""
    return Preset(
        id,
        _spec(
            **{
                "data": {"name": "mnist"},
                "layers": list(architectures.get(name).sibling),
                "optimizer": {"name": "Adam", "learning_rate": rate},
                "batch_size": 64,
                **more,
            }
        ),
    )


def _depth(id: str, blocks: int, shortcut: bool) -> Preset:
    """Nets of growing depth with and without a way around each pair of convolutions (He et al. 2015, figure 6)."""
    rows: list[Config] = [
        {"id": "c1", "type": "Conv2D", "filters": 8, "kernel_size": 3, "padding": "same", "activation": "relu"},
        {"id": "p1", "type": "MaxPooling2D", "pool_size": 2},
        *({"id": f"b{i + 1}", "type": "ResidualBlock", "filters": 8, "shortcut": shortcut} for i in range(blocks)),
        {"id": "mean", "type": "GlobalAveragePooling2D"},
        {"id": "out", "units": "auto", "activation": "auto"},
    ]
    return Preset(
        id,
        _spec(data={"name": "digits"}, layers=rows, optimizer={"name": "SGD", "learning_rate": 0.05, "momentum": 0.9},
              batch_size=32),
    )  # fmt: skip


def _conv(id: str, filters: int, **more: object) -> Config:
    return {"id": id, "type": "Conv2D", "filters": filters, "kernel_size": 3, "padding": "same",
            "activation": "leaky_relu", **more}  # fmt: skip


def _pool(id: str) -> Config:
    return {"id": id, "type": "MaxPooling2D", "pool_size": 2}


OUT = {"id": "out", "units": "auto", "activation": "auto"}
BODY = [_conv("c1", 16), _pool("p1"), _conv("c2", 32), _pool("p2"), _conv("c3", 64), _pool("p3")]
CELLS = {"id": "out", "type": "Conv2D", "filters": "auto", "kernel_size": 1, "activation": "auto"}
"""A detector's last layer: A·(5 + K) numbers a cell."""
ANCHORS = [[0.2, 0.22], [0.3, 0.31], [0.41, 0.42]]


def _detector(id: str, data: str, anchors: list[list[float]] = ANCHORS, samples: int = 1500) -> Preset:
    """A small YOLO: four convolutions, a grid of 8×8 cells over 64×64 pixels."""
    return Preset(
        id,
        _spec(
            data={"name": data, "samples": samples, "split": {"train": 0.8, "cv": 0.1}},
            layers=[*BODY, _conv("c4", 64), CELLS],
            loss={"name": "yolo", "anchors": anchors},
            optimizer={"name": "Adam", "learning_rate": 0.002},
            batch_size=16,
        ),
        hero="output",
    )


ALL_INPUTS = ["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)"]

PRESETS: dict[str, Preset] = {
    p.id: p
    for p in (
        Preset(
            "circle",
            _spec(data={"name": "circle"}, layers=dense(4, 2)),
        ),
        Preset(
            "spiral",
            _spec(
                data={"name": "spiral", "samples": 800, "noise": 0.05, "features": ALL_INPUTS},
                layers=dense(12, 8),
                optimizer={"name": "Adam", "learning_rate": 0.01},
                batch_size=20,
            ),
        ),
        Preset(
            "xor",
            _spec(data={"name": "xor"}, layers=dense(4, activation="relu"), seed=3),
        ),
        Preset(
            "rings",
            _spec(
                data={"name": "rings"},
                layers=dense(8, 6, activation="relu"),
                optimizer={"name": "Adam", "learning_rate": 0.01},
            ),
        ),
        Preset(
            "sine",
            _spec(
                data={"name": "sine", "samples": 120},
                layers=dense(8, 8),
                optimizer={"name": "Adam", "learning_rate": 0.01},
            ),
        ),
        Preset(
            "houses",
            _spec(
                data={"name": "houses", "scaling": "zscore", "split": {"train": 0.6, "cv": 0.2}},
                layers=dense(8, activation="relu"),
                optimizer={"name": "Adam", "learning_rate": 0.003},
                batch_size=32,
            ),
        ),
        Preset(
            "cancer",
            _spec(
                data={"name": "breast_cancer", "scaling": "zscore", "split": {"train": 0.6, "cv": 0.2}},
                layers=dense(8),
                optimizer={"name": "Adam", "learning_rate": 0.003},
                regularization={"l2": 0.001},
                batch_size=32,
            ),
        ),
        Preset(
            "iris",
            _spec(
                data={"name": "iris", "scaling": "zscore", "split": {"train": 0.6, "cv": 0.2}},
                layers=dense(6),
                optimizer={"name": "Adam", "learning_rate": 0.01},
            ),
        ),
        Preset(
            "digits",
            _spec(
                data={"name": "mnist"},
                layers=dense(128, 64, activation="relu"),
                optimizer={"name": "Adam", "learning_rate": 0.001},
                dropout=0.2,
                batch_size=64,
            ),
        ),
        _architecture(
            "lenet",
            "lenet5",
            optimizer={
                "name": "Adam",
                "learning_rate": 0.003,
                "schedule": {"name": "cosine_decay", "decay_steps": 3000, "alpha": 0.01},
            },
            dropout=0.4,
            regularization={"l2": 0.0001},
        ),
        _architecture("fashion", "lenet5", data={"name": "fashion_mnist"}),
        Preset(
            "emoji",
            _spec(
                data={"name": "emoji", "split": {"train": 0.7, "cv": 0.15}},
                layers=[
                    {"id": "c1", "type": "Conv2D", "filters": 12, "kernel_size": 3, "padding": "same"},
                    {"id": "p1", "type": "MaxPooling2D"},
                    {"id": "c2", "type": "Conv2D", "filters": 16, "kernel_size": 3, "padding": "same"},
                    {"id": "p2", "type": "MaxPooling2D"},
                    {"id": "c3", "type": "Conv2D", "filters": 24, "kernel_size": 3, "padding": "same"},
                    {"id": "p3", "type": "MaxPooling2D"},
                    {"id": "flat", "type": "Flatten"},
                    {"id": "out", "units": "auto", "activation": "auto"},
                ],
                optimizer={"name": "Adam", "learning_rate": 0.003},
                augmentation={"shift": 0.1},
                batch_size=32,
            ),
        ),
        _architecture("alexnet", "alexnet"),
        _architecture("vgg", "vgg16"),
        _architecture("resnet", "resnet18", 0.005),
        _architecture("inception", "googlenet", 0.005),
        _architecture("mobilenet", "mobilenet", 0.005),
        _architecture("mobilenet2", "mobilenet_v2", 0.005),
        Preset(
            "autoencoder",
            _spec(
                data={"name": "mnist", "goal": "inputs"},
                layers=[
                    {"id": "e1", "units": 128, "activation": "relu"},
                    {"id": "e2", "units": 32, "activation": "relu"},
                    {"id": "code", "units": 2, "activation": "linear"},
                    {"id": "d1", "units": 32, "activation": "relu"},
                    {"id": "d2", "units": 128, "activation": "relu"},
                    OUT,
                ],
                optimizer={"name": "Adam", "learning_rate": 0.002},
                batch_size=64,
            ),
            hero="output",
        ),
        Preset(
            "localisation",
            _spec(
                data={"name": "one_emoji", "samples": 1500, "split": {"train": 0.8, "cv": 0.1}},
                layers=[*BODY, {"id": "d1", "units": 64, "activation": "leaky_relu"}, OUT],
                optimizer={"name": "Adam", "learning_rate": 0.001},
                batch_size=16,
            ),
            hero="output",
        ),
        Preset(
            "landmarks",
            _spec(
                data={"name": "faces", "samples": 1200, "split": {"train": 0.8, "cv": 0.1}},
                layers=[*BODY, {"id": "d1", "units": 64, "activation": "leaky_relu"}, OUT],
                optimizer={"name": "Adam", "learning_rate": 0.001},
                batch_size=16,
            ),
            hero="output",
        ),
        Preset(
            "windows",
            _spec(
                data={"name": "windows_emoji", "samples": 2000, "split": {"train": 0.8, "cv": 0.1}},
                layers=[
                    _conv("c1", 16, padding="valid"),
                    _pool("p1"),
                    _conv("c2", 24, padding="valid", kernel_size=4),
                    _pool("p2"),
                    {"id": "d1", "units": 48, "activation": "relu"},
                    OUT,
                ],
                optimizer={"name": "Adam", "learning_rate": 0.001},
                batch_size=32,
            ),
        ),
        _detector("yolo", "scenes_emoji"),
        _detector(
            "yolo-digits",
            "scenes_digits",
            [[0.12, 0.24], [0.2, 0.33], [0.28, 0.42]],
            samples=5000,
        ),
        _detector("yolo-shapes", "scenes_shapes", [[0.22, 0.22], [0.34, 0.34], [0.4, 0.2]]),
        Preset(
            "faces",
            _spec(
                data={"name": "photographs_faces", "size": 256},
                layers=face_detector_layers(),
                loss={"name": "yolo", "anchors": face_anchors(256)},
                optimizer={"name": "SGD", "learning_rate": 0.0},
                batch_size=6,
                pretrained="tiny_face_detector",
            ),
            hero="output",
        ),
        _depth("deep-plain", 8, False),
        _depth("deep-residual", 8, True),
    )
}

DEFAULT = PRESETS["circle"].spec
