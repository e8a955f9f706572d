"""The installed package, started from another folder, in Chromium: a net trains, and nobody else is asked anything."""

import pytest

from tests.browser.conftest import page_in
from tests.browser.waiting import until
from tests.package import InstalledServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def installed(package, tmp_path_factory):
    with InstalledServer(tmp_path_factory.mktemp("installed"), package) as running:
        yield running
    assert "Traceback" not in running.log_text(), running.log_text()


@pytest.fixture
def page(chromium, installed):
    troubles = []
    page = page_in(chromium)
    page.on("console", lambda m: troubles.append(f"console: {m.text}") if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: troubles.append(f"page: {error}"))
    page.on("response", lambda r: troubles.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    own = (installed.url, installed.url.replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda r: None if r.url.startswith(own) else troubles.append(f"asks {r.url}"))
    yield page
    page.context.close()
    assert troubles == []


def test_a_net_trains_on_the_installed_page(page, installed, package):
    page.goto(f"{installed.url}/?lang=en")
    until(page, "window.descent?.frame && window.descent?.data && window.descent?.catalog")
    page.locator("[data-control=play]").click()
    until(page, "descent.state.step > 200 && descent.history.count > 50")
    first, last = page.evaluate(
        "[descent.history.columns.train[0], descent.history.columns.train.findLast((v) => v === v)]"
    )
    assert last < first
    page.locator("[data-control=play]").click()
    until(page, "!descent.state.playing")
    assert (package.elsewhere / ".local" / "share" / "descent" / "descent.sqlite3").exists()
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.fonts.check('16px \"Rubik Variable\"')")


def test_the_captions_of_a_first_play_and_the_other_pages_come(page, installed):
    page.goto(f"{installed.url}/?lang=en")
    until(page, "window.descent?.frame && window.descent?.catalog")
    page.locator("[data-control=play]").click()
    page.locator(".pointing p").wait_for()
    for path in ("/labs", "/glossary", "/architectures", "/design", "/docs"):
        page.goto(f"{installed.url}{path}?lang=he")
        assert page.locator("h1").first.is_visible(), path


def test_workers_and_trained_weights_are_found(installed):
    rows = [line for line in installed.api.post("/architectures/lenet5/walk").text.splitlines() if line]
    assert '"done"' in rows[-1]
    run, _ = installed.run(lab="faces")
    assert installed.state(run)["step"] == 0
    assert installed.api.get(f"/runs/{run}/frame", params={"views": "boxes"}).status_code == 200
