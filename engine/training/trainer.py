"""The trainer: one spec, stepped. It knows no display and no process; views read it, workers drive it."""

import time
from collections.abc import Iterator
from math import isfinite
from typing import Protocol

import numpy as np

from engine.core.numbers import in_dtype
from engine.core.shards import AnyPlan
from engine.core.types import Array, Config
from engine.data import Prepared, prepare
from engine.training.assembly import Assembly, Parts
from engine.training.batches import Batches
from engine.training.bias_variance import constant_cost
from engine.training.blueprint import resolve
from engine.training.checkpoint import Checkpoint, Keyframes
from engine.training.closed_form import solve_linear
from engine.training.costs import COST_ROWS, Costs
from engine.training.early import CycleWatch, EarlyStopping
from engine.training.history import CostHistory, TermHistory
from engine.training.measurement import Moment
from engine.training.spec import RunSpec
from engine.training.timeline import KEYFRAME_BYTES, Timeline, model_moment, put_moment
from engine.training.transfer import RemovedWeights, removed_arrays, removed_of, transfer
from engine.training.updates import update_in_turn
from engine.training.weights import edit_weight, first_broken, load_weights, weights_of


class Observer(Protocol):
    """Who wants to hear what a trainer does: it is told after the fact, and changes nothing."""

    def stepped(self, trainer: "Trainer") -> None:
        """One step was made."""

    def moved(self, trainer: "Trainer") -> None:
        """All weights are other ones, without a step."""

    def restarted(self, trainer: "Trainer") -> None:
        """The run is at step 0 again."""

    def data_changed(self, trainer: "Trainer") -> None:
        """It trains on other data."""


