"""A walk through every lab: it opens in both languages, its buttons work, a challenge is solved.

A page is loaded once and does all it has to do: Hebrew as it opens, then the language is switched in place and the
challenge and the buttons follow in English (tests/app/test_labs.py: buttons do the same in both languages).
Every lab opens every day; its challenge is solved and its buttons are pressed every third day, or every sixth where
that takes a long training. `make walk` (WALK=full) solves all of them, and opens each lab once more and presses the
buttons in Hebrew too.
"""

import pytest

from app.labs import LABS
from tests.browser.solutions import SOLUTIONS
from tests.browser.test_accessibility import violations
from tests.browser.test_journey import control
from tests.browser.waiting import settled, solved, until
from tests.days import WALK, todays

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1200)]
TRAIN_LONG = ["localisation", "landmarks", "yolo", "one-by-one", "sliding-window", "scoring"]
"""Labs whose challenge takes a long training: half a minute or more of a core."""
TRAIN_SOON = [lab for lab in LABS if lab not in TRAIN_LONG]
SOLVED = list(LABS) if WALK else [*todays(TRAIN_SOON, 3), *todays(TRAIN_LONG, 6)]


def open_lab(visit, lab, language="en", **options):
    page = visit(f"/labs/{lab}?lang={language}", **options)
    text_of(page, lab, language)
    return page


def text_of(page, lab, language):
    """Until a lab's text is on the page in a language."""
    lesson = "document.querySelector('d-lesson')"
    until(
        page,
        f"descent.lab?.id === '{lab}' && descent.lab.language === '{language}' && descent.lab.html === {lesson}?.shown",
    )


def is_sound(page):
    settled(page)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out of the page"
    assert page.evaluate("descent.notice?.kind ?? null") != "error", page.evaluate("descent.notice")
    assert page.locator(".lesson math").count() + page.locator(".lesson .live").count() > 0


def press_all(page):
    """Every button of the text, each when the one before is answered."""
    for i in range(page.locator("button.attempt").count()):
        page.locator("button.attempt").nth(i).click()
        until(page, "!descent.stream.waiting.size")
        assert page.evaluate("descent.notice?.kind ?? null") != "error", page.evaluate("descent.notice")


@pytest.mark.parametrize("lab", list(LABS))
def test_a_lab_opens_its_buttons_work_and_a_challenge_is_solved(visit, lab):
    page = open_lab(visit, lab, "he", permissions=["clipboard-read", "clipboard-write"])
    is_sound(page)
    control(page, "language").click()
    text_of(page, lab, "en")
    if lab not in SOLVED:
        return
    challenge, steps = SOLUTIONS[lab]
    assert page.locator(f"[data-challenge={challenge}].done").count() == 0
    steps(page)
    solved(page, challenge)
    is_sound(page)
    press_all(page)


if WALK:

    @pytest.mark.parametrize("lab", list(LABS))
    def test_buttons_work_in_hebrew_too(visit, lab):
        page = open_lab(visit, lab, "he")
        press_all(page)
        is_sound(page)
