"""Every code that the sources can raise, with the parameters it is raised with: read from the syntax trees."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import NamedTuple

from app import errors
from app.errors import sentences
from app.errors.misfits import BOUNDS, CODES
from engine.core import arguments
from engine.core.errors import Coded
from tests.server import ROOT

CALLED = {
    **{name: kind for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, Coded)},
    "EngineError": Coded,
    "WrongCall": Coded,
    "Missing": Coded,
    "LayerError": Coded,
    "CsvError": Coded,
    "PictureError": Coded,
}
"""Classes of errors with a code, by the name they are called by."""
PLACE = {"SpecProblem": 1, "problem": 1, "_refuse": 1, "wants": 0, "_wrong": 0}
"""Where the code stands among the arguments, if not in front."""
OWN = {"field", "limit", "at", "status"}
"""Named arguments that are no parameters of a message."""
ADDED = {"wants": {"type", "layer"}, "_wrong": {"unit", "file", "number"}}
"""Parameters that a helper adds."""
TABLES = {
    **{code: {"who", "argument", "got"} for code in arguments.CODES.values()},
    "value-large": {"who", "argument", "got", "most"},
    **{code: {"got"} for code in CODES.values()},
    "value-choice": {"choices", "got"},
    "value-missing": {"key"},
    "value-unknown": {"key"},
    "not-json": set(),
    "too-deep": set(),
    **{code: {"minimum"} for code in ("text-short", "list-short")},
    **{code: {"maximum"} for code in ("text-long", "list-long")},
    "memory": set(),
    "other": {"said"},
    "no-page": set(),
    "no-method": set(),
}
"""Codes that stand in tables and not in a call, with the parameters they always have."""
SOMETIMES = {*BOUNDS.values(), "argument", "who"}
"""Parameters that a message may ask for with a select alone."""


class Raised(NamedTuple):
    """A place that makes an error; params None: they are made elsewhere, and stand in TABLES."""

    code: str
    params: frozenset[str] | None
    where: str


def raised() -> Iterator[Raised]:
    """Every call that makes an error with a code."""
    for folder in ("app", "engine"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield from raised_in(path)
    for name, given in vars(sentences).items():
        if isinstance(given, tuple) and len(given) == 2:
            named = frozenset(field for _, field, _, _ in Formatter().parse(given[1]) if field)
            yield Raised(given[0], named, f"app/errors/sentences.py: {name}")


def raised_in(path: Path) -> Iterator[Raised]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            yield from _of_call(node, path)


def _of_call(node: ast.Call, path: Path) -> Iterator[Raised]:
    name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
    if name not in CALLED and name not in PLACE:
        return
    place = PLACE.get(name, 0)
    if len(node.args) <= place:
        return
    named = {k.arg for k in node.keywords if k.arg} - OWN | ADDED.get(name, set())
    params = None if any(k.arg is None for k in node.keywords) else frozenset(named)
    for code in _texts(node.args[place]):
        yield Raised(code, params, f"{path.relative_to(ROOT)}:{node.lineno}")


def _texts(node: ast.expr) -> Iterator[str]:
    """The texts that an expression can be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
