"""What is in the wheel and the sdist, and that the installed package stands on its own."""

import argparse
import ast
import json
import re
import socket
import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser

import pytest

import app
from app import cli, places
from app.doctor import REQUIREMENT
from tests.package import of_the_checkout
from tests.server import ROOT
from tools import hatch_build

FOLDERS = ("app", "engine", "static", "templates", "languages")


@pytest.fixture(scope="module")
def wheel(package):
    with zipfile.ZipFile(package.wheel) as archive:
        yield archive


def metadata(wheel):
    (name,) = [n for n in wheel.namelist() if n.endswith(".dist-info/METADATA")]
    return Parser().parsestr(wheel.read(name).decode())


def test_the_wheel_has_one_package_and_it_is_descent(wheel, package):
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert tops == {"descent", f"descent-{app.__version__}.dist-info"}
    assert package.wheel.name == f"descent-{app.__version__}-py3-none-any.whl"
    assert sorted(p.name for p in package.packages.iterdir()) == [*sorted(tops), "lent.pth"]


def test_the_version_stands_in_one_place(wheel):
    assert metadata(wheel)["Version"] == app.__version__ == "0.2.0"
    assert not re.search(r'^version = "', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)


def test_the_wheel_has_every_file_of_the_checkout_and_what_pages_import(wheel):
    got = {n.removeprefix("descent/") for n in wheel.namelist() if n.startswith("descent/")}
    own = {n for n in got if n.split("/")[0] in FOLDERS}
    assert own == of_the_checkout(*FOLDERS)
    modules = ROOT / "node_modules"
    served = {p.relative_to(modules).as_posix() for f in places.LIBRARIES for p in (modules / f).rglob("*")
              if p.is_file()}  # fmt: skip
    served = {f"node_modules/{name}" for name in served if places.is_library(name)}
    weights = {f"node_modules/{places.WEIGHTS}/{model}{end}" for model in (places.DETECTOR, places.LANDMARKS)
               for end in (".bin", "-weights_manifest.json")}  # fmt: skip
    assert served | weights <= got
    about = {n for n in got - own - served - weights if n.startswith("node_modules/")}
    assert all(re.search(r"/(licen[cs]e|package\.json)$", n.lower()) for n in about), about
    assert got - own - served - weights - about == {"__init__.py", "__main__.py", "py.typed", "package-lock.json"}


def test_licences_come_along(wheel):
    names = wheel.namelist()
    packages = {places.package_of(folder) for folder in (*places.LIBRARIES, places.WEIGHTS)}
    assert len(packages) == 8
    for library in packages:
        (licence,) = [n for n in names if re.fullmatch(rf"descent/node_modules/{library}/(LICENSE|license)", n)]
        assert re.search("copyright", wheel.read(licence).decode(), re.IGNORECASE), library
    about = metadata(wheel)
    assert about.get_all("License-File") == ["DATA_LICENSES", "LICENSE"]
    for licence in ("LICENSE", "DATA_LICENSES"):
        assert wheel.read(f"descent-{app.__version__}.dist-info/licenses/{licence}") == (ROOT / licence).read_bytes()
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    carried = {re.sub(r"^descent/(node_modules/(@[^/]+/)?[^/]+)/.*", r"\1", n) for n in names if "/node_modules/" in n}
    assert carried == {f"node_modules/{library}" for library in packages}
    assert not any(locked[place].get("dev") for place in carried), "what only makes or checks the code stays at home"
    used = {"MIT"} | {locked[place]["license"] for place in carried}
    for font, whole in (("rubik", "@fontsource-variable/rubik"), ("stix-two-math", "@fontsource/stix-two-math")):
        licence = wheel.read(f"descent/static/fonts/{font}.LICENSE.txt").decode()
        assert "SIL OPEN FONT LICENSE" in licence
        assert licence == (ROOT / "node_modules" / whole / "LICENSE").read_text()
        used.add(locked[f"node_modules/{whole}"]["license"])
    of_data = {"CC0-1.0", "CC-BY-4.0", "CC-BY-SA-3.0"}
    assert set(about["License-Expression"].split(" AND ")) == used | of_data


