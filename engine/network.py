"""A stack with a loss and an optimiser, run as plans over flat parameters: one step, one pass, one config."""

from collections.abc import Callable, Iterable
from typing import Any, Self

import numpy as np

from engine import feeding
from engine import losses as losses_module
from engine import metrics as metrics_module
from engine import optimizers as optimizers_module
from engine.core.calls import worded
from engine.core.checks import all_there, finite
from engine.core.numbers import whole
from engine.core.plan import Call, Plan
from engine.core.shards import AnyPlan
from engine.core.types import Array, Config, Shape
from engine.foreign import COMPILE_ARGUMENTS, COMPILE_ORDER, PREDICT_ARGUMENTS, PREDICT_ORDER
from engine.layers import Layer
from engine.layers import layers as layer_registry
from engine.layers.correlation import divisor
from engine.losses import Loss
from engine.measures import Measure
from engine.optimizers import Optimizer
from engine.planning import Objective, make_plan, plan_tail
from engine.stacked import Stacked

PREDICT_CHUNK = 2048
"""Most examples per forward pass of `predict` and `evaluate`, so memory does not grow with the data."""
CHUNK_NUMBERS = 1_000_000
"""Most numbers that the layers' outputs of such a pass have."""
MOST_PLANS = 12
"""Plans kept at once (one per batch size and mode); the oldest goes first."""
PLANS_BYTES = 64 << 20
"""Bytes in the buffers of plans kept at once."""


class Network(Stacked):
    """What training and looking need of a model; `Sequential` gives it Keras's face."""

    def __init__(
        self,
        layers: Iterable[Layer] = (),
        seed: int = 0,
        dtype: Any = "float32",
        name: str | None = None,
        trainable: bool = True,
    ) -> None:
        self.optimizer: Optimizer | None = None
        self.loss: Loss | None = None
        self.metrics: list[Measure] = []
        self.weighted_metrics: list[Measure] = []
        self.history: Any = None
        """What the last `fit` returned."""
        self.stop_training = False
        """Whether `fit` should end after this batch; callbacks set it."""
        self.weighted = False
        """Whether plans can weigh examples; `weigh` turns it on."""
        self._plans: dict[tuple[int, str], AnyPlan] = {}
        self._update: tuple[list[Call], Callable[[], None]] | None = None
        self._known_batch: tuple[AnyPlan, Shape, Shape] | None = None
        """Plan and shapes of the last batch, where targets need no translation."""
        super().__init__(layers, seed, dtype, name, trainable)

    def _reopen(self) -> None:
        if self.built:
            self._begin_updates()
        super()._reopen()

    def initialize(self, seed: int | None = None) -> None:
        """Fresh weights (the same ones for the same seed), optimiser state and generator."""
        super().initialize(seed)
        self._begin_updates()

    def _begin_updates(self) -> None:
        if self.optimizer is not None:
            self.optimizer.iterations = self.optimizer.born = 0

    @worded(COMPILE_ARGUMENTS, order=COMPILE_ORDER)
    def compile(
        self,
        optimizer: Any = "RMSprop",
        loss: Any = None,
        *,
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

    # -- plans ---------------------------------------------------------------------------------------------------
    def plan(self, batch: int, mode: str) -> AnyPlan:
        """The plan for `batch` examples; modes: engine.planning.MODES."""
        key = (batch, mode)
        if key not in self._plans:
            while len(self._plans) >= MOST_PLANS:
                del self._plans[next(iter(self._plans))]
            self._plans[key] = make_plan(self, self._objective(mode), batch, mode)
            while len(self._plans) > 1 and sum(plan.nbytes for plan in self._plans.values()) > PLANS_BYTES:
                del self._plans[next(k for k in self._plans if k != key)]
        return self._plans[key]

    def _objective(self, mode: str) -> Objective | None:
        """What a plan of this mode works out beside the outputs."""
        if mode in ("infer", "sample"):
            return None
        return Objective(self.compiled_loss, self.weighted, bool(self.metrics or self.weighted_metrics))

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
        return {"loss": value} | (feeding.numbers_of(measured, raw, feeding.answers(plan)) if measured else {})

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
        rows = feeding.examples(self, x, who)
        raw, target = feeding.targets(self, self.compiled_loss, y, len(rows), who)
        weights = feeding.weights_of(self.compiled_loss, raw, sample_weight, class_weight, who, len(rows))
        if weights is not None:
            self.weigh()
        plan = self.plan(len(rows), mode)
        feeding.fill(plan, rows, target, weights)
        return plan, raw

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

    def sampled(self, x: Any) -> Array:
        """Outputs (B, …) in training mode, all examples as one batch.

        Dropout draws, and batch normalisation goes by the batch, which its moving averages follow.
        """
        rows = feeding.rows_of(self, x, "a model")
        plan = self.forward_plan(len(rows), "sample")
        np.copyto(plan.input, finite(rows, self.dtype, "a model", "x"))
        plan.run()
        plan.run_updates()
        return np.array(np.moveaxis(plan.outputs[self.layers[-1]].data, -1, 0), order="C")

    @worded(PREDICT_ARGUMENTS, order=PREDICT_ORDER)
    def predict(self, x: Any, batch_size: int | None = None, verbose: Any = 0) -> Array:
        """Outputs (B, …) in inference mode. batch_size is the most examples at once; it changes no number's meaning."""
        feeding.loudness(verbose, "predict")
        rows = feeding.rows_of(self, x, "predict")
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
            feeding.fill(plan, x[part], encoded[part], None if weights is None else weights[part])
            plan.run()
            total += plan.loss_value() * len(x[part])
        return total / max(len(x), 1)

    # -- configuration -----------------------------------------------------------------------------------------
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
    def from_config(cls, config: Config) -> Self:
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

    @property
    def compiled_loss(self) -> Loss:
        """The loss given to compile."""
        return self.compiled_parts()[0]

    def compiled_parts(self) -> tuple[Loss, Optimizer]:
        """Loss and optimiser, or an error before `compile`."""
        if self.loss is None or self.optimizer is None:
            raise ValueError("Sequential is not compiled yet: call compile(optimizer=…, loss=…) first")
        return self.loss, self.optimizer
