"""A run is its visitor's: it goes on after a reload, Back, another lesson, a night; also where nothing is kept."""

import select
import socket
import threading

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
    assert "as you left it" in page.locator(".notices > .notice").last.inner_text()
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
    assert "no longer kept" in page.locator(".notices > .notice").last.inner_text()


def test_another_device_of_the_visitor_s_goes_on_with_the_run(visit, server):
    page = visit("/labs/logistic-regression?lang=en")
    run = trained(page, 50)
    control(page, "share").click()
    link = control(page, "link_device").input_value()
    assert "this computer only" in page.locator("[data-dialog=share]").inner_text()
    phone = visit(link.replace(server.url, ""), viewport={"width": 390, "height": 844}, has_touch=True)
    assert here(phone) == run
    assert phone.evaluate("descent.lab.id") == "logistic-regression"
    assert "k=" not in phone.url
    control(phone, "play").tap()
    until(page, f"descent.state.playing && descent.state.step > {run[1]}")
    page.keyboard.press("Escape")
    control(page, "play").click()
    until(phone, "!descent.state.playing")


# -- those who watch ---------------------------------------------------------------------------------------------------
def watching(visit, page, server):
    control(page, "share").click()
    link = control(page, "link_watch").input_value()
    page.keyboard.press("Escape")
    return visit(link.replace(server.url, ""))


def test_who_watches_stays_through_a_reload_and_follows_to_another_lesson(visit, server):
    page = visit("/labs/logistic-regression?lang=en")
    watcher = watching(visit, page, server)
    run, _ = trained(page, 50)
    page.reload()
    here(page)
    control(page, "play").click()
    until(watcher, f"descent.run === '{run}' && descent.state.playing && descent.state.step > 60")
    # by the menu
    pick(page, "presets", "lab:perceptron")
    until(page, f"descent.run !== '{run}' && descent.frame")
    second = page.evaluate("descent.run")
    until(watcher, f"descent.run === '{second}' && descent.frame")
    assert "gone on to another" in watcher.locator(".notices > .notice").last.inner_text()
    assert f"run={second}" in watcher.url
    assert not watcher.evaluate("descent.maySteer")
    # by the page of the course
    page.goto(server.url + "/labs?lang=en")
    page.goto(server.url + "/labs/softmax-regression?lang=en")
    here(page)
    third = page.evaluate("descent.run")
    until(watcher, f"descent.run === '{third}' && descent.frame")
    # whoever comes by the first link is led on; the owner who goes back takes everybody along
    late = visit(f"/?lang=en&run={run}")
    assert late.evaluate("descent.run") == third
    page.goto(server.url + "/labs/logistic-regression?lang=en")
    assert here(page)[0] == run
    for each in (watcher, late):
        until(each, f"descent.run === '{run}' && descent.frame")
    until(watcher, "descent.connection === 'open'")


def test_who_watches_takes_a_copy_and_goes_on_alone(visit, server):
    page = visit()
    run, at = trained(page, 100)
    watcher = watching(visit, page, server)
    until(watcher, f"descent.state.step === {at}")
    control(watcher, "take_copy").click()
    until(watcher, f"descent.run !== '{run}' && descent.maySteer && descent.frame")
    assert step(watcher) == at
    assert "your own copy" in watcher.locator(".notices > .notice").last.inner_text()
    assert watcher.locator("[data-control=take_copy]").count() == 0
    copy, _ = trained(watcher, 50)
    assert page.evaluate("[descent.run, descent.state.step]") == [run, at]
    watcher.reload()
    assert here(watcher)[0] == copy
    watcher.go_back()
    until(watcher, f"descent.run === '{run}' && !descent.maySteer && descent.frame")


# -- the wire ----------------------------------------------------------------------------------------------------------
class Wire:
    """A wire to the server that can be frozen: nothing comes through and nobody says so. New connections are good."""

    def __init__(self, server):
        self.server = server
        self.frozen = set()
        self.pairs = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listening.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.server.port))
            self.pairs.append((near, far))
            threading.Thread(target=self.carry, args=(near, far), daemon=True).start()

    def carry(self, near, far):
        while True:
            try:
                ready, _, _ = select.select([near, far], [], [], 0.05)
                if near in self.frozen:
                    continue
                for end in ready:
                    data = end.recv(1 << 16)
                    if not data:
                        raise OSError
                    (far if end is near else near).sendall(data)
            except (OSError, ValueError):
                near.close()
                far.close()
                return

    def freeze(self):
        """All connections that there are."""
        self.frozen.update(near for near, _ in self.pairs)

    def close(self):
        self.listening.close()
        for pair in self.pairs:
            for end in pair:
                end.close()


@pytest.fixture
def wire(server):
    wire = Wire(server)
    yield wire
    wire.close()


def opened(chromium, wire):
    page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{wire.url}/?lang=en")
    until(page, READY)
    return page


def test_a_dead_wire_is_noticed_said_and_replaced_without_a_gap(chromium, wire, server):
    page = opened(chromium, wire)
    control(page, "play").click()
    wait_steps(page, 300)
    before = page.evaluate("[descent.run, descent.stream.have]")
    page.evaluate("""() => {
      window.said = [];
      descent.addEventListener('change', () => said.at(-1) === descent.connection || said.push(descent.connection));
    }""")
    wire.freeze()
    page.locator("[data-notice=silent]").wait_for()
    assert "three seconds" in page.locator("[data-notice=silent]").inner_text()
    # a slider that is moved meanwhile arrives in the end
    page.evaluate("void descent.set('optimizer.learning_rate', 0.07, true)")
    until(page, "said.includes('waiting') && descent.connection === 'open'")
    wait_steps(page, 300)
    until(page, "descent.spec.optimizer.learning_rate === 0.07")
    assert page.evaluate("descent.run") == before[0]
    control(page, "play").click()
    until(page, "!descent.state.playing")
    rows = [row[0] for row in server.api.get(f"/runs/{before[0]}/history").json()["rows"]]
    until(page, f"descent.history.count >= {len(rows)}")
    assert page.evaluate("descent.history.columns.step")[: len(rows)] == rows
    assert len(rows) > before[1]
    page.context.close()


def test_a_slider_at_the_rate_of_a_fast_mouse_is_never_refused_and_arrives(visit):
    page = visit()
    until(page, "descent.connection === 'open'")
    moved = """() => new Promise((done) => {
      let i = 0;
      const began = performance.now();
      const move = () => {
        for (; i < Math.min(600, 0.144 * (performance.now() - began)); i++)
          descent.set('optimizer.learning_rate', (i + 1) / 1000, true);
        if (i < 600) setTimeout(move, 7);
        else done();
      };
      move();
    })"""
    page.evaluate(moved)
    until(page, "descent.spec.optimizer.learning_rate === 0.6")
    assert page.evaluate("descent.notice") is None
    assert page.evaluate("descent.undoable") == 1
