"""Errors as RFC 9457 problem documents."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NotRequired, TypedDict

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from app.errors import (
    UNKNOWN,
    AppError,
    Fault,
    Forbidden,
    Full,
    NotFound,
    Refused,
    SpecProblem,
    Taken,
    Unstored,
    WorkerLost,
)
from app.errors.misfits import Misfit, misfits
from app.languages import Words, everywhere
from engine.core.errors import Coded, Params

MEDIA = "application/problem+json"


class CodedHTTPException(HTTPException):
    """A status by itself, where no handler has been reached: with the words of ours."""

    def __init__(self, status: int, said: Coded) -> None:
        super().__init__(status, str(said))
        self.said = said


@dataclass(frozen=True)
class Kind:
    """A kind of error: its title, and what the page of errors says of it."""

    title: str
    text: Words


TITLES = {
    400: "Bad request",
    403: "Not yours to steer",
    404: "Not found",
    405: "Method not allowed",
    409: "Done already",
    413: "Too large",
    421: "Unknown host",
    422: "Does not fit",
    429: "Full",
    500: "A fault of ours",
    503: "Come back in a moment",
}
KINDS = {status: Kind(title, everywhere("pages", f"kind-{status}")) for status, title in TITLES.items()}
"""Every status of an error that is ours. /docs/errors has a paragraph for each."""


class Problem(TypedDict):
    """The document; `field` where one is to blame, `layer` where that lies in one, `limit` where ours was passed."""

    type: str
    title: str
    status: int
    code: str
    params: Params
    detail: str
    field: NotRequired[str]
    layer: NotRequired[str]
    limit: NotRequired[bool]
    errors: NotRequired[list[Misfit]]


def problem(status: int, code: str, sentence: str, /, *, at: str | None = None, **params: Any) -> Problem:
    """The document for a status; `at` is the field to blame."""
    return document(status, Coded(code, sentence, **params), field=at)


def document(status: int, error: Coded, *, field: str | None = None, limit: bool | None = None) -> Problem:
    """The document for an error."""
    kind = KINDS.get(status)
    told: Problem = {
        "type": f"/docs/errors#{status}" if kind else "about:blank",
        "title": kind.title if kind else HTTPStatus(status).phrase,
        "status": status,
        "code": error.code,
        "params": error.params,
        "detail": str(error),
    }
    if field is not None:
        told["field"] = field
    if limit is not None:
        told["limit"] = limit
    return told


def error_event(event: str, error: Coded) -> dict[str, object]:
    """What an event or a line of JSON says of an error."""
    return {"event": event, "code": error.code, "params": error.params, "detail": str(error)}


def fault() -> Problem:
    """The document for a mistake of ours."""
    return problem(500, "fault", "something went wrong here; it has been logged")


HTTP = {404: "no-page", 405: "no-method"}
"""Codes of what Starlette refuses by itself."""
STATUS: dict[type[AppError], int] = {
    SpecProblem: 422,
    Refused: 422,
    Fault: 500,
    NotFound: 404,
    Forbidden: 403,
    Taken: 409,
    Full: 429,
    Unstored: 503,
    WorkerLost: 503,
}


def problem_of(error: AppError) -> Problem:
    """The document for one of our own errors."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    limit = getattr(error, "limit", None) or None
    told = document(status, error, field=getattr(error, "field", None), limit=limit)
    layer: str | None = getattr(error, "layer", None)
    return told if layer is None else {**told, "layer": layer}


def validation_problem(error: ValidationError | RequestValidationError, given: object) -> Problem:
    """The first wrong field of what was sent, and all of them under `errors`."""
    found = misfits(error.errors(), given)
    first: Misfit = found[0] if found else {"field": "", "code": UNKNOWN, "params": {}, "detail": "invalid"}
    detail = f"{first['field'] or 'body'}: {first['detail']}"
    told = document(422, Coded.as_told(first["code"], first["params"], detail), field=first["field"])
    return {**told, "errors": found}


def answer(document: Problem) -> JSONResponse:
    headers = {"Retry-After": "5"} if document["status"] in (429, 503) else None
    return JSONResponse(document, document["status"], headers=headers, media_type=MEDIA)


def wants_page(request: Request) -> bool:
    """Whether a person asks by way of a browser: it accepts HTML before JSON, which programs and scripts do not."""
    if request.method not in ("GET", "HEAD"):
        return False
    liked: dict[str, float] = {}
    for part in request.headers.get("accept", "").lower().split(","):
        media, *parameters = (piece.strip() for piece in part.split(";"))
        weight = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
        liked[media] = float(weight) if weight.replace(".", "", 1).isdecimal() else 0.0
    return liked.get("text/html", 0.0) > max(liked.get("application/json", 0.0), liked.get(MEDIA, 0.0))


def install(app: FastAPI, explain: Callable[[Request, Problem], Response]) -> None:
    """Makes every error of the app a problem document; for people, a page that explains it."""

    def told(request: Request, document: Problem, more: Mapping[str, str] | None = None) -> Response:
        response = explain(request, document) if wants_page(request) else answer(document)
        response.headers.add_vary_header("Accept")
        for name, value in (more or {}).items():
            response.headers[name] = value
        return response

    async def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, AppError)
        return told(request, problem_of(error))

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return told(request, validation_problem(error, error.body))

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        status = error.status_code
        if isinstance(error, CodedHTTPException):
            return told(request, document(status, error.said), error.headers)
        path, allowed = request.url.path[:200], (error.headers or {}).get("Allow", "another method")
        said = {404: f"there is nothing at {path}", 405: f"{path} takes {allowed}, not {request.method}"}
        detail = said.get(status, error.detail)
        return told(request, problem(status, HTTP.get(status, UNKNOWN), "{said}", said=detail), error.headers)

    async def broken(request: Request, error: Exception) -> Response:
        return told(request, fault())

    app.add_exception_handler(AppError, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, broken)
