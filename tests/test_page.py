"""The browser code's own tests (tests/js), run by Node; and that what they take for the server's is the server's."""

import html
import json
import os
import re
import shutil
import subprocess

import numpy as np
import pytest

from app.ipc.tensors import encode_tensors
from app.labs import LABS
from app.labs.labs import Lab
from app.labs.panels import FOLDER, HEROES, NAMES, PANELS
from app.pages.assets import Assets
from app.pages.source import without_comments, without_css_comments
from app.specs.presets import PRESETS
from tests.server import PATIENCE, ROOT

TESTS = ROOT / "tests" / "js"
TEXTS = ROOT / "static" / "text"
ENTRY_KEYS = re.compile(r"^  (\w+):", re.MULTILINE)


def node():
    """Node from the machine, or from the virtual environment where tools/npm.sh has put it."""
    path = shutil.which("node", path=os.pathsep.join([str(ROOT / ".venv" / "bin"), os.environ.get("PATH", "")]))
    assert path, "Node is wanted for the tests of the browser code; make setup-dev brings it"
    return path


@pytest.mark.parametrize("path", sorted(TESTS.glob("*.test.js")), ids=lambda p: p.name)
def test_the_browser_code_does_what_its_tests_say(path):
    command = [node(), "--test", "--test-reporter=tap", str(path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE, cwd=ROOT)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    count = next(int(line.split()[-1]) for line in done.stdout.splitlines() if line.startswith("# pass "))
    assert count > 0, done.stdout


def test_every_golden_drawing_is_drawn_by_a_test():
    source = "".join(path.read_text() for path in TESTS.glob("*.test.js"))
    for path in (TESTS / "golden").glob("*.json"):
        name = path.stem.removesuffix("-light").removesuffix("-dark")
        assert re.search(rf'"{name}"|`{name}-\$', source), path.name


def test_the_frame_that_the_browser_code_is_tested_with_is_what_the_server_writes():
    tensors = {
        "bytes": np.array([[0, 1, 2], [253, 254, 255]], np.uint8),
        "halves": np.array([1, -2, 65504, 0, np.inf], np.float16),
        "floats": np.array([[0.5, -1.5], [1e30, -0.0]], np.float32),
        "doubles": np.array([[0.1, 1e300, -1]], np.float64),
        "whole": np.array([-1, 0, 2**31 - 1], np.int32),
        "counts": np.array([0, 2**32 - 1], np.uint32),
        "none": np.zeros((0, 4), np.float32),
        "one": np.array(3.25, np.float32),
    }
    # One entry of metadata: the library writes several in no fixed order.
    written = encode_tensors(tensors, {"views": {"cost": {"parts": ["train", "cv"]}, "word": "שלום"}})
    assert written == (TESTS / "frame.safetensors").read_bytes()


# -- texts: the first ones, and more -----------------------------------------------------------------------------------
BARE_IMPORT = re.compile(r"""(?:await |[^>] |await Promise\.all\(\[)import\("(\.[^"]+)"\)""")
"""A module fetched by itself; `() => import(…)` is for core/later.js, which fetches all texts first."""


def test_what_is_said_later_is_not_said_at_the_beginning_and_never_without_its_texts():
    assets = Assets()
    later = {
        language: set(ENTRY_KEYS.findall((TEXTS / "more" / f"{language}.js").read_text())) for language in ("en", "he")
    }
    assert len(later["en"]) > 200
    assert later["en"] == {key for key in later["he"] if not key.startswith("layerdoc_")}

    def said(modules):
        source = "".join((ROOT / name).read_text() for name in modules if "/text/" not in name and "vendor" not in name)
        stems = tuple(set(re.findall(r"""\bt\(\s*`(\w+_)\$\{""", source)))
        keys = {
            key for call in re.findall(r"\bt\(([^)]{1,90})", source) for key in re.findall(r"[\"'`](\w+)[\"'`]", call)
        }
        return {key for key in later["en"] if key in keys or (stems and key.startswith(stems))}

    first = assets.modules("begin.js", "main.js", "lesson/lesson.js")
    assert said(first) == set()
    bare = {
        (path, name)
        for path in (ROOT / "static").rglob("*.js")
        for name in BARE_IMPORT.findall(path.read_text())
        if "/text/" not in name
    }
    assert bare
    for path, name in bare:
        modules = assets.modules((path.parent / name).resolve().relative_to(ROOT / "static").as_posix())
        if "static/core/more-texts.js" not in modules:
            assert said([module for module in modules if module not in first]) == set(), (path.name, name)


# -- panels -----------------------------------------------------------------------------------------------------------
def sources(*folders):
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.*")):
            if path.suffix in {".js", ".py", ".css", ".html"} and "text" not in path.parts:
                yield path, path.read_text()


OWN_PAGE = {"architectures"}
"""Panels that are also pages: static/NAME.js begins the page."""


def test_a_panel_s_row_is_all_that_names_it():
    """Its own module defines its element; nobody else knows its element, its file or a list of panels."""
    assert len(set(NAMES)) == len(NAMES) > 10
    quoted = rf"""["'`](?:{"|".join(NAMES)})["'`]"""
    own = {row.name: (FOLDER / row.module).resolve() for row in PANELS if not row.stands}
    for name, path in own.items():
        assert f'customElements.define("d-{name}"' in path.read_text(), name
    for path, text in sources("static", "templates", "app"):
        assert not re.search(rf"{quoted}\s*[,|]\s*{quoted}", text), f"{path}: a list of panels"
        for name, home in own.items():
            inside = path.resolve().is_relative_to(home.parent) if home.parent != FOLDER else path.resolve() == home
            page = name in OWN_PAGE and path == ROOT / "static" / f"{name}.js"
            if not inside and not page and path.suffix in {".js", ".py"}:
                assert not re.search(rf"d-{name}\b(?!-)|{name}-panel|panel_{name}|/{home.name}\b", text), (path, name)


def test_the_menu_of_panels_has_places_one_after_the_other_and_names_in_both_languages():
    menu = sorted((row for row in PANELS if row.menu), key=lambda row: row.menu)
    assert [row.menu for row in menu] == list(range(1, len(menu) + 1))
    for row in PANELS:
        if not row.stands:  # what stands has its name in the words
            assert row.title, row.name
        if row.title:
            assert row.title["en"].isascii(), row.name
            assert re.search("[א-ת]", row.title["he"]), row.name


def test_numbers_are_read_in_one_place():
    """A field for a number elsewhere would take what is out of its range, or go on showing it."""
    fields = {
        path.relative_to(ROOT / "static").as_posix()
        for path, text in sources("static")
        if path.suffix == ".js" and 'type="number"' in text
    }
    assert fields == {"controls/number-field.js", "network/layer-editor.js"}
    editor = (ROOT / "static/network/layer-editor.js").read_text()
    assert editor.count('type="number"') == editor.count("this.typing.type(")


def test_the_workbench_preloads_what_it_begins_with_and_no_panel():
    preloads = Assets().modules("main.js", "text/he.js")
    for name in ("main.js", "shell/app.js", "core/session.js", "draw/plane.js", "text/he.js"):
        assert f"static/{name}" in preloads
    for name in ("lit/index.js", "lit-html/lit-html.js"):
        assert f"vendor/{name}" in preloads
    for row in PANELS:
        if not row.stands:
            assert f"static/panels/{row.module}" not in preloads
    for other in (
        "course.js",
        "glossary.js",
        "architectures.js",
        "zoo/architectures.js",
        "draw/thumbnail.js",
        "text/en.js",
    ):
        assert (ROOT / "static" / other).exists()
        assert f"static/{other}" not in preloads


TREES = """
import { readFileSync } from "node:fs";
import { parse } from "acorn";
const tree = (source, comments) => JSON.stringify(
  parse(source, { ecmaVersion: "latest", sourceType: "module", locations: true, onComment: comments }),
  (key, value) => {
    if (["start", "end", "column"].includes(key)) return undefined; // the line stays
    return typeof value === "bigint" ? `${value}` : value;
  },
);
for (const [name, whole, lean] of JSON.parse(readFileSync(0, "utf8"))) {
  const [before, left] = [[], []];
  if (tree(whole, before) !== tree(lean, left)) console.log(`${name} has become another program`);
  const kept = before.filter((c) => /@licen[cs]e|@preserve|^!/.test(c.value)).length;
  if (left.length !== kept) console.log(`${name}: ${left.length} comments of ${before.length}, ${kept} are licences`);
}
"""
HARD = {
    "slashes": "const a = b / c / d; const r = /[/'\"`]\\//g.test('/* no */') ? x() / 2 : [1] / 2; // yes\n",
    "templates": "const t = `/* no */ ${/* yes */ f({ a: `${1 /* yes */}//no` })} // no \\` \\${ ${`}`}`;\n/* yes\n*/",
    "words": 'function f(x) { return /* yes */ /\\/\\*/.exec(x); }\nconst u = "http://a/*b*/", v = "\\"/*c*/";\n',
    "licence": "/*! by somebody */ export const a = 1; /* yes */ /** @license MIT */\n",
    "line end": "const f = () => { return /* yes\n*/ 1; };\n",
}
"""What a reader of comments stumbles over."""


def test_a_module_without_its_comments_is_the_same_program_line_for_line():
    modules = [(path.name, text) for path, text in sources("static") if path.suffix == ".js"]
    rows = [[name, text, without_comments(text)] for name, text in [*modules, *HARD.items()]]
    assert len(modules) > 80
    command = [node(), "--input-type=module", "-e", TREES]
    done = subprocess.run(
        command, input=json.dumps(rows), capture_output=True, text=True, cwd=ROOT, timeout=PATIENCE, check=True
    )
    assert done.stdout == ""
    assert sum(len(lean) for _, _, lean in rows) < 0.9 * sum(len(whole) for _, whole, _ in rows)


def test_a_style_sheet_without_its_comments_has_the_same_rules():
    for path, text in sources("static"):
        if path.suffix == ".css":
            lean = without_css_comments(text)
            assert "/*" not in lean
            assert lean.count("{") == re.sub(r"/\*.*?\*/", "", text, flags=re.S).count("{"), path
    assert without_css_comments('a::before { content: "/* no */"; } /* yes */') == 'a::before { content: "/* no */"; } '


def test_a_lab_with_an_unknown_panel_is_refused_with_the_known_ones():
    lab = {"id": "x", "number": "A1", "title": {"en": "", "he": ""}, "question": {"en": "", "he": ""}, "hero": "output",
           "challenges": [{"id": "y", "text": {"en": "", "he": ""}, "hint": {"en": "", "he": ""}}]}  # fmt: skip
    assert Lab.model_validate({**lab, "panels": NAMES[:2]}).panels == NAMES[:2]
    with pytest.raises(ValueError, match=rf"unknown panel 'kitchen'; known: .*{NAMES[-1]}"):
        Lab.model_validate({**lab, "panels": ["kitchen"]})


def test_a_hero_is_a_view_that_there_is_and_of_a_panel_one_that_the_lab_opens():
    for one in (*LABS.values(), *PRESETS.values()):
        assert one.hero in HEROES, one.id
    lab = LABS["cost-function"].model_dump()
    with pytest.raises(ValueError, match=rf"unknown hero 'kitchen'; known: .*{HEROES[-1]}"):
        Lab.model_validate({**lab, "hero": "kitchen"})
    with pytest.raises(ValueError, match="the hero 'sweep' is a panel that the lab does not open"):
        Lab.model_validate({**lab, "hero": "sweep"})
    assert Lab.model_validate({**lab, "hero": "sweep", "panels": ["sweep"]}).hero == "sweep"


def test_elements_call_the_session_and_do_not_write_into_it():
    for path, text in sources("static"):
        if path.suffix == ".js" and path.name != "session.js":
            assert not (found := re.findall(r"\bsession(?:\.\w+)+ (?:=|\+=|\?\?=|\|\|=) .*", text)), (path, found)


WRITTEN = re.compile(r"""\bput\("(\w+)\"""")


def filled_twice(text):
    """Names of places that hold a part of a template although `put` writes their text, and so takes the part away."""
    return sorted(n for n in set(WRITTEN.findall(text)) if re.search(rf'data-slot="{n}"[^>]*>[^<]*\$\{{', text))


def test_what_put_writes_into_holds_no_part_of_a_template():
    """The next rendering that changes the part would look for its text, find none and throw: the page stands still."""
    found = filled_twice('<b data-slot="a">${x}</b> <b data-slot="c">${x}</b> put("a", "1"); put("b", "2")')
    assert found == ["a"]
    for path, text in sources("static"):
        if path.suffix == ".js":
            assert not (found := filled_twice(text)), (path, found)


# -- fonts ------------------------------------------------------------------------------------------------------------
def signs_of(family):
    """What the files of a family have, by fonts.css."""
    found = set()
    for rule in re.findall(r"@font-face \{(.*?)\}", (ROOT / "static/styles/fonts.css").read_text(), re.S):
        assert (ROOT / "static" / re.search(r'url\("\.\./(fonts/[^"]+)"', rule)[1]).read_bytes()[:4] == b"wOF2"
        if f'"{family}"' in rule:
            for first, last in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", rule):
                found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return found


def test_the_fonts_have_every_letter_that_the_pages_write():
    """Letters of both languages; arrows and the like come from the reader's own fonts."""
    have = signs_of("Rubik Variable")
    for path in [*(ROOT / "static").rglob("*.js"), *(ROOT / "templates").rglob("*.*")]:
        letters = {c for c in path.read_text() if (ord(c) < 0x100 and c.isprintable()) or "\u05d0" <= c <= "\u05f4"}
        assert not (missing := {c for c in letters if ord(c) not in have}), (path, missing)


def test_the_font_of_formulas_has_every_sign_of_the_lessons():
    have = signs_of("STIX Two Math")
    seen = 0
    for lab in LABS.values():
        for language in ("en", "he"):
            for formula in re.findall(r"<math.*?</math>", str(lab.page(language)), re.S):
                written = html.unescape(re.sub(r"<annotation.*?</annotation>|<[^>]+>", "", formula))
                seen += len(written)
                missing = {
                    c for c in written if c.isprintable() and ord(c) not in have and not "\u05d0" <= c <= "\u05ea"
                }
                assert not missing, (lab.id, formula, missing)
    assert seen > 1000
    assert set(range(0x1D434, 0x1D455)) <= have, "single letters of formulas are italic ones"


# -- colours ----------------------------------------------------------------------------------------------------------
COLOR_FILES = {"static/core/colors.js", "static/styles/tokens.css", "static/images/icon.svg"}
LITERAL = re.compile(
    r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b|\brgba?\(\s*\d|\bhsla?\(\s*\d|0x[0-9a-fA-F]{8}\b"
)


def tokens():
    """The names of tokens.css in their places: light, dark by the system, dark by choice, what is no colour."""
    text = (ROOT / "static/styles/tokens.css").read_text()
    blocks = re.findall(r"(?m)^ *(:root[^{]*)\{([^{}]*)\}", text)
    found = [dict(re.findall(r"--([\w-]+):\s*([^;]+);", body)) for _, body in blocks]
    return [block for block in found if block][:4]


def test_colours_stand_in_two_files_alone():
    for path, text in sources("static"):
        name = path.relative_to(ROOT).as_posix()
        if name not in COLOR_FILES and path.suffix in {".js", ".css"}:
            assert not (found := LITERAL.findall(text)), (name, found)


def test_both_ways_into_the_dark_have_the_same_colours_and_every_name_is_used():
    light, system, chosen, scale = tokens()
    assert system == chosen
    assert set(chosen) < set(light)
    assert not set(scale) & set(light)
    css = "".join(text for _, text in sources("static", "templates"))
    known = set(re.findall(r"var\(--([\w-]+)", css))
    names = set(light) | set(scale)
    assert names <= known, names - known
    set_by_code = {"columns"}
    measures = {"bar-height", "strip", "gap", "side", "row"}  # of the frame, by its own size (shell.css)
    assert known - names - set_by_code == measures


def test_drawings_have_the_page_s_colours_where_they_have_its_names():
    light, dark, *_ = tokens()
    script = (
        "import('./static/core/colors.js').then((c) => "
        "console.log(JSON.stringify({ ...c.INK, HIGHLIGHT: c.HIGHLIGHT, slate: c.ON_PICTURE.slate })))"
    )
    done = subprocess.run(
        [node(), "-e", script], check=True, capture_output=True, text=True, cwd=ROOT, timeout=PATIENCE
    )
    colors = json.loads(done.stdout)
    for name in ("accent", "warm", "soft"):
        assert colors["light"][name] == light[name]
        assert colors["dark"][name] == dark[name]
    assert (colors["HIGHLIGHT"], colors["slate"]) == (light["highlight"], light["slate"])
    assert set(colors["light"]) == set(colors["dark"])


# -- type -------------------------------------------------------------------------------------------------------------
SMALLEST_PX = 13
RAW_SIZE = re.compile(
    r"font-size\s*[:=]\s*[\"']?[^;\"'}]*?\d+(?:\.\d+)?(?:px|rem|em|pt|%|(?=[\"']))"  # a rule, an attribute of SVG
    r"|font:[^;}]*?\d+(?:\.\d+)?(?:px|rem|em|pt)"
    r"|\.font\s*=\s*[\"'`][^\"'`]*?\d+(?:\.\d+)?px"  # a canvas
)
PHONE_ZOOM = "font-size: max(var(--type-body), 16px) !important"
"""The one size in pixels: phones zoom into a page when a field with smaller letters gets the focus."""
IN_FILES = {"static/draw/net-svg.js"}
"""Writes a drawing into a file, where there are no style sheets."""


def test_sizes_of_letters_are_names_of_the_scale_and_none_is_too_small_to_read():
    scale = tokens()[3]
    sizes = {name: value for name, value in scale.items() if name.startswith("type-")}
    for name, value in sizes.items():
        number, unit = re.fullmatch(r"([\d.]+)(rem|em)", value).groups()
        pixels = 16 * float(number) if unit == "rem" else 13 * float(number)  # beside words that are small themselves
        assert pixels >= SMALLEST_PX, (name, value)
    assert sizes["type-body"] == "1rem"
    for path, text in sources("static", "templates"):
        name = path.relative_to(ROOT).as_posix()
        if name == "static/styles/tokens.css" or path.suffix == ".py":
            continue
        found = [raw for raw in RAW_SIZE.findall(text.replace(PHONE_ZOOM, "")) if "100%" not in raw]
        if name in IN_FILES:
            assert all(float(number) >= SMALLEST_PX for raw in found for number in re.findall(r"\d+", raw)), (
                name,
                found,
            )
        else:
            assert not found, (name, found)


@pytest.mark.parametrize(
    "raw",
    [".a { font-size: 0.9rem; }", ".a{font-size:calc(1em - 2px)}", 'font-size="11"', "font: 400 11px/1 x;",
     'to.font = "11px Rubik";', "to.font = `italic 12px serif`;"],
)  # fmt: skip
def test_a_size_of_its_own_would_be_found(raw):
    assert RAW_SIZE.search(raw)


def test_words_in_drawings_are_as_tall_as_the_smallest_of_the_page():
    drawn = re.search(r"const LABEL = (\d+);", (ROOT / "static/draw/canvas.js").read_text())[1]
    assert float(tokens()[3]["type-label"].removesuffix("rem")) * 16 == int(drawn) == SMALLEST_PX
