"""The texts of labs: Jinja2 with a few words of their own, formulas as MathML made from LaTeX.

In a text: $…$ is a formula in LaTeX, $$…$$ one on a line of its own, {{ live("cost.cv") }} a number of the run,
{{ attempt("label", set={…}, command={…}, view={…}, pick={…}, open="…") }} a button that does it,
{{ symbol("x", "learning_rate") }} a symbol that lights up the control it stands for, {{ term("gradient") }} or
{{ term("gradient", "slopes") }} a word of the glossary,
{{ control("compare_run") }} what a control of the page is called, in quotation marks, and {{ named("play") }} without.
"""

import json
import re
from functools import lru_cache
from html import unescape
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from latex2mathml.converter import convert
from markupsafe import Markup

from app.labs.glossary import glossary
from app.labs.reading_order import in_order, page_in_order
from app.languages import SOURCE, best, direction, named, quoted, right_to_left
from app.places import LANGUAGES

LONGEST_SYMBOL = 3
SYMBOL = re.compile(r'class="symbol" aria-label="([^"]+)" data-lights="([^"]+)"')
EVERYWHERE = {"J": "cost", "α": "learning_rate", "λ": "l2"}
"""Letters that mean the same in every lesson, and the control each stands for."""
FORMULAS = re.compile(r"(<math.*?</math>)", re.DOTALL)
WORDS = re.compile(r"<mtext>([^<]*[\u0590-\u08ff][^<]*?)(&#x000A0;|\s)*</mtext>")
"""Words of a language that is written from right to left, in a formula."""
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)


def _word(found: re.Match[str]) -> str:
    """A space behind it stays between it and the formula, which goes on to its right."""
    text, space = found.groups()
    return f'<mtext dir="rtl">{text}</mtext>' + ('<mspace width="0.5em"></mspace>' if space else "")


def mathml(tex: str, display: str = "inline") -> str:
    """A formula; words in it that are written from right to left are."""
    return WORDS.sub(_word, convert(tex, display=display))


def inline(tex: str) -> str:
    """A formula inside a line; formulas run left to right in every language."""
    return f'<bdi dir="ltr">{mathml(tex)}</bdi>'


def _formula(found: re.Match[str]) -> str:
    block, line = found.groups()
    if line is not None:
        return inline(line)
    return f'<div class="math" dir="ltr" tabindex="0">{mathml(block, display="block")}</div>'


def with_formulas(html: str) -> str:
    """The text with its LaTeX turned into MathML; symbols of the text light up inside the formulas too."""
    out = FORMULA.sub(_formula, html)
    own = {unescape(tex): control for tex, control in SYMBOL.findall(out)}
    for letter, control in (EVERYWHERE | own).items():
        if len(letter) == 1:
            lit = f'<mi data-lights="{control}">{letter}</mi>'
            plain = re.compile(f"<mi>(?:{letter}|&#x{ord(letter):05X};)</mi>")
            out = "".join(plain.sub(lit, part) if part.startswith("<math") else part for part in FORMULAS.split(out))
    return out


def symbol(tex: str, control: str) -> Markup:
    text = '<button type="button" class="symbol" aria-label="{}" data-lights="{}">{}</button>'
    shown = Markup(inline(tex)) if len(tex) <= LONGEST_SYMBOL else tex  # noqa: S704  (words are not formulas)
    return Markup(text).format(tex, control, shown)  # noqa: S704


def live(figure: str) -> Markup:
    return Markup('<output class="live" dir="ltr" data-figure="{}">–</output>').format(figure)


def attempt(label: str, **actions: Any) -> Markup:
    """`none` in a text is JSON's null."""
    return Markup('<button type="button" class="attempt" data-do="{}">{}</button>').format(json.dumps(actions), label)


@pass_context
def term(context: Context, id: str, words: str | None = None) -> Markup:
    """A word of the glossary, with what it means at hand."""
    language = context["language"]
    found = glossary()[id]
    meaning, spoken = best(found.text, language)
    if right_to_left(spoken):
        meaning = in_order(meaning)
    shown = words or best(found.term, language)[0]
    text = '<a class="term" href="/glossary?lang={}#{}" data-meaning="{}">{}</a>'
    return Markup(text).format(language, id, meaning, shown)  # noqa: S704


_environment = Environment(
    loader=FileSystemLoader(LANGUAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_environment.globals |= {
    "symbol": symbol, "live": live, "attempt": attempt, "term": term,
    "control": pass_context(lambda context, key: quoted(context["language"], key)),
    "named": pass_context(lambda context, key: named(context["language"], key)),
}  # fmt: skip


def place_of(lab: str, language: str) -> str:
    """Where the text of a lab stands in languages/: in the source's folder if the language has none."""
    return next(name for spoken in (language, SOURCE) if (LANGUAGES / (name := f"{spoken}/labs/{lab}.html")).exists())


@lru_cache(maxsize=256)
def render_text(lab: str, language: str) -> str:
    """The text of a lab as HTML; one that is not translated says in which language and direction it is."""
    place = place_of(lab, language)
    spoken = place.partition("/")[0]
    html = with_formulas(_environment.get_template(place).render(language=spoken))
    if right_to_left(spoken):
        html = page_in_order(html)
    if spoken == language:
        return html
    return f'<div lang="{spoken}" dir="{direction(spoken)}">{html}</div>'
