"""J over two directions of parameter space, computed piece by piece so that nobody waits for it.

J(u, v) = J(θ₀ + u·d₁ + v·d₂) over the training part, penalty included. Directions: two single parameters (exact), two
random ones scaled filter by filter to the size of the weights (Li et al. 2018, "Visualizing the Loss Landscape of
Neural Nets", section 4), or the two principal components of the path so far (the same, section 7).
"""

import re
import time
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np

from engine.core.errors import EngineError
from engine.core.types import Array, Config
from engine.training.contours import Heights, doubled, surprising
from engine.training.trace import Trace
from engine.training.trainer import Trainer

MODES = ("weights", "random", "path")
CENTRES = ("now", "start")
ROWS = (100, 1000)
"""Examples of the training part that J is measured on: large nets fewer, small ones more."""
POINT_MULTIPLICATIONS = 1e8
"""Of one point of the drawing, about."""
FURTHER = 1.25
"""Directions of the path are taken anew when it is so many times as long."""
COARSE = (8, 4, 2, 1)
"""Every so manyth place of every so manyth row is measured first."""
MOST_SECONDS = 20.0
"""What a finer lattice may take."""
PATH_ROWS = 200
"""Moments of the path that its principal directions are found from."""
PLACE = re.compile(r"^(?P<name>[^\[]+)\[(?P<index>\d+(,\d+)*)\]$")


@dataclass(frozen=True)
class Plane:
    """θ(u, v) = origin + u·first + v·second."""

    origin: Array
    first: Array
    second: Array

    def at(self, u: float, v: float) -> Array:
        return np.asarray(self.origin + u * self.first + v * self.second, self.origin.dtype)

    @cached_property
    def _dual(self) -> Array:
        basis = np.stack([self.first, self.second], axis=1).astype(np.float64)
        return np.asarray(basis @ np.linalg.pinv(basis.T @ basis))

    def project(self, values: Array) -> Array:
        """(…, P) → (…, 2): least-squares coordinates in the plane."""
        return np.asarray(np.asarray(values - self.origin, np.float64) @ self._dual)


def parameter_places(trainer: Trainer, most: int | None = None) -> Iterator[tuple[str, int]]:
    """(layer/weight[i,j], its position in the flat vector) of trainable numbers, weight by weight.

    `most`: so many of them, evenly spread.
    """
    model = trainer.model
    places = np.arange(len(model.store.values))
    trained = [(f"{y.name}/{w.name}", w.of(places)) for y in model.leaves for w in y.weights if w.trainable]
    count = sum(where.size for _, where in trained)
    wanted = np.linspace(0, count - 1, min(most or count, count)).astype(np.int64) if count else np.zeros(0, np.int64)
    before = 0
    for name, where in trained:
        for k in wanted[(wanted >= before) & (wanted < before + where.size)] - before:
            index = np.unravel_index(int(k), where.shape)
            yield f"{name}[{','.join(map(str, index))}]", int(where[index])
        before += where.size


def place_of(trainer: Trainer, name: str) -> int:
    """The position of a number in the flat vector of parameters."""
    found = PLACE.match(name)
    model = trainer.model
    for layer in model.leaves:
        for weight in layer.weights:
            if found and weight.trainable and found["name"] == f"{layer.name}/{weight.name}":
                index = tuple(int(i) for i in found["index"].split(","))
                if len(index) == len(weight.shape) and all(i < n for i, n in zip(index, weight.shape, strict=True)):
                    return int(weight.of(np.arange(len(model.store.values)))[index])
    raise EngineError(
        "no-parameter",
        "there is no parameter {name!r}; they are called like {like!r}",
        name=name,
        like=first_names(trainer)[0],
    )


def first_names(trainer: Trainer) -> tuple[str, str]:
    """The two parameters that are shown if nobody chooses: of a line its w and b, else the first two weights."""
    names = [f"{layer.name}/{weight.name}[{','.join(map(str, index))}]"
             for layer in trainer.model.leaves for weight in layer.weights if weight.trainable
             for index in islice(np.ndindex(*weight.shape), 2)]  # fmt: skip
    return names[0], names[min(1, len(names) - 1)]


