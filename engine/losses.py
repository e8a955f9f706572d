"""Losses. Each plans its value and its gradient ∂J/∂y together, over buffers with the batch last.

Letters: y what the model says, t the target, z logits, p probabilities, N the number of averaged terms. Averages are
Keras's (`sum_over_batch_size`): over the batch, and for the regression losses over the outputs as well.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from engine.activations import Activation, activations, sigmoid_into
from engine.core.arguments import Argument
from engine.core.calls import Foreign, Part, worded
from engine.core.plan import Plan, inner, total
from engine.core.registry import Registry
from engine.core.types import Array, Config, Shape
from engine.foreign import LOSS_NAMES, missing_names

CLIP = 1e-7  # Keras's epsilon: probabilities are kept this far from 0 and 1


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

    def __init__(self, from_logits: bool = False) -> None:
        if from_logits and self.joins is None:
            raise ValueError(f"{self.name} has no logits form; from_logits is for the cross-entropies")
        if not isinstance(from_logits, bool):
            raise ValueError(f"{self.name} expected from_logits to be True or False, got {from_logits!r}")
        self.from_logits = from_logits

    def encode(self, targets: Array, output_shape: Shape, dtype: np.dtype[Any]) -> Array:
        """Targets as an array (B, *output_shape) of the model's dtype, or a ValueError."""
        t = np.asarray(targets)
        if t.ndim == len(output_shape) and output_shape[-1:] == (1,):
            t = t[..., None]
        if t.shape[1:] != output_shape:
            raise ValueError(
                f"{self.name} wants targets of shape {_words(('B', *output_shape))}, got {_words(('B', *t.shape[1:]))}"
            )
        return t.astype(dtype, copy=False)

    def plan(self, plan: Plan, y: Array, t: Array, z: Array | None, gradient: bool) -> Array | None:
        raise NotImplementedError

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


def _words(shape: tuple[object, ...]) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def _total(plan: Plan, terms: Array, out: Array) -> None:
    """Plans out ← Σ w·terms, w the examples' weights; the terms may be written over."""
    if plan.weights is not None:
        plan.call(np.multiply, terms, plan.weights, terms)
    total(plan, terms, out)


def _inner(plan: Plan, a: Array, b: Array, out: Array) -> None:
    """Plans out ← Σ w·a·b."""
    if plan.weights is None:
        inner(plan, a, b, out)
        return
    product = plan.like(a)
    plan.call(np.multiply, a, b, product)
    _total(plan, product, out)


losses: Registry[Callable[..., Loss]] = Registry("loss")


def register(cls: type[Loss]) -> type[Loss]:
    losses.add(cls.name, cls)
    return cls


SMOOTHING = Argument("label_smoothing", "float", 0.0, minimum=0, maximum=1, doc="how far targets move to the middle")


def smoothed(t: Array, amount: float, classes: int) -> Array:
    """t·(1 − ε) + ε/K (Szegedy et al. 2015, section 7)."""
    return np.asarray(t * (1 - amount) + amount / classes, t.dtype) if amount else t


@register
class MeanSquaredError(Loss):
    """J = 1/N Σ (y − t)²,  ∂J/∂y = 2(y − t)/N."""

    name = "mse"
    formula = r"L = (\hat y - y)^2"
    doc = "large errors weigh most; the usual choice for numbers"
    tasks = ("regression", "binary", "multiclass", "reconstruction", "landmarks")
    factor = 1.0

    def plan(self, plan: Plan, y: Array, t: Array, z: Array | None, gradient: bool) -> Array | None:
        d = plan.like(y)
        plan.call(np.subtract, y, t, d)
        _inner(plan, d, d, plan.loss)
        plan.loss_scale = self.factor / plan.count(y)
        if not gradient:
            return None
        dy = plan.like(y)
        plan.call(np.multiply, d, plan.scalar(2 * self.factor / plan.count(y)), dy)
        return dy


@register
class HalfMeanSquaredError(MeanSquaredError):
    """J = 1/(2N) Σ (y − t)²: the course's J for regression, ∂J/∂y = (y − t)/N."""

    name = "half_mse"
    formula = r"L = \tfrac12 (\hat y - y)^2"
    doc = "half of mse, so that its slope is just the error"
    factor = 0.5


