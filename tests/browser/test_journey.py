"""The main journey of a visitor, clicked and typed in the real page."""

import json
import re

import numpy as np
import pytest
from safetensors.numpy import load

from tests.browser.waiting import settled, until
from tests.reading import unisolated

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
MOTION = "no-preference"


def step(page):
    return page.evaluate("descent.state.step")


def wait_steps(page, more):
    start = step(page)
    until(page, f"descent.state.step > {start + more}")


def control(page, name):
    return page.locator(f"[data-control='{name}']")


def tool(page, name):
    """A tool of the bar; where there is little room it is in the menu."""
    if not control(page, name).is_visible():
        control(page, "menu").click()
    return control(page, name)


def look_at(page, view):
    """Where there is room for one view beside the hero, its tab is pressed."""
    settled(page)
    tab = control(page, f"tab_{view}")
    if tab.is_visible():
        tab.click()


def slide(page, name, places, key="ArrowRight"):
    control(page, name).first.focus()
    for _ in range(places):
        page.keyboard.press(key)


def pick(page, name, value):
    control(page, name).first.select_option(value)


def test_open_play_steer_edit_scrub_branch(visit, server):
    page = visit()
    assert page.evaluate("document.title") == "Descent"
    assert step(page) == 0
    # play: the counter runs, the cost falls, the picture changes
    until(page, "descent.tensor('boundary/p')")  # the first frame may come before every panel has asked
    before = page.evaluate("Array.from(descent.tensor('boundary/p').data)")
    control(page, "play").click()
    wait_steps(page, 2000)
    assert page.evaluate("Array.from(descent.tensor('boundary/p').data)") != before
    assert int(page.locator("[data-epoch]").inner_text().replace(",", "")) > 10
    until(page, "descent.history.count > 500")
    first, last = page.evaluate(
        "[descent.history.columns.train[0], descent.history.columns.train.findLast((v) => v === v)]"
    )
    assert last < first
    # the learning rate acts at once, while it runs
    slide(page, "learning_rate", 3)
    until(page, "descent.spec.optimizer.learning_rate > 0.04")
    assert page.evaluate("descent.state.playing")
    wait_steps(page, 100)
    # a layer more; the others keep their weights
    weights = page.evaluate("Array.from(descent.tensor('weights/h1/kernel').data)")
    control(page, "play").click()
    until(page, "!descent.state.playing")
    weights = load(server.api.get(f"/runs/{page.evaluate('descent.run')}/weights").content)
    control(page, "add_layer").click()
    until(page, "descent.spec.layers.length === 4")
    after = load(server.api.get(f"/runs/{page.evaluate('descent.run')}/weights").content)
    np.testing.assert_array_equal(after["h1/kernel"], weights["h1/kernel"])
    assert page.locator(".layer-card").count() == 5
    # units and activation
    page.locator(".layer-card[data-layer=h1] [data-control='units+']").click()
    until(page, "descent.spec.layers[0].units === 5")
    page.locator(".layer-card[data-layer=h2] [data-control=activation]").select_option("relu")
    until(page, "descent.spec.layers[1].activation === 'relu'")
    # dropout and L2
    slide(page, "dropout", 4)
    until(page, "descent.spec.dropout === 0.2")
    slide(page, "l2", 12)
    until(page, "descent.spec.regularization.l2 > 0.0001")
    control(page, "play").click()
    wait_steps(page, 1000)
    # undo and redo
    control(page, "undo").click()
    until(page, "descent.spec.regularization.l2 === 0")
    control(page, "redo").click()
    until(page, "descent.spec.regularization.l2 > 0.0001")
    # scrub back
    head = step(page)
    control(page, "timeline").focus()
    page.keyboard.press("Home")
    until(page, "descent.state.viewing && descent.state.step === 0")
    assert "step 0" in page.locator("d-timeline output").inner_text()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    until(page, "!document.querySelector('d-timeline').busy && descent.state.viewing && descent.state.step > 10")
    shown = step(page)
    assert shown < head
    # branch from there: a new run with the old curve beside it
    old = page.evaluate("descent.run")
    control(page, "branch").click()
    until(page, f"descent.run !== '{old}' && descent.frame")
    assert page.evaluate("descent.state.step") == shown
    assert page.evaluate("descent.parent.history.count") > 100
    control(page, "play").click()
    until(page, f"descent.state.step > {shown + 200}")
    assert "Before the branch" in page.locator("d-cost").inner_text()


