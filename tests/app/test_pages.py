"""What people get where programs get a problem document; and what is said when the server starts, or cannot."""

import re
import socket
import subprocess
import sys

import httpx
import pytest

from tests.server import PATIENCE, ROOT

CHROMIUM = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8"
PROGRAMS = ["*/*", "application/json", "application/json, text/html;q=0.5", "application/json, text/html", "",
            "text/plain", "text/html;q=0", "text/html;q=oops"]  # fmt: skip
WORDS = {"en": ("There is nothing here", "To the workbench"), "he": ("אין כאן דבר", "אל סביבת העבודה")}


@pytest.mark.parametrize("path", ["/labs/nothing", "/nowhere", "/api/v1/runs/nothing", "/static/none.js", "/labs/"])
@pytest.mark.parametrize("language", ["en", "he"])
def test_a_broken_link_leads_people_to_a_page_that_explains(server, path, language):
    answer = server.api.get(f"{server.url}{path}?lang={language}", headers={"Accept": CHROMIUM})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert f'<html lang="{language}"' in answer.text
    assert all(words in answer.text for words in WORDS[language])
    other = "he" if language == "en" else "en"
    assert f'href="{path}?lang={other}"' in answer.text
    assert "Content-Security-Policy" in answer.headers
    assert "accept" in answer.headers["vary"].lower().split(", ")
    for link in re.findall(r'(?:href|src)="(/[^"]*)"', answer.text):
        if not link.startswith(path):
            assert server.api.get(server.url + link).status_code == 200, link


@pytest.mark.parametrize("accept", PROGRAMS)
def test_programs_get_the_problem_document(server, accept):
    for path in ("/labs/nothing", "/nowhere", "/api/v1/runs/nothing"):
        answer = server.api.get(server.url + path, headers={"Accept": accept})
        assert answer.headers["content-type"] == "application/problem+json", path
        assert answer.json()["status"] == 404
    answer = server.api.post(f"{server.url}/api/v1/runs", json={"lab": "nothing"}, headers={"Accept": CHROMIUM})
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_name_that_is_nearly_right_is_led_to_what_was_meant(server):
    answer = server.api.get(f"{server.url}/labs/Logistic-regresion?lang=en", headers={"Accept": CHROMIUM})
    assert 'href="/labs/logistic-regression?lang=en"' in answer.text


def test_what_stands_in_the_address_is_text(server):
    answer = server.api.get(f"{server.url}/labs/<script>alert(1)</script>", headers={"Accept": CHROMIUM})
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text


def start(port, tmp_path):
    return subprocess.Popen(
        [sys.executable, "-m", "app", "--port", str(port)],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "DESCENT_STORAGE_PATH": str(tmp_path / "runs.sqlite3"), "DESCENT_HOSTS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_server_whose_port_is_taken_does_not_say_that_it_is_there(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        process = start(other.getsockname()[1], tmp_path)
        said, complained = process.communicate(timeout=PATIENCE)
    assert process.returncode != 0
    assert "Descent is at" not in said
    assert "cannot be used: Address already in use; --host and --port name another" in complained


def test_a_server_says_where_it_is_once_it_answers_there(tmp_path):
    process = start(0, tmp_path)
    said = process.stdout.readline()
    found = re.fullmatch(r"Descent is at (http://127\.0\.0\.1:[1-9]\d*)\n", said)
    assert found, said
    assert httpx.get(f"{found[1]}/healthz", timeout=PATIENCE).status_code == 200
    process.terminate()
    process.communicate(timeout=PATIENCE)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("he", "he"),
        ("he-IL,he;q=0.9,en;q=0.8", "he"),
        ("en-US,en;q=0.9,he;q=0.8", "en"),
        ("en;q=0.5, he;q=0.9", "he"),
        ("he;q=0.5, en;q=0.5", "he"),
        ("fr, he;q=0.3, en;q=0", "he"),
        ("en;q=0, *;q=0.1", "he"),
        ("he;q=0", "en"),
        ("*", "en"),
        ("fr", "en"),
        ("ghe, the", "en"),
        ("x;;;, HE ; q=1.0", "he"),
    ],
)
def test_a_page_speaks_what_the_browser_prefers_by_its_weights(server, accepted, language):
    page = server.api.get(f"{server.url}/glossary", headers={"Accept-Language": accepted}).text
    assert f'<html lang="{language}" dir="{"rtl" if language == "he" else "ltr"}">' in page
