"""The words of the page: one for each concept (languages/terms.json), in every language."""

import json
import re

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl

from app.labs import LABS, glossary
from app.labs.reading_order import in_order, page_in_order
from app.languages import bundle, interface, languages, named, right_to_left
from app.places import LANGUAGES as FOLDER
from tests.app.words import visible
from tests.server import ROOT

LANGUAGES = languages()
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
    return [
        "".join(found) for found in FORMULA.findall((FOLDER / language / "labs" / f"{lab}.html").read_text("utf-8"))
    ]


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
                shown = term.term[language]
                assert known[language]["word"].split(" (")[0] in shown, (name, shown)


def test_foreign_pieces_are_in_reading_order():
    for text, ordered in json.loads((ROOT / "tests" / "reading_order.json").read_text("utf-8")):
        assert in_order(text) == ordered
    page = '<p title="f(x)">ב־<b>f(x) &lt; 1</b> של ב־<i>w</i><math><mi>g′</mi></math></p>'
    assert page_in_order(page) == (
        '<p title="f(x)">ב־\u2060<b>\u2066f(x) &lt; 1\u2069</b> של ב־\u2060<i>\u2066w\u2069</i>'
        "<math><mi>g′</mi></math></p>"
    )


SIGN_BETWEEN = re.compile(r"(?:\$|\}\}) ?[=≤≥<>≈→←] ?(?:\$|\{\{|\d)")


@pytest.mark.parametrize("lab", LABS)
def test_an_equation_of_several_pieces_is_one_piece(lab):
    """In a text from right to left "$J$ = {{ live(…) }}" would be read backwards; <bdi dir="ltr"> holds it together."""
    for language in filter(right_to_left, LANGUAGES):
        source = (FOLDER / language / "labs" / f"{lab}.html").read_text("utf-8")
        loose = re.sub(r'<bdi dir="ltr">.*?</bdi>|\$\$.*?\$\$', "", source)
        assert not SIGN_BETWEEN.search(re.sub(r"\$[^$]+\$", "$x$", loose)), lab


# -- numbers --------------------------------------------------------------------------------------------------------
PLURAL = re.compile(r"\{(\w+), plural,((?: (?:=\d+|\w+) \{[^{}]*(?:\{\w+\}[^{}]*)*\})+)\}")
FORM = re.compile(r" (=\d+|\w+) \{")
COUNTED = re.compile(rf"\{{(\w+)\}} (?:{LETTER})")
CATEGORIES = {"en": {"one", "other"}, "he": {"one", "two", "other"}}
"""Forms that a language has for whole numbers (CLDR 44)."""
NO_COUNT = {
    "layer", "name", "host", "truth", "answer", "optimizer", "what", "loss", "why",  # a name
    "step", "map", "round", "unit", "row",  # which one, not how many
    "low", "high", "given", "amount", "bias", "variance", "score", "condition", "iou", "share",  # measured
    "bias_share", "ms", "times", "faster",  # measured
}  # fmt: skip
"""Values with a word behind them that does not go by their number."""
ALONE = {
    "fixed_split": "to train on", "finding_counted_some": "of", "code_unit": "which one", "and_more": "more",
    "terms_more": "more", "nms_start": "of", "nms_round": "left", "mistakes_counted": "missed", "kmeans_step": "of",
    "solved_full": "of", "solved_short": "of", "number_least": "or more", "number_between": "to", "number_whole": "to",
    "sliding_same": "at most", "window_field": "which ones",
}  # fmt: skip
"""Texts in which the word behind a number is none that is counted, and that word."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_that_is_counted_goes_by_the_number(language):
    bare = []
    for key, text in interface(language).items():
        for _, forms in PLURAL.findall(text):
            kinds = [kind for kind in FORM.findall(forms) if not kind.startswith("=")]
            assert len(kinds) == len(set(kinds)), key
            exact = {"=1": "one", "=2": "two"}
            said = {exact.get(kind, kind) for kind in FORM.findall(forms)}
            assert said == CATEGORIES[language], (key, said)
        assert "plural" not in PLURAL.sub("", text), f"{key}: a form that cannot be read"
        if key not in ALONE:
            found = [name for name in COUNTED.findall(PLURAL.sub("", text)) if name not in NO_COUNT]
            bare += [f"{key}: {{{name}}} in {text!r}" for name in found]
    assert not bare, "\n" + "\n".join(bare)


# -- what controls are called -----------------------------------------------------------------------------------------
QUOTED = {"en": re.compile("“([^”]*)”"), "he": re.compile("״([^״]*)״")}
ORDINARY = {"תא"}
"""Names of controls that are words of every day, too."""
SPOKEN = {"is there an edge around here?", "האם יש קצה בערך כאן?"}
"""What is quoted and is said by nobody's button."""
CALL = re.compile(r"\{\{.*?\}\}|\{ [A-Z]+\(.*?\) \}", re.DOTALL)
ATTEMPT = re.compile(r'attempt\("([^"]*)"')


