"""The picture of the network: whole in its room whatever its size, larger by every hand, the output always in view."""

import datetime
import os

import pytest

from app.labs.labs import LABS
from app.specs.presets import PRESETS
from tests.browser.test_accessibility import violations
from tests.browser.test_journey import control, look_at
from tests.browser.waiting import settled, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

SIZES = [(1280, 800), (1024, 768), (390, 844)]

DAYS = 1 if os.environ.get("FIT") == "full" else 3
TODAY = datetime.date.today().toordinal()

NET = "document.querySelector('d-network')"
REGION = "document.querySelector('.network-scroll')"

INKED = """(all) => all.map((c) => new Set(new Uint32Array(
  c.getContext('2d', {willReadFrequently: true}).getImageData(0, 0, c.width, c.height).data.buffer)).size > 8)"""
OUTSIDE = """() => {
  const network = document.querySelector('d-network');
  const region = network.querySelector('.network-scroll');
  const room = region.getBoundingClientRect();
  const out = (box) => box.left < room.left - 1 || box.right > room.right + 1 || box.top < room.top - 1
    || box.bottom > room.bottom + 1;
  const wrong = [];
  if (region.scrollWidth > region.clientWidth + 1 || region.scrollHeight > region.clientHeight + 1) wrong.push('cut');
  if (network.querySelectorAll('.unit').length < network.plan.columns.length) wrong.push('no unit in some layer');
  for (const node of network.querySelectorAll('.unit, .picture, .layer-card')) {
    const box = node.getBoundingClientRect();
    if (node.style.visibility !== 'hidden' && box.width && out(box))
      wrong.push(`${node.className} ${node.dataset.layer ?? node.dataset.index}`);
  }
  const cards = [...network.querySelectorAll('.layer-card')]
    .filter((c) => c.style.visibility !== 'hidden').map((c) => c.getBoundingClientRect());
  cards.sort((a, b) => a.left - b.left);
  for (let i = 1; i < cards.length; i++) if (cards[i].left < cards[i - 1].right - 1) wrong.push(`card ${i} on another`);
  return wrong.slice(0, 6);
}"""

SEEN = """() => {
  const room = document.querySelector('.network-scroll').getBoundingClientRect();
  const last = document.querySelector('d-network').plan.columns.length - 1;
  return [...document.querySelectorAll(`.unit[data-column="${last}"]`)].every((unit) => {
    const box = unit.getBoundingClientRect();
    return box.width && box.left >= room.left - 1 && box.right <= room.right + 1 && box.top >= room.top - 1
      && box.bottom <= room.bottom + 1;
  });
}"""

SHOWN = """async ([what, id]) => {
  const { session } = await import('/static/core/session.js');
  await (what === 'lab' ? session.openLab(id) : session.openPreset(id));
}"""


def every_net():
    """One of each, as layers that are the same are drawn alike; a third of them a day, FIT=full all."""
    seen = {}
    presets = [("preset", name, preset.spec) for name, preset in PRESETS.items()]
    labs = [("lab", name, lab.start.plain()) for name, lab in LABS.items()]
    for kind, name, spec in presets + labs:
        layers = repr([(y.get("type"), y.get("units"), y.get("filters")) for y in spec["layers"]])
        seen.setdefault(layers, (kind, name))
    return list(seen.values())[TODAY % DAYS :: DAYS]


def whole(page, what):
    for size in SIZES:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        look_at(page, "network")
        until(page, f"innerWidth === {size[0]} && {NET}.width === Math.floor({REGION}.clientWidth)")
        assert page.evaluate(OUTSIDE) == [], (what, size)


def test_every_net_fits_its_room_from_the_start(visit):
    page = visit("/?lang=en", viewport={"width": 1280, "height": 800})
    for what in every_net():
        page.evaluate(SHOWN, what)
        look_at(page, "network")
        until(page, f"{NET}.plan?.columns.length === descent.report.layers.length + 1 && descent.frame")
        whole(page, what)


def zoom(page):
    return page.evaluate(f"{NET}.zoom")