def random_direction(trainer: Trainer, values: Array, rng: np.random.Generator) -> Array:
    """A Gaussian direction; each filter (the weights into one unit) has the norm of the net's own, biases stay."""
    direction = rng.standard_normal(len(values)).astype(values.dtype)
    store = trainer.model.store
    flat = np.zeros_like(values)
    for weight in store.weights:
        if not weight.trainable or len(weight.shape) < 2:
            continue
        drawn, own = weight.of(direction), weight.of(values).astype(np.float64)  # its squares may leave float32
        axes = tuple(range(len(weight.shape) - 1))
        size = np.sqrt((drawn * drawn).sum(axis=axes, keepdims=True))
        wanted = np.sqrt((own * own).sum(axis=axes, keepdims=True))
        weight.of(flat)[...] = drawn * (wanted / size)
    return flat


def path_directions(rows: Array, values: Array) -> tuple[Array, Array]:
    """The two principal components of the path as seen from where it has got to; of unit length."""
    moves = (rows - values).astype(np.float64)
    found = np.linalg.svd(moves, full_matrices=False)[2] if len(moves) > 1 else np.zeros((0, len(values)))
    axes = [found[i] if i < len(found) else np.zeros(len(values)) for i in range(2)]
    for i, axis in enumerate(axes):
        if not np.abs(axis).max() > 0:  # too short a path: any direction will do
            axis[min(i, len(axis) - 1)] = 1.0
    return axes[0].astype(values.dtype), axes[1].astype(values.dtype)


