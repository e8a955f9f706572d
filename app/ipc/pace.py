"""How fast a run may go: as fast as the machine, so many steps a second, or by a clock that begins slowly."""

from typing import Literal

from msgspec import Struct, structs

OTHER_KNEE = 200
"""Steps of a net that is nobody's example: nobody has measured where the knee of its J is."""


class Pace(Struct, frozen=True):
    """`kind` says which of the three holds. A clock that is not followed is remembered: it can be taken up again."""

    kind: Literal["full", "fixed", "clock"] = "full"
    speed: float | None = None
    """Steps a second, of a fixed pace."""
    knee: int | None = None
    """Steps that a run which follows its clock makes in the first eleven seconds (app/worker/pacing.py)."""
    since: int = 0
    """The step at which the clock began."""

    def at(self, speed: float | None) -> "Pace":
        """So many steps a second, or None for as fast as it goes."""
        return structs.replace(self, kind="full" if speed is None else "fixed", speed=speed)

    def by_clock(self, knee: int | None, since: int) -> "Pace":
        """A clock that begins at a step; without a knee the one that is known."""
        return Pace("clock", None, knee or self.knee or OTHER_KNEE, since)

    def back_at(self, step: int) -> "Pace":
        """The run is at an earlier step again: a clock does not begin after it."""
        return structs.replace(self, since=min(self.since, step))
