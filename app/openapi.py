"""The OpenAPI document: FastAPI's, completed with the parts of a spec, the messages of the stream and all errors."""

from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from app.contract.base import LINES, MARK
from app.contract.parts import PREFIX, reference, spec_parts
from app.contract.problem import Problem
from app.contract.views import view_abouts
from app.http.problems import KINDS, MEDIA
from app.languages import SOURCE
from app.runs.commands import Command
from app.specs.model import Spec
from app.stream.messages import (
    Ack,
    Auth,
    DataAbout,
    DataMeta,
    Event,
    FrameMeta,
    FrameState,
    HistoryMeta,
    Ping,
    Said,
    Subscribe,
    WeightsMeta,
)

Document = dict[str, Any]
SAFE = ("get", "head")
ALWAYS = (400, 413, 421, 500, 503)
"""Every operation may end like this."""
DESCRIPTION = """Everything the page does goes through these operations and the stream
`WS /api/v1/runs/{run_id}/stream` (subprotocol `descent.v1`), whose messages are among the schemas: Event and Said come
from the server, a Command, Auth, Subscribe, Ack and Ping from a client. `docs/clients.md` tells how they go
together."""


class StreamHeard(BaseModel):
    """What a client says on a stream, and a spec as it may be given."""

    command: Command
    spec: Spec
    auth: Auth
    subscribe: Subscribe
    ack: Ack
    ping: Ping


class StreamTold(BaseModel):
    """What a server says there, and the metadata of its binary messages."""

    event: Event
    said: Said
    problem: Problem
    frame: FrameMeta
    frame_state: FrameState
    history: HistoryMeta
    data: DataMeta
    about: DataAbout
    weights: WeightsMeta


def _stream(body: StreamHeard) -> None:
    """No operation: its models are described together with those of the routes, so that a name means one thing."""


def openapi_document(app: FastAPI) -> Document:
    """The whole of it."""
    beside = APIRouter()
    beside.add_api_route("/stream", _stream, methods=["POST"], response_model=StreamTold)
    document = get_openapi(title=app.title, version=app.version, summary=app.summary, description=DESCRIPTION,
                           routes=[*app.routes, *beside.routes])  # fmt: skip
    del document["paths"]["/stream"]
    schemas = document["components"]["schemas"]
    unions = {name: _union(schemas, StreamTold.__name__, key) for name, key in (("Event", "event"), ("Said", "said"))}
    unions["Command"] = _union(schemas, StreamHeard.__name__, "command")
    for name in (StreamHeard.__name__, StreamTold.__name__, "HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    whole: Document = _renamed(document)
    schemas = whole["components"]["schemas"]
    schemas |= {name: _renamed(union) for name, union in unions.items()}
    schemas |= spec_parts()
    schemas |= view_abouts()
    schemas["Subscribe"]["properties"]["views"] = reference("ViewRequests")
    whole["components"]["schemas"] = dict(sorted(schemas.items()))
    for path, operations in whole["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation)
    return whole


def _union(schemas: Document, holder: str, key: str) -> Document:
    """The union that a field of a model is, with its discriminator."""
    union: Document = dict(schemas[holder]["properties"][key])
    union.pop("title", None)
    return union


def _renamed(part: Any) -> Any:
    """X for what is sent, XInput for what is given, where the two differ: X-Output and X-Input are no names in code."""
    if isinstance(part, list):
        return [_renamed(p) for p in part]
    if not isinstance(part, dict):
        return _plain_name(part) if isinstance(part, str) and part.startswith(PREFIX) else part
    # Titles repeat the names; of two forms of one model they would be equal, which generators refuse.
    titled = isinstance(part.get("title"), str) and "version" not in part
    out = {_plain_name(key): _renamed(value) for key, value in part.items() if not (titled and key == "title")}
    mark = out.pop(MARK, None)
    return {**out, **reference(mark)} if mark else out


def _plain_name(name: str) -> str:
    return name.removesuffix("-Input") + "Input" if name.endswith("-Input") else name.removesuffix("-Output")


def _complete(path: str, method: str, operation: Document) -> None:
    """Its tag, and the errors that an operation may answer with, each as a problem document."""
    operation["tags"] = [path.split("/")[3]]
    codes = {*ALWAYS, *(int(c) for c in operation["responses"] if c[0] == "4")}
    if method not in SAFE or operation.get("security"):
        codes.add(403)  # a foreign origin, or no token
    if "{" in path:
        codes.add(404)
    if operation.get("parameters") or operation.get("requestBody"):
        codes.add(422)
    if "{run_id}" in path or method == "post":
        codes.add(429)  # a run is woken, a place is wanted
    for code in sorted(codes):
        operation["responses"][str(code)] = {
            "description": KINDS[code].text[SOURCE],
            "content": {MEDIA: {"schema": reference(Problem.__name__)}},
        }
    for answer in operation["responses"].values():
        if LINES in answer.get("content", {}):  # FastAPI lists the model of a line as a JSON answer, too
            answer["content"].pop("application/json", None)
    operation["responses"] = dict(sorted(operation["responses"].items()))
