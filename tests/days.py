"""Long campaigns are shared out over days: each day another part, so that a few days see all of it.

`make verify` and `make walk` do the whole; README, "Tests", says what is shared out.
"""

import datetime
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")
TODAY = datetime.date.today().toordinal()


def todays(items: Sequence[Item], days: int, day: int = TODAY) -> list[Item]:
    """Every so many of the items, others on the next day; in `days` days in a row each of them once."""
    return [item for number, item in enumerate(items, day) if number % days == 0]
