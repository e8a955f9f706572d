"""What must hold for every net. A check returns what is wrong in words, or nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

import engine.sequential as sequential
from engine import Sequential
from engine.core import shards
from engine.core.shards import ShardedPlan
from engine.layers.composite import walk
from engine.layers.dense import Activated
from engine.losses import joined
from engine.optimizers import optimizers
from tests.engine.verifier.memory import Buffers, poison
from tests.engine.verifier.nets import Net
from tests.engine.verifier.reference import Reference, loss_of

Array = np.ndarray
Step = tuple[float, list[Array]]
BATCH, REST = 5, 3
"""A whole batch and the last, smaller one. Odd, so that the shards differ."""
CLOSE = 1e-8
"""Relative difference allowed between numbers of the plan and of the reference (float64)."""
SLOPE = 2e-5
"""The same for slopes by differences."""


@contextmanager
def cut(wanted: bool, threads: int = 1) -> Iterator[None]:
    """Whether image models are cut into two shards, whatever their size, and by how many threads they are run."""
    kept, used = sequential.SHARD_FROM, shards.threads()
    sequential.SHARD_FROM = 1 if wanted else 1 << 62
    shards.set_threads(threads)
    try:
        yield
    finally:
        sequential.SHARD_FROM = kept
        shards.set_threads(used)


def held(model: Sequential) -> None:
    """The generator as it is at the start, so that a step draws the same masks again."""
    model.rng.bit_generator.state = np.random.default_rng([model.seed, 1]).bit_generator.state


def step(model: Sequential, x: Array, t: Array) -> Step:
    held(model)
    return model.gradients(x, t)


def bits(a: Step, b: Step) -> bool:
    return np.float64(a[0]).tobytes() == np.float64(b[0]).tobytes() and all(
        x.tobytes() == y.tobytes() for x, y in zip(a[1], b[1], strict=True)
    )


def apart(a: Step, b: Step) -> str:
    """How far two steps differ, in words."""
    worst = max((float(np.abs(x - y).max()) for x, y in zip(a[1], b[1], strict=True) if x.size), default=0.0)
    size = max((float(np.abs(y).max()) for y in b[1] if y.size), default=0.0)
    return f"loss {a[0]:.6g} for {b[0]:.6g}, gradients off by {worst:.2g} of {size:.2g}"


# -- one plan, many runs -------------------------------------------------------------------------------------------
def used_equals_fresh(net: Net, dtype: str, cutting: bool) -> list[str]:
    """What a plan has run before leaves no trace, and NaN in its memory leaves none either."""
    optimizer = optimizers.names()[net.seed % len(optimizers)]
    model = net.model(dtype, optimizer)
    a, b, rest = (net.data(n, i, model) for n, i in ((BATCH, 0), (BATCH, 1), (REST, 2)))
    with cut(cutting):
        plan = model.plan(BATCH, "train")
        sharded = isinstance(plan, ShardedPlan)
        if cutting and not sharded:
            return []
        where = f"{dtype}, {'two shards' if sharded else 'one plan'}"
        copy, buffers = net.model(dtype, optimizer), Buffers(plan)
        right = step(copy, *b)
        if not np.isfinite(right[0]) or not all(np.isfinite(g).all() for g in right[1]):
            return [f"not finite ({where})"]
        for turn in range(3):
            buffers.watch(lambda: step(model, *a))
            found = []
            buffers.watch(lambda found=found: found.append(step(model, *b)))
            if not bits(found[0], right):
                return [f"used plan, turn {turn} ({where}): {apart(found[0], right)}"]
            poison(plan, buffers)
            found = step(model, *b)
            if not bits(found, right):
                return [f"poisoned plan, turn {turn} ({where}): {apart(found, right)}"]
        if sharded:
            shards.set_threads(2)
            if not bits(step(model, *b), right):
                return [f"two threads give other bits ({where})"]
            shards.set_threads(1)
        return [f"{words} ({where})" for words in restored(model, copy, [a, b, rest])]


def restored(model: Sequential, copy: Sequential, batches: list[tuple[Array, Array]]) -> list[str]:
    """Training goes on with the same bits, whole and partial batches, in a model that takes over in the middle."""
    for turn in range(2):
        for batch in batches:
            model.train_on_batch(*batch)
        copy.invalidate()
        copy.store.forget_gradients()
        copy.set_weights(model.get_weights())
        assert copy.optimizer is not None
        assert model.optimizer is not None
        copy.optimizer.prepare(copy.store)
        for name, slot in model.store.slots.items():
            copy.store.slots[name][...] = slot
        copy.optimizer.iterations = model.optimizer.iterations
        copy.rng.bit_generator.state = model.rng.bit_generator.state
        for x, t in reversed(batches):
            found, right = model.train_on_batch(x, t), copy.train_on_batch(x, t)
            if not bits((found, model.get_weights()), (right, copy.get_weights())):
                return [
                    f"restored in the middle, turn {turn}: loss {found!r} for {right!r}, weights "
                    f"{apart((found, model.get_weights()), (right, copy.get_weights())).split(', ')[1]}"
                ]
    return []


def forward_modes(net: Net) -> list[str]:
    """predict, evaluate and explain agree with the layers one at a time, also when used before and when poisoned."""
    model = net.model()
    reference = Reference(model)
    weights = model.get_weights()
    (xa, ta), (x, t) = net.data(BATCH, 0, model), net.data(BATCH, 1, model)
    right = reference.forward(weights, x, False)
    outputs = reference.outputs
    loss = loss_of(model.loss, right, t) + reference.penalty(weights)
    wrong = []
    with cut(False):
        plan = model.plan(BATCH, "infer")
        buffers = Buffers(plan)
        buffers.watch(lambda: model.predict(xa))
        buffers.watch(lambda: model.predict(x))
        poison(plan, buffers)
        if gap := far(model.predict(x), right):
            wrong.append(f"predict: {gap}")
        plan = model.plan(BATCH, "evaluate")
        buffers = Buffers(plan)
        buffers.watch(lambda: model.evaluate(xa, ta))
        buffers.watch(lambda: model.evaluate(x, t))
        poison(plan, buffers)
        if gap := far(model.evaluate(x, t), loss):
            wrong.append(f"evaluate: {gap}")
        wrong += explains(model, reference, (xa, ta), (x, t), outputs, loss - reference.penalty(weights))
    return wrong


def explains(
    model: Sequential,
    reference: Reference,
    other: tuple[Array, Array],
    given: tuple[Array, Array],
    outputs: dict[Any, Array],
    loss: float,
) -> list[str]:
    """Mode explain: every layer's outputs, J, and slopes in weights and in outputs."""
    wrong = []
    x, t = given
    plan = model.plan(BATCH, "explain")
    for batch in (other, given):
        model._load(*batch, "explain")
        plan.run()
    if gap := far(plan.loss_value(), loss):
        wrong.append(f"explain, loss: {gap}")
    for layer, y in outputs.items():
        if gap := far(np.moveaxis(plan.outputs[layer].data, -1, 0), y):
            wrong.append(f"explain, output of {layer.name}: {gap}")
    found = [model.store.gradient(w).copy() for w in model.weights if w.trainable]
    weights = model.get_weights()
    penalty = reference.penalty
    wrong += slopes(
        model, found, lambda w: reference.loss(w, x, t, False) - penalty(w), "explain, gradients", directions=1
    )
    last = model.layers[-1]
    logits = isinstance(last, Activated) and joined(model.loss, last.activation)
    rng = np.random.default_rng(len(outputs))
    inner = [y for y in walk(model.layers) if y in plan.output_gradients and not (y is last and logits)]
    for layer in rng.permutation(np.array(inner, object))[:3]:
        slope = np.moveaxis(plan.output_gradients[layer], -1, 0)

        def moved(v: Array, layer: Any = layer) -> float:
            reference.nudges = {layer: v}
            value = reference.loss(weights, x, t, False)
            reference.nudges = {}
            return value

        # Outputs that are alike (zeros of ReLU, repeated pixels) may lie on a kink of what follows: they stay.
        _, place, count = np.unique(outputs[layer], return_inverse=True, return_counts=True)
        free = (count[place] == 1).reshape(slope.shape)
        if gap := slope_gap(moved, slope, rng, free=free, must=False):
            wrong.append(f"explain, ∂J/∂output of {layer.name}: {gap}")
    return wrong


