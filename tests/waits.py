"""Waiting in tests that are no coroutines: for coroutines, and for what is bound to come."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from tests.server import PATIENCE

T = TypeVar("T")
Found = TypeVar("Found")


def run(work: Coroutine[Any, Any, T]) -> T:
    """asyncio.run in a thread of its own: the browser tests of the same process have an event loop in theirs."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def until(condition: Callable[[], Found], seconds: float = PATIENCE) -> Found:
    """Waits for what is bound to come and returns it; the bound is for machines that do much else."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError(f"not in {seconds} s")
