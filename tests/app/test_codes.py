"""Errors are codes with parameters: each has a message in every language, which server and page say alike."""

import ast
import json
import re
import subprocess
from typing import get_args

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor
from pydantic_core.core_schema import ErrorType

from app.errors.misfits import CODES
from app.languages import bundle, languages
from app.places import LANGUAGES
from app.said import said
from engine.core.errors import Coded, EngineError
from tests.codes import SOMETIMES, TABLES, raised
from tests.server import ROOT

GIVEN = {"where", "layer", "setting", "bounds", "detail"}
"""What every message may ask for (app/said.py)."""
HELPERS = {"place", "nothing", "separator", "yes", "no", "in-english", "bounds", "setting-name", "layer-kind",
           "kind-name", "task-wants", "task-name", "box-place"}  # fmt: skip
NAMES = {
    "ADAGRAD", "AVIF", "BASE64", "COCO", "CSV", "DESCENT",
    "DROPOUT", "H", "J", "JSON", "L1", "L2", "LOGITS", "NESTEROV", "OP",
    "RELU", "SAFETENSORS", "SAME", "SGD", "TRUE", "FALSE", "UTF-8", "W", "X", "Y", "ZIP",
}  # fmt: skip
"""Names and letters of formulas that stand in other languages as they are."""


def entries(language):
    """Messages by name, as syntax trees."""
    parsed = FluentParser().parse((LANGUAGES / language / "errors.ftl").read_text())
    junk = [entry for entry in parsed.body if isinstance(entry, ftl.Junk)]
    assert not junk, junk[0].content
    return {entry.id.name: entry for entry in parsed.body if isinstance(entry, ftl.Message)}


class Asked(Visitor):
    """The variables and messages that a message asks for, its literal texts, and the numbers that it says."""

    def __init__(self):
        self.variables, self.messages, self.texts = set(), set(), []

    def visit_VariableReference(self, node):
        self.variables.add(node.id.name)

    def visit_MessageReference(self, node):
        self.messages.add(node.id.name)

    def visit_TextElement(self, node):
        self.texts.append(node.value)


def asked(found, name, seen=()):
    """What a message asks for, through the messages that it is made of."""
    visitor = Asked()
    visitor.visit(found[name])
    for other in visitor.messages - set(seen):
        visitor.variables |= asked(found, other, (*seen, name)).variables
    return visitor


def params():
    """Every code with the parameters that it always has."""
    always = {code: set(names) for code, names in TABLES.items()}
    for one in raised():
        if one.params is None:
            assert one.code in TABLES, one
            continue
        always[one.code] = always[one.code] & set(one.params) if one.code in always else set(one.params)
    return always


@pytest.mark.parametrize("language", languages())
def test_every_code_has_a_message_and_every_message_a_code(language):
    assert set(entries(language)) == set(params()) | HELPERS


@pytest.mark.parametrize("language", languages())
def test_a_message_asks_for_nothing_that_its_code_does_not_bring(language):
    found = entries(language)
    for code, names in params().items():
        wanted = asked(found, code).variables - GIVEN - SOMETIMES
        assert wanted <= names, f"{code} in {language} asks for {wanted - names}"


def test_languages_have_the_same_messages_about_the_same_things():
    first, *others = languages()
    for language in others:
        assert set(entries(language)) == set(entries(first))
    assert "en" in languages()
    assert "he" in languages()


def test_hebrew_messages_hold_no_english_but_names():
    found = entries("he")
    for name in found:
        words = re.findall(r"[A-Za-z][A-Za-z0-9-]*", " ".join(asked(found, name).texts))
        # Types of layers and data have names; settings-name and layer-kind say some of them as they are.
        assert {word.upper() for word in words} <= NAMES, (name, words)


def sample(name):
    """A value that a parameter could have."""
    known = {
        "layer": "h1", "type": "Conv2D", "known": [f"set{i}" for i in range(20)], "choices": ["a", "b"],
        "kinds": ["F32"],
        "clips": ["clipnorm", "clipvalue"], "names": ["cats", "dogs"], "endings": [".png"], "got": 1234.5,
        "kind": "data set", "task": "multiclass", "unit": "line", "way": "large", "op": "undo", "file": "a{b}.csv",
        "size": 2, "window": [3, 3], "wanted": [28, 28, 1], "shape": [2, 4], "index": [9, 9], "most": 3.4e38,
    }  # fmt: skip
    return known.get(name, 3)


def cases():
    """A problem document for every code, in all kinds of places; then some with other numbers."""
    for code, names in sorted(params().items()):
        given = {name: sample(name) for name in names}
        yield {"code": code, "params": given, "detail": "who wants what", "field": "data.noise"}
        yield {"code": code, "params": given | {"minimum": 1, "below": 0.5}, "detail": "x", "field": "layers.0.units",
               "layer": "h1"}  # fmt: skip
        for got in (0, 1, 2, 5, -0.00001, 1e-9, 12345678, 1e300, None, True, "נתון {x}", [1, 2]):
            if "got" in names:
                yield {"code": code, "params": given | {"got": got, "argument": "rate"}, "detail": "", "field": ""}