def test_it_is_enlarged_and_made_small_again_by_button_key_and_wheel(visit):
    page = visit("/?lang=en&preset=lenet", viewport={"width": 1280, "height": 800})
    assert control(page, "zoom_out").is_disabled()
    control(page, "zoom_in").click()
    until(page, f"{REGION}.scrollWidth > {REGION}.clientWidth + 20")
    assert page.evaluate(SEEN), "the output stays in view"
    control(page, "zoom_out").click()
    until(page, f"{NET}.zoom === 1 && {REGION}.scrollWidth <= {REGION}.clientWidth + 1")

    region = page.locator(".network-scroll")
    region.focus()
    for _ in range(3):
        page.keyboard.press("+")
    until(page, f"{NET}.zoom > 2")
    settled(page)
    page.keyboard.press("ArrowRight")
    until(page, f"{REGION}.scrollLeft > 0")
    assert page.evaluate(SEEN)
    page.keyboard.press("-")
    until(page, f"{NET}.zoom < 2")
    page.keyboard.press("0")
    until(page, f"{NET}.zoom === 1")

    box = region.bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 200)
    scrolled = "document.querySelector('d-stage').scrollTop"
    assert page.evaluate(scrolled) == 0
    page.mouse.wheel(0, 120)
    until(page, f"{scrolled} > 0")
    assert zoom(page) == 1, "as long as all is seen the views beside it scroll"
    page.evaluate("document.querySelector('d-stage').scrollTo(0, 0)")
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    until(page, f"{NET}.zoom > 2")
    page.keyboard.up("Control")
    settled(page)
    large = zoom(page)
    page.mouse.wheel(0, 150)
    until(page, f"{NET}.zoom < {large}")
    assert zoom(page) > 1, "enlarged, the wheel alone does it"
    control(page, "zoom_fit").click()
    until(page, f"{NET}.zoom === 1 && {REGION}.scrollWidth <= {REGION}.clientWidth + 1")


def test_what_is_under_the_pointer_stays_there_and_the_ground_is_dragged(visit):
    page = visit("/?lang=en&preset=lenet", viewport={"width": 1280, "height": 800})
    unit = page.locator(".unit[data-layer=c3][data-unit='4']")
    before = unit.bounding_box()
    page.mouse.move(before["x"] + before["width"] / 2, before["y"] + before["height"] / 2)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -240)
    page.keyboard.up("Control")
    until(page, f"{NET}.zoom > 2")
    settled(page)
    after = unit.bounding_box()
    assert abs(after["x"] + after["width"] / 2 - before["x"] - before["width"] / 2) < before["width"]
    left = page.evaluate(f"{REGION}.scrollLeft")
    spot = page.evaluate("""() => {
      const { plan } = document.querySelector('d-network');
      const box = document.querySelector('d-network canvas').getBoundingClientRect();
      const column = plan.columns.find((c) => c.x > 150 && c.x + plan.step / 2 < plan.dock.left);
      return [box.left + column.x + plan.step / 2 - 3, box.top + 20];
    }""")
    page.mouse.move(*spot)
    page.mouse.down()
    page.mouse.move(spot[0] - 80, spot[1], steps=4)
    page.mouse.up()
    until(page, f"Math.abs({REGION}.scrollLeft - {left} - 80) < 3")
    assert page.evaluate(SEEN)


