"""Named troubles of a network: dead ReLUs, saturated units, vanishing and exploding gradients, divergence.

Each finding says what, where, how much, how sure that is, how grave, and which change of the spec would help; the page
turns that into words. Units are counted over the training part (`survey`): all of it at rest, a stated sample
in motion.
"""

from dataclasses import asdict, dataclass
from typing import Literal, get_args

import numpy as np

from engine.core.types import Config, MaybeNaN
from engine.data.augment import Augmentation
from engine.layers import Dropout
from engine.training.inspection import Inspection, next_step
from engine.training.progress import Progress, progress_of
from engine.training.survey import Survey, UnitCounts, least_share
from engine.training.trainer import Trainer
from engine.training.twins import twins_of

SATURATED_SHARE = 0.95
DEAD_SHARE = 0.2
"""A few dead units in a wide layer do no harm; from this part of a layer on they are worth a word."""
VANISHING_RATIO = 1e-3
EXPLODING_NORM = 1e3
MOST = 0.5
"""Of a layer whose units are lost for good in such a part, too little is left."""
LEARNT = 0.5
"""A network whose J is below this part of the best constant answer's has learnt: what it does without is no alarm."""


Kind = Literal["diverged", "dead", "saturated", "vanishing", "exploding", "twins", "cycle"]
Severity = Literal["alarm", "watch", "note"]
"""alarm: it does harm; watch: it may, and J falls or it is early; note: the network has learnt all the same."""
WORST_FIRST = get_args(Severity)


@dataclass(frozen=True)
class Finding:
    """What is found wrong in a layer; units: their places."""

    kind: Kind
    layer: str
    units: tuple[int, ...] = ()
    amount: MaybeNaN = 0.0
    weight: str | None = None
    step: int | None = None
    severity: Severity = "alarm"
    rows: int = 0
    """Examples that it was counted over, of `examples` in the training part."""
    examples: int = 0
    share: float = 1.0
    """Of all training examples it holds for this share at least, with 95 %."""
    lasting: bool = False
    """Dead units: whether nothing is left that could move them."""


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


def _cost(trainer: Trainer) -> float:
    """The measured J over the training part; NaN as long as there is none since the last edit."""
    known = Inspection.of(trainer).measurement_of(trainer)
    if known is None or known.at.revision != trainer.revision:
        return float("nan")
    return known.parts["train"].cost


def _rounding(trainer: Trainer) -> float:
    """A gradient that is nothing but rounding: ε·√J of float32, for a slope of J is about its errors, of size √J."""
    cost = _cost(trainer)
    return float(np.finfo(np.float32).eps * np.sqrt(max(0.0, cost))) if np.isfinite(cost) else 0.0


def survey_of(trainer: Trainer) -> Survey:
    """The count of the present moment, as far as it has come; who looks takes it a little further."""
    inspection = Inspection.of(trainer)
    known = inspection.survey
    if known is None or not known.holds(trainer):
        known = inspection.survey = Survey(trainer)
    if not known.finished:
        known.advance()
    return known


def has_learnt(trainer: Trainer) -> bool:
    """Whether the measured J over the training part is far better than the best constant answer's; where none is known

    (autoencoders, detectors), than the loss that the run began with.
    """
    before = Inspection.of(trainer).constant_cost(trainer)
    if before is None:
        before = trainer.history.first_loss
    return _cost(trainer) < LEARNT * before


@dataclass(frozen=True)
class Standing:
    """How the training goes: what is found wrong is as grave as that."""

    learnt: bool
    progress: Progress

    @classmethod
    def of(cls, trainer: Trainer) -> "Standing":
        return cls(has_learnt(trainer), progress_of(trainer.history))

    @property
    def falls(self) -> bool:
        return self.progress == "falls"

    def severity(self, *, harm: bool) -> Severity:
        """Of what does harm in a network that has not learnt, or else may."""
        if self.learnt:
            return "note"
        return "alarm" if harm else "watch"