def test_modules_are_the_checkout_s_but_for_the_address_of_their_imports(wheel):
    seen = 0
    for name in sorted(n for n in of_the_checkout(*FOLDERS) if n.endswith(".py")):
        ours, theirs = (ROOT / name).read_text(), wheel.read(f"descent/{name}").decode()
        for a, b in zip(ours.split("\n"), theirs.split("\n"), strict=True):  # a traceback's line is the checkout's
            if a != b:
                assert re.sub(r"^( *from )descent\.(app|engine)\b", r"\1\2", b) == a, name
                seen += 1
        for node in ast.walk(ast.parse(theirs)):
            if isinstance(node, ast.Import | ast.ImportFrom):
                reached = [node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
                assert not {"app", "engine"} & {str(module).split(".")[0] for module in reached}, name
    assert seen > 400


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("import engine", "expected 'from … import …', got 'import engine'"),
        ("import os, app.main", "expected 'from … import …'"),
        ("x = 1; from app import main", "expected the import to begin its line"),
        ("start('app.worker.process')", "expected no module's address in a string, got 'app.worker.process'"),
        ("start(f'app.runs.{name}')", "expected no module's address in a string, got 'app.runs.'"),
    ],
)
def test_what_cannot_be_moved_ends_the_build_with_a_sentence(line, why):
    with pytest.raises(hatch_build.Trouble, match=re.escape(f"app/x.py:2: {why}")):
        hatch_build.moved(f'"""from app import main"""\n{line}\n', "app/x.py")


def test_imports_move_wherever_they_stand():
    source = (
        '"""\nfrom app import x\n"""\nfrom app.a import (\n    b,\n)\nif b:\n    from engine import c  # é\n'
        "from apple import d\n"
    )
    moved = source.replace("\nfrom app.a", "\nfrom descent.app.a").replace("from engine", "from descent.engine")
    assert hatch_build.moved(source, "app/x.py") == moved


def test_the_sdist_has_what_a_build_needs_without_a_network(package):
    with tarfile.open(package.sdist) as archive:
        names = {n.partition("/")[2] for n in archive.getnames()}
    wanted = {"pyproject.toml", "tools/hatch_build.py", "package.json", "package-lock.json", ".npmrc", "LICENSE",
              "DATA_LICENSES", "README.md", "node_modules/lit/index.js", "node_modules/lit/LICENSE"}  # fmt: skip
    assert wanted | of_the_checkout(*FOLDERS) <= names
    assert not [n for n in names if n.startswith(("node_modules/typescript", ".venv", "var", ".git/"))]


ALONE = """
import sys
from descent.engine import Sequential, layers
import descent, descent.app.main, descent.app.worker.process, descent.app.jobs.walk, descent.app.jobs.timing
assert not [n for n in sys.modules if n.split(".")[0] in ("app", "engine")]
files = {}
for name, module in sys.modules.items():
    if name.split(".")[0] == "descent":
        files.setdefault(module.__file__, []).append(name)
assert all(len(names) == 1 for names in files.values()), files
model = Sequential([layers.Dense(2)], seed=7)
print(descent.__version__, len(files), model.build((3,)) or model.count_params())
"""


def test_the_engine_is_a_library_and_no_module_is_there_twice(package):
    code, text = package.run(package.bin / "python", "-P", "-c", ALONE)
    assert code == 0, text
    version, files, parameters = text.split()
    assert (version, parameters) == (app.__version__, "8")
    assert int(files) > 100


def test_help_and_version_answer_from_anywhere(package):
    for command in ([package.bin / "descent"], [package.bin / "python", "-P", "-m", "descent"]):
        code, text = package.run(*command, "--help")
        assert code == 0, text
        assert "usage: descent " in text
        assert f"{package.elsewhere}/.local/share/descent/descent.sqlite3" in text
        assert package.run(*command, "--version") == (0, f"Descent {app.__version__}\n")


def doctor(package, *arguments, **environment):
    return package.run(package.bin / "descent", "doctor", *arguments, **environment)


def test_doctor_finds_a_good_installation_good(package, tmp_path):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    code, text = doctor(package, f"--port={port}", XDG_DATA_HOME=str(tmp_path))
    assert code == 0, text
    assert text.endswith("nothing is missing\n")
    assert f"installed in {package.packages}/descent" in text
    assert f"ok     storage: {tmp_path}/descent/descent.sqlite3 can be made" in text
    assert f"ok     port: 127.0.0.1:{port} is free" in text
    assert not list(tmp_path.iterdir())  # looking leaves nothing behind


