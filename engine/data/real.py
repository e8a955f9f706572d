"""Real data from the files in engine/data/files (made by tools/make_data.py; licences in DATA_LICENSES)."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from engine.data.dataset import Dataset, DatasetKind, datasets
from engine.data.settings import DataSettings

FILES = Path(__file__).parent / "files"
real: list[str] = []
LUMA = (0.299, 0.587, 0.114)
"""Shares of red, green and blue in grey (ITU-R BT.601)."""


@lru_cache(maxsize=4)
def load(name: str) -> Dataset:
    """Reads a file once in each process; arrays are read-only and shared by all runs there."""
    kind = datasets.get(name)
    with np.load(FILES / f"{name}.npz", allow_pickle=False) as data:
        x = data["x"].astype(np.float32)
        if "top" in data:
            x /= np.float32(data["top"])
        y = data["y"].astype(np.float32)
        fixed = tuple(float(part) for part in data["fixed"]) if "fixed" in data else None
        inputs = tuple(str(n) for n in data["inputs"]) if "inputs" in data else ("pixels",)
        classes = tuple(str(n) for n in data["classes"])
        target = str(data["target"]) if "target" in data else "digit"
    x.flags.writeable = y.flags.writeable = False
    assert fixed is None or len(fixed) == 3
    return Dataset(name, kind.task, kind.kind, x, y, inputs, target, classes, fixed)


Split = tuple[float, float, float]
PUBLISHED: Split = (0.8, 0.1, 0.1)
"""In the order of the file: the test part is last."""
WHOLE: Split = (1.0, 0.0, 0.0)
"""Nothing to learn from: all of it is to be looked at."""


def _add(name: str, task: str, kind: str, examples: int, outputs: int, inputs: tuple[str, ...],
         shape: tuple[int, ...], doc: str, fixed: Split | None = None) -> None:  # fmt: skip
    def make(settings: DataSettings) -> Dataset:
        return load(name)

    datasets.add(name, DatasetKind(name, task, kind, make, (), doc, outputs, inputs, shape, examples,
                                   fixed_split=fixed))  # fmt: skip
    real.append(name)


def _photographs(settings: DataSettings) -> Dataset:
    """The photographs in the size asked for, means of blocks of pixels; in colour or grey."""
    data, kind = load("photographs"), datasets.get(settings["name"])
    side, _, channels = kind.shape_at(settings)
    block = data.x.shape[1] // side
    x = data.x.reshape(len(data.x), side, block, side, block, 3).mean(axis=(2, 4))
    if channels == 1:
        x = x @ np.array(LUMA, np.float32)[:, None]
    return replace(data, name=kind.name, x=x)


_CANCER = tuple(
    f"{prefix}{base}{suffix}"
    for prefix, suffix in (("mean ", ""), ("", " error"), ("worst ", ""))
    for base in (
        "radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave points",
        "symmetry", "fractal dimension",
    )
)  # fmt: skip
_add("iris", "multiclass", "table", 150, 3, ("sepal length", "sepal width", "petal length", "petal width"), (4,),
     "150 irises of three species, four lengths in cm")  # fmt: skip
_add("penguins", "multiclass", "table", 333, 3, ("bill length", "bill depth", "flipper length", "body mass"), (4,),
     "333 penguins of three species, in mm and g")  # fmt: skip
_add(
    "breast_cancer",
    "binary",
    "table",
    569,
    1,
    _CANCER,
    (30,),
    "569 tumours, malignant or not, 30 measurements",
)
_add("houses", "regression", "table", 932, 1, ("beds", "baths", "sqft", "latitude", "longitude"), (5,),
     "932 house sales in Sacramento, price in 100,000 $")  # fmt: skip
_add("digits", "multiclass", "image", 1797, 10, ("pixels",), (8, 8, 1), "1,797 handwritten digits, 8×8")
_add(
    "mnist", "multiclass", "image", 10_000, 10, ("pixels",), (28, 28, 1), "10,000 handwritten digits, 28×28", PUBLISHED
)
_add("fashion_mnist", "multiclass", "image", 10_000, 10, ("pixels",), (28, 28, 1), "10,000 garments, 28×28", PUBLISHED)
_add(
    "textures",
    "multiclass",
    "image",
    1500,
    3,
    ("pixels",),
    (32, 32, 1),
    "1,500 patches of brick, grass, gravel, 32×32",
    PUBLISHED,
)


def _face_photographs(settings: DataSettings) -> Dataset:
    """The photographs as a detector sees them; nobody has drawn boxes on them."""
    data = _photographs({**settings, "name": "photographs", "size": settings.get("size") or 256})
    nothing = np.full((len(data.x), 1, 5), -1, np.float32)
    return replace(data, name="photographs_faces", task="detection", y=nothing, target="boxes", classes=("face",))


datasets.add("photographs_faces", DatasetKind(
    "photographs_faces", "detection", "image", _face_photographs, (), "six photographs, for a trained face detector", 1,
    ("pixels",), (256, 256, 3), 6, sides=(128, 256), classes=("face",), fixed_split=WHOLE,
))  # fmt: skip
real.append("photographs_faces")
for _name, _channels, _doc in (("photographs", 3, "in colour"), ("photographs_grey", 1, "in grey")):
    datasets.add(_name, DatasetKind(
        _name, "multiclass", "image", _photographs, (), f"six photographs {_doc}, to look at filters with", 6,
        ("pixels",), (128, 128, _channels), 6, sides=(32, 64, 128, 256), fixed_split=WHOLE,
    ))  # fmt: skip
    real.append(_name)
_add("emoji", "multiclass", "image", 1500, 10, ("pixels",), (32, 32, 3), "1,500 emoji in colour, 32×32")
