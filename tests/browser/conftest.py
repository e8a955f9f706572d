"""The real page against the real server in Chromium; a console error or a CSP violation fails the test."""

import contextlib
import shutil
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import sync_playwright

from tests.browser.waiting import until
from tests.conftest import one_server
from tests.days import WALK
from tests.server import PATIENCE

FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP *.test 127.0.0.1",  # other sites, and hosts that are reached by plain http
]
MOTION = "no-preference" if WALK else "reduce"
"""What drifts and fades takes as much of a core as a training does; a file that is about motion says so (MOTION)."""
CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


def browser_path():
    path = next((p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None)
    assert path, "Chromium is wanted for the browser tests; make test installs it"
    return path


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Of these tests alone: the one that tests/app have is measured by coverage, and trains at half the speed."""
    yield from one_server(tmp_path_factory.mktemp("server"))


@pytest.fixture(scope="module")
def chromium():
    """One for a file: while Playwright runs, no other file's test in this process could run an event loop."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=[*FLAGS, *CAMERA])
        yield browser
        browser.close()


def page_in(chromium, **options):
    """A page in a context of its own, which waits as long as a busy machine wants it to."""
    plain = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": MOTION}
    page = chromium.new_context(**{**plain, **options}).new_page()
    page.set_default_timeout(PATIENCE * 1000)
    return page


RUNS = """() => {
  let kept = null;
  try { kept = localStorage.getItem('descent-runs'); } catch { /* denied */ }
  const raced = document.querySelector('d-compare')?.race?.runners ?? [];
  return [...JSON.parse(kept ?? '[]'), ...raced].map(({ run, token }) => [run, token]);
}"""


def leave(page):
    """A visitor leaves, and the runs are deleted: they would train beside the tests that follow."""
    origin = urlsplit(page.url)
    runs = page.evaluate(RUNS) if origin.scheme == "http" and not page.is_closed() else []
    page.context.close()
    for run, token in runs:
        with contextlib.suppress(httpx.TransportError):  # a server that a test has stopped
            address = f"http://{origin.netloc}/api/v1/runs/{run}"
            httpx.delete(address, headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE)


@pytest.fixture
def visit(chromium, server, request):
    """visit(path, **context) opens a page and watches it for errors; `before` is done in it before its own scripts."""
    troubles, pages = [], []
    expected = ["GPU stall due to ReadPixels"]  # what Chromium's software renderer says of any WebGL

    def open_page(path="/?lang=en", before="", at=server.url, **options):
        page = page_in(chromium, **{"reduced_motion": getattr(request.module, "MOTION", MOTION), **options})
        pages.append(page)
        page.on("console", lambda m: troubles.append(f"console: {m.text}") if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: troubles.append(f"page: {error}"))
        page.on("response", lambda r: troubles.append(f"{r.status} {r.url}") if r.status >= 500 else None)
        if before:
            page.add_init_script(before)
        page.goto(at + path)
        until(page, "window.descent?.frame && window.descent?.data && window.descent?.catalog")
        return page

    open_page.expected = expected  # texts of errors that a test provokes
    yield open_page
    for page in pages:
        leave(page)
    assert [t for t in troubles if not any(text in t for text in expected)] == []


@pytest.fixture
def plain(chromium, server):
    """A page without a workbench, watched for errors."""
    troubles, pages = [], []

    def open_page(path, **options):
        page = page_in(chromium, **options)
        pages.append(page)
        page.on("console", lambda m: troubles.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.goto(server.url + path)
        return page

    yield open_page
    for page in pages:
        page.context.close()
    assert troubles == []
