"""What pydantic finds wrong with a request, as codes and parameters of ours."""

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


def misfits(errors: Sequence[Any]) -> list[Misfit]:
    """Every wrong place of a request, as FastAPI tells them."""
    found = []
    for entry in errors:
        place = ".".join(str(p) for p in entry["loc"] if p not in PARTS)
        given = entry.get("input")
        if entry["type"] == "json_invalid":  # its place is that of a character in the text
            place, detail = "", f"this is not JSON: {entry['ctx']['error']} at character {entry['loc'][-1]}"
        elif isinstance(given, bytes):
            detail = (
                f"a JSON object is expected, under Content-Type: application/json, got {given[:60]!r} under another"
            )
        else:
            detail = f"{entry['msg']}, got {repr(given)[:80]}"
        found.append(misfit(entry, place, detail))
    return found


def first_misfit(error: ValidationError) -> Misfit:
    """The first wrong place of a spec."""
    first = error.errors(include_url=False)[0]
    place = ".".join(str(p) for p in first["loc"] if p not in ("int", "literal['auto']"))
    given = first.get("input")
    shown = "" if isinstance(given, dict | list) or first["type"] == "missing" else f", got {given!r:.60}"
    return misfit(first, place, f"{first['msg']}{shown}")


def coded_misfit(wrong: Misfit) -> Coded:
    """As an error."""
    return Coded.as_told(wrong["code"], wrong["params"], wrong["detail"])
