"""Errors as RFC 9457 problem documents."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from app.errors import (
    AppError,
    Fault,
    Forbidden,
    Full,
    NotFound,
    Refused,
    SpecProblem,
    Taken,
    WorkerLost,
)

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


FAULT = "something went wrong here; it has been logged"
STATUS: dict[type[AppError], int] = {
    SpecProblem: 422,
    Refused: 422,
    Fault: 500,
    NotFound: 404,
    Forbidden: 403,
    Taken: 409,
    Full: 429,
    WorkerLost: 503,
}


def problem_of(error: AppError) -> dict[str, Any]:
    """The document for one of our own errors."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    more = {"field": getattr(error, "field", None), "limit": getattr(error, "limit", None) or None}
    return problem(status, str(error), **more)


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
        assert isinstance(error, AppError)
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
        return answer(problem(500, FAULT))

    app.add_exception_handler(AppError, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, fault)
