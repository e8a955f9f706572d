"""Parts of a spec as JSON schemas, made from the engine's Arguments: names, bounds and defaults stand there alone."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from app.specs.model import LayerSpec, OptimizerSpec
from engine.core.arguments import Argument
from engine.data.goal import tasks
from engine.layers import Layer, layers
from engine.losses import losses
from engine.optimizers import CLIPNORM, optimizers
from engine.schedules import BOUNDARY, FACTOR, PIECEWISE, schedules
from engine.training.blueprint import CONVOLUTIONS
from engine.views import views

Schema = dict[str, JsonValue]
PREFIX = "#/components/schemas/"
USUAL_LAYER, USUAL_OPTIMIZER = LayerSpec.model_fields["type"].default, OptimizerSpec.model_fields["name"].default
WHOLE: Schema = {"type": "integer"}
AUTO: Schema = {"enum": ["auto"], "type": "string", "description": "what the data ask for"}
BOUNDS = (("minimum", "minimum"), ("maximum", "maximum"), ("above", "exclusiveMinimum"), ("below", "exclusiveMaximum"))


def reference(name: str) -> Schema:
    return {"$ref": PREFIX + name}


def argument_schema(argument: Argument) -> Schema:
    """What is right for an argument."""
    schema = _bare(argument)
    if argument.optional:
        schema = {"type": "null"} if argument.kind == "choice" and not argument.choices else _or_null(schema)
    if argument.doc:
        schema["description"] = argument.doc
    if argument.default is not None or argument.optional:
        schema["default"] = list(argument.default) if isinstance(argument.default, tuple) else argument.default
    return schema


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _bare(argument: Argument) -> Schema:
    bounds: Schema = {name: value for key, name in BOUNDS if (value := getattr(argument, key)) is not None}
    whole: Schema = {**WHOLE, **bounds}
    pair: Schema = {"type": "array", "items": whole, "minItems": 2, "maxItems": 2}
    match argument.kind:
        case "int":
            return whole
        case "float":
            return {"type": "number", **bounds}
        case "bool":
            return {"type": "boolean"}
        case "choice":
            return {"type": "string", "enum": list(argument.choices)}
        case "text":
            return {"type": "string", "maxLength": 200}
        case "shape":
            return {"type": "array", "items": {**WHOLE, "minimum": -1}}
        case "pair":
            return {"anyOf": [whole, pair]}
        case "sides":
            side: JsonValue = {"anyOf": [whole, {**pair, "items": {**WHOLE, "minimum": 0}}]}
            return {"anyOf": [whole, {**pair, "items": side}]}
        case "sizes":
            size: Schema = {"type": "number", "exclusiveMinimum": 0, "maximum": 2}
            row: Schema = {"type": "array", "items": size, "minItems": 2, "maxItems": 2}
            return {"type": "array", "items": row, "minItems": 1, "maxItems": 20}
    raise ValueError(f"no schema for arguments of kind {argument.kind!r}")


def part_schema(name: str, key: str, arguments: Iterable[Argument], doc: str = "") -> Schema:
    """A part that says its name under `key` and its arguments beside it."""
    own: Schema = {a.name: argument_schema(a) for a in arguments}
    schema: Schema = {"type": "object", "properties": {key: {"const": name, "type": "string"}, **own},
                      "required": [key], "additionalProperties": False}  # fmt: skip
    if doc:
        schema["description"] = doc
    return schema


def layer_schema(name: str, kind: type[Layer], common: Schema) -> Schema:
    """A spec's layer of one type: what every layer has, and its own arguments. "auto" is what the data ask for."""
    schema = part_schema(name, "type", kind.arguments, kind.doc)
    own = _properties(schema)
    for key in ("units", "activation"):
        # Every layer has these two in a spec's plain form; null where it has no use for them.
        argument = own.pop(key, None)
        if isinstance(argument, dict):
            argument.pop("default")
            own[key] = {"anyOf": [argument, AUTO, {"type": "null"}]}
        else:
            own[key] = {"type": "null"}
    if name in CONVOLUTIONS and "filters" in own:
        own["filters"] = {"anyOf": [own["filters"], AUTO]}
    schema["properties"] = {**common, **own}
    schema["required"] = ["id", "type", *(["units"] if name == USUAL_LAYER else [])]
    return schema


def _loss_schema(name: str, kind: Any) -> Schema:
    schema = part_schema(name, "name", kind.arguments, kind.formula)
    if kind.joins is not None:
        flag: Schema = {"type": "boolean", "default": False, "description": "the model answers with z, not with g(z)"}
        schema["properties"] = {**_properties(schema), "from_logits": flag}
    return schema


