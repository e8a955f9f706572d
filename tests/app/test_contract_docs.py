"""Pages of docs/ and the browser's types are as the code is now, and views give what they declare."""

import re
from collections import defaultdict

import numpy as np
import orjson
import pytest

from app.contract.parts import title_of
from app.contract.views import json_schema
from app.main import create_app
from app.specs.presets import PRESETS
from engine.training import Trainer
from engine.views import ViewContext, check_parameters, views
from engine.views.base import Tensor, View
from tests.app.contract import Contract
from tests.server import ROOT
from tools.make_docs import pages

DTYPES = {"uint8": "U8", "float16": "F16", "float32": "F32", "float64": "F64", "int32": "I32", "uint32": "U32"}
REGRESSION = {"data": {"name": "sine", "samples": 60}, "layers": [{"id": "h1", "units": 3, "dropout": 0.5},
                                                                 {"id": "out", "units": "auto"}]}  # fmt: skip


DEPTHWISE = [
    {"id": "d", "type": "DepthwiseConv2D", "depth_multiplier": 2, "padding": "same", "activation": "relu"},
    {"id": "p", "type": "MaxPooling2D"}, {"id": "f", "type": "Flatten"}, {"id": "out", "units": "auto"},
]  # fmt: skip


def test_generated_files_are_fresh():
    for path, text in pages().items():
        assert path.read_text().rstrip() == text.rstrip(), f"{path.relative_to(ROOT)} is stale: make docs"


@pytest.mark.parametrize("page", ["stream.md", "views.md", "settings.md", "errors.md"])
def test_pages_are_linked(page):
    assert f"({page})" in (ROOT / "docs" / "clients.md").read_text()


# -- views -----------------------------------------------------------------------------------------------------------
def trained(spec, steps=4):
    from app.specs import parse_spec

    trainer = Trainer(parse_spec(spec))
    with np.errstate(all="ignore"):
        for _ in trainer.advancing("batch", steps):
            pass
    return trainer


def preset(name, **changes):
    """A preset with few examples."""
    spec = PRESETS[name].spec
    few = {"samples": 60, "split": {"train": 0.02, "cv": 0.01}} if name in ("lenet", "autoencoder") else {"samples": 60}
    return trained({**spec, **changes, "data": {**spec["data"], **few}})


NETS = {
    "dense": lambda: preset("circle"),
    "line": lambda: trained(REGRESSION),
    "hill": lambda: trained({**REGRESSION, "data": {"name": "hill", "samples": 60}}),
    "iris": lambda: preset("iris"),
    "lenet": lambda: preset("lenet", augmentation={"shift": 0.1}, dropout=0.2),
    "autoencoder": lambda: preset("autoencoder"),
    "detector": lambda: preset("yolo"),
    "landmarks": lambda: preset("landmarks"),
    "windows": lambda: preset("windows"),
    "depthwise": lambda: preset("windows", layers=DEPTHWISE),
    "diverged": lambda: trained({**REGRESSION, "optimizer": {"name": "SGD", "learning_rate": 1e4}}, 60),
}


@pytest.fixture(scope="module")
def contract():
    return Contract(create_app().openapi())


@pytest.fixture(scope="module")
def met():
    """By view: the declarations that some net has met; under nets, which nets were looked at."""
    return defaultdict(set)


def asked(trainer, name):
    """Parameters worth asking a view with: as usual, and those that bring out its other tensors."""
    first = trainer.model.layers[0].name
    more = {
        "gradients": [{"full": True}],
        "responses": [{"layer": first}],
        "window": [{"layer": leaf.name} for leaf in trainer.model.leaves if len(leaf.output_shape) == 3],
        "latent": [{"grid": 3}],
        "neurons": [{"show": "filters"}, {"show": "gradients", "spread": "map"}],
        "gallery": [{"part": "train"}],
        "mistakes": [{"part": "train"}],
        "boxes": [{"confidence": 0.0}],
        "suppression": [{"confidence": 0.0}],
    }
    return [{}, *more.get(name, [])]