def test_reset_keeps_the_initial_weights_and_a_new_seed_does_not(visit):
    page = visit()
    first = page.evaluate("Array.from(descent.tensor('weights/h1/kernel').data)")
    control(page, "step").click()
    until(page, "descent.state.step === 1")
    control(page, "reset").click()
    until(page, "descent.state.step === 0 && descent.frame.meta.step === '0'")
    assert page.evaluate("Array.from(descent.tensor('weights/h1/kernel').data)") == first
    control(page, "seed").click()
    until(page, f"descent.tensor('weights/h1/kernel').data[0] !== {first[0]}")


def test_a_link_is_the_whole_spec_and_back_works(visit, server):
    page = visit()
    pick(page, "dataset", "spiral")
    until(page, "descent.spec.data.name === 'spiral' && location.hash.length > 10")
    told = """import('/static/core/permalink.js').then((m) => m.fromAddress())
      .then((a) => JSON.stringify(a.spec) === JSON.stringify(descent.spec))"""
    until(page, lambda: page.evaluate(told))
    address = page.url
    page.locator(".layer-card[data-layer=h1] [data-control='units+']").click()
    until(page, "descent.spec.layers[0].units === 5")
    until(page, lambda: page.url != address and page.evaluate(told))
    other = visit(page.url.replace(server.url, ""))
    assert other.evaluate("[descent.spec.data.name, descent.spec.layers[0].units]") == ["spiral", 5]
    page.go_back()
    until(page, "descent.spec.layers[0].units === 4")
    assert page.url == address


def test_a_shared_run_is_watched_live_without_steering(visit, server):
    page = visit()
    control(page, "share").click()
    link = control(page, "link_watch").input_value()
    page.keyboard.press("Escape")
    watcher = visit(link.replace(server.url, ""))
    assert watcher.locator(".notice").first.inner_text().startswith("You are watching")
    assert control(watcher, "play").is_disabled()
    control(page, "play").click()
    until(watcher, "descent.state.step > 500 && descent.history.count > 100")
    pick(page, "optimizer", "Adam")
    until(watcher, "descent.spec.optimizer.name === 'Adam'")


def test_a_csv_is_uploaded_and_trained_on(visit, tmp_path):
    visit.expected.append("422")
    page = visit()
    path = tmp_path / "mine.csv"
    rows = [f"{i / 10},{(i * 7) % 13},{'big' if i > 30 else 'small'}" for i in range(60)]
    path.write_text("length,width,size\n" + "\n".join(rows) + "\n,3,big\n")
    control(page, "csv").click()
    page.locator("d-csv input[type=file]").set_input_files(path)
    page.locator("d-csv table").wait_for()
    assert "first in row 62" in page.locator("d-csv table").inner_text()
    control(page, "csv_use").click()
    until(page, "descent.spec.data.name === 'csv' && descent.data?.target === 'size'")
    control(page, "play").click()
    wait_steps(page, 1500)
    until(page, "parseFloat(document.querySelector('[data-metric=train-accuracy]')?.innerText) > 80")
    control(page, "csv").click()
    page.locator("d-csv textarea").fill("a,b\n1,2\n1,2,3\n")
    page.locator("d-csv textarea").blur()
    page.locator("d-csv [role=alert]").wait_for()
    assert "Row 3 has 3 cells" in unisolated(page.locator("d-csv [role=alert]").inner_text())


def test_points_are_brushed_onto_the_plane(visit):
    page = visit()
    pick(page, "dataset", "points")
    until(page, "descent.spec.data.name === 'points' && descent.data?.kind === 'plane'")
    page.locator("d-output canvas.brush").wait_for()
    before = page.evaluate("descent.spec.data.points.length")
    box = page.locator("d-output canvas.brush").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    for i in range(12):
        page.mouse.move(box["x"] + 40 + 12 * i, box["y"] + 60)
    page.mouse.up()
    until(page, f"descent.spec.data.points.length > {before + 4}")
    control(page, "undo").click()
    until(page, f"descent.spec.data.points.length === {before}")


