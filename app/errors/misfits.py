"""What pydantic finds wrong with a request, as codes and parameters of ours."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from engine.core.errors import Coded, Params, told

CODES = {
    "missing": "value-missing",
    "extra_forbidden": "value-unknown",
    "int_type": "value-whole",
    "int_from_float": "value-whole",
    "int_parsing": "value-whole",
    "int_parsing_size": "value-whole",
    "float_type": "value-number",
    "float_parsing": "value-number",
    "finite_number": "value-finite",
    "bool_type": "value-yes-no",
    "bool_parsing": "value-yes-no",
    "string_type": "value-text",
    "string_unicode": "value-text",
    "string_too_short": "text-short",
    "string_too_long": "text-long",
    "string_pattern_mismatch": "name-letters",
    "list_type": "value-list",
    "tuple_type": "value-list",
    "too_short": "list-short",
    "too_long": "list-long",
    "dict_type": "value-object",
    "model_type": "value-object",
    "model_attributes_type": "value-object",
    "literal_error": "value-choice",
    "enum": "value-choice",
    "none_required": "value-none",
    "greater_than": "value-range",
    "greater_than_equal": "value-range",
    "less_than": "value-range",
    "less_than_equal": "value-range",
    "union_tag_invalid": "value-choice",
    "union_tag_not_found": "value-missing",
    "json_invalid": "not-json",
    "json_type": "not-json",
    "invalid_key": "value-object",
    "recursion_loop": "too-deep",
    "recursion_depth_exceeded": "too-deep",
}
"""pydantic's types of errors, all that our models can give (tests/app/test_codes.py), and what we call them."""
BOUNDS = {"gt": "above", "ge": "minimum", "lt": "below", "le": "maximum", "min_length": "minimum",
          "max_length": "maximum"}  # fmt: skip
PARTS = ("body", "query", "path", "header")


class Misfit(TypedDict):
    """One wrong place."""

    field: str
    code: str
    params: Params
    detail: str


def misfit(entry: ErrorDetails | Mapping[str, Any], field: str, detail: str) -> Misfit:
    """An entry of `ValidationError.errors()`; `field` and `detail` as the caller words them."""
    context: Mapping[str, Any] = entry.get("ctx") or {}
    own = context.get("error")
    if isinstance(own, Coded):
        return {"field": field, "code": own.code, "params": own.params, "detail": detail}
    kind = entry["type"]
    code = CODES.get(kind, "other")
    params: Params = {ours: told(context[theirs]) for theirs, ours in BOUNDS.items() if theirs in context}
    if code == "value-choice":
        params["choices"] = told(_quoted(context.get("expected") or context.get("expected_tags") or ""))
    if code in ("value-unknown", "value-missing"):
        key = context.get("discriminator") if kind == "union_tag_not_found" else (entry["loc"] or ("",))[-1]
        params["key"] = str(key).strip("'")
    elif kind == "union_tag_invalid":
        params["got"] = told(context.get("tag"))
    elif code != "not-json":
        params["got"] = told(entry.get("input"))
    if code == "other":
        params = {"said": detail}
    return {"field": field, "code": code, "params": params, "detail": detail}


def _quoted(words: str) -> tuple[str, ...]:
    """ "'a', 'b' or 'c'" as names."""
    return tuple(re.findall(r"'([^']*)'", words)) or ((words,) if words else ())


def _bounds(params: Params) -> str:
    """ " from 1 to 5", " above 0": what stands behind "a number"."""
    least, most = params.get("minimum"), params.get("maximum")
    if least is not None and most is not None:
        return f" from {_shown(least)} to {_shown(most)}"
    words = {"minimum": "of at least", "above": "above", "below": "below", "maximum": "of at most"}
    return "".join(f" {said} {_shown(params[name])}" for name, said in words.items() if name in params)


