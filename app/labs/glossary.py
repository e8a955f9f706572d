"""The terms of the course and the questions its lessons answer: which labs show them (templates/*.json), and words."""

import json
from functools import lru_cache

from app.languages import Words, everywhere
from app.places import TEMPLATES
from app.specs.model import Strict


class Term(Strict):
    """A term, what it means, and the lab that shows it."""

    id: str
    term: Words
    text: Words
    lab: str


class Question(Strict):
    """A question of the curriculum, its answer in short, and the labs that make it visible."""

    question: Words
    answer: Words
    labs: list[str]


@lru_cache(maxsize=1)
def glossary() -> dict[str, Term]:
    """Terms by id."""
    read: dict[str, str] = json.loads((TEMPLATES / "glossary.json").read_text("utf-8"))
    return {
        id: Term(
            id=id,
            term=everywhere("glossary", f"term-{id}"),
            text=everywhere("glossary", f"term-{id}.meaning"),
            lab=lab,
        )
        for id, lab in read.items()
    }


@lru_cache(maxsize=1)
def questions() -> list[Question]:
    read: dict[str, list[str]] = json.loads((TEMPLATES / "questions.json").read_text("utf-8"))
    return [
        Question(
            question=everywhere("questions", f"question-{id}"),
            answer=everywhere("questions", f"question-{id}.answer"),
            labs=labs,
        )
        for id, labs in read.items()
    ]
