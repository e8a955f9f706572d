"""The page in windows of every size, in both languages: nothing is cut, squeezed, laid over another, out of reach."""

import itertools

import pytest

from tests.browser.test_accessibility import violations
from tests.browser.test_journey import control
from tests.browser.test_walk import open_lab
from tests.browser.waiting import settled, until
from tests.days import WALK, todays

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

SIZES = [(1280, 800), (1024, 768), (820, 1180), (390, 844), (844, 390), (320, 640)]

WIDER = """(width) => [...document.querySelectorAll('body *')].filter((node) => {
  const box = node.getBoundingClientRect();
  const apart = node.closest(
    '.network-scroll, .scroll, .tabs, .visually-hidden, .skip, dialog:not([open]), canvas, svg *');
  return box.width && box.height && !apart && (box.right > width + 1 || box.left < -1);
}).map((node) => `${node.tagName}.${node.className}`).slice(0, 5)"""

OVERLAPS = """() => {
  const places = ['.bar button', '.bar select', '.bar a', 'd-transport button', 'd-transport select',
    'd-transport input', 'd-transport output', 'd-transport .slider span', '.counter dd', '.counter dt',
    'd-timeline button', 'd-timeline input'];
  const nodes = [...document.querySelectorAll(places.join())]
    .filter((n) => n.getClientRects().length && !n.closest('.visually-hidden, .compact > span'));
  const boxes = nodes.map((n) => {
    const range = document.createRange();
    range.selectNodeContents(n);
    const text = n.matches('dd, dt, output, span') && range.getBoundingClientRect().width;
    return (text ? range : n).getBoundingClientRect();
  });
  const found = [];
  boxes.forEach((a, i) => boxes.forEach((b, j) => {
    if (j <= i || nodes[i].contains(nodes[j]) || nodes[j].contains(nodes[i])) return;
    if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4)
      found.push(`${nodes[i].outerHTML.slice(0, 60)} | ${nodes[j].outerHTML.slice(0, 60)}`);
  }));
  return found;
}"""

SMALL = """() => [...document.querySelectorAll('select, textarea, input')]
  .filter((n) => !['range', 'checkbox', 'radio', 'file'].includes(n.type) && n.getClientRects().length)
  .filter((n) => parseFloat(getComputedStyle(n).fontSize) < 16).map((n) => n.dataset.control ?? n.outerHTML)"""

FOUND = """() => {
  const box = (n) => (({top, bottom, left, right}) => ({top, bottom, left, right}))(n.getBoundingClientRect());
  const signs = [...document.querySelectorAll('d-findings summary')].map(box);
  const said = document.querySelector('d-findings details[open] > div');
  const [bar, stage] = ['.bar', 'd-stage .view[data-place=hero]'].map((name) => box(document.querySelector(name)));
  return {bar, stage, signs, said: said && box(said)};
}"""


def at(visit, size, path="/?lang=en", **options):
    width, height = size
    phone = min(size) < 600
    return visit(path, viewport={"width": width, "height": height}, has_touch=phone, is_mobile=phone, **options)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("language", ["en", "he"])
def test_the_workbench_fits(visit, size, language):
    width, height = size
    page = at(visit, size, f"/?lang={language}")
    control(page, "play").click()
    until(page, "descent.state.step > 30 && document.querySelector('[data-rate]').textContent")
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(WIDER, width) == []
    assert page.evaluate(OVERLAPS) == []
    # the bar stands at the foot of the window, whatever is scrolled, and is low
    bar = page.locator(".controls").bounding_box()
    assert bar["y"] + bar["height"] == pytest.approx(height, abs=1)
    assert bar["height"] < (76 if width > 960 or height < 520 else 116)
    if min(size) < 600:
        assert page.evaluate(SMALL) == []
    play = control(page, "play").bounding_box()
    assert bar["y"] - 1 <= play["y"] < play["y"] + play["height"] <= height  # a pixel: letters have sizes in fractions
    control(page, "play").click()
    until(page, "!descent.state.playing")


CARDS = """() => [...document.querySelectorAll('.layer-card')].flatMap((card) => {
  const room = document.querySelector('.network-scroll').getBoundingClientRect();
  return [...card.querySelectorAll('select, button')].filter((n) => {
    const box = n.getBoundingClientRect();
    return box.left < room.left - 1 || box.right > room.right + 1 || (n.matches('select') && box.width < 60);
  }).map((n) => `${card.dataset.layer} ${n.dataset.control}`);
})"""


@pytest.mark.parametrize("language", ["en", "he"])
@pytest.mark.parametrize("size", [(390, 844), (1280, 800)], ids=str)
def test_every_control_of_a_layer_is_seen(visit, size, language):
    page = at(visit, size, f"/?lang={language}")
    assert page.evaluate(CARDS) == []


HIDDEN = ["data,learning", "output,cost,metrics", "data,learning,output,cost,metrics", "data", "layers,play,language",
          "timeline,presets,panels"]  # fmt: skip


