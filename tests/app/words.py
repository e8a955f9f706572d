"""Every text that a visitor can read in a language, and where it stands: (place, text)."""

import html
import re
from collections.abc import Iterator

from app.labs import LABS
from app.labs.text import render_text
from app.languages import interface
from app.places import LANGUAGES
from tests.server import ROOT

Said = tuple[str, str]
TEXT_OF_TAG = re.compile(r'(?:aria-label|title|data-meaning)="([^"]*)"')
BREAK = re.compile(r"</?(?:p|h\d|div|li|td|th|dt|dd|button|option|summary|label|output)\b[^>]*>")


def texts_of(page: str) -> Iterator[str]:
    """What is read in a piece of HTML, a paragraph or a button at a time; formulas are a space."""
    page = re.sub(r"<(math|script|style|title)\b.*?</\1>", " ", page, flags=re.DOTALL)
    for found in TEXT_OF_TAG.findall(page):
        yield html.unescape(found)
    for piece in BREAK.split(page):
        text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", piece))).strip()
        if text:
            yield text


TEXT = re.compile(r"^ *\.?[\w-]+ =|^ *\*?\[[\w-]+\]|\{ [^{}]* \}|[{}]")
"""What in a line of Fluent is not the text."""


def lessons(language: str) -> Iterator[Said]:
    for lab in LABS:
        for text in texts_of(render_text(lab, language)):
            yield f"languages/{language}/labs/{lab}.html", text


def visible(language: str) -> Iterator[Said]:
    for key, text in interface(language).items():
        yield f"static/text/{language}.js {key}", text
    yield from lessons(language)
    for path in sorted((LANGUAGES / language).glob("*.ftl")):
        for line in path.read_text("utf-8").splitlines():
            text = "" if line.startswith("#") else TEXT.sub(" ", line).strip()
            if text:
                yield f"{path.relative_to(ROOT)}", text
