"""The default spec and the presets that open on the workbench. A preset is a spec and a name in two languages."""

from dataclasses import dataclass
from typing import Any

from app.specs.model import Spec


@dataclass(frozen=True)
class Preset:
    id: str
    title: dict[str, str]
    spec: dict[str, Any]

    def describe(self) -> dict[str, Any]:
        return {"id": self.id, "title": self.title, "spec": self.spec}


def dense(*units: int, activation: str = "tanh", **extra: Any) -> list[dict[str, Any]]:
    """Hidden layers h1, h2, … and the output."""
    hidden = [{"id": f"h{i + 1}", "units": n, "activation": activation, **extra} for i, n in enumerate(units)]
    return [*hidden, {"id": "out", "units": "auto", "activation": "auto"}]


def _spec(**parts: Any) -> dict[str, Any]:
    return Spec.model_validate(parts).plain()


ALL_INPUTS = ["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)"]

PRESETS: dict[str, Preset] = {
    p.id: p
    for p in (
        Preset(
            "circle",
            {"en": "Circle", "he": "עיגול"},
            _spec(data={"name": "circle"}, layers=dense(4, 2)),
        ),
        Preset(
            "spiral",
            {"en": "Spiral, solved", "he": "ספירלה, פתורה"},
            _spec(
                data={"name": "spiral", "samples": 800, "noise": 0.05, "features": ALL_INPUTS},
                layers=dense(12, 8),
                optimizer={"name": "Adam", "learning_rate": 0.01},
                batch_size=20,
            ),
        ),
        Preset(
            "xor",
            {"en": "Exclusive or", "he": "או-בלעדי"},
            _spec(data={"name": "xor"}, layers=dense(4, activation="relu"), seed=3),
        ),
        Preset(
            "rings",
            {"en": "Three rings", "he": "שלוש טבעות"},
            _spec(
                data={"name": "rings"},
                layers=dense(8, 6, activation="relu"),
                optimizer={"name": "Adam", "learning_rate": 0.01},
            ),
        ),
        Preset(
            "sine",
            {"en": "Fit a sine", "he": "התאמת סינוס"},
            _spec(
                data={"name": "sine", "samples": 120},
                layers=dense(8, 8),
                optimizer={"name": "Adam", "learning_rate": 0.01},
            ),
        ),
        Preset(
            "houses",
            {"en": "House prices", "he": "מחירי בתים"},
            _spec(
                data={"name": "houses", "scaling": "zscore", "split": {"train": 0.6, "cv": 0.2}},
                layers=dense(8, activation="relu"),
                optimizer={"name": "Adam", "learning_rate": 0.003},
                batch_size=32,
            ),
        ),
        Preset(
            "cancer",
            {"en": "Breast cancer", "he": "סרטן שד"},
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
            {"en": "Irises", "he": "אירוסים"},
            _spec(
                data={"name": "iris", "scaling": "zscore", "split": {"train": 0.6, "cv": 0.2}},
                layers=dense(6),
                optimizer={"name": "Adam", "learning_rate": 0.01},
            ),
        ),
        Preset(
            "digits",
            {"en": "Handwritten digits, 28×28", "he": "ספרות בכתב יד, 28×28"},
            _spec(
                data={"name": "mnist"},
                layers=dense(128, 64, activation="relu"),
                optimizer={"name": "Adam", "learning_rate": 0.001},
                dropout=0.2,
                batch_size=64,
            ),
        ),
    )
}

DEFAULT = PRESETS["circle"].spec
