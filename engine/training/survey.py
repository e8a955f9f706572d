"""How the units of a network answer to the training part: counted over random examples, and in time over all of them.

What was counted over n of N examples is said with its certainty: a share of the sample is at least `least_share` of the
whole, with 95 % (Wilson's bound, E. B. Wilson 1927, one-sided).
"""

import time
from dataclasses import dataclass

import numpy as np

from engine.core.types import Array
from engine.training.trainer import Trainer

FLAT = {"relu": (0.0, np.inf), "sigmoid": (0.01, 0.99), "tanh": (-0.99, 0.99)}
"""Between these an activation has a slope worth the name."""
PIECE_MULTIPLICATIONS = 3e7
PIECE_ROWS = (32, 2048)
LOOK_SECONDS = 0.008
"""A network that trains is another one after every step: so much time, and one piece at least, is taken for a look."""
SURE = 1.6449
"""Standard deviations for 95 % on one side."""


def least_share(hits: int, rows: int, of: int) -> float:
    """The share of all `of` examples that `hits` of `rows` random ones speak for, with 95 %; exact if they are all."""
    if not rows:
        return 0.0
    share = hits / rows
    if rows >= of:
        return share
    z = SURE * SURE / rows
    half = np.sqrt(z * (share * (1 - share) + z / 4))
    return float(max(0.0, (share + z / 2 - half) / (1 + z)))


@dataclass
class UnitCounts:
    """Of a layer's units: for how many examples each is silent or flat everywhere, and at how many places."""

    activation: str
    examples: Array
    """(units,): examples at which a unit is flat at every place."""
    places: Array
    """(units,): places at which it is flat; of a vector as many as examples."""
    per_example: int = 1


class Survey:
    """One count over the training part, finished bit by bit by `advance`, in an order drawn at random."""

    def __init__(self, trainer: Trainer) -> None:
        self.model = trainer.model
        self.x = trainer.parts["train"][0]
        self.values, self.state = self.model.store.values.copy(), self.model.store.state.copy()
        self.order = np.random.default_rng(8).permutation(len(self.x))
        self.rows = 0
        self.counts: dict[str, UnitCounts] = {}

    @property
    def of(self) -> int:
        """Examples of the training part."""
        return len(self.x)

    @property
    def finished(self) -> bool:
        return self.rows == self.of

    def holds(self, trainer: Trainer) -> bool:
        """Whether it is of this network and these examples, as they are now."""
        store = trainer.model.store
        return (
            self.model is trainer.model
            and self.x is trainer.parts["train"][0]
            and np.array_equal(self.values, store.values)
            and np.array_equal(self.state, store.state)
        )

    def advance(self, seconds: float = LOOK_SECONDS) -> None:
        """Counts until the time is over, one piece at least."""
        start = time.perf_counter()
        size = int(np.clip(PIECE_MULTIPLICATIONS / max(1, self.model.multiplications()), *PIECE_ROWS))
        while not self.finished:
            self._count(np.sort(self.order[self.rows : self.rows + size]))
            if time.perf_counter() - start >= seconds:
                break

    def _count(self, chosen: Array) -> None:
        plan = self.model.forward_plan(len(chosen))
        plan.input[...] = self.x[chosen]
        with np.errstate(all="ignore"):
            plan.run()
        for layer in self.model.layers[:-1]:
            name = getattr(getattr(layer, "activation", None), "name", None)
            if name in FLAT and layer in plan.outputs:
                self._add(layer.name, name, plan.outputs[layer].data)
        self.rows += len(chosen)

    def _add(self, layer: str, activation: str, out: Array) -> None:
        if out.ndim == 4:  # pictures (H, W, C, B): a unit is a channel, at every place
            out = out.transpose(2, 0, 1, 3).reshape(out.shape[2], -1, out.shape[3])
        elif out.ndim == 2:
            out = out[:, None]
        else:
            return
        low, high = FLAT[activation]
        flat = (out <= low) | (out >= high) if activation == "relu" else (out < low) | (out > high)
        known = self.counts.get(layer)
        if known is None:
            nothing = np.zeros(len(out), np.int64)
            known = self.counts[layer] = UnitCounts(activation, nothing, nothing.copy(), out.shape[1])
        known.examples += flat.all(axis=1).sum(axis=1)
        known.places += flat.sum(axis=(1, 2))
