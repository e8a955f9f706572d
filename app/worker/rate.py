"""How fast a run trains: steps a second, and milliseconds of one step in its own turns."""

import time

MEASURE_SECONDS = 0.5


class Rate:
    """Measured twice a second."""

    def __init__(self) -> None:
        self.steps_a_second = 0.0
        self.step_ms = 0.0
        self._seconds, self._steps = 0.0, 0
        """Of its own turns, since the rate was last measured."""
        self._from = (time.perf_counter(), 0)

    def begin(self, step: int) -> None:
        """It trains on from a step."""
        self._from = (time.perf_counter(), step)

    def trained(self, seconds: float, steps: int, step: int) -> None:
        """A turn, in which the run came to a step; where it went back to its best moment, steps are not counted."""
        if steps <= 0:
            return
        self._seconds += seconds
        self._steps += steps
        now = time.perf_counter()
        then, before = self._from
        if now - then > MEASURE_SECONDS:
            self.steps_a_second = (step - before) / (now - then)
            self.step_ms = 1000 * self._seconds / self._steps
            self._seconds, self._steps = 0.0, 0
            self.begin(step)
