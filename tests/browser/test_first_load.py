"""The first load of the workbench: how much comes over the wire, in how many requests, and that nothing moves.

Time is no test's affair (make bench measures it), weight is: it is the same on every machine.
"""

import base64
from collections import Counter

import pytest

from tests.browser.conftest import page_in
from tests.browser.waiting import settled, until

pytestmark = pytest.mark.browser

MOST_BYTES = 200_000
MOST_REQUESTS = 90
MOST_SHIFT = 0.02
WATCH = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


class Load:
    """A page opened in a browser that has never been here, and what it asked for up to the first frame drawn."""

    def __init__(self, chromium, server, path):
        self.page = page_in(chromium)
        self.page.add_init_script(WATCH)
        self.console = []
        self.page.on("console", lambda m: self.console.append(m.text) if m.type in ("error", "warning") else None)
        self.asked, self.bytes, self.framed = [], Counter(), False
        wire = self.page.context.new_cdp_session(self.page)
        wire.send("Network.enable")
        names = {}
        wire.on("Network.requestWillBeSent", lambda e: names.update({e["requestId"]: e["request"]["url"]}))
        wire.on("Network.loadingFinished", lambda e: self.count(names[e["requestId"]], e["encodedDataLength"]))
        wire.on("Network.webSocketFrameReceived", lambda e: self.hear(e["response"]))
        self.page.goto(server.url + path)
        until(self.page, "window.descent?.frame && window.descent.data && document.querySelector('d-network canvas')")
        settled(self.page)

    def count(self, address, size):
        if size:  # 0: from the browser's own memory
            self.asked.append(address)
            self.bytes[address] += size

    def hear(self, message):
        """What the stream brings up to the first frame, that one too."""
        if self.framed:
            return
        data = message["payloadData"]
        if message["opcode"] == 2:
            data = base64.b64decode(data)
            self.framed = b'"kind":"frame"' in data[:4000]
        self.bytes["stream"] += len(data)

    @property
    def shift(self):
        return self.page.evaluate("window.shifted")

    def close(self):
        self.page.context.close()


@pytest.fixture(params=["/?lang=en", "/?lang=he"], scope="module")
def load(request, chromium, server):
    opened = Load(chromium, server, request.param)
    yield opened
    opened.close()
    assert [text for text in opened.console if "GPU stall" not in text] == []  # an unused preload is a warning, too


def test_what_comes_before_the_first_frame_is_light(load):
    heaviest = ", ".join(f"{address.split('/')[-1]} {size}" for address, size in load.bytes.most_common(8))
    assert 50_000 < sum(load.bytes.values()) <= MOST_BYTES, heaviest


def test_one_request_for_one_thing(load):
    twice = {address: n for address, n in Counter(load.asked).items() if n > 1}
    assert twice == {}
    assert 40 < len(load.asked) <= MOST_REQUESTS
    kinds = [address.split("/")[-1].split("?")[0] for address in load.asked if "/api/" in address]
    assert sorted(kinds) == ["brief", "data", "runs"]


def test_every_module_that_is_loaded_was_preloaded_and_none_for_nothing(load):
    links = load.page.evaluate("[...document.querySelectorAll('link[rel=modulepreload]')].map((l) => l.href)")
    modules = [a for a in load.asked if a.endswith((".js", ".mjs"))]
    scripts = load.page.evaluate("[...document.querySelectorAll('script[src]')].map((s) => s.src)")
    assert set(modules) == set(links) | set(scripts)


def test_nothing_moves_while_it_comes(load):
    assert load.shift <= MOST_SHIFT


MOVED = [
    "/labs/cost-function?lang=en",
    "/?lang=en&preset=lenet",
    "/?lang=en&preset=autoencoder",
    "/?lang=he&preset=yolo",
]
"""Where views grow with what they show, which comes after them."""


@pytest.mark.parametrize("path", MOVED)
def test_nothing_moves_in_a_lesson_and_with_pictures(chromium, server, path):
    opened = Load(chromium, server, path)
    until(opened.page, "!document.querySelector('[data-coming]')")
    settled(opened.page)
    assert opened.shift <= MOST_SHIFT
    hero = opened.page.locator("d-stage [data-place=hero] > :first-child")
    assert hero.evaluate("(e) => getComputedStyle(e).opacity") == "1"
    twice = {address: n for address, n in Counter(opened.asked).items() if n > 1}
    assert twice == {}
    opened.close()


def test_what_shows_later_is_fetched_when_it_is_wanted(chromium, server):
    opened = Load(chromium, server, "/?lang=en")
    page = opened.page
    for control, module, dialog in (("share", "share-dialog", "d-share"), ("csv", "csv-dialog", "d-csv")):
        assert not any(f"/{module}.js" in address for address in opened.asked)
        page.locator(f"[data-control={control}]").click()
        page.locator(f"{dialog} dialog[open]").wait_for()
        assert sum(f"/{module}.js" in address for address in opened.asked) == 1
        page.keyboard.press("Escape")
    opened.close()


def test_a_second_visit_asks_for_no_file_again(chromium, server):
    opened = Load(chromium, server, "/?lang=en")
    opened.asked.clear()
    opened.page.reload()
    until(opened.page, "window.descent?.frame && window.descent.data")
    assert [a for a in opened.asked if "/static/" in a or "/vendor/" in a] == []
    opened.close()
