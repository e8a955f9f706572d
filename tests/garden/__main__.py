"""Plants the mistakes one by one in a copy of the checkout and says which test catches each: `make garden`.

    python -m tests.garden                 all of them
    python -m tests.garden --tenth 3       each tenth one, from the fourth on; `--tenth day`: another tenth every day
    python -m tests.garden NAME …          these

For each mistake the tests of its room run, quick ones first, until one fails that passes without the mistake. Ends
with the rate, and with exit status 1 if less than FLOOR of the mistakes are caught.
"""

import argparse
import datetime
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.garden.patches import PATCHES, Patch, places, sources
from tests.package import of_the_checkout
from tests.server import ROOT

FLOOR = 0.9
QUIET = ["-q", "-x", "-p", "no:cacheprovider", "--no-header", "--timeout", "300"]
ENGINE = ["tests/engine", "tests/parity", "--ignore=tests/engine/verifier"]
SUITES: list[tuple[str, list[list[str]]]] = [
    ("engine/layers", [["tests/engine/test_gradients.py", "tests/parity"], ENGINE, ["tests/engine/verifier"]]),
    ("engine", [ENGINE, ["tests/app/test_stream.py", "tests/app/test_rest.py"]]),
    ("app", [["tests/app", "--ignore=tests/app/test_package.py"]]),
    ("static", [["tests/test_page.py"], ["tests/browser"]]),
]
"""The first folder that fits names what is run, one list after the other."""
NOTHING_RAN = 5
NAMED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


def suites_of(path: Path) -> list[list[str]]:
    """The runs of tests for a source, without files that do not exist."""
    name = path.relative_to(ROOT).as_posix()
    chosen = next(runs for folder, runs in SUITES if name.startswith(folder))
    runs = [[a for a in run if a.startswith("-") or (ROOT / a).exists()] for run in chosen]
    return [run for run in runs if not all(a.startswith("-") for a in run)]


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
    command = [sys.executable, "-m", "pytest", *QUIET, *arguments]
    return subprocess.run(command, cwd=garden, capture_output=True, text=True, check=False)


def caught_by(patch: Patch, path: Path, garden: Path) -> str | None:
    """The test that fails with the mistake in place and passes without it, or None."""
    place = garden / path.relative_to(ROOT)
    right = place.read_text()
    wrong = right.replace(patch.right, patch.wrong)
    for run in suites_of(path):
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
            if pytest_in(garden, test).returncode == 0:
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
    start = datetime.date.today().toordinal() % 10 if tenth == "day" else int(tenth) % 10
    return PATCHES[start::10]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.garden")
    parser.add_argument("names", nargs="*", help="mistakes to plant; all if none is named")
    parser.add_argument("--tenth", help="0 to 9, or 'day' for another one every day")
    asked = parser.parse_args()
    patches, texts = chosen(asked.names, asked.tenth), sources()
    caught = 0
    with tempfile.TemporaryDirectory(prefix="descent-garden-") as folder:
        garden = Path(folder)
        copied(garden)
        for patch in patches:
            (path,) = places(patch, texts)
            start = time.monotonic()
            test = caught_by(patch, path, garden)
            caught += test is not None
            where = path.relative_to(ROOT)
            print(f"{patch.name:24} {where}: {patch.mistake}\n{'':24} {test or 'NOT CAUGHT'} "
                  f"({time.monotonic() - start:.0f} s)", flush=True)  # fmt: skip
    print(f"{caught} of {len(patches)} planted mistakes caught: {caught / len(patches):.0%}")
    if caught < FLOOR * len(patches):
        sys.exit(1)


if __name__ == "__main__":
    main()
