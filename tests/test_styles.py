"""The style sheets: what a rule says is said once."""

import re

from tests.server import ROOT


def displays(text):
    """What is said once for all of a class: its selector and its display, without rules inside @media and the like."""
    text = re.sub(r"@[^{};]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", re.sub(r"/\*.*?\*/", "", text, flags=re.S))
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", text):
        for shown in re.findall(r"(?<![\w-])display:\s*([\w-]+)", body):
            yield from ((selector.strip(), shown) for selector in selectors.split(","))


def test_a_class_is_laid_out_in_one_way():
    """Two things of one class name spoil each other: the fields of a weight once stood in a list's columns."""
    found = {}
    for path in sorted((ROOT / "static" / "styles").glob("*.css")):
        for selector, shown in displays(path.read_text()):
            found.setdefault(selector, set()).add(shown)
    assert len(found) > 100
    assert {selector: ways for selector, ways in found.items() if len(ways) > 1} == {}
    assert list(displays(".a, b {display: grid} @media (x) { .a {display: flex} } c {color: red}")) == [
        (".a", "grid"),
        ("b", "grid"),
    ]
