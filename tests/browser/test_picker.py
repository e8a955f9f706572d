"""Data sets, lessons and examples are chosen by picture, with a search, by mouse, by keys, in both languages."""

import numpy as np
import pytest
from safetensors.numpy import load

from app.labs import LABS
from app.pages.pages import section_names
from app.specs.presets import PRESETS
from engine.data import datasets
from tests.browser.test_accessibility import violations
from tests.browser.test_journey import control
from tests.browser.waiting import settled, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

INKED = """() => [...document.querySelectorAll('.picker canvas')].map((c) => {
  const {data} = c.getContext('2d', {willReadFrequently: true}).getImageData(0, 0, c.width, c.height);
  return [c.dataset.picture, new Set(new Uint32Array(data.buffer)).size];
})"""
CUT = """() => [...document.querySelectorAll('.picker .name, .pictured button > span')].filter((n) =>
  n.getClientRects().length && (n.scrollWidth > n.clientWidth + 1 && getComputedStyle(n).overflow !== 'visible'
    || n.getBoundingClientRect().right > n.closest('button').getBoundingClientRect().right + 1
    || n.getBoundingClientRect().left < n.closest('button').getBoundingClientRect().left - 1))
  .map((n) => n.textContent)"""
TILES = "[...document.querySelectorAll('.picker .tile')].map((n) => n.dataset.value)"


def opened(page, name):
    control(page, f"{name}_open").first.click()
    page.locator("dialog.picker[open]").wait_for()
    until(page, "document.querySelector('d-picker').samples && document.querySelector('d-picker').catalog")
    settled(page)


@pytest.mark.parametrize("language", ["en", "he"])
def test_a_data_set_is_found_and_chosen_by_keys(visit, language):
    page = visit(f"/?lang={language}", color_scheme="dark" if language == "he" else "light")
    control(page, "dataset_open").focus()
    page.keyboard.press("Enter")
    page.locator("dialog.picker[open]").wait_for()
    until(page, "document.querySelector('d-picker').samples")
    settled(page)
    inked = dict(page.evaluate(INKED))
    assert {name for name, kind in datasets.items() if not kind.uploaded} == set(inked)
    assert [name for name, colours in inked.items() if colours < (2 if name == "points" else 5)] == []
    assert page.evaluate(CUT) == []
    assert violations(page) == []
    assert page.locator(".tile[aria-pressed=true]").get_attribute("data-value") == "circle"
    page.keyboard.type("moons")  # the field of the search has the focus; names of programs are found, too
    until(page, f"{TILES}.join() === 'moons'")
    page.keyboard.press("Backspace")
    for _ in range(4):
        page.keyboard.press("Backspace")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    last = page.evaluate(f"{TILES}.at(-1)")
    assert page.evaluate("document.activeElement.dataset.value") == last
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    below = page.evaluate("document.activeElement.dataset.value")
    assert below == "circle"
    page.keyboard.press("ArrowRight" if language == "en" else "ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.value") == "xor"
    page.keyboard.press("Enter")
    until(page, "descent.spec.data.name === 'xor' && descent.data?.inputs.length === 2")
    assert page.evaluate("document.activeElement.dataset.control") == "dataset_open"
    assert control(page, "dataset").input_value() == "xor"


def test_lessons_and_examples_are_found_by_what_they_ask(visit):
    page = visit("/?lang=en", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    opened(page, "presets")
    assert set(page.evaluate(TILES)) == {*(f"lab:{name}" for name in LABS), *PRESETS}
    assert page.evaluate(CUT) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    dialog = page.locator("dialog.picker").bounding_box()
    assert dialog["x"] >= 0
    assert dialog["x"] + dialog["width"] <= 390
    headings = page.locator(".picker h3").all_inner_texts()
    assert headings[1:] == [section_names()[letter]["en"] for letter in "ABCDEF"]
    control(page, "picker_search").fill("minimum nearest")  # of its question, which no tile shows
    until(page, f"{TILES}.join() === 'lab:gradient-descent'")
    control(page, "picker_search").fill("qqq")
    page.get_by_text("Nothing of that name").wait_for()
    control(page, "picker_search").fill("גרדיאנט")
    page.get_by_text("Nothing of that name").wait_for()
    control(page, "picker_search").fill("spiral")
    page.locator(".tile[data-value=spiral]").click()
    until(page, "descent.spec.data.name === 'spiral'")


def test_what_a_teacher_locks_opens_no_dialog(visit):
    page = visit("/?lang=en&lock=dataset")
    assert control(page, "dataset_open").is_disabled()
    assert control(page, "dataset").is_disabled()


def test_the_pictures_are_the_servers_own_examples(server):
    answer = server.api.get("/catalog/samples")
    assert answer.status_code == 200
    assert len(answer.content) < 400_000
    tensors = load(answer.content)
    spec = {"data": {"name": "moons"}, "layers": [{"id": "out", "units": "auto"}]}
    run, _ = server.run(spec=spec)
    whole = load(server.api.get(f"/runs/{run}/data").content)
    rows = {(*row, label) for row, label in zip(whole["x"].tolist(), whole["y"].ravel().tolist(), strict=True)}
    shown = [(*row, label) for row, label in zip(*(tensors[f"moons/{k}"].tolist() for k in "xy"), strict=True)]
    assert len(shown) > 50
    assert set(shown) <= rows
    assert tensors["mnist/x"].shape == (4, 28, 28, 1)
    assert np.ptp(tensors["mnist/x"].astype(int)) > 200
    assert {name.split("/")[0] for name in tensors} == {n for n, kind in datasets.items() if not kind.uploaded}


def test_inputs_are_pictures_of_what_they_make_of_each_place(visit):
    page = visit("/?lang=en")
    middle = """(name) => { const c = document.querySelector(`canvas[data-feature="${name}"]`);
      const at = (x, y) => [...c.getContext('2d', {willReadFrequently: true}).getImageData(x, y, 1, 1).data].join();
      return [at(1, 1) === at(22, 1), at(1, 1) === at(22, 22)]; }"""
    assert page.evaluate(middle, "x1") == [False, False]
    assert page.evaluate(middle, "x1^2") == [True, True]
    assert page.evaluate(middle, "x1*x2") == [False, True]


def test_inputs_that_were_ticked_stay_with_a_data_set_that_has_them(visit):
    page = visit()
    features = lambda: page.evaluate("descent.spec.data.features")  # noqa: E731
    page.evaluate("descent.set('data.features', ['x1', 'x2', 'x1*x2'])")
    control(page, "dataset").select_option("xor")
    until(page, "descent.spec.data.name === 'xor'")
    assert features() == ["x1", "x2", "x1*x2"]
    control(page, "dataset").select_option("sine")
    until(page, "descent.spec.data.name === 'sine'")
    assert features() is None, "of one input it has none of them"
