"""Every number of a small batch with what it is made of: forward, the loss, backward, ∂J/∂w and the coming update."""

from functools import cached_property
from typing import Any

import numpy as np

from engine import feeding, losses
from engine.activations import Activation
from engine.core.numbers import check_place
from engine.core.parameters import Weight
from engine.core.registry import unknown_name
from engine.core.terms import Formula, LossTerms, Passed, Sum, Terms, joined_sum
from engine.core.types import Array
from engine.layers.base import Layer
from engine.layers.composite import Block
from engine.layers.dense import Activated
from engine.penalty import penalised, penalty_slope
from engine.sequential import Sequential
from engine.stages import INPUT, Stage, stages_of


class Explanation:
    """A pass over a few examples at rest (dropout rests, batch normalisation uses its moving averages).

    Arrays have the examples first. They are the plan's own and the terms read the model's weights: both are of this
    moment, until the model runs again.
    """

    def __init__(self, model: Sequential, x: Array, t: Array) -> None:
        """x (B, …) and encoded targets t (B, …) of a compiled model, whose gradients are then those of this batch."""
        self.model, self.loss, self.optimizer = model, *model.compiled_parts()
        self.optimizer.prepare(model.store)
        self.stages = {stage.name: stage for stage in stages_of(model.layers)}
        self.count = len(x)
        self.plan = model.forward_plan(len(x), "explain")
        self.plan.input[...] = x
        self.plan.target[...] = t
        self.plan.run()
        for weight in penalised(model.store):
            model.store.gradient(weight)[...] += penalty_slope(weight, model.store.array(weight))
        self.cost = self.plan.loss_value()
        self._bent: dict[str, Array] = {}

    @cached_property
    def joined(self) -> bool:
        """Whether loss and last activation are one formula, so that the way back begins at ∂J/∂z."""
        last: Layer = self.model.layers[-1]
        while isinstance(last, Block) and last.inside:
            last = last.inside[-1]
        return isinstance(last, Activated) and losses.joined(self.loss, last.activation)

    # -- what is asked for ---------------------------------------------------------------------------------------
    def _stage(self, name: str) -> Stage:
        found = self.stages.get(name)
        if found is None:
            raise unknown_name("stage", name, self.stages)
        return found

    def _place(self, name: str, numbers: Array, example: int, index: int) -> None:
        """Whether there is such an example in the batch, and such a number of it."""
        check_place(name, (self.count, numbers[0].size), (example, index))

    def _weight(self, name: str, weight: str, place: tuple[int, ...]) -> Weight:
        weights = {w.name: w for w in self._stage(name).weights}
        if weight not in weights:
            raise unknown_name("weight", weight, weights)
        check_place(f"{name}/{weight}", weights[weight].shape, place)
        return weights[weight]

    # -- arrays --------------------------------------------------------------------------------------------------
    def a(self, name: str) -> Array:
        """What a stage gives, or the input."""
        if name == INPUT:
            return np.asarray(self.plan.input)
        return np.moveaxis(self.plan.outputs[self._stage(name).layer].data, -1, 0)

    def z(self, name: str) -> Array | None:
        """What its activation was given."""
        z = self.plan.preactivations.get(self._stage(name).layer)
        return None if z is None else np.moveaxis(z, -1, 0)

    def _slope(self, name: str) -> Array | None:
        slope = self.plan.output_gradients.get(self._stage(name).layer)
        return None if slope is None else np.moveaxis(slope, -1, 0)

    def da(self, name: str) -> Array | None:
        """∂J/∂a; None where nothing before it learns, or loss and activation are one formula."""
        return None if self.is_last(name) and self.joined else self._slope(name)

    def dz(self, name: str) -> Array | None:
        """∂J/∂z, where the stage has an activation."""
        if self.is_last(name) and self.joined:
            return self._slope(name)
        da, z, activation = self._slope(name), self.z(name), self._stage(name).activation
        if da is None or z is None or activation is None:
            return None
        if name not in self._bent:
            self._bent[name] = through(activation, z, da)
        return self._bent[name]

    def is_last(self, name: str) -> bool:
        return name == next(reversed(self.stages))

    def _inputs(self, stage: Stage, example: int) -> list[Array]:
        return [self.a(source)[example] for source in stage.sources]

    def _read_slope(self, name: str) -> Array | None:
        """What a stage's own numbers are explained with on the way back: ∂J/∂z, or ∂J/∂a where it has no activation."""
        dz = self.dz(name)
        return self.da(name) if dz is None else dz

    # -- terms ---------------------------------------------------------------------------------------------------
    def forward(self, name: str, index: int, example: int = 0) -> Terms:
        """z of a number of a stage (a, where it has no activation); images count rows, columns, channels."""
        stage = self._stage(name)
        self._place(name, self.a(name), example, index)
        return stage.layer.terms(index, self._inputs(stage, example))

    def activation(self, name: str, index: int, example: int = 0) -> Formula | None:
        """a = g(z) of a number, where the stage has an activation."""
        z, activation = self.z(name), self._stage(name).activation
        if z is None or activation is None:
            return None
        self._place(name, z, example, index)
        return activation.terms(*beside(z[example], index))

    def backward(self, name: str, index: int, example: int = 0) -> list[Passed]:
        """∂J/∂a of a number: what each stage that reads it passes back. Of the last one none: the loss reads it."""
        self._place(name, self.a(name), example, index)
        found = []
        for reader in self.stages.values():
            for which, source in enumerate(reader.sources):
                slope = self._read_slope(reader.name) if source == name else None
                if slope is not None:
                    inputs = self._inputs(reader, example)
                    terms = reader.layer.input_terms(which, index, inputs, slope[example])
                    found.append(Passed(reader.name, terms))
        return found

    def activation_slope(self, name: str, index: int, example: int = 0) -> Terms | None:
        """∂J/∂z of a number from ∂J/∂a, where the stage has an activation."""
        z, da, activation = self.z(name), self.da(name), self._stage(name).activation
        if z is None or da is None or activation is None:
            return None
        self._place(name, z, example, index)
        k, row = beside(z[example], index)
        return activation.slope_terms(k, row, beside(da[example], index)[1])

    def loss_of(self, index: int, example: int = 0) -> LossTerms:
        """The loss of an output, and its slope (∂J/∂z where it is joined with the activation)."""
        name = next(reversed(self.stages))
        self._place(name, self.a(name), example, index)
        y, t = self.a(name)[example], np.asarray(self.plan.target)[example]
        z = self.z(name) if self.joined else None
        return self.loss.terms(index, y, t, None if z is None else z[example], self.count)

    def gradient(self, name: str, weight: str, place: tuple[int, ...]) -> Sum | None:
        """∂J/∂w of one number of a weight: every use of it in every example, and its penalty's slope."""
        stage, slope, found = self._stage(name), self._read_slope(name), self._weight(name, weight, place)
        if slope is None or not found.trainable:
            return None
        x = self.a(stage.sources[0])
        parts = [stage.layer.weight_terms(weight, place, x[i], slope[i]) for i in range(self.count)]
        words = " + ".join(["2 l_2 w"] * bool(found.l2) + ["l_1 sign(w)"] * bool(found.l1))
        rest = float(penalty_slope(found, self.model.store.array(found)[place].astype(np.float64))) if words else None
        return joined_sum(parts, rest, words)

    def update(self, name: str, weight: str, place: tuple[int, ...]) -> list[Formula]:
        """What the coming update makes of one number of a weight, line by line; of one that does not learn nothing."""
        found = self._weight(name, weight, place)
        return [] if not found.trainable else self.optimizer.terms(self.model.store, found, place)


def explain(model: Sequential, x: Any, y: Any) -> Explanation:
    """An explanation of a few examples, inputs and targets as `fit` takes them."""
    rows = feeding.examples(model, x, "explain")
    return Explanation(model, rows, feeding.targets(model, model.compiled_loss, y, len(rows), "explain")[1])


def beside(array: Array, index: int) -> tuple[int, Array]:
    """A number's place along the last axis, and the numbers along it."""
    place, k = divmod(index, array.shape[-1])
    return k, array.reshape(-1, array.shape[-1])[place]


def through(activation: Activation, z: Array, da: Array) -> Array:
    """∂J/∂z = ∂J/∂a · g′(z) with the features last; softmax mixes its outputs."""
    if activation.name != "softmax":
        return np.asarray(da * activation.slope(z))
    a = activation(z)
    return np.asarray(a * (da - (da * a).sum(axis=-1, keepdims=True)))
