"""Looking into a trainer without touching it: what viewers of a run have asked for, the next update, how steady

gradients are, what dropout drew.
"""

import contextlib
import time
from collections.abc import Hashable, Iterator

import numpy as np

from engine.core.shards import AnyPlan, ShardedPlan
from engine.core.types import Array, Config, Shape
from engine.data import Prepared
from engine.layers import Dropout
from engine.losses import Loss
from engine.sequential import Sequential
from engine.training.measurement import Measurement
from engine.training.surface import Surface
from engine.training.survey import Survey
from engine.training.trace import Trace
from engine.training.trainer import Trainer

FOLLOW = np.float32(0.1)
"""How fast the running means follow: about the last ten steps count."""
MOST_SURFACES = 4
"""Drawings of one run at a time: viewers may look at different ones."""
MOST_GRIDS = 4
READ_SECONDS = 0.1
"""Numbers that are read, rather than watched, change so often at most."""


class GradientMemory:
    """Running means of g and |g| for every parameter."""

    def __init__(self, gradients: Array) -> None:
        self.mean, self.size = gradients.copy(), np.abs(gradients)

    def add(self, gradients: Array) -> None:
        """The gradient of one more step."""
        self.mean += (gradients - self.mean) * FOLLOW
        self.size += (np.abs(gradients) - self.size) * FOLLOW

    def agreement(self) -> Array:
        """|mean g| / mean |g|: 1 where the gradient keeps its sign, 0 where it flips."""
        return np.divide(np.abs(self.mean), self.size, out=np.zeros_like(self.size), where=self.size > 0)


class Inspection:
    """What looking at one run needs from frame to frame. The trainer knows nothing of it but that it observes.

    Views find it in their context; whatever they keep for longer than a frame, they keep here.
    """

    def __init__(self) -> None:
        self.probe: Array | None = None
        """An input of the visitor's that views look at: a drawn digit, a picture of the camera."""
        self.companion: Sequential | None = None
        """A trained net that looks at what this run's finds: landmarks of faces."""
        self.surfaces: dict[str, Surface] = {}
        """The drawings of J that somebody looks at, the newest wish last."""
        self.survey: Survey | None = None
        """The count of how units answer to the training part, once somebody asks for findings."""
        self.trace: Trace | None = None
        """Every step's parameters, once somebody looks at the path."""
        self.memory: GradientMemory | None = None
        self.measured: Measurement | None = None
        """The newest measurement that can be read: what J, metrics, findings and lessons say."""
        self.beside = False
        """Whether somebody gives time to what is to be measured, so that who looks need not wait for it."""
        self.resting = True
        """Whether the run stays as it is until somebody does something."""
        self._grids: dict[Hashable, tuple[Prepared, Array, Config]] = {}
        self._constant: tuple[Prepared, Loss | None, float | None] | None = None

    @classmethod
    def of(cls, trainer: Trainer) -> "Inspection":
        """The one that observes a trainer; there is one from now on."""
        known = next((observer for observer in trainer.observers if isinstance(observer, cls)), None)
        if known is None:
            known = cls()
            trainer.observers.append(known)
        return known

    # -- what the trainer tells ----------------------------------------------------------------------------------
    def stepped(self, trainer: Trainer) -> None:
        store = trainer.model.store
        if self.trace is not None:
            self.trace.add(trainer.step_count, store.values)
        if self.memory is not None and self.memory.mean.shape == store.gradients.shape:
            self.memory.add(store.gradients)

    def moved(self, trainer: Trainer) -> None:
        if self.trace is not None:  # the path begins anew there
            self.trace = Trace(len(trainer.model.store.values))
            self.trace.add(trainer.step_count, trainer.model.store.values)

    def restarted(self, trainer: Trainer) -> None:
        self.trace = self.memory = self.survey = self.measured = None
        self.surfaces.clear()

    def data_changed(self, trainer: Trainer) -> None:
        if self.probe is not None and self.probe.shape != trainer.data.input_shape:
            self.probe = None

    # -- what views ask ------------------------------------------------------------------------------------------
    @property
    def surface(self) -> Surface | None:
        """The drawing that was asked for last."""
        return next(reversed(self.surfaces.values()), None)

    def keep_surface(self, key: str, surface: Surface) -> None:
        """The newest wish; the oldest beyond MOST_SURFACES leaves."""
        self.surfaces.pop(key, None)
        self.surfaces[key] = surface
        while len(self.surfaces) > MOST_SURFACES:
            del self.surfaces[next(iter(self.surfaces))]

    def trace_of(self, trainer: Trainer) -> Trace:
        """The run's trace; it begins with the kept moments when somebody first asks."""
        if self.trace is None or not self.trace.fits(trainer.model.store.values):
            self.trace = Trace.of(trainer)
        return self.trace

    def measurement_of(self, trainer: Trainer) -> Measurement | None:
        """The newest measurement of the run; of the present moment if that takes but an instant.

        Of a network that trains it may stand for a tenth of a second: all that is read in that time is of one moment.
        """
        newest, known = trainer.costs.newest, self.measured
        if newest is not None and (known is None or _later(newest, known)):
            known = self.measured = newest
        if known is not None and known.model is trainer.model and known.at.revision == trainer.revision:
            moving = self.beside and not self.resting
            if known.at == trainer.at or (moving and time.perf_counter() - known.born < READ_SECONDS):
                return known
        if not self.beside or trainer.costs.quick:
            fresh = trainer.costs.measurement(trainer.at)
            self.measured = fresh.finish(whole=trainer.costs.quick and (self.resting or not self.beside))
        return self.measured

    def measures(self, trainer: Trainer) -> bool:
        """Whether newer numbers than those of the newest measurement are on their way to what is shown."""
        known = self.measured
        if known is None or known.model is not trainer.model or known.at.revision != trainer.revision:
            return True
        return self.resting and not (known.at == trainer.at and known.whole)

    def memory_of(self, trainer: Trainer) -> GradientMemory:
        """How steady each gradient is; it is kept from the first time somebody asks."""
        gradients = trainer.model.store.gradients
        if self.memory is None or self.memory.mean.shape != gradients.shape:
            self.memory = GradientMemory(gradients)
        return self.memory

    def set_probe(self, picture: Array | None, shape: Shape) -> None:
        """Pixels (H, W, C) uint8 of a picture to look at, in the data's shape; None for none."""
        if picture is not None and picture.shape != shape:
            raise ValueError(f"the probe wants shape {shape}, got {picture.shape}")
        self.probe = None if picture is None else picture.astype(np.float32) / np.float32(255)

    def grid(self, key: Hashable, data: Prepared) -> tuple[Array, Config] | None:
        """A grid of the input space that is remembered; it depends on the data alone."""
        known = self._grids.get(key)
        return None if known is None or known[0] is not data else known[1:]

    def keep_grid(self, key: Hashable, data: Prepared, inputs: Array, about: Config) -> None:
        self._grids.pop(key, None)
        self._grids[key] = data, inputs, about
        while len(self._grids) > MOST_GRIDS:
            del self._grids[next(iter(self._grids))]

    def constant_cost(self, trainer: Trainer) -> float | None:
        """J of the best constant answer, which changes with the data and the loss alone."""
        known, loss = self._constant, trainer.model.loss
        if known is None or known[0] is not trainer.data or known[1] is not loss:
            known = self._constant = trainer.data, loss, trainer.constant_cost()
        return known[2]


