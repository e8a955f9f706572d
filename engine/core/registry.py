"""One registry per kind of part: an unknown name suggests the nearest one and lists the rest."""

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from engine.core.calls import near
from engine.core.errors import EngineError

T = TypeVar("T")


def unknown_name(kind: str, name: object, known: Iterable[str]) -> EngineError:
    """The error for a name that nothing has."""
    names = tuple(known)
    meant = near(str(name), names)
    if meant:
        return EngineError(
            "unknown-name-near",
            "unknown {kind} {name!r}. Did you mean {near!r}? Known: {known}",
            kind=kind,
            name=name,
            near=meant,
            known=names,
        )
    return EngineError("unknown-name", "unknown {kind} {name!r}. Known: {known}", kind=kind, name=name, known=names)


class Registry(Generic[T]):
    """Names to parts, in order of registration. `kind` is the word used in error messages."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._parts: dict[str, T] = {}

    def add(self, name: str, part: T) -> T:
        if name in self._parts:
            raise ValueError(f"{self.kind} {name!r} is registered twice")
        self._parts[name] = part
        return part

    def register(self, name: str) -> Callable[[T], T]:
        """Decorator form of `add`."""
        return lambda part: self.add(name, part)

    def get(self, name: object) -> T:
        if isinstance(name, str) and name in self._parts:
            return self._parts[name]
        raise self.unknown(name)

    def unknown(self, name: object) -> EngineError:
        """The error for a name that is not here."""
        return unknown_name(self.kind, name, self._parts)

    def names(self) -> list[str]:
        return list(self._parts)

    def items(self) -> Iterator[tuple[str, T]]:
        return iter(self._parts.items())

    def __contains__(self, name: object) -> bool:
        return name in self._parts

    def __len__(self) -> int:
        return len(self._parts)
