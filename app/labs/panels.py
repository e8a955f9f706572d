"""The panels below the network: the rows of static/panels/registry.json, which the page, the preloads and labs read."""

import json
from typing import Annotated

from pydantic import AfterValidator, TypeAdapter

from app.labs.glossary import Words
from app.places import STATIC
from app.specs.model import Strict


class PanelRow(Strict):
    """A panel: its name (its element is d-NAME), the module that defines it, and its place and name in the menu."""

    name: str
    module: str
    menu: int | None = None
    title: Words | None = None


FOLDER = STATIC / "panels"
PANELS = TypeAdapter(list[PanelRow]).validate_json((FOLDER / "registry.json").read_bytes())
NAMES = [row.name for row in PANELS]


def _known(name: str) -> str:
    if name not in NAMES:
        raise ValueError(f"unknown panel {name!r}; known: {', '.join(NAMES)}")
    return name


PanelName = Annotated[str, AfterValidator(_known)]


def panels_json() -> str:
    """For the page, inside a block of data: nothing in it ends the block."""
    rows = [row.model_dump(exclude_none=True) for row in PANELS]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
