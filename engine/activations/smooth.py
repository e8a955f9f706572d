"""Smooth activations: forward and backward of each."""

from typing import Any

import numpy as np

from engine.core.plan import Plan, writes
from engine.core.special import erf
from engine.core.types import Array


def sigmoid_into(plan: Plan, z: Array, a: Array) -> None:
    """Plans a = 1/(1 + e^(−z)), the exponent held where it cannot overflow."""
    plan.call(np.negative, z, a)
    plan.minimum(a, plan.scalar(87.0 if plan.dtype == np.float32 else 700.0), a)
    plan.call(np.exp, a, a)
    plan.call(np.add, a, plan.scalar(1), a)
    plan.call(np.reciprocal, a, a)


def sigmoid_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    slope = plan.like(z)
    plan.call(np.subtract, plan.scalar(1), a, slope)
    plan.call(np.multiply, slope, a, slope)
    plan.call(np.multiply, da, slope, dz)


def tanh(plan: Plan, z: Array, a: Array) -> None:
    plan.call(np.tanh, z, a)


def tanh_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    slope = plan.like(z)
    plan.call(np.multiply, a, a, slope)
    plan.call(np.multiply, slope, da, slope)
    plan.call(np.subtract, da, slope, dz)


@writes(1)
def cumulative(z: Array, gate: Array) -> None:
    """gate ← Φ(z), the normal distribution's."""
    np.multiply(0.5, 1.0 + erf(z * np.sqrt(0.5, dtype=z.dtype)), out=gate)


def gelu(plan: Plan, z: Array, a: Array) -> Array:
    gate = plan.like(z)
    plan.call(cumulative, z, gate)
    plan.call(np.multiply, z, gate, a)
    return gate


def gelu_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    density = plan.like(z)
    plan.call(np.multiply, z, z, density)
    plan.call(np.multiply, density, plan.scalar(-0.5), density)
    plan.call(np.exp, density, density)
    plan.call(np.multiply, density, plan.scalar(1 / np.sqrt(2 * np.pi)), density)
    plan.call(np.multiply, density, z, density)
    plan.call(np.add, density, memo, density)
    plan.call(np.multiply, da, density, dz)


def swish(plan: Plan, z: Array, a: Array) -> Array:
    gate = plan.like(z)
    sigmoid_into(plan, z, gate)
    plan.call(np.multiply, z, gate, a)
    return gate


def swish_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    slope = plan.like(z)
    plan.call(np.subtract, plan.scalar(1), memo, slope)
    plan.call(np.multiply, slope, a, slope)
    plan.call(np.add, slope, memo, slope)
    plan.call(np.multiply, da, slope, dz)


def softsign(plan: Plan, z: Array, a: Array) -> Array:
    size = plan.like(z)
    plan.call(np.absolute, z, size)
    plan.call(np.add, size, plan.scalar(1), size)
    plan.call(np.divide, z, size, a)
    return size


def softsign_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    square = plan.like(z)
    plan.call(np.multiply, memo, memo, square)
    plan.call(np.divide, da, square, dz)


def exponential(plan: Plan, z: Array, a: Array) -> None:
    plan.call(np.exp, z, a)


def exponential_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    plan.call(np.multiply, da, a, dz)


def mish(plan: Plan, z: Array, a: Array) -> Array:
    gate = plan.like(z)
    plan.call(np.logaddexp, plan.scalar(0), z, gate)
    plan.call(np.tanh, gate, gate)
    plan.call(np.multiply, z, gate, a)
    return gate


def mish_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    # g′ = t + z·(1 − t²)·σ(z)  with t = tanh(ln(1 + e^z))
    slope, sigma = plan.like(z), plan.like(z)
    sigmoid_into(plan, z, sigma)
    plan.call(np.multiply, memo, memo, slope)
    plan.call(np.subtract, plan.scalar(1), slope, slope)
    plan.call(np.multiply, slope, sigma, slope)
    plan.call(np.multiply, slope, z, slope)
    plan.call(np.add, slope, memo, slope)
    plan.call(np.multiply, da, slope, dz)


def softplus(plan: Plan, z: Array, a: Array) -> None:
    plan.call(np.logaddexp, plan.scalar(0), z, a)


def softplus_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    slope = plan.like(z)
    sigmoid_into(plan, z, slope)
    plan.call(np.multiply, da, slope, dz)


def plan_softmax_parts(plan: Plan, z: Array, shifted: Array, e: Array) -> Array:
    """Plans shifted ← z − max z, e ← e^shifted (they may be one buffer) and returns the buffer of Σ e."""
    edge = plan.buffer((*z.shape[:-2], 1, z.shape[-1]))
    plan.call(np.maximum.reduce, z, -2, None, edge, True)
    plan.call(np.subtract, z, edge, shifted)
    plan.call(np.exp, shifted, e)
    plan.call(np.add.reduce, e, -2, None, edge, True)
    return edge


def softmax(plan: Plan, z: Array, a: Array) -> None:
    plan.call(np.divide, a, plan_softmax_parts(plan, z, a, a), a)


def softmax_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    product = plan.like(z)
    dot = plan.buffer((*z.shape[:-2], 1, z.shape[-1]))
    plan.call(np.multiply, da, a, product)
    plan.call(np.add.reduce, product, -2, None, dot, True)
    plan.call(np.subtract, da, dot, product)
    plan.call(np.multiply, product, a, dz)