# -- slopes through the reference ----------------------------------------------------------------------------------
def training_step(net: Net) -> list[str]:
    """Loss and gradients of a training step, with its masks and batch statistics, against the reference's."""
    wrong = []
    model = net.model()
    reference = Reference(model)
    weights = model.get_weights()
    a, (x, t) = net.data(BATCH, 0, model), net.data(BATCH, 1, model)
    for cutting in (False, True):
        with cut(cutting):
            model.invalidate()
            plan = model.plan(BATCH, "train")
            if cutting and not isinstance(plan, ShardedPlan):
                continue
            where = "two shards" if cutting else "one plan"
            step(model, *a)
            loss, found = step(model, x, t)
            held(model)
            reference.forward(weights, x, False)
            reference.draw(model.rng, [shard.batch for shard in plan.shards] if cutting else [BATCH])
            if gap := far(loss, reference.loss(weights, x, t, True)):
                wrong.append(f"training loss ({where}): {gap}")
            wrong += slopes(
                model, found, lambda w: reference.loss(w, x, t, True), f"training gradients ({where})", directions=2
            )
    return wrong


def held_step(net: Net) -> list[str]:
    """Mode held (the plan of training over layers that infer): J is predict's, and so are its slopes."""
    if not has_held():
        return []
    wrong = []
    model = net.model()
    reference = Reference(model)
    weights = model.get_weights()
    a, (x, t) = net.data(BATCH, 0, model), net.data(BATCH, 1, model)
    penalty = reference.penalty(weights)

    def loss(w: list[Array]) -> float:
        model.set_weights(w)
        total = loss_of(model.loss, model.predict(x), t) + reference.penalty(w)
        if reference_has_sides:
            total = reference.loss(w, x, t, False, sides=True)
        return total

    reference.forward(weights, x, False)
    reference_has_sides = bool(reference.sides)
    for cutting in (False, True):
        with cut(cutting):
            model.invalidate()
            plan = model.plan(BATCH, "held")
            if cutting and not isinstance(plan, ShardedPlan):
                continue
            where = "two shards" if cutting else "one plan"
            for batch in (a, (x, t)):
                model._load(*batch, "held")
                plan.run()
            found = [model.store.gradient(w).copy() for w in model.weights if w.trainable]
            if gap := far(plan.loss_value(), loss(weights)):
                wrong.append(f"held loss ({where}): {gap}")
            wrong += slopes(model, found, loss, f"held gradients ({where})", directions=2)
            model.set_weights(weights)
    del penalty
    return wrong


