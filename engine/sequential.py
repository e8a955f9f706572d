"""A stack of layers that trains: Keras's Sequential, run as plans over flat parameters."""

import json
import weakref
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine import fitting, saving
from engine import losses as losses_module
from engine import metrics as metrics_module
from engine import optimizers as optimizers_module
from engine.callbacks import History
from engine.core.calls import Foreign, nearest, worded
from engine.core.checks import all_there, finite
from engine.core.numbers import whole
from engine.core.parameters import ParameterStore
from engine.core.plan import Call, Plan
from engine.core.shards import AnyPlan
from engine.core.types import Array, Config, Shape, float_dtype
from engine.foreign import (
    COMPILE_ARGUMENTS,
    EVALUATE_ARGUMENTS,
    FIT_ARGUMENTS,
    MODEL_NAMES,
    PREDICT_ARGUMENTS,
    Missing,
    check_part,
)
from engine.layers import InputLayer, Layer
from engine.layers import layers as layer_registry
from engine.layers.composite import Composite, walk
from engine.layers.correlation import divisor
from engine.layers.foreign import example_shape
from engine.losses import Loss
from engine.measures import Measure
from engine.optimizers import Optimizer
from engine.planning import make_plan, plan_tail
from engine.stacked import Stacked

PREDICT_CHUNK = 2048
"""Most examples per forward pass of `predict` and `evaluate`, so memory does not grow with the data."""
CHUNK_NUMBERS = 1_000_000
"""Most numbers that the layers' outputs of such a pass have."""
MOST_PLANS = 12
"""Plans kept at once (one per batch size and mode); the oldest goes first."""
PLANS_BYTES = 64 << 20
"""Bytes in the buffers of plans kept at once."""


class Outputs(np.ndarray[Any, Any]):
    """What a called model gives: an array that also answers `.numpy()`, as a tensor does."""

    def numpy(self) -> Array:
        return np.asarray(self)