@register
class MeanAbsoluteError(Loss):
    """J = 1/N Σ |y − t|,  ∂J/∂y = sign(y − t)/N."""

    name = "mae"
    formula = r"L = |\hat y - y|"
    doc = "all errors weigh alike, so outliers pull less"
    tasks = ("regression", "binary", "multiclass", "reconstruction", "landmarks")

    def plan(self, plan: Plan, y: Array, t: Array, z: Array | None, gradient: bool) -> Array | None:
        d, size = plan.like(y), plan.like(y)
        plan.call(np.subtract, y, t, d)
        plan.call(np.absolute, d, size)
        _total(plan, size, plan.loss)
        plan.loss_scale = 1 / plan.count(y)
        if not gradient:
            return None
        dy = plan.like(y)
        plan.call(np.sign, d, dy)
        plan.call(np.multiply, dy, plan.scalar(1 / plan.count(y)), dy)
        return dy


@register
class Huber(Loss):
    """e = y − t: L = e²/2 where |e| ≤ δ, else δ|e| − δ²/2; ∂L/∂y = clip(e, −δ, δ) (Huber 1964)."""

    name = "huber"
    formula = r"L = \tfrac12 e^2 \text{ if } |e| \le \delta \text{ else } \delta |e| - \tfrac12 \delta^2"
    doc = "squared near zero, absolute far away"
    tasks = ("regression", "binary", "multiclass", "reconstruction", "landmarks")
    arguments = (Argument("delta", "float", 1.0, above=0, doc="where it turns from squared to absolute"),)

    def __init__(self, delta: float = 1.0, from_logits: bool = False) -> None:
        super().__init__(from_logits)
        self.delta: float = self.arguments[0].check("huber", delta)

    def plan(self, plan: Plan, y: Array, t: Array, z: Array | None, gradient: bool) -> Array | None:
        d, r, half = plan.like(y), plan.like(y), plan.like(y)
        plan.call(np.subtract, y, t, d)
        plan.minimum(d, plan.scalar(self.delta), r)
        plan.maximum(r, plan.scalar(-self.delta), r)
        plan.call(np.multiply, r, plan.scalar(0.5), half)
        plan.call(np.subtract, d, half, half)  # L = r·(e − r/2)
        _inner(plan, r, half, plan.loss)
        plan.loss_scale = 1 / plan.count(y)
        if not gradient:
            return None
        dy = plan.like(y)
        plan.call(np.multiply, r, plan.scalar(1 / plan.count(y)), dy)
        return dy


@register
class BinaryCrossentropy(Loss):
    """L = −t ln p − (1 − t) ln(1 − p).

    From logits, or joined with a sigmoid: L = max(z, 0) − t·z + ln(1 + e^(−|z|)), ∂L/∂z = σ(z) − t, exact for any z.
    """

    name = "binary_crossentropy"
    encodes = True
    formula = r"L = -y \ln \hat y - (1 - y) \ln(1 - \hat y)"
    doc = "two classes from one probability"
    tasks = ("binary", "reconstruction")
    joins = "sigmoid"
    python_only = (SMOOTHING,)

    def __init__(self, from_logits: bool = False, label_smoothing: float = 0.0) -> None:
        super().__init__(from_logits)
        self.label_smoothing: float = SMOOTHING.check(self.name, label_smoothing)

    def encode(self, targets: Array, output_shape: Shape, dtype: np.dtype[Any]) -> Array:
        t = super().encode(targets, output_shape, dtype)
        if t.size and (t.min() < 0 or t.max() > 1):
            raise ValueError(f"{self.name} wants targets in [0, 1], got {t.min():g} to {t.max():g}")
        return smoothed(t, self.label_smoothing, 2)

    def plan(self, plan: Plan, y: Array, t: Array, z: Array | None, gradient: bool) -> Array | None:
        if self.from_logits or z is not None:
            return self._from_logits(plan, y if z is None else z, None if z is None else y, t, gradient)
        p, q, log = plan.like(y), plan.like(y), plan.like(y)
        terms = plan.like(y)
        plan.maximum(y, plan.scalar(CLIP), p)
        plan.minimum(p, plan.scalar(1 - CLIP), p)
        plan.call(np.subtract, plan.scalar(1), p, q)
        plan.call(np.log, q, log)  # ln(1−p) + t·(ln p − ln(1−p))
        plan.call(np.log, p, terms)
        plan.call(np.subtract, terms, log, terms)
        plan.call(np.multiply, terms, t, terms)
        plan.call(np.add, terms, log, terms)
        _total(plan, terms, plan.loss)
        plan.loss_scale = -1 / plan.count(y)
        if not gradient:
            return None
        dy = plan.like(y)
        plan.call(np.multiply, p, q, q)
        plan.call(np.subtract, p, t, dy)
        plan.call(np.divide, dy, q, dy)
        plan.call(np.multiply, dy, plan.scalar(1 / plan.count(y)), dy)
        return dy

    def _from_logits(self, plan: Plan, z: Array, p: Array | None, t: Array, gradient: bool) -> Array | None:
        value, product = plan.like(z), plan.like(z)
        plan.call(np.logaddexp, plan.scalar(0), z, value)
        plan.call(np.multiply, z, t, product)
        plan.call(np.subtract, value, product, value)
        _total(plan, value, plan.loss)
        plan.loss_scale = 1 / plan.count(z)
        if not gradient:
            return None
        if p is None:
            p = plan.like(z)
            sigmoid_into(plan, z, p)
        dz = plan.like(z)
        plan.call(np.subtract, p, t, dz)
        plan.call(np.multiply, dz, plan.scalar(1 / plan.count(z)), dz)
        return dz


