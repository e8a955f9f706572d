"""The link for another device as a QR code, read by a program of its own (ZXing) from a picture of the page."""

from io import BytesIO

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from tests.browser.test_accessibility import violations
from tests.browser.test_journey import control, tool
from tests.browser.waiting import settled, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

LAN = "Cross-Origin-Opener-Policy header has been ignored"  # it is for https
QUIET = """(canvas) => {
  const { width } = canvas, to = canvas.getContext('2d', {willReadFrequently: true});
  const { data } = to.getImageData(0, 0, width, width);
  const inside = (v) => v >= 4 && v < width - 4;
  return data.every((v, i) => v === 255 || (inside((i >> 2) % width) && inside(Math.floor((i >> 2) / width)))); }"""


def shared(visit, server, path="/?lang=en", **options):
    """The page as another computer of the network has it, with the dialog open."""
    visit.expected.append(LAN)
    page = visit(path, at=f"http://lan.test:{server.port}", **options)
    tool(page, "share").click()
    control(page, "qr").wait_for()
    return page


def read(page):
    """What a camera makes of the window."""
    settled(page)
    found = zxingcpp.read_barcodes(np.asarray(Image.open(BytesIO(page.screenshot())).convert("L")))
    return [code.text for code in found]


WINDOWS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active", "color_scheme": "dark"},
    "phone": {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2},
    "narrow": {"viewport": {"width": 320, "height": 700}},
}


@pytest.mark.parametrize("window", WINDOWS)
def test_a_camera_reads_the_link_in_every_theme(visit, server, window):
    page = shared(visit, server, path=f"/?lang={'he' if window == 'phone' else 'en'}", **WINDOWS[window])
    assert read(page) == [], "nobody sees the key before it is asked for"
    control(page, "qr").click()
    code = page.locator("canvas.qr")
    code.scroll_into_view_if_needed()
    assert read(page) == [control(page, "link_device").input_value()]
    assert code.evaluate(QUIET), "the quiet zone is white"
    assert violations(page) == []
    control(page, "qr").click()
    code.wait_for(state="detached")


def test_the_code_is_that_of_the_link_after_another_run_has_begun(visit, server):
    page = shared(visit, server)
    control(page, "qr").click()
    page.locator("canvas.qr").wait_for()
    first = control(page, "link_device").input_value()
    page.evaluate("() => descent.openPreset('xor')")
    until(page, f"document.querySelector('[data-control=link_device]').value !== {first!r}")
    page.locator("canvas.qr").scroll_into_view_if_needed()
    assert read(page) == [control(page, "link_device").input_value()]


def test_no_code_leads_to_an_address_of_this_computer_alone(visit):
    page = visit()
    control(page, "share").click()
    control(page, "link_device").wait_for()
    assert control(page, "qr").count() == 0
