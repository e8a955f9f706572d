"""Which place of a spec is to blame: the exact setting, and the id of its layer."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from app.errors import SpecProblem
from engine.core.errors import Coded


@contextmanager
def naming_layers(layers: Sequence[object]) -> Iterator[None]:
    """A SpecProblem of a layer says which one by its id, too: who looks at a network sees no place in a list."""
    try:
        yield
    except SpecProblem as problem:
        found = re.match(r"layers\.(\d+)(?:\.|$)", problem.field)
        layer = layers[int(found[1])] if found and int(found[1]) < len(layers) else None
        name = layer.get("id") if isinstance(layer, Mapping) else None
        problem.layer = name if isinstance(name, str) else None
        raise


def blaming(part: str, given: Mapping[str, Any], error: Exception) -> SpecProblem:
    """What a part says, at the one of its settings that it names: by an argument, or by a value that is none."""
    params = error.params if isinstance(error, Coded) else {}
    argument, name = params.get("argument"), params.get("name")
    named = [key for key in given if key in (argument, name)] or [
        key for key, value in given.items() if name is not None and name in (value, _name_in(value))
    ]
    field = f"{part}.{named[0]}" if len(named) == 1 else part
    return SpecProblem.of(field, error, f"{part}: ")


def _name_in(value: object) -> object:
    """The name of a part that is told with its arguments."""
    return value.get("name") if isinstance(value, Mapping) else None
