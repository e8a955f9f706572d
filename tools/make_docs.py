"""Writes docs/stream.md, views.md, settings.md, errors.md and the browser's types from the code: `make docs`.

A test says when one of them is stale.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.contract.views import fact_schema
from app.main import create_app
from app.settings import Settings
from app.stream import messages
from app.stream.socket import BAD_MESSAGE, FOREIGN, GONE, PROTOCOL, TRY_LATER, WRONG_TOKEN
from engine.core.arguments import Argument
from engine.views import View, views
from tools.contract.browser_types import TARGET, browser_types
from tools.errors_page import errors_page

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
MADE = "<!-- Made by `make docs`; do not edit. -->"
DTYPES = {
    ("U8",): "uint8",
    ("U8", "F32"): "uint8; exact: float32",
    ("F32",): "float32",
    ("F32", "F64"): "float32 or float64",
    ("F16", "F32", "F64"): "float16, float32 or float64",
    ("U8", "F32", "F64"): "uint8; exact or over a line: float32 or float64",
    ("I32",): "int32",
    ("U32",): "uint32",
}
WHEN = {"always": "always", "shown": "with tensors", "sometimes": "sometimes"}
NO_TENSORS = "No tensors; what it says is in `views`."
ON_STREAM = """`WS /api/v1/runs/{id}/stream`. How they go together is told in [clients.md](clients.md); what
tensors a view has, in [views.md](views.md). A `Spec`, a `Report` and a `RunState` are schemas of
`/api/v1/openapi.json`, as is every message here."""
ON_BINARY = """Frames, rows of the cost history, and the answers of `GET /runs/{id}/frame`, `/data` and `/weights`
are files in the safetensors format: eight bytes with the length of a JSON head, the head, the
numbers. `__metadata__` in the head has these fields, all of them text."""
ON_VIEWS = """What can be asked for on the stream (`subscribe`) or with `GET /api/v1/runs/{id}/frame?views=…`. A
tensor's full name is `view/name`; `{layer}` and the like stand for several. A letter in a shape is
one length within a view, … any number of axes. Facts beside the numbers are in the metadata's
`views`, by view, and the view's parameters among them (`ViewAbouts` in `/api/v1/openapi.json`); a
fact that has a parameter's name says what became of it. A view has only the tensors that make sense
for the run: a view of detectors is empty for a classifier."""
Schema = dict[str, Any]


def row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> list[str]:
    lines = [row(*cells) for cells in rows]
    return [row(*head), "|" + "---|" * len(head), *lines, ""] if lines else []


class Describer:
    """Schemas of the OpenAPI document as Markdown."""

    def __init__(self, schemas: dict[str, Schema]) -> None:
        self.schemas = schemas

    def type_of(self, schema: Schema) -> str:
        """A schema in a few words."""
        if "allOf" in schema:
            return self.type_of(schema["allOf"][0])
        if "prefixItems" in schema:
            return f"list of {self.type_of(schema['prefixItems'][0])}"
        if "$ref" in schema:
            return f"`{schema['$ref'].rpartition('/')[2]}`"
        for key in ("anyOf", "oneOf"):
            if key in schema:
                return " or ".join(dict.fromkeys(self.type_of(part) for part in schema[key]))
        if "const" in schema:
            return f"`{schema['const']!r}`".replace("'", '"').replace("True", "true")
        if "enum" in schema:
            return ", ".join(f"`{value}`" for value in schema["enum"])
        match schema.get("type"):
            case "array":
                return f"list of {self.type_of(schema.get('items', {}))}"
            case "object" if isinstance(schema.get("additionalProperties"), dict):
                return f"object of {self.type_of(schema['additionalProperties'])}"
            case "integer":
                return "whole number" + bounds(schema)
            case "number":
                return "number" + bounds(schema)
            case "string":
                return "text" + (f" of at most {schema['maxLength']:,}" if "maxLength" in schema else "")
            case "null":
                return "null"
            case "boolean":
                return "true or false"
            case kind:
                return kind or "anything"

    def message(self, name: str, level: str = "###") -> list[str]:
        """A heading, what it is, and a table of its fields."""
        schema = self.schemas[name]
        required = schema.get("required", ())

        def fields() -> Iterator[tuple[str, ...]]:
            for key, part in schema["properties"].items():
                usual = (
                    f"; {part['default']!r} if not said".replace("None", "null")
                    if part.get("default") is not None
                    else ""
                )
                always = "" if key in required else "may be missing"
                words = "; ".join(w for w in (always, part.get("description", "")) if w)
                yield f"`{key}`", self.type_of(part), words + usual.replace("False", "false").replace("True", "true")

        title = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
        return [f"{level} {title}", "", *plain(schema.get("description", "")), *table(("field", "type", ""), fields())]


def bounds(schema: Schema) -> str:
    keys = (("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"), ("exclusiveMaximum", "<"))
    words = " and ".join(f"{sign} {schema[key]:,g}" for key, sign in keys if key in schema)
    return f" {words}" if words else ""


def plain(text: str) -> list[str]:
    return [text, ""] if text else []


def names_of(schema: Schema) -> list[str]:
    """The members of a union."""
    return [part["$ref"].rpartition("/")[2] for part in schema.get("oneOf", schema.get("anyOf", ()))]


def stream_page(schemas: dict[str, Schema]) -> str:
    """docs/stream.md."""
    told = Describer(schemas)
    heard = ["Auth", "Subscribe", "Ack", "Ping", *names_of(schemas["Command"])]
    lines = [
        MADE, "", f"# The messages of `{PROTOCOL}`", "",
        ON_STREAM, "",
        "## What a client says (JSON text)", "",
    ]  # fmt: skip
    for name in heard:
        lines += told.message(name)
    lines += [
        "## What the server says (JSON text)",
        "",
        "Events have `event`; answers quote the `id` of what they answer.",
        "",
    ]
    for name in (*names_of(schemas["Event"]), *names_of(schemas["Said"]), "Problem"):
        lines += told.message(name)
    lines += [
        "## Binary messages (safetensors)", "",
        ON_BINARY, "",
    ]  # fmt: skip
    for name in ("FrameMeta", "FrameState", "HistoryMeta", "DataMeta", "DataAbout", "WeightsMeta"):
        lines += told.message(name)
    codes = ((TRY_LATER, "come back: all places are taken, or messages were not read in time"),
             (BAD_MESSAGE, f"the subprotocol is {PROTOCOL}"), (WRONG_TOKEN, "the token is not the run's"),
             (FOREIGN, "this origin may not open streams here"), (GONE, "there is no such run"),
             (1012, "the server restarts: come back"))  # fmt: skip
    lines += ["## Close codes", "", *table(("code", "meaning"), ((str(c), w) for c, w in codes))]
    return "\n".join(lines)


def argument_row(argument: Argument) -> tuple[str, ...]:
    default = (
        "null"
        if argument.default is None
        else str(argument.default).lower()
        if argument.kind == "bool"
        else argument.default
    )
    return f"`{argument.name}`", argument.wants(), f"`{default}`" if default != "" else "empty", argument.doc


def view_section(view: View, told: Describer) -> list[str]:
    facts = ((f"`{f.name}`", told.type_of(fact_schema(f, {})), WHEN[f.when], f.unit, f.doc) for f in view.facts)
    tensors = ((f"`{t.name}`", f"({', '.join(t.axes)})", DTYPES[t.dtypes], t.unit, t.doc) for t in view.tensors)
    return [
        f"## {view.name}", "", view.doc[0].upper() + view.doc[1:] + ".", "",
        *table(("parameter", "wants", "default", ""), map(argument_row, view.arguments)),
        *(table(("tensor", "shape", "dtype", "unit", "meaning"), tensors) or [NO_TENSORS, ""]),
        *table(("fact", "type", "is there", "unit", "meaning"), facts),
    ]  # fmt: skip


def views_page(schemas: dict[str, Schema]) -> str:
    """docs/views.md."""
    told = Describer(schemas)
    lines = [
        MADE, "", "# Views", "",
        ON_VIEWS, "",
    ]  # fmt: skip
    parts: Schema = {}
    for name in views.names():
        lines += view_section(views.get(name), told)
        for fact in views.get(name).facts:
            fact_schema(fact, parts)
    lines += ["## What facts are made of", ""]
    for name in parts:
        lines += told.message(name)
    return "\n".join(lines)


def settings_page() -> str:
    """docs/settings.md."""
    rows = (
        (f"`{name}`", f"`DESCENT_{name.upper()}`", f"`{field.default}`", field.description or "")
        for name, field in Settings.model_fields.items()
    )
    return "\n".join([MADE, "", "# Settings", "", "Each is read from the environment.", "",
                      *table(("setting", "variable", "default", "why"), rows)])  # fmt: skip


def pages() -> dict[Path, str]:
    """Every generated file of the repository and its text."""
    schemas = create_app().openapi()["components"]["schemas"]
    assert {m.__name__ for m in messages.STREAM_MESSAGES.values()} == {"Auth", "Subscribe", "Ack", "Ping"}
    return {
        DOCS / "stream.md": stream_page(schemas),
        DOCS / "views.md": views_page(schemas),
        DOCS / "settings.md": settings_page(),
        DOCS / "errors.md": f"{MADE}\n\n{errors_page()}",
        TARGET: browser_types(),
    }


def main() -> None:
    for path, text in pages().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