class Sequential(Stacked):
    """layers one after the other, Keras's `Input` first if you like.

    `seed` fixes weights, shuffling and dropout; `dtype` is float32 or float64.

    `model.build((I,))` takes the shape of one example; `fit`, `train_on_batch`, `gradients`, `predict` build by
    themselves from the data they are given.
    """

    def __init__(
        self,
        layers: Iterable[Layer] = (),
        seed: int = 0,
        dtype: Any = "float32",
        name: str = "sequential",
        trainable: bool = True,
    ) -> None:
        self.seed, self.name = whole(seed, "Sequential", "seed", 0), name
        self.dtype = float_dtype(dtype)
        self.layers: list[Layer] = []
        self.input_shape: Shape | None = None
        self.store = ParameterStore(self.dtype)
        self.rng = np.random.default_rng([seed, 1])
        self.optimizer: Optimizer | None = None
        self.loss: Loss | None = None
        self.metrics: list[Measure] = []
        self.weighted_metrics: list[Measure] = []
        self.history: History | None = None
        self.stop_training = False
        """Whether `fit` should end after this batch; callbacks set it."""
        self.given_shape: Shape | None = None
        """What an Input, or a first layer's `input_shape=`, said."""
        self.weighted = False
        """Whether plans can weigh examples; `weigh` turns it on."""
        self._plans: dict[tuple[int, str], AnyPlan] = {}
        self._update: tuple[list[Call], Callable[[], None]] | None = None
        self._known_batch: tuple[AnyPlan, Shape, Shape] | None = None
        """Plan and shapes of the last batch, where targets need no translation."""
        if isinstance(layers, Layer | InputLayer):
            raise ValueError(f"Sequential expected a list of layers, got one: Sequential([{type(layers).__name__}(…)])")
        for layer in layers or ():
            self.add(layer)
        if trainable is not True:
            self.trainable = trainable

    # -- building ------------------------------------------------------------------------------------------------
    def add(self, layer: Layer) -> None:
        """Appends a layer; unnamed ones are called dense, dense_1, … as in Keras.

        Layers that are there keep their weights, and the model is built again when it is next used.
        """
        if isinstance(layer, InputLayer):
            if self.layers or self.given_shape is not None:
                raise ValueError("Sequential expected Input before all layers, and once")
            self.given_shape = layer.shape
            return
        if not isinstance(layer, Layer):
            check_part(layer)
        self._reopen()
        if not self.layers and self.given_shape is None:
            self.given_shape = layer.given_shape
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

    def pop(self, rebuild: bool = True) -> Layer:
        """Takes the last layer off; the others keep their weights."""
        if not self.layers:
            raise ValueError("Sequential expected a layer to take off, got none")
        self._reopen()
        return self.layers.pop()

    def _reopen(self) -> None:
        """Before layers change: the model is not built any more; layers keep their weights, the optimiser forgets."""
        if self.built:
            self.given_shape, self.input_shape = self.input_shape, None
            self.store = ParameterStore(self.dtype)
            if self.optimizer is not None:
                self.optimizer.iterations = self.optimizer.born = 0
            self.invalidate()

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

    @worded()
    def build(self, input_shape: Any = None) -> None:
        """Shapes, weights and initial values for examples of `input_shape`: (4,), or Keras's (None, 4)."""
        if input_shape is None and self.given_shape is None:
            raise ValueError("Sequential.build expected the shape of one example: model.build((4,))")
        given = self.given_shape if input_shape is None else input_shape
        batch = isinstance(given, Sequence) and len(given) > 1 and given[0] is None
        shape = example_shape(given, "Sequential.build", batch)
        if self.given_shape not in (None, shape):
            raise ValueError(f"Sequential expected the shape its Input has, {self.given_shape}, got {shape}")
        if self.built:
            if shape != self.input_shape:
                raise ValueError(f"Sequential was built for {self.input_shape}, got {shape}")
            return
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

    @worded(COMPILE_ARGUMENTS)
    def compile(
        self,
        optimizer: Any = "RMSprop",
        loss: Any = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
    ) -> None:
        """Chooses optimiser, loss and metrics by name, class or instance; weights stay, the optimiser's state does not.

        weighted_metrics are metrics that heed the weights of examples.
        """
        if loss is None:
            raise ValueError(
                f"compile expected a loss, got none: compile(optimizer='adam', loss='mse'). "
                f"There are {', '.join(losses_module.losses.names())}"
            )
        self.optimizer = optimizers_module.get(optimizer)
        self.loss = losses_module.get(loss)
        self.metrics = metrics_module.compiled(metrics)
        self.weighted_metrics = metrics_module.compiled(weighted_metrics)
        self.store.slots.clear()
        self.invalidate()

    def weigh(self) -> None:
        """Lets plans weigh examples from now on."""
        if not self.weighted:
            self.weighted = True
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

    def update_plan(self) -> tuple[list[Call], Callable[[], None]]:
        """The optimiser's calls on the flat vectors, and the function that sets their live scalars first."""
        if self._update is None:
            _, optimizer = self.compiled_parts()
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
    @worded(quick=True)
    def train_on_batch(
        self, x: Any, y: Any, sample_weight: Any = None, class_weight: Any = None, return_dict: bool = False
    ) -> Any:
        """One optimiser step on a batch; returns the loss before it (penalties included).

        With return_dict a dict of the loss and the metrics of this batch, before the step too.
        """
        known = self._known_batch
        if (
            known is not None
            and type(x) is np.ndarray
            and type(y) is np.ndarray
            and x.shape == known[1]
            and y.shape == known[2]
            and x.dtype == self.dtype
            and y.dtype == self.dtype
            and sample_weight is None
            and class_weight is None
            and not return_dict
            and all_there(x)
            and all_there(y)
        ):  # the same kind of batch as the last one: nothing else is left to check
            plan = known[0]
            plan.input[...] = x
            plan.target[...] = y
            return self.train_step(plan)
        plan, raw = self._filled(x, y, "train", "train_on_batch", sample_weight, class_weight)
        loss, _ = self.compiled_parts()
        usual = not (loss.encodes or self.weighted)
        self._known_batch = (plan, np.shape(x), plan.target.shape) if usual else None
        value = self.train_step(plan)
        if not return_dict:
            return value
        measured = [*self.metrics, *self.weighted_metrics]
        return {"loss": value} | (fitting.numbers_of(measured, raw, fitting.answers(plan)) if measured else {})

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

    @worded()
    def gradients(self, x: Any, y: Any) -> tuple[float, list[Array]]:
        """Loss and gradients in training mode, without an update; in get_weights() order, trainable ones only."""
        plan = self._load(x, y, "train")
        plan.run()
        grads = [self.store.gradient(w).copy() for w in self.weights if w.trainable]
        return plan.loss_value(), grads

    def _load(self, x: Any, y: Any, mode: str) -> AnyPlan:
        """The plan for a batch, with the batch in it."""
        return self._filled(x, y, mode, "gradients")[0]

    def _filled(
        self, x: Any, y: Any, mode: str, who: str, sample_weight: Any = None, class_weight: Any = None
    ) -> tuple[AnyPlan, Array]:
        """The plan for a batch that it holds, and the targets as they came."""
        self.compiled_parts()
        rows = fitting.examples(self, x, who)
        raw, target = fitting.targets(self, y, len(rows), who)
        weights = fitting.weights_of(self, raw, sample_weight, class_weight, who, len(rows))
        if weights is not None:
            self.weigh()
        plan = self.plan(len(rows), mode)
        fitting.fill(plan, rows, target, weights)
        return plan, raw

    # -- many steps ----------------------------------------------------------------------------------------------
    @worded(FIT_ARGUMENTS)
    def fit(
        self,
        x: Any,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: Any = "auto",
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        class_weight: Any = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        validation_freq: Any = 1,
    ) -> History:
        """Trains up to epoch `epochs`, from `initial_epoch` on, in batches of `batch_size` (32), reshuffled each epoch.

        The last partial batch is a smaller batch, weighted by its size. As in Keras, loss and metrics of an epoch are
        those of its batches, each before its step and in training mode; val_ ones are of the epoch's end, in inference
        mode. validation_split keeps the last part of the examples back, before any shuffling. sample_weight (B,) and
        class_weight {class: weight} weigh examples: J = Σ wᵢ·Lᵢ / B. verbose: 1 or 2 print a line an epoch.
        """
        return fitting.fit(
            self, x, y, batch_size=batch_size, epochs=epochs, verbose=verbose, callbacks=callbacks,
            validation_split=validation_split, validation_data=validation_data, shuffle=shuffle,
            class_weight=class_weight, sample_weight=sample_weight, initial_epoch=initial_epoch,
            validation_freq=validation_freq,
        )  # fmt: skip

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

    @worded(PREDICT_ARGUMENTS)
    def predict(self, x: Any, batch_size: int | None = None, verbose: Any = 0) -> Array:
        """Outputs (B, …) in inference mode. batch_size is the most examples at once; it changes no number's meaning."""
        fitting.loudness(verbose, "predict")
        rows = fitting.rows_of(self, x, "predict")
        out = np.empty((len(rows), *self.output_shape), self.dtype)
        chunk = self._part(len(rows))
        if batch_size is not None:
            chunk = min(chunk, whole(batch_size, "predict", "batch_size", 1))
        for start in range(0, len(rows), chunk):
            part = rows[start : start + chunk]
            plan = self.forward_plan(len(part))
            np.copyto(plan.input, finite(part, self.dtype, "predict", "x", start))
            plan.run()
            out[start : start + chunk] = np.moveaxis(plan.outputs[self.layers[-1]].data, -1, 0)
        return out

    @worded(PREDICT_ARGUMENTS)
    def predict_on_batch(self, x: Any) -> Array:
        """The same as `predict`."""
        return self.predict(x)

    @worded({"mask": Foreign("no layer here has masks")}, who="a model")
    def __call__(self, inputs: Any, training: Any = None) -> Outputs:
        """`predict`, as an array that has `.numpy()`; always in inference mode."""
        if isinstance(inputs, InputLayer):
            raise ValueError(
                "a model cannot be put into another one by calling it: list its layers, Sequential([*base.layers])"
            )
        if training:
            raise ValueError(
                "a called model runs in inference mode, got training=True: gradients(x, y) runs it in training mode"
            )
        return self.predict(inputs).view(Outputs)

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

    def loss_of(self, x: Array, encoded: Array, weights: Array | None = None) -> float:
        """Mean loss over examples with encoded targets, inference mode, no penalty."""
        total = 0.0
        chunk = self._part(len(x))
        for start in range(0, len(x), chunk):
            part = slice(start, start + chunk)
            plan = self.forward_plan(len(x[part]), "evaluate")
            fitting.fill(plan, x[part], encoded[part], None if weights is None else weights[part])
            plan.run()
            total += plan.loss_value() * len(x[part])
        return total / max(len(x), 1)

    @worded(EVALUATE_ARGUMENTS)
    def evaluate(
        self,
        x: Any,
        y: Any = None,
        batch_size: int | None = None,
        verbose: Any = "auto",
        sample_weight: Any = None,
        return_dict: bool = False,
    ) -> Any:
        """The loss (penalties included), [loss, *metrics] when metrics were compiled, or a dict; inference mode."""
        if batch_size is not None:
            whole(batch_size, "evaluate", "batch_size", 1)
        loud = fitting.loudness(verbose, "evaluate")
        numbers = fitting.measure(self, x, y, sample_weight, "evaluate")
        if loud:
            print(fitting.words(numbers))
        if return_dict:
            return numbers
        return list(numbers.values()) if len(numbers) > 1 else numbers["loss"]

    @worded()
    def test_on_batch(self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: bool = False) -> Any:
        """The same as `evaluate`."""
        return self.evaluate(x, y, sample_weight=sample_weight, return_dict=return_dict)

    # -- weights and configuration -------------------------------------------------------------------------------
    @property
    def metrics_names(self) -> list[str]:
        """Names of what `evaluate` returns."""
        return ["loss", *(m.name for m in (*self.metrics, *self.weighted_metrics))]

    def to_config(self) -> Config:
        """Everything but the weights, as plain JSON."""
        config: Config = {
            "name": self.name,
            "seed": self.seed,
            "dtype": str(self.dtype),
            "input_shape": list(self.input_shape or self.given_shape or ()) or None,
            "layers": [{"class": type(y).__name__, "config": y.get_config()} for y in self.layers],
        }
        if self.loss is not None and self.optimizer is not None:
            config["compile"] = {
                "loss": self.loss.get_config(),
                "optimizer": self.optimizer.get_config(),
                "metrics": [c for m in self.metrics if (c := m.get_config()) is not None],
            }
            weighted = [c for m in self.weighted_metrics if (c := m.get_config()) is not None]
            if weighted:
                config["compile"]["weighted_metrics"] = weighted
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

    @worded()
    def to_json(self, **settings: Any) -> str:
        """The config as JSON text; `engine.models.model_from_json` makes the model again."""
        return json.dumps(self.to_config(), **settings)

    # -- files -----------------------------------------------------------------------------------------------------
    @worded({"zipped": Foreign(), "save_format": Foreign("the file is safetensors; leave it out"),
             "include_optimizer": Foreign("the optimiser is always in it", (True,))})  # fmt: skip
    def save(self, filepath: str | Path, overwrite: bool = True) -> None:
        """One safetensors file: weights, optimiser state, config and generator. `engine.load_model` reads it."""
        saving.save_model(self, filepath, overwrite)

    @worded({"save_format": Foreign("the file is safetensors; leave it out"), "max_shard_size": Foreign("one file")})
    def save_weights(self, filepath: str | Path, overwrite: bool = True) -> None:
        """The weights alone as safetensors, named layer/weight."""
        saving.save_weights(self, filepath, overwrite)

    @worded({"skip_mismatch": Foreign("the layers must be those of the file", (False,)),
             "by_name": Foreign("weights are found by their names anyway", (False, True)),
             "options": Foreign()})  # fmt: skip
    def load_weights(self, filepath: str | Path) -> None:
        """Weights from a file of `save_weights` or `save`; all of them, or none where names or shapes differ."""
        saving.load_weights(self, filepath)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Only for names that are not here: Keras's are answered with what to do instead."""
            if name in MODEL_NAMES:
                raise Missing(f"Sequential has no {name}: {MODEL_NAMES[name]}")
            raise AttributeError(f"Sequential has no {name!r}.{nearest(name, [n for n in dir(self) if n[0] != '_'])}")

    def _build_if_known(self) -> None:
        if not self.built and self.given_shape is not None and self.layers:
            self.build(self.given_shape)

    def _needs_build(self) -> None:
        self._build_if_known()
        if not self.built:
            raise ValueError(
                "Sequential is not built yet: call build(input_shape) or give it data first, or begin with Input((4,))"
            )

    @property
    def compiled_loss(self) -> Loss:
        """The loss given to compile."""
        return self.compiled_parts()[0]

    def compiled_parts(self) -> tuple[Loss, Optimizer]:
        """Loss and optimiser, or an error before `compile`."""
        if self.loss is None or self.optimizer is None:
            raise ValueError("Sequential is not compiled yet: call compile(optimizer=…, loss=…) first")
        return self.loss, self.optimizer