def has_held() -> bool:
    return "held" in (Sequential.plan.__doc__ or "")


def far(a: Any, b: Any) -> str:
    """How far a is from b, or nothing."""
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        return f"shape {a.shape} for {b.shape}"
    size = max(1.0, float(np.abs(b).max()))
    gap = float(np.abs(a - b).max())
    return "" if gap <= CLOSE * size else f"off by {gap:.2g} of {size:.2g}"


def slopes(
    model: Sequential, found: list[Array], loss: Callable[[list[Array]], float], what: str, directions: int
) -> list[str]:
    """Gradients against differences of J along random directions over all weights at once."""
    if not found:
        return []
    rng = np.random.default_rng(len(found))
    weights = model.get_weights()
    trained = [i for i, w in enumerate(model.weights) if w.trainable]
    flat = np.concatenate([g.ravel() for g in found])

    def moved(v: Array) -> float:
        at, changed = 0, list(weights)
        for i in trained:
            size = weights[i].size
            changed[i] = weights[i] + v[at : at + size].reshape(weights[i].shape)
            at += size
        return loss(changed)

    wrong = []
    for _ in range(directions):
        if gap := slope_gap(moved, flat, rng):
            wrong.append(f"{what}: {gap}")
            break
    return wrong


def slope_gap(
    loss: Callable[[Array], float], slope: Array, rng: np.random.Generator, free: Any = 1, must: bool = True
) -> str:
    """Σ slope·v against (J(h·v) − J(−h·v)) / 2h, or nothing where they agree.

    Where they do not, a kink may lie between (ReLU at 0, a maximum that changes hands): then differences to the left,
    to the right and of another h do not agree among themselves, and another direction is tried.
    """
    gap, zero = "", np.zeros(slope.shape)
    for _ in range(6):
        v = rng.normal(size=zero.shape) * free
        v /= np.sqrt(max(1.0, float((v * v).sum())))
        analytic = float((slope * v).sum())
        size = max(float(np.sqrt((slope * slope).sum() / slope.size)), abs(analytic), 1e-4)
        numeric = []
        for h in (1e-5, 1e-6):
            above, below = loss(h * v), loss(-h * v)
            numeric.append((above - below) / (2 * h))
            if abs(analytic - numeric[-1]) <= SLOPE * size:
                return ""
        gap = f"{analytic:.8g} along a direction where differences give {numeric[0]:.8g} and {numeric[1]:.8g}"
        apart = abs(analytic - numeric[1])
        bend = abs(above - 2 * loss(zero) + below) / h
        if abs(numeric[0] - numeric[1]) <= apart / 4 and bend <= apart / 4:
            return gap
    return f"no direction without a kink: {gap}" if must else ""


def verify(net: Net) -> list[str]:
    """Everything that must hold for a net; what does not, in words."""
    found = []
    try:
        with np.errstate(all="ignore"):
            found += used_equals_fresh(net, "float64", False)
            if net.seed % 2:
                found += used_equals_fresh(net, "float64", True)
            elif net.seed % 4:
                found += used_equals_fresh(net, "float32", False)
            found += forward_modes(net)
            found += training_step(net)
            found += held_step(net)
    except Exception as error:
        found.append(f"{type(error).__name__}: {error}")
    return found
