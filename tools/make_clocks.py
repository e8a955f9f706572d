"""app/specs/clocks.json: the knee of J of presets and labs, in steps, measured on a run with its own seed.

`python -m tools.make_clocks [NAME …]` measures those named, or all; a lab that is a preset's spec is measured once.
What a lab's file declares (`clock`) goes before what stands here.
"""

import json
import sys
from pathlib import Path

from app.labs import LABS
from app.settings import Settings
from app.specs import check_spec, facts_of
from app.specs.clocks import FILE, NO_FALL
from app.specs.presets import PRESETS
from engine.training.knee import knee
from engine.training.spec import RunSpec

MULTIPLICATIONS = 6e10
FEWEST, MOST = 120, 4000
LARGE = 1.2e8
"""A net with steps of so many multiplications is not measured: no machine here is faster than its clock."""


def cost(spec: RunSpec) -> int:
    """Multiplications of a step."""
    return check_spec(spec, facts_of(spec["data"]), Settings()).report()["totals"]["step_multiplications"]


def horizon(spec: RunSpec) -> int:
    """Steps among which the knee is looked for: many of a small net, and as many as take a minute of a large one."""
    return int(min(MOST, max(FEWEST, MULTIPLICATIONS / cost(spec))))


def measure(spec: RunSpec) -> int:
    """The knee, or what stands for one."""
    return knee(spec, horizon(spec)) or NO_FALL


def specs() -> dict[str, RunSpec]:
    """What is measured, by kind and name, as the file has them."""
    presets = {f"preset:{name}": preset.spec for name, preset in PRESETS.items()}
    all_of_them = presets | {f"lab:{name}": lab.start.plain() for name, lab in LABS.items()}
    return {name: spec for name, spec in all_of_them.items() if cost(spec) <= LARGE}


def write(path: Path, names: list[str]) -> None:
    """Measures the named ones, the small nets first, and keeps the others."""
    found: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}
    known = specs()
    measured: dict[str, int] = {}
    for name in sorted(names or known, key=lambda name: cost(known[name])):
        key = json.dumps(known[name], sort_keys=True)
        if key not in measured:
            measured[key] = measure(known[name])
        found[name] = measured[key]
        print(name, found[name], flush=True)
        ordered = {name: found[name] for name in known if name in found}
        path.write_text(json.dumps(ordered, indent=1) + "\n")


if __name__ == "__main__":
    write(FILE, sys.argv[1:])
