"""What a reader is told, in the reader's language: the messages of languages/*/errors.ftl, which pages read, too.

`said` has a twin in the page, static/core/said.js; tests/app/test_codes.py holds the two together.
"""

import re
from collections.abc import Mapping
from typing import Any

from fluent.runtime.types import FluentType, fluent_number

from app.languages import message

FALLBACK = "in-english"
"""The message that shows an English sentence as such, where there is no other."""
BOUNDS = ("minimum", "above", "below", "maximum")
ISOLATED = "\u2068{}\u2069"
LARGEST, SMALLEST = 1e15, 1e-4
MOST_NAMES = 12
"""Of a list that is said; a program has all of it."""


def said(language: str, problem: Mapping[str, Any]) -> str:
    """What a problem document says, in a language; its English sentence, marked as such, where there is no message."""
    detail = str(problem.get("detail", ""))
    values = values_of(language, problem)
    text = message(language, "errors", str(problem.get("code", "")), {**values, "detail": detail})
    if text is None:
        return message(language, "errors", FALLBACK, {"detail": detail}) or detail
    return begun(text, message(language, "errors", "setting-name", values) or "")


def begun(text: str, setting: str) -> str:
    """A sentence begins with a capital where the name of a setting stands first; names of the reader's own stay."""
    start = re.match("\u2068*", text).end()  # type: ignore[union-attr]
    if not setting or not text.startswith(setting, start):
        return text
    return text[:start] + setting[0].upper() + text[start + 1 :]


def values_of(language: str, problem: Mapping[str, Any]) -> dict[str, Any]:
    """What a message may ask for: the parameters, and the place that is to blame."""
    params: Mapping[str, Any] = problem.get("params", {})
    layer = params.get("layer") or problem.get("layer")
    setting = setting_of(str(problem.get("field") or "")) or params.get("argument")
    where = ("layer-setting" if setting else "layer") if layer else "setting" if setting else "nothing"
    bounds = "-".join(name for name in BOUNDS if name in params)
    return {
        **{name: shown(language, value) for name, value in params.items()},
        **({"kind": str(params["kind"]).replace(" ", "-")} if "kind" in params else {}),
        "layer": layer or "",
        "setting": setting or "",
        "where": where,
        "bounds": bounds,
    }


def setting_of(field: str) -> str | None:
    """What a path leads to, without layers and places in lists: units, loss-name."""
    parts = [part for part in re.sub(r"^.*?layers\.\d+\.?", "", field).split(".") if part and not part.isdigit()]
    if not parts:
        return None
    return "-".join(parts[-2:]) if parts[-1] == "name" else parts[-1]


def shown(language: str, value: object) -> str | FluentType:
    """A parameter as a message takes it."""
    if value is None or isinstance(value, bool):
        name = "nothing" if value is None else "yes" if value else "no"
        return message(language, "errors", name) or str(value)
    if isinstance(value, list):
        if all(isinstance(v, int | float) for v in value):
            return " × ".join(map(str, value))
        names = [ISOLATED.format(v) for v in value[:MOST_NAMES]] + ["…"] * (len(value) > MOST_NAMES)
        return (message(language, "errors", "separator") or ", ").join(names)
    if isinstance(value, int):
        return fluent_number(value)
    if isinstance(value, float):
        if value and not SMALLEST <= abs(value) < LARGEST:
            return f"{value:.3g}"
        return fluent_number(value, maximumFractionDigits=6)
    return str(value)
