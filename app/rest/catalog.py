"""What there is: everything a client needs to build an editor, made from the registries."""

from functools import lru_cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from app.export import EXPORTERS
from app.labs import LABS
from app.runs.commands import OPS
from app.specs.model import Spec
from app.specs.presets import DEFAULT, PRESETS, USUAL_HERO
from engine.activations import activations
from engine.core.types import Array
from engine.data import datasets
from engine.data.features import MAX_DEGREE, available
from engine.data.prepare import SCALINGS
from engine.initializers import initializers
from engine.layers import layers
from engine.losses import losses
from engine.metrics import metrics
from engine.optimizers import CLIPNORM, optimizers
from engine.schedules import schedules
from engine.training.blueprint import REGULARIZERS
from engine.views import views
from engine.zoo import architectures

CURVE_POINTS = 61
LOSS_POINTS = 81
SIDES = (("one", 1.0), ("zero", 0.0))


def _curve(name: str) -> dict[str, Any]:
    """g and g′ over −6 … 6 for a drawing; softmax is left out, since it has no single input."""
    if name == "softmax":
        return {}
    z: Array = np.linspace(-6, 6, CURVE_POINTS)
    g = activations.get(name)
    values, slopes = g(z[:, None])[:, 0], g.slope(z[:, None])[:, 0]
    return {"z": z.round(3).tolist(), "a": values.round(4).tolist(), "slope": slopes.round(4).tolist()}


def _loss_curves(name: str) -> dict[str, Any]:
    """L by kind of question: against ŷ − y for numbers, against ŷ (as p) with y = 1 and y = 0 for two classes."""
    loss = losses.get(name)()
    out: dict[str, Any] = {}
    if "regression" in getattr(loss, "tasks", ()):
        x = np.linspace(-4, 4, LOSS_POINTS)
        out["regression"] = {"x": x.round(4).tolist(), "one": [round(loss(np.zeros(1), np.array([v])), 5) for v in x]}
    if "binary" in getattr(loss, "tasks", ()) and loss.joins != "step":
        p = np.linspace(0.002, 0.998, LOSS_POINTS)
        y = 2 * p - 1 if loss.name == "hinge" else p  # hinge reads answers from −1 to 1
        curves = {key: [round(loss(np.array([t]), np.array([v])), 5) for v in y] for key, t in SIDES}
        out["binary"] = {"x": p.round(4).tolist(), **curves}
    return out


IN_BRIEF = ("datasets", "layers", "optimizers", "schedules", "scalings", "exports")
ENTRIES_IN_BRIEF = {
    "activations": ("name", "formula"),
    "losses": ("name", "formula", "tasks"),
    "labs": ("id", "number", "title"),
}


@lru_cache(maxsize=1)
def brief_catalog() -> dict[str, Any]:
    """The document of GET /catalog/brief."""
    whole = build_catalog()
    cut = {
        name: [{key: entry[key] for key in keys if key in entry} for entry in whole[name]]
        for name, keys in ENTRIES_IN_BRIEF.items()
    }
    for short, entry in zip(cut["labs"], whole["labs"], strict=True):
        if "number" not in entry and entry["hero"] != USUAL_HERO:  # a lab's is in its page
            short["hero"] = entry["hero"]
    return {name: whole[name] for name in IN_BRIEF} | cut


@lru_cache(maxsize=1)
def build_catalog() -> dict[str, Any]:
    """The document of GET /catalog."""
    return {
        "datasets": [
            k.describe() | {"features": [f.name for f in available(k.inputs)] if k.kind in ("line", "plane") else []}
            for _, k in datasets.items()
        ],
        "layers": [
            {
                "name": name,
                "doc": cls.doc,
                "arguments": [a.describe() for a in cls.arguments],
                "regularized": name in REGULARIZERS,
            }
            for name, cls in layers.items()
            if not cls.nested
        ],
        "activations": [
            {"name": name, "formula": g.formula, "range": g.range, "curve": _curve(name)}
            for name, g in activations.items()
        ],
        "losses": [
            {
                "name": name,
                "formula": getattr(cls, "formula", ""),
                "doc": getattr(cls, "doc", ""),
                "tasks": list(getattr(cls, "tasks", ())),
                "curves": _loss_curves(name),
                "arguments": [a.describe() for a in getattr(cls, "arguments", ())],
            }
            for name, cls in losses.items()
        ],
        "optimizers": [
            {
                "name": name,
                "formula": cls.formula,
                "arguments": [a.describe() for a in (*cls.arguments, CLIPNORM)],
            }
            for name, cls in optimizers.items()
        ],
        "schedules": [
            {"name": name, "formula": k.formula, "arguments": [a.describe() for a in k.arguments]}
            for name, k in schedules.items()
        ],
        "initializers": [{"name": name, "doc": doc} for name, doc in initializers.items()],
        "metrics": [{"name": name, "tasks": list(m.tasks)} for name, m in metrics.items()],
        "views": [v.describe() for _, v in views.items()],
        "scalings": list(SCALINGS),
        "max_degree": MAX_DEGREE,
        "architectures": [a.describe() for _, a in architectures.items()],
        "labs": [*(p.describe() for p in PRESETS.values()), *(lab.describe() for lab in LABS.values())],
        "commands": list(OPS),
        "exports": [*EXPORTERS, *(["onnx"] if find_spec("onnx") else [])],
        "default_spec": DEFAULT,
        "spec_schema": Spec.model_json_schema(),
    }
