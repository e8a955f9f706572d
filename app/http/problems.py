"""Errors as RFC 9457 problem documents."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from app.runs.service import Forbidden, Full, NotFound
from app.runs.sweeps import Taken
from app.runs.workers import HostLost, HostRefused
from app.specs import SpecProblem

MEDIA = "application/problem+json"
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


def problem(status: int, detail: str, **more: Any) -> dict[str, Any]:
    """The document: type, title, status, detail, and `field` where one is to blame."""
    return {
        "type": f"/docs/errors#{status}",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
        **{k: v for k, v in more.items() if v is not None},
    }


def problem_of(error: Exception) -> dict[str, Any]:
    """The document for one of our own errors."""
    match error:
        case SpecProblem():
            return problem(422, str(error), field=error.field, limit=error.limit or None)
        case NotFound():
            return problem(404, str(error))
        case Forbidden():
            return problem(403, str(error))
        case Taken():
            return problem(409, str(error))
        case Full():
            return problem(429, str(error))
        case HostLost():
            return problem(503, str(error))
        case HostRefused() if error.fault:
            return problem(500, str(error))
        case HostRefused():
            return problem(422, str(error), field=error.field)
    return problem(422, str(error))


def validation_problem(error: ValidationError | RequestValidationError) -> dict[str, Any]:
    """The first wrong field, and all of them under `errors`."""
    found = []
    for entry in error.errors():
        place = ".".join(str(p) for p in entry["loc"] if p not in ("body", "query", "path"))
        shown = repr(entry.get("input"))[:80]
        found.append({"field": place, "detail": f"{entry['msg']}, got {shown}"})
    first = found[0] if found else {"field": "", "detail": "invalid"}
    return problem(422, f"{first['field'] or 'body'}: {first['detail']}", field=first["field"], errors=found)


def answer(document: dict[str, Any]) -> JSONResponse:
    headers = {"Retry-After": "5"} if document["status"] in (429, 503) else None
    return JSONResponse(document, document["status"], headers=headers, media_type=MEDIA)


def install(app: FastAPI) -> None:
    """Makes every error of the app a problem document."""

    async def ours(request: Request, error: Exception) -> Response:
        return answer(problem_of(error))

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return answer(validation_problem(error))

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        document = answer(problem(error.status_code, str(error.detail)))
        for name, value in (error.headers or {}).items():
            document.headers[name] = value
        return document

    async def fault(request: Request, error: Exception) -> Response:
        return answer(problem(500, "something went wrong here; it has been logged"))

    for kind in (SpecProblem, NotFound, Forbidden, Taken, Full, HostLost, HostRefused):
        app.add_exception_handler(kind, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, fault)
