"""What views say beside their numbers, as JSON schemas, made from the facts that each view declares."""

import dataclasses
import inspect
from types import NoneType, UnionType
from typing import Annotated, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from pydantic import JsonValue

from app.contract.parts import Schema, argument_schema, reference, title_of
from engine.views import Fact, View, views

PLAIN: dict[object, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    object: {},
}


def view_abouts() -> dict[str, Schema]:
    """`ViewAbouts`, a schema for what each view says where it has something to show (`CellAbout`, …) and, where it then
    says more, for what it says otherwise (`CellNothing`); and for the parts they are made of.
    """
    out: dict[str, Schema] = {}
    said: Schema = {}
    for name, view in views.items():
        forms = {title_of(name, "About"): _about(view, False, out)}
        if any(fact.when == "shown" for fact in view.facts):
            forms[title_of(name, "Nothing")] = _about(view, True, out)
        out |= forms
        said[name] = {"anyOf": [reference(title) for title in forms]} if len(forms) > 1 else reference(*forms)
    doc = "What a frame says of each view that was asked for: its parameters, and facts beside its numbers."
    out["ViewAbouts"] = {"type": "object", "properties": said, "additionalProperties": False, "description": doc}
    return out


def fact_schema(fact: Fact, parts: dict[str, Schema]) -> Schema:
    """Its type with what it means; the types it is made of come into `parts`."""
    return {**json_schema(fact.type, parts), "description": f"{fact.doc} ({fact.unit})" if fact.unit else fact.doc}


def json_schema(kind: object, parts: dict[str, Schema]) -> Schema:
    """A Python type of plain data as a JSON schema; classes of fields come into `parts` by their names."""
    if kind in PLAIN:
        return PLAIN[kind]
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:  # MaybeNaN
        return {"anyOf": [json_schema(inner[0], parts), PLAIN[NoneType]]}
    if origin in (Union, UnionType):
        return {"anyOf": _flat([json_schema(part, parts) for part in inner])}
    if origin is Literal:
        return {"type": "string", "enum": list(inner)}
    if origin in (list, tuple):
        return {"type": "array", "items": json_schema(inner[0], parts)}
    if origin is dict:
        return {"type": "object", "additionalProperties": json_schema(inner[1], parts)}
    assert isinstance(kind, type), kind
    assert is_typeddict(kind) or dataclasses.is_dataclass(kind), kind
    if kind.__name__ not in parts:
        parts[kind.__name__] = {}  # so that a type may hold itself
        parts[kind.__name__] = _fields(kind, parts)
    return reference(kind.__name__)


def _fields(kind: type, parts: dict[str, Schema]) -> Schema:
    hints = get_type_hints(kind, include_extras=True)
    left_out = {name for name, hint in hints.items() if get_origin(hint) is NotRequired}
    types = {name: get_args(hint)[0] if name in left_out else hint for name, hint in hints.items()}
    return {"type": "object", "description": (inspect.getdoc(kind) or "").split("\n\n")[0].replace("\n", " "),
            "properties": {name: json_schema(hint, parts) for name, hint in types.items()},
            "required": [name for name in types if name not in left_out],
            "additionalProperties": False}  # fmt: skip


def _flat(choices: list[Schema]) -> list[JsonValue]:
    """Unions in a union are one, and null stands in it once."""
    out: list[JsonValue] = []
    for choice in choices:
        inside = choice.get("anyOf", [choice])
        assert isinstance(inside, list)
        out += [part for part in inside if part not in out]
    return out


def _about(view: View, nothing: bool, parts: dict[str, Schema]) -> Schema:
    said = [fact for fact in view.facts if fact.when == "always" or not nothing]
    facts = {fact.name: fact_schema(fact, parts) for fact in said}
    asked = {a.name: _without_default(argument_schema(a)) for a in view.arguments if a.name not in facts}
    required = [*asked, *(fact.name for fact in said if fact.when != "sometimes")]
    doc = (
        f"Of the view {view.name}, where it has nothing to show."
        if nothing
        else f"Of the view {view.name}: {view.doc}."
    )
    return {"type": "object", "description": doc, "properties": {**asked, **facts}, "required": [*required],
            "additionalProperties": False}  # fmt: skip


def _without_default(schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if key != "default"}
