"""The knee of J of every preset and lab, in steps: a run's clock is counted by it (tools/make_clocks.py)."""

import json
from functools import cache
from pathlib import Path

from app.ipc.pace import OTHER_KNEE

FILE = Path(__file__).with_name("clocks.json")
NO_FALL = 100
"""Of a run whose J does not fall: there is nothing to wait for, and the first steps are seen."""


@cache
def _read() -> dict[str, int]:
    found: dict[str, int] = json.loads(FILE.read_text())
    return found


def knee_of_preset(name: str) -> int:
    return _read().get(f"preset:{name}", OTHER_KNEE)


def knee_of_lab(name: str) -> int:
    return _read().get(f"lab:{name}", OTHER_KNEE)
