"""The terms of the course and the questions its lessons answer, in two languages, from templates/*.json."""

import json
from functools import lru_cache

from pydantic import TypeAdapter

from app.places import TEMPLATES
from app.specs.model import Strict


class Words(Strict):
    en: str
    he: str


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
    read = json.loads((TEMPLATES / "glossary.json").read_text())
    return {term.id: term for term in TypeAdapter(list[Term]).validate_python(read)}


@lru_cache(maxsize=1)
def questions() -> list[Question]:
    read = json.loads((TEMPLATES / "questions.json").read_text())
    return TypeAdapter(list[Question]).validate_python(read)
