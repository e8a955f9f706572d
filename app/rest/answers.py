"""How routes say what they answer with: once for the document, once as bytes."""

import json
from typing import Any, cast

import orjson
from fastapi import Response
from pydantic import BaseModel, JsonValue

from app.contract.base import LINES
from app.contract.parts import Schema, reference

Described = dict[int | str, dict[str, Any]]
SAFETENSORS = "application/x-safetensors"
CSV = "text/csv"
FILE: Schema = {"schema": {"type": "string", "format": "binary"}}
TEXT: Schema = {"schema": {"type": "string"}}
FILES: Schema = {
    "schema": {
        "type": "object",
        "properties": {"files": {"type": "array", "items": {"type": "string", "format": "binary"}}},
        "description": "files called folder/name; the fields' names do not matter",
    }
}


def said(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer. Its form is described by `told`; tests hold it against that, so it is not checked here again."""
    try:
        body = orjson.dumps(content)
    except TypeError:  # a whole number of more than 64 bits, such as a client may give its command as id
        body = json.dumps(content, allow_nan=False).encode()
    return Response(body, status, headers, media_type="application/json")


def told(model: object, status: int = 200, links: Schema | None = None) -> Described:
    """The answer of an operation that succeeds."""
    return {status: {"model": model, **({"links": links} if links else {})}}


def leads_to(field: str, parameter: str, *operations: str) -> Schema:
    """Links to operations whose `parameter` is `field` of the answer."""
    return {name: {"operationId": name, "parameters": {parameter: f"$response.body#/{field}"}} for name in operations}


def takes(**bodies: Schema) -> dict[str, Any]:
    """A request body that is no JSON, by media type."""
    return {"requestBody": {"required": True, "content": cast(JsonValue, bodies)}}


def lines_of(model: type[BaseModel]) -> Described:
    """An answer of lines of JSON, one at a time."""
    return {200: {"model": model, "content": {LINES: {"schema": reference(model.__name__)}}}}
