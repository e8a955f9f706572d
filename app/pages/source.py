"""What a browser runs of a source file: the same program without its comments and its indentation, line for line.

The comments are for people, and a fifth of what a page would load. The addresses that pages load from have none of
them; /static/NAME has the file as it is.
"""

import re

TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<comment>/\*.*?\*/|//[^\n]*)
    |(?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
    |(?P<word>[\w$.]+)
    |(?P<regex>/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/\w*)
    |(?P<sign>.)""",
    re.X | re.S,
)
TEXT = re.compile(r"(?:\\.|[^`\\$]|\$(?!\{))*", re.S)
"""Of a template, up to its end or to the next expression in it."""
BEFORE_EXPRESSIONS = {"return", "typeof", "case", "in", "of", "do", "else", "void", "delete", "await", "yield"}
LICENCE = re.compile(r"@licen[cs]e|@preserve|^/\*!")
INDENT = re.compile(r"\n[ \t]+")
CSS_COMMENT = re.compile(r"""("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|/\*.*?\*/""", re.S)


def without_comments(source: str) -> str:
    """A module without comments, but for licences; every statement stays on its line."""
    out: list[str] = []
    depths: list[int] = []  # for every template that we are in an expression of: how many braces are open there
    last, at = "", 0  # what stood before, since a slash behind a value divides
    while at < len(source):
        found = TOKEN.match(source, at)
        assert found is not None  # a sign is anything
        kind, text = found.lastgroup, found[0]
        if kind == "regex" and _is_value(last):
            kind, text = "sign", "/"
        at += len(text)
        if kind == "comment" and not LICENCE.search(text):
            out.append("\n" * text.count("\n") or " " * text.startswith("/*"))
            continue
        ends_expression = text == "}" and bool(depths) and depths[-1] == 0
        if text == "`" or ends_expression:
            if ends_expression:
                depths.pop()
            words = TEXT.match(source, at)
            assert words is not None
            end = words.end()
            inside = source.startswith("${", end)
            if inside:
                depths.append(0)
            stop = end + (2 if inside else 1)
            out.append(text + source[at:stop])
            last, at = ("{" if inside else "`"), stop
            continue
        if depths:
            depths[-1] += (text == "{") - (text == "}")
        out.append(INDENT.sub("\n", text) if kind == "space" else text)
        if kind not in ("space", "comment"):
            last = text
    return "".join(out)


def _is_value(last: str) -> bool:
    """Whether a slash behind this divides; else it begins a regular expression."""
    return last not in BEFORE_EXPRESSIONS and bool(re.search(r"[\w$)\]}`\"']$", last))


def without_css_comments(source: str) -> str:
    """A style sheet without comments."""
    return INDENT.sub("\n", CSS_COMMENT.sub(lambda found: found[1] or "", source))
