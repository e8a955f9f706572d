"""Penalties on weights, added to the loss: l1·Σ|w| + l2·Σw² (the course's λ/m is passed as l2 = λ/m)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.core.arguments import Argument
from engine.core.calls import worded
from engine.core.errors import EngineError
from engine.core.types import Config
from engine.foreign import REGULARIZER_NAMES, missing_names, refuse

MOST = 1e30
"""The largest penalty: twice it, the slope's factor, is still far from the end of float32."""
AMOUNT = {name: Argument(name, "float", 0.01, minimum=0.0, maximum=MOST) for name in ("l1", "l2")}


@dataclass(frozen=True)
class Regularizer:
    """l1·Σ|w| + l2·Σw²."""

    l1: float = 0.0
    l2: float = 0.0

    def __post_init__(self) -> None:
        for name in ("l1", "l2"):
            object.__setattr__(self, name, AMOUNT[name].check("the regularizer", getattr(self, name)))

    def get_config(self) -> Config:
        return {"l1": self.l1, "l2": self.l2}


@worded()
def L1(l1: float = 0.01) -> Regularizer:
    return Regularizer(l1=l1)


@worded()
def L2(l2: float = 0.01) -> Regularizer:
    return Regularizer(l2=l2)


@worded()
def L1L2(l1: float = 0.0, l2: float = 0.0) -> Regularizer:
    return Regularizer(l1=l1, l2=l2)


l1, l2, l1_l2 = L1, L2, L1L2
"""Keras's names of old."""


def get(regularizer: Any) -> Regularizer:
    """From None, "l1", "l2", "l1_l2", {"l1": …, "l2": …} or itself."""
    if regularizer is None:
        return Regularizer()
    if isinstance(regularizer, Regularizer):
        return regularizer
    if isinstance(regularizer, str):
        named = {"l1": L1(), "l2": L2(), "l1_l2": L1L2()}
        regularizer = {"L1": "l1", "L2": "l2", "L1L2": "l1_l2", "l1l2": "l1_l2"}.get(regularizer, regularizer)
        if regularizer not in named:
            refuse("regularizer", regularizer, REGULARIZER_NAMES)
            raise EngineError(
                "unknown-name",
                "unknown {kind} {name!r}. Known: {known}",
                kind="regularizer",
                name=regularizer,
                known=tuple(named),
            )
        return named[regularizer]
    if not isinstance(regularizer, dict):
        shown = getattr(regularizer, "__name__", repr(regularizer))
        raise EngineError(
            "regularizer-wanted",
            "a regularizer is regularizers.L2(0.01), L1(0.01) or L1L2(0.01, 0.01), got {got}",
            got=shown,
        )
    unknown = set(regularizer) - {"l1", "l2"}
    if unknown:
        raise EngineError("regularizer-wanted", "a regularizer wants l1 and l2, got {got}", got=str(sorted(unknown)))
    return Regularizer(**regularizer)


__all__ = [
    "L1",
    "L1L2",
    "L2",
    "Regularizer",
    "l1",
    "l1_l2",
    "l2",
]

if not TYPE_CHECKING:
    __getattr__ = missing_names(__name__, REGULARIZER_NAMES, lambda: list(globals()))