@register
class CategoricalCrossentropy(Loss):
    """L = −Σₖ tₖ ln pₖ over the last axis, t one-hot or a distribution (p is scaled to sum to 1, as in Keras).

    From logits, or joined with a softmax: ln p = z − max z − ln Σ e^(z − max z), ∂L/∂z = p·Σt − t.
    """

    name = "categorical_crossentropy"
    formula = r"L = -\sum_k y_k \ln \hat y_k"
    doc = "several classes, targets as one-hot rows"
    tasks = ("multiclass",)
    joins = "softmax"
    python_only: ClassVar[tuple[Argument, ...]] = (SMOOTHING,)
    one_hot = False

    def __init__(self, from_logits: bool = False, label_smoothing: float = 0.0) -> None:
        super().__init__(from_logits)
        self.label_smoothing: float = SMOOTHING.check(self.name, label_smoothing)
        self.encodes = self.encodes or self.label_smoothing > 0

    def encode(self, targets: Array, output_shape: Shape, dtype: np.dtype[Any]) -> Array:
        return smoothed(super().encode(targets, output_shape, dtype), self.label_smoothing, output_shape[-1])

    def plan(self, plan: Plan, y: Array, t: Array, z: Array | None, gradient: bool) -> Array | None:
        rows = plan.count(y) // y.shape[-2]
        plan.loss_scale = -1 / rows
        if self.from_logits or z is not None:
            return self._from_logits(plan, y if z is None else z, None if z is None else y, t, gradient, rows)
        per_row = (*y.shape[:-2], 1, y.shape[-1])
        p, scaled, log = plan.like(y), plan.like(y), plan.like(y)
        mass = plan.buffer(per_row)
        plan.call(np.add.reduce, y, -2, None, mass, True)
        plan.call(np.divide, y, mass, scaled)
        plan.maximum(scaled, plan.scalar(CLIP), p)
        plan.minimum(p, plan.scalar(1 - CLIP), p)
        plan.call(np.log, p, log)
        plan.call(np.multiply, log, t, log)
        _total(plan, log, plan.loss)
        if not gradient:
            return None
        # ∂L/∂y = (Σ t·s/p − t/p)/Σy with s the scaled and p the clipped probabilities
        dy, back = plan.like(y), plan.buffer(per_row)
        plan.call(np.divide, t, p, dy)
        plan.call(np.multiply, dy, scaled, log)
        plan.call(np.add.reduce, log, -2, None, back, True)
        plan.call(np.subtract, back, dy, dy)
        plan.call(np.divide, dy, mass, dy)
        plan.call(np.multiply, dy, plan.scalar(1 / rows), dy)
        return dy

    def _from_logits(self, plan: Plan, z: Array, p: Array | None, t: Array, gradient: bool, rows: int) -> Array | None:
        edge = plan.buffer((*z.shape[:-2], 1, z.shape[-1]))
        shifted, e = plan.like(z), plan.like(z)
        plan.call(np.maximum.reduce, z, -2, None, edge, True)
        plan.call(np.subtract, z, edge, shifted)
        plan.call(np.exp, shifted, e)
        plan.call(np.add.reduce, e, -2, None, edge, True)
        if p is None and gradient:
            plan.call(np.divide, e, edge, e)
            p = e
        plan.call(np.log, edge, edge)
        plan.call(np.subtract, shifted, edge, shifted)
        plan.call(np.multiply, shifted, t, shifted)
        _total(plan, shifted, plan.loss)
        if not gradient:
            return None
        assert p is not None
        dz = plan.like(z)
        if self.one_hot:
            plan.call(np.subtract, p, t, dz)
        else:
            mass = plan.like(edge)
            plan.call(np.add.reduce, t, -2, None, mass, True)
            plan.call(np.multiply, p, mass, dz)
            plan.call(np.subtract, dz, t, dz)
        plan.call(np.multiply, dz, plan.scalar(1 / rows), dz)
        return dz


