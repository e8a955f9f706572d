"""What a loss is, and the registry."""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.core.arguments import Argument
from engine.core.calls import Foreign, Part, worded
from engine.core.errors import EngineError
from engine.core.plan import Plan, inner, total
from engine.core.registry import Registry
from engine.core.terms import Formula, LossTerms
from engine.core.types import Array, Config, Shape


class Number(float):
    """A number that also answers `.numpy()`, as a tensor does."""

    def numpy(self) -> float:
        return float(self)


class Loss(metaclass=Part):
    """Subclasses plan `value_and_gradient`; those that can be joined with an activation say so in `joins`.

    `plan(plan, y, t, z)` appends the calls; with z given (the input of the activation named in `joins`) the returned
    buffer is ∂J/∂z, else ∂J/∂y.
    """

    name: ClassVar[str]
    formula: ClassVar[str]
    doc: ClassVar[str] = ""
    tasks: ClassVar[tuple[str, ...]] = ()
    joins: ClassVar[str | None] = None
    arguments: ClassVar[tuple[Argument, ...]] = ()
    encodes: bool = False
    """Whether targets of the right shape still need checking or translating."""
    weighs: ClassVar[bool] = True
    """Whether examples can count more or less (sample_weight, class_weight)."""
    python_only: ClassVar[tuple[Argument, ...]] = ()
    """Arguments beside `arguments` that no menu and no spec has."""
    foreign: ClassVar[dict[str, Foreign]] = {
        "name": Foreign(),
        "dtype": Foreign("losses are computed in the model's dtype", (None, "float32")),
        "axis": Foreign("classes are along the last axis", (-1,)),
        "ignore_class": Foreign("give those examples the sample_weight 0"),
        "reduction": Foreign(
            "losses are means over the batch; learning_rate scales them", ("sum_over_batch_size", "auto", "mean")
        ),
    }

    order: ClassVar[tuple[str, ...]] = ("reduction", "name", "dtype")

    def __init__(self, *, from_logits: bool = False) -> None:
        if from_logits and self.joins is None:
            raise EngineError(
                "no-logits", "{loss} has no logits form; from_logits is for the cross-entropies", loss=self.name
            )
        if not isinstance(from_logits, bool):
            raise EngineError(
                "value-yes-no",
                "{who} expected {argument} to be True or False, got {got!w}",
                who=self.name,
                argument="from_logits",
                got=from_logits,
            )
        self.from_logits = from_logits

    @property
    def wants(self) -> tuple[float, float]:
        """The answers of a single output that it wants of classes 0 and 1: those of logits lie at infinity."""
        return (-np.inf, np.inf) if self.from_logits else (0.0, 1.0)

    def encode(self, targets: Array, output_shape: Shape, dtype: np.dtype[Any]) -> Array:
        """Targets as an array (B, *output_shape) of the model's dtype, or a ValueError."""
        t = np.asarray(targets)
        if t.ndim == len(output_shape) and output_shape[-1:] == (1,):
            t = t[..., None]
        if t.shape[1:] != output_shape:
            raise ValueError(
                f"{self.name} wants targets of shape {shape_words(('B', *output_shape))}, "
                f"got {shape_words(('B', *t.shape[1:]))}"
            )
        return t.astype(dtype, copy=False)

    def plan(self, plan: Plan, y: Array, t: Array, z: Array | None, gradient: bool) -> Array | None:
        raise NotImplementedError

    def terms(self, k: int, y: Array, t: Array, z: Array | None, examples: int) -> LossTerms:
        """What the loss of output k of one example and its slope are made of.

        y are this example's outputs, t its (encoded) targets, z what its last activation was given, where loss and
        activation are one formula, and `examples` how many the batch has.
        """
        raise NotImplementedError(f"{self.name} does not say what its numbers are made of: see Loss.terms")

    def averaged(self, shape: Shape, examples: int) -> int:
        """How many numbers J is the mean of, for outputs of a shape."""
        return int(np.prod(shape)) * examples

    def told(self, y: Array, examples: int, loss: Formula, slope: Formula) -> LossTerms:
        """The terms of a loss and of its slope, which J's mean divides by N."""
        over = self.averaged(y.shape, examples)
        if over == 1:
            return LossTerms(loss, slope, over)
        return LossTerms(
            loss,
            Formula(f"{slope.formula} / N", f"{slope.numbers} / {over}", slope.parts, slope.value / over),
            over,
        )

    def get_config(self) -> Config:
        config: Config = {"name": self.name}
        if self.joins:
            config["from_logits"] = self.from_logits
        config |= {a.name: getattr(self, a.name) for a in self.arguments}
        return config | {a.name: v for a in self.python_only if (v := getattr(self, a.name)) != a.default}

    @worded(who="a loss")
    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Number:
        """The loss of outputs (B, …) against targets, as a number: Σᵢ wᵢ·Lᵢ / B with weights (B,)."""
        y = np.asarray(y_pred)
        y = y.astype(y.dtype if y.dtype in (np.float32, np.float64) else np.float64)
        if not len(y):
            raise ValueError(f"{self.name} expected at least one example, got none")
        y = y[:, None] if y.ndim == 1 else y
        plan = Plan.lone(len(y), y.dtype)
        t = self.encode(np.asarray(y_true), y.shape[1:], y.dtype)
        if len(t) != len(y):
            raise ValueError(f"{self.name} expected as many targets as outputs, got {len(t)} and {len(y)}")
        if sample_weight is not None:
            plan.weights = np.broadcast_to(np.asarray(sample_weight, y.dtype).reshape(-1), len(y))
        self.plan(plan, np.ascontiguousarray(np.moveaxis(y, 0, -1)), np.moveaxis(t, 0, -1), None, False)
        plan.run()
        return Number(plan.loss_value())


def shape_words(shape: tuple[object, ...]) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def plan_total(plan: Plan, terms: Array, out: Array) -> None:
    """Plans out ← Σ w·terms, w the examples' weights; the terms may be written over."""
    if plan.weights is not None:
        plan.call(np.multiply, terms, plan.weights, terms)
    total(plan, terms, out)


def plan_inner(plan: Plan, a: Array, b: Array, out: Array) -> None:
    """Plans out ← Σ w·a·b."""
    if plan.weights is None:
        inner(plan, a, b, out)
        return
    product = plan.like(a)
    plan.call(np.multiply, a, b, product)
    plan_total(plan, product, out)


losses: Registry[Callable[..., Loss]] = Registry("loss")


def register(cls: type[Loss]) -> type[Loss]:
    losses.add(cls.name, cls)
    return cls
