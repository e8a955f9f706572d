"""The page by the clock: it begins slowly, says its pace, obeys slower, faster, full speed; the timeline plays."""

import pytest

from tests.browser.test_journey import control
from tests.browser.waiting import until
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def clocked(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("clocked"), clock=True) as running:
        yield running


def pace(page):
    return page.evaluate("descent.state.pace")


def test_the_first_play_begins_slowly_and_the_visitor_may_choose(visit, clocked):
    page = visit(at=clocked.url)
    first = pace(page)
    assert (first["kind"], first["since"]) == ("clock", 0)
    assert page.locator("[data-rate]").inner_text() == "2 steps/s"
    control(page, "play").click()
    until(page, "descent.state.step >= 4")
    assert page.evaluate("descent.state.step") < 60
    watcher = visit(f"/?run={page.evaluate('descent.run')}", at=clocked.url)
    assert pace(watcher) == first, "who watches hears of the pace"

    control(page, "slower").click()
    until(page, "descent.state.pace.kind === 'fixed'")
    assert pace(page)["knee"] == first["knee"]
    slow = pace(page)["speed"]
    control(page, "faster").click()
    until(page, f"descent.state.pace.speed > {slow}")
    control(page, "full_speed").click()
    until(page, "descent.state.pace.kind === 'full' && descent.state.step > 2000")
    until(watcher, "descent.state.pace.kind === 'full'")
    until(page, r"/steps.? per picture/.test(document.querySelector('[data-each]').textContent)")

    control(page, "reset").click()
    until(page, "descent.state.step === 0")
    assert pace(page)["kind"] == "full", "what was chosen stays"
    control(page, "by_clock").click()
    until(page, "descent.state.pace.kind === 'clock'")
    assert pace(page)["knee"] == first["knee"]


def test_a_lesson_has_its_own_clock(visit, clocked):
    page = visit("/labs/perceptron?lang=he", at=clocked.url)
    assert pace(page) == {"kind": "clock", "speed": None, "knee": 24, "since": 0}


def test_the_timeline_plays_forwards_and_backwards(visit):
    page = visit()
    page.evaluate("() => descent.command({op: 'step', unit: 'batch', count: 60})")
    until(page, "descent.state.keyframes.length > 20")
    page.evaluate("""() => {
      window.shown = [];
      descent.addEventListener('change', () => {
        if (shown.at(-1) !== descent.state.step) shown.push(descent.state.step);
      });
    }""")
    control(page, "play_on").click()
    until(page, "shown.includes(0) && !descent.state.viewing")
    forwards = page.evaluate("shown.slice(shown.indexOf(0))")
    assert forwards == sorted(forwards)
    assert len(forwards) > 20
    assert forwards[-1] == 60
    control(page, "play_back").click()
    until(page, "descent.state.viewing && descent.state.step < 20")
    control(page, "play_back").click()
    until(page, "!document.querySelector('d-timeline').playback.direction && !descent.stream.waiting.size")
    assert page.evaluate("descent.state.head") == 60, "nothing is forgotten"
    assert 0 <= page.evaluate("descent.state.step") < 60
