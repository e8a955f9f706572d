"""The house rules: which way imports point, that limits are documented, that the Dockerfile names what exists."""

import ast
import re
import subprocess
import sys

import pytest

from app.settings import Settings
from tests.server import ROOT


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_the_engine_imports_numpy_and_the_standard_library_alone():
    allowed = set(sys.stdlib_module_names) | {"engine", "numpy"}
    for path in (ROOT / "engine").rglob("*.py"):
        for name in imports(path):
            assert name.split(".")[0] in allowed, f"{path.relative_to(ROOT)} imports {name}"


def test_processes_are_started_in_two_rooms_alone():
    for path in (ROOT / "app").rglob("*.py"):
        if path.parent.name not in ("runs", "jobs"):
            assert not {"subprocess", "multiprocessing"} & {n.split(".")[0] for n in imports(path)}, path


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
