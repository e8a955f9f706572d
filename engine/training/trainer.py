"""The trainer: one spec, stepped. It knows no display and no process; views read it, hosts drive it."""

import math
import time
from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np

from engine.core.numbers import in_dtype, weight_numbers
from engine.core.shards import AnyPlan
from engine.core.types import Array, Config
from engine.data import Prepared, prepare
from engine.data.augment import Augmentation
from engine.detection.losses import TERMS, DetectionLoss, loss_terms
from engine.training.bias_variance import constant_cost
from engine.training.blueprint import build_model, check_output, resolve
from engine.training.checkpoint import Checkpoint, Keyframes
from engine.training.closed_form import solve_linear
from engine.training.early import EarlyStopping
from engine.training.history import CostHistory, TermHistory, next_row
from engine.training.transfer import Attic, copy_weights, named_weights

SMALL_EPOCH_BYTES = 1 << 20
"""Below this a shuffled copy of the training part is made each epoch; above, batches are gathered one by one."""
COST_ROWS = 2000
"""Examples of each part that the recorded cost is measured on."""
COSTLY_SECONDS = 0.02
KEYFRAME_BYTES = 16 << 20
MOST_KEYFRAMES = 240
KEYFRAME_DENSE = 32
CYCLE_PARAMETERS = 64
"""Nets of so few numbers are watched for weights that come back."""


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

    Costs over whole parts are measured at history rows whenever their modelled time stays under a tenth of the
    modelled training time (plus a head start): a rule of the step number alone, so equal runs record equal rows.
    """

    def __init__(
        self,
        spec: Config,
        prepared: Prepared | None = None,
        keyframe_bytes: int = KEYFRAME_BYTES,
        initial: dict[str, Array] | None = None,
    ) -> None:
        self.spec = spec
        self.data = prepared or prepare(spec["data"])
        self.resolved = self._resolve(spec, self.data)
        self.model = build_model(self.resolved, self.data.input_shape)
        check_output(self.resolved, self.data.goal, self.model.output_shape)
        self.observers: list[Observer] = []
        self.initial = initial
        """Weights it starts with, by "layer/weight", instead of random ones."""
        if initial is not None:
            self.set_weights(initial)
        self.history = CostHistory()
        self.attic: Attic = {}
        self.touched = False
        """Whether the weights are other ones than those of the last recorded row, though the step is the same."""
        self.early = EarlyStopping()
        self._epoch_starts: dict[bytes, int] = {}
        self.cycle: int | None = None
        """Epochs after which the weights come back to where they were, if they do."""
        self._keyframe_bytes = keyframe_bytes
        self.step_count = 0
        self.epoch = 0
        self.cursor = 0
        self.diverged: dict[str, Any] | None = None
        self.viewing: Checkpoint | None = None
        """The present, while an earlier moment is shown."""
        self._prepare_parts()
        self._restart_bookkeeping()

    @staticmethod
    def _resolve(spec: Config, data: Prepared) -> Config:
        return resolve(spec, data.goal, data.input_shape)

    def _prepare_parts(self) -> None:
        loss = self.model.loss
        assert loss is not None
        self.parts: dict[str, tuple[Array, Array]] = {}
        for name in ("train", "cv", "test"):
            x, y = self.data.part(name)
            self.parts[name] = (x, loss.encode(self._targets(x, y), self.model.output_shape, self.model.dtype))
        self.x, self.t = self.parts["train"]
        self._loss_terms = isinstance(loss, DetectionLoss)
        self._term_sum = np.zeros(len(TERMS))
        self._augmentation = Augmentation.of(self.spec.get("augmentation")) if self.x.ndim == 4 else None
        self._shuffles = bool(self.spec.get("shuffle", True))
        self._sequential = self.spec.get("updates") == "sequential"
        self._small = self.x.nbytes <= SMALL_EPOCH_BYTES
        self._epoch_ready = -1
        self._plan: AnyPlan | None = None

    def _targets(self, x: Array, y: Array) -> Array:
        """Targets in the form the loss wants: class numbers become one-hot rows where it needs a row."""
        assert self.model.loss is not None
        task = self.data.task
        if task == "reconstruction":
            return x.reshape(len(x), *self.model.output_shape)
        if task == "multiclass" and self.model.loss.name != "sparse_categorical_crossentropy":
            return np.asarray(np.eye(self.data.dataset.outputs, dtype=np.float32)[y[:, 0].astype(np.int64)])
        return y

    def _restart_bookkeeping(self) -> None:
        most = self._keyframe_bytes // max(1, 3 * self.model.store.values.nbytes)
        self.keyframes = Keyframes(int(min(MOST_KEYFRAMES, max(4, most))))
        self._loss_sum, self._loss_rows = 0.0, 0
        self.term_history = TermHistory()
        self._cost_units = 0.0
        self._next_row, self._next_keyframe = 1, 1
        self.early.reset(self.spec.get("early_stopping"))
        self._epoch_starts.clear()
        self.cycle = None
        self.history.truncate(-1)
        self.record()
        self.keyframes.add(self.checkpoint())

    # -- training ------------------------------------------------------------------------------------------------
    @property
    def batch_size(self) -> int:
        return min(int(self.spec["batch_size"]), len(self.x))

    @property
    def steps_per_epoch(self) -> int:
        return math.ceil(len(self.x) / self.batch_size)

    def step(self, most: int | None = None) -> float:
        """One update on the next batch (of at most `most` examples); returns the loss before it."""
        n = len(self.x)
        if self.cursor >= n:
            self.cursor = 0
            self.epoch += 1
        if self._epoch_ready != self.epoch:
            self._shuffle()
        start = self.cursor
        stop = min(start + (most or self.batch_size), n)
        size = stop - start
        plan = self._plan
        if plan is None or plan.batch != size:
            plan = self._plan = self.model.plan(size, "train")
        if self._small:
            plan.input[...] = self._changed(self._x_order[start:stop])
            plan.target[...] = self._t_order[start:stop]
        else:
            rows = self._order[start:stop]
            plan.input[...] = self._changed(self.x[rows])
            plan.target[...] = self.t[rows]
        loss = self._in_turn(plan) if self._sequential else self.model.train_step(plan)
        if self._loss_terms:
            self._term_sum += loss_terms(plan) * size
        self.cursor = stop
        self.step_count += 1
        self._loss_sum += loss * size
        self._loss_rows += size
        if not abs(loss) < 1e30:
            self._stop_diverged()
        elif self.step_count >= self._next_row:
            self.record()
            if self.step_count >= self._next_keyframe and not self.diverged:
                self.keyframes.add(self.checkpoint())
                self._next_keyframe = next_row(self.step_count, KEYFRAME_DENSE)
        for observer in self.observers:
            observer.stepped(self)
        if stop == n and not self.diverged:
            self._end_epoch()
        return loss

    def _in_turn(self, plan: AnyPlan) -> float:
        """The wrong order: each weight is updated at once, and the next one's slope is taken from where that led."""
        store = self.model.store
        calls, advance = self.model.update_plan()
        advance()
        loss = None
        for weight in (w for w in store.weights if w.trainable):
            plan.run()
            loss = plan.loss_value() if loss is None else loss
            slope = store.gradient(weight).copy()
            store.gradients[...] = 0
            store.gradient(weight)[...] = slope
            for function, arguments in calls:
                function(*arguments)
        return float(loss or 0.0)

    def _end_epoch(self) -> None:
        """After the last batch: has J_cv stopped to fall, and have the weights been here before?"""
        if self.early.watches and len(self.parts["cv"][0]):
            if self.early.watch(self.cost("cv")):
                self.early.moment = self._moment()
            elif self.early.over:
                self._take_back()
        if not self._shuffles and self.cycle is None and self.model.store.values.size <= CYCLE_PARAMETERS:
            here = self.model.store.values.tobytes()
            before = self._epoch_starts.setdefault(here, self.epoch)
            if before != self.epoch:
                self.cycle = self.epoch - before

    def _take_back(self) -> None:
        """Early stopping: the run is where J_cv was lowest, whole, and the last row is that moment's."""
        self._load_moment(self.early.stop(self.step_count, self.epoch + 1))
        for kept in (self.history, self.term_history, self.keyframes):
            kept.truncate(self.step_count)
        with np.errstate(all="ignore"):
            costs = (self.cost("train"), self.cost("cv"), self.cost("test"))
        loss = self._loss_sum / self._loss_rows if self._loss_rows else float("nan")
        self._loss_sum, self._loss_rows = 0.0, 0
        self.history.ends(self.step_count, self.epoch + self.cursor / len(self.x), loss, *costs)
        self.keyframes.add(self.checkpoint())

    def _changed(self, batch: Array) -> Array:
        """A batch of training pictures, augmented; the draw depends on the seed and the step alone."""
        if self._augmentation is None:
            return batch
        return self._augmentation(batch, np.random.default_rng([self.spec["seed"], 5, self.step_count]))

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

    def _shuffle(self) -> None:
        """The order of an epoch depends on the seed and the epoch alone."""
        if self._shuffles:
            self._order = np.random.default_rng([self.spec["seed"], 2, self.epoch]).permutation(len(self.x))
        else:
            self._order = np.arange(len(self.x))
        if self._small:
            self._x_order, self._t_order = self.x[self._order], self.t[self._order]
        self._epoch_ready = self.epoch

    @property
    def last_plan(self) -> AnyPlan | None:
        """The plan of the last step, with what it drew."""
        return self._plan

    # -- costs ---------------------------------------------------------------------------------------------------
    def cost(self, part: str, rows: int | None = COST_ROWS) -> float:
        """Mean loss (no penalty) over the first `rows` examples of a part; NaN if it is empty."""
        x, t = self.parts[part]
        if not len(x):
            return float("nan")
        with np.errstate(all="ignore"):
            return self.model.loss_of(x[:rows], t[:rows])

    def constant_cost(self) -> float | None:
        """J of the best constant answer, in the loss of this run; None where there is none."""
        assert self.model.loss is not None
        _, y = self.data.part("train")
        cost = constant_cost(self.data.task, self.model.loss, y, self.model.output_shape[-1])
        return cost if math.isfinite(cost) else None

    def _cost_seconds(self) -> float:
        """The modelled time of measuring the cost of all parts once."""
        rows = sum(min(len(x), COST_ROWS) for x, _ in self.parts.values())
        return 60e-6 + 5e-11 * self.model.multiplications() * rows

    @property
    def costly(self) -> bool:
        """Whether measuring the cost for every frame would hold the training up."""
        return self._cost_seconds() > COSTLY_SECONDS

    def record(self) -> None:
        """Appends the row of the present step."""
        self.touched = False
        loss = self._loss_sum / self._loss_rows if self._loss_rows else float("nan")
        if self._loss_terms and self._loss_rows:
            self.term_history.append(self.step_count, self._term_sum / self._loss_rows)
            self._term_sum[:] = 0
        self._loss_sum, self._loss_rows = 0.0, 0
        costs = (float("nan"),) * 3
        one_cost = self._cost_seconds()
        one_step = 15e-6 + 1.2e-10 * self.model.multiplications() * self.batch_size
        if self._cost_units * one_cost <= 0.3 + 0.1 * self.step_count * one_step:
            self._cost_units += 1
            costs = (self.cost("train"), self.cost("cv"), self.cost("test"))
        progress = self.epoch + self.cursor / max(len(self.x), 1)
        if self.history.last is None or self.history.last[0] < self.step_count:
            self.history.append(self.step_count, progress, loss, *costs)
        self._next_row = next_row(self.step_count)

    def _stop_diverged(self) -> None:
        """Names the first layer with a number that is not finite, and the last good moment."""
        self.history.append(self.step_count, self.epoch + self.cursor / len(self.x), *(float("nan"),) * 4)
        where = next(
            (
                f"{layer}/{name}"
                for (layer, name), w in named_weights(self.model).items()
                if not np.isfinite(self.model.store.array(w)).all()
            ),
            None,
        )
        self.diverged = {
            "step": self.step_count,
            "layer": where.split("/")[0] if where else self.resolved["layers"][-1]["id"],
            "weight": where,
            "last_good_step": self._last_good_step(),
        }

    def _last_good_step(self) -> int:
        """The last kept moment at which the cost was still within four times its smallest."""
        rows = self.history.rows()
        costs = np.where(np.isnan(rows[:, 3]), rows[:, 2], rows[:, 3])
        good = rows[np.isfinite(costs) & (costs <= 4 * np.nanmin(np.where(np.isfinite(costs), costs, np.nan))), 0]
        last = good[-1] if len(good) else 0
        return max((step for step in self.keyframes.steps() if step <= last), default=0)

    # -- checkpoints ---------------------------------------------------------------------------------------------
    def checkpoint(self) -> Checkpoint:
        """The present moment, whole."""
        frame = self._moment()
        return Checkpoint(
            frame.arrays | self.early.arrays(), frame.meta | {"early": self.early.meta(), "spec": self.spec}
        )

    def _moment(self) -> Checkpoint:
        """The present moment, but for what early stopping remembers."""
        store, optimizer = self.model.store, self.model.optimizer
        assert optimizer is not None
        arrays = {"values": store.values.copy(), "state": store.state.copy()}
        arrays |= {f"slot.{name}": slot.copy() for name, slot in store.slots.items()}
        return Checkpoint(
            arrays,
            {
                "step": self.step_count,
                "epoch": self.epoch,
                "cursor": self.cursor,
                "iterations": optimizer.iterations,
                "born": optimizer.born,
                "generator": self.model.rng.bit_generator.state,
                "loss_sum": self._loss_sum,
                "loss_rows": self._loss_rows,
                "cost_units": self._cost_units,
            },
        )

    def restore(self, frame: Checkpoint) -> None:
        """Goes back to a moment, with the network it had."""
        if frame.meta["spec"] != self.spec:
            self._rebuild(frame.meta["spec"], carry=False)
        self._load(frame)

    def _load(self, frame: Checkpoint) -> None:
        self._load_moment(frame)
        self.early.load(self.spec.get("early_stopping"), frame.meta.get("early"), frame.arrays)

    def _load_moment(self, frame: Checkpoint) -> None:
        store, optimizer = self.model.store, self.model.optimizer
        assert optimizer is not None
        if frame.arrays["values"].shape != store.values.shape:
            raise ValueError(
                f"checkpoint wants a model of {frame.arrays['values'].size} parameters, got {store.values.size}"
            )
        store.values[...] = frame.arrays["values"]
        store.state[...] = frame.arrays["state"]
        optimizer.prepare(store)
        for name, slot in store.slots.items():
            kept = frame.arrays.get(f"slot.{name}")
            slot[...] = optimizer.slot_start(name) if kept is None else kept
        optimizer.iterations, optimizer.born = int(frame.meta["iterations"]), int(frame.meta.get("born", 0))
        self.model.rng.bit_generator.state = frame.meta["generator"]
        self.step_count, self.epoch, self.cursor = (int(frame.meta[k]) for k in ("step", "epoch", "cursor"))
        self._loss_sum, self._loss_rows = float(frame.meta["loss_sum"]), int(frame.meta["loss_rows"])
        self._cost_units = float(frame.meta["cost_units"])
        self._next_row = next_row(self.step_count)
        self._next_keyframe = next_row(self.step_count, KEYFRAME_DENSE)
        self.diverged = None
        self.touched = False

    def rewind(self, step: int) -> int:
        """Goes back to the keyframe nearest to `step` and forgets what came after; returns its step."""
        self.present()
        frame = self.keyframes.at(step)
        if frame is None:
            raise ValueError("no earlier moment is kept")
        self.restore(frame)
        self.keyframes.truncate(frame.step)
        self.history.truncate(frame.step)
        self.term_history.truncate(frame.step)
        return frame.step

    def look_back(self, step: int) -> int:
        """Shows the keyframe nearest to `step`; the present waits until `present()`. Returns the shown step."""
        now = self.viewing or self.checkpoint()
        frame = self.keyframes.at(step)
        if frame is None or step >= now.step:
            self.present()
            return self.step_count
        diverged = self.diverged
        self.restore(frame)
        self.viewing, self.diverged = now, diverged
        return frame.step

    def present(self) -> None:
        """Ends `look_back`."""
        if self.viewing is not None:
            now, diverged = self.viewing, self.diverged
            self.viewing = None
            self.restore(now)
            self.diverged = diverged

    # -- edits ---------------------------------------------------------------------------------------------------
    def apply(self, spec: Config) -> None:
        """Goes on with a changed spec, keeping what has been learnt wherever it still has a place."""
        self.present()
        if self._another_rate_alone(spec):
            assert self.model.optimizer is not None
            self.model.optimizer.learning_rate = spec["optimizer"]["learning_rate"]
            self.spec, self.resolved = spec, self._resolve(spec, self.data)
            self._carried(spec)
            return
        self._rebuild(spec, carry=True)

    def _another_rate_alone(self, spec: Config) -> bool:
        """Whether nothing but the learning rate differs: a slider's drag, for which nothing needs to be built anew."""
        rate = {"learning_rate": spec["optimizer"]["learning_rate"]}
        return {**self.spec, "optimizer": {**self.spec["optimizer"], **rate}} == spec

    def _carried(self, spec: Config) -> None:
        """What a changed spec ends: a divergence, waiting for a better J, going round in circles."""
        self.diverged = None
        self.early.reset(spec.get("early_stopping"))
        self._epoch_starts.clear()
        self.cycle = None

    def _rebuild(self, spec: Config, carry: bool) -> None:
        same_data = spec["data"] == self.spec["data"]
        data = self.data if same_data else prepare(spec["data"])
        resolved = self._resolve(spec, data)
        model = build_model(resolved, data.input_shape)
        check_output(resolved, data.goal, model.output_shape)
        old, old_names = self.model, self.data.input_names
        assert old.optimizer is not None
        assert model.optimizer is not None
        if carry:
            if old.optimizer.name == model.optimizer.name:
                model.optimizer.prepare(model.store)
            copy_weights(old, model, old_names, data.input_names, self.attic)
            same = old.optimizer.name == model.optimizer.name
            model.optimizer.iterations = old.optimizer.iterations
            model.optimizer.born = old.optimizer.born if same else old.optimizer.iterations
            model.rng.bit_generator.state = old.rng.bit_generator.state
        if spec["seed"] != self.spec["seed"]:
            self._epoch_ready = -1
        self.spec, self.resolved, self.model = spec, resolved, model
        moved = self.data is not data
        self.data = data
        self._prepare_parts()
        if moved:
            self.cursor = min(self.cursor, len(self.x))
            for observer in self.observers:
                observer.data_changed(self)
        if carry:
            self._carried(spec)
        self._epoch_starts.clear()
        self.cycle = None

    def reset(self, seed: int | None = None) -> None:
        """Back to step 0 with the same initial weights, or re-rolled ones from another seed."""
        self.viewing = None
        if seed is not None:
            self._rebuild({**self.spec, "seed": seed}, carry=False)
        self.model.initialize(self.spec["seed"])
        if self.initial is not None:
            self.set_weights(self.initial)
        self.step_count = self.epoch = self.cursor = 0
        self._epoch_ready, self._plan, self.diverged = -1, None, None
        self.attic.clear()
        for observer in self.observers:
            observer.restarted(self)
        self._restart_bookkeeping()

    def edit_weight(self, layer: str, weight: str, index: list[int], value: float) -> None:
        """Sets one number of a weight."""
        found = named_weights(self.model).get((layer, weight))
        if found is None:
            known = ", ".join("/".join(key) for key in named_weights(self.model))
            raise ValueError(f"there is no weight {layer}/{weight}; the model has {known}")
        if len(index) != len(found.shape) or any(not 0 <= i < n for i, n in zip(index, found.shape, strict=False)):
            raise ValueError(f"{layer}/{weight} has shape {found.shape}, got index {index}")
        number = weight_numbers(weight, (), value, self.model.dtype, f"{layer}/{weight}")
        self.model.store.array(found)[tuple(index)] = number
        self.touched = True

    def solve(self) -> dict[str, Any]:
        """Puts the weights of a linear model where J is smallest, by the normal equation (engine.regression)."""
        self.present()
        self.touched = True
        return solve_linear(self.model, *self.parts["train"])

    def move(self, values: Array) -> None:
        """Other parameters, all of them."""
        wanted = in_dtype(values, self.model.dtype, "move")
        self.present()
        self.touched = True
        self.model.store.values[...] = wanted
        for observer in self.observers:
            observer.moved(self)

    def set_weights(self, arrays: dict[str, Array]) -> None:
        """Loads weights by "layer/weight"; all must be there with their shapes, or nothing is changed."""
        named = named_weights(self.model)
        wanted = {"/".join(key): w for key, w in named.items()}
        if missing := set(wanted) - set(arrays):
            raise ValueError(f"the file lacks {sorted(missing)[0]!r}; wanted: {', '.join(wanted)}")
        ready = {
            name: weight_numbers(weight.name, weight.shape, arrays[name], self.model.dtype, name)
            for name, weight in wanted.items()
        }
        for name, weight in wanted.items():
            self.model.store.array(weight)[...] = ready[name]
        self.touched = True

    def weights(self) -> dict[str, Array]:
        """All weights as contiguous copies by "layer/weight", Keras's shapes."""
        return {
            "/".join(key): np.ascontiguousarray(self.model.store.array(w))
            for key, w in named_weights(self.model).items()
        }
