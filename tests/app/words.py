"""Every text that a visitor can read in a language, and where it stands: (place, text)."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

from app.http.problems import KINDS
from app.labs import LABS
from app.labs.interface import interface
from app.labs.text import FOLDER, render_text
from app.pages.pages import OTHERWISE, SECTIONS, TITLES
from app.specs.presets import PRESETS
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


def words_of(read: object, language: str, place: str) -> Iterator[Said]:
    """The texts in JSON: whatever is {"en": …, "he": …}."""
    if isinstance(read, dict):
        if {"en", "he"} <= set(read) and isinstance(read["en"], str):
            yield place, read[language]
        else:
            for key, value in read.items():
                yield from words_of(value, language, f"{place}.{key}")
    elif isinstance(read, list):
        for i, value in enumerate(read):
            yield from words_of(value, language, f"{place}[{i}]")


def _json(path: Path, language: str) -> Iterator[Said]:
    yield from words_of(json.loads(path.read_text("utf-8")), language, str(path.relative_to(ROOT)))


def lessons(language: str) -> Iterator[Said]:
    for lab in LABS:
        for text in texts_of(render_text(lab, language)):
            yield f"templates/labs/{lab}/{language}.html", text
        yield from _json(FOLDER / lab / "lab.json", language)


def visible(language: str) -> Iterator[Said]:
    for key, text in interface(language).items():
        yield f"static/text/{language}.js {key}", text
    yield from lessons(language)
    for name in ("templates/glossary.json", "templates/questions.json", "static/panels/registry.json"):
        yield from _json(ROOT / name, language)
    for preset in PRESETS.values():
        yield "app/specs/presets.py", preset.title[language]
    for path in sorted((ROOT / "languages" / language).glob("*.ftl")):
        for line in path.read_text("utf-8").splitlines():
            text = re.sub(r"^[\w-]+ =|^ *\*?\[[\w-]+\]|\{ [^{}]* \}|[{}]", " ", line.partition("#")[0]).strip()
            if text:
                yield f"{path.relative_to(ROOT)}", text
    for status, kind in KINDS.items():
        yield f"app/http/problems.py {status}", kind.text[language]
    for title in (*TITLES.values(), OTHERWISE, *SECTIONS.values()):
        yield "app/pages/pages.py", title[language]
