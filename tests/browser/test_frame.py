"""In a frame of another site, in a browser that blocks all cookies and with them all storage, the page is the same.

The other site has a server of its own: a page that Playwright answers is one of the public net to Chromium, which lets
none of those have a frame from this machine (ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS).
"""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.browser.conftest import FLAGS, browser_path
from tests.browser.test_powers import COLOURS, LACKING
from tests.browser.waiting import until
from tests.server import PATIENCE, Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

TEACHERS = '<!doctype html><title>School</title><iframe src="{}" width="1200" height="800"></iframe>'
DENIED = "() => { try { return Boolean(localStorage); } catch (error) { return error.name; } }"


@contextmanager
def school():
    """A site whose one page has ours in a frame: its address, and where to say which of ours."""
    shown = []

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            body = TEACHERS.format(shown[0]).encode() if self.path == "/" else b""
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        try:
            yield f"http://school.test:{site.server_port}", shown
        finally:
            site.shutdown()


@contextmanager
def without_cookies(chromium, folder):
    """A page in a browser whose owner has blocked all cookies."""
    profile = folder / "profile" / "Default"
    profile.mkdir(parents=True)
    choice = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (profile / "Preferences").write_text(json.dumps(choice))
    context = chromium.browser_type.launch_persistent_context(
        folder / "profile", executable_path=browser_path(), args=FLAGS, viewport={"width": 1280, "height": 900}
    )
    try:
        context.set_default_timeout(PATIENCE * 1000)
        yield context.pages[0]
    finally:
        context.close()


def test_in_a_frame_of_another_site_with_all_storage_blocked(chromium, tmp_path):
    troubles = []
    with (
        school() as (address, shown),
        Server(tmp_path, frame_ancestors=address) as server,
        without_cookies(chromium, tmp_path) as page,
    ):
        shown.append(f"{server.url}/?lang=en&embed=1")
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("requestfailed", lambda request: troubles.append(f"{request.url}: {request.failure}"))
        page.goto(address)
        until(page, lambda: len(page.frames) == 2 and page.frames[1].url.startswith(server.url))
        frame = page.frames[1]
        assert frame.evaluate(DENIED) == "SecurityError", "the browser allows what this test is about"
        ready = "Boolean(window.descent?.frame && window.descent?.data && window.descent?.catalog)"
        until(page, lambda: frame.evaluate(ready))
        assert "storage" in frame.evaluate(LACKING)
        frame.locator("[data-control=play]").click()
        until(page, lambda: frame.evaluate("descent.state.step > 100 && descent.history.count > 20"))
        for selector in ("d-network canvas", "d-output canvas", "d-cost canvas"):
            assert frame.evaluate(COLOURS, selector) > 10, selector
        assert frame.locator("#trouble").is_hidden()
    assert troubles == []
