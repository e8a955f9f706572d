"""Names, bounds and defaults stand once: the document has those of the engine's Arguments, and they hold."""

import copy
import math

import pytest

from app.errors import SpecProblem
from app.main import create_app
from app.specs import parse_spec
from engine.data import datasets
from engine.data.augment import CHANGES
from engine.data.features import DEGREE
from engine.layers import layers
from engine.losses import losses
from engine.optimizers import CLIPNORM, optimizers
from engine.regularizers import AMOUNT
from engine.schedules import schedules
from engine.training.early import PATIENCE
from engine.views import views

SCHEMAS = create_app().openapi()["components"]["schemas"]
SPEC = {"layers": [{"id": "out", "units": "auto"}], "early_stopping": {}}
KEYS = {"minimum": "minimum", "maximum": "maximum", "exclusiveMinimum": "above", "exclusiveMaximum": "below"}


def bounds_of(schema):
    """The bounds of a number's schema, wherever it stands in a union."""
    parts = [schema, *schema.get("anyOf", []), *schema.get("oneOf", [])]
    return {KEYS[key]: part[key] for part in parts for key in KEYS if key in part}


def bounds(argument):
    return {key: value for key in KEYS.values() if (value := getattr(argument, key)) is not None}


def title(name, end):
    return "".join(word.capitalize() for word in name.split("_")) + end


def spec_fields():
    """(place in a spec, schema, Argument) of what a spec says outside its layers, loss and optimiser."""
    for name in datasets.names():
        for argument in datasets.get(name).arguments:
            inside = argument.name in SCHEMAS["SceneSpec"]["properties"]
            place = ("data", "scene", argument.name) if inside else ("data", argument.name)
            yield place, SCHEMAS["SceneSpec" if inside else "DataSpec"], argument
    yield from ((("augmentation", a.name), SCHEMAS["AugmentationSpec"], a) for a in CHANGES)
    yield ("data", "degree"), SCHEMAS["DataSpec"], DEGREE
    yield ("early_stopping", "patience"), SCHEMAS["EarlyStoppingSpec"], PATIENCE
    yield from ((("regularization", name), SCHEMAS["Penalty"], a) for name, a in AMOUNT.items())


FIELDS = {".".join(place): (place, schema, argument) for place, schema, argument in spec_fields()}


@pytest.mark.parametrize("place", FIELDS)
def test_a_spec_has_the_engines_bounds(place):
    _, schema, argument = FIELDS[place]
    found = schema["properties"][argument.name]
    assert bounds_of(found) == bounds(argument)
    if argument.kind == "choice":
        assert found["enum"] == list(argument.choices)


@pytest.mark.parametrize("place", FIELDS)
def test_a_value_at_the_bound_is_taken_and_the_next_one_refused(place):
    path, _, argument = FIELDS[place]

    def given(value):
        spec = holder = copy.deepcopy(SPEC)
        for key in path[:-1]:
            holder = holder.setdefault(key, {})
        holder[path[-1]] = value
        return spec

    for bound, way in ((argument.minimum, -1), (argument.maximum, 1)):
        if bound is None:
            continue
        parse_spec(given(bound if argument.kind == "float" else int(bound)))
        past = bound + way if argument.kind == "int" else math.nextafter(bound, way * math.inf)
        with pytest.raises(SpecProblem) as refused:
            parse_spec(given(past))
        assert refused.value.field == place


@pytest.mark.parametrize(
    ("schema", "arguments"),
    [
        *((f"{name}Layer", kind.arguments) for name, kind in layers.items() if not kind.nested),
        *((title(name, "Loss"), kind.arguments) for name, kind in losses.items()),
        *((f"{name}Optimizer", (*kind.arguments, CLIPNORM)) for name, kind in optimizers.items()),
        *((title(name, "Schedule"), kind.arguments) for name, kind in schedules.items()),
        *((title(name, "View"), kind.arguments) for name, kind in views.items()),
    ],
)
def test_parts_have_the_engines_arguments(schema, arguments):
    properties = SCHEMAS[schema]["properties"]
    for argument in arguments:
        assert argument.name in properties
        found = properties[argument.name]
        if argument.kind in ("int", "float"):
            assert bounds_of(found) == bounds(argument)
        if argument.kind == "choice" and argument.choices:
            enums = [part["enum"] for part in (found, *found.get("anyOf", [])) if "enum" in part]
            assert list(argument.choices) in enums


def test_every_part_is_described():
    for name, parts, end in (
        ("LayerSpec", [n for n, k in layers.items() if not k.nested], "Layer"),
        ("OptimizerSpec", [n for n, _ in optimizers.items()], "Optimizer"),
    ):  # fmt: skip
        described = {part["$ref"].rpartition("/")[2] for part in SCHEMAS[name]["oneOf"]}
        assert described == {f"{part}{end}" for part in parts}
    assert set(SCHEMAS["ViewRequests"]["properties"]) == set(views.names())