def declared(view, name):
    """The declaration that a tensor's name follows; of several the first."""
    for tensor in view.tensors:
        if re.fullmatch(re.sub(r"\\{\w+\\}", ".+", re.escape(tensor.name)), name):
            return tensor
    raise AssertionError(f"view {view.name} gives {name!r}, which it does not declare")


def check(view, tensors, exact):
    """Names, shapes and dtypes against the declaration; the declarations that were met."""
    lengths, met = {}, set()
    for name, array in tensors.items():
        tensor = declared(view, name)
        met.add(tensor.name)
        where = f"{view.name}/{name} {array.shape} {array.dtype}, declared ({tensor.shape}) {tensor.dtypes}"
        kind = DTYPES[str(array.dtype)]
        assert kind in tensor.dtypes, where
        if exact:
            rounded = {"F16", "U8"} if "F32" in tensor.dtypes and name != "input" else {"F16"}
            assert kind not in rounded, where
        axes = tensor.axes
        if "…" in axes:
            assert axes[-1] == "…"
            axes = axes[:-1]
            assert array.ndim >= len(axes), where
        else:
            assert array.ndim == len(axes), where
        for axis, length in zip(axes, array.shape, strict=False):
            if axis.isdigit():
                assert length == int(axis), where
            elif "{" not in tensor.name:
                assert lengths.setdefault(axis, length) == length, where
    return met


@pytest.mark.parametrize("net", NETS)
def test_views_give_and_say_what_they_declare(net, met, contract):
    trainer = NETS[net]()
    for exact in (False, True):
        context = ViewContext(trainer, exact)  # one frame of all views
        for name, view in views.items():
            for given in asked(trainer, name)[: 1 if exact else None]:
                parameters = check_parameters(name, given)
                found = view.compute(context, **parameters)
                met[name] |= check(view, found.tensors, exact)
                said = orjson.loads(orjson.dumps({**parameters, **found.about}, option=orjson.OPT_SERIALIZE_NUMPY))
                nothing = not found.tensors and title_of(name, "Nothing") in contract.components["schemas"]
                contract.holds(title_of(name, "Nothing" if nothing else "About"), said)
                met[name] |= {("fact", key) for key in said}
    met["nets"].add(net)


def test_every_tensor_that_is_declared_is_given_by_some_net(met):
    if met["nets"] != set(NETS):
        pytest.skip("not every net was looked at")
    missing = {(name, t.name) for name, view in views.items() for t in view.tensors if t.name not in met[name]}
    assert missing == {("face_landmarks", "points"), ("face_landmarks", "picture")}  # of the trained face nets alone
    assert not {(name, f.name) for name, view in views.items() for f in view.facts if ("fact", f.name) not in met[name]}


def test_a_fact_that_is_not_declared_or_is_another_is_found(contract):
    good = {"parts": ["train"], "penalty": None, "learning_rate": 0.1, "constant": None,
            "at": {"step": 3, "revision": 1}, "measuring": False, "counted": [5], "of": [9]}  # fmt: skip
    contract.holds("CostAbout", good)
    for wrong in ({**good, "more": 1}, {**good, "parts": "train"}, {"parts": [], "penalty": 0.0, "constant": 0.0}):
        with pytest.raises(AssertionError, match="CostAbout"):
            contract.holds("CostAbout", wrong)
    with pytest.raises(AssertionError):
        json_schema(complex, {})


def test_a_wrong_declaration_is_found():
    right = View("v", "", (), (Tensor("a", "n, 2", ("F32",), ""), Tensor("b", "n", ("F32",), "")), (), lambda: None)
    good = {"a": np.zeros((3, 2), np.float32), "b": np.zeros(3, np.float32)}
    assert check(right, good, False) == {"a", "b"}
    for wrong in (
        {"a": np.zeros((3, 3), np.float32)}, {"a": np.zeros((3, 2), np.uint8)}, {"a": np.zeros(3, np.float32)},
        {**good, "b": np.zeros(4, np.float32)}, {"c": np.zeros(3, np.float32)},
    ):  # fmt: skip
        with pytest.raises(AssertionError):
            check(right, wrong, False)