def _later(one: Measurement, other: Measurement) -> bool:
    """Of two measurements of a run: whether one is of a later moment."""
    return (one.at.revision, one.at.step) > (other.at.revision, other.at.step)


@contextlib.contextmanager
def undisturbed(model: Sequential) -> Iterator[None]:
    """Weights, gradients, optimiser and random numbers are afterwards as they were."""
    store, optimizer, rng = model.store, model.optimizer, model.rng
    assert optimizer is not None
    optimizer.prepare(store)
    kept = [(a, a.copy()) for a in (store.values, store.gradients, store.state, *store.slots.values())]
    iterations, state = optimizer.iterations, rng.bit_generator.state
    try:
        yield
    finally:
        for array, before in kept:
            array[...] = before
        optimizer.iterations, rng.bit_generator.state = iterations, state


def update_once(model: Sequential) -> None:
    """One update of the optimiser from the gradients as they stand."""
    calls, advance = model.update_plan()
    advance()
    with np.errstate(all="ignore"):
        for function, arguments in calls:
            function(*arguments)


def next_step(model: Sequential) -> Array:
    """What the optimiser would add to each parameter for the last gradient again; nothing is changed by it."""
    with undisturbed(model):
        before = model.store.values.copy()
        update_once(model)
        return np.asarray(model.store.values - before)


def dropout_masks(model: Sequential, plan: AnyPlan | None) -> dict[str, Array]:
    """By layer: which units took part in the last step (its first example), as 0 and 1."""
    if plan is None:
        return {}
    memo = plan.shards[0].memo if isinstance(plan, ShardedPlan) else plan.memo
    return {
        layer.name.removesuffix("/dropout"): (np.moveaxis(memo[layer], -1, 0)[0] > 0).astype(np.uint8)
        for layer in model.leaves
        if isinstance(layer, Dropout) and layer in memo
    }
