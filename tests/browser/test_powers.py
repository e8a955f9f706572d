"""Where a browser lacks or forbids something (static/core/powers.js), the page starts, trains and draws."""

import re

import pytest

from tests.browser.conftest import page_in
from tests.browser.test_journey import control, wait_steps
from tests.browser.test_walk import open_lab
from tests.browser.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

OFF = {
    "storage": """Object.defineProperty(window, 'localStorage', {
      get() { throw new DOMException('no', 'SecurityError'); }
    })""",
    "clipboard": "Object.defineProperty(navigator, 'clipboard', {value: undefined})",
    "deflate": "delete window.CompressionStream; delete window.DecompressionStream",
    "language": "Object.defineProperty(Navigator.prototype, 'language', {get: () => 'C', configurable: true})",
    "sizes": "delete window.ResizeObserver",
    "sight": "delete window.IntersectionObserver",
    "hills": """const get = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
        return /webgl/.test(kind) ? null : get.call(this, kind, ...more);
      }""",
    "camera": "Object.defineProperty(navigator, 'mediaDevices', {value: undefined})",
    "pictures": "delete window.createImageBitmap",
    "copies": "delete window.structuredClone",
    "notes": "delete HTMLElement.prototype.showPopover",
    "address": """for (const how of ['pushState', 'replaceState'])
      History.prototype[how] = () => { throw new DOMException('no', 'SecurityError'); }""",
}
"""How each power is taken from Chromium."""

LACKING = "() => import('/static/core/powers.js').then((m) => m.lacking())"
COLOURS = """(selector) => { const canvas = document.querySelector(selector);
  const {data} = canvas.getContext('2d', {willReadFrequently: true}).getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size; }"""


def trains_and_draws(page):
    control(page, "play").click()
    wait_steps(page, 100)
    until(page, "descent.history.count > 20")
    for selector in ("d-network canvas", "d-output canvas", "d-cost canvas"):
        page.locator(selector).first.wait_for()
        until(page, f"({COLOURS})('{selector}') > 10")
    assert page.locator("#trouble").is_hidden()


def paste(page):
    """What the clipboard holds, pasted into a field of the page."""
    page.evaluate("""() => {
      const field = document.createElement('textarea');
      field.id = 'pasted';
      (document.querySelector('dialog[open]') ?? document.body).append(field);
      field.focus();
    }""")
    page.keyboard.press("Control+v")
    return page.locator("#pasted").input_value()


def keeps_for_now(page):
    """What is chosen holds until the page is closed."""
    control(page, "theme").click()
    assert page.evaluate("document.documentElement.dataset.theme") in ("light", "dark")
    control(page, "welcome_close").click()
    assert page.locator("d-welcome aside").count() == 0


def copies_by_selection(page):
    control(page, "share").click()
    link = control(page, "link_watch").input_value()
    control(page, "copy_watch").click()
    until(page, "document.querySelector('[data-control=copy_watch]').textContent.trim() === 'Copied'")
    assert paste(page) == link


def address_is_longer(page):
    until(page, "/^#s=[.]/.test(location.hash)")


def net_follows_its_room(page):
    width = page.evaluate("document.querySelector('d-network').width")
    page.set_viewport_size({"width": 900, "height": 900})
    until(page, f"document.querySelector('d-network').width < {width} - 50")


def map_instead_of_hills(page):
    page.evaluate("dispatchEvent(new CustomEvent('descent-open', {detail: 'surface'}))")
    page.locator("[data-control=surface_view] button").nth(1).click()
    page.locator("d-surface", has_text="no WebGL").wait_for()
    until(page, f"({COLOURS})('d-surface canvas.flat') > 10")


SEEN = {
    "storage": keeps_for_now,
    "clipboard": copies_by_selection,
    "deflate": address_is_longer,
    "sizes": net_follows_its_room,
    "hills": map_instead_of_hills,
}
"""What else is different on the workbench."""