def test_the_unit_under_the_pointer_shows_numbers_that_are_right(visit, server):
    page = visit()
    control(page, "step").click()
    until(page, "descent.state.step === 1 && descent.frame.meta.step === '1'")
    page.locator(".unit[data-layer=h1]").nth(2).hover()
    until(page, "document.querySelector('[data-live=z]')?.innerText.length > 1")
    shown = float(page.locator("[data-live=z]").first.inner_text().replace("−", "-"))
    w = load(server.api.get(f"/runs/{page.evaluate('descent.run')}/weights").content)
    x = np.array(page.evaluate("Array.from(descent.tensor('activations/input').data)"))
    z = x @ w["h1/kernel"][:, 2] + w["h1/bias"][2]
    assert shown == pytest.approx(float(z), rel=0.01, abs=0.002)


def test_a_weight_is_read_and_edited_in_place_by_keyboard(visit, server):
    page = visit()
    page.locator(".unit[data-layer=h1]").first.focus()
    page.keyboard.press("ArrowDown")
    until(page, "descent.picked.layer === 'h1' && descent.picked.unit === 1")
    page.keyboard.press("ArrowRight")
    until(page, "descent.picked.layer === 'h2'")
    page.locator("d-inspector summary").click()
    field = page.locator("d-inspector [data-live='w.3']").last
    field.fill("-1.25")
    field.press("Enter")
    until(page, "descent.tensor('weights/h2/kernel').data[3 * 2 + descent.picked.unit] === -1.25")
    w = load(server.api.get(f"/runs/{page.evaluate('descent.run')}/weights").content)
    assert -1.25 in w["h2/kernel"][3]


def test_an_edge_shows_its_weight_and_gradient(visit):
    page = visit()
    control(page, "step").click()
    until(page, "descent.state.step === 1")
    box = page.locator("d-network .picture > canvas").bounding_box()
    place = page.evaluate("""() => {
      const { columns } = document.querySelector('d-network').plan;
      const a = columns[1].nodes[0], b = columns[2].nodes[0];
      return [(a.x + a.size + b.x) / 2, (a.y + a.size / 2 + b.y + b.size / 2) / 2];
    }""")
    page.mouse.move(box["x"] + place[0], box["y"] + place[1])
    until(page, "descent.picked?.from === 'h1' && descent.tensor('gradients/h2/kernel')")
    until(page, "/\\d/.test(document.querySelector('[data-live=\"g.0\"]')?.innerText ?? '')")


def test_divergence_is_explained_and_cured_by_one_click(visit):
    page = visit()
    pick(page, "dataset", "hill")
    until(page, "descent.spec.data.name === 'hill'")
    pick(page, "optimizer", "SGD")
    page.evaluate("descent.set('optimizer.learning_rate', 9000)")
    until(page, "descent.spec.optimizer.learning_rate === 9000")
    control(page, "play").click()
    page.locator("[data-finding=diverged]").wait_for()
    assert control(page, "play").is_disabled()
    control(page, "remedy").click()
    until(page, "descent.spec.optimizer.learning_rate === 900")


def test_layers_are_edited_and_what_cannot_be_is_said_in_place(visit):
    visit.expected.append("422")
    page = visit()
    page.locator(".layer-card[data-layer=h2] [data-control=edit_layer]").click()
    dialog = page.locator("dialog[data-dialog=layer]")
    dialog.locator("[data-control=layer_units]").fill("99999")
    dialog.locator("[role=alert]").wait_for()
    assert "4,096" in dialog.locator("[role=alert]").inner_text()
    assert dialog.locator("[data-control=layer_apply]").is_disabled()
    dialog.locator("[data-control=layer_units]").fill("3")
    dialog.locator("[data-control=layer_dropout]").fill("0.25")
    until(page, "!document.querySelector('[data-control=layer_apply]').disabled")
    dialog.locator("[data-control=layer_apply]").click()
    until(page, "descent.spec.layers[1].units === 3 && descent.spec.layers[1].dropout === 0.25")
    page.locator(".layer-card[data-layer=h2] [data-control=edit_layer]").click()
    dialog.locator("[data-control=layer_earlier]").click()
    until(page, "descent.spec.layers[0].id === 'h2'")
    dialog.locator("[data-control=layer_remove]").click()
    until(page, "descent.spec.layers.length === 2")


