"""Layers that behave differently while training: Dropout, BatchNormalization."""

from typing import Any

import numpy as np

from engine import initializers
from engine.core.arguments import Argument
from engine.core.parameters import ParameterStore
from engine.core.plan import Plan, Value
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
        plan.call(plan.rng.random, None, plan.dtype.type, draw)
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
        moving_mean = self.mean.of(plan.state)[:, None]
        moving_variance = self.variance.of(plan.state)[:, None]
        inverse, normalized = plan.like(moving_mean), plan.like(x.data)
        if plan.training:
            axes = tuple(a for a in range(x.data.ndim) if a != x.data.ndim - 2)
            per_feature = plan.scalar(x.shape[-1] / x.data.size)
            mean, variance, square = plan.like(moving_mean), plan.like(moving_mean), plan.like(x.data)
            summed = (1,) * (x.data.ndim - 2) + mean.shape
            plan.call(np.add.reduce, x.data, axes, None, mean.reshape(summed), True)
            plan.call(np.multiply, mean, per_feature, mean)
            plan.call(np.subtract, x.data, mean, normalized)
            plan.call(np.multiply, normalized, normalized, square)
            plan.call(np.add.reduce, square, axes, None, variance.reshape(summed), True)
            plan.call(np.multiply, variance, per_feature, variance)
            for moving, batch in ((moving_mean, mean), (moving_variance, variance)):
                self._follow(plan, moving, batch)
        else:
            mean, variance, axes = moving_mean, moving_variance, ()
            plan.call(np.subtract, x.data, mean, normalized)
        plan.call(np.add, variance, plan.scalar(self.epsilon), inverse)
        plan.call(np.sqrt, inverse, inverse)
        plan.call(np.reciprocal, inverse, inverse)
        plan.call(np.multiply, normalized, inverse, normalized)
        plan.memo[self] = (normalized, inverse, axes)
        source = normalized
        if self.gamma is not None:
            plan.call(np.multiply, normalized, self.gamma.of(plan.values)[:, None], out.data)
            source = out.data
        beta: Any = plan.scalar(0) if self.beta is None else self.beta.of(plan.values)[:, None]
        plan.call(np.add, source, beta, out.data)
        return out

    def _follow(self, plan: Plan, moving: Array, batch: Array) -> None:
        step = plan.like(moving)
        plan.update(np.subtract, batch, moving, step)
        plan.update(np.multiply, step, plan.scalar(1 - self.momentum), step)
        plan.update(np.add, moving, step, moving)

    def backward(self, plan: Plan, dy: Array, wants_dx: bool) -> Array | None:
        normalized, inverse, axes = plan.memo[self]
        product, dbeta, dgamma = plan.like(dy), plan.like(inverse), plan.like(inverse)
        summed = (1,) * (dy.ndim - 2) + inverse.shape
        plan.call(np.add.reduce, dy, axes, None, dbeta.reshape(summed), True)
        plan.call(np.multiply, dy, normalized, product)
        plan.call(np.add.reduce, product, axes, None, dgamma.reshape(summed), True)
        if self.beta is not None:
            plan.call(np.copyto, self.beta.of(plan.gradients)[:, None], dbeta)
        if self.gamma is not None:
            plan.call(np.copyto, self.gamma.of(plan.gradients)[:, None], dgamma)
        if not wants_dx:
            return None
        # dx = γ/√(σ²+ε) · (dy − mean(dy) − x̂·mean(dy·x̂))
        dx, per_feature = plan.like(dy), plan.scalar(inverse.shape[0] / dy.size)
        plan.call(np.multiply, dbeta, per_feature, dbeta)
        plan.call(np.multiply, dgamma, per_feature, dgamma)
        plan.call(np.multiply, normalized, dgamma, product)
        plan.call(np.subtract, dy, product, dx)
        plan.call(np.subtract, dx, dbeta, dx)
        plan.call(np.multiply, dx, inverse, dx)
        if self.gamma is not None:
            plan.call(np.multiply, dx, self.gamma.of(plan.values)[:, None], dx)
        return dx

    def multiplications(self) -> int:
        return 2 * int(np.prod(self.input_shape))
