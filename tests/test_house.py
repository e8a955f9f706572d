"""The house rules: which way imports point, that limits are documented, that the Dockerfile names what exists."""

import re
import subprocess
import sys

import pytest

from app.settings import Settings
from tests.modules import circles, graph, imports, room
from tests.server import ROOT

ROOMS = {
    "app": (
        "app",
        "places",
        "languages",
        "errors plain said",
        "settings",
        "http ipc pretrained uploads export",
        "specs storage jobs worker",
        "runs labs",
        "contract",
        "rest stream pages",
        "openapi",
        "main",
        "doctor",
        "serve",
        "cli",
        "__main__",
    ),
    "engine": (
        "core",
        "foreign regression penalty",
        "initializers activations regularizers schedules utils",
        "losses optimizers layers",
        "measures stacked stages",
        "metrics feeding planning",
        "network",
        "saving decision",
        "callbacks",
        "fitting",
        "sequential",
        "models gradient_check zoo detection explanation",
        "data",
        "training",
        "views",
        "engine",
    ),
}
"""Rooms (folders, and modules beside them) from the ground up: a room knows itself and the floors below it."""

MOST_LINES = 400
WHY_LONG = "Long because"
"""A file may be longer if a line of its head begins like this."""
LONG: set[str] = set()
"""Files that are still too long. One that is short now, or says why it is long, is taken from here."""


def test_the_engine_imports_numpy_and_the_standard_library_alone():
    allowed = set(sys.stdlib_module_names) | {"engine", "numpy"}
    for path in (ROOT / "engine").rglob("*.py"):
        for name in imports(path):
            assert name.split(".")[0] in allowed, f"{path.relative_to(ROOT)} imports {name}"


def test_processes_are_started_in_two_rooms_alone():
    for path in (ROOT / "app").rglob("*.py"):
        if path.parent.name not in ("runs", "jobs"):
            assert not {"subprocess", "multiprocessing"} & {n.split(".")[0] for n in imports(path)}, path


@pytest.mark.parametrize("package", ROOMS)
def test_every_room_has_its_floor_and_imports_point_down(package):
    floor_of = {name: floor for floor, names in enumerate(ROOMS[package]) for name in names.split()}
    edges = graph(package)
    rooms = {room(module) for module in edges}
    assert rooms == set(floor_of), f"ROOMS names a room that is not there, or lacks one: {rooms ^ set(floor_of)}"
    upward = {
        (module, imported)
        for module, known in edges.items()
        for imported in known
        if room(imported) != room(module) and floor_of[room(imported)] >= floor_of[room(module)]
    }
    assert not upward


@pytest.mark.parametrize("package", ROOMS)
def test_no_module_imports_itself_through_others(package):
    """Imports that only a type checker follows count, too."""
    assert not circles(graph(package))


def test_no_file_is_over_four_hundred_lines_unless_its_head_says_why():
    long = set()
    for package in ROOMS:
        for path in (ROOT / package).rglob("*.py"):
            lines = path.read_text().splitlines()
            if len(lines) > MOST_LINES and not any(line.startswith(WHY_LONG) for line in lines[:12]):
                long.add(str(path.relative_to(ROOT)))
    assert long == LONG


MOST_ANY = {"app": 12, "engine": 21}
"""`Any` in a thousand lines. Lower it when there are fewer; what crosses rooms has a type."""


@pytest.mark.parametrize("package", MOST_ANY)
def test_any_stays_seldom(package):
    texts = [path.read_text() for path in (ROOT / package).rglob("*.py")]
    count, lines = (sum(len(re.findall(what, text)) for text in texts) for what in (r"\bAny\b", r"\n"))
    assert 1000 * count / lines <= MOST_ANY[package], f"{count} in {lines} lines"


def test_the_pages_own_types_say_what_they_hold():
    """No `any`; in the modules the linter refuses it (eslint.config.js)."""
    text = re.sub(r"/\*.*?\*/", "", (ROOT / "static/types/page.d.ts").read_text(), flags=re.DOTALL)
    assert "export type About" in text
    assert not re.search(r"\bany\b", text)


def test_the_page_uses_the_public_contract_only():
    for path in (ROOT / "static").rglob("*.js"):
        for address in re.findall(r'fetch\(\s*[`"\'](/[^`"\']*)', path.read_text()):
            assert address.startswith("/api/v1/"), (path, address)


def test_nothing_is_loaded_from_elsewhere():
    for folder in ("static", "templates"):
        for path in (ROOT / folder).rglob("*.*"):
            if path.suffix in {".js", ".html", ".css"}:
                for address in re.findall(r"https?://[^\s\"'`)]+", path.read_text()):
                    assert address.startswith("http://www.w3.org/"), (path, address)


def test_every_limit_stands_in_the_readme_with_its_default():
    text = (ROOT / "README.md").read_text()
    for name, field in Settings.model_fields.items():
        assert f"| `{name}` | `{field.default}` | {field.description} |" in text, name


def test_settings_come_from_the_environment_and_wrong_ones_are_named():
    assert Settings.from_environment({"DESCENT_MAX_RUNS": "7"}).max_runs == 7
    for wrong in ({"DESCENT_MAX_RUNS": "many"}, {"DESCENT_MAX_RUNS": "0"}, {"DESCENT_NONSENSE": "1"}):
        with pytest.raises(ValueError, match=next(iter(wrong)).removeprefix("DESCENT_").lower()):
            Settings.from_environment(wrong)


def test_what_the_dockerfile_copies_exists():
    for line in (ROOT / "Dockerfile").read_text().splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists(), source


def test_lock_files_name_no_registry():
    for name in ("requirements.lock", "requirements-dev.lock", "package-lock.json", "tools/contract/package-lock.json"):
        text = (ROOT / name).read_text()
        assert "resolved" not in text
        assert "--index-url" not in text
        assert "--find-links" not in text


def test_shell_scripts_parse():
    for path in [*(ROOT / "tools").glob("*.sh"), ROOT / ".ci" / "run"]:
        subprocess.run(["bash", "-n", str(path)], check=True)
