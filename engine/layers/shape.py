"""Layers that only change the shape of an example: Flatten, Reshape."""

from collections.abc import Sequence

import numpy as np

from engine.core.arguments import Argument
from engine.core.parameters import ParameterStore
from engine.core.plan import Plan, Value
from engine.core.types import Array, Shape
from engine.layers.base import Layer, positive_shape, register


class _Reshaping(Layer):
    """Copies x into a buffer of another shape (the batch is last, so the order of an example's numbers is kept)."""

    def forward(self, plan: Plan, x: Value) -> Value:
        out = plan.value(self.output_shape)
        plan.call(np.copyto, out.data.reshape(x.data.shape), x.data)
        return out

    def backward(self, plan: Plan, dy: Array, wants_dx: bool) -> Array | None:
        return dy.reshape((*self.input_shape, plan.batch)) if wants_dx else None


@register
class Flatten(_Reshaping):
    """(B, d1, …, dk) → (B, d1·…·dk)."""

    doc = "an image or volume becomes a vector"

    def build(self, store: ParameterStore, input_shape: Shape) -> Shape:
        return (int(np.prod(input_shape)),)


@register
class Reshape(_Reshaping):
    """(B, d1, …, dk) → (B, *target_shape); one entry may be −1 and is worked out."""

    doc = "the same numbers in another shape"
    arguments = (Argument("target_shape", "shape", None, doc="shape of one example, −1 for one unknown"),)

    def __init__(self, target_shape: Sequence[int], *, name: str | None = None) -> None:
        super().__init__(name=name)
        self.target_shape: Shape = self.check("target_shape", target_shape)

    def build(self, store: ParameterStore, input_shape: Shape) -> Shape:
        size = int(np.prod(input_shape))
        known = int(np.prod([n for n in self.target_shape if n != -1], dtype=np.int64))
        unknown = self.target_shape.count(-1)
        fits = size % known == 0 if unknown == 1 and known else known == size and unknown == 0
        if not fits or not self.target_shape:
            raise self.wants(f"a target_shape of {size} numbers", f"{self.target_shape} for an input of {input_shape}")
        shape = tuple(size // known if n == -1 else n for n in self.target_shape)
        if not positive_shape(shape):
            raise self.wants("positive sizes", shape)
        return shape
