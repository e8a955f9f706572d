"""Layers that behave differently while training: Dropout, BatchNormalization."""

from collections.abc import Callable

import numpy as np

from engine import initializers
from engine.core.arguments import Argument
from engine.core.parameters import ParameterStore
from engine.core.plan import Plan, Value, flat, rows_of
from engine.core.types import Array, Shape
from engine.layers.base import Layer, register


@register
class Dropout(Layer):
    """y = x·m / (1 − rate), m ~ Bernoulli(1 − rate), while training; y = x otherwise (Srivastava et al. 2014)."""

    doc = "switches off a random part of its inputs in each training step"
    arguments = (Argument("rate", "float", 0.5, minimum=0, below=1, doc="the part switched off"),)

    def __init__(self, rate: float, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self.rate: float = self.check("rate", rate)

    def forward(self, plan: Plan, x: Value) -> Value:
        if not plan.training or self.rate == 0:
            return x
        out = plan.value(x.shape)
        draw, mask = plan.like(x.data), plan.like(x.data)
        plan.draw(plan.rng.random, None, plan.dtype.type, flat(draw))
        plan.call(np.greater_equal, draw, plan.scalar(self.rate), mask)
        plan.call(np.multiply, mask, plan.scalar(1 / (1 - self.rate)), mask)
        plan.call(np.multiply, x.data, mask, out.data)
        plan.memo[self] = mask
        return out

    def backward(self, plan: Plan, dy: Array, wants_dx: bool) -> Array | None:
        if self not in plan.memo or not wants_dx:
            return dy if wants_dx else None
        dx = plan.like(dy)
        plan.call(np.multiply, dy, plan.memo[self], dx)
        return dx


@register
class BatchNormalization(Layer):
    """y = γ·(x − μ)/√(σ² + ε) + β over the batch, per feature (the last axis); Ioffe & Szegedy 2015.

    While training μ and σ² are the batch's (σ² with 1/n) and the moving ones follow:
    moving ← momentum·moving + (1 − momentum)·batch. Otherwise the moving ones are used.
    Weights in Keras's order: gamma, beta, moving_mean, moving_variance, each (C,).
    """

    by_rows = True
    in_place = True
    doc = "brings each feature to mean 0 and deviation 1 over the batch, then scales and shifts"
    arguments = (
        Argument("momentum", "float", 0.99, minimum=0, below=1, doc="how slowly the moving averages follow"),
        Argument("epsilon", "float", 1e-3, minimum=1e-12, doc="added to the variance"),
        Argument("center", "bool", True, doc="learn β"),
        Argument("scale", "bool", True, doc="learn γ"),
    )

    def __init__(
        self,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        *,
        name: str | None = None,
    ) -> None:
        super().__init__(name=name)
        self.momentum: float = self.check("momentum", momentum)
        self.epsilon: float = self.check("epsilon", epsilon)
        self.center: bool = self.check("center", center)
        self.scale: bool = self.check("scale", scale)

    def build(self, store: ParameterStore, input_shape: Shape) -> Shape:
        if not input_shape:
            raise self.wants("at least one feature per example", "(B,)")
        shape = (input_shape[-1],)
        ones, zeros = initializers.get("ones"), initializers.get("zeros")
        self.gamma = self.add_weight(store, "gamma", shape, ones) if self.scale else None
        self.beta = self.add_weight(store, "beta", shape, zeros) if self.center else None
        self.mean = self.add_weight(store, "moving_mean", shape, zeros, trainable=False)
        self.variance = self.add_weight(store, "moving_variance", shape, ones, trainable=False)
        return input_shape

    def forward(self, plan: Plan, x: Value) -> Value:
        out = plan.value(x.shape)
        source, result = rows_of(x.data), rows_of(out.data)
        moving_mean, moving_variance = self.mean.of(plan.state), self.variance.of(plan.state)
        base, offset, inverse, scale, shift = (plan.like(moving_mean) for _ in range(5))
        variance: Array = moving_variance
        image = len(x.shape) == 3
        centred = source if image and x.reusable else plan.buffer(source.shape)
        out.reusable = plan.shortcuts
        need = plan.source(x.data)
        slices = plan.slices(x.data) if image else [slice(0, len(source))]
        plan.call(np.copyto, base, moving_mean)
        if plan.training:
            if not image:
                plan.need(x.data)
                self._plan_mean(plan, source, base)
            variance = plan.like(moving_mean)
            self._plan_moments(plan, need, source, slices, base, centred, offset, variance)
            mean = plan.like(base)
            plan.update(np.add, base, offset, mean)
            for moving, batch in ((moving_mean, mean), (moving_variance, variance)):
                self._follow(plan, moving, batch)
        plan.call(np.add, variance, plan.scalar(self.epsilon), inverse)
        plan.call(np.sqrt, inverse, inverse)
        plan.call(np.reciprocal, inverse, inverse)
        if self.gamma is not None:
            plan.call(np.multiply, inverse, self.gamma.of(plan.values), scale)
        else:
            plan.call(np.copyto, scale, inverse)
        plan.call(np.multiply, offset, scale, shift)
        beta = plan.scalar(0) if self.beta is None else self.beta.of(plan.values)
        plan.call(np.subtract, beta, shift, shift)
        plan.memo[self] = (centred, inverse, scale, offset)

        def emit(s: slice) -> None:
            if not plan.training:
                need(s.stop)
                plan.call(np.subtract, source[s], base[:, None], centred[s])
            plan.call(np.multiply, centred[s], scale[:, None], result[s])
            plan.call(np.add, result[s], shift[:, None], result[s])

        rows = plan.by_rows(out.data, emit, slices=slices)
        if not image:
            rows.upto()
        return out

    def _plan_mean(self, plan: Plan, source: Array, mean: Array) -> None:
        """Plans the mean of vectors over the whole batch, before their squares about it are summed."""
        rows, channels, length = source.shape
        total = rows * length // plan.batch * plan.examples
        per_row, sums = plan.buffer((rows, channels)), np.zeros(channels)
        plan.call(np.matmul, source, np.ones(length, source.dtype), per_row)
        plan.call(np.add.reduce, per_row, 0, np.float64, sums)
        plan.exchange(sums)
        plan.call(np.divide, sums, total, sums)
        plan.call(np.copyto, mean, sums, "same_kind")

    def _plan_moments(
        self,
        plan: Plan,
        need: Callable[[int | None], None],
        source: Array,
        slices: list[slice],
        base: Array,
        centred: Array,
        offset: Array,
        variance: Array,
    ) -> None:
        """Plans x − base, its mean (`offset`) and its variance over the whole batch, in one pass.

        `base` is near the mean (images: the moving one), so that little is lost when squares are subtracted; sums over
        rows and what shards exchange are float64.
        """
        rows, channels, length = source.shape
        total = rows * length // plan.batch * plan.examples
        ones = np.ones(length, source.dtype)
        per_row, sums = plan.buffer((2, rows, channels)), np.zeros((2, channels))
        for s in slices:
            need(s.stop)
            plan.call(np.subtract, source[s], base[:, None], centred[s])
            plan.call(np.matmul, centred[s], ones, per_row[0, s])
            plan.call(np.vecdot, centred[s], centred[s], per_row[1, s])
        plan.call(np.add.reduce, per_row, 1, np.float64, sums)
        plan.exchange(sums)

        def settle() -> None:
            mean, square = sums / total
            offset[...] = mean
            variance[...] = np.maximum(square - mean * mean, 0)

        plan.call(settle)

    def _follow(self, plan: Plan, moving: Array, batch: Array) -> None:
        step = plan.like(moving)
        plan.update(np.subtract, batch, moving, step)
        plan.update(np.multiply, step, plan.scalar(1 - self.momentum), step)
        plan.update(np.add, moving, step, moving)

    def backward(self, plan: Plan, dy: Array, wants_dx: bool) -> Array | None:
        centred, inverse, scale, offset = plan.memo[self]
        slope = rows_of(dy)
        rows, channels, length = slope.shape
        image = dy.ndim == 4
        slices = plan.slices(dy) if image else [slice(0, rows)]
        ones = np.ones(length, slope.dtype)
        per_row = plan.buffer((2, rows, channels))
        both = plan.buffer((2, channels))  # Σ dy, Σ dy·x̂
        for s in slices:
            plan.need(dy, s.stop)
            plan.call(np.matmul, slope[s], ones, per_row[0, s])
            plan.call(np.vecdot, slope[s], centred[s], per_row[1, s])
        plan.call(np.add.reduce, per_row, 1, None, both)
        tilt, shift = plan.like(inverse), plan.like(inverse)
        plan.call(np.multiply, both[0], offset, shift)
        plan.call(np.subtract, both[1], shift, both[1])
        plan.call(np.multiply, both[1], inverse, both[1])
        if self.beta is not None:
            plan.call(np.copyto, self.beta.of(plan.gradients), both[0])
        if self.gamma is not None:
            plan.call(np.copyto, self.gamma.of(plan.gradients), both[1])
        if not wants_dx:
            return None
        dx = dy if image and plan.owned(dy) else plan.gradient(self.input_shape)
        result = rows_of(dx)
        if plan.training:
            # dx = γ/√(σ² + ε) · (dy − mean(dy) − x̂·mean(dy·x̂)), as scale·dy + tilt·(x − base) + shift
            plan.exchange(both)
            share = plan.scalar(-1 / (rows * length // plan.batch * plan.examples))
            plan.call(np.multiply, both, share, both)
            plan.call(np.multiply, both[1], scale, tilt)
            plan.call(np.multiply, tilt, inverse, tilt)
            plan.call(np.multiply, both[0], scale, both[0])
            plan.call(np.multiply, tilt, offset, shift)
            plan.call(np.subtract, both[0], shift, shift)

        def emit(s: slice) -> None:
            plan.call(np.multiply, slope[s], scale[:, None], result[s])
            if plan.training:  # otherwise the moving averages are constants
                part = plan.scratch(centred[s])
                plan.call(np.multiply, centred[s], tilt[:, None], part)
                plan.call(np.add, part, shift[:, None], part)
                plan.call(np.add, result[s], part, result[s])

        made = plan.by_rows(dx, emit, slices=slices)
        if not image:
            made.upto()
        return dx

    def multiplications(self) -> int:
        return int(np.prod(self.input_shape))
