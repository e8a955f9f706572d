"""What the network of one moment costs and answers over whole parts of its data: the source of J, metrics and findings.

A measurement knows its moment and which examples it has seen. It is made piece by piece, so that nobody waits for it:
first a sample, as large as SAMPLE_SECONDS allow, then, at rest, every example. What it says is always of the network
it was begun with, however far the run has trained since.
"""

import contextlib
import time
from collections.abc import Iterator
from typing import Any, NamedTuple, TypedDict

import numpy as np

from engine import feeding
from engine.core.types import Array
from engine.data import Prepared
from engine.detection.losses import DetectionLoss
from engine.detection.postprocess import detections_of, truths_of
from engine.detection.scoring import Detections, Truth
from engine.layers.correlation import divisor
from engine.sequential import Sequential
from engine.training.assembly import Parts

PARTS = ("train", "cv", "test")
SAMPLE_SECONDS = 0.2
"""Modelled time of a sample of all parts: so a fifth of the time measures once a second."""
SAMPLE_ROWS = (32, 2000)
"""Of each part at least and at most so many examples are in the sample."""
PIECE_MULTIPLICATIONS = 3e7
PIECE_ROWS = (4, 2048)
QUICK_SECONDS = 0.004
"""What takes no longer is measured at once."""
LEAST_SCORE = 0.01
"""Detections below this score are not counted."""


class At(TypedDict):
    """A moment of a run: a step, and the revision that the run had then."""

    step: int
    revision: int


class Moment(NamedTuple):
    """A step of a run, and how many edits it had had."""

    step: int
    revision: int

    def plain(self) -> At:
        return {"step": self.step, "revision": self.revision}


def sample_of(model: Sequential, parts: Parts) -> tuple[int, float]:
    """How many examples of each part are in the sample, and the modelled time of measuring that."""
    sizes = [len(x) for x, _ in parts.values()]
    most = _most_rows(model, sizes)
    return most, 60e-6 + 5e-11 * model.multiplications() * sum(min(size, most) for size in sizes)


def _most_rows(model: Sequential, sizes: list[int]) -> int:
    """Parts that are smaller leave their share to the others."""
    least, most = SAMPLE_ROWS
    room = int(SAMPLE_SECONDS / (5e-11 * max(1, model.multiplications())))
    for i, size in enumerate(sorted(sizes)):
        share = room // (len(sizes) - i)
        if size > share:
            return int(np.clip(share, least, most))
        room -= size
    return most


class ErrorSums:
    """Errors of answers that are too large to be kept, summed up: mean absolute and squared error, R²."""

    def __init__(self) -> None:
        self.count, self.absolute, self.squared, self.squares = 0, 0.0, 0.0, 0.0
        self.targets: Array | float = 0.0

    def add(self, targets: Array, outputs: Array) -> None:
        t = targets.reshape(len(targets), -1).astype(np.float64)
        errors = outputs.reshape(t.shape) - t
        self.count += len(t)
        self.absolute += float(np.abs(errors).mean(axis=1).sum())
        self.squared += float((errors * errors).mean(axis=1).sum())
        self.squares += float((t * t).mean(axis=1).sum())
        self.targets = self.targets + t.sum(axis=0)

    def of(self, name: str) -> float:
        """'mae', 'mse' or 'r2' of everything so far."""
        if name == "mae":
            return self.absolute / self.count
        if name == "mse":
            return self.squared / self.count
        spread = self.squares - self.count * float(np.mean((self.targets / self.count) ** 2))
        return 1 - self.squared / spread if spread > 0 else float(self.squared == 0)


class PartMeasure:
    """Of one part: the examples that have been seen, their mean loss, and what the network answered on them."""

    def __init__(self, x: Array, t: Array, data: Prepared, index: Array, sample: int) -> None:
        self.x, self.t, self._data, self.index = x, t, data, index
        self.sample = min(sample, len(x))
        self.order = np.random.default_rng(8).permutation(len(x)) if self.sample < len(x) else None
        """The order in which examples are seen: by chance where the sample is not all of them."""
        self.rows = 0
        self.loss = 0.0
        self.outputs: Array | None = None
        self.sums: ErrorSums | None = None
        self.detections: dict[int, Detections] = {}

    @property
    def of(self) -> int:
        """Examples of the part."""
        return len(self.x)

    @property
    def seen(self) -> Array:
        """Rows of the data of the examples that have been seen."""
        return np.asarray(self.index[self.chosen])

    @property
    def truth(self) -> Array:
        """The targets of the examples that have been seen, as the data have them."""
        return np.asarray(self._data.y[self.seen])

    @property
    def answers(self) -> Array:
        """What the network answered on the examples that have been seen."""
        assert self.outputs is not None
        return self.outputs if self.rows == self.of else self.outputs[self.chosen]

    @property
    def cost(self) -> float:
        """Mean loss, without penalty; NaN of a part without examples."""
        return self.loss / self.rows if self.rows else float("nan")

    @property
    def chosen(self) -> Array:
        """Places in the part of the examples that have been seen, rising."""
        return np.arange(self.rows) if self.order is None else np.sort(self.order[: self.rows])

    def found(self) -> tuple[list[Detections], list[Truth]]:
        """Of a detector: what it found on the examples that have been seen, and the truth."""
        return [self.detections[int(i)] for i in self.chosen], truths_of(self.truth)

    def next(self, most: int, end: int) -> Array | slice:
        """The next examples to be seen, at most so many, up to the `end`th."""
        stop = min(self.rows + most, end)
        return slice(self.rows, stop) if self.order is None else self.order[self.rows : stop]