def test_server_and_page_say_every_message_alike():
    all_cases = list(cases())
    ours = {language: [said(language, case) for case in all_cases] for language in languages()}
    told = subprocess.run(
        ["node", str(ROOT / "tests/js/say.js")],
        input=json.dumps({"cases": all_cases, "languages": languages()}),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    theirs = json.loads(told.stdout)
    for language, texts in ours.items():
        for case, here, there in zip(all_cases, texts, theirs[language], strict=True):
            assert plain(here) == plain(there), case


def plain(text):
    """Without the marks around a blank, which one of the two libraries sets."""
    return text.replace("\u2068 \u2069", " ").replace("\u2068\u2069", "")


@pytest.mark.parametrize("language", languages())
def test_every_value_is_isolated_and_every_mark_is_closed(language):
    fallback = said(language, {"code": "no such code", "detail": "@"}).partition("@")[0]
    for case in cases():
        text = said(language, case)
        depth = 0
        for character in text:
            depth += {"\u2068": 1, "\u2069": -1}.get(character, 0)
            assert depth >= 0, text
        assert depth == 0, text
        if language != "en" and case["code"] != "other":
            assert not text.startswith(fallback), case


def test_what_has_no_message_is_shown_as_the_english_sentence_that_it_is():
    problem = {"code": "never heard of", "params": {}, "detail": "Dense wants (B, 3)"}
    assert said("en", problem) == "Dense wants (B, 3)"
    assert said("he", problem).startswith("השרת אומר, באנגלית: ")
    assert "Dense wants (B, 3)" in said("he", problem)
    lacking = {"code": "csv-rows", "params": {}, "detail": "two rows"}
    assert "two rows" in said("he", lacking), "a message without its value is not said with a hole"


def test_plurals_are_those_of_the_language():
    text = {n: said("he", {"code": "sweeps-full", "params": {"running": n}}) for n in (1, 2, 3)}
    assert "סדרת הרצות אחת" in text[1]
    assert "שתי סדרות" in text[2]
    assert "\u20683\u2069 סדרות" in text[3]
    assert bundle("he", "errors").locales == ["he"]


def test_an_error_says_its_sentence_and_keeps_its_parameters_as_plain_json():
    error = EngineError("x", "{who} has {known}, got {got!w} of {shape}", who="{odd}", known=("a", "b"), got=[1] * 99,
                        shape=(2, 3))  # fmt: skip
    assert isinstance(error, ValueError)
    assert str(error).startswith("{odd} has a, b, got [1, 1,")
    assert str(error).endswith("… of (2, 3)")
    assert error.params["known"] == ["a", "b"]
    assert error.params["shape"] == [2, 3]
    assert isinstance(error.params["got"], str)
    assert len(error.params["got"]) == 80
    more = EngineError("x", "y", nan=float("nan"), huge=10**400, none=None, yes=True, text="x" * 999)
    assert json.loads(json.dumps(more.params, allow_nan=False)) == more.params
    assert len(more.params["text"]) == 200
    assert isinstance(Coded.as_told("a", {}, "{b}"), Coded)


def test_the_types_of_pydantic_that_have_codes_are_its_own():
    assert set(CODES) <= set(get_args(ErrorType))


PLAIN = {
    "app/languages.py",
    "engine/training/bias_variance.py",
    "app/contract/parts.py", "app/export/onnx_operators.py", "app/export/onnx_read.py",
    "app/labs/labs.py", "app/labs/panels.py", "app/pretrained/face_api.py",
    "app/runs/workers.py", "engine/activations/__init__.py", "engine/callbacks/__init__.py",
    "engine/callbacks/base.py", "engine/callbacks/watching.py", "engine/core/checks.py", "engine/core/registry.py",
    "engine/core/safetensors.py", "engine/core/shards.py", "engine/core/types.py", "engine/data/uploads.py",
    "engine/detection/anchors.py", "engine/detection/boxes.py", "engine/detection/grid.py",
    "engine/detection/losses.py", "engine/detection/nms.py", "engine/detection/scoring.py",
    "engine/detection/sliding.py", "engine/feeding.py", "engine/fitting.py", "engine/foreign.py",
    "engine/gradient_check.py", "engine/initializers.py", "engine/layers/base.py", "engine/layers/composite.py",
    "engine/layers/foreign.py", "engine/layers/stack.py", "engine/losses/__init__.py", "engine/losses/base.py",
    "engine/losses/crossentropy.py", "engine/measures/accuracy.py", "engine/measures/base.py",
    "engine/measures/counting.py", "engine/measures/named.py", "engine/metrics.py", "engine/models.py",
    "engine/network.py", "engine/optimizers/__init__.py", "engine/optimizers/base.py", "engine/planning.py",
    "engine/regression.py", "engine/saving.py", "engine/schedules.py",
    "engine/sequential.py", "engine/stacked.py", "engine/training/inspection.py", "engine/training/timeline.py",
    "engine/utils.py", "engine/zoo/walk.py",
}  # fmt: skip
"""Where a ValueError without a code is raised: what Python alone can ask for, and what would be a mistake of ours."""


def test_what_a_visitor_can_meet_has_a_code():
    without = set()
    for folder in ("app", "engine"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Raise) and getattr(getattr(node.exc, "func", None), "id", "") == "ValueError":
                    without.add(path.relative_to(ROOT).as_posix())
    assert without == PLAIN, without ^ PLAIN
