"""Labs are data: every folder is whole, both texts are there, what their buttons change can be."""

import html
import json
import re

import pytest

from app.labs import LABS, glossary, questions
from app.labs.labs import FIGURES, FOLDER, Goal, Lab
from app.languages import languages
from app.places import LANGUAGES
from app.settings import Settings
from app.specs import check_spec, facts_of
from app.specs.paths import changed
from engine.views import check_parameters
from engine.zoo import architectures

BUTTON = re.compile(r'data-do="([^"]+)"')
SECTIONS = {"A": 6, "B": 5, "C": 9, "D": 10, "E": 9, "F": 6}
"""The curriculum's labs: so many of each letter (F7 and F8 come later)."""


def buttons(text):
    return [json.loads(html.unescape(found)) for found in BUTTON.findall(text)]


def test_every_file_is_a_lab_and_has_a_text_in_every_language():
    assert sorted(LABS) == sorted(path.stem for path in FOLDER.iterdir())
    for language in languages():
        assert sorted(LABS) == sorted(path.stem for path in (LANGUAGES / language / "labs").iterdir())
    wanted = [f"{letter}{i}" for letter, count in SECTIONS.items() for i in range(1, count + 1)]
    assert [lab.number for lab in LABS.values()] == wanted


@pytest.mark.parametrize("lab", LABS.values(), ids=list(LABS))
def test_a_lab_is_whole(lab):
    spec = lab.start.plain()
    check_spec(spec, facts_of(spec["data"]), Settings())
    for run in lab.comparison.runs if lab.comparison else ():
        other = run.plain()
        check_spec(other, facts_of(other["data"]), Settings())
    surfaces = [lab.surface or {}]
    if lab.comparison:
        surfaces += [{**(lab.comparison.surface or {}), **(run.surface or {})} for run in lab.comparison.runs]
    for surface in surfaces:
        check_parameters("surface", surface)
    if "sweep" in lab.panels:
        assert lab.sweep, "what is swept?"
    pages = {language: lab.page(language) for language in languages()}
    ids = [layer["id"] for layer in spec["layers"]]
    if lab.architecture:
        assert lab.architecture in architectures
    assert (lab.pick or {"layer": ids[0]})["layer"] in ids
    for language, page in pages.items():
        assert "$" not in page["html"]
        for figure in re.findall(r'data-figure="([^"]+)"', page["html"]):
            assert figure in FIGURES
        for action in buttons(page["html"]):
            assert set(action) <= {"set", "command", "view", "pick", "open"}
            edited = spec
            for path, value in action.get("set", {}).items():
                edited = changed(edited, path, value)
            check_spec(edited, facts_of(edited["data"]), Settings())
            assert action.get("pick", {}).get("layer", ids[0]) in ids
            if action.get("open") == "compare":
                assert lab.comparison
        assert bool(re.search("[א-ת]", page["html"])) == (language == "he")
    assert buttons(pages["en"]["html"]) == buttons(pages["he"]["html"]), "buttons do the same in both languages"


def test_terms_and_questions_lead_to_labs_that_are_there():
    assert len(glossary()) > 80
    for term in glossary().values():
        assert term.lab in LABS, term.id
        assert not re.search("[א-ת]", term.text["en"])
    assert len(questions()) == 11
    for question in questions():
        assert question.labs
        assert set(question.labs) <= set(LABS)


def test_every_lesson_answers_its_question_and_has_something_to_press():
    for lab in LABS.values():
        for language, heading in (("en", "<h3>So</h3>"), ("he", "<h3>לסיכום</h3>")):
            text = lab.page(language)["html"]
            assert heading in text, (lab.id, language)
        if lab.section in "ABCF":
            assert len(buttons(text)) >= 3, lab.id


def test_a_wrong_lab_is_refused_with_its_fault():
    with pytest.raises(ValueError, match="unknown figure 'beauty'"):
        Goal(figure="beauty", at_least=1)
    with pytest.raises(ValueError, match="a goal wants at_least or at_most"):
        Goal(figure="step")
    with pytest.raises(ValueError, match=r"no setting 'data\.colour'"):
        Goal(setting="data.colour", equals="red")
    with pytest.raises(ValueError, match="not both"):
        Goal(setting="data.name", equals="xor", figure="step", at_most=1)
    with pytest.raises(ValueError, match="challenges"):
        Lab.model_validate({"id": "x", "number": "A1", "title": {"en": "", "he": ""},
                            "question": {"en": "", "he": ""}, "challenges": []})  # fmt: skip


def test_labs_are_served(server):
    listed = server.api.get("/labs").json()
    assert [lab["id"] for lab in listed] == list(LABS)
    page = server.api.get("/labs/resnet", params={"lang": "he"}).json()
    assert page["language"] == "he"
    assert "<math" in page["html"]
    assert len(page["comparison"]["runs"]) == 6
    assert server.api.get("/labs/nothing").status_code == 404
    run, _ = server.run(lab="autoencoder")
    assert server.state(run)["report"]["task"] == "reconstruction"
    refused = server.api.post("/runs", json={"lab": "nothing"})
    assert refused.status_code == 422
    assert "unknown lab 'nothing'" in refused.json()["detail"]
    assert len(server.api.get("/glossary").json()) == len(glossary())
    for path in ("/labs", "/glossary?lang=he", "/labs/lenet?lang=en", "/labs/lenet?lang=he", "/architectures"):
        assert server.api.get(f"{server.url}{path}").status_code == 200
    assert server.api.get(f"{server.url}/labs/nothing").status_code == 404
