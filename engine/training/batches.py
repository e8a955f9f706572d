"""The training part batch by batch, in an order that depends on the seed and the epoch alone."""

import math

import numpy as np

from engine.core.shards import AnyPlan
from engine.core.types import Array
from engine.data.augment import Augmentation
from engine.training.spec import RunSpec

SMALL_EPOCH_BYTES = 1 << 20
"""Below this a shuffled copy of the training part is made each epoch; above, batches are gathered one by one."""


class Batches:
    """x and t are the training part; `shuffles` says whether an epoch has an order of its own."""

    def __init__(self, x: Array, t: Array, spec: RunSpec) -> None:
        self.x, self.t = x, t
        self.size = min(int(spec["batch_size"]), len(x))
        self.shuffles = bool(spec.get("shuffle", True))
        self._seed = spec["seed"]
        self._augmentation = Augmentation.of(spec.get("augmentation")) if x.ndim == 4 else None
        self._small = x.nbytes <= SMALL_EPOCH_BYTES
        self._epoch = -1
        """The epoch that `_order` is of."""

    @property
    def an_epoch(self) -> int:
        """Batches of an epoch, the last one smaller."""
        return math.ceil(len(self.x) / self.size)

    def put(self, plan: AnyPlan, rows: slice, epoch: int, step: int) -> None:
        """The examples at these places of the epoch's order into a plan's input and target."""
        if self._epoch != epoch:
            self._shuffle(epoch)
        if self._small:
            plan.input[...] = self._changed(self._x_order[rows], step)
            plan.target[...] = self._t_order[rows]
        else:
            chosen = self._order[rows]
            plan.input[...] = self._changed(self.x[chosen], step)
            plan.target[...] = self.t[chosen]

    def _shuffle(self, epoch: int) -> None:
        if self.shuffles:
            self._order = np.random.default_rng([self._seed, 2, epoch]).permutation(len(self.x))
        else:
            self._order = np.arange(len(self.x))
        if self._small:
            self._x_order, self._t_order = self.x[self._order], self.t[self._order]
        self._epoch = epoch

    def _changed(self, batch: Array, step: int) -> Array:
        """A batch of training pictures, augmented; the draw depends on the seed and the step alone."""
        if self._augmentation is None:
            return batch
        return self._augmentation(batch, np.random.default_rng([self._seed, 5, step]))
