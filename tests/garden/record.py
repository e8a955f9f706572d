"""What is known of the mistakes: record.json says of each that was planted the test that caught it, or that none did.

It is committed, so that a run may begin with the test that is likely to catch a mistake, and so that the README's rate
is one that was measured. `python -m tests.garden --record` writes it.
"""

import json
from pathlib import Path

from tests.garden.patches import PATCHES
from tests.server import ROOT

FILE = Path(__file__).parent / "record.json"
UNSEEN = "unseen"


def recorded() -> dict[str, str]:
    """Of each mistake, by name: the test that caught it, or UNSEEN."""
    found: dict[str, str] = json.loads(FILE.read_text()) if FILE.exists() else {}
    return found


def is_there(test: str | None) -> bool:
    """Whether there still is a test of this name."""
    file, _, function = (test or "").partition("::")
    path = ROOT / file
    return bool(function) and path.exists() and f"def {function.partition('[')[0]}(" in path.read_text()


def merged(before: dict[str, str], found: dict[str, str | None]) -> dict[str, str]:
    """The record with what was found now, in the order of the mistakes; without those that there are no more."""
    now = {**before, **{name: test or UNSEEN for name, test in found.items()}}
    return {patch.name: now[patch.name] for patch in PATCHES if patch.name in now}


def write(record: dict[str, str]) -> None:
    FILE.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n")


def rate(record: dict[str, str]) -> str:
    """As the README has it: how many of how many that were planted, and the share."""
    caught = sum(test != UNSEEN for test in record.values())
    return f"{caught} of {len(record)} planted mistakes caught ({caught / len(record):.1%})"
