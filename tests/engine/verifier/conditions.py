"""Small nets under the conditions of large ones: what decides by size is told another size."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any

from engine import network, planning
from engine.core import rows, shards
from engine.layers import convolution, correlation, depthwise


@contextmanager
def told(module: Any, name: str, value: Any) -> Iterator[None]:
    """A constant of a module (or a function of a class) for a while."""
    kept = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, kept)


@contextmanager
def cut(wanted: bool) -> Iterator[None]:
    """Whether image models are cut into two shards, whatever their size. One thread runs them."""
    used = shards.threads()
    shards.set_threads(1)
    try:
        with told(planning, "SHARD_FROM", 1 if wanted else 1 << 62):
            yield
    finally:
        shards.set_threads(used)


@contextmanager
def parted(examples: int) -> Iterator[None]:
    """predict and evaluate take that many examples at a time, and then the rest."""
    with told(network, "PREDICT_CHUNK", examples):
        yield


LARGE: list[tuple[ModuleType, str, int]] = [
    (rows, "BLOCK_BYTES", 500),
    (depthwise, "BAND_WIDTH", 0),
    (convolution, "EXPAND_CHANNELS", 0),
    (correlation, "SMALL_WIDTH", 32),
]
USUAL = {name: getattr(module, name) for module, name, _ in LARGE}


@contextmanager
def large(wanted: bool) -> Iterator[None]:
    """Rows are worked on a few at a time, products are parted, convolutions take the paths of wide images and many

    channels; or all is as usual.
    """
    with ExitStack() as stack:
        for module, name, value in LARGE:
            stack.enter_context(told(module, name, value if wanted else USUAL[name]))
        yield