def _piecewise_schema() -> Schema:
    """Its arguments are lists, which no menu can show; so it stands in no registry."""
    schema = part_schema(PIECEWISE.name, "name", (), PIECEWISE.formula)
    lists: Schema = {a.name: {"type": "array", "items": _bare(a)} for a in (BOUNDARY, FACTOR)}
    return {**schema, "properties": {**_properties(schema), **lists}, "required": ["name", *lists]}


def _properties(schema: Schema) -> Schema:
    own = schema["properties"]
    assert isinstance(own, dict)
    return own


def _given(schema: Schema, *may_be_left_out: str) -> Schema:
    """The same part as it may be given: what stands at its default otherwise need not be said."""
    required = schema["required"]
    assert isinstance(required, list)
    return {**schema, "required": [name for name in required if name not in may_be_left_out]}


def spec_parts() -> dict[str, Schema]:
    """Schemas by name: LayerSpec, LossSpec, OptimizerSpec, ScheduleSpec, ViewRequests, and a schema for each part.

    What a spec may leave out is a schema of its own with Input at its end, as are the unions it stands in.
    """
    whole = LayerSpec.model_json_schema()["properties"]
    common: Schema = {key: whole[key] for key in ("id", "dropout", "l1", "l2", "trainable")}
    out: dict[str, Schema] = {}

    def union(name: str, parts: dict[str, Schema], given: dict[str, Schema], doc: str) -> None:
        """`parts` as they are told; those of them in `given` differ where they are given."""
        out.update(parts)
        out[name] = {"oneOf": [reference(part) for part in parts], "description": doc}
        if given:
            out.update({f"{part}Input": schema for part, schema in given.items()})
            inputs: list[JsonValue] = [reference(f"{part}Input" if part in given else part) for part in parts]
            out[f"{name}Input"] = {"oneOf": inputs, "description": doc}

    parts = {f"{n}Layer": layer_schema(n, k, common) for n, k in layers.items() if not k.nested}
    usual = f"{USUAL_LAYER}Layer"
    union("LayerSpec", parts, {usual: _given(parts[usual], "type")},
          "One layer: its type, and that type's arguments beside it.")  # fmt: skip
    auto = part_schema("auto", "name", (), f"What fits the data: {', '.join(t.loss for _, t in tasks.items())}.")
    parts = {"AutoLoss": auto, **{title_of(n, "Loss"): _loss_schema(n, k) for n, k in losses.items()}}
    union("LossSpec", parts, {"AutoLoss": _given(auto, "name")}, "A loss of the catalogue, or auto.")
    parts = {title_of(n, "Schedule"): part_schema(n, "name", k.arguments, k.formula) for n, k in schedules.items()}
    parts["PiecewiseConstantDecaySchedule"] = _piecewise_schema()
    union("ScheduleSpec", parts, {}, "How the learning rate changes with the steps.")
    more: Schema = {"schedule": _or_null(reference("ScheduleSpec")),
                    "learning_rate": OptimizerSpec.model_json_schema()["properties"]["learning_rate"]}  # fmt: skip
    parts, given = {}, {}
    for name, kind in optimizers.items():
        made = part_schema(name, "name", (*kind.arguments, CLIPNORM), kind.formula)
        parts[f"{name}Optimizer"] = {**made, "properties": {**_properties(made), **more},
                                     "required": ["name", "learning_rate"]}  # fmt: skip
        left_out = ("name", "learning_rate") if name == USUAL_OPTIMIZER else ("learning_rate",)
        given[f"{name}Optimizer"] = _given(parts[f"{name}Optimizer"], *left_out)
    union("OptimizerSpec", parts, given, "An optimiser of the catalogue with its arguments.")
    requests: Schema = {}
    for name, view in views.items():
        title = title_of(name, "View")
        properties: Schema = {a.name: argument_schema(a) for a in view.arguments}
        out[title] = {"type": "object", "description": view.doc, "properties": properties,
                      "additionalProperties": False}  # fmt: skip
        requests[name] = reference(title)
    doc = "Views by name with their parameters; what is not said stands at its default."
    out["ViewRequests"] = {"type": "object", "properties": requests, "additionalProperties": False, "description": doc}
    return out


def title_of(name: str, end: str) -> str:
    return "".join(word.capitalize() for word in name.split("_")) + end
