"""What must hold for every net. A check returns what is wrong in words, or nothing."""

from collections.abc import Callable
from typing import Any

import numpy as np

from engine import Sequential
from engine.core import plan as plan_module
from engine.core import shards
from engine.core.shards import ShardedPlan
from engine.layers.composite import walk
from engine.layers.dense import Activated
from engine.losses import joined
from engine.optimizers import optimizers
from tests.engine.verifier.conditions import cut, large, parted, told
from tests.engine.verifier.groups import FULL
from tests.engine.verifier.memory import Buffers, poison
from tests.engine.verifier.nets import Net, holds
from tests.engine.verifier.reference import ACTIVATIONS, Reference, loss_of

Array = np.ndarray
Step = tuple[float, list[Array]]
BATCH, RESTS = 5, (3, 1, 2)
"""A whole batch (odd, so that the shards differ), and sizes of the last, smaller one."""
CLOSE = 1e-8
"""Relative difference allowed between numbers of the plan and of the reference (float64)."""
SLOPE = 2e-5
"""The same for slopes by differences."""
SINGLE = 1e-3
"""The same for float32."""


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
    gap = np.concatenate([np.abs(x - y).ravel() for x, y in zip(a[1], b[1], strict=True)] or [np.zeros(1)])
    size = max((float(np.abs(y).max()) for y in b[1] if y.size), default=0.0)
    return f"loss {a[0]:.6g} for {b[0]:.6g}, gradients off by {gap.max(initial=0):.2g} of {size:.2g}"


