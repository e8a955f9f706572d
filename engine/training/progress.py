"""Whether the cost still falls: how grave a finding is depends on it.

The losses of the steps (rows of the history) are noisy, so the newer half of the last WINDOW rows is held against the
older half, with the standard errors of both means (Welch): only a difference that chance seldom makes counts.
"""

from typing import Literal

import numpy as np

from engine.training.history import CostHistory

WINDOW = 200
"""Rows that are looked at."""
EARLY = 60
"""Below so many rows nothing can be said."""
SURE = 2.33
"""Standard errors of a difference that chance makes in one of a hundred windows."""

Progress = Literal["early", "falls", "stands"]


def progress_of(history: CostHistory) -> Progress:
    """Of the loss over the last rows."""
    loss = history.rows(max(0, history.count - WINDOW))[:, 2]
    loss = loss[np.isfinite(loss)]
    half = len(loss) // 2
    older, newer = loss[:half], loss[half:]
    if half >= 4:
        error = np.sqrt(older.var(ddof=1) / len(older) + newer.var(ddof=1) / len(newer))
        if older.mean() - newer.mean() > SURE * error:
            return "falls"
    return "early" if len(loss) < EARLY else "stands"
