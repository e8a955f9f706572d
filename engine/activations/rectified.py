"""Activations with corners, and those that bend one side: forward and backward of each."""

from typing import Any

import numpy as np

from engine.activations.base import row_of
from engine.core.plan import Plan
from engine.core.types import Array


def linear(plan: Plan, z: Array, a: Array) -> None:
    if a is not z:
        plan.call(np.copyto, a, z)


def linear_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    if dz is not da:
        plan.call(np.copyto, dz, da)


def relu(plan: Plan, z: Array, a: Array) -> None:
    plan.maximum(z, row_of(plan, z, 0), a)


def relu_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    # As whole numbers: −a has its sign bit set just where a > 0; shifted down it is a mask of ones there.
    whole = np.int32 if plan.dtype == np.float32 else np.int64
    mask = plan.like(a, whole)
    plan.call(np.negative, a.view(whole), mask)
    plan.call(np.right_shift, mask, np.array(8 * mask.itemsize - 1, whole), mask)
    plan.call(np.bitwise_and, mask, da.view(whole), dz.view(whole))


def relu6(plan: Plan, z: Array, a: Array) -> None:
    plan.maximum(z, row_of(plan, z, 0), a)
    plan.minimum(a, row_of(plan, a, 6), a)


def relu6_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    open_ = plan.like(z, bool)
    below = plan.like(z, bool)
    plan.call(np.greater, a, plan.scalar(0), open_)
    plan.call(np.less, a, plan.scalar(6), below)
    plan.call(np.logical_and, open_, below, below)
    plan.call(np.multiply, da, below, dz)


def step(plan: Plan, z: Array, a: Array) -> None:
    plan.call(np.greater_equal, z, plan.scalar(0), a)


def step_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    plan.call(np.multiply, da, plan.scalar(0), dz)


def leaky_forward(plan: Plan, z: Array, a: Array, slope: float) -> None:
    """a = z where z > 0, else slope·z (0 ≤ slope ≤ 1)."""
    plan.call(np.multiply, z, plan.scalar(slope), a)
    plan.maximum(z, a, a)


def leaky_backward(plan: Plan, da: Array, z: Array, dz: Array, slope: float) -> None:
    positive, factor = plan.like(z, bool), plan.like(z)
    plan.call(np.greater, z, plan.scalar(0), positive)
    plan.call(np.multiply, positive, plan.scalar(1 - slope), factor)
    plan.call(np.add, factor, plan.scalar(slope), factor)
    plan.call(np.multiply, da, factor, dz)


def elu(plan: Plan, z: Array, a: Array) -> Array:
    below = plan.like(z)
    plan.minimum(z, row_of(plan, z, 0), below)
    plan.call(np.expm1, below, below)
    plan.maximum(z, row_of(plan, z, 0), a)
    plan.call(np.add, a, below, a)
    return below


def elu_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    slope = plan.like(z)
    plan.call(np.add, memo, plan.scalar(1), slope)
    plan.call(np.multiply, da, slope, dz)


SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
"""λ and α with which layer after layer of normal numbers keeps mean 0 and variance 1."""


def selu(plan: Plan, z: Array, a: Array) -> Array:
    below = plan.like(z)
    plan.minimum(z, row_of(plan, z, 0), below)
    plan.call(np.expm1, below, below)
    plan.call(np.multiply, below, plan.scalar(SELU_ALPHA), below)
    plan.maximum(z, row_of(plan, z, 0), a)
    plan.call(np.add, a, below, a)
    plan.call(np.multiply, a, plan.scalar(SELU_SCALE), a)
    return below


def selu_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    # g′ = λ·(αe^z) below zero, which is λ·(memo + α), and λ above it, where memo is 0
    slope, above = plan.like(z), plan.like(z, bool)
    plan.call(np.greater, z, plan.scalar(0), above)
    plan.call(np.multiply, above, plan.scalar(1 - SELU_ALPHA), slope)
    plan.call(np.add, slope, memo, slope)
    plan.call(np.add, slope, plan.scalar(SELU_ALPHA), slope)
    plan.call(np.multiply, slope, plan.scalar(SELU_SCALE), slope)
    plan.call(np.multiply, da, slope, dz)


def hard_sigmoid(plan: Plan, z: Array, a: Array) -> None:
    plan.call(np.divide, z, plan.scalar(6), a)
    plan.call(np.add, a, plan.scalar(0.5), a)
    plan.maximum(a, row_of(plan, a, 0), a)
    plan.minimum(a, row_of(plan, a, 1), a)


def hard_sigmoid_back(plan: Plan, da: Array, z: Array, a: Array, dz: Array, memo: Any) -> None:
    inside, below = plan.like(z, bool), plan.like(z, bool)
    slope = plan.like(z)
    plan.call(np.greater, z, plan.scalar(-3), inside)
    plan.call(np.less, z, plan.scalar(3), below)
    plan.call(np.logical_and, inside, below, inside)
    plan.call(np.multiply, inside, plan.scalar(1 / 6), slope)
    plan.call(np.multiply, da, slope, dz)