def hero(page):
    """The name and the box of the view that has the middle."""
    view = page.locator(".view[data-place=hero]")
    return view.get_attribute("data-view"), view.bounding_box()


@pytest.mark.parametrize("hide", HIDDEN)
def test_what_is_hidden_leaves_its_room_to_the_hero(visit, hide):
    page = visit(f"/?lang=en&hide={hide}&lock=layers,learning_rate", viewport={"width": 1280, "height": 800})
    names = set(hide.split(","))
    room = 1260 - (0 if {"data", "learning"} <= names else 246) - (0 if {"output", "cost", "metrics"} <= names else 280)
    assert hero(page)[0] == "network"
    assert hero(page)[1]["width"] == pytest.approx(room, abs=4)
    for name in names & {"data", "learning", "output", "cost", "metrics", "timeline"}:
        assert page.locator(f"d-{name}").count() == 0
    for name in names - {"data", "learning", "output", "cost", "metrics", "timeline", "layers"}:
        assert page.locator(f"[data-control={name}]:visible").count() == 0, name
    assert control(page, "learning_rate").is_disabled()


def test_a_hero_that_is_hidden_leaves_its_place_to_another_view(visit):
    page = visit("/?lang=en&hide=network", viewport={"width": 1280, "height": 800})
    assert hero(page)[0] == "output"
    assert page.locator("d-network").count() == 0
    page = visit("/labs/gradient-descent?lang=en&hide=surface", viewport={"width": 1280, "height": 800})
    assert hero(page)[0] == "network"


PAIRS = list(itertools.combinations(("data", "learning", "output", "cost", "metrics", "timeline"), 2))
HERE = PAIRS if WALK else todays(PAIRS, 2)
THERE = PAIRS if WALK else [pair for pair in PAIRS if pair not in HERE]


@pytest.mark.parametrize(("path", "pairs"), [("/", HERE), ("/labs/perceptron", THERE)])
def test_any_two_things_may_be_hidden_at_any_width(visit, path, pairs):
    for pair in pairs:
        page = visit(f"{path}?lang=en&hide={','.join(pair)}", viewport={"width": 1280, "height": 800})
        for width in (1280, 1000, 390):
            page.set_viewport_size({"width": width, "height": 800})
            until(page, f"innerWidth === {width}")
            assert hero(page)[1]["width"] >= min(width - 20, 560), (width, pair)
        page.context.close()


def test_what_is_locked_does_nothing_by_mouse_or_key(visit):
    page = visit("/?lang=en&lock=play,step,theme,undo")
    page.keyboard.press(" ")
    page.keyboard.press(".")
    control(page, "theme").focus()
    page.keyboard.press("Enter")
    control(page, "theme").dispatch_event("click")
    settled(page)
    assert page.evaluate("[descent.state.step, document.documentElement.dataset.theme ?? null]") == [0, None]


def test_the_keys_are_told(visit):
    page = visit()
    page.keyboard.press("?")
    dialog = page.locator("[data-dialog=help]")
    dialog.wait_for()
    assert {"Space", ".", "Ctrl", "Z", "?"} <= set(dialog.locator("kbd").all_inner_texts())
    assert violations(page) == []
    page.keyboard.press("Escape")
    until(page, "!document.querySelector('[data-dialog=help][open]')")
    control(page, "help").click()
    dialog.wait_for()


def test_a_panel_that_opens_has_the_middle_and_gives_it_back(visit):
    page = visit(viewport={"width": 1280, "height": 800})
    before = {name: page.locator(name).bounding_box() for name in (".controls", "d-data", ".top", "d-stage")}
    page.evaluate("dispatchEvent(new CustomEvent('descent-open', {detail: 'surface'}))")
    page.locator("d-surface canvas.flat").wait_for()
    assert hero(page)[0] == "surface"
    assert page.locator(".view[data-view=network]").get_attribute("data-place") == "strip"
    for name, box in before.items():
        assert page.locator(name).bounding_box() == box, f"{name} has moved"
    control(page, "surface_close").click()
    until(page, "document.querySelector('.view[data-place=hero]').dataset.view === 'network'")
    assert page.locator("d-surface canvas").count() == 0


