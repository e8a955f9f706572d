"""What a visitor reads is whole, is legible, and is of the moment and of the run that it seems to be of."""

import pytest

from tests.browser.waiting import settled, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

CARD = "document.querySelector('d-inspector')"
ILLEGIBLE = """() => {
  const card = document.querySelector('d-inspector');
  const wrong = [];
  const ground = getComputedStyle(card).backgroundColor;
  if (!/^rgb\\(/.test(ground)) wrong.push(`ground ${ground}`);
  if (card.scrollWidth > card.clientWidth + 1) wrong.push('wider than its room');
  const box = card.getBoundingClientRect();
  if (box.left < 0 || box.right > innerWidth + 1) wrong.push('outside');
  for (const part of card.querySelectorAll('.number, h3, .formula, .hint, input, output')) {
    if (!part.getClientRects().length) continue;
    const cut = part.scrollWidth > part.clientWidth + 1 && part.localName !== 'h3';
    if (cut) wrong.push(`cut: ${part.outerHTML.slice(0, 90)}`);
    const at = part.getBoundingClientRect();
    if (at.left < box.left - 1 || at.right > box.right + 1) wrong.push(`over the edge: ${part.className}`);
  }
  for (const name of card.querySelectorAll('.number > :is(span, bdi)'))
    if (name.getBoundingClientRect().height > 30) wrong.push(`in pieces: ${name.textContent}`);
  const close = card.querySelector('.push').getBoundingClientRect();
  for (const word of card.querySelectorAll('h3 > *')) {
    const at = word.getBoundingClientRect();
    if (at.left < close.right && at.right > close.left && at.top < close.bottom && at.bottom > close.top)
      wrong.push('the button lies over the name');
  }
  return wrong;
}"""


@pytest.mark.parametrize("language", ["en", "he"])
def test_the_card_of_a_unit_and_of_an_edge_can_be_read(visit, language):
    page = visit(f"/?lang={language}")
    page.evaluate("descent.command({op: 'step', count: 20})")
    for size in ((1280, 800), (1024, 768), (820, 1180), (390, 844)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for picked in ("{ from: 'inputs', i: 1, layer: 'h1', unit: 2 }", "{ layer: 'h2', unit: 1 }"):
            page.evaluate(f"descent.pick({picked}, true)")
            until(page, f"{CARD}?.querySelector('.formula [data-live]')?.textContent")
            page.evaluate("for (const more of document.querySelectorAll('d-inspector details')) more.open = true")
            settled(page)
            assert page.evaluate(ILLEGIBLE) == [], (size, picked)
