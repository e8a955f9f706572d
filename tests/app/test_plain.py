"""The plain form of a spec: the types that travel through the house say what the parser makes, field by field."""

from types import NoneType, UnionType
from typing import Annotated, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest
from pydantic import BaseModel

from app import plain as told
from app.contract import runs, uploads
from app.specs import model, parse_spec
from app.specs.presets import PRESETS
from engine.data import settings
from engine.data.uploads import ColumnAbout, TableAbout
from engine.training import spec

PAIRS = [
    (spec.RunSpec, model.Spec),
    (spec.LossSettings, model.LossSpec),
    (spec.OptimizerSettings, model.OptimizerSpec),
    (spec.LayerSettings, model.LayerSpec),
    (told.Report, runs.Report),
    (told.LayerRow, runs.LayerRow),
    (told.Totals, runs.Totals),
    (told.PicturesAbout, uploads.UploadedPictures),
    (told.BoxesAbout, uploads.UploadedBoxes),
    (TableAbout, uploads.UploadedTable),
    (ColumnAbout, uploads.ColumnEntry),
]
BESIDE = {"filters", "anchors", "momentum"}
"""Arguments of a part, which the engine's Arguments describe."""
WIDER = {"params", "value"}
"""Any JSON in the contract, for warnings that are still to come."""


def form(hint):
    """A type without bounds and words, and without what it is called: a dict of its fields' forms."""
    origin = get_origin(hint)
    if origin is Annotated:
        return form(get_args(hint)[0])
    if origin in (Union, UnionType):
        return frozenset(form(part) for part in get_args(hint))
    if origin is Literal:
        return "one of", frozenset(get_args(hint))
    if origin in (list, dict):
        return origin.__name__, *(form(part) for part in get_args(hint))
    if is_typeddict(hint) or (isinstance(hint, type) and issubclass(hint, BaseModel)):
        return "object", frozenset(fields(hint).items())
    return hint if hint is not NoneType else None


def fields(kind):
    hints = get_type_hints(kind)
    if issubclass(kind, BaseModel):
        more = {"id"} if kind.__module__ == uploads.__name__ else set()  # a file's id is told with what is kept of it
        hints = {name: hints[name] for name in kind.model_fields if name not in more}
    return {name: form(hint) for name, hint in hints.items() if name not in BESIDE | WIDER}


@pytest.mark.parametrize(("plain", "checked"), PAIRS, ids=lambda kind: kind.__name__)
def test_a_plain_type_has_the_fields_of_the_model_that_checks_it(plain, checked):
    assert fields(plain) == fields(checked)


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_a_parsed_spec_is_whole_and_parses_to_itself(preset):
    plain = PRESETS[preset].spec
    assert set(plain) == set(spec.RunSpec.__annotations__)
    assert set(plain["data"]) == set(settings.DataSettings.__annotations__)
    assert parse_spec(plain) == plain
