"""The words of the page: one for each concept (languages/terms.json), in every language."""

import json
import re

import pytest

from app.labs import LABS, glossary
from app.labs.text import FOLDER as LABS_FOLDER
from tests.app.words import visible
from tests.server import ROOT

LANGUAGES = ("en", "he")
BASE = json.loads((ROOT / "languages" / "terms.json").read_text("utf-8"))
GENDERED = {"he"}
"""Languages whose nouns have a gender."""
PREFIXES = {"he": "[ושהבלכמ]{0,3}"}
"""Letters that a language writes together with the word that follows."""
LETTER = r"[^\W\d_]"


def forms(word, language):
    """A pattern of a word that is refused, "word" or "stem*"."""
    stem = re.escape(word.removesuffix("*")) + (LETTER + "*" if word.endswith("*") else "")
    return rf"(?<!{LETTER}){PREFIXES.get(language, '')}{stem}(?!{LETTER})"


def refused(language):
    """(pattern, what to write instead, phrases in which it is right) for all that a language does not say."""
    for name, term in BASE["terms"].items():
        for word in term[language].get("forbidden", ()):
            yield re.compile(forms(word, language)), term[language]["word"], term[language].get("allowed", ()), name
    for rule in BASE["writing"][language]:
        yield re.compile(rule["refused"]), rule["instead"], (), rule.get("why", "")


def troubles(text, language):
    text = re.sub(r"\{\w+(?:, plural,)?", "{", text)  # the names of values are nobody's words
    for pattern, instead, allowed, why in refused(language):
        plain = text
        for phrase in allowed:
            plain = plain.replace(phrase, "")
        if found := pattern.search(plain):
            yield f"{found[0]!r}: write {instead} ({why})"


def test_the_term_base_is_whole():
    assert len(BASE["terms"]) > 40
    for name, term in BASE["terms"].items():
        assert set(term) == set(LANGUAGES), name
        for language, entry in term.items():
            assert set(entry) <= {"word", "plural", "abbreviation", "gender", "forbidden", "allowed"}, name
            assert entry["word"], name
            assert ("gender" in entry) == (language in GENDERED), name
            assert entry.get("gender", "m") in ("m", "f"), name
            for text in (entry["word"], entry.get("plural", "")):
                assert not list(troubles(text, language)), (name, text)
    assert set(BASE["writing"]) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_refused_is_found(language):
    for term in BASE["terms"].values():
        for word in term[language].get("forbidden", ()):
            assert list(troubles(f"x {word.removesuffix('*')} x", language)), word


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_uses_the_words_of_the_term_base(language):
    found = [
        f"{place}: {trouble} in {text[:90]!r}"
        for place, text in visible(language)
        for trouble in troubles(text, language)
    ]
    assert not found, "\n" + "\n".join(found)


NAMES = {"ReLU", "IoU", "AP", "BCE", "Var", "MSE", "MAE", "Huber", "Adam", "RMSprop", "Glorot", "He"}
"""What is called so in every language."""
WORD_IN_FORMULA = re.compile(r"\\(?:text|mathrm)\{([^}]*)\}")
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)


def formulas(lab, language):
    return ["".join(found) for found in FORMULA.findall((LABS_FOLDER / lab / f"{language}.html").read_text("utf-8"))]


@pytest.mark.parametrize("lab", LABS)
def test_formulas_speak_the_language_of_their_lesson(lab):
    """Words in a Hebrew formula are Hebrew, and the formulas of both languages are the same but for their words."""
    for tex in formulas(lab, "he"):
        for words in WORD_IN_FORMULA.findall(tex):
            assert not set(re.findall("[A-Za-z]{2,}", words)) - NAMES, tex
    bare = [
        [WORD_IN_FORMULA.sub("", tex) for tex in formulas(lab, language) if len(tex) > 12] for language in LANGUAGES
    ]
    assert sorted(bare[0]) == sorted(bare[1])


def test_the_glossary_says_the_words_of_the_term_base():
    for name, term in glossary().items():
        known = BASE["terms"].get(name)
        if known:
            for language in LANGUAGES:
                shown = getattr(term.term, language)
                assert known[language]["word"].split(" (")[0] in shown, (name, shown)