def test_doctor_names_files_that_are_gone_or_changed(package):
    other = b'{"version": "0.0.1"}'
    for name, change, finding in (
        ("templates/workbench.html", None, "files: descent/templates/workbench.html (missing)"),
        ("static/main.js", b"", "files: descent/static/main.js (changed)"),
        ("engine/data/files/iris.npz", None, "files: descent/engine/data/files/iris.npz (missing)"),
        ("node_modules/lit/package.json", None, "browser libraries: lit (missing)"),
        (
            "node_modules/uplot/package.json",
            other,
            "browser libraries: uplot (expected 1.6.32, got 0.0.1)",
        ),
    ):
        path = package.packages / "descent" / name
        kept = path.read_bytes()
        try:
            path.unlink() if change is None else path.write_bytes(change)
            code, text = doctor(package)
        finally:
            path.write_bytes(kept)
        assert (code, f"wrong  {finding}; install the wheel again" in text) == (1, True), text


def test_doctor_names_packages_that_are_missing_or_old_and_the_server_says_where_to_look(package):
    old = package.packages / "orjson-0.1.dist-info"
    old.mkdir()
    try:
        (old / "METADATA").write_text("Metadata-Version: 2.1\nName: orjson\nVersion: 0.1\n")
        code, text = doctor(package)
        assert (code, "orjson (expected 3.10 or newer, got 0.1)" in text) == (1, True), text
    finally:
        (old / "METADATA").unlink()
        old.rmdir()
    lent = package.lent.read_text()
    try:
        package.lent.write_text("")
        code, text = doctor(package)
        assert code == 1
        (said,) = [line for line in text.splitlines() if line.startswith("wrong  packages: ")]
        wanted = hatch_build.tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
        names = {re.sub(r"[-_.]+", "-", REQUIREMENT.fullmatch(r)[1]).lower() for r in wanted}
        assert all(f"{name} (missing)" in said for name in names), said
        assert "note   onnx: not here" in text
        code, text = package.run(package.bin / "descent")
        assert code == 1
        assert re.fullmatch(r"the package \w+ is not here; `descent doctor` says what else is missing\n", text), text
    finally:
        package.lent.write_text(lent)


def test_doctor_names_a_wrong_setting_place_or_port(package, tmp_path):
    text_file = tmp_path / "text"
    text_file.write_text("this is no database, and it is long enough for SQLite to see that it is none" * 9)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for arguments, settings, finding in (
            ([f"--port={port}"], {}, f"port: 127.0.0.1:{port} cannot be used: Address already in use"),
            ([], {"DESCENT_MAX_RUNS": "many"}, 'settings: DESCENT_MAX_RUNS: a whole number was expected, got "many"'),
            ([], {"DESCENT_STORAGE_PATH": str(text_file / "x.sqlite3")}, "storage: "),
            ([], {"DESCENT_STORAGE_PATH": str(text_file)}, f"storage: {text_file} cannot be written: file is not a"),
            ([], {"DESCENT_STORAGE_PATH": str(tmp_path)}, f"storage: {tmp_path} cannot be written"),
        ):
            code, text = doctor(package, *arguments, **settings)
            assert (code, f"wrong  {finding}" in text) == (1, True), text
        code, text = package.run(package.bin / "descent", f"--port={port}")
        assert (code, text.startswith(f"port: 127.0.0.1:{port} cannot be used: Address already in use")) == (1, True), (
            text
        )


def test_a_wrong_setting_ends_the_start_with_a_sentence(package):
    for setting, said in (
        ({"DESCENT_HOST": "3"}, "DESCENT_HOST: there is no such setting. Did you mean 'DESCENT_HOSTS'? "),
        ({"DESCENT_HOSTS": "100"}, 'DESCENT_HOSTS: a number of at most 64 was expected, got "100"'),
        ({"DESCENT_CLOCK": "ja"}, 'DESCENT_CLOCK: true or false was expected, got "ja"'),
    ):
        code, text = package.run(package.bin / "descent", **setting)
        assert (code, text.startswith(said)) == (1, True), text