class Surface:
    """One drawing of J, finished bit by bit by `advance`, coarse first. `trace` is the way the run has come so far.

    Where a lattice surprises (see `contours`), the next one has twice as many places on a side, up to `finest`:
    measured around the surprises, and interpolated where the coarser one has told all. `settled`: nothing surprises
    any more, so what is drawn between the places is what J is like there.
    """

    def __init__(self, trainer: Trainer, parameters: Config, trace: Trace | None = None) -> None:
        self.trainer, self.parameters = trainer, parameters
        self.size: int = parameters["size"]
        self.finest: int = max(self.size, parameters.get("finest", 0))
        self.settled = False
        self.model = trainer.model
        self.plane = self._plane(trace)
        cu, cv, span = parameters["at_u"], parameters["at_v"], parameters["span"]
        wide = parameters["span_v"] or span
        self.u = np.linspace(cu - span, cu + span, self.size)
        self.v = np.linspace(cv - wide, cv + wide, self.size)
        self.j = np.full((self.size, self.size), np.nan)
        """J[row, column]: v falls with the row, as on paper; u grows with the column."""
        self.born, self.began = trainer.step_count, time.perf_counter()
        self.done = 0
        self.shown = False
        self.seconds = 0.0
        self._order = self._coarse_first()
        self._measured = np.ones((self.size, self.size), bool)
        self._places: dict[int, Array] = {}
        """(u, v) of the trace's rows, by their numbers."""

    def way(self, trace: Trace, step: int) -> tuple[Array, Array]:
        """Steps (n,) and places (n, 2) in the plane of what is kept of the run's way up to a step."""
        count = bisect_right(trace.steps, step)
        numbers = trace.numbers[:count]
        with np.errstate(all="ignore"):
            self._places = {
                n: self._places[n] if n in self._places else self.plane.project(np.nan_to_num(trace.row(i)))
                for i, n in enumerate(numbers)
            }
        places = np.array(list(self._places.values()), np.float64).reshape(-1, 2)
        return np.array(trace.steps[:count], np.int64), places

    def _plane(self, trace: Trace | None) -> Plane:
        trainer, p = self.trainer, self.parameters
        values = trainer.model.store.values.copy()
        first_kept = next(iter(trainer.keyframes.checkpoints), None)
        start = values if first_kept is None else first_kept.arrays["values"]
        origin = start.copy() if p["centre"] == "start" and start.shape == values.shape else values
        if p["mode"] == "weights":
            names = first_names(trainer)
            first, second = (place_of(trainer, p[key] or names[i]) for i, key in enumerate(("first", "second")))
            directions = np.zeros((2, len(values)), values.dtype)
            directions[0, first] = 1
            if second != first:
                directions[1, second] = 1
            origin = values
            origin[[first, second]] = 0  # coordinates are the parameters themselves
            return Plane(origin, directions[0], directions[1])
        if p["mode"] == "random":
            rng = np.random.default_rng([p["seed"], 6])
            return Plane(origin, random_direction(trainer, origin, rng), random_direction(trainer, origin, rng))
        _, rows = (trace or Trace.of(trainer)).upto(trainer.step_count, PATH_ROWS)
        first_axis, second_axis = path_directions(rows, values)
        return Plane(values, first_axis, second_axis)

    def _coarse_first(self) -> list[tuple[int, int]]:
        """Every eighth place of every eighth row first, then what lies between."""
        seen: set[tuple[int, int]] = set()
        order = []
        for step in COARSE:
            for place in ((r, c) for r in range(0, self.size, step) for c in range(0, self.size, step)):
                if place not in seen:
                    seen.add(place)
                    order.append(place)
        return order

    @property
    def finished(self) -> bool:
        return self.done == len(self._order)

    @property
    def share(self) -> float:
        """How much of it is measured."""
        return self.done / len(self._order)

    def _refine(self) -> None:
        """Settled if nothing surprises; else the next lattice, if there may be one and the net is still the same."""
        if self.size % 2 == 0 or self.size < 5:
            return
        heights = Heights.of(self.j)(self.j)
        wanted = surprising(heights, self._measured)
        self.settled = not wanted.any()
        size = 2 * self.size - 1
        if self.settled or size > self.finest or self.stale:
            return
        # A place between surprising ones is measured: its row or column, or both, are new.
        fresh = np.zeros((size, size), bool)
        fresh[::2, ::2] = wanted
        fresh[1::2] |= fresh[:-1:2] | fresh[2::2]
        fresh[:, 1::2] |= fresh[:, :-1:2] | fresh[:, 2::2]
        fresh[::2, ::2] = False
        if self.seconds / self.done * np.count_nonzero(fresh) > MOST_SECONDS:
            return
        j = np.full((size, size), np.nan)
        j[::2, ::2] = self.j
        measured = fresh.copy()
        measured[::2, ::2] = self._measured
        guessed = Heights.of(self.j)
        between = guessed.back(doubled(heights))
        j[~fresh & np.isnan(j)] = between[~fresh & np.isnan(j)]
        self._order += [(int(r), int(c)) for r, c in np.argwhere(fresh)]
        self.j, self.size, self._measured = j, size, measured
        self.u, self.v = (np.linspace(axis[0], axis[-1], size) for axis in (self.u, self.v))

    @property
    def stale(self) -> bool:
        """Whether the net has changed so that this is no longer its surface, or the path has gone much further.

        Random directions stay where they were drawn; of two parameters a net of two has the whole surface.
        """
        step, mode = self.trainer.step_count, self.parameters["mode"]
        if mode == "path":
            return not self.born <= step <= FURTHER * self.born + 8
        if mode == "random" or self.parameters["centre"] == "start" or len(self.plane.origin) <= 2:
            return False
        return step != self.born or self._others_moved()

    def _others_moved(self) -> bool:
        still = (self.plane.first == 0) & (self.plane.second == 0)
        return not np.array_equal(self.plane.origin[still], self.trainer.model.store.values[still])

    def places(self) -> Iterator[tuple[int, int]]:
        yield from self._order[self.done :]

    def advance(self, seconds: float) -> None:
        """Measures J at the next places until the time is over. The model is as it was afterwards."""
        model, start = self.model, time.perf_counter()
        x, t = self.trainer.parts["train"]
        rows = int(np.clip(POINT_MULTIPLICATIONS / max(1, model.multiplications()), *ROWS))
        x, t = x[:rows], t[:rows]
        values = model.store.values
        kept = values.copy()
        try:
            with np.errstate(all="ignore"):
                for row, column in self.places():
                    values[...] = self.plane.at(self.u[column], self.v[self.size - 1 - row])
                    cost = model.loss_of(x, t) + model.penalty()
                    self.j[row, column] = cost if np.isfinite(cost) else np.inf
                    self.done += 1
                    if self.finished:
                        self.seconds += time.perf_counter() - start
                        start, seconds = time.perf_counter(), seconds - (time.perf_counter() - start)
                        self._refine()
                    if time.perf_counter() - start > seconds:
                        break
        finally:
            values[...] = kept
            self.seconds += time.perf_counter() - start

    def filled(self) -> Array:
        """J with the places that are not measured yet interpolated between those of the finest whole lattice."""
        j = self.j
        if not np.isnan(j).any():
            return j.copy()
        if self.size > self.parameters["size"]:
            known = Heights.of(j[::2, ::2])
            return np.where(np.isnan(j), known.back(doubled(known(j[::2, ::2]))), j)
        places = np.arange(self.size)
        rough = np.full_like(j, np.nanmean(j) if not np.isnan(j).all() else 0.0)
        for step in COARSE:
            lattice, at = j[::step, ::step], places[::step]
            if np.isnan(lattice).any():
                break
            wide = np.stack([np.interp(places, at, row) for row in lattice])
            rough = np.stack([np.interp(places, at, column) for column in wide.T], axis=1)
        return np.where(np.isnan(j), rough, j)
