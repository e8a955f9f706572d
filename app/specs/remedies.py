"""What helps against bias and against variance, as changes of a spec that can be tried at once."""

from dataclasses import dataclass

from engine.data import datasets
from engine.data.features import MAX_DEGREE
from engine.data.generated import SAMPLES
from engine.training.spec import LayerSettings, RunSpec

SMALL_L2 = 0.001
HIDDEN: LayerSettings = {"id": "remedy", "type": "Dense", "units": 8, "activation": "relu"}


@dataclass(frozen=True)
class Remedy:
    """changes: path → value as in a set command; longer: how many times the steps."""

    id: str
    against: str
    changes: dict[str, object]
    longer: int = 1

    def describe(self) -> dict[str, object]:
        return {"id": self.id, "against": self.against, "changes": self.changes, "longer": self.longer}


def _hidden(spec: RunSpec, factor: float) -> list[LayerSettings] | None:
    """The layers with hidden dense layers wider or narrower; None where nothing would change."""
    out: list[LayerSettings] = []
    for i, layer in enumerate(spec["layers"]):
        units = layer.get("units")
        last = i == len(spec["layers"]) - 1
        wider = layer["type"] == "Dense" and not last
        if wider and isinstance(units, int):
            out.append({**layer, "units": max(1, round(units * factor))})
        else:
            out.append(layer)
    return out if out != spec["layers"] else None


def remedies(spec: RunSpec, high_bias: bool, high_variance: bool) -> list[Remedy]:
    """What applies to this spec, the best first (Ng, Machine Learning Yearning, chapters 25 and 27)."""
    data = spec["data"]
    kind = datasets.get(data["name"])
    generated = any(a.name == "samples" for a in kind.arguments)
    tabular = kind.kind != "image"
    l2, wider, narrower = spec["regularization"]["l2"], _hidden(spec, 2), _hidden(spec, 0.5)
    found: list[Remedy] = []
    if high_bias:
        if tabular and data["degree"] < MAX_DEGREE:
            found.append(Remedy("more_features", "bias", {"data.degree": min(MAX_DEGREE, data["degree"] + 2)}))
        if wider:
            found.append(Remedy("wider", "bias", {"layers": wider}))
        elif tabular:
            found.append(Remedy("hidden_layer", "bias", {"layers": [HIDDEN, *spec["layers"]]}))
        if l2 > 0:
            found.append(Remedy("less_l2", "bias", {"regularization.l2": l2 / 10}))
        if spec["dropout"] > 0:
            found.append(Remedy("no_dropout", "bias", {"dropout": 0.0}))
        found.append(Remedy("longer", "bias", {}, 4))
    if high_variance:
        if data["train_rows"]:
            found.append(Remedy("all_rows", "variance", {"data.train_rows": None}))
        elif generated:
            found.append(
                Remedy("more_data", "variance", {"data.samples": min(int(SAMPLES.maximum or 0), 4 * data["samples"])})
            )
        found.append(Remedy("more_l2", "variance", {"regularization.l2": min(1.0, max(SMALL_L2, 10 * l2))}))
        if data["degree"] > 1:
            found.append(Remedy("fewer_features", "variance", {"data.degree": max(1, data["degree"] // 2)}))
        if narrower:
            found.append(Remedy("narrower", "variance", {"layers": narrower}))
        if wider and spec["dropout"] == 0:
            found.append(Remedy("dropout", "variance", {"dropout": 0.3}))
        if not tabular and kind.task in ("binary", "multiclass"):
            found.append(Remedy("augment", "variance", {"augmentation.shift": 0.1, "augmentation.rotate": 10.0}))
        if spec["early_stopping"] is None:
            found.append(Remedy("early_stopping", "variance", {"early_stopping": {"patience": 10}}))
    return found
