"""Whose turn it is. Fair by account: the next slice goes to the one that has had least processor time."""

import time
from typing import Protocol

CREDIT_SECONDS = 0.02


class Turn(Protocol):
    """What wants processor time: a run, a trial of a sweep."""

    spent: float
    """Seconds of processor time it has had."""

    @property
    def busy(self) -> bool:
        """Whether it trains."""

    def wait(self, now: float) -> float | None:
        """Seconds until it wants its turn; None while it rests."""

    def take(self, seconds: float) -> bool:
        """Works for so long and tells what came of it; whether it will ever want another turn."""


class Turns:
    """Everything in this process that may want a turn, and how long a turn is."""

    def __init__(self, slice_seconds: float) -> None:
        self.slice_seconds = slice_seconds
        self._stood: list[Turn] = []
        """Those that wanted the last turn, too."""
        self.members: list[Turn] = []

    def add(self, member: Turn) -> None:
        self.members.append(member)

    def leave(self, member: Turn) -> None:
        self.members.remove(member)

    def claim(self, member: Turn) -> None:
        """A run that starts to play claims no time for the past."""
        others = [m.spent for m in self.members if m.busy and m is not member]
        member.spent = max(member.spent, min(others, default=member.spent))

    def pause(self) -> float | None:
        """How long nothing wants to be done; None for ever."""
        now = time.perf_counter()
        return min((w for m in self.members if (w := m.wait(now)) is not None), default=None)

    def give(self) -> None:
        """One turn, to the one that has had least, if any wants it."""
        now = time.perf_counter()
        waiting = [m for m in self.members if m.wait(now) == 0.0]
        self._bound(waiting)
        if not waiting:
            return
        member = min(waiting, key=lambda m: m.spent)
        if not member.take(self.slice_seconds):
            self.leave(member)

    def _bound(self, waiting: list[Turn]) -> None:
        """Who has rested between steps comes first, but has not saved up time: at full speed it would take it all."""
        floor = min((m.spent for m in self._stood if m in waiting), default=0.0) - CREDIT_SECONDS
        for member in waiting:
            if member not in self._stood:
                member.spent = max(member.spent, floor)
        self._stood = waiting