@register
class SparseCategoricalCrossentropy(CategoricalCrossentropy):
    """L = −ln p_c with the class c ∈ 0 … K−1 given as a whole number, shape (B,) or (B, 1)."""

    name = "sparse_categorical_crossentropy"
    encodes = True
    formula = r"L = -\ln \hat y_c"
    doc = "several classes, targets as class numbers"
    python_only = ()
    one_hot = True

    def __init__(self, from_logits: bool = False) -> None:
        super().__init__(from_logits)

    def encode(self, targets: Array, output_shape: Shape, dtype: np.dtype[Any]) -> Array:
        t = np.asarray(targets)
        classes = output_shape[-1]
        if t.ndim == len(output_shape) + 1 and t.shape[-1] == 1:
            t = t[..., 0]
        if t.shape[1:] != output_shape[:-1]:
            raise ValueError(
                f"{self.name} wants class numbers of shape {_words(('B', *output_shape[:-1]))}, "
                f"got {_words(('B', *t.shape[1:]))}"
            )
        if t.dtype.kind not in "iu":
            whole = t.astype(np.int64) if np.isfinite(t).all() else t
            if not np.array_equal(whole, t):
                raise ValueError(f"{self.name} wants whole class numbers, got {t.dtype}")
            t = whole
        if t.size and (t.min() < 0 or t.max() >= classes):
            raise ValueError(f"{self.name} wants classes 0 to {classes - 1}, got {t.min()} to {t.max()}")
        return np.asarray(np.eye(classes, dtype=dtype)[t])


@register
class Hinge(Loss):
    """J = 1/N Σ max(0, 1 − t·y) with t ∈ {−1, 1}; targets 0 and 1 are read as −1 and 1, as in Keras."""

    name = "hinge"
    encodes = True
    formula = r"L = \max(0, 1 - y \hat y)"
    doc = "wants the right side of the line with a margin of 1"
    tasks = ("binary", "multiclass")

    def encode(self, targets: Array, output_shape: Shape, dtype: np.dtype[Any]) -> Array:
        t = super().encode(targets, output_shape, dtype)
        return np.where(t == 0, -1, t).astype(dtype) if np.isin(t, (0, 1)).all() else t

    def plan(self, plan: Plan, y: Array, t: Array, z: Array | None, gradient: bool) -> Array | None:
        margin, over = plan.like(y), plan.like(y, bool)
        plan.call(np.multiply, y, t, margin)
        plan.call(np.subtract, plan.scalar(1), margin, margin)
        plan.maximum(margin, plan.scalar(0), margin)
        _total(plan, margin, plan.loss)
        plan.loss_scale = 1 / plan.count(y)
        if not gradient:
            return None
        dy = plan.like(y)
        plan.call(np.greater, margin, plan.scalar(0), over)
        plan.call(np.multiply, t, over, dy)
        plan.call(np.multiply, dy, plan.scalar(-1 / plan.count(y)), dy)
        return dy


