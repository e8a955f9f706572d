"""What the colours of a quantity mean: one scale for each, wherever it is drawn."""

from dataclasses import dataclass
from typing import Any, Literal, TypedDict

import numpy as np

from engine.core.types import Array
from engine.decision import turn
from engine.views.base import ViewContext


class ScaleTold(TypedDict):
    """What the colours of a quantity mean: middle has the ground's colour, middle ± reach the ends'."""

    kind: Literal["signed", "classes"]
    middle: float
    reach: float


@dataclass(frozen=True)
class Scale:
    """middle has the ground's colour; middle ± reach have the ends' colours, and so has what lies beyond.

    kind: signed (one colour below the middle, another above) or classes (unit k goes from the ground to class k's).
    """

    kind: Literal["signed", "classes"]
    middle: float
    reach: float

    def describe(self) -> ScaleTold:
        return {"kind": self.kind, "middle": self.middle, "reach": self.reach}

    def bytes(self, context: ViewContext, values: Array) -> Array:
        """uint8 with 128 at the middle and 1 … 255 at the ends, unless exact numbers were asked for."""
        return quantised(context, values, self.middle, self.reach)


def quantised(context: ViewContext, values: Array, middle: float, reach: Any) -> Array:
    """uint8 with 128 at the middle, also where there is no number; reach may differ along the first axis."""
    finite = np.nan_to_num(values, nan=middle, posinf=middle, neginf=middle)
    if context.exact:
        return np.ascontiguousarray(finite, np.float32)
    # Divided first: 127/reach is no float32 where the largest value is tiny.
    inside = np.clip((finite - middle) / reach, -1, 1)
    return np.ascontiguousarray(inside * 127 + 128.5).astype(np.uint8)


def largest(values: Array) -> float:
    """The largest size of finite numbers; 1 where all are 0."""
    finite: Any = np.nan_to_num(values, posinf=0, neginf=0)
    return (float(max(finite.max(), -finite.min())) if finite.size else 0.0) or 1.0


def around_zero(values: Array) -> Scale:
    """Of numbers that mean nothing else: 0 is the ground, the largest size an end."""
    return Scale("signed", 0.0, largest(values))


def scale_of_answers(context: ViewContext) -> Scale | None:
    """Of what the last layer answers, in the model's unit; None where that is no number or class of its own.

    One probability: even odds are the ground and each class is an end. Several: each goes from 0 to its class's
    colour. A number: the ends hold all targets, and 0 is the ground if there are targets on both sides of it, else
    their median is.
    """
    if "answers" not in context.cache:
        context.cache["answers"] = _scale_of_answers(context)
    found: Scale | None = context.cache["answers"]
    return found


def _scale_of_answers(context: ViewContext) -> Scale | None:
    trainer = context.trainer
    data = trainer.data
    if data.task == "multiclass":
        return Scale("classes", 0.0, 1.0)
    if data.task == "binary":
        return Scale("signed", *turn(trainer.model))
    if data.task == "regression" and data.y.shape[1:] == (1,):
        y = data.answers(data.y)
        middle = 0.0 if y.min() < 0 < y.max() else float(np.median(y))
        reach = float(np.abs(y - middle).max()) or 1.0
        return Scale("signed", (middle - data.target_offset) / data.target_scale, reach / data.target_scale)
    return None


def in_units(context: ViewContext, scale: Scale) -> Scale:
    """A scale of a regression's outputs in the unit of the target."""
    data = context.trainer.data
    middle = float(data.answers(np.array([scale.middle]))[0])
    return Scale(scale.kind, middle, scale.reach * data.target_scale)
