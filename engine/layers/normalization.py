"""Layers that behave differently while training: Dropout, BatchNormalization."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from engine import initializers
from engine.core.arguments import Argument
from engine.core.parameters import ParameterStore
from engine.core.plan import Margin, Plan, Slope, Value, Wish, flat, rows_of, writes
from engine.core.terms import Formula, Sum, Terms, passed, same
from engine.core.types import Array, Shape
from engine.layers.base import Layer, register


@writes(1)
def _draw(rng: np.random.Generator, out: Array) -> None:
    """out ← numbers in [0, 1)."""
    rng.random(dtype=out.dtype.type, out=out)


@register
class Dropout(Layer):
    """y = x·m / (1 − rate), m ~ Bernoulli(1 − rate), while training; y = x otherwise (Srivastava et al. 2014)."""

    doc = "switches off a random part of its inputs in each training step"
    arguments = (Argument("rate", "float", 0.5, minimum=0, below=1, doc="the part switched off"),)
    order: ClassVar[tuple[str, ...]] = ("rate", "noise_shape", "seed")

    def __init__(self, rate: float, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self.rate: float = self.check("rate", rate)

    def forward(self, plan: Plan, x: Value, wish: Wish) -> Value:
        if not plan.training or self.rate == 0:
            return x
        out = plan.value(x.shape, wish.margin)
        draw, mask = plan.like(x.data), plan.like(x.data)
        plan.draw(_draw, plan.rng, flat(draw))
        plan.call(np.greater_equal, draw, plan.scalar(self.rate), mask)
        plan.call(np.multiply, mask, plan.scalar(1 / (1 - self.rate)), mask)
        plan.call(np.multiply, x.data, mask, out.data)
        plan.memo[self] = mask
        plan.keep(mask)  # views show which units rest
        return out

    def backward(self, plan: Plan, dy: Slope, wanted: Margin | None) -> Array | None:
        if wanted is None or self not in plan.memo:
            return None if wanted is None else dy.data
        dx = plan.gradient(self.input_shape, wanted)
        plan.call(np.multiply, dy.data, plan.memo[self], dx)
        return dx

    def terms(self, index: int, inputs: Sequence[Array]) -> Terms:
        return same(inputs[0].flat[index])

    def input_terms(self, which: int, index: int, inputs: Sequence[Array], slope: Array) -> Terms:
        return passed(slope.flat[index])


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
    order: ClassVar[tuple[str, ...]] = (
        "axis", "momentum", "epsilon", "center", "scale", "beta_initializer", "gamma_initializer",
        "moving_mean_initializer", "moving_variance_initializer", "beta_regularizer", "gamma_regularizer",
        "beta_constraint", "gamma_constraint", "renorm", "renorm_clipping", "renorm_momentum", "synchronized",
    )  # fmt: skip

    def __init__(
        self,
        *,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        name: str | None = None,
    ) -> None:
        super().__init__(name=name)
        self.momentum: float = self.check("momentum", momentum)
        self.epsilon: float = self.check("epsilon", epsilon)
        self.center: bool = self.check("center", center)
        self.scale: bool = self.check("scale", scale)

    def build(self, store: ParameterStore, input_shape: Shape) -> Shape:
        if not input_shape:
            raise self.wants("layer-needs-features", "at least one feature per example, got (B,)")
        shape = (input_shape[-1],)
        ones, zeros = initializers.get("ones"), initializers.get("zeros")
        self.gamma = self.add_weight(store, "gamma", shape, ones) if self.scale else None
        self.beta = self.add_weight(store, "beta", shape, zeros) if self.center else None
        self.mean = self.add_weight(store, "moving_mean", shape, zeros, trainable=False)
        self.variance = self.add_weight(store, "moving_variance", shape, ones, trainable=False)
        return input_shape

    def forward(self, plan: Plan, x: Value, wish: Wish) -> Value:
        image = len(x.shape) == 3
        out = plan.value(x.shape, wish.margin)
        source, result = rows_of(x.data), rows_of(out.data)
        moving_mean, moving_variance = self.mean.array, self.variance.array
        base, offset, inverse, scale, shift = (plan.like(moving_mean) for _ in range(5))
        variance: Array = moving_variance
        centred = rows_of(plan.twin(x.data)) if image else plan.buffer(source.shape)
        slices = plan.slices(x.data) if image else [slice(0, len(source))]
        batch = self._by_batch(plan)
        if batch:
            variance = plan.like(moving_mean)
            self._plan_moments(plan, x.data, slices, base, centred, offset, variance)
            mean = plan.like(base)
            plan.update(np.add, base, offset, mean)
            for moving, found in ((moving_mean, mean), (moving_variance, variance)):
                self._follow(plan, moving, found)
        else:
            plan.call(np.copyto, base, moving_mean)
        plan.call(np.add, variance, plan.scalar(self.epsilon), inverse)
        plan.call(np.sqrt, inverse, inverse)
        plan.call(np.reciprocal, inverse, inverse)
        if self.gamma is not None:
            plan.call(np.multiply, inverse, self.gamma.array, scale)
        else:
            plan.call(np.copyto, scale, inverse)
        beta = plan.scalar(0) if self.beta is None else self.beta.array
        if batch:
            plan.call(np.multiply, offset, scale, shift)
            plan.call(np.subtract, beta, shift, shift)
        else:
            plan.call(np.copyto, shift, beta)
        plan.memo[self] = (centred, inverse, scale, offset if batch else None)

        def emit(s: slice) -> None:
            if not batch:
                plan.need(x.data, s.stop)
                plan.call(np.subtract, source[s], base[:, None], centred[s])
            plan.call(np.multiply, centred[s], scale[:, None], result[s])
            plan.call(np.add, result[s], shift[:, None], result[s])

        rows = plan.by_rows(out.data, emit, slices=slices)
        if not image:
            rows.upto()
        return out

    def _by_batch(self, plan: Plan) -> bool:
        """Whether the batch's own mean and variance are used: while training, unless frozen."""
        return plan.training and self.trainable

    def _plan_moments(
        self, plan: Plan, x: Array, slices: list[slice], base: Array, centred: Array, offset: Array, variance: Array
    ) -> None:
        """Plans x − base, how far the mean lies from base (`offset`), and the variance, over the whole batch.

        `base` is the mean of the first block of rows (of all, for vectors), so that squares about it lose nothing
        however far the mean lies from 0. Sums over rows, and what shards of a batch exchange, are float64: Σx and Σx²
        follow from each shard's sums about its own base.
        """
        source = rows_of(x)
        rows, channels, length = source.shape
        count, total = rows * length, rows * length // plan.batch * plan.examples
        ones = np.ones(length, source.dtype)
        per_row, sums = plan.buffer((2, rows, channels)), plan.buffer((2, channels), np.float64)
        first = slices[0]
        plan.need(x, first.stop)
        start = plan.buffer((first.stop - first.start, channels))
        near = plan.buffer((channels,), np.float64)
        plan.call(np.matmul, source[first], ones, start)
        plan.call(np.add.reduce, start, 0, np.float64, near)
        plan.call(_divide_into, (first.stop - first.start) * length, near, base)
        for s in slices:
            plan.need(x, s.stop)
            plan.call(np.subtract, source[s], base[:, None], centred[s])
            plan.call(np.matmul, centred[s], ones, per_row[0, s])
            plan.call(np.vecdot, centred[s], centred[s], per_row[1, s])
        plan.call(np.add.reduce, per_row, 1, np.float64, sums)
        if plan.examples != plan.batch:
            plan.call(_about_zero, base, count, sums)
            plan.exchange(sums)
            plan.call(_moments, np.zeros_like(base), base, sums, total, offset, variance)
        else:
            plan.call(_moments, base, base, sums, total, offset, variance)

    def _follow(self, plan: Plan, moving: Array, batch: Array) -> None:
        step = plan.like(moving)
        plan.update(np.subtract, batch, moving, step)
        plan.update(np.multiply, step, plan.scalar(1 - self.momentum), step)
        plan.update(np.add, moving, step, moving)

    def backward(self, plan: Plan, dy: Slope, wanted: Margin | None) -> Array | None:
        centred, inverse, scale, offset = plan.memo[self]
        slope = rows_of(dy.data)
        rows, channels, length = slope.shape
        image = dy.data.ndim == 4
        slices = plan.slices(dy.data) if image else [slice(0, rows)]
        both = plan.buffer((2, channels))  # Σ dy, Σ dy·x̂
        if self.learns(plan) or (offset is not None and wanted is not None):
            self._plan_sums(plan, dy.data, slices, both)
        for weight, found in ((self.beta, both[0]), (self.gamma, both[1])):
            if weight is not None and plan.learns(weight.block):
                plan.call(np.copyto, plan.slope(weight.block), found)
        if wanted is None:
            return None
        dx = plan.gradient(self.input_shape, wanted)
        result = rows_of(dx)
        if offset is not None:
            # dx = γ/√(σ² + ε) · (dy − mean(dy) − x̂·mean(dy·x̂)), as scale·dy + tilt·(x − base) + shift
            tilt, shift = plan.like(inverse), plan.like(inverse)
            plan.exchange(both)
            share = plan.scalar(-1 / (rows * length // plan.batch * plan.examples))
            plan.call(np.multiply, both, share, both)
            plan.call(np.multiply, both[1], scale, tilt)
            plan.call(np.multiply, tilt, inverse, tilt)
            plan.call(np.multiply, both[0], scale, both[0])
            plan.call(np.multiply, tilt, offset, shift)
            plan.call(np.subtract, both[0], shift, shift)

        def emit(s: slice) -> None:
            plan.need(dy.data, s.stop)
            plan.call(np.multiply, slope[s], scale[:, None], result[s])
            if offset is not None:  # otherwise the moving averages are constants
                part = plan.like(centred[s])
                plan.call(np.multiply, centred[s], tilt[:, None], part)
                plan.call(np.add, part, shift[:, None], part)
                plan.call(np.add, result[s], part, result[s])

        made = plan.by_rows(dx, emit, slices=slices)
        if not image:
            made.upto()
        return dx

    def _plan_sums(self, plan: Plan, dy: Array, slices: list[slice], both: Array) -> None:
        """Plans Σ dy and Σ dy·x̂ over the batch (of a shard)."""
        centred, inverse, _, offset = plan.memo[self]
        slope = rows_of(dy)
        rows, channels, length = slope.shape
        ones, per_row = np.ones(length, slope.dtype), plan.buffer((2, rows, channels))
        for s in slices:
            plan.need(dy, s.stop)
            plan.call(np.matmul, slope[s], ones, per_row[0, s])
            plan.call(np.vecdot, slope[s], centred[s], per_row[1, s])
        plan.call(np.add.reduce, per_row, 1, None, both)
        if offset is not None:
            moved = plan.like(inverse)
            plan.call(np.multiply, both[0], offset, moved)
            plan.call(np.subtract, both[1], moved, both[1])
        plan.call(np.multiply, both[1], inverse, both[1])

    def _held(self, channel: int) -> dict[str, float]:
        """γ, μ, √(σ² + ε) and β of a channel, μ and σ² the moving ones."""
        gamma, beta = (1.0 if self.gamma is None else self.gamma.array[channel],
                       0.0 if self.beta is None else self.beta.array[channel])  # fmt: skip
        variance = float(self.variance.array[channel])
        return {"γ": float(gamma), "μ": float(self.mean.array[channel]), "σ²": variance, "ε": self.epsilon,
                "√": (variance + self.epsilon) ** 0.5, "β": float(beta)}  # fmt: skip

    def terms(self, index: int, inputs: Sequence[Array]) -> Terms:
        x = float(inputs[0].flat[index])
        held = self._held(index % self.output_shape[-1])
        value = held["γ"] * (x - held["μ"]) / held["√"] + held["β"]
        return Formula("γ (x − μ) / √(σ² + ε) + β", "{γ}·({x} − {μ}) / {√} + {β}", {**held, "x": x}, value)

    def input_terms(self, which: int, index: int, inputs: Sequence[Array], slope: Array) -> Terms:
        held, passed_on = self._held(index % self.output_shape[-1]), float(slope.flat[index])
        parts = {**held, "∂a": passed_on}
        return Formula("γ/√(σ² + ε) · ∂J/∂a", "({γ} / {√})·{∂a}", parts, held["γ"] / held["√"] * passed_on, "scale")

    def weight_terms(self, name: str, place: tuple[int, ...], x: Array, slope: Array) -> Sum:
        slopes = slope.reshape(-1, self.output_shape[-1])[:, place[0]]
        if name == "beta":
            return Sum("products", "∂J/∂a", slopes)
        held, numbers = self._held(place[0]), x.reshape(-1, self.output_shape[-1])[:, place[0]].astype(np.float64)
        return Sum("products", "∂J/∂a · (x − μ)/√(σ² + ε)", (numbers - held["μ"]) / held["√"], slopes)

    def multiplications(self) -> int:
        return int(np.prod(self.input_shape))


@writes(1)
def _divide_into(count: int, sums: Array, mean: Array) -> None:
    """mean ← sums / count, rounded to the plan's dtype."""
    np.copyto(mean, sums / count, "same_kind")


@writes(1)
def _about_zero(base: Array, count: int, sums: Array) -> None:
    """Σx and Σx² (float64) from Σ(x − base) and Σ(x − base)² of `count` numbers a channel."""
    near = base.astype(np.float64)
    sums[1] += near * (2 * sums[0] + count * near)
    sums[0] += count * near


@writes(2)
def _moments(about: Array, base: Array, sums: Array, count: int, offset: Array, variance: Array) -> None:
    """Mean − base and variance from Σ(x − about) and Σ(x − about)² of `count` numbers a channel."""
    mean, square = sums / count
    variance[...] = np.maximum(square - mean * mean, 0)
    offset[...] = mean + about - base.astype(np.float64)
