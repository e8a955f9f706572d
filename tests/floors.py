"""How much of each room the tests reach, branches too, and failure below its floor: the end of `make test`.

python -m tests.floors [FOLDER]     reads the .coverage of the checkout, or of a folder with the same rooms
"""

import io
import math
import sys
from pathlib import Path

import coverage

from tests.server import ROOT

FLOORS = {"engine": 95, "app": 90}
"""Per cent of the lines and branches of a folder."""


def reached(room: str, folder: Path) -> float:
    """Per cent of a room's lines and branches; files that nothing has imported count as well."""
    measured = coverage.Coverage(data_file=folder / ".coverage", config_file=ROOT / "pyproject.toml")
    measured.load()
    return measured.report(include=[f"{folder / room}/*"], file=io.StringIO())


def main(folder: Path = ROOT) -> None:
    low = []
    for room, floor in FLOORS.items():
        share = reached(room, folder)
        print(f"{room}: {math.floor(share * 10) / 10:.1f} % of lines and branches reached, the floor is {floor} %")
        if share < floor:
            low.append(room)
    if low:
        sys.exit(f"below the floor: {', '.join(low)}; make cover lists the lines that no test reaches")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
