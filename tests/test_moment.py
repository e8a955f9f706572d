"""Every element of the page says of which views its numbers are, so that it can say when they are older."""

import re

import pytest

from engine.views import views
from tests.server import ROOT

ELEMENTS = [path for path in sorted((ROOT / "static").rglob("*.js")) if "customElements.define" in path.read_text()]
READ = re.compile(r"""[`"'](\w+)(?=/)|session\.about\??\.(\w+)""")
MOVING = {"surface"}
"""A lesson's symbols follow the ball of a surface, which the surface's panel is of."""


@pytest.mark.parametrize("path", ELEMENTS, ids=lambda path: path.stem)
def test_an_element_wants_or_names_each_view_that_it_reads(path):
    text = path.read_text()
    found = {name for pair in READ.findall(text) for name in pair}
    read = {name for name in found if name in views} - (MOVING if path.stem == "lesson" else set())
    named = set(re.findall(r'"(\w+)"', "".join(re.findall(r"static shows = \[(.*?)\]", text))))
    wanted = {name for name in read if re.search(rf"\b{name}(?::|,? \}}| \?)", text)} if ".want(" in text else set()
    assert read - named - wanted == set(), "static shows = […], or session.want(this, …)"
    assert named <= read, "it shows no such view"


def test_elements_that_read_views_are_found():
    assert len([path for path in ELEMENTS if READ.search(path.read_text())]) > 15
