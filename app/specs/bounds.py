"""Fields of a spec whose names, bounds, defaults and words stand once: in the engine's Arguments."""

from typing import Any

from pydantic import Field

from engine.core.arguments import Argument

UNSET = object()


def field_of(argument: Argument, *, default: Any = UNSET, doc: str = "") -> Any:
    """A pydantic field that takes what the argument takes; a spec may have a default and a sentence of its own."""
    return Field(
        argument.default if default is UNSET else default,
        ge=argument.minimum,
        le=argument.maximum,
        gt=argument.above,
        lt=argument.below,
        description=doc or argument.doc,
    )


def named(arguments: tuple[Argument, ...], name: str) -> Argument:
    """The argument of that name."""
    return next(a for a in arguments if a.name == name)
