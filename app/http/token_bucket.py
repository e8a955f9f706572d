"""A token bucket: a burst at once, then a steady rate."""

import time
from collections.abc import Callable

from app.errors import Full


class Bucket:
    """`take()` is False when the bucket is empty."""

    def __init__(self, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = per_second, float(burst), clock
        self._left, self._at = float(burst), clock()

    @property
    def refusal(self) -> Full:
        """What whoever comes to an empty one is told."""
        return Full(
            "commands-many",
            "too many commands: at most {burst:,} at once and {rate:g} a second in the long run "
            "are taken; slow down and send the last one again",
            burst=int(self._burst),
            rate=self._rate,
        )

    def take(self) -> bool:
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
