"""Long campaigns are shared out over days: each day another part, so that a few days see all of it.

`make verify` (VERIFY=full) and `make walk` (WALK=full) do the whole, and so does whoever sets these; README, "Tests",
says what is shared out.
"""

import datetime
import os
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")
TODAY = datetime.date.today().toordinal()
WHOLE = {"VERIFY": "full", "WALK": "full"}
"""In the environment: nothing is left for another day."""
VERIFY, WALK = (os.environ.get(name) == whole for name, whole in WHOLE.items())


def todays(items: Sequence[Item], days: int, day: int = TODAY) -> list[Item]:
    """Every so many of the items, others on the next day; in `days` days in a row each of them once."""
    return [item for number, item in enumerate(items, day) if number % days == 0]
