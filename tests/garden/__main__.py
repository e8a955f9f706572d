"""Plants the mistakes one by one in a copy of the checkout and says which test catches each: `make garden`.

    python -m tests.garden                 all of them
    python -m tests.garden --tenth 3       each tenth one, from the fourth on; `--tenth day`: another tenth every day
    python -m tests.garden NAME …          these
    python -m tests.garden --quick …       without the verifier and the browser, which come last of all and take minutes
    python -m tests.garden --again …       first the test that caught it last time, whatever it drives (record.json)
    python -m tests.garden --record …      what is found is kept in record.json

For each mistake the tests of its room run, the nearest first, until one fails that passes without the mistake. `--jobs`
mistakes are looked at at a time. Ends with the rate, and with exit status 1 if less than FLOOR of them are caught.
"""

import argparse
import os
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from tests.conftest import LONG
from tests.days import TODAY, WHOLE, todays
from tests.garden import record
from tests.garden.patches import PATCHES, Patch, places, sources
from tests.package import of_the_checkout
from tests.server import ROOT

FLOOR = 0.9
QUIET = ["-q", "-x", "-p", "no:cacheprovider", "--no-header", "--timeout", "300"]
ROOMS: list[tuple[str, list[str], list[str]]] = [
    ("engine/layers", ["tests/engine", "tests/parity"], ["tests/engine/verifier"]),
    ("engine", ["tests/engine", "tests/parity"], ["tests/app/test_stream.py", "tests/app/test_rest.py"]),
    ("app", ["tests/app"], []),
    ("static", ["tests/test_page.py"], ["tests/browser"]),
]
"""The first folder that fits says where tests are looked for, and which come after all of those."""
E, A, P = "tests/engine/test_", "tests/app/test_", "tests/parity/test_golden"
NEAR: list[tuple[str, list[str]]] = [
    ("engine/optimizers", [f"{P}.py", f"{P}_fit.py", f"{E}terms.py", f"{E}gradients.py"]),
    (
        "engine/losses",
        [f"{E}by_hand.py", f"{P}.py", f"{P}_fit.py", f"{E}gradients.py", f"{E}terms.py", f"{E}clipped.py"],
    ),
    ("engine/activations", [f"{P}.py", f"{E}extremes.py", f"{E}gradients.py", f"{E}clipped.py"]),
    ("engine/layers/normalization", [f"{E}by_hand.py", f"{P}.py", f"{P}_fit.py", f"{E}frozen.py", f"{E}sequential.py"]),
    ("engine/layers", [f"{E}by_hand.py", f"{P}_images.py", f"{E}images.py", f"{E}gradients.py"]),
    ("engine/data", [f"{E}by_hand.py", f"{E}data.py", f"{P}_regression.py", f"{E}inside.py", f"{E}course.py"]),
    ("engine/metrics", [f"{E}by_hand.py", f"{P}_metrics.py", f"{P}_fit.py", f"{E}inside.py"]),
    ("engine/detection", [f"{P}_detection.py", f"{E}detection.py"]),
    ("engine/training", [f"{E}epochs.py", f"{E}trainer.py", f"{E}augment.py", f"{E}inside.py", f"{E}sequential.py"]),
    ("app/http", [f"{A}door.py", f"{A}limits.py", f"{A}contract_errors.py", f"{A}rest.py"]),
    ("app/specs", [f"{A}specs.py", f"{A}limits.py", f"{A}messages.py", f"{A}contract_bounds.py", f"{A}rest.py"]),
    ("app/runs", [f"{A}storage.py", f"{A}limits.py", f"{A}rest.py", f"{A}stream.py", f"{A}resilience.py"]),
    ("app/storage", [f"{A}storage.py", f"{A}limits.py", f"{A}resilience.py"]),
]
"""The first that fits says which tests of a room come first."""
LAST = (*LONG, "app/test_package.py", "engine/test_bench.py", "engine/test_accuracy.py")
"""Tests that come after the others of their room."""
NOTHING_RAN = 5
NAMED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)


def files_of(places: list[str]) -> list[str]:
    """The files of tests in these folders, those that take minutes last."""
    found = [
        f for place in places for f in ([ROOT / place] if place.endswith(".py") else (ROOT / place).glob("test_*.py"))
    ]
    names = sorted(file.relative_to(ROOT).as_posix() for file in found)
    return sorted(names, key=lambda name: name.endswith(LAST))


def suites_of(path: Path, quick: bool = False) -> list[list[str]]:
    """The runs of tests for a source: the nearest, others of its room, and (not if quick) what comes after those."""
    name = path.relative_to(ROOT).as_posix()
    room, after = next((room, after) for folder, room, after in ROOMS if name.startswith(folder))
    near = next((near for module, near in NEAR if name.startswith(module)), [])
    others = [file for file in files_of(room) if file not in near]
    return [run for run in (near, others, [] if quick else after) if run]


