"""Links that cannot be opened say so, in both languages, and something that can be used is there."""

import base64
import json

import pytest

from tests.browser.conftest import page_in
from tests.browser.test_journey import control
from tests.browser.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

DAMAGED = {"en": "This link is damaged", "he": "הקישור פגום"}


def plain(value):
    """An address as a browser without deflate writes it."""
    return "#s=." + base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize("language", DAMAGED)
@pytest.mark.parametrize("damage", ["#s=AAAA", "#s=%20", "#s=.e30", "#s=."])
def test_a_damaged_link_says_so_and_shows_an_example(visit, language, damage):
    page = visit(f"/?lang={language}{damage}")
    until(page, "document.querySelector('.notice.error')")
    assert DAMAGED[language] in page.locator(".notice.error").inner_text()
    assert page.evaluate("descent.spec.data.name") == "circle"


def test_a_damaged_link_of_a_lab_opens_the_lab(visit):
    page = visit("/labs/perceptron?lang=en#s=AAAA")
    assert DAMAGED["en"] in page.locator(".notice.error").inner_text()
    assert page.evaluate("descent.lab.id") == "perceptron"


def test_a_link_to_a_place_of_a_lab_is_the_lab(visit):
    page = visit("/labs/perceptron?lang=en#network")
    assert page.evaluate("descent.lab.id") == "perceptron"
    assert page.locator(".notice.error").count() == 0


def test_a_damaged_link_pasted_over_a_good_one_says_so(visit):
    page = visit()
    until(page, "location.hash.length > 10")
    page.evaluate("location.hash = location.hash.slice(0, 30)")
    until(page, "document.querySelector('.notice.error')")
    assert DAMAGED["en"] in page.locator(".notice.error").inner_text()


def test_a_network_that_cannot_run_here_says_why(visit):
    visit.expected.append("422 (Unprocessable")
    page = visit("/?lang=en" + plain({"spec": {"data": {"name": "circle"}, "layers": [{"type": "Nonsense"}]}}))
    until(page, "document.querySelector('.notice.error')")
    assert "cannot run here (" in page.locator(".notice.error").inner_text()
    assert page.evaluate("descent.spec.data.name") == "circle"


def test_an_unknown_example_shows_another(visit):
    visit.expected.append("422 (Unprocessable")
    page = visit("/?lang=en&preset=nothing")
    until(page, "document.querySelector('.notice.error')")
    assert "cannot run here" in page.locator(".notice.error").inner_text()


@pytest.mark.parametrize(("language", "words"), [("en", "no such run"), ("he", "אין עוד הרצה כזאת")])
def test_a_run_that_is_over_says_so_and_there_is_a_way_on(chromium, server, language, words):
    page = page_in(chromium)
    page.goto(f"{server.url}/?lang={language}&run=nothing")
    until(page, "document.querySelector('.notice.error')")
    assert words in page.locator(".notice.error").inner_text()
    control(page, "start_anew").click()
    until(page, "window.descent?.frame && !descent.watching")
    page.context.close()
