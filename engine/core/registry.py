"""One registry per kind of part: an unknown name suggests the nearest one and lists the rest."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from engine.core.calls import nearest

T = TypeVar("T")


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
        raise ValueError(self.unknown(name))

    def unknown(self, name: object) -> str:
        """The sentence for a name that is not here."""
        return f"unknown {self.kind} {name!r}.{nearest(str(name), self._parts)} Known: {', '.join(self._parts)}"

    def names(self) -> list[str]:
        return list(self._parts)

    def items(self) -> Iterator[tuple[str, T]]:
        return iter(self._parts.items())

    def __contains__(self, name: object) -> bool:
        return name in self._parts

    def __len__(self) -> int:
        return len(self._parts)
