"""The languages there are: a folder of languages/ each, with everything that is said in it (docs/translating.md).

A folder has its messages in Fluent, a file for each kind of reader: language.ftl (its name and direction), errors.ftl,
labs.ftl, glossary.ftl …, and the lessons as HTML in labs/. Nothing else in the program knows which languages there are.
"""

import json
import re
from collections.abc import Mapping
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any, Literal

from fluent.runtime import FluentBundle, FluentResource

from app.places import LANGUAGES, STATIC

SOURCE = "en"
"""What the others are translated from, and what is said where a translation is missing."""
ISOLATING = {"errors"}
"""Files whose messages have values from outside in them, which keep their own direction."""
ENTRY = re.compile(r'^  (\w+):\s+("(?:[^"\\]|\\.)*"),$', re.MULTILINE)

Words = dict[str, str]
"""A text in every language that has it."""


@cache
def languages() -> tuple[str, ...]:
    """Every language there is a folder of; what is translated from first."""
    found = sorted(path.name for path in LANGUAGES.iterdir() if path.is_dir())
    return tuple(sorted(found, key=lambda name: name != SOURCE))


if TYPE_CHECKING:
    Language = str
else:
    Language = Literal[languages()]
    """One of them."""


@cache
def bundle(language: str, part: str) -> FluentBundle:
    """The messages of a file; lessons name controls by their keys."""
    functions: dict[str, Any] = {"CONTROL": partial(quoted, language), "NAMED": partial(named, language)}
    made = FluentBundle([language], use_isolating=part in ISOLATING, functions=functions)
    path = LANGUAGES / language / f"{part}.ftl"
    if path.exists():
        made.add_resource(FluentResource(path.read_text("utf-8")))
    return made


def message(language: str, part: str, name: str, values: Mapping[str, Any] | None = None) -> str | None:
    """A message with its values, or of NAME.ATTRIBUTE; None if there is none, or it asks for a value not here."""
    name, _, attribute = name.partition(".")
    messages = bundle(language, part)
    if not messages.has_message(name):
        return None
    found = messages.get_message(name)
    pattern = found.attributes.get(attribute) if attribute else found.value
    if pattern is None:
        return None
    text, errors = messages.format_pattern(pattern, dict(values or {}))
    return None if errors else str(text)


@cache
def everywhere(part: str, name: str, places: tuple[str, ...] = ()) -> Words:
    """A message in every language that has it; places of values are named between \\ue000 and \\ue001."""
    values = {place: f"\ue000{place}\ue001" for place in places}
    found = {language: text for language in languages() if (text := message(language, part, name, values)) is not None}
    if SOURCE not in found:
        raise KeyError(f"languages/{SOURCE}/{part}.ftl has no {name}")
    return found


def best(words: Words, language: str) -> tuple[str, str]:
    """A text in the language if it is there, and the language that it is in."""
    spoken = language if language in words else SOURCE
    return words[spoken], spoken


def name_of(language: str) -> str:
    """What a language calls itself."""
    return message(language, "language", "name") or language


def direction(language: str) -> str:
    return message(language, "language", "direction") or "ltr"


def right_to_left(language: str) -> bool:
    return direction(language) == "rtl"


# -- the interface's own texts, as the page has them: static/text/ (more/: said later) --------------------------------
@lru_cache(maxsize=8)
def interface(language: str) -> dict[str, str]:
    """Texts by key."""
    folder = STATIC / "text"
    return {
        key: json.loads(text)
        for place in (folder, folder / "more")
        for key, text in ENTRY.findall((place / f"{language}.js").read_text("utf-8"))
    }


def named(language: str, key: str) -> str:
    """What a control of the page is called, by its key in the interface's texts."""
    label = interface(language)[key]
    if "{" in label:
        raise ValueError(f"{key!r} is no name: {label}")
    return label


def quoted(language: str, key: str) -> str:
    """The name of a control as a sentence has it."""
    return interface(language)["quoted"].replace("{what}", named(language, key))