def test_a_port_that_is_none_is_refused(package):
    assert cli.port("65535") == 65535
    for wrong in ("65536", "-1", "http", ""):
        with pytest.raises(argparse.ArgumentTypeError, match=f"expected a port from 0 to 65535, got '{wrong}'"):
            cli.port(wrong)
    code, text = package.run(package.bin / "descent", PORT="65536")
    assert (code, "expected a port from 0 to 65535, got '65536'" in text) == (2, True), text


def test_doctor_in_a_checkout_says_make_setup(monkeypatch, tmp_path, capsys):
    assert app.doctor.check_files().verdict == app.doctor.check_packages().verdict == "ok"
    monkeypatch.setattr(app.doctor, "PYTHON", (9, 9))
    found = app.doctor.check_python()
    assert found.verdict == "wrong"
    assert found.text.startswith(f"Python: expected 9.9 or newer, got {sys.version_info[0]}.{sys.version_info[1]}.")
    monkeypatch.undo()
    monkeypatch.setattr(app.doctor, "find_spec", lambda name: None)
    assert app.doctor.check_onnx().verdict == "note"
    monkeypatch.setattr(places, "ROOT", tmp_path)
    assert "nothing is in templates" in app.doctor.check_files().text
    assert app.doctor.check_libraries().verdict == "ok"
    monkeypatch.setattr(app.doctor.places, "library_troubles", lambda: ["lit (missing)"])
    assert app.doctor.check_libraries().text == "browser libraries: lit (missing); make setup"


def test_our_requirements_have_the_form_that_doctor_reads():
    project = hatch_build.tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert all(REQUIREMENT.fullmatch(requirement) for requirement in project["dependencies"])


def test_runs_are_kept_in_var_or_the_user_s_data_folder(monkeypatch):
    assert str(places.storage({}, installed=False)) == "var/descent.sqlite3"
    assert str(places.storage({"XDG_DATA_HOME": "/x"}, installed=True)) == "/x/descent/descent.sqlite3"
    monkeypatch.setattr(places.sys, "platform", "linux")
    monkeypatch.setenv("HOME", "/home/her")
    for passed_over in ({}, {"XDG_DATA_HOME": ""}, {"XDG_DATA_HOME": "here"}):
        wanted = "/home/her/.local/share/descent/descent.sqlite3"
        assert str(places.storage(passed_over, installed=True)) == wanted
    monkeypatch.setattr(places.sys, "platform", "darwin")
    assert str(places.storage({}, installed=True)) == "/home/her/Library/Application Support/descent/descent.sqlite3"


def test_a_library_of_another_version_than_the_lock_file_s_is_fetched_anew(tmp_path):
    (tmp_path / "package-lock.json").write_text((ROOT / "package-lock.json").read_text())
    assert places.library_troubles(ROOT) == []
    assert "lit (missing)" in places.library_troubles(tmp_path)
    library = tmp_path / "node_modules" / "lit"
    library.mkdir(parents=True)
    (library / "package.json").write_text('{"version": "1.0.0"}')
    assert "lit (expected 3.3.3, got 1.0.0)" in places.library_troubles(tmp_path)


def test_a_build_that_cannot_fetch_the_libraries_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(hatch_build, "find_npm", lambda: None)
    with pytest.raises(hatch_build.Trouble, match="there is no npm with Node 18 or newer"):
        hatch_build.fetch_libraries(ROOT, tmp_path)
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\nls -A >&2\necho npm error code ENOTFOUND >&2\nexit 7\n")
    npm.chmod(0o755)
    monkeypatch.setattr(hatch_build, "find_npm", lambda: str(npm))
    with pytest.raises(hatch_build.Trouble, match="could not be fetched") as refused:
        hatch_build.fetch_libraries(ROOT, tmp_path)
    assert "npm ci ended with 7" in str(refused.value)
    assert "package-lock.json" in str(refused.value).partition("ended with")[2]
    assert "ENOTFOUND" in str(refused.value)


def test_an_editable_installation_is_refused_with_a_sentence(tmp_path):
    command = [sys.executable, "-c", f"import hatchling.build as b; b.build_editable({str(tmp_path)!r})"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "in a checkout, python -m app runs it as it stands" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
