"""The floors under what the tests reach: `make test` fails below them, on a whole run alone."""

import os
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest
from coverage.exceptions import NoDataError

from tests import floors
from tests.conftest import UNTRACED, pytest_runtest_protocol
from tests.server import ROOT

HALF = "def way(left):\n    if left:\n        return 1\n    return 2\n\n\nassert way({})\n"


@pytest.fixture
def measured(tmp_path):
    """measured(app="…"): a folder with a program that has run both its rooms, and what coverage wrote of that."""

    def run(**rooms):
        for room, text in rooms.items():
            (tmp_path / room).mkdir()
            (tmp_path / room / "__init__.py").write_text("")
            (tmp_path / room / "part.py").write_text(text)
        (tmp_path / "program.py").write_text("".join(f"import {room}.part\n" for room in rooms))
        (tmp_path / "program.toml").write_text('[tool.coverage.run]\nbranch = true\nsource = ["."]\n')
        free = {name: text for name, text in os.environ.items() if not name.startswith("COV")}
        command = [sys.executable, "-m", "coverage", "run", "--rcfile", "program.toml", "program.py"]
        subprocess.run(command, cwd=tmp_path, env=free, check=True)
        return tmp_path

    return run


def test_each_room_has_its_own_share_of_lines_and_branches(measured):
    folder = measured(engine=HALF.format(0), app="way = 1\nassert way\n")
    assert floors.reached("app", folder) == 100
    assert floors.reached("engine", folder) == pytest.approx(100 * (4 + 1) / (5 + 2))  # 4 of 5 lines, 1 way out of 2


@pytest.mark.parametrize(("engine", "app", "below"), [
    (100, 71, "engine"), (71, 72, "app"), (72, 72, "engine, app"), (71, 71, None),
])  # fmt: skip
def test_a_room_below_its_floor_fails_and_both_are_said(engine, app, below, measured, monkeypatch, capsys):
    monkeypatch.setattr(floors, "FLOORS", {"engine": engine, "app": app})
    folder = measured(engine=HALF.format(0), app=HALF.format(1))
    if below is None:
        floors.main(folder)
    else:
        with pytest.raises(SystemExit, match=f"^below the floor: {below};"):
            floors.main(folder)
    assert capsys.readouterr().out == "".join(
        f"{room}: 71.4 % of lines and branches reached, the floor is {floor} %\n"
        for room, floor in (("engine", engine), ("app", app))
    )


def test_a_room_that_was_not_measured_is_no_room_above_its_floor(measured):
    with pytest.raises(NoDataError):
        floors.main(measured(app=HALF.format(0)))


def test_make_ends_with_a_status_that_says_so(measured):
    done = subprocess.run([sys.executable, "-m", "tests.floors", measured(engine=HALF.format(0), app=HALF.format(0))],
                          cwd=ROOT, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 1
    assert "below the floor: engine, app" in done.stderr


@pytest.mark.parametrize(("arguments", "whole"), [([], True), (["ARGS=tests/parity -q"], False)])
def test_only_a_whole_run_is_measured(arguments, whole):
    free = {name: text for name, text in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "-n", "-o", "setup-dev", "-o", "check-browser", "test", *arguments]
    said = subprocess.run(command, cwd=ROOT, env=free, capture_output=True, text=True, check=True).stdout.splitlines()
    assert [("--cov" in line, "tests.floors" in line) for line in said] == (
        [(True, False), (False, True)] if whole else [(False, False)]
    )


def test_what_trains_for_long_is_not_traced_nor_what_it_starts(monkeypatch):
    monkeypatch.setenv("COVERAGE_PROCESS_CONFIG", "all of it")
    program = [sys.executable, "-c", "import os; print(os.environ.get('COVERAGE_PROCESS_CONFIG'))"]
    seen = {}

    def look(path):
        item = SimpleNamespace(path=ROOT / path)
        around = pytest_runtest_protocol(item)
        next(around)
        seen[path] = (
            sys.gettrace() is trace,
            threading.gettrace() is trace,
            subprocess.check_output(program, text=True),
        )
        with pytest.raises(StopIteration, match="done"):
            around.send("done")
        assert sys.gettrace() is threading.gettrace() is trace

    def trace(*_):
        return None

    before = sys.gettrace(), threading.gettrace()
    try:
        sys.settrace(trace)
        threading.settrace(trace)
        for path in ("tests/browser/test_pace.py", "tests/app/test_pace.py"):
            look(path)
    finally:
        sys.settrace(before[0])
        threading.settrace(before[1])
    assert list(seen.values()) == [(False, False, "None\n"), (True, True, "all of it\n")]


@pytest.mark.parametrize("place", UNTRACED)
def test_what_is_not_traced_is_there(place):
    assert any(place in path.as_posix() for path in (ROOT / "tests").rglob("test_*.py"))
