"""One training step in two halves of the batch, each a plan of its own, so that two cores can share it.

Whether a model is cut is decided by the model and its batch alone, and every sum is taken in the order of the shards,
so the numbers do not depend on how many threads there are: `set_threads(1)` runs the same shards one after the other.
NumPy lets go of Python's lock inside its calls, so plain threads do.
"""

import itertools
import queue
import threading

import numpy as np

from engine.core.plan import LOOP_BUFFER, Call, Plan
from engine.core.types import Array


class _Machine:
    """What a process has to work with: how many threads a step may use, and the second of them."""

    threads = 2
    worker: "_Worker | None" = None
    lock = threading.Lock()


def set_threads(number: int) -> None:
    """How many threads a step may use, 1 or 2: 2 where a core would else be idle."""
    if number not in (1, 2):
        raise ValueError(f"set_threads wants 1 or 2, got {number!r}")
    _Machine.threads = number


def threads() -> int:
    return _Machine.threads


class _Worker:
    """The second thread, started when it is first needed; it ends with the process."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[list[Call]] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
        threading.Thread(target=self._work, name="descent-shard", daemon=True).start()

    def _work(self) -> None:
        np.setbufsize(LOOP_BUFFER)
        np.seterr(all="ignore")
        while True:
            calls = self._jobs.get()
            try:
                _run(calls)
            except BaseException as error:
                self._done.put(error)
            else:
                self._done.put(None)

    def start(self, calls: list[Call]) -> None:
        self._jobs.put(calls)

    def wait(self) -> None:
        error = self._done.get()
        if error is not None:
            raise error


def _run_beside(first: list[Call], second: list[Call]) -> None:
    if not _Machine.lock.acquire(blocking=False):  # someone else's step has the second thread
        _run(first)
        _run(second)
        return
    try:
        worker = _Machine.worker = _Machine.worker or _Worker()
        worker.start(second)
        try:
            _run(first)
        finally:
            worker.wait()
    finally:
        _Machine.lock.release()


def _run(calls: list[Call]) -> None:
    for function, arguments in calls:
        function(*arguments)


class ShardedPlan:
    """Two plans over halves of a batch that behave as one. `after` is planned on the summed gradients."""

    def __init__(self, shards: list[Plan], after: Plan) -> None:
        self.shards, self.after = shards, after
        self.batch = sum(shard.batch for shard in shards)
        first = shards[0]
        self.dtype, self.training = first.dtype, first.training
        self.updates = first.updates
        self.outputs, self.preactivations = first.outputs, first.preactivations
        self.input: Array = np.zeros((self.batch, *first.input.shape[1:]), first.dtype)
        self.target: Array = np.zeros((self.batch, *first.target.shape[1:]), first.dtype)
        self.weights: Array | None = None if first.weights is None else np.ones(self.batch, first.dtype)
        counts = [len(shard.exchanges) for shard in shards]
        assert len(set(counts)) == 1, "shards must exchange alike"
        self._segments: list[list[list[Call]]] = []
        at = 0
        for shard in shards:
            rows = slice(at, at + shard.batch)
            at += shard.batch
            load: list[Call] = [
                (np.copyto, (shard.input, self.input[rows])),
                (np.copyto, (shard.target, self.target[rows])),
            ]
            if self.weights is not None:
                load.append((np.copyto, (shard.weights, self.weights[rows])))
            cuts = [0, *(cut for cut, _ in shard.exchanges), len(shard.calls)]
            parts = [shard.calls[a:b] for a, b in itertools.pairwise(cuts)]
            self._segments.append([load + parts[0], *parts[1:]])

    @property
    def nbytes(self) -> int:
        return sum(part.nbytes for part in (*self.shards, self.after)) + self.input.nbytes + self.target.nbytes

    def poison(self) -> None:
        """Fills what the calls of a run write with NaN, in both halves and behind them (see Plan.poison)."""
        for part in (self.after, *self.shards):
            part.poison()

    def run(self) -> None:
        for shard in self.shards:
            _run(shard.before)
        kept = np.setbufsize(LOOP_BUFFER)
        first, second = self.shards
        beside = _Machine.threads > 1
        last = len(self._segments[0]) - 1
        try:
            for k, (a, b) in enumerate(zip(*self._segments, strict=True)):
                if beside:
                    _run_beside(a, b)
                else:
                    _run(a)
                    _run(b)
                if k < last:
                    mine, other = first.exchanges[k][1], second.exchanges[k][1]
                    np.add(mine, other, mine)
                    np.copyto(other, mine)
            np.add(first.gradients, second.gradients, first.gradients)
            self.after.run()
        finally:
            np.setbufsize(kept)

    def run_updates(self) -> None:
        self.shards[0].run_updates()

    def loss_value(self) -> float:
        return sum(shard.loss_value() for shard in self.shards) + self.after.loss_value()


AnyPlan = Plan | ShardedPlan