@register
class Perceptron(Loss):
    """J = 1/N Σ (ŷ − t)·z with ŷ = 1 where z ≥ 0, else 0: behind the activation `step`, ∂J/∂z = (ŷ − t)/N.

    One example at a time with SGD this is Rosenblatt's rule w ← w + α (t − ŷ) x (1958).
    """

    name = "perceptron"
    formula = r"L = (\hat y - y)\, z"
    doc = "counts mistakes alone, by how far they are on the wrong side: the perceptron's rule"
    tasks = ("binary",)
    joins = "step"

    def plan(self, plan: Plan, y: Array, t: Array, z: Array | None, gradient: bool) -> Array | None:
        side = y if z is None else z
        error, cost = plan.like(y), plan.like(y)
        plan.call(np.greater_equal, side, plan.scalar(0), error)
        plan.call(np.subtract, error, t, error)
        plan.call(np.multiply, error, side, cost)
        _total(plan, cost, plan.loss)
        plan.loss_scale = 1 / plan.count(y)
        if not gradient:
            return None
        dz = plan.like(y)
        plan.call(np.multiply, error, plan.scalar(1 / plan.count(y)), dz)
        return dz


class LossFunction:
    """A loss as Keras's function of that name: `mean_squared_error(y_true, y_pred)` has one number an example."""

    def __init__(self, build: Callable[..., Loss], name: str) -> None:
        self.build, self.__name__ = build, name

    def __call__(self, y_true: Any, y_pred: Any, **settings: Any) -> Array:
        loss, t, y = self.build(**settings), np.asarray(y_true), np.asarray(y_pred)
        if len(t) != len(y):
            raise ValueError(f"{self.__name__} expected as many targets as outputs, got {len(t)} and {len(y)}")
        return np.array([loss(t[i : i + 1], y[i : i + 1]) for i in range(len(y))])


mean_squared_error = LossFunction(MeanSquaredError, "mean_squared_error")
mean_absolute_error = LossFunction(MeanAbsoluteError, "mean_absolute_error")
huber = LossFunction(Huber, "huber")
binary_crossentropy = LossFunction(BinaryCrossentropy, "binary_crossentropy")
categorical_crossentropy = LossFunction(CategoricalCrossentropy, "categorical_crossentropy")
sparse_categorical_crossentropy = LossFunction(SparseCategoricalCrossentropy, "sparse_categorical_crossentropy")
hinge = LossFunction(Hinge, "hinge")
mse, mae = mean_squared_error, mean_absolute_error
ALIASES = {
    "mean_squared_error": "mse",
    "mean_absolute_error": "mae",
    "bce": "binary_crossentropy",
    "crossentropy": "categorical_crossentropy",
}
_BY_CASE = {name.lower(): name for name in losses.names()} | {
    build.__name__.lower(): name for name, build in losses.items()
}


def get(loss: Any) -> Loss:
    """From a name ("mse", "MSE", "mean_squared_error", "MeanSquaredError"), a config, a class, a function or itself."""
    if isinstance(loss, Loss):
        return loss
    if isinstance(loss, LossFunction):
        return loss.build()
    if isinstance(loss, type) and issubclass(loss, Loss):
        return loss()
    if isinstance(loss, list | tuple) or (isinstance(loss, dict) and "name" not in loss):
        raise ValueError(f"a model has one output and so one loss, got {loss!r:.80}: compile(loss='mse')")
    if not isinstance(loss, str | dict):
        shown = getattr(loss, "__name__", repr(loss))
        raise ValueError(
            f"a loss is one of {', '.join(losses.names())} or a class of engine.losses, got {shown}: a function of "
            "your own has no gradient here; subclass losses.Loss and plan both"
        )
    config = {"name": loss} if isinstance(loss, str) else dict(loss)
    name = config.pop("name")
    known = ALIASES.get(str(name).lower(), str(name).lower())
    build = losses.get(_BY_CASE.get(known, known) if known in _BY_CASE or known in losses else name)
    return build(**config)


def joined(loss: Loss, activation: Activation) -> bool:
    """Whether loss and last activation make one stable, exact formula."""
    return loss.joins is not None and not loss.from_logits and activation is activations.get(loss.joins)


if not TYPE_CHECKING:
    __getattr__ = missing_names(__name__, LOSS_NAMES, lambda: list(globals()))