VALUES = dict.fromkeys(("version", "document", "clients", "media", "detail", "field", "type"), "x")
"""What the page about the API puts into its messages."""


def messages_of_labs(language):
    """The source of what is said of each lab, by lab."""
    source = (FOLDER / language / "labs.ftl").read_text("utf-8")
    found = re.split(r"^lab-([\w-]+) = ", source, flags=re.MULTILINE)
    return {
        lab: re.findall(r"(?:^|= )(.*)$", text, re.MULTILINE)
        for lab, text in zip(found[1::2], found[2::2], strict=True)
    }


MESSAGES = {language: messages_of_labs(language) for language in LANGUAGES}


def sentences(lab, language):
    """The source of all that a lesson says."""
    yield (FOLDER / language / "labs" / f"{lab}.html").read_text("utf-8")
    yield from MESSAGES[language][lab]


def retyped(text, language, attempts):
    """What calls a control by a name that is typed, not taken from the interface."""
    typed = CALL.sub("§", text)
    own = {*attempts, *SPOKEN}
    yield from (words for words in QUOTED[language].findall(typed) if words not in own)
    labels = {label for label in interface(language).values() if "{" not in label and len(label) < 30} - ORDINARY
    for cue in BASE["cues"][language]:
        for found in re.finditer(rf"(?<!{LETTER}){cue} ", typed, re.IGNORECASE):
            rest = typed[found.end() :]
            yield from (label for label in labels if re.match(rf"{re.escape(label)}(?!{LETTER})", rest, re.IGNORECASE))


@pytest.mark.parametrize("lab", LABS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_lessons_name_controls_by_their_keys(lab, language):
    attempts = ATTEMPT.findall((FOLDER / language / "labs" / f"{lab}.html").read_text("utf-8"))
    found = [label for text in sentences(lab, language) for label in retyped(text, language, attempts)]
    assert not found, f'{found}: write {{{{ control("…") }}}}'


def test_a_name_that_is_typed_is_found():
    assert list(retyped("Press “Run all”.", "en", [])) == ["Run all"]
    assert list(retyped("Look under Output.", "en", [])) == ["Output"]
    assert list(retyped("לחצו על הפעלה וחכו", "he", [])) == ["הפעלה"]
    assert not list(retyped('Press {{ control("play") }}; ask “Fit”', "en", ["Fit"]))


def test_a_lesson_says_what_its_control_is_called():
    for language in LANGUAGES:
        said = LABS["activations"].page(language)["challenges"][0]["hint"][language]
        assert said.startswith(interface(language)["quoted"].replace("{what}", interface(language)["compare_run"]))
    with pytest.raises(KeyError, match="no_such_key"):
        named("en", "no_such_key")
    with pytest.raises(ValueError, match="is no name"):
        named("en", "units_n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_of_messages_is_sound(language):
    """No line is passed over, no message is there twice, and each can be said without an error."""
    for path in sorted((FOLDER / language).glob("*.ftl")):
        entries = FluentParser().parse(path.read_text("utf-8")).body
        assert not [entry.content for entry in entries if isinstance(entry, ftl.Junk)], path
        names = [entry.id.name for entry in entries if isinstance(entry, ftl.Message)]
        assert len(names) == len(set(names)), path
        if path.stem == "errors":  # tests/app/test_codes.py
            continue
        messages = bundle(language, path.stem)
        for name in names:
            said = messages.get_message(name)
            for pattern in (said.value, *said.attributes.values()):
                assert messages.format_pattern(pattern, VALUES)[1] == [], (path, name)
