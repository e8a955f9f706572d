"""axe-core on every page, in both languages and themes, and with dialogs open."""

import pytest

from tests.browser.conftest import page_in
from tests.browser.waiting import settled, until
from tests.server import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
MOTION = "no-preference"
AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text()


def violations(page):
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{v['id']}: {[n['html'][:120] for n in v['nodes'][:3]]}" for v in found["violations"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_workbench(visit, theme):
    page = visit("/?lang=en", color_scheme=theme)
    assert violations(page) == []
    page.locator("[data-control=play]").click()
    page.locator(".unit[data-layer=h1]").first.focus()
    page.locator("d-metrics summary").click()
    until(page, "descent.state.step > 100")
    for direction in ("ltr", "rtl"):
        until(page, f"document.documentElement.dir === '{direction}'")
        settled(page)
        assert violations(page) == []
        page.locator("[data-control=language]").click()


def test_other_kinds_of_data(visit):
    page = visit("/?lang=en")
    for preset in ("digits", "rings", "sine", "houses"):
        before = page.evaluate("descent.spec.data.name")
        page.locator("[data-control=presets]").select_option(preset)
        until(page, f"descent.spec.data.name !== '{before}' && descent.data && descent.frame")
        settled(page)
        assert violations(page) == [], preset


def test_dialogs(visit):
    page = visit("/?lang=en")
    for name in ("share", "csv"):
        page.locator(f"[data-control={name}]").first.click()
        page.locator("dialog[open]").wait_for()
        if name == "share":
            page.locator("[data-control=code_keras]").click()
            page.locator("d-share pre").wait_for()
        assert violations(page) == []
        page.keyboard.press("Escape")
    page.locator("[data-control=edit_layer]").first.click()
    assert violations(page) == []


def test_the_documentation(chromium, server):
    page = page_in(chromium)
    page.goto(f"{server.url}/docs")
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document)")
    assert [v["id"] for v in found["violations"]] == []
    page.context.close()
