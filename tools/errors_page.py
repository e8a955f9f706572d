"""docs/errors.md: every code of an error, from languages/en/errors.ftl."""

from collections.abc import Iterator, Mapping

from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl

from app.places import LANGUAGES

PLACES = {
    "place": "*place*",
    "box-place": "*place*",
    "bounds": " *within bounds*",
    "setting-name": "*setting*",
    "layer-kind": "*type*",
}
"""Messages that are parts of others, in short."""
HEAD = """# Errors by their codes
Made by `make docs` from `languages/en/errors.ftl`. A problem document has a `code`, the `params` that its message is
about, and `detail`, a sentence in English for whoever wrote the request. The page says the message of the code in its
reader's language; numbers have that language's plurals. Codes stay; new ones may come, so a program that does
not know one shows `detail`.

`field` says which place is to blame and `layer` in which layer it lies: *place* below. What has the code `other` is a
sentence of Python's or NumPy's own (`said`).
"""


def errors_page() -> str:
    parsed = FluentParser().parse((LANGUAGES / "en" / "errors.ftl").read_text("utf-8"))
    found = {e.id.name: e.value for e in parsed.body if isinstance(e, ftl.Message) and e.value is not None}
    lines = [HEAD]
    parts = True
    for entry in parsed.body:
        if isinstance(entry, ftl.GroupComment):
            parts = (entry.content or "").startswith("Parts")
            if not parts:
                lines += ["", f"## {entry.content}", "| `code` | `params` | message |", "|---|---|---|"]
        elif isinstance(entry, ftl.Message) and entry.value is not None and not parts:
            text = " ".join("".join(_words(entry.value, found)).split())
            names = " ".join(f"`{name}`" for name in dict.fromkeys(_variables(entry.value)))
            lines.append(f"| `{entry.id.name}` | {names} | {text.replace('|', chr(92) + '|')} |")
    return "\n".join(lines)


def _words(pattern: ftl.Pattern, found: Mapping[str, ftl.Pattern]) -> Iterator[str]:
    """A pattern as one line: of variants the last one, which fits most."""
    for element in pattern.elements:
        if isinstance(element, ftl.TextElement):
            yield element.value
            continue
        match element.expression:
            case ftl.VariableReference(id=identifier):
                yield f"‹{identifier.name}›"
            case ftl.SelectExpression(variants=variants):
                yield from _words(next(v for v in variants if v.default).value, found)
            case ftl.MessageReference(id=identifier):
                short = PLACES.get(identifier.name)
                yield from [short] if short is not None else _words(found[identifier.name], found)


def _variables(pattern: ftl.Pattern) -> Iterator[str]:
    for element in pattern.elements:
        if isinstance(element, ftl.TextElement):
            continue
        match element.expression:
            case ftl.VariableReference(id=identifier):
                yield identifier.name
            case ftl.MessageReference(id=identifier) if identifier.name == "bounds":
                yield from ("minimum", "above", "maximum", "below")
            case ftl.SelectExpression(selector=selector, variants=variants):
                if isinstance(selector, ftl.VariableReference):
                    yield selector.id.name
                for variant in variants:
                    yield from _variables(variant.value)
