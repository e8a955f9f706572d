"""Places in a spec by their dotted path: "optimizer.learning_rate", "layers.0.units"."""

from typing import Any

from app.errors import SpecProblem
from app.specs.check import parse_spec
from engine.training.spec import RunSpec


def changed(spec: RunSpec, path: str, value: object) -> RunSpec:
    """The spec with the value at a dotted path replaced, parsed again; SpecProblem if there is no such place."""
    if not path:
        return parse_spec(value)
    parts = path.split(".")
    out = {"": spec}
    holder: Any = out
    key: Any = ""
    for i, part in enumerate(parts):
        inner = holder[key]
        inner = list(inner) if isinstance(inner, list) else dict(inner) if isinstance(inner, dict) else inner
        holder[key] = inner
        here = ".".join(parts[: i + 1])
        if isinstance(inner, list):
            if not part.isdigit() or int(part) >= len(inner):
                raise SpecProblem(
                    here,
                    "no-entry",
                    "{place}: there is no such place; the list has {entries} entries",
                    place=here,
                    entries=len(inner),
                )
            holder, key = inner, int(part)
        elif isinstance(inner, dict):
            if i < len(parts) - 1 and part not in inner:
                raise SpecProblem(
                    here,
                    "no-setting",
                    "{place}: there is no such place; known: {known}",
                    place=here,
                    known=tuple(map(str, inner)),
                )
            holder, key = inner, part
        else:
            raise SpecProblem(
                here,
                "nothing-inside",
                "{place}: there is nothing inside {outside}",
                place=here,
                outside=".".join(parts[:i]),
            )
    holder[key] = value
    return parse_spec(out[""])