def test_a_digit_is_drawn_and_answered(visit):
    page = visit()
    pick(page, "presets", "digits")
    page.locator("d-digit canvas").wait_for()
    control(page, "play").click()
    until(page, "descent.state.step > 400")
    box = page.locator("d-digit canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 25)
    page.mouse.down()
    for i in range(14):
        page.mouse.move(box["x"] + box["width"] / 2 - i / 3, box["y"] + 25 + i * 8)
    page.mouse.up()
    until(page, "/The network says \\d/.test(document.querySelector('d-digit').innerText)")
    assert "says 1" in page.locator("d-digit").inner_text()


def test_code_spec_weights_and_pictures_are_exported(visit):
    page = visit()
    control(page, "share").click()
    control(page, "code_keras").click()
    until(page, "document.querySelector('d-share pre')?.innerText.includes('keras.Sequential')")
    control(page, "code_pytorch").click()
    until(page, "document.querySelector('d-share pre')?.innerText.includes('nn.Linear(2, 4)')")
    files = {"save_spec": "spec.json", "save_weights": "weights.safetensors", "save_png": "network.png"}
    for name, ending in (files | {"save_svg": "network.svg", "save_history": "history.csv"}).items():
        with page.expect_download() as got:
            control(page, name).click()
        assert got.value.suggested_filename == ending
        data = got.value.path().read_bytes()
        assert len(data) > 50
        if ending.endswith("json"):
            assert json.loads(data)["layers"][0]["id"] == "h1"
        if ending.endswith("svg"):
            assert data.count(b"<path") == 4 * 2 + 8 + 2


def test_a_saved_spec_is_loaded_again(visit, tmp_path):
    page = visit()
    saved = page.evaluate("descent.spec")
    saved["layers"][0]["units"] = 6
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(saved))
    control(page, "share").click()
    control(page, "load_file").set_input_files(path)
    until(page, "descent.spec.layers[0].units === 6")


def test_a_teacher_hides_and_locks_controls(visit):
    page = visit("/?lang=en&hide=data,optimizer&lock=layers,learning_rate")
    assert page.locator("d-data").count() == 0
    assert control(page, "optimizer").count() == 0
    assert control(page, "learning_rate").is_disabled()
    assert control(page, "add_layer").is_disabled()
    assert control(page, "play").is_enabled()


def test_the_language_is_switched_in_place(visit):
    page = visit()
    control(page, "language").click()
    until(page, "document.documentElement.dir === 'rtl'")
    assert "הרשת" in page.locator("d-network h2").first.inner_text()
    control(page, "play").click()
    wait_steps(page, 200)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    control(page, "language").click()
    until(page, "document.documentElement.dir === 'ltr'")


def test_big_networks_fold_and_stay_quick(visit):
    page = visit()
    layers = [{"id": f"h{i}", "units": 64, "activation": "relu"} for i in range(12)] + [{"id": "out", "units": "auto"}]
    page.evaluate("(layers) => descent.set('layers', layers)", layers)
    until(page, "descent.spec.layers.length === 13 && document.querySelectorAll('.layer-card').length === 14")
    control(page, "play").click()
    wait_steps(page, 50)
    page.evaluate("""() => {
      window.counted = 0;
      descent.addEventListener('frame', () => window.counted++);
    }""")
    until(page, "counted >= 4")


def test_a_lost_connection_comes_back_by_itself(visit):
    page = visit()
    control(page, "play").click()
    wait_steps(page, 500)
    page.evaluate("(window.lost = descent.stream.socket).close()")
    until(page, "descent.stream.socket !== window.lost && descent.connection === 'open'")
    wait_steps(page, 500)
    rows = page.evaluate("descent.history.columns.step")
    assert rows == sorted(set(rows))