class Trainer:
    """step() trains on the next batch. `spec` is what was asked, `resolved` has every choice filled in.

    Its parts do the rest: `batches` the order of examples, `costs` the history, `timeline` the kept moments, `early`
    and `cycle_watch` what is looked at after an epoch. `beside`: somebody gives `costs.pending` its time.
    """

    def __init__(
        self,
        spec: RunSpec,
        prepared: Prepared | None = None,
        keyframe_bytes: int = KEYFRAME_BYTES,
        initial: dict[str, Array] | None = None,
        beside: bool = False,
    ) -> None:
        self.observers: list[Observer] = []
        self.costs = Costs(beside)
        self.timeline = Timeline(keyframe_bytes)
        self.early = EarlyStopping()
        self.cycle_watch = CycleWatch()
        self.removed_weights: RemovedWeights = {}
        self.revision = 0
        """How often the run has been made another one than training makes it: by edits, by going to another moment."""
        self.initial = initial
        """Weights it starts with, by "layer/weight", instead of random ones."""
        self.step_count = 0
        self.epoch = 0
        self.cursor = 0
        self.diverged: Config | None = None
        self._take(Assembly.of(spec, prepared or prepare(spec["data"])))
        if initial is not None:
            load_weights(self.model, initial)
        self._restart_bookkeeping()

    def _take(self, assembly: Assembly) -> None:
        """From now on this spec, these data and this model."""
        self.spec, self.resolved = assembly.spec, assembly.resolved
        self.data, self.model = assembly.data, assembly.model
        self.parts: Parts = assembly.parts
        self.x, self.t = assembly.parts["train"]
        self.batches = Batches(self.x, self.t, assembly.spec)
        self.costs.take(assembly.model, assembly.data, assembly.parts)
        self._in_turn = assembly.spec.get("updates") == "sequential"
        self._plan: AnyPlan | None = None

    def _restart_bookkeeping(self) -> None:
        self.timeline.restart(self.model.store.values)
        self.costs.restart()
        self.early.reset(self.spec.get("early_stopping"))
        self.cycle_watch.clear()
        self.record()
        self.timeline.keep(self.checkpoint())

    # -- what its parts know -------------------------------------------------------------------------------------
    @property
    def history(self) -> CostHistory:
        return self.costs.history

    @property
    def term_history(self) -> TermHistory:
        return self.costs.terms

    @property
    def keyframes(self) -> Keyframes:
        return self.timeline.keyframes

    @keyframes.setter
    def keyframes(self, keyframes: Keyframes) -> None:
        self.timeline.keyframes = keyframes

    @property
    def viewing(self) -> Checkpoint | None:
        """The present, while an earlier moment is shown."""
        return self.timeline.viewing

    @property
    def cycle(self) -> int | None:
        """Epochs after which the weights come back to where they were, if they do."""
        return self.cycle_watch.epochs

    @property
    def batch_size(self) -> int:
        return self.batches.size

    @property
    def steps_per_epoch(self) -> int:
        return self.batches.an_epoch

    @property
    def progress(self) -> float:
        """Epochs so far, parts of one included."""
        return self.epoch + self.cursor / max(len(self.x), 1)

    @property
    def last_plan(self) -> AnyPlan | None:
        """The plan of the last step, with what it drew."""
        return self._plan

    def cost(self, part: str, rows: int | None = COST_ROWS) -> float:
        """Mean loss (no penalty) over the first `rows` examples of a part; NaN if it is empty."""
        return self.costs.of(part, rows)

    @property
    def at(self) -> Moment:
        """What a number that is measured now belongs to."""
        return Moment(self.step_count, self.revision)

    def constant_cost(self) -> float | None:
        """J of the best constant answer, in the loss of this run; None where there is none."""
        _, y = self.data.part("train")
        cost = constant_cost(self.data.task, self.model.compiled_loss, y, self.model.output_shape[-1])
        return cost if isfinite(cost) else None

    # -- training ------------------------------------------------------------------------------------------------
    def step(self, most: int | None = None) -> float:
        """One update on the next batch (of at most `most` examples); returns the loss before it."""
        n = len(self.x)
        if self.cursor >= n:
            self.cursor = 0
            self.epoch += 1
        start = self.cursor
        stop = min(start + (most or self.batches.size), n)
        size = stop - start
        plan = self._plan
        if plan is None or plan.batch != size:
            plan = self._plan = self.model.plan(size, "train")
        self.batches.put(plan, slice(start, stop), self.epoch, self.step_count)
        loss = update_in_turn(self.model, plan) if self._in_turn else self.model.train_step(plan)
        self.cursor = stop
        self.step_count += 1
        self.costs.add(loss, size, plan)
        if not abs(loss) < 1e30:
            self._stop_diverged()
        elif self.step_count >= self.costs.next_row:
            self.record()
            if self.step_count >= self.timeline.next_keyframe and not self.diverged:
                self.timeline.keep(self.checkpoint())
        for observer in self.observers:
            observer.stepped(self)
        if stop == n and not self.diverged:
            self._end_epoch()
        return loss

    def record(self) -> None:
        """Appends the row of the present step."""
        self.costs.record(self.at, self.progress)

    def _stop_diverged(self) -> None:
        """Names the first layer with a number that is not finite, and the last good moment."""
        self.costs.diverged(self.step_count, self.progress)
        where = first_broken(self.model)
        self.diverged = {
            "step": self.step_count,
            "layer": where.split("/")[0] if where else self.resolved["layers"][-1]["id"],
            "weight": where,
            "last_good_step": self.timeline.last_good_step(self.history.rows()),
        }

    def _end_epoch(self) -> None:
        """After the last batch: has J_cv stopped to fall, and have the weights been here before?"""
        if self.early.watches and len(self.parts["cv"][0]):
            if self.early.watch(self.cost("cv", None)):
                self.early.moment = self._moment()
            elif self.early.over:
                self._take_back()
        if not self.batches.shuffles:
            self.cycle_watch.watch(self.model.store.values, self.epoch)

    def _take_back(self) -> None:
        """Early stopping: the run is where J_cv was lowest, whole, and the last row is that moment's."""
        self._load_moment(self.early.stop(self.step_count, self.epoch + 1))
        self.costs.ends(self.at, self.progress)
        self.keyframes.truncate(self.step_count)
        self.keyframes.add(self.checkpoint())

    def run_for(self, seconds: float, most_steps: int | None = None) -> int:
        """Steps until the time is over, `most_steps` are made or the run diverges; returns the steps made."""
        end = time.perf_counter() + seconds
        made = 0
        with np.errstate(all="ignore"):
            while self.diverged is None and self.early.stopped is None:
                self.step()
                made += 1
                if made == most_steps or time.perf_counter() >= end:
                    break
        return made

    def advance(self, unit: str, count: int = 1) -> None:
        """Steps by 'example', 'batch' or 'epoch'."""
        with np.errstate(all="ignore"):
            for _ in self.advancing(unit, count):
                pass

    def advancing(self, unit: str, count: int) -> Iterator[None]:
        """`advance` one step at a time, for who has other things to do between them; early stopping ends it."""
        if self.early.stopped:  # whoever asks for steps wants them
            self.early.go_on()
        for _ in range(count):
            epoch = self.epoch + (self.cursor >= len(self.x))
            while not self.diverged and not self.early.stopped:
                self.step(1 if unit == "example" else None)
                yield
                if unit != "epoch" or self.epoch > epoch or (self.epoch == epoch and self.cursor >= len(self.x)):
                    break

    # -- the timeline --------------------------------------------------------------------------------------------
    def checkpoint(self) -> Checkpoint:
        """The present moment, whole."""
        moment = self._moment()
        return Checkpoint(
            moment.arrays | self.early.arrays(),
            moment.meta | {"early": self.early.meta(), "spec": self.spec, "revision": self.revision},
        )

    def whole(self, moment: Checkpoint) -> Checkpoint:
        """A moment of this run and, for who goes on from it, the removed weights that an edit may bring back."""
        removed = {"removed": [f"{layer}/{weight}" for layer, weight in self.removed_weights]}
        return Checkpoint(moment.arrays | removed_arrays(self.removed_weights), moment.meta | removed)

    def _moment(self) -> Checkpoint:
        """The present moment, but for what early stopping remembers."""
        arrays, meta = model_moment(self.model)
        place = {"step": self.step_count, "epoch": self.epoch, "cursor": self.cursor}
        return Checkpoint(arrays, place | meta | self.costs.meta())

    def restore(self, checkpoint: Checkpoint) -> None:
        """Goes back to a moment, with the network it had. It is another run than before, and than then."""
        self.revision = max(self.revision, int(checkpoint.meta.get("revision", 0)))
        if checkpoint.meta["spec"] != self.spec:
            self._rebuild(checkpoint.meta["spec"], keeps=False)
        self._load_moment(checkpoint)
        self.early.load(self.spec.get("early_stopping"), checkpoint.meta.get("early"), checkpoint.arrays)
        if "removed" in checkpoint.meta:  # a whole one; a keyframe leaves them as they are
            self.removed_weights = removed_of(checkpoint.arrays, checkpoint.meta["removed"])

    def _load_moment(self, checkpoint: Checkpoint) -> None:
        put_moment(self.model, checkpoint)
        self.step_count, self.epoch, self.cursor = (int(checkpoint.meta[k]) for k in ("step", "epoch", "cursor"))
        self.costs.load(checkpoint.meta, self.step_count)
        self.timeline.plan_on(self.step_count)
        self.diverged = None
        self.revision += 1

    def rewind(self, step: int) -> int:
        """Goes back to the keyframe nearest to `step` and forgets what came after; returns its step."""
        reached = self.timeline.rewind(self, step)
        self.costs.truncate(reached)
        return reached

    def look_back(self, step: int) -> int:
        """Shows the keyframe nearest to `step`; the present waits until `present()`. Returns the shown step."""
        return self.timeline.look_back(self, step)

    def present(self) -> None:
        """Ends `look_back`."""
        self.timeline.present(self)

    # -- edits ---------------------------------------------------------------------------------------------------
    def apply(self, spec: RunSpec) -> None:
        """Goes on with a changed spec, keeping what has been learnt wherever it still has a place."""
        self.present()
        if self._another_rate_alone(spec):
            assert self.model.optimizer is not None
            self.model.optimizer.learning_rate = spec["optimizer"]["learning_rate"]
            self.spec, self.resolved = spec, resolve(spec, self.data.goal, self.data.input_shape)
            self._begin_watching(spec)
        else:
            self._rebuild(spec, keeps=True)
        self.revision += 1

    def _another_rate_alone(self, spec: RunSpec) -> bool:
        """Whether nothing but the learning rate differs: a slider's drag, for which nothing needs to be built anew."""
        rate = {"learning_rate": spec["optimizer"]["learning_rate"]}
        return {**self.spec, "optimizer": {**self.spec["optimizer"], **rate}} == spec

    def _begin_watching(self, spec: RunSpec) -> None:
        """What a changed spec ends: a divergence, waiting for a better J, going round in circles."""
        self.diverged = None
        self.early.reset(spec.get("early_stopping"))
        self.cycle_watch.clear()

    def _rebuild(self, spec: RunSpec, keeps: bool) -> None:
        old_data, old_model = self.data, self.model
        new = Assembly.of(spec, old_data if spec["data"] == self.spec["data"] else prepare(spec["data"]))
        if keeps:
            transfer(old_model, new.model, old_data.input_names, new.data.input_names, self.removed_weights)
        self._take(new)
        if self.data is not old_data:
            self.cursor = min(self.cursor, len(self.x))
            for observer in self.observers:
                observer.data_changed(self)
        if keeps:
            self._begin_watching(spec)
        self.cycle_watch.clear()

    def reset(self, seed: int | None = None) -> None:
        """Back to step 0 with the same initial weights, or re-rolled ones from another seed."""
        self.timeline.viewing = None
        if seed is not None:
            self._rebuild({**self.spec, "seed": seed}, keeps=False)
        self.model.initialize(self.spec["seed"])
        if self.initial is not None:
            self.set_weights(self.initial)
        self.step_count = self.epoch = self.cursor = 0
        self.revision += 1
        self._plan, self.diverged = None, None
        self.removed_weights.clear()
        for observer in self.observers:
            observer.restarted(self)
        self._restart_bookkeeping()

    def edit_weight(self, layer: str, weight: str, index: list[int], value: float) -> float:
        """Sets one number of a weight; returns the one that was there."""
        replaced = edit_weight(self.model, layer, weight, index, value)
        self.revision += 1
        return replaced

    def solve(self) -> Config:
        """Puts the weights of a linear model where J is smallest, by the normal equation (engine.regression)."""
        self.present()
        found = solve_linear(self.model, *self.parts["train"])
        self.revision += 1
        return found

    def move(self, values: Array) -> None:
        """Other parameters, all of them."""
        ready = in_dtype(values, self.model.dtype, "move")
        self.present()
        self.revision += 1
        self.model.store.values[...] = ready
        for observer in self.observers:
            observer.moved(self)

    def set_weights(self, arrays: dict[str, Array]) -> None:
        """Loads weights by "layer/weight"; all must be there with their shapes, or nothing is changed."""
        load_weights(self.model, arrays)
        self.revision += 1

    def weights(self) -> dict[str, Array]:
        """All weights as contiguous copies by "layer/weight", Keras's shapes."""
        return weights_of(self.model)
