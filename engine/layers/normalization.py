"""Layers that behave differently while training: Dropout, BatchNormalization."""

import numpy as np

from engine import initializers
from engine.core.arguments import Argument
from engine.core.parameters import ParameterStore
from engine.core.plan import Plan, Value, flat, rows_of
from engine.core.types import Array, Shape
from engine.layers.base import Layer, register
from engine.layers.correlation import blocks


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
        mean, inverse, scale, shift = (plan.like(moving_mean) for _ in range(4))
        variance: Array = moving_variance
        centred = plan.buffer(source.shape)
        if plan.training:
            variance = plan.like(moving_mean)
            self._plan_moments(plan, source, mean, variance)
            for moving, batch in ((moving_mean, mean), (moving_variance, variance)):
                self._follow(plan, moving, batch)
        else:
            plan.call(np.copyto, mean, moving_mean)
        plan.call(np.add, variance, plan.scalar(self.epsilon), inverse)
        plan.call(np.sqrt, inverse, inverse)
        plan.call(np.reciprocal, inverse, inverse)
        if self.gamma is not None:
            plan.call(np.multiply, inverse, self.gamma.of(plan.values), scale)
        else:
            plan.call(np.copyto, scale, inverse)
        if self.beta is not None:
            shift = self.beta.of(plan.values)
        plan.memo[self] = (centred, inverse, scale)
        for rows in blocks(len(source), source[0].nbytes):
            plan.call(np.subtract, source[rows], mean[:, None], centred[rows])
            plan.call(np.multiply, centred[rows], scale[:, None], result[rows])
            plan.call(np.add, result[rows], shift[:, None], result[rows])
        return out

    def _plan_moments(self, plan: Plan, source: Array, mean: Array, variance: Array) -> None:
        """Plans mean and variance of the whole batch, over all its shards (Chan, Golub & LeVeque 1983).

        Each shard finds its own mean and the squares about it; what is exchanged, in float64, are three sums.
        """
        rows, channels, length = source.shape
        count = rows * length
        total = count // plan.batch * plan.examples
        ones, per_row = np.ones(length, source.dtype), plan.buffer((rows, channels))
        exchanged = np.zeros((3, channels))  # Σx, Σ(x − m)², n·m²
        sums, squares, spread = exchanged
        own = plan.buffer((channels,))
        slices = blocks(rows, source[0].nbytes)
        part = plan.buffer((slices[0].stop, channels, length))
        plan.call(np.matmul, source, ones, per_row)
        plan.call(np.add.reduce, per_row, 0, np.float64, sums)
        plan.call(np.divide, sums, count, spread)
        plan.call(np.copyto, own, spread, "same_kind")
        for s in slices:
            centred = part[: s.stop - s.start]
            plan.call(np.subtract, source[s], own[:, None], centred)
            plan.call(np.vecdot, centred, centred, per_row[s])
        plan.call(np.add.reduce, per_row, 0, np.float64, squares)
        plan.call(np.multiply, spread, spread, spread)
        plan.call(np.multiply, spread, count, spread)
        plan.exchange(exchanged)

        def settle() -> None:
            m = sums / total
            mean[...] = m
            variance[...] = np.maximum(squares + spread - total * m * m, 0) / total

        plan.call(settle)

    def _follow(self, plan: Plan, moving: Array, batch: Array) -> None:
        step = plan.like(moving)
        plan.update(np.subtract, batch, moving, step)
        plan.update(np.multiply, step, plan.scalar(1 - self.momentum), step)
        plan.update(np.add, moving, step, moving)

    def backward(self, plan: Plan, dy: Array, wants_dx: bool) -> Array | None:
        centred, inverse, scale = plan.memo[self]
        slope = rows_of(dy)
        rows, channels, length = slope.shape
        ones = np.ones(length, slope.dtype)
        per_row = plan.buffer((2, rows, channels))
        both = plan.buffer((2, channels))  # Σ dy, Σ dy·x̂
        plan.call(np.matmul, slope, ones, per_row[0])
        plan.call(np.vecdot, slope, centred, per_row[1])
        plan.call(np.add.reduce, per_row, 1, None, both)
        plan.call(np.multiply, both[1], inverse, both[1])
        if self.beta is not None:
            plan.call(np.copyto, self.beta.of(plan.gradients), both[0])
        if self.gamma is not None:
            plan.call(np.copyto, self.gamma.of(plan.gradients), both[1])
        if not wants_dx:
            return None
        if not plan.training:  # the moving averages are constants: dx = dy·γ/√(σ² + ε)
            dx = plan.gradient(self.input_shape)
            plan.call(np.multiply, slope, scale[:, None], rows_of(dx))
            return dx
        # dx = γ/√(σ² + ε) · (dy − mean(dy) − x̂·mean(dy·x̂)), as scale·dy + tilt·(x − μ) + shift
        plan.exchange(both)
        share = plan.scalar(-1 / (rows * length // plan.batch * plan.examples))
        tilt, shift = plan.like(inverse), plan.like(inverse)
        plan.call(np.multiply, both, share, both)
        plan.call(np.multiply, both[0], scale, shift)
        plan.call(np.multiply, both[1], scale, tilt)
        plan.call(np.multiply, tilt, inverse, tilt)
        dx = plan.gradient(self.input_shape)
        result = rows_of(dx)
        for s in blocks(rows, slope[0].nbytes):
            plan.call(np.multiply, slope[s], scale[:, None], result[s])
            plan.call(np.multiply, centred[s], tilt[:, None], centred[s])
            plan.call(np.add, result[s], centred[s], result[s])
            plan.call(np.add, result[s], shift[:, None], result[s])
        return dx

    def multiplications(self) -> int:
        return int(np.prod(self.input_shape))
