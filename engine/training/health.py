"""Named troubles of a network: dead ReLUs, saturated units, vanishing and exploding gradients, divergence.

Each finding says what, where, how much, and which change of the spec would help; the page turns that into words.
"""

from dataclasses import asdict, dataclass

import numpy as np

from engine.core.types import Config
from engine.training.trainer import Trainer

PROBE_ROWS = 128
SATURATED = {"sigmoid": (0.01, 0.99), "tanh": (-0.99, 0.99)}
SATURATED_SHARE = 0.95
DEAD_SHARE = 0.2
"""A few dead units in a wide layer do no harm; from this part of a layer on they are worth a word."""
VANISHING_RATIO = 1e-3
EXPLODING_NORM = 1e3


@dataclass(frozen=True)
class Finding:
    """kind: 'diverged', 'dead', 'saturated', 'vanishing', 'exploding', 'twins' or 'cycle'; units: their places."""

    kind: str
    layer: str
    units: tuple[int, ...] = ()
    amount: float = 0.0
    weight: str | None = None
    step: int | None = None


def gradient_norms(trainer: Trainer) -> dict[str, float]:
    """Root mean square of ∂J/∂W in each layer's kernel, from the last training step."""
    store = trainer.model.store
    out = {}
    for layer in trainer.model.leaves:
        kernels = [w for w in layer.weights if w.trainable and w.name == "kernel"]
        if kernels:
            g = store.gradient(kernels[0]).astype(np.float64)
            out[layer.name] = float(np.sqrt((g * g).mean()))
    return out


def _rounding(trainer: Trainer) -> float:
    """A gradient that is nothing but rounding: ε·√J of float32, for a slope of J is about its errors, of size √J."""
    known = trainer.history.last_measured()
    cost = max(0.0, float(known[3])) if known is not None else 0.0
    return float(np.finfo(np.float32).eps * np.sqrt(cost))


def health_of(trainer: Trainer) -> list[Config]:
    """All findings of the present moment, worst first."""
    findings: list[Finding] = []
    if trainer.diverged:
        d = trainer.diverged
        return [asdict(Finding("diverged", d["layer"], weight=d["weight"], step=d["last_good_step"]))]
    norms = gradient_norms(trainer) if trainer.step_count else {}
    values = list(norms.values())
    if values and max(values) > EXPLODING_NORM:
        findings.append(Finding("exploding", max(norms, key=lambda k: norms[k]), amount=max(values)))
    if len(values) >= 3 and values[-1] > _rounding(trainer) and values[0] / values[-1] < VANISHING_RATIO:
        findings.append(Finding("vanishing", next(iter(norms)), amount=values[0] / values[-1]))
    if trainer.cycle and trainer.cost("train") > 0:
        findings.append(Finding("cycle", trainer.resolved["layers"][-1]["id"], amount=trainer.cycle))
    model = trainer.model
    x, _ = trainer.parts["train"]
    rows = x[:PROBE_ROWS]
    plan = model.forward_plan(len(rows))
    plan.input[...] = rows
    with np.errstate(all="ignore"):
        plan.run()
    for layer in model.layers[:-1]:
        name = getattr(getattr(layer, "activation", None), "name", None)
        if name is None or layer not in plan.outputs:
            continue
        out = plan.outputs[layer].data
        if out.ndim == 4:  # an image: a unit is a channel, at every place
            out = out.transpose(2, 0, 1, 3).reshape(out.shape[2], -1)
        if out.ndim != 2:
            continue
        if name == "relu":
            dead = np.flatnonzero((out <= 0).all(axis=1))
            if len(dead) >= DEAD_SHARE * len(out):
                findings.append(Finding("dead", layer.name, tuple(map(int, dead)), len(dead) / len(out)))
        elif name in SATURATED:
            low, high = SATURATED[name]
            share = ((out < low) | (out > high)).mean(axis=1)
            stuck = np.flatnonzero(share > SATURATED_SHARE)
            if len(stuck) and 2 * len(stuck) >= len(out):
                findings.append(Finding("saturated", layer.name, tuple(map(int, stuck)), len(stuck) / len(out)))
        kernel = next((w for w in layer.weights if w.name == "kernel"), None)
        if kernel is not None and len(out) > 1:
            columns = model.store.array(kernel)
            if columns.ndim == 2 and (columns == columns[:, :1]).all():
                findings.append(Finding("twins", layer.name, tuple(range(len(out))), 1.0))
    return [asdict(f) for f in findings]
