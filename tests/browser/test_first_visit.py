"""A first visit: one sentence, the visitor's own first Play with three captions beside what moves, one suggestion."""

import pytest

from tests.browser.test_accessibility import violations
from tests.browser.test_journey import control
from tests.browser.waiting import settled, until
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

CAPTIONS = ["first_edges", "first_unit", "first_answer"]
SIDES = """Array.from(descent.tensor('boundary/p').data, (v) => v >= 128)"""
POINTED = """() => {
  const note = document.querySelector('.pointing');
  if (!note || note.hidden) return null;
  const ring = note.querySelector('circle');
  const [x, y] = ['cx', 'cy'].map((name) => Number(ring.getAttribute(name)));
  const words = note.querySelector('p').getBoundingClientRect();
  const under = document.elementsFromPoint(x, y).map((n) => n.tagName);
  return {caption: note.dataset.caption, x, y, under, inside: words.left >= 0 && words.top >= 0 &&
    words.right <= innerWidth && words.bottom <= innerHeight, covered: x > words.left && x < words.right &&
    y > words.top && y < words.bottom};
}"""
ROOM = """() => ['d-stage', '.side', 'd-welcome', '.controls'].map((name) => {
  const {top, bottom} = document.querySelector(name).getBoundingClientRect();
  return [Math.round(top), Math.round(bottom)];
})"""


@pytest.fixture(scope="module")
def clocked(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("clocked"), clock=True) as running:
        yield running


def pointed(page, caption):
    """What a caption points at, once it stands there."""
    until(page, f"document.querySelector('.pointing[data-caption={caption}] circle[cx]')")
    return page.evaluate(POINTED)


@pytest.mark.parametrize(
    ("language", "options"),
    [("en", {}), ("he", {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True})],
    ids=["desk", "phone"],
)
def test_the_first_play_bends_the_boundary_under_three_captions_and_ends_with_a_suggestion(
    visit, clocked, language, options
):
    page = visit(f"/?lang={language}", at=clocked.url, **options)
    aside = page.locator("d-welcome aside")
    assert aside.is_visible()
    assert page.locator(".pointing").count() == 0
    foot = page.locator(".controls").bounding_box()["y"]
    before = page.evaluate(SIDES)
    control(page, "play").click()
    for caption in CAPTIONS:
        at = pointed(page, caption)
        assert at["caption"] == caption
        assert at["inside"], at
        assert not at["covered"], at
        assert at["y"] < foot, "never under the transport"
        assert not aside.is_visible(), "one thing at a time"
        assert {"D-NETWORK", "D-OUTPUT"} & set(at["under"]), at
        if caption == "first_edges":
            assert page.evaluate("descent.state.step") < 60, "nothing is missed while it is read"
            settled(page)
            assert violations(page) == []
    until(page, "document.querySelector('.pointing') === null")
    after = page.evaluate(SIDES)
    turned = sum(a != b for a, b in zip(before, after, strict=True)) / len(before)
    assert turned > 0.15, "the boundary has bent"
    change = control(page, "welcome_change")
    assert change.count() == 1
    settled(page)
    assert violations(page) == []
    change.click()
    until(page, "descent.spec.data.name === 'spiral' && descent.state.playing")
    assert aside.count() == 0
    page.reload()
    until(page, "window.descent?.frame && window.descent?.catalog")
    settled(page)
    assert aside.count() == 0, "nobody is new twice"


def test_captions_wait_while_nothing_trains_and_go_when_they_are_closed(visit):
    page = visit()
    control(page, "play").click()
    pointed(page, CAPTIONS[0])
    control(page, "play").click()
    until(page, "!descent.state.playing")
    told = page.evaluate("document.querySelector('d-welcome').play.seconds")
    settled(page)
    assert page.evaluate("document.querySelector('d-welcome').play.seconds") == told
    control(page, "welcome_close").click()
    until(page, "!document.querySelector('.pointing, d-welcome aside')")


@pytest.mark.parametrize("path", ["/labs/perceptron?lang=en", "/?lang=en&embed=1"])
def test_who_has_come_for_something_else_is_not_welcomed(visit, path):
    page = visit(path)
    settled(page)
    assert page.locator("d-welcome aside").count() == 0


def test_a_teacher_who_locks_the_data_gets_no_suggestion_of_other_data(visit):
    page = visit("/?lang=en&lock=dataset")
    control(page, "play").click()
    until(page, "/Now change something/.test(document.querySelector('d-welcome').textContent)")
    assert control(page, "welcome_change").count() == 0


@pytest.mark.parametrize("size", [(1280, 800), (1024, 768)])
def test_the_sentence_covers_nothing_and_nothing_moves_while_captions_speak(visit, clocked, size):
    page = visit("/?lang=en", at=clocked.url, viewport=dict(zip(("width", "height"), size, strict=True)))
    before = page.evaluate(ROOM)
    stage, side, sentence, foot = before
    assert max(stage[1], side[1]) <= sentence[0]
    assert sentence[0] + 30 < sentence[1] <= foot[0]
    control(page, "play").click()
    pointed(page, CAPTIONS[0])
    assert page.evaluate(ROOM) == before
    until(page, "document.querySelector('.pointing') === null && document.querySelector('d-welcome .primary')")
    assert page.evaluate(ROOM) == before
    control(page, "welcome_close").click()
    until(page, "document.querySelector('d-welcome').offsetHeight === 0")
    assert page.evaluate(ROOM)[0][1] > stage[1], "the room is the stage's again"


def test_it_has_learnt_is_said_of_a_network_that_has(visit, clocked):
    page = visit("/?lang=en", at=clocked.url)
    page.evaluate("descent.set('optimizer.learning_rate', 0.00001)")
    until(page, "descent.spec.optimizer.learning_rate === 0.00001")
    control(page, "play").click()
    pointed(page, CAPTIONS[0])
    until(page, "document.querySelector('.pointing') === null && document.querySelector('d-welcome .primary')")
    said = page.locator("d-welcome aside").inner_text()
    assert "has learnt" not in said
    assert "Now change something" in said
