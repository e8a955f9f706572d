"""From right to left: positions of characters, of numbers under their headings, of time; one page, and the nets."""

from pathlib import Path

import pytest

from app.labs import LABS, glossary, questions
from app.labs.reading_order import in_order
from app.labs.text import render_text
from tests.browser.conftest import page_in
from tests.browser.test_journey import control, wait_steps
from tests.browser.waiting import settled, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

BACKWARDS = (Path(__file__).parent / "reading.js").read_text("utf-8")
TEXTS = """async () => {
  const first = (await import('/static/text/he.js')).he;
  const he = { ...first, ...(await import('/static/text/more/he.js')).he };
  const { inOrder } = await import('/static/core/reading-order.js');
  const { t } = await import('/static/core/i18n.js');
  const { moreTexts } = await import('/static/core/i18n.js');
  await moreTexts();
  const samples = ['−0.011', 'f5', '1,234', 'model.json', 'g′', '∂J/∂p', 'a → b', '95%', '(0, 1)'];
  const out = {};
  for (const [i, [key, text]] of Object.entries(he).entries()) {
    const names = [...text.matchAll(/\\{(\\w+)(?:, plural,|\\})/g)].map((m) => m[1]);
    out[key] = t(key, Object.fromEntries(names.map((name, j) => [name, samples[(i + j) % samples.length]])));
  }
  return [he, out];
}"""
SEEN = {
    "∂J/∂p": "השיפוע ∂J/∂p של כל משקל",
    "−0.011": "הערך −0.011 קטן",
    "g′": "הנגזרת g′ כאן",
    ".json": "קובץ .json לטעינה",
    "1 − IoU": "המרחק 1 − IoU בין תיבות",
    "224→112": "המפות 224→112→56 נחצות",
}
"""What was seen the wrong way round, in sentences."""
ASTRAY = """() => {
  const written = (cell) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 1);
    return boxes.length ? [Math.min(...boxes.map((b) => b.left)), Math.max(...boxes.map((b) => b.right))] : null;
  };
  const out = [];
  let seen = 0;
  for (const table of document.querySelectorAll('table')) {
    const heads = [...table.querySelectorAll('thead tr:last-child > *')];
    for (const row of heads.length ? table.querySelectorAll('tbody tr') : [])
      [...row.children].forEach((cell, i) => {
        const head = heads[i] && written(heads[i]);
        const here = written(cell);
        if (!head || !here || !/\\d/.test(cell.innerText) || row.children.length !== heads.length) return;
        seen++;
        const column = heads[i].getBoundingClientRect();
        const under = here[0] >= column.left - 2 && here[1] <= column.right + 2;
        const centred = getComputedStyle(cell).textAlign === 'center';
        const edge = document.dir === 'rtl' ? 1 : 0;
        const meets = centred || Math.abs(here[edge] - head[edge]) <= 3;
        if (!under || !meets) out.push([heads[i].innerText, cell.innerText, head, here]);
      });
  }
  return [seen, out];
}"""


@pytest.fixture(scope="module")
def hebrew(chromium, server):
    page = page_in(chromium)
    page.goto(f"{server.url}/labs/optimisers?lang=he")
    until(page, "window.descent?.frame && window.descent?.data && window.descent?.catalog")
    until(page, "document.querySelector('d-lesson')?.shown")
    yield page
    page.context.close()


def backwards(page, texts):
    return page.evaluate(BACKWARDS, texts)


def test_the_measure_sees_what_is_the_wrong_way_round(hebrew):
    assert set(backwards(hebrew, SEEN)) == set(SEEN)
    assert backwards(hebrew, {name: in_order(text) for name, text in SEEN.items()}) == {}


def test_every_text_of_the_interface_is_in_reading_order(hebrew):
    raw, shown = hebrew.evaluate(TEXTS)
    assert len(shown) > 500
    assert len(backwards(hebrew, raw)) > 20, "without isolates many are not"
    assert backwards(hebrew, shown) == {}


def test_every_lesson_and_the_glossary_are_in_reading_order(hebrew):
    texts = {lab: f"<div>{render_text(lab, 'he')}</div>" for lab in LABS}
    texts |= {term.id: in_order(term.text["he"]) for term in glossary().values()}
    texts |= {item.question["he"]: in_order(item.answer["he"]) for item in questions()}
    texts |= {f"{lab.id} {c.id}": in_order(c.text["he"]) for lab in LABS.values() for c in lab.challenges}
    assert backwards(hebrew, texts) == {}


def test_numbers_stand_under_their_headings(hebrew, server):
    page = hebrew
    control(page, "play").click()
    wait_steps(page, 20)
    control(page, "play").click()
    until(page, "!descent.state.playing")
    until(page, "document.querySelectorAll('[data-runner]').length > 1 && document.querySelector('[data-slot=step0]')")
    settled(page)
    seen, astray = page.evaluate(ASTRAY)
    assert seen > 20
    assert astray == []
    page.goto(f"{server.url}/architectures?lang=he")
    until(page, "document.querySelectorAll('.architecture tbody tr').length > 5")
    seen, astray = page.evaluate(ASTRAY)
    assert seen > 20
    assert astray == []
    page.goto(f"{server.url}/labs/optimisers?lang=he")
    until(page, "document.querySelector('d-lesson')?.shown")


def test_time_runs_from_left_to_right_and_the_title_speaks_the_language(hebrew):
    page = hebrew
    until(page, "document.querySelector('[data-control=timeline]')")
    assert page.evaluate("getComputedStyle(document.querySelector('[data-control=timeline]')).direction") == "ltr"
    back, on = (control(page, name).first.bounding_box() for name in ("play_back", "play_on"))
    assert back["x"] < on["x"]
    lab = LABS["optimisers"]
    assert page.title() == f"{lab.title['he']} · Descent"
    control(page, "language").click()
    until(page, lambda: page.title() == f"{lab.title['en']} · Descent")
