"""Errors: every kind is a problem document whose type leads to a paragraph of a page that the server has."""

import ast
import re

import pytest

from app.http.problems import KINDS, STATUS, problem
from tests.app.contract import Contract
from tests.reading import unisolated
from tests.server import ROOT


@pytest.fixture(scope="module")
def contract(server):
    return Contract(server.api.get("/openapi.json").json())


def statuses_in_code():
    """Every status that our own code answers an error with: problem(404, …), document(413, …), …"""
    found = set(STATUS.values())
    for path in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") in ("problem", "document", "CodedHTTPException")
                and node.args
            ):
                status = node.args[0]
                if isinstance(status, ast.Constant) and isinstance(status.value, int):
                    found.add(status.value)
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "_refuse":
                found |= {k.value.value for k in node.keywords if k.arg == "status"}
    return found


"""What keeps words of another direction, and a maqaf and its word, together."""


def test_every_type_that_is_used_leads_to_its_paragraph(server):
    used = statuses_in_code()
    assert {400, 403, 404, 409, 413, 421, 422, 429, 500, 503} <= used
    for language in ("en", "he"):
        page = server.web.get("/docs/errors", params={"lang": language})
        assert page.status_code == 200
        anchors = set(re.findall(r'<dt id="(\d+)">', page.text))
        assert anchors == {str(status) for status in KINDS}
        for status in used | set(KINDS):
            path, _, anchor = problem(status, "x", "x")["type"].partition("#")
            assert server.web.get(path).status_code == 200
            assert anchor in anchors
            assert KINDS[status].text[language] in unisolated(page.text.replace("&#39;", "'"))
    assert "/docs/errors" in server.web.get("/docs").text


def test_every_document_says_which_errors_may_come(contract):
    for _, path, operation in contract.operations.values():
        codes = {int(code) for code in operation["responses"]}
        assert {400, 413, 421, 500, 503} <= codes
        assert (404 in codes) == ("{" in path)
        changes = "requestBody" in operation or "security" in operation
        assert (403 in codes) >= changes, path


@pytest.mark.parametrize(
    ("method", "path", "more", "status"),
    [
        ("GET", "/runs/nothing", {}, 404),
        ("GET", "/runs/nothing/frame", {}, 404),
        ("PATCH", "/runs", {}, 405),
        ("POST", "/runs", {"json": {"lab": "nothing"}}, 422),
        ("POST", "/runs", {"content": "{"}, 422),
        ("POST", "/runs", {"json": {"lab": "circle", "more": 1}}, 422),
        ("POST", "/specs/check", {"json": {"layers": [{"id": "a", "units": 10**6}]}}, 422),
        ("POST", "/specs/check", {"content": b"x" * (9 << 20)}, 413),
        ("POST", "/runs", {"json": {"lab": "circle"}, "headers": {"Origin": "https://elsewhere.example"}}, 403),
        ("GET", "/labs/nothing", {}, 404),
        ("GET", "/labs/circle", {"params": {"lang": "xx"}}, 422),
    ],
)
def test_errors_are_problem_documents(server, contract, method, path, more, status):
    answer = server.api.request(method, path, **more)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    contract.holds("Problem", answer.json())
    assert answer.json()["type"] == f"/docs/errors#{status}"
    assert answer.json()["status"] == status


def test_an_error_that_is_not_ours_alone_has_no_page_of_ours():
    assert problem(418, "x", "x")["type"] == "about:blank"
    assert problem(418, "x", "x")["title"] == "I'm a Teapot"


def test_the_first_requests_of_a_stranger_are_told_what_is_wrong_with_them(server):
    start = {"content": b'{"lab": "circle"}'}
    for headers in ({}, {"Content-Type": "text/plain"}, {"Content-Type": "application/x-www-form-urlencoded"}):
        told = server.api.post("/runs", headers=headers, **start).json()
        assert (told["field"], told["code"]) == ("", "value-object")
        assert "Content-Type: application/json" in told["detail"], headers
    broken = server.api.post("/runs", content=b'{"lab": ', headers={"Content-Type": "application/json"}).json()
    assert (broken["field"], broken["code"]) == ("", "not-json")
    assert broken["detail"] == "body: this is not JSON: Expecting value at character 8"
    assert server.api.get("/nothing").json()["detail"] == "there is nothing at /api/v1/nothing"
    assert server.api.patch("/glossary").json()["detail"] == "/api/v1/glossary takes GET, not PATCH"


OPS = "play, pause, step, speed, pace, reset, set, edit, undo, redo, seek, rewind, probe, solve, move"  # docs/stream.md


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({"op": "step", "count": -1}, "count", "a number of at least 1 was expected, got -1"),
        ({"op": "pause", "id": [1]}, "id", "a whole number was expected, got [1]"),
        ({"op": "play", "speed": 1}, "speed", "there is nothing called speed here"),
        ({"op": "set", "path": "seed"}, "value", "value is missing"),
        ({"op": "stop"}, "op", f'one of {OPS} was expected, got "stop"'),
        ({"op": "step", "unit": "week"}, "unit", 'one of example, batch, epoch was expected, got "week"'),
    ],
)
def test_a_misfit_is_told_in_words_of_ours_at_its_place_in_what_was_sent(server, sent, field, said):
    """pydantic's own path leads through members of its unions, and its sentences through its classes."""
    run, headers = server.run()
    told = server.command(run, headers, **sent).json()
    assert (told["field"], told["detail"]) == (field, f"{field}: {said}")