def pinch(page, apart, at):
    finger = page.context.new_cdp_session(page)
    for i, each in enumerate(apart):
        points = [{"x": at[0] - each, "y": at[1], "id": 0}, {"x": at[0] + each, "y": at[1], "id": 1}]
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove" if i else "touchStart", "touchPoints": points})
        settled(page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_two_fingers_enlarge_it_and_make_it_small_and_a_finger_opens_what_is_near(visit):
    page = visit("/?lang=he", viewport={"width": 390, "height": 844}, has_touch=True)
    page.locator(".network-scroll").scroll_into_view_if_needed()
    box = page.locator(".network-scroll").bounding_box()
    at = (box["x"] + box["width"] / 2, box["y"] + 200)
    until(page, f"{NET}.hands")
    pinch(page, (30, 60, 90, 120), at)
    until(page, f"{NET}.zoom > 2")
    assert page.evaluate(SEEN)
    assert page.evaluate("visualViewport.scale") == 1, "the page itself stays as it is"
    pinch(page, (120, 90, 60, 30, 20), at)
    until(page, f"{NET}.zoom === 1")
    unit = page.locator(".unit[data-layer=h1][data-unit='0']").bounding_box()
    page.touchscreen.tap(unit["x"] + unit["width"] / 2, unit["y"] - 9)
    until(page, "descent.picked?.layer === 'h1' && descent.picked.unit === 0")


@pytest.mark.parametrize("language", ["en", "he"])
def test_what_a_unit_computes_opens_beside_it_inside_the_room_and_is_closed(visit, language):
    page = visit(f"/?lang={language}", viewport={"width": 1280, "height": 800})
    inside = """() => {
      const room = document.querySelector('.network-room').getBoundingClientRect();
      const card = document.querySelector('d-inspector').getBoundingClientRect();
      return card.width > 100 && card.left >= room.left && card.right <= room.right + 1 && card.top >= room.top
        && card.bottom <= room.bottom + 1;
    }"""
    for layer in ("inputs", "h1", "out"):
        unit = page.locator(f".unit[data-layer={layer}][data-unit='0']")
        unit.click()
        page.locator("d-inspector .formula b, d-inspector .formula [data-live=a]").first.wait_for()
        settled(page)
        until(page, f"({inside})()")
        box, card = unit.bounding_box(), page.locator("d-inspector").bounding_box()
        gap = max(card["x"] - box["x"] - box["width"], box["x"] - card["x"] - card["width"])
        assert 0 < gap < 40, f"beside {layer}: {gap}"
        page.keyboard.press("Escape")
        until(page, "!descent.picked && document.querySelector('d-inspector').hidden")
    page.locator(".unit[data-layer=h1][data-unit='1']").click()
    page.locator("d-inspector .push").click()
    until(page, "!descent.picked")
    assert page.evaluate("document.activeElement.dataset.layer") == "h1", "the focus is where it was"
    page.locator(".unit[data-layer=h1][data-unit='2']").hover()
    page.locator("d-inspector.peek").wait_for()
    assert page.locator("d-inspector .push:visible, d-inspector details:visible").count() == 0
    assert violations(page) == []


def test_hebrew_runs_from_right_to_left_at_every_zoom(visit):
    page = visit("/?lang=he&preset=lenet", viewport={"width": 1024, "height": 768})
    order = f"{NET}.plan.columns.map((c) => c.x)"
    places = page.evaluate(order)
    assert places == sorted(places, reverse=True)
    for _ in range(3):
        control(page, "zoom_in").click()
    until(page, f"{NET}.zoom > 2")
    settled(page)
    places = page.evaluate(order)
    assert places[:-1] == sorted(places[:-1], reverse=True)
    assert page.evaluate(SEEN)
    dock = page.evaluate(f"{NET}.plan.dock")
    assert dock["left"] == 0
    page.locator(".unit[data-layer=c1]").first.focus()
    page.keyboard.press("ArrowLeft")
    until(page, "descent.picked?.layer === 's2'")
    unit, region = (page.locator(s).bounding_box() for s in (".unit:focus", ".network-scroll"))
    assert unit["x"] >= region["x"] + dock["right"] - 1
    assert unit["x"] + unit["width"] <= region["x"] + region["width"] + 1


@pytest.mark.parametrize("language", ["en", "he"])
def test_a_block_opens_in_its_place_with_the_maps_of_its_stages_and_closes(visit, language):
    page = visit(f"/?lang={language}&preset=inception", viewport={"width": 1280, "height": 800})
    columns = page.evaluate(f"{NET}.plan.columns.length")
    block = page.locator(".layer-card [data-control=open_block]").first
    name = block.locator("xpath=ancestor::*[@data-layer]").get_attribute("data-layer")
    block.click()
    until(page, f"{NET}.plan.columns.length > {columns} + 8")
    stages = page.evaluate(f"descent.report.layers.find((r) => r.id === '{name}').stages")
    maps = [stage["id"] for stage in stages[:-1] if len(stage["shape"]) == 3]
    for stage in maps:
        until(page, f"descent.tensor('neurons/{stage}')?.shape[0] > 0")
    settled(page)
    assert page.evaluate(OUTSIDE) == []
    pooled = next(stage["id"] for stage in stages if stage["type"] == "MaxPooling2D")
    page.locator(f".unit[data-layer='{pooled}']").first.click()
    until(page, f"descent.about.window?.layer === '{pooled}' && descent.about.window.kind === 'pool'")
    page.keyboard.press("Escape")
    page.locator(f".layer-card[data-layer='{name}'] [data-control=open_block]").click()
    until(page, f"{NET}.plan.columns.length === {columns}")


@pytest.mark.parametrize("language", ["en", "he"])
def test_inputs_are_switched_on_and_off_where_they_stand(visit, language):
    page = visit(f"/?lang={language}", viewport={"width": 1280, "height": 800})
    known = page.evaluate("descent.catalog.datasets.find((d) => d.name === descent.spec.data.name).features")
    assert page.locator(".off-tile").count() == len(known) - 2
    assert page.locator(".off-tile canvas").evaluate_all(INKED) == [True] * (len(known) - 2), "what each makes"
    page.locator(".off-tile[data-input='x1^2']").click()
    until(page, "descent.report.inputs.join() === 'x1,x2,x1^2'")
    until(page, "descent.tensor('weights/h1/kernel')?.shape[0] === 3")
    settled(page)
    assert page.locator(".off-tile").count() == len(known) - 3
    assert page.evaluate(OUTSIDE) == []
    columns = page.locator("[data-column='0'].unit, .off-tile").evaluate_all("(all) => all.map((e) => e.offsetTop)")
    assert len(set(columns)) == len(known), "each in a place of its own"
    page.locator(".unit[data-layer=inputs][data-unit='1'] .switch").click()
    until(page, "descent.report.inputs.join() === 'x1,x1^2'")
    page.locator(".unit[data-layer=inputs][data-unit='1'] .switch").click()
    until(page, "descent.report.inputs.join() === 'x1'")
    page.locator(".unit[data-layer=inputs] .switch").click()
    page.locator("[role=alert]").first.wait_for()
    assert page.evaluate("descent.report.inputs.join()") == "x1", "one stays"