class Measurement:
    """All parts at one moment. `ready`: the sample has been seen; `whole`: every example has."""

    def __init__(self, model: Sequential, data: Prepared, parts: Parts, at: Moment, sample: int) -> None:
        self.model, self.data, self.at = model, data, at
        self.penalty = model.penalty()
        self.born = time.perf_counter()
        self.parts = {name: PartMeasure(x, t, data, data.index[name], sample) for name, (x, t) in parts.items()}
        self.memo: dict[Any, Any] = {}
        """What has been worked out from it, by who asked and how much had been seen."""
        self._weights: tuple[Array, Array] | None = None

    # -- how far it is -------------------------------------------------------------------------------------------
    @property
    def ready(self) -> bool:
        return all(part.rows >= part.sample for part in self.parts.values())

    @property
    def whole(self) -> bool:
        return all(part.rows == part.of for part in self.parts.values())

    @property
    def rows(self) -> int:
        """Examples that have been seen, of all parts."""
        return sum(part.rows for part in self.parts.values())

    @property
    def costs(self) -> tuple[float, float, float]:
        """Mean loss of each part, without penalty."""
        return self.parts["train"].cost, self.parts["cv"].cost, self.parts["test"].cost

    def of(self, at: Moment, model: Sequential) -> bool:
        """Whether it is of this moment of this network."""
        return self.at == at and self.model is model

    # -- measuring -----------------------------------------------------------------------------------------------
    @property
    def kept(self) -> bool:
        """Whether it can go on while the run trains."""
        return self._weights is not None

    def keep(self) -> None:
        """The run trains on: the weights of this moment are kept for what is still to be measured."""
        if self._weights is None:
            store = self.model.store
            self._weights = store.values.copy(), store.state.copy()

    def advance(self, seconds: float, whole: bool = True, still: bool = False) -> None:
        """Measures until the time is over, one piece at least; up to the sample, or every example.

        `still`: the network is as it was at this moment. If not, its weights of then are put in, and taken out again.
        """
        end = time.perf_counter() + seconds
        with contextlib.nullcontext() if still else self._as_it_was(), np.errstate(all="ignore"):
            for part, upto in self._left(whole):
                self._see(part, upto)
                if time.perf_counter() >= end:
                    break

    def finish(self, whole: bool = False) -> "Measurement":
        """At once, of a network as it is now."""
        self.advance(float("inf"), whole, still=True)
        return self

    def _left(self, whole: bool) -> Iterator[tuple[PartMeasure, int]]:
        """The parts with something to see; samples first."""
        for all_of_it in (False, True)[: 1 + whole]:
            for part in self.parts.values():
                upto = part.of if all_of_it else part.sample
                while part.rows < upto:
                    yield part, upto

    @contextlib.contextmanager
    def _as_it_was(self) -> Iterator[None]:
        assert self._weights is not None, "keep() comes before the run trains on"
        store = self.model.store
        now = store.values.copy(), store.state.copy()
        store.values[...], store.state[...] = self._weights
        try:
            yield
        finally:
            store.values[...], store.state[...] = now

    def _piece(self, rows: int) -> int:
        """Examples of one piece: an even part of `rows` if there is a good one, so that few plans are made."""
        most = int(np.clip(PIECE_MULTIPLICATIONS / max(1, self.model.multiplications()), *PIECE_ROWS))
        most = min(most, self.model.chunk)
        even = divisor(rows, most)
        return even if 2 * even >= min(most, rows) else most

    def _see(self, part: PartMeasure, upto: int) -> None:
        """One piece: its loss and its answers."""
        model = self.model
        places = part.next(self._piece(upto if upto == part.sample else part.of - part.sample), upto)
        x, t = part.x[places], part.t[places]
        plan = model.forward_plan(len(x), "evaluate")
        feeding.fill(plan, x, t, None)
        plan.run()
        part.loss += plan.loss_value() * len(x)
        self._take(part, places, x, np.moveaxis(plan.outputs[model.layers[-1]].data, -1, 0))
        part.rows += len(x)

    def _take(self, part: PartMeasure, places: Array | slice, x: Array, outputs: Array) -> None:
        loss = self.model.loss
        if self.data.task == "reconstruction":
            part.sums = part.sums or ErrorSums()
            part.sums.add(x, outputs)
        elif isinstance(loss, DetectionLoss):
            finite = np.nan_to_num(np.ascontiguousarray(outputs), posinf=50, neginf=-50)
            found = detections_of(finite, loss.grid(self.model.output_shape), LEAST_SCORE, 0.5)
            numbers = np.arange(part.of)[places]
            part.detections.update(zip(map(int, numbers), found, strict=True))
        else:
            if part.outputs is None:
                part.outputs = np.full((part.of, *self.model.output_shape), np.nan, outputs.dtype)
            part.outputs[places] = outputs