def _lasting(trainer: Trainer, layer: str, units: tuple[int, ...]) -> bool:
    """Whether these dead units stay so: nothing before them learns or is drawn anew at each step, and the optimiser

    (momentum, weight decay, penalty) no longer moves any number of theirs.
    """
    model = trainer.model
    at = next(i for i, made in enumerate(model.layers) if made.name == layer)
    before = [leaf for made in model.layers[:at] for leaf in made.leaves]
    rate = model.optimizer.current_rate() if model.optimizer else 0.0
    drawn = Augmentation.of(trainer.spec.get("augmentation")) or any(isinstance(y, Dropout) for y in before)
    if drawn or any(y.weights and y.trainable for y in before):
        return False
    own = model.layers[at]
    penalised = any(w.l1 or w.l2 for w in own.weights)
    if penalised or not trainer.step_count or rate <= 0 or not own.weights or not own.trainable:
        return False
    values = model.store.values
    after = values + next_step(model)
    places = [w.of(np.arange(len(values)))[..., list(units)].ravel() for w in own.weights if w.trainable]
    chosen = np.concatenate(places)
    return bool((after[chosen] == values[chosen]).all())


def _of_units(trainer: Trainer, survey: Survey, layer: str, counts: UnitCounts, standing: Standing) -> Finding | None:
    """Of a layer's units: those that are silent, or flat nearly everywhere."""
    n = len(counts.examples)
    if counts.activation == "relu":
        stuck = np.flatnonzero(counts.examples == survey.rows)
        if len(stuck) < DEAD_SHARE * n:
            return None
        kind: Kind = "dead"
        hits = survey.rows
    else:
        stuck = np.flatnonzero(counts.places > SATURATED_SHARE * survey.rows * counts.per_example)
        if not len(stuck) or 2 * len(stuck) < n:
            return None
        kind = "saturated"
        hits = int(counts.places[stuck].min() // counts.per_example)
    units, share = tuple(map(int, stuck)), len(stuck) / n
    lasting = kind == "dead" and survey.finished and _lasting(trainer, layer, units)
    harm = standing.progress == "stands" or (lasting and share >= MOST) or (kind == "saturated" and not standing.falls)
    shut = kind == "dead" and share == 1  # nothing gets through
    return Finding(
        kind,
        layer,
        units,
        share,
        severity="alarm" if shut else standing.severity(harm=harm),
        rows=survey.rows,
        examples=survey.of,
        share=least_share(hits, survey.rows, survey.of),
        lasting=lasting,
    )


def _of_gradients(trainer: Trainer, standing: Standing) -> list[Finding]:
    """What the gradients of the last step show."""
    findings: list[Finding] = []
    norms = gradient_norms(trainer) if trainer.step_count else {}
    values = list(norms.values())
    if values and max(values) > EXPLODING_NORM:
        layer = max(norms, key=lambda k: norms[k])
        harm = not standing.falls and not getattr(trainer.model.optimizer, "normalises", False)
        findings.append(Finding("exploding", layer, amount=max(values), severity=standing.severity(harm=harm)))
    if len(values) >= 3 and values[-1] > _rounding(trainer) and values[0] / values[-1] < VANISHING_RATIO:
        amount = values[0] / values[-1]
        severity = standing.severity(harm=not standing.falls)
        findings.append(Finding("vanishing", next(iter(norms)), amount=amount, severity=severity))
    return findings


def health_of(trainer: Trainer) -> list[Config]:
    """All findings of the present moment, worst first."""
    if trainer.diverged:
        d = trainer.diverged
        return [asdict(Finding("diverged", d["layer"], weight=d["weight"], step=d["last_good_step"]))]
    standing = Standing.of(trainer)
    findings = _of_gradients(trainer, standing)
    if trainer.cycle and _cost(trainer) > 0:
        findings.append(Finding("cycle", trainer.resolved["layers"][-1]["id"], amount=trainer.cycle))
    survey = survey_of(trainer)
    for i, layer in enumerate(trainer.model.layers[:-1]):
        if layer.name in survey.counts:
            found = _of_units(trainer, survey, layer.name, survey.counts[layer.name], standing)
            findings += [found] if found else []
        twins = twins_of(trainer, i)
        if twins:
            share = len(twins) / layer.output_shape[-1]
            severity = standing.severity(harm=standing.progress == "stands" or share >= MOST)
            findings.append(Finding("twins", layer.name, twins, share, severity=severity))
    return [asdict(f) for f in sorted(findings, key=lambda f: WORST_FIRST.index(f.severity))]
