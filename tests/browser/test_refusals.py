"""What is refused is said in the reader's language, at once and in reading order; what has no message, as English."""

import re

import pytest

from app.said import said
from tests.browser.test_journey import control
from tests.browser.waiting import until

NOTICE = ".notice.error"
CONVOLUTION = [{"id": "h1", "type": "Conv2D", "filters": 3}, {"id": "out", "units": "auto"}]
SETS = [
    ("layers", CONVOLUTION, "layer-needs-pictures"),
    ("layers.0.units", 2.5, "value-whole"),
    ("data.noise", 7, "value-range"),
    ("data.name", "nowhere", "unknown-name"),
]


@pytest.mark.parametrize("language", ["en", "he"])
def test_a_setting_that_cannot_be_is_refused_in_the_readers_words(visit, server, language):
    page = visit(f"/?lang={language}")
    for path, value, code in SETS:
        run, token = page.evaluate("[descent.run, descent.token]")
        told = server.command(run, {"Authorization": f"Bearer {token}"}, op="set", path=path, value=value).json()
        assert told["code"] == code
        page.evaluate("([path, value]) => void descent.set(path, value)", [path, value])
        words = said(language, told)
        until(page, lambda words=words: plain(words) in plain(page.locator(NOTICE).all_inner_texts()))
        if language == "he":
            assert re.search(r"[\u05d0-\u05ea]", words)
            assert told["detail"] not in words


def plain(text):
    """Without the marks around a blank, which one of the two libraries sets."""
    return "\n".join([text] if isinstance(text, str) else text).replace("\u2068 \u2069", " ")


def test_the_name_of_a_layer_stands_in_a_hebrew_sentence_where_it_is_read(visit):
    """From right to left: the word layer, then the name h1, then what it needs."""
    page = visit("/?lang=he")
    page.evaluate("(layers) => void descent.set('layers', layers)", CONVOLUTION)
    page.locator(NOTICE).wait_for()
    places = page.evaluate("""(notice) => {
      const walker = document.createTreeWalker(document.querySelector(notice), NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.data.indexOf('h1');
        if (at < 0) continue;
        return ['שכבה', 'h1', 'צריכה'].map((word) => {
          const range = new Range();
          range.setStart(node, node.data.indexOf(word));
          range.setEnd(node, node.data.indexOf(word) + word.length);
          return range.getBoundingClientRect().left;
        });
      }
    }""", NOTICE)  # fmt: skip
    assert places == sorted(places, reverse=True)
    assert len(set(places)) == 3


def test_a_table_that_cannot_be_read_is_refused_in_its_dialog(visit):
    page = visit("/?lang=he")
    visit.expected.append("422")
    control(page, "csv").click()
    with page.expect_response("**/datasets") as answer:
        page.locator("d-csv input[type=file]").set_input_files(
            {"name": "a.csv", "mimeType": "text/csv", "buffer": b"a,b,c\n1,2,3\n1,2\n"}
        )
    words = said("he", answer.value.json())
    until(page, lambda: words in page.locator("d-csv").inner_text())


def test_messages_that_cannot_be_had_leave_the_english_sentence_and_say_so(visit):
    visit.expected.append("ERR_FAILED")
    page = visit("/?lang=he")
    page.route("**/*.ftl", lambda route: route.abort())
    page.evaluate("void descent.set('layers.0.units', 2.5)")
    page.locator(NOTICE).wait_for()
    assert re.search(r"h1 · units: .*2\.5 \[en\]", page.locator(NOTICE).inner_text())
