"""Warnings about a change of a run that is allowed and likely to surprise: what happens, and what to do."""

from app.plain import SpecWarning
from engine.optimizers import optimizers
from engine.training.spec import RunSpec

LARGE, SUGGESTED = 5.0, 3.0
"""Times the default α: from LARGE on J jumps when the optimiser takes over (measured on circle, spiral), at SUGGESTED
it does not."""


def warnings_of(before: RunSpec, after: RunSpec, step: int) -> list[SpecWarning]:
    """Each: code, detail (a sentence), params (its numbers), and the change that helps: set `path` to `value`."""
    found: list[SpecWarning] = []
    old, new = before["optimizer"], after["optimizer"]
    kind = optimizers.get(new["name"])
    default = next(a.default for a in kind.arguments if a.name == "learning_rate")
    rate = new["learning_rate"]
    if step and kind.normalises and old["name"] != new["name"] and rate > LARGE * default:
        better = SUGGESTED * default
        found.append(
            {
                "code": "rate_of_optimizer",
                "detail": f"{new['name']} moves every weight by about α a step, however small its gradient: "
                f"α = {rate:g} is large for it, and J may jump up; α = {better:g} goes on smoothly",
                "params": {"optimizer": new["name"], "given": rate, "suggested": better},
                "path": "optimizer.learning_rate",
                "value": better,
            }
        )
    return found
