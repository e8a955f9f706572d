"""A stack of layers that trains: Keras's Sequential, run as plans over flat parameters."""

import weakref
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from engine import losses as losses_module
from engine import metrics as metrics_module
from engine import optimizers as optimizers_module
from engine.core.numbers import in_dtype, weight_numbers, whole
from engine.core.parameters import ParameterStore, Weight
from engine.core.plan import Call, Plan
from engine.core.shards import AnyPlan
from engine.core.types import Array, Config, Shape, float_dtype
from engine.layers import Layer
from engine.layers import layers as layer_registry
from engine.layers.composite import Composite, flattened, walk
from engine.layers.correlation import divisor
from engine.losses import Loss
from engine.metrics import Metric
from engine.optimizers import Optimizer
from engine.planning import make_plan, plan_tail

PREDICT_CHUNK = 2048
"""Most examples per forward pass of `predict` and `evaluate`, so memory does not grow with the data."""
CHUNK_NUMBERS = 1_000_000
"""Most numbers that the layers' outputs of such a pass have."""
MOST_PLANS = 12
"""Plans kept at once (one per batch size and mode); the oldest goes first."""
PLANS_BYTES = 64 << 20
"""Bytes in the buffers of plans kept at once."""


class History:
    """What `fit` returns: `history["loss"]`, `history["val_loss"]`, …, one number an epoch; `epoch` their numbers."""

    def __init__(self) -> None:
        self.history: dict[str, list[float]] = {}
        self.epoch: list[int] = []

    def append(self, epoch: int, numbers: dict[str, float]) -> None:
        self.epoch.append(epoch)
        for name, number in numbers.items():
            self.history.setdefault(name, []).append(number)