def test_own_points_begin_with_one_of_each_class_and_can_be_rubbed_out(visit):
    page = visit(viewport={"width": 1280, "height": 1000})
    control(page, "dataset").select_option("points")
    until(page, "descent.spec.data.name === 'points' && descent.spec.data.points.length === 2")
    assert "one point of each is there from the start" in page.locator("d-output .brushes").inner_text()
    canvas = page.locator("d-output canvas.brush")
    canvas.wait_for()
    box = canvas.bounding_box()

    def drag(*places):
        page.mouse.move(box["x"] + places[0][0], box["y"] + places[0][1])
        page.mouse.down()
        for x, y in places[1:]:
            page.mouse.move(box["x"] + x, box["y"] + y)
        page.mouse.up()

    drag(*((40 + 14 * i, 40) for i in range(10)))
    until(page, "descent.spec.data.points.length > 7")
    drawn = page.evaluate("descent.spec.data.points")
    control(page, "brush_rubber").check()
    drag((30, 40), (50, 40), (70, 40), (90, 40))
    until(page, f"descent.spec.data.points.length < {len(drawn) - 1}")
    left = page.evaluate("descent.spec.data.points")
    assert all(point in drawn for point in left)
    assert [-2, 0, 0] in left
    control(page, "brush_clear").click()
    until(page, "descent.spec.data.points.length === 2")
    assert page.evaluate("descent.spec.data.points.map((p) => p[2])") == [0, 1]
    firsts = [next(point for point in left if point[2] == kind) for kind in (0, 1)]
    assert page.evaluate("descent.spec.data.points") == firsts, "the first of each stays, as is said"
    control(page, "undo").click()
    until(page, f"descent.spec.data.points.length === {len(left)}")
    control(page, "brush_classes").select_option("0")
    page.locator("d-output .brushes", has_text="two values").wait_for()


def test_a_box_drawn_inside_a_box_does_not_move_it(visit, tmp_path):
    from tests.app.test_boxes import picture

    page = visit("/?lang=en&preset=yolo")
    (tmp_path / "a.png").write_bytes(picture((10, 10, 20, 20)))
    control(page, "boxes").click()
    control(page, "boxes_files").set_input_files([tmp_path / "a.png"])
    canvas = page.locator("canvas.draw-boxes")
    canvas.wait_for()
    boxes = "document.querySelector('d-boxes').pictures[0].boxes.map((b) => [b.x, b.y, b.w, b.h])"
    place = canvas.bounding_box()
    scale = place["width"] / 80

    def drag(x, y, to_x, to_y):
        page.mouse.move(place["x"] + x * scale, place["y"] + y * scale)
        page.mouse.down()
        page.mouse.move(place["x"] + to_x * scale, place["y"] + to_y * scale, steps=4)
        page.mouse.up()

    drag(10, 10, 60, 60)
    drag(25, 25, 45, 45)
    outer, inner = page.evaluate(boxes)
    assert outer == pytest.approx([10, 10, 50, 50], abs=1)
    assert inner == pytest.approx([25, 25, 20, 20], abs=1)
    drag(10, 40, 15, 40)  # by its rim it moves
    assert page.evaluate(boxes)[0] == pytest.approx([15, 10, 50, 50], abs=1)
    drag(30, 40, 30, 40)  # a click chooses what is under it
    assert page.evaluate("document.querySelector('d-boxes').chosen") == 1
    assert len(page.evaluate(boxes)) == 2


def test_pressed_buttons_and_signs_are_seen_in_forced_colours_and_on_paper(visit):
    page = open_lab(visit, "lenet", forced_colors="active")
    ground = "(selector) => getComputedStyle(document.querySelector(selector)).backgroundColor"
    pressed = page.evaluate(ground, ".segments [aria-pressed=true]")
    assert pressed != page.evaluate(ground, ".segments [aria-pressed=false]")
    control(page, "step").click()  # from then on there is a chart
    page.locator("d-cost canvas").first.wait_for()
    page.emulate_media(media="print", forced_colors="none")
    for gone in ("[data-control=play]", ".tools", "d-timeline", "d-data"):
        assert page.locator(f"{gone}:visible").count() == 0, gone
    for there in ("d-lesson", "d-network canvas", "d-cost canvas"):
        assert page.locator(there).first.is_visible(), there
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


@pytest.mark.parametrize("language", ["en", "he"])
@pytest.mark.parametrize("size", [(1280, 800), (1024, 768), (390, 844)])
def test_findings_stand_in_the_bar_and_what_unfolds_is_whole(visit, size, language):
    page = at(visit, size, f"/?lang={language}&preset=lenet")
    before = page.evaluate(FOUND)
    control(page, "play").click()
    until(page, "document.querySelector('d-findings li')")
    control(page, "play").click()
    until(page, "!descent.state.playing")
    settled(page)
    now = page.evaluate(FOUND)
    assert (now["bar"], now["stage"]) == (before["bar"], before["stage"]), "nothing is pushed"
    for sign in now["signs"]:
        assert now["bar"]["top"] <= sign["top"] < sign["bottom"] <= now["bar"]["bottom"], "they cover nothing"
        assert 0 <= sign["left"] < sign["right"] <= size[0]
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate(WIDER, size[0]) == []
    page.locator("d-findings summary").last.click()
    until(page, "document.querySelector('d-findings details[open]')")
    settled(page)
    said = page.evaluate(FOUND)["said"]
    assert 0 <= said["left"] < said["right"] <= size[0]
    assert said["top"] >= now["bar"]["bottom"] - 4
    assert violations(page) == []
    page.locator("d-findings details[open] [data-control=remedy]").click(trial=True)
