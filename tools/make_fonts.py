"""Cuts the fonts down to what the pages write: static/fonts and static/styles/fonts.css from the npm packages.

The whole fonts are dependencies of development (package.json); what is cut out is kept here, since a page of a class
should not fetch 400 kB of mathematics to show ∂J/∂w. A font goes on under the licence it came with, which stands
beside it. Run it where the texts need another sign (tests/test_page.py says so): `python -m tools.make_fonts`.
"""

import io
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).parent.parent
FONTS = ROOT / "static" / "fonts"
STYLES = ROOT / "static" / "styles" / "fonts.css"
WEIGHTS = (400, 700)
"""The weights that styles ask for."""
MARKS = ("mark", "mkmk", "ccmp", "locl")
FIGURES = ("tnum",)
"""Figures of one width, for numbers that change."""


def ranges(*pairs: tuple[int, int]) -> set[int]:
    return {code for first, last in pairs for code in range(first, last + 1)}


BASIC = ranges((0x20, 0x7E)) | {ord(sign) for sign in "\xa0°±²³·¹×÷–—‘’“”„…′‹›•−"}
RUBIK = "@fontsource-variable/rubik"
STIX = "@fontsource/stix-two-math"


@dataclass(frozen=True)
class Cut:
    """A file to be made: from which, which signs, and what the font's program is for."""

    name: str
    family: str
    package: str
    source: str
    signs: set[int]
    features: tuple[str, ...]


MORE = (
    ranges((0xA1, 0xFF), (0x131, 0x131), (0x152, 0x153), (0x2000, 0x206F), (0x20AC, 0x20AC), (0x2122, 0x2122)) - BASIC
)
MATHEMATICS = ranges(
    (0x20, 0x7E), (0xA0, 0xFF), (0x177, 0x177), (0x300, 0x338), (0x391, 0x3F6), (0x2010, 0x2044), (0x2070, 0x209F),
    (0x20D0, 0x20DC), (0x2102, 0x2135), (0x2190, 0x21D5), (0x2200, 0x22EF), (0x2308, 0x230B), (0x23B4, 0x23E1),
    (0x25A0, 0x25CF), (0x27E6, 0x27EB), (0x1D400, 0x1D467), (0x1D49C, 0x1D4CF), (0x1D538, 0x1D56B), (0x1D6A4, 0x1D755),
    (0x1D7CE, 0x1D7E1),
)  # fmt: skip
LATIN = "files/rubik-latin-wght-normal.woff2"
HEBREW = "files/rubik-hebrew-wght-normal.woff2"
FORMULAS = "files/stix-two-math-latin-400-normal.woff2"
CUTS = (
    # Without kerning, which is a third of the file and moves letters of 13 pixels by less than one.
    Cut("rubik-latin.woff2", "Rubik Variable", RUBIK, LATIN, BASIC, (*MARKS, *FIGURES)),
    Cut("rubik-latin-more.woff2", "Rubik Variable", RUBIK, LATIN, MORE, (*MARKS, *FIGURES, "kern")),
    Cut("rubik-hebrew.woff2", "Rubik Variable", RUBIK, HEBREW, ranges((0x5B0, 0x5F4)) | {0x20AA}, (*MARKS, "kern")),
    Cut("stix-two-math.woff2", "STIX Two Math", STIX, FORMULAS, MATHEMATICS, ("*",)),
)


def cut(source: Path, signs: set[int], features: tuple[str, ...]) -> tuple[bytes, set[int]]:
    """The smaller font, and which of the signs it has."""
    options = subset.Options()
    options.layout_features = list(features)
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # names, whose it is and under which licence
    font = TTFont(source, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=signs)
    cutter.subset(font)
    font.flavor = None
    whole = io.BytesIO()
    font.save(whole)
    font = TTFont(io.BytesIO(whole.getvalue()), recalcTimestamp=False)
    if "fvar" in font:
        font = instancer.instantiateVariableFont(font, {"wght": WEIGHTS})
    font.flavor = "woff2"
    packed = io.BytesIO()
    font.save(packed)
    return packed.getvalue(), set(font.getBestCmap())


def written(codes: set[int]) -> str:
    """Signs as CSS writes them: U+20-7E, U+A0."""
    parts, ordered = [], sorted(codes)
    while ordered:
        first = last = ordered.pop(0)
        while ordered and ordered[0] == last + 1:
            last = ordered.pop(0)
        parts.append(f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}")
    return ",\n    ".join(parts)


def main() -> None:
    FONTS.mkdir(exist_ok=True)
    rules = ["/* Made by tools/make_fonts.py: which file has which signs. */"]
    for made in CUTS:
        body, signs = cut(ROOT / "node_modules" / made.package / made.source, made.signs, made.features)
        (FONTS / made.name).write_bytes(body)
        variable = f"  font-weight: {WEIGHTS[0]} {WEIGHTS[1]};\n" if made.package == RUBIK else ""
        rules.append(
            f'@font-face {{\n  font-family: "{made.family}";\n  src: url("../fonts/{made.name}") format("woff2");\n'
            f"{variable}  font-display: swap;\n  unicode-range:\n    {written(signs)};\n}}"
        )
        print(f"{made.name}: {len(signs)} signs, {len(body):,} bytes")
    for package in (RUBIK, STIX):
        licence = (ROOT / "node_modules" / package / "LICENSE").read_text("utf-8")
        (FONTS / f"{package.rsplit('/', 1)[1]}.LICENSE.txt").write_text(licence, "utf-8")
    STYLES.write_text("\n".join(rules) + "\n", "utf-8")


if __name__ == "__main__":
    main()
