"""When the next steps of a run are due.

A clock is counted in steps, so that it is the same on any machine: the pace depends on nothing but the number of
steps n that were made since it began. With K the knee of J (steps) and r the pace (steps a second)

    r(n) = r₀ + k·n                       up to the knee,  n ≤ K
    r(n) = r(K) + g·(n − K)               after it

r₀ = 2/s, and k (1/s) is such that the knee is reached after T = 11 s. Written over the time t (s) this is

    n(t) = r₀·(e^(k·t) − 1)/k             t ≤ T,  n(T) = K
    n(t) = K + r(K)·(e^(g·(t − T)) − 1)/g     t > T

The pace grows by the same part every second: slowly enough that each of the first steps is seen, and without an edge.
After the knee it grows by g = max(k, 1/s) and soon is more than any machine can do. A knee of fewer than r₀·T = 22
steps counts as one of 22: the first eleven seconds go by at an even two steps a second.
"""

from functools import lru_cache
from math import expm1, log1p
from typing import Protocol

from app.ipc import commands
from app.ipc.pace import OTHER_KNEE, Pace

FIRST = 2.0
"""r₀: steps a second at first."""
KNEE_SECONDS = 11.0
"""T."""
GROWTH = 1.0
"""g at least, a second: the pace doubles in 0.7 s."""
LATE_SECONDS = 0.5
"""So much time is made up for, since a turn may come late; of what a run has fallen behind more, it loses the rest."""


class Curve(Protocol):
    """Steps over time."""

    def seconds(self, steps: float) -> float:
        """When so many steps have been made."""

    def steps(self, seconds: float) -> float:
        """How many have been made by then."""

    def rate(self, steps: float) -> float:
        """Steps a second, after so many."""


class Even:
    """The same number of steps every second."""

    def __init__(self, speed: float) -> None:
        self.speed = speed

    def seconds(self, steps: float) -> float:
        return steps / self.speed

    def steps(self, seconds: float) -> float:
        return seconds * self.speed

    def rate(self, steps: float) -> float:
        return self.speed


class ByClock:
    """Slowly, then faster, the knee after eleven seconds, then as fast as it goes."""

    def __init__(self, knee: int) -> None:
        self.knee = max(float(knee), FIRST * KNEE_SECONDS)
        self.growth = _growth(self.knee)
        self._at_knee = FIRST + self.growth * self.knee
        self._after = max(GROWTH, self.growth)

    def seconds(self, steps: float) -> float:
        if steps <= self.knee:
            return _grown_seconds(steps, FIRST, self.growth)
        return KNEE_SECONDS + _grown_seconds(steps - self.knee, self._at_knee, self._after)

    def steps(self, seconds: float) -> float:
        if seconds <= KNEE_SECONDS:
            return _grown_steps(seconds, FIRST, self.growth)
        return self.knee + _grown_steps(seconds - KNEE_SECONDS, self._at_knee, self._after)

    def rate(self, steps: float) -> float:
        if steps <= self.knee:
            return FIRST + self.growth * steps
        return self._at_knee + self._after * (steps - self.knee)


def _grown_steps(seconds: float, first: float, growth: float) -> float:
    """Steps after a time, at a pace that is `first` and grows by `growth` a second."""
    if growth == 0.0:
        return first * seconds
    return first * expm1(min(growth * seconds, 600.0)) / growth  # e⁶⁰⁰ is more steps than anybody makes


def _grown_seconds(steps: float, first: float, growth: float) -> float:
    return steps / first if growth == 0.0 else log1p(growth * steps / first) / growth


@lru_cache(maxsize=256)
def _growth(knee: float) -> float:
    """k, by halving: steps after T grow with it."""
    if knee <= FIRST * KNEE_SECONDS:
        return 0.0
    low, high = 0.0, 8.0
    for _ in range(60):
        middle = (low + high) / 2
        if _grown_steps(KNEE_SECONDS, FIRST, middle) < knee:
            low = middle
        else:
            high = middle
    return high


def paced(pace: Pace, command: commands.Speed | commands.Pace, step: int) -> Pace:
    """The pace after a command that comes at a step."""
    if isinstance(command, commands.Speed):
        return pace.at(command.steps_per_second)
    return pace.by_clock(command.knee, step)


class Pacing:
    """A run's pace, and how it keeps it. Times are given, in seconds of whatever clock the caller has."""

    def __init__(self) -> None:
        self._began = 0.0
        """When the curve's first step would have been made, had it been kept to."""
        self.late = False
        """Whether the machine does not keep up."""
        self.take(Pace())

    def take(self, pace: Pace) -> None:
        """Another pace; `begin` follows where the run is in motion."""
        self.pace = pace
        self._curve: Curve | None = None
        if pace.kind == "fixed" and pace.speed is not None:
            self._curve = Even(pace.speed)
        elif pace.kind == "clock":
            self._curve = ByClock(pace.knee or OTHER_KNEE)

    def begin(self, now: float, step: int) -> None:
        """The next step is due at once."""
        self.late = False
        if self._curve is not None:
            self._began = now - self._curve.seconds(self._made(step) + 1)

    def rest(self, now: float, step: int) -> float:
        """Seconds until the next step is due."""
        return 0.0 if self._curve is None else max(0.0, self._due(step) - now)

    def most(self, now: float, step: int) -> int | None:
        """How many steps may be made now; None: as many as it can."""
        if self._curve is None:
            return None
        behind = now - self._due(step)
        self.late = behind > LATE_SECONDS
        if self.late:
            self._began += behind - LATE_SECONDS
        return max(1, int(self._curve.steps(now - self._began)) - self._made(step)) if behind >= 0 else 0

    def rate(self, step: int) -> float | None:
        """Steps a second that it is held to; None where nothing but the machine holds it."""
        return None if self._curve is None or self.late else self._curve.rate(self._made(step))

    def _made(self, step: int) -> int:
        """Steps since the clock began; of a fixed pace it does not matter since when."""
        return max(0, step - self.pace.since) if self.pace.kind == "clock" else step

    def _due(self, step: int) -> float:
        """When the next step is."""
        assert self._curve is not None
        return self._began + self._curve.seconds(self._made(step) + 1)