# -- one plan, many runs -------------------------------------------------------------------------------------------
def used_equals_fresh(net: Net, dtype: str, cutting: bool) -> list[str]:
    """What a plan has run before leaves no trace, and NaN in its memory leaves none either."""
    optimizer = {"name": optimizers.names()[net.seed % len(optimizers)], "learning_rate": 1e-3}
    model = net.model(dtype, optimizer)
    a, b, rest = (net.data(n, i, model) for n, i in ((BATCH, 0), (BATCH, 1), (RESTS[net.seed // 9 % 3], 2)))
    with cut(cutting):
        plan = model.plan(BATCH, "train")
        sharded = isinstance(plan, ShardedPlan)
        if cutting and not sharded:
            return []
        where = f"{dtype}, {'two shards' if sharded else 'one plan'}"
        copy, buffers = net.model(dtype, optimizer), Buffers(model, plan)
        right = step(copy, *b)
        if not np.isfinite(right[0]) or not all(np.isfinite(g).all() for g in right[1]):
            return [f"not finite ({where})"]
        wrong: list[str] = []
        for turn in range(3):
            buffers.watch(lambda: step(model, *a))
            found = []
            buffers.watch(lambda found=found: found.append(step(model, *b)))
            if not bits(found[0], right):
                return [*wrong, f"used plan, turn {turn} ({where}): {apart(found[0], right)}"]
            plan.poison()
            if not turn and (spared := buffers.spared()):
                wrong.append(f"plan.poison spares {spared} numbers that change from run to run ({where})")
            poison(plan, buffers)
            found = step(model, *b)
            if not bits(found, right):
                return [*wrong, f"poisoned plan, turn {turn} ({where}): {apart(found, right)}"]
        if sharded:
            shards.set_threads(2)
            if not bits(step(model, *b), right):
                return [*wrong, f"two threads give other bits ({where})"]
            shards.set_threads(1)
        if not FULL and (cutting or dtype == "float32"):
            return wrong
        return [*wrong, *(f"{words} ({where})" for words in restored(model, copy, [a, b, rest]))]


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
    assert model.loss is not None
    reference = Reference(model)
    weights = model.get_weights()
    (xa, ta), (x, t) = net.data(BATCH, 0, model), net.data(BATCH, 1, model)
    right = reference.forward(weights, x, False)
    outputs = reference.outputs
    loss = reference.loss(weights, x, t, False)
    wrong = []
    with cut(False):
        for mode, run, wanted in (
            ("infer", lambda x, t: model.predict(x), right),
            ("evaluate", model.evaluate, loss),
        ):
            buffers = Buffers(model, model.plan(BATCH, mode))
            buffers.watch(lambda run=run: run(xa, ta))
            buffers.watch(lambda run=run: run(x, t))
            poison(model.plan(BATCH, mode), buffers)
            if gap := far(run(x, t), wanted):
                wrong.append(f"{'predict' if mode == 'infer' else mode}: {gap}")
            if net.seed % 4 == 0:
                with parted(3):
                    if gap := far(run(x, t), wanted):
                        wrong.append(f"{'predict' if mode == 'infer' else mode} in parts: {gap}")
        wrong += everything_there(model, "infer", outputs)
        wrong += explains(model, reference, (xa, ta), (x, t), outputs, loss - reference.penalty(weights))
        behind = net.seed % len(model.layers)
        if behind < len(model.layers) - 1:
            layer = model.layers[behind]
            if gap := far(model.run_from(layer.name, outputs[layer]), right):
                wrong.append(f"run_from {layer.name}: {gap}")
    return wrong


def everything_there(model: Sequential, mode: str, outputs: dict[Any, Array]) -> list[str]:
    """Every layer's output in a plan that has just run, and what came before its activation."""
    wrong = []
    plan = model.forward_plan(BATCH, mode)
    for layer, y in outputs.items():
        if gap := far(np.moveaxis(plan.outputs[layer].data, -1, 0), y):
            wrong.append(f"{mode}, output of {layer.name}: {gap}")
        if layer in plan.preactivations:
            z = np.moveaxis(plan.preactivations[layer], -1, 0)
            if gap := far(ACTIVATIONS[layer.activation.name](z), y):
                wrong.append(f"{mode}, z of {layer.name}: {gap}")
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
    wrong += everything_there(model, "explain", outputs)
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
            reference.draw(model.rng, [shard.batch for shard in plan.shards] if cutting else [BATCH])
            if gap := far(loss, reference.loss(weights, x, t, True)):
                wrong.append(f"training loss ({where}): {gap}")
            wrong += slopes(
                model, found, lambda w: reference.loss(w, x, t, True), f"training gradients ({where})", directions=2
            )
    return wrong


def held_step(net: Net) -> list[str]:
    """Mode held (the plan of training over layers that infer): J is predict's, and so are its slopes.

    Side branches take no part in it.
    """
    wrong = []
    model = net.model()
    assert model.loss is not None
    reference = Reference(model)
    weights = model.get_weights()
    a, (x, t) = net.data(BATCH, 0, model), net.data(BATCH, 1, model)
    name = model.loss.name

    def loss(w: list[Array]) -> float:
        if name == "binary_crossentropy":  # predict keeps z, with its digits, to itself
            return reference.loss(w, x, t, False)
        model.set_weights(w)
        y = model.predict(x)
        return loss_of(model.loss, y, t, y) + reference.penalty(w)

    for cutting in (False, True):
        with cut(cutting):
            model.invalidate()
            plan = model.plan(BATCH, "held")
            if cutting and not isinstance(plan, ShardedPlan):
                continue
            where = "two shards" if cutting else "one plan"
            for batch in (a, (x, t)):
                plan.poison()
                model._load(*batch, "held")
                plan.run()
            found = [model.store.gradient(w).copy() for w in model.weights if w.trainable]
            if gap := far(plan.loss_value(), loss(weights)):
                wrong.append(f"held loss ({where}): {gap}")
            wrong += slopes(model, found, loss, f"held gradients ({where})", directions=2)
            model.set_weights(weights)
    return wrong


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
    to the right and of another h do not agree among themselves, and another direction is tried. Many kinks may even out
    along one direction (small numbers behind a GELU, in a maximum): a second one must say the same.
    """
    gap, zero, seen = "", np.zeros(slope.shape), 0
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
            seen += 1
            if seen == 2:
                return gap
    return f"no direction without a kink: {gap}" if must else ""


def single_equals_double(net: Net) -> list[str]:
    """A step in float32 is the one in float64, as far as its digits go."""
    if holds(net.parts, "Dropout"):
        return []  # other masks
    steps = []
    for dtype in ("float32", "float64"):
        model = net.model(dtype)
        x, t = net.data(BATCH, 1, model)
        # Rounded alike, so that both see the same weights and inputs.
        model.set_weights([w.astype(np.float32) for w in model.get_weights()])
        loss, found = step(model, x.astype(np.float32), t)
        steps.append((loss, np.concatenate([g.ravel() for g in found]).astype(np.float64) if found else np.zeros(1)))
    (loss, found), (right, wanted) = steps
    size = max(1e-3, float(np.linalg.norm(wanted)))
    if abs(loss - right) > SINGLE * max(1, abs(right)) or np.linalg.norm(found - wanted) > SINGLE * size:
        gap = np.linalg.norm(found - wanted)
        return [f"float32: loss {loss:.6g} for {right:.6g}, gradients off by {gap:.2g} of {size:.2g}"]
    return []


def verify(net: Net) -> list[str]:
    """Everything that must hold for a net; what does not, in words."""
    found = []
    try:
        with np.errstate(all="ignore"), large(net.seed // 3 % 3 == 1), told(plan_module, "SHARE_FROM", 0):
            found += used_equals_fresh(net, "float64", False)
            if net.seed % 3 == 0:
                found += used_equals_fresh(net, "float64", True)
            elif net.seed % 3 == 2:
                found += used_equals_fresh(net, "float32", False)
                found += single_equals_double(net)
            found += forward_modes(net)
            found += training_step(net)
            found += held_step(net)
    except Exception as error:
        found.append(f"{type(error).__name__}: {error}")
    return found
