"""The page of the design system: every component, in both themes and directions, legible and sound."""

import re

import pytest

from tests.browser.test_accessibility import violations
from tests.browser.waiting import until
from tests.server import ROOT

pytestmark = pytest.mark.browser

COMPONENTS = (
    *("button.primary", "button.danger", ".play", ".segments", "[role=tab]", "select", "input[type=range]"),
    *("input[type=checkbox]", "textarea", ".notice", ".findings", ".findings .note", ".legend", "table", ".costs"),
    *(".bars", "kbd", ".formula", ".attempt", ".challenges", ".challenges .done", ".skeleton"),
)
SMALLEST = """() => [...document.querySelectorAll('.themes *')].filter((n) =>
    [...n.childNodes].some((c) => c.nodeType === 3 && c.data.trim()) && n.getClientRects().length)
  .map((n) => [parseFloat(getComputedStyle(n).fontSize), n.outerHTML.slice(0, 80)]).sort((a, b) => a[0] - b[0])[0]"""
GROUND = "(theme) => getComputedStyle(document.querySelector(`.themes > [data-theme=${theme}] .card`)).backgroundColor"


@pytest.fixture
def design(plain):
    """Opens the page of components, once they stand there."""

    def open_page(language, **options):
        page = plain(f"/design?lang={language}", **options)
        until(page, "document.querySelectorAll('.themes .card').length > 10")
        return page

    return open_page


@pytest.mark.parametrize("language", ["en", "he"])
def test_every_component_stands_in_both_themes_and_is_sound(design, language):
    page = design(language, color_scheme="dark" if language == "he" else "light")
    assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "he" else "ltr")
    assert violations(page) == []
    light, dark = (page.evaluate(GROUND, theme) for theme in ("light", "dark"))
    assert (light, dark) == ("rgb(255, 255, 255)", "rgb(23, 28, 34)"), "whatever the system wears"
    smallest, where = page.evaluate(SMALLEST)
    assert smallest >= 13, where
    for theme in ("light", "dark"):
        pane = page.locator(f".themes > [data-theme={theme}]")
        for component in COMPONENTS:
            assert pane.locator(component).first.is_visible(), (theme, component)
    page.locator("[data-control=view_dark] [data-value=hills]").click()
    for theme in ("light", "dark"):
        assert page.locator(f"[data-control=view_{theme}] [aria-pressed=true]").get_attribute("data-value") == "hills"


def test_the_page_has_every_name_of_the_scale_and_fits_a_phone(design):
    page = design("en", viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    text = (ROOT / "static/styles/tokens.css").read_text()
    names = set(re.findall(r"--(?:type|space|radius|lift)[\w-]*(?=:)", text)) - {"--type-math"}
    shown = set(page.locator(".themes > [data-theme=light] code").all_inner_texts())
    assert names <= shown, names - shown