class Sequential:
    """layers one after the other. `seed` fixes weights, shuffling and dropout; `dtype` is float32 or float64.

    `model.build((I,))` takes the shape of one example; `fit`, `train_on_batch`, `gradients`, `predict` build by
    themselves from the data they are given.
    """

    def __init__(
        self, layers: Iterable[Layer] = (), seed: int = 0, dtype: Any = "float32", name: str = "sequential"
    ) -> None:
        self.seed, self.name = whole(seed, "Sequential", "seed", 0), name
        self.dtype = float_dtype(dtype)
        self.layers: list[Layer] = []
        self.input_shape: Shape | None = None
        self.store = ParameterStore(self.dtype)
        self.rng = np.random.default_rng([seed, 1])
        self.optimizer: Optimizer | None = None
        self.loss: Loss | None = None
        self.metrics: list[Metric] = []
        self._plans: dict[tuple[int, str], AnyPlan] = {}
        self._update: tuple[list[Call], Callable[[], None]] | None = None
        self._known_batch: tuple[AnyPlan, Shape, Shape] | None = None
        """Plan and shapes of the last batch, where targets need no translation."""
        for layer in layers:
            self.add(layer)

    # -- building ------------------------------------------------------------------------------------------------
    def add(self, layer: Layer) -> None:
        """Appends a layer; unnamed ones are called dense, dense_1, … as in Keras."""
        if not isinstance(layer, Layer):
            raise ValueError(f"Sequential wants layers, got {layer!r}")
        if self.built:
            raise ValueError("Sequential is built already; make a new one: Sequential([*model.layers, layer])")
        known: set[Layer] = set(walk(self.layers))
        for part in walk([layer]):
            if part in known:
                raise ValueError(
                    f"{part.label()} is in this model already; a layer can be there once: make another one"
                )
            known.add(part)
        self._give_name(layer)
        if isinstance(layer, Composite) and not layer.built:
            layer.rename()
        self.layers.append(layer)

    def _give_name(self, layer: Layer) -> None:
        """Unnamed layers are numbered; a layer that is in use elsewhere keeps its name, and a fresh one makes way."""
        others = {other.name: other for other in self.layers}
        twin = others.get(layer.name)
        if twin is None:
            return
        fresh = next((y for y in (layer, twin) if not y.named and not y.built), None)
        if fresh is None:
            raise ValueError(f"two layers are called {layer.name!r}; names must differ: give one of them name=…")
        base, number = fresh.name, 0
        taken = {*others, layer.name}
        while fresh.name in taken:
            number += 1
            fresh.name = f"{base}_{number}"
        if fresh is twin and isinstance(twin, Composite):
            twin.rename()

    @property
    def built(self) -> bool:
        return self.input_shape is not None

    def build(self, input_shape: Sequence[int]) -> None:
        """Shapes, weights and initial values for examples of `input_shape`."""
        shape = tuple(whole(n, "Sequential", "every side of the input shape", 1) for n in input_shape)
        if self.built:
            if shape != self.input_shape:
                raise ValueError(f"Sequential was built for {self.input_shape}, got {shape}")
            return
        if not shape:
            raise ValueError(f"Sequential wants the positive shape of one example, got {shape}")
        if not self.layers:
            raise ValueError("Sequential wants at least one layer, got none")
        inner, fresh = shape, [layer for layer in self.layers if not layer.built]
        for layer in self.layers:
            inner = layer.build_for(self.store, inner)
        self.store.allocate()
        self.input_shape = shape
        for layer in fresh:
            layer.initialize(self.seed)
        tell = weakref.WeakMethod(self._relearn)
        for layer in walk(self.layers):
            layer.changed.append(lambda: (found := tell()) and found())

    def initialize(self, seed: int | None = None) -> None:
        """Fresh weights (the same ones for the same seed), optimiser state and generator."""
        self.seed = self.seed if seed is None else seed
        for layer in self.layers:
            layer.initialize(self.seed)
        self.store.forget_gradients()
        self.store.slots.clear()
        self.rng.bit_generator.state = np.random.default_rng([self.seed, 1]).bit_generator.state
        if self.optimizer is not None:
            self.optimizer.iterations = self.optimizer.born = 0
        self.invalidate()

    @property
    def leaves(self) -> list[Layer]:
        """The layers that compute, those inside composites included."""
        return flattened(self.layers)

    def leaf(self, name: str) -> Layer:
        """The layer of that name, inside composites too; block/conv2d is the conv2d of block."""
        for layer in self.leaves:
            if layer.name == name:
                return layer
        raise ValueError(f"there is no layer {name!r}; there are {', '.join(y.name for y in self.leaves)}")

    @property
    def output_shape(self) -> Shape:
        self._needs_build()
        return self.layers[-1].output_shape

    def compile(
        self,
        optimizer: str | Config | Optimizer = "RMSprop",
        loss: str | Config | Loss = "mse",
        metrics: Sequence[str | Metric] = (),
    ) -> None:
        """Chooses optimiser, loss and metrics; weights stay."""
        self.optimizer = optimizers_module.get(optimizer)
        self.loss = losses_module.get(loss)
        self.metrics = [metrics_module.get(m) for m in metrics]
        self.store.slots.clear()
        self.invalidate()

    def invalidate(self) -> None:
        """Forgets all plans, after a change of something that is baked into them (a rate, a penalty, the loss)."""
        self._plans.clear()
        self._update = None
        self._known_batch = None

    def _relearn(self) -> None:
        """After a layer was frozen or freed: other weights learn, with gradients and optimiser state of their own."""
        if {w.block for w in self.store.weights if w.trainable} != set(self.store.places):
            self.store.place()
        self.invalidate()

    @property
    def trainable(self) -> bool:
        """Whether any layer learns; setting it freezes or frees them all."""
        return any(layer.trainable for layer in self.layers)

    @trainable.setter
    def trainable(self, value: bool) -> None:
        for layer in self.layers:
            layer.trainable = value

    # -- plans ---------------------------------------------------------------------------------------------------
    def plan(self, batch: int, mode: str) -> AnyPlan:
        """The plan for `batch` examples; modes: engine.planning.MODES."""
        key = (batch, mode)
        if key not in self._plans:
            while len(self._plans) >= MOST_PLANS:
                del self._plans[next(iter(self._plans))]
            self._plans[key] = make_plan(self, batch, mode)
            while len(self._plans) > 1 and sum(plan.nbytes for plan in self._plans.values()) > PLANS_BYTES:
                del self._plans[next(k for k in self._plans if k != key)]
        return self._plans[key]

    def forward_plan(self, batch: int, mode: str = "infer") -> Plan:
        """The plan of a mode that is never cut into shards."""
        plan = self.plan(batch, mode)
        assert isinstance(plan, Plan)
        return plan

    def multiplications(self) -> int:
        """Multiplications of one example's forward pass."""
        return sum(layer.multiplications() for layer in self.layers)

    def penalty(self) -> float:
        """l1·Σ|w| + l2·Σw² of the present weights."""
        total = 0.0
        for weight in self.store.weights:
            if weight.trainable and (weight.l1 or weight.l2):
                w = weight.array.astype(np.float64)
                total += weight.l1 * float(np.abs(w).sum()) + weight.l2 * float((w * w).sum())
        return total

    def update_plan(self) -> tuple[list[Call], Callable[[], None]]:
        """The optimiser's calls on the flat vectors, and the function that sets their live scalars first."""
        if self._update is None:
            _, optimizer = self._compiled()
            store = self.store
            plan = Plan(0, self.dtype, self.rng, training=True)
            gather, scatter = [], []
            if store.scattered:
                for block, at in store.places.items():
                    part = store.trained[at : at + block.size].reshape(block.shape)
                    gather.append((np.copyto, (part, block.values)))
                    scatter.append((np.copyto, (block.values, part)))
            advance = optimizer.plan(plan, store)
            self._update = ([*gather, *plan.calls, *scatter], advance)
        return self._update

    # -- one step ------------------------------------------------------------------------------------------------
    def train_on_batch(self, x: Array, y: Array) -> float:
        """One optimiser step on a batch; returns the loss before it (penalties included)."""
        known = self._known_batch
        if (
            known is not None
            and type(x) is np.ndarray
            and type(y) is np.ndarray
            and x.shape == known[1]
            and y.shape == known[2]
            and x.dtype == self.dtype
            and y.dtype == self.dtype
        ):  # the same kind of batch as the last one: nothing is left to check
            plan = known[0]
            plan.input[...] = x
            plan.target[...] = y
            return self.train_step(plan)
        plan = self._load(x, y, "train")
        loss, _ = self._compiled()
        self._known_batch = None if loss.encodes else (plan, np.shape(x), plan.target.shape)
        return self.train_step(plan)

    def train_step(self, plan: AnyPlan) -> float:
        """One optimiser step on what the train plan's input and target hold."""
        calls, advance = self._update or self.update_plan()
        advance()
        plan.run()
        if plan.updates:
            plan.run_updates()
        for function, arguments in calls:
            function(*arguments)
        return plan.loss_value()

    def gradients(self, x: Array, y: Array) -> tuple[float, list[Array]]:
        """Loss and gradients in training mode, without an update; in get_weights() order, trainable ones only."""
        plan = self._load(x, y, "train")
        plan.run()
        grads = [self.store.gradient(w).copy() for w in self.weights if w.trainable]
        return plan.loss_value(), grads

    def _load(self, x: Array, y: Array, mode: str) -> AnyPlan:
        if not self.built:
            self.build(np.shape(x)[1:])
        loss, _ = self._compiled()
        rows = self._examples(x)
        if not len(rows):
            raise ValueError("Sequential wants at least one example, got none")
        plan = self.plan(len(rows), mode)
        target = y
        if loss.encodes or type(y) is not np.ndarray or y.shape != plan.target.shape:
            target = loss.encode(np.asarray(y), self.output_shape, self.dtype)
        if len(target) != len(rows):
            raise ValueError(f"Sequential wants as many targets as examples, got {len(target)} and {len(rows)}")
        np.copyto(plan.input, rows)
        np.copyto(plan.target, target)
        return plan

    def _examples(self, x: Array) -> Array:
        rows = x if type(x) is np.ndarray else np.asarray(x)
        if rows.shape[1:] != self.input_shape or rows.ndim == 0:
            wanted = ", ".join(map(str, ("B", *(self.input_shape or ()))))
            raise ValueError(f"Sequential wants ({wanted}), got {rows.shape}")
        if rows.dtype.kind not in "fiub":
            raise ValueError(f"Sequential wants numbers, got {rows.dtype}")
        return rows

    # -- many steps ----------------------------------------------------------------------------------------------
    def fit(
        self,
        x: Array,
        y: Array,
        batch_size: int = 32,
        epochs: int = 1,
        validation_data: tuple[Array, Array] | None = None,
        shuffle: bool = True,
    ) -> History:
        """Trains for `epochs`, reshuffling each; the last partial batch is a smaller batch, weighted by its size."""
        if not self.built:
            self.build(np.shape(x)[1:])
        loss, _ = self._compiled()
        rows = np.ascontiguousarray(self._examples(x), self.dtype)
        target = np.ascontiguousarray(loss.encode(np.asarray(y), self.output_shape, self.dtype))
        if len(target) != len(rows) or not len(rows):
            raise ValueError(f"Sequential wants as many targets as examples, got {len(target)} and {len(rows)}")
        batch_size, epochs = whole(batch_size, "fit", "batch_size", 1), whole(epochs, "fit", "epochs", 1)
        history = History()
        order = np.arange(len(rows))
        for epoch in range(epochs):
            if shuffle:
                order = self.rng.permutation(len(rows))
            weighted = 0.0
            for start in range(0, len(rows), batch_size):
                chosen = order[start : start + batch_size]
                plan = self.plan(len(chosen), "train")
                np.copyto(plan.input, rows[chosen])
                np.copyto(plan.target, target[chosen])
                weighted += self.train_step(plan) * len(chosen)
            numbers = {"loss": weighted / len(rows)}
            if self.metrics:
                outputs = self.predict(rows)
                numbers |= {m.name: m(np.asarray(y), outputs) for m in self.metrics}
            if validation_data is not None:
                numbers |= {f"val_{name}": v for name, v in self._measure(*validation_data).items()}
            history.append(epoch, numbers)
        return history

    @property
    def chunk(self) -> int:
        """Examples per forward pass of `predict` and `evaluate`."""
        numbers = sum(int(np.prod(leaf.output_shape)) for leaf in self.leaves)
        return max(1, min(PREDICT_CHUNK, CHUNK_NUMBERS // max(numbers, 1)))

    def _part(self, examples: int) -> int:
        """Of `chunk` examples or fewer a number that divides them all, if there is a good one: a rest of another size

        would want a plan, and memory, of its own.
        """
        even = divisor(examples, self.chunk) if examples else 1
        return even if 2 * even >= min(self.chunk, examples) else self.chunk

    def predict(self, x: Array) -> Array:
        """Outputs (B, …) in inference mode."""
        if not self.built:
            self.build(np.shape(x)[1:])
        rows = self._examples(x)
        out = np.empty((len(rows), *self.output_shape), self.dtype)
        chunk = self._part(len(rows))
        for start in range(0, len(rows), chunk):
            part = rows[start : start + chunk]
            plan = self.forward_plan(len(part))
            np.copyto(plan.input, part if part.dtype == bool else in_dtype(part, self.dtype, "predict", start))
            plan.run()
            out[start : start + chunk] = np.moveaxis(plan.outputs[self.layers[-1]].data, -1, 0)
        return out

    def run_from(self, layer: str, values: Array) -> Array:
        """What the layers behind `layer` make of its outputs (B, …), in inference mode: a decoder by itself."""
        self._needs_build()
        at = next((i for i, y in enumerate(self.layers) if y.name == layer), None)
        if at is None or at == len(self.layers) - 1:
            raise ValueError(f"run_from wants a layer with layers behind it, got {layer!r}")
        rows = np.asarray(values, self.dtype)
        if rows.shape[1:] != self.layers[at].output_shape:
            raise ValueError(f"run_from wants (B, {self.layers[at].output_shape}), got {rows.shape}")
        rest, key = self.layers[at + 1 :], (len(rows), f"from {layer}")
        if key not in self._plans:
            self._plans[key] = plan_tail(self, rest, len(rows))
        plan = self.forward_plan(*key)
        np.copyto(plan.input, rows)
        plan.run()
        return np.ascontiguousarray(np.moveaxis(plan.outputs[rest[-1]].data, -1, 0))

    def loss_of(self, x: Array, encoded: Array) -> float:
        """Mean loss over examples with encoded targets, inference mode, no penalty."""
        total = 0.0
        chunk = self._part(len(x))
        for start in range(0, len(x), chunk):
            part = x[start : start + chunk]
            plan = self.forward_plan(len(part), "evaluate")
            np.copyto(plan.input, part)
            np.copyto(plan.target, encoded[start : start + chunk])
            plan.run()
            total += plan.loss_value() * len(part)
        return total / max(len(x), 1)

    def evaluate(self, x: Array, y: Array) -> float | list[float]:
        """The loss (penalties included), or [loss, *metrics] when metrics were compiled; inference mode."""
        numbers = list(self._measure(x, y).values())
        return numbers if len(numbers) > 1 else numbers[0]

    def _measure(self, x: Array, y: Array) -> dict[str, float]:
        loss, _ = self._compiled()
        if not self.built:
            self.build(np.shape(x)[1:])
        rows = self._examples(x)
        if not len(rows):
            raise ValueError("evaluate expected at least one example, got none")
        if len(rows) != len(y):
            raise ValueError(f"Sequential wants as many targets as examples, got {len(y)} and {len(rows)}")
        encoded = loss.encode(np.asarray(y), self.output_shape, self.dtype)
        numbers = {"loss": self.loss_of(rows, encoded) + self.penalty()}
        if self.metrics:
            outputs = self.predict(rows)
            numbers |= {m.name: m(np.asarray(y), outputs) for m in self.metrics}
        return numbers

    # -- weights and configuration -------------------------------------------------------------------------------
    @property
    def weights(self) -> list[Weight]:
        """All weights layer by layer, as Keras orders them."""
        return [w for layer in self.layers for w in layer.weights]

    def get_weights(self) -> list[Array]:
        self._needs_build()
        return [self.store.array(w).copy() for w in self.weights]

    def set_weights(self, weights: Sequence[Array]) -> None:
        """All weights, in the order of `get_weights`: all of them, finite in the model's dtype, or nothing changes."""
        self._needs_build()
        named = [(layer, w) for layer in self.layers for w in layer.weights]
        if len(weights) != len(named):
            raise ValueError(f"Sequential wants {len(named)} weights, got {len(weights)}")
        ready = [
            weight_numbers(weight.name, weight.shape, value, self.dtype, f"{layer.label()} {weight.name}")
            for (layer, weight), value in zip(named, weights, strict=True)
        ]
        for (_, weight), array in zip(named, ready, strict=True):
            self.store.array(weight)[...] = array

    def count_params(self) -> int:
        self._needs_build()
        return sum(layer.count_params() for layer in self.layers)

    def summary(self, print_fn: Callable[[str], Any] | None = print) -> str:
        """A table of layers, output shapes and parameter counts; printed and returned."""
        self._needs_build()
        rows = [("Layer (type)", "Output shape", "Params")]
        rows += [
            (f"{y.name} ({type(y).__name__})", str((None, *y.output_shape)), f"{y.count_params():,}")
            for y in self.layers
        ]
        widths = [max(len(row[i]) for row in rows) for i in range(3)]
        lines = [f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c:>{widths[2]}}" for a, b, c in rows]
        lines.insert(1, "─" * len(lines[0]))
        trainable = sum(w.size for w in self.weights if w.trainable)
        lines += ["─" * len(lines[0]), f"Total params: {self.count_params():,} (trainable {trainable:,})"]
        text = "\n".join(lines)
        if print_fn is not None:
            print_fn(text)
        return text

    def to_config(self) -> Config:
        """Everything but the weights, as plain JSON."""
        config: Config = {
            "name": self.name,
            "seed": self.seed,
            "dtype": str(self.dtype),
            "input_shape": list(self.input_shape) if self.input_shape else None,
            "layers": [{"class": type(y).__name__, "config": y.get_config()} for y in self.layers],
        }
        if self.loss is not None and self.optimizer is not None:
            config["compile"] = {
                "loss": self.loss.get_config(),
                "optimizer": self.optimizer.get_config(),
                "metrics": [m.name for m in self.metrics],
            }
        return config

    get_config = to_config

    @classmethod
    def from_config(cls, config: Config) -> "Sequential":
        """The model a `to_config` describes, with its initial weights."""
        if not isinstance(config, dict) or not isinstance(config.get("layers"), list):
            raise ValueError(f"Sequential.from_config wants a dict with a list of layers, got {config!r:.80}")
        made = [layer_registry.get(part["class"]).from_config(part["config"]) for part in config["layers"]]
        model = cls(made, seed=config.get("seed", 0), dtype=config.get("dtype", "float32"),
                    name=config.get("name", "sequential"))  # fmt: skip
        if config.get("compile"):
            model.compile(**config["compile"])
        if config.get("input_shape"):
            model.build(config["input_shape"])
        return model

    def _needs_build(self) -> None:
        if not self.built:
            raise ValueError("Sequential is not built yet: call build(input_shape) or give it data first")

    @property
    def compiled_loss(self) -> Loss:
        """The loss given to compile."""
        return self._compiled()[0]

    def _compiled(self) -> tuple[Loss, Optimizer]:
        if self.loss is None or self.optimizer is None:
            raise ValueError("Sequential is not compiled yet: call compile(optimizer=…, loss=…) first")
        return self.loss, self.optimizer
