"""Text that is written from right to left, with what is foreign in it in order: formulas, paths, names.

A piece of other letters keeps its own direction whatever stands beside it (Unicode's bidirectional algorithm,
UAX #9, isolates). static/core/reading-order.js does the same in the browser; tests/reading_order.json has what both do.
"""

import html
import re
from collections.abc import Iterator
from unicodedata import category

LETTERS = "\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc"
FOREIGN = re.compile(f"[^{LETTERS}]+")
JOINS = re.compile(f"\u05be(?=[^{LETTERS}\\s])")
"""A hyphen of those letters, after which no line ends: what it joins follows."""
PLAIN = re.compile(r"[\d.,]*\d%?|\{\w+\}")
"""What is the same in every direction: numbers, the place of a value."""
CLOSES = {"(": ")", "[": "]", "{": "}"}
QUOTES, LISTS, STOPS = '"“”״', ",;·", " \t\n.,:;!?·" + '"“”״'
TAGS = re.compile(r"(<(?:math|script|style)\b.*?</(?:math|script|style)>|<[^>]*>)", re.DOTALL)
"""What is not read."""


def says(c: str) -> bool:
    """Whether it is a letter, a digit or a sign; what has none of them is marks alone."""
    return c.isalnum() or c == "−" or category(c) == "Sm"


def pieces(run: str) -> Iterator[tuple[int, int]]:
    """Foreign text that belongs together, from and to: lists are cut at commas, open brackets are left out."""
    opened: list[str] = []
    start = -1

    def ended(at: int) -> Iterator[tuple[int, int]]:
        while start >= 0 and at > start and run[at - 1] in STOPS:
            at -= 1
        if start >= 0 and at > start:
            yield start, at

    for i, c in enumerate(run):
        last = i + 1 == len(run) or run[i + 1].isspace()
        if c in CLOSES and CLOSES[c] in run[i:]:
            opened.append(CLOSES[c])
            start = i if start < 0 else start
        elif opened and opened[-1] == c:
            opened.pop()
        elif c in CLOSES or c in CLOSES.values() or (not opened and (c in QUOTES or (c in LISTS and last))):
            yield from ended(i)
            start = -1
        elif start < 0 and c not in " \t\n,:;!?·" and not (c == "." and last):
            start = i
    yield from ended(len(run))


def _isolated(found: re.Match[str]) -> str:
    run, out, done = found[0], "", 0
    for start, end in pieces(run):
        piece = run[start:end]
        plain = PLAIN.fullmatch(piece) or not any(map(says, piece))
        out += run[done:start] + (piece if plain else f"\u2066{piece}\u2069")
        done = end
    return out + run[done:]


def in_order(text: str) -> str:
    """The text with isolates around what is foreign in it, and what a maqaf joins on the maqaf's line."""
    return JOINS.sub("\u05be\u2060", FOREIGN.sub(_isolated, text))


def page_in_order(page: str) -> str:
    """The same of what is read in a piece of HTML; formulas have their own direction."""
    parts = TAGS.split(page)
    parts[::2] = [html.escape(in_order(html.unescape(text)), quote=False) for text in parts[::2]]
    whole = "".join(parts)
    return re.sub("\u05be(?=<(?!/))", "\u05be\u2060", whole)
