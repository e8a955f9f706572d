"""A process that times the normal equation against gradient descent for growing n: `python -m app.jobs.timing`.

X is (2n, n). A line of JSON for each n: seconds of the processor, which other
processes do not lengthen, for the closed form (QR) and for a hundred steps of gradient descent.
"""

import contextlib
import os
import time

import numpy as np
import orjson

from engine import Sequential, layers
from engine.core.shards import set_threads
from engine.optimizers import SGD
from engine.regression import least_squares

SIZES = (32, 48, 64, 96, 128, 192, 256, 384, 512, 768)
GD_STEPS = 100


def seconds_of(n: int, rng: np.random.Generator) -> tuple[float, float]:
    """The closed form's and gradient descent's time at n features; of several short ones the quickest."""
    x = rng.standard_normal((2 * n, n)).astype(np.float32)
    y = (x @ rng.standard_normal((n, 1)) + rng.standard_normal((2 * n, 1))).astype(np.float32)
    repeats = 5 if n <= 128 else 2
    closed = min(_timed(lambda: least_squares(x, y, method="qr")) for _ in range(repeats))
    model = Sequential([layers.Dense(1)], seed=1)
    model.build((n,))
    model.compile(SGD(0.01), "half_mse")
    model.train_on_batch(x, y)
    steps = 20 if n > 256 else GD_STEPS

    def descend() -> None:
        for _ in range(steps):
            model.train_on_batch(x, y)

    return closed, min(_timed(descend) for _ in range(2)) * GD_STEPS / steps


def _timed(work: object) -> float:
    start = time.process_time()
    work()  # type: ignore[operator]
    return time.process_time() - start


def main() -> None:
    os.nice(5)
    set_threads(1)
    rng = np.random.default_rng(0)
    seconds_of(32, rng)
    for n in SIZES:
        closed, descent = seconds_of(n, rng)
        print(orjson.dumps({"n": n, "closed": closed, "descent": descent}).decode(), flush=True)


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):  # nobody reads any more
        main()
