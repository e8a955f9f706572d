"""The guard in front of everything, without a server: who is let in, by which method, and what a refusal says."""

import asyncio
from http import HTTPStatus

import httpx
import pytest

from app.http.middleware import Guard
from app.http.origin import bearer, origin_allowed
from app.http.problems import STATUS, answer, problem
from app.settings import Settings
from tests import waits
from tests.server import PATIENCE

HOST = "lab.example:8000"
SETTINGS = Settings(allowed_origins="https://school.example, https://b.example", allowed_hosts="lab.example")
OTHERS = ["http://evil.lab.example:8000", "http://evillab.example:8000", "http://lab.example", "http://lab.example:80001",
          "https://school.example.org", "https://xschool.example", "null", ""]  # fmt: skip
METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "ANYTHING"]


async def welcome(scope, receive, send):
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def asked(method, **headers):
    """What the guard answers, or what is behind it (204)."""

    async def go():
        door = httpx.ASGITransport(Guard(welcome, SETTINGS, "default-src 'self'"))
        async with httpx.AsyncClient(transport=door, base_url=f"http://{HOST}", timeout=PATIENCE) as client:
            return await client.request(method, "/api/v1/runs", headers=headers)

    return waits.run(asyncio.wait_for(go(), PATIENCE))


@pytest.mark.parametrize("origin", [f"http://{HOST}", f"https://{HOST}", "https://school.example", "https://b.example"])
def test_our_pages_and_named_origins_may_connect(origin):
    assert origin_allowed({"origin": origin, "host": HOST}, SETTINGS)


@pytest.mark.parametrize("origin", OTHERS)
def test_an_origin_that_only_looks_like_ours_may_not(origin):
    assert not origin_allowed({"origin": origin, "host": HOST}, SETTINGS)


@pytest.mark.parametrize(
    ("site", "allowed"), [("none", True), ("same-origin", True), ("same-site", False), ("cross-site", False)]
)
def test_what_a_browser_says_of_the_site_counts_where_it_names_no_origin(site, allowed):
    assert origin_allowed({"sec-fetch-site": site, "host": HOST}, SETTINGS) is allowed


@pytest.mark.parametrize("method", METHODS)
def test_a_foreign_page_may_look_and_change_nothing(method):
    safe = method in ("GET", "HEAD", "OPTIONS")
    assert asked(method, origin="https://c.example").status_code == (204 if safe else 403)
    assert asked(method, origin="https://school.example").status_code == 204
    assert asked(method).status_code == 204, "programs send no Origin"


def test_a_length_is_a_number_and_a_host_is_ours():
    assert asked("POST", **{"content-length": "many"}).status_code == 400
    assert asked("GET", host="other.example").status_code == 421


def test_every_answer_has_the_headers_that_protect_a_page():
    for response in (asked("GET"), asked("POST", origin="null")):
        assert response.headers["content-security-policy"] == "default-src 'self'"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "same-origin"
        assert response.headers["cross-origin-opener-policy"] == "same-origin"


@pytest.mark.parametrize("status", sorted({*STATUS.values(), 400, 403, 413, 421}))
def test_who_is_to_come_back_is_told_when(status):
    """429 (too much now) and 503 (soon again); to come back with any other refusal would change nothing."""
    later = status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
    assert answer(problem(status, "x", "no")).headers.get("retry-after") == ("5" if later else None)


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer abc", "abc"),
        ("bearer  abc ", "abc"),
        ("Basic abc", None),
        ("Bearer ", None),
        ("abc", None),
        (None, None),
    ],
)
def test_a_token_is_what_stands_behind_bearer(header, token):
    assert bearer(header) == token