def _worded(wrong: Misfit, given: object) -> str:
    """The sentence in English, in words of ours: pydantic's speak of its own classes and tags."""
    code, params = wrong["code"], wrong["params"]
    if code == "value-missing":
        return f"{params['key']} is missing"
    if code == "value-unknown":
        return f"there is nothing called {params['key']} here"
    choices = params.get("choices")
    names = [str(name) for name in (choices if isinstance(choices, list) else [choices])]
    expected = {
        "value-whole": f"a whole number{_bounds(params)}",
        "value-number": "a number",
        "value-range": f"a number{_bounds(params)}",
        "value-finite": "a finite number",
        "value-yes-no": "true or false",
        "value-text": "a text",
        "value-list": "a list",
        "value-object": "an object",
        "value-none": "null",
        "value-choice": f"one of {', '.join(names)}" if len(names) > 1 else "".join(names),
        "text-short": f"a text of {params.get('minimum')} characters or more",
        "text-long": f"a text of {params.get('maximum')} characters or fewer",
        "name-letters": "a name of at most 32 letters (A–Z), digits, - and _, that begins with a letter",
        "list-short": f"a list of {params.get('minimum')} entries or more",
        "list-long": f"a list of {params.get('maximum')} entries or fewer",
    }.get(code)
    if expected is None:
        return wrong["detail"]
    return f"{expected} was expected, got {_shown(given)}"


def _shown(given: object) -> str:
    """A value as JSON writes it, cut to a line; 1 for 1.0."""
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    if isinstance(given, dict):
        return "an object" if given else "{}"
    if isinstance(given, list | tuple) and len(given) > 8:
        return f"a list of {len(given)}"
    try:
        text = json.dumps(given, ensure_ascii=False)
    except (TypeError, ValueError):
        text = repr(given)
    return text if len(text) <= 60 else text[:59] + "…"


def _place(loc: Sequence[int | str], given: object, *, missing: bool) -> str:
    """The path in what was sent; pydantic's names of union members ("int", "play") stand in its own path, not there.

    missing: the last step is what was not sent.
    """
    path: list[str] = []
    for i, step in enumerate(loc):
        if isinstance(given, Mapping):
            known = step in given
        elif isinstance(given, list | tuple):
            known = isinstance(step, int) and 0 <= step < len(given)
        else:
            known = False
        if known:
            given = given[step]  # type: ignore[index]
        elif not (missing and i == len(loc) - 1):
            continue
        path.append(str(step))
    return ".".join(path)


def misfits(errors: Sequence[Any], given: object) -> list[Misfit]:
    """Every wrong place of `given`, by `ValidationError.errors()` of pydantic or FastAPI."""
    found = []
    for entry in errors:
        loc = entry["loc"]
        outer = bool(loc) and loc[0] in PARTS
        inside = loc[1:] if outer else loc
        body = not outer or loc[0] == "body"
        missing = entry["type"] == "missing"
        place = _place(inside, given, missing=missing) if body else ".".join(map(str, inside))
        value = entry.get("input")
        if entry["type"] == "union_tag_invalid":
            key = entry["ctx"]["discriminator"].strip("'")
            place, value = f"{place}.{key}" if place else key, entry["ctx"]["tag"]
        if entry["type"] == "json_invalid":  # its place is that of a character in the text
            detail = f"this is not JSON: {entry['ctx']['error']} at character {loc[-1]}"
            found.append(misfit(entry, "", detail))
        elif isinstance(value, bytes):
            detail = (
                f"a JSON object is expected, under Content-Type: application/json, got {value[:60]!r} under another"
            )
            found.append(misfit(entry, place, detail))
        else:
            wrong = misfit(entry, place, entry["msg"])
            found.append({**wrong, "detail": _worded(wrong, value)})
    return found


def first_misfit(error: ValidationError, given: object) -> Misfit:
    """The first wrong place of a spec, or of the settings."""
    return misfits(error.errors(include_url=False)[:1], given)[0]


def coded_misfit(wrong: Misfit) -> Coded:
    """As an error."""
    return Coded.as_told(wrong["code"], wrong["params"], wrong["detail"])
