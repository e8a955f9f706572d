"""A run is its visitor's: it goes on after a reload, Back, another lesson, a night; also where nothing is kept."""

import pytest

from tests.browser.conftest import page_in
from tests.browser.test_journey import control, pick, step, wait_steps
from tests.browser.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

READY = "window.descent?.frame && window.descent?.data && window.descent?.catalog"
KEPT = "JSON.parse(localStorage.getItem('descent-runs') ?? '[]')"
DENIED = """for (const name of ['getItem', 'setItem']) {
  const own = Storage.prototype[name];
  Storage.prototype[name] = function (key, ...rest) {
    if (key === 'descent-runs') throw new DOMException('denied', 'SecurityError');
    return own.call(this, key, ...rest);
  };
}"""


def trained(page, steps=300):
    """Plays for so many steps and pauses; the run and where it stands."""
    control(page, "play").click()
    wait_steps(page, steps)
    control(page, "play").click()
    until(page, "!descent.state.playing")
    return page.evaluate("[descent.run, descent.state.head]")


def here(page):
    until(page, READY)
    return page.evaluate("[descent.run, descent.state.head]")


def written(page):
    """Once the address has the spec that the run has."""
    same = """import('/static/core/permalink.js').then((m) => m.fromAddress())
      .then((a) => JSON.stringify(a?.spec) === JSON.stringify(descent.spec))"""
    until(page, lambda: page.evaluate(same))


def test_a_reload_keeps_the_run_and_its_training(visit):
    page = visit()
    pick(page, "dataset", "xor")
    until(page, "descent.spec.data.name === 'xor'")
    control(page, "play").click()
    wait_steps(page, 300)
    run, before = page.evaluate("[descent.run, descent.state.step]")
    page.reload()
    again, after = here(page)
    assert again == run
    assert after >= before
    until(page, "descent.state.playing")  # nobody paused it
    wait_steps(page, 100)
    assert page.evaluate("descent.spec.data.name") == "xor"
    until(page, "descent.history.count > 0 && descent.history.columns.step[0] < 10")
    control(page, "start_afresh").click()
    until(page, f"descent.run !== '{run}' && descent.frame?.meta.step === '0'")
    page.go_back()
    until(page, f"descent.run === '{run}' && descent.frame")
    assert page.evaluate("descent.state.head") >= after


def test_another_page_and_back(visit, server):
    page = visit()
    run = trained(page)
    written(page)
    page.goto(server.url + "/labs?lang=en")
    page.go_back()
    assert here(page) == run
    page.goto(server.url + "/?lang=en")  # as somebody types it, the next morning
    assert here(page) == run


def test_each_lab_has_its_own_run(visit, server):
    page = visit("/labs/logistic-regression?lang=en")
    first = trained(page)
    pick(page, "presets", "lab:perceptron")
    until(page, f"descent.run !== '{first[0]}' && descent.lab?.id === 'perceptron' && descent.frame")
    second = trained(page, 100)
    written(page)
    pick(page, "presets", "lab:logistic-regression")
    until(page, f"descent.run === '{first[0]}' && descent.lab?.id === 'logistic-regression' && descent.frame")
    assert here(page) == first
    assert "as you left it" in page.locator("d-app > .notice").last.inner_text()
    written(page)
    page.go_back()
    until(page, f"descent.run === '{second[0]}' && descent.lab?.id === 'perceptron' && descent.frame")
    assert here(page) == second
    page.goto(server.url + "/labs/logistic-regression?lang=en")
    assert here(page) == first


def test_a_link_with_a_spec_is_a_run_of_its_own_and_goes_on_when_it_is_opened_again(visit, server):
    author = visit()
    author.locator(".layer-card[data-layer=h1] [data-control='units+']").click()
    until(author, "descent.spec.layers[0].units === 5")
    written(author)
    control(author, "share").click()
    link = control(author, "link_spec").input_value()
    page = visit()
    own = trained(page, 50)
    page.goto("about:blank")
    page.goto(link)
    here(page)
    assert page.evaluate("descent.run") not in (own[0], author.evaluate("descent.run"))
    assert page.evaluate("descent.spec.layers[0].units") == 5
    linked = trained(page, 50)
    pick(page, "dataset", "xor")
    until(page, "descent.spec.data.name === 'xor'")
    page.goto("about:blank")
    page.goto(link)
    assert here(page) == linked
    assert page.evaluate("descent.spec.data.name") == "xor"


def test_where_nothing_is_kept_the_address_has_the_key_and_what_is_shared_has_not(visit, chromium, server):
    page = page_in(chromium)
    page.context.add_init_script(DENIED)
    page.goto(server.url + "/labs/logistic-regression?lang=en")
    until(page, READY)
    run = trained(page, 50)
    until(page, f"location.hash.includes('k={run[0]}.')")
    page.reload()
    assert here(page) == run
    assert page.evaluate("descent.maySteer")
    control(page, "share").click()
    for name in ("spec", "watch", "embed"):
        assert page.evaluate("descent.token") not in control(page, f"link_{name}").input_value()
    page.keyboard.press("Escape")
    # opened where things are kept, the key is kept there, and leaves the address
    other = visit(page.url.replace(server.url, ""))
    assert here(other) == run
    assert other.evaluate("descent.maySteer && !location.hash.includes('k=')")
    assert other.evaluate(f"{KEPT}.map((key) => key.run)") == [run[0]]
    page.context.close()


def test_a_server_that_cannot_open_a_run_now_is_asked_again_and_no_new_run_takes_its_place(visit, server):
    visit.expected += ["503", "429"]
    page = visit()
    run = trained(page, 50)
    answers = [(503, "it is being recovered"), (429, "all places are taken"), None]

    def answer(route):
        if route.request.method != "GET":
            return route.continue_()
        said = answers.pop(0) if len(answers) > 1 else answers[0]
        if said is None:
            return route.continue_()
        return route.fulfill(status=said[0], json={"status": said[0], "detail": said[1]})

    begun = []
    page.on("request", lambda r: begun.append(r.url) if r.method == "POST" else None)
    page.route(f"**/api/v1/runs/{run[0]}", answer)
    page.reload()
    page.locator(".notice.error").wait_for()
    assert "it is being recovered" in page.locator(".notice.error").inner_text()
    assert here(page) == run
    assert answers == [None]
    assert not [url for url in begun if url.endswith("/runs")]
    assert page.locator(".notice.error").count() == 0


def test_a_run_that_is_no_longer_kept_is_told_of_and_its_settings_begin_anew(visit, server):
    visit.expected.append("404")
    page = visit()
    control(page, "add_layer").click()
    until(page, "descent.spec.layers.length === 4")
    run, _ = trained(page, 50)
    written(page)
    token = page.evaluate("descent.token")
    page.goto("about:blank")
    server.api.delete(f"/runs/{run}", headers={"Authorization": f"Bearer {token}"})
    page.goto(server.url + "/?lang=en")
    assert here(page)[0] != run
    assert step(page) == 0
    assert page.evaluate("descent.spec.layers.length") == 4
    assert "no longer kept" in page.locator("d-app > .notice").last.inner_text()
