"""A stack of layers that trains: Keras's Sequential, run as plans over flat parameters."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine import feeding, fitting, saving
from engine.callbacks import History
from engine.core.calls import Foreign, nearest, worded
from engine.core.numbers import whole
from engine.core.types import Array
from engine.foreign import (
    EVALUATE_ARGUMENTS,
    EVALUATE_ORDER,
    FIT_ARGUMENTS,
    FIT_ORDER,
    MODEL_NAMES,
    Missing,
)
from engine.layers import InputLayer
from engine.network import Network


class Outputs(np.ndarray[Any, Any]):
    """What a called model gives: an array that also answers `.numpy()`, as a tensor does."""

    def numpy(self) -> Array:
        return np.asarray(self)


class Sequential(Network):
    """layers one after the other, Keras's `Input` first if you like.

    `seed` fixes weights, shuffling and dropout; `dtype` is float32 or float64.

    `model.build((I,))` takes the shape of one example; `fit`, `train_on_batch`, `gradients`, `predict` build by
    themselves from the data they are given.
    """

    order = ("layers", "trainable", "name")
    history: History | None

    # -- many steps ----------------------------------------------------------------------------------------------
    @worded(FIT_ARGUMENTS, order=FIT_ORDER)
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
        *,
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

    @worded()
    def predict_on_batch(self, x: Any) -> Array:
        """The same as `predict`."""
        return self.predict(x)

    @worded({"mask": Foreign("no layer here has masks")}, who="a model", order=("inputs", "training", "mask"))
    def __call__(self, inputs: Any, training: Any = None) -> Outputs:
        """`predict`, as an array that has `.numpy()`; with training=True in training mode, as Keras does it."""
        if isinstance(inputs, InputLayer):
            raise ValueError(
                "a model cannot be put into another one by calling it: list its layers, Sequential([*base.layers])"
            )
        if training not in (None, False, True, 0, 1):
            raise ValueError(f"a model expected training to be True or False, got {training!r:.40}")
        return (self.sampled(inputs) if training else self.predict(inputs)).view(Outputs)

    @worded(EVALUATE_ARGUMENTS, order=EVALUATE_ORDER)
    def evaluate(
        self,
        x: Any,
        y: Any = None,
        batch_size: int | None = None,
        verbose: Any = "auto",
        sample_weight: Any = None,
        *,
        return_dict: bool = False,
    ) -> Any:
        """The loss (penalties included), [loss, *metrics] when metrics were compiled, or a dict; inference mode."""
        if batch_size is not None:
            whole(batch_size, "evaluate", "batch_size", 1)
        loud = feeding.loudness(verbose, "evaluate")
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

    @property
    def metrics_names(self) -> list[str]:
        """Names of what `evaluate` returns."""
        return ["loss", *(m.name for m in (*self.metrics, *self.weighted_metrics))]

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
                raise Missing("other", "{said}", said=f"Sequential has no {name}: {MODEL_NAMES[name]}")
            raise AttributeError(f"Sequential has no {name!r}.{nearest(name, [n for n in dir(self) if n[0] != '_'])}")