def copied(into: Path) -> None:
    """What git knows of the checkout, with its environments by link."""
    for name in of_the_checkout():
        source, target = ROOT / name, into / name
        if source.is_file() and not source.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    for name in (".venv", "node_modules", "tools/contract/node_modules"):
        (into / name).symlink_to((ROOT / name).resolve())


def pytest_in(garden: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Without files of bytecode: one of the same second and size as another text's would be taken for its own.

    Tests that are named run though it may not be their day.
    """
    command = [sys.executable, "-m", "pytest", *QUIET, *arguments]
    named = all("::" in argument for argument in arguments)
    environment = {**os.environ, **(WHOLE if named else {}), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=garden, env=environment, capture_output=True, text=True, check=False)


def caught_by(patch: Patch, path: Path, garden: Path, runs: list[list[str]], pass_without: set[str]) -> str | None:
    """The test of these runs that fails with the mistake in place and passes without it, or None.

    `pass_without`: tests that are known to pass without it.
    """
    place = garden / path.relative_to(ROOT)
    right = place.read_text()
    wrong = right.replace(patch.right, patch.wrong)
    for run in runs:
        passed_over: list[str] = []
        while True:
            place.write_text(wrong)
            try:
                done = pytest_in(garden, *run, *passed_over)
            finally:
                place.write_text(right)
            if done.returncode in (0, NOTHING_RAN):
                break
            named = NAMED.search(done.stdout)
            if named is None:
                sys.exit(f"garden: pytest ended with {done.returncode} and named no test:\n{done.stdout[-2000:]}")
            test = named[1]
            if "::" not in test:
                return f"{test} is not even collected"
            if test in pass_without or pytest_in(garden, test).returncode == 0:
                return test
            passed_over += ["--deselect", test]  # it fails without the mistake too
    return None


def chosen(names: list[str], tenth: str | None) -> list[Patch]:
    if names:
        known = {patch.name: patch for patch in PATCHES}
        unknown = [name for name in names if name not in known]
        if unknown:
            sys.exit(f"garden: no patch {unknown[0]!r}; known: {', '.join(known)}")
        return [known[name] for name in names]
    if tenth is None:
        return PATCHES
    return todays(PATCHES, 10, TODAY if tenth == "day" else int(tenth))


def passing(tests: list[str], garden: Path) -> set[str]:
    """These tests, if all of them pass as the sources are; none otherwise: then each is tried by itself."""
    return set(tests) if tests and pytest_in(garden, *tests).returncode == 0 else set()


def planted(patches: list[Patch], folder: Path, asked: argparse.Namespace) -> dict[str, str | None]:
    """By which test each is caught; says so, and keeps it if wanted, as it becomes known."""
    texts, gardens = sources(), queue.SimpleQueue[Path]()
    jobs = min(asked.jobs, len(patches))
    for i in range(jobs):
        copied(folder / str(i))
        gardens.put(folder / str(i))
    known = record.recorded() if asked.again else {}
    first = {patch.name: known[patch.name] for patch in patches if record.is_there(known.get(patch.name))}
    pass_without = passing(sorted(set(first.values())), folder / "0")

    def look(patch: Patch) -> tuple[str, str | None]:
        garden, start = gardens.get(), time.monotonic()
        (path,) = places(patch, texts)
        runs = [[first[patch.name]]] if patch.name in first else []
        try:
            test = caught_by(patch, path, garden, runs + suites_of(path, asked.quick), pass_without)
        finally:
            gardens.put(garden)
        print(f"{patch.name:24} {path.relative_to(ROOT)}: {patch.mistake}\n{'':24} {test or 'NOT CAUGHT'} "
              f"({time.monotonic() - start:.0f} s)", flush=True)  # fmt: skip
        return patch.name, test

    found: dict[str, str | None] = {}
    with ThreadPoolExecutor(jobs) as pool:
        for done in as_completed([pool.submit(look, patch) for patch in patches]):
            name, test = done.result()
            found[name] = test
            if asked.record:  # at once: the whole takes hours
                record.write(record.merged(record.recorded(), {name: test}))
    return found


def asked_for(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.garden")
    parser.add_argument("names", nargs="*", help="mistakes to plant; all if none is named")
    parser.add_argument("--tenth", help="0 to 9, or 'day' for another one every day")
    parser.add_argument("--quick", action="store_true", help="without the verifier and the browser")
    parser.add_argument("--again", action="store_true", help="first the test that caught it last time")
    parser.add_argument("--record", action="store_true", help="keep what is found in record.json")
    parser.add_argument("--jobs", type=int, default=1, help="how many at a time")
    return parser.parse_args(arguments)


def main() -> None:
    asked = asked_for()
    patches = chosen(asked.names, asked.tenth)
    with tempfile.TemporaryDirectory(prefix="descent-garden-") as folder:
        found = planted(patches, Path(folder), asked)
    caught = sum(test is not None for test in found.values())
    without = ", without verifier and browser" if asked.quick else ""
    print(f"{caught} of {len(patches)} planted mistakes caught{without}: {caught / len(patches):.0%}")
    if caught < FLOOR * len(patches):
        sys.exit(1)


if __name__ == "__main__":
    main()