def test_phone_width_is_usable_by_touch(visit):
    page = visit("/?lang=en", viewport={"width": 390, "height": 844}, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    control(page, "play").tap()
    wait_steps(page, 200)
    page.locator(".unit[data-layer=h1]").first.tap()
    until(page, "descent.picked?.layer === 'h1'")


def test_keyboard_alone_plays_and_steps(visit):
    page = visit()
    page.keyboard.press(" ")
    until(page, "descent.state.playing")
    page.keyboard.press(" ")
    until(page, "!descent.state.playing")
    at = step(page)
    page.keyboard.press(".")
    until(page, f"descent.state.step === {at + 1}")


def test_texts_are_whole_in_both_languages(visit):
    page = visit()
    missing = page.evaluate("""async () => {
      const both = async (name) => ({
        ...(await import(`/static/text/${name}.js`))[name],
        ...(await import(`/static/text/more/${name}.js`))[name],
      });
      const [en, he] = [await both('en'), await both('he')];
      const holes = (text) =>
        [...new Set([...text.matchAll(/\\{(\\w+)(?:, plural,|\\})/g)].map((m) => m[1]))].sort().join();
      return [
        Object.keys(en).filter((k) => !(k in he)),
        Object.keys(he).filter((k) => !(k in en) && !k.startsWith('layerdoc_')),
        Object.keys(en).filter((k) => he[k] && holes(en[k]) !== holes(he[k])),
      ];
    }""")
    assert missing == [[], [], []]


def test_every_text_key_that_the_page_uses_exists():
    from tests.server import ROOT

    english = "".join(path.read_text() for path in (ROOT / "static/text").rglob("en.js"))
    used = set()
    for path in (ROOT / "static").rglob("*.js"):
        used |= set(re.findall(r'\bt\("([a-z_]+)"', path.read_text()))
    known = set(re.findall(r"\b(\w+):\s+[\"']", english))
    assert used - known == set()


def test_a_padlock_freezes_a_layer(visit):
    page = visit()
    first = "Array.from(descent.tensor('weights/h1/kernel').data)"
    last = "Array.from(descent.tensor(`weights/${descent.spec.layers.at(-1).id}/kernel`).data)"
    until(page, "descent.tensor('weights/h1/kernel')")
    lock = page.locator("[data-layer='h1'] [data-control='trainable']")
    assert lock.get_attribute("aria-pressed") == "false"
    lock.click()
    until(page, "descent.spec.layers[0].trainable === false")
    assert lock.get_attribute("aria-pressed") == "true"
    before, out = page.evaluate(first), page.evaluate(last)
    control(page, "play").click()
    wait_steps(page, 200)
    control(page, "play").click()
    assert page.evaluate(last) != out
    assert page.evaluate(first) == before
    lock.click()
    until(page, "descent.spec.layers[0].trainable !== false")


def test_a_number_stays_as_it_is_typed_and_half_a_number_is_not_applied(visit):
    page = visit("/?lang=en")
    page.locator(".layer-card[data-layer=h1] [data-control=edit_layer]").click()
    field, apply = control(page, "layer_l2"), control(page, "layer_apply")
    field.press_sequentially("1e")
    until(page, "document.querySelector('dialog[open] [role=alert]')?.textContent.includes('number')")
    assert apply.is_disabled()
    field.press_sequentially("-3")
    until(page, "!document.querySelector('[data-control=layer_apply]').disabled")
    assert field.input_value() == "1e-3"
    apply.click()
    until(page, "descent.spec.layers[0].l2 === 0.001")


RESTED = """(() => { const later = window.setTimeout; window.rested = 0;
  window.setTimeout = (does, ms, ...more) =>
    later((...given) => { window.rested += ms === 700; does(...given); }, ms, ...more); })()"""
"""How often a hand has rested so long that a slider may follow the server again."""


def test_a_slider_does_not_go_back_while_its_answer_is_on_the_way(visit):
    page = visit(before=RESTED)
    page.evaluate("""() => {
      const command = descent.command.bind(descent);
      window.waiting = [];
      const held = () => new Promise((go) => waiting.push(go));
      descent.command = (what) => (what.op === 'set' ? held().then(() => command(what)) : command(what));
    }""")
    for _ in range(3):
        before = page.evaluate("rested")
        slide(page, "dropout", 1)
        until(page, f"rested > {before}")
    page.evaluate("waiting.splice(0).forEach((go) => go())")
    until(page, "descent.spec.dropout > 0.14")
    assert float(control(page, "dropout").first.input_value()) == pytest.approx(page.evaluate("descent.spec.dropout"))
