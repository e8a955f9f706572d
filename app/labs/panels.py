"""The views of a run: the rows of static/panels/registry.json, which the page, the preloads and labs read."""

import json
from typing import Annotated

from pydantic import AfterValidator, TypeAdapter

from app.languages import SOURCE, Words, everywhere, message
from app.places import STATIC
from app.specs.model import Strict


class PanelRow(Strict):
    """A view: its name (its element is d-NAME), the module that defines it, and its place and name in the menu.

    It stands on the page from the start, for all data or those of some tasks, or it is a panel that is opened.
    """

    name: str
    module: str
    stands: bool = False
    tasks: list[str] | None = None
    menu: int | None = None

    @property
    def title(self) -> Words | None:
        """What it is called, unless the interface's texts say it."""
        name = f"panel-{self.name}"
        return everywhere("names", name) if message(SOURCE, "names", name) else None


FOLDER = STATIC / "panels"
PANELS = TypeAdapter(list[PanelRow]).validate_json((FOLDER / "registry.json").read_bytes())
HEROES = [row.name for row in PANELS]
"""Any view can have the middle."""
NAMES = [row.name for row in PANELS if not row.stands]


def _known(what: str, names: list[str]) -> AfterValidator:
    def check(name: str) -> str:
        if name not in names:
            raise ValueError(f"unknown {what} {name!r}; known: {', '.join(names)}")
        return name

    return AfterValidator(check)


PanelName = Annotated[str, _known("panel", NAMES)]
HeroName = Annotated[str, _known("hero", HEROES)]


def panels_json() -> str:
    """For the page, inside a block of data: nothing in it ends the block."""
    rows = [{**row.model_dump(exclude_defaults=True), **({"title": row.title} if row.title else {})} for row in PANELS]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