def test_every_power_is_switched_off_here(visit):
    names = visit().evaluate("import('/static/core/powers.js').then((m) => m.POWERS.map((power) => power.name))")
    assert names == list(OFF)


@pytest.mark.parametrize("power", OFF)
def test_without_a_power_the_page_starts_trains_and_draws(visit, power):
    page = visit(before=OFF[power])
    assert page.evaluate(LACKING) == [power], "nothing was switched off, or more than one thing"
    trains_and_draws(page)
    SEEN.get(power, lambda _: None)(page)


def test_without_any_power_the_page_starts_trains_and_draws(visit):
    page = visit(before=";\n".join(f"{{ {code} }}" for code in OFF.values()))
    assert page.evaluate(LACKING) == list(OFF)
    trains_and_draws(page)


def test_a_deflated_address_opens_where_nothing_inflates_and_a_plain_one_everywhere(visit, server):
    page = visit()
    control(page, "units+").first.click()
    until(page, "descent.spec.layers[0].units === 5")
    told = "import('/static/core/permalink.js').then((m) => m.fromAddress()).then((a) => a?.spec.layers[0].units === 5)"
    until(page, lambda: page.evaluate(f"() => {told}"))
    packed = page.url.replace(server.url, "")
    old = visit(packed, before=OFF["deflate"])
    assert old.evaluate("descent.spec.layers[0].units") == 5
    until(old, "/^#s=[.]/.test(location.hash)")
    new = visit(old.url.replace(server.url, ""))
    assert new.evaluate("descent.spec.layers[0].units") == 5
    until(new, "/^#s=[^.]/.test(location.hash)")


def test_a_term_is_explained_without_notes_of_the_browsers_own(visit):
    page = open_lab(visit, "gradient-descent", before=OFF["notes"])
    page.locator("a.term").first.click()
    note = page.locator(".meaning.shown")
    note.wait_for()
    assert note.bounding_box()["height"] > 20
    page.locator("d-lesson h2").click()
    until(page, "!document.querySelector('.meaning.shown')")


def test_the_course_shows_pictures_without_sight(chromium, server):
    page = page_in(chromium)
    page.add_init_script(OFF["sight"])
    page.goto(f"{server.url}/labs?lang=en")
    until(page, "document.querySelectorAll('.lab-card[data-live]').length > 0")
    page.context.close()


def test_on_a_network_by_plain_http_links_can_be_copied(visit, server):
    """A page on a LAN is no secure context: browsers take clipboard, camera and more from it."""
    visit.expected.append("Cross-Origin-Opener-Policy header has been ignored")  # it is for https
    page = visit(at=f"http://lan.test:{server.port}")
    assert not page.evaluate("isSecureContext")
    assert {"clipboard", "camera"} <= set(page.evaluate(LACKING))
    trains_and_draws(page)
    copies_by_selection(page)


BLOCKED = {
    "slow": (r"/shell/app\.js$", None, "still loading"),
    "failed": (r"/shell/transport\.js$", 404, "could not start"),
}


@pytest.mark.parametrize("when", BLOCKED)
def test_a_page_that_does_not_start_says_why(chromium, server, when):
    pattern, status, words = BLOCKED[when]
    page = page_in(chromium)
    page.add_init_script("const now = Date.now; let ahead = 0; Date.now = () => now() + (ahead += 1000)")
    held = []
    page.route(
        re.compile(pattern),
        lambda route: route.fulfill(status=status, body="") if status else held.append(route),
    )
    page.goto(f"{server.url}/?lang=en", wait_until="commit")
    trouble = page.locator("#trouble")
    trouble.wait_for()
    assert words in trouble.inner_text()
    for route in held:  # the file comes after all: what was said is taken back
        route.continue_()
    if held:
        until(page, "window.descent?.spec && document.querySelector('#trouble').hidden")
    page.context.close()
