"""What Keras's layers take besides their own arguments: the shape of the input, and what is not here."""

from collections.abc import Sequence
from typing import Any, ClassVar

from engine.core.calls import Foreign, Part, plain
from engine.core.numbers import whole
from engine.core.types import Shape

_CONSTRAINT = Foreign("there are no constraints; kernel_regularizer=regularizers.L2(…) keeps weights small")
LAYER_ARGUMENTS = {
    "activity_regularizer": Foreign("penalties are on weights alone; use kernel_regularizer=regularizers.L2(…)"),
    "kernel_constraint": _CONSTRAINT,
    "bias_constraint": _CONSTRAINT,
    "depthwise_constraint": _CONSTRAINT,
    "pointwise_constraint": _CONSTRAINT,
    "beta_constraint": _CONSTRAINT,
    "gamma_constraint": _CONSTRAINT,
    "data_format": Foreign("images are (height, width, channels); np.moveaxis(x, 1, -1)", (None, "channels_last")),
    "dtype": Foreign("a model has one dtype for all its layers: Sequential([…], dtype=…)", (None, "float32")),
    "autocast": Foreign(),
    "batch_size": Foreign("a model takes batches of any size", (None,)),
    "dilation_rate": Foreign("use a larger kernel_size, or strides", (1, (1, 1))),
    "groups": Foreign("use DepthwiseConv2D or SeparableConv2D", (1,)),
    "lora_rank": Foreign("all weights are trained"),
    "quantization_config": Foreign("all weights are floats"),
    "noise_shape": Foreign("every number of an example is dropped by itself"),
    "seed": Foreign("a model draws everything from one seed: Sequential([…], seed=…)"),
    "axis": Foreign("it works over the last axis, the channels", (-1, (-1,))),
    "renorm": Foreign("μ and σ² are the batch's; a larger batch_size steadies them", (False,)),
    "renorm_clipping": Foreign(),
    "renorm_momentum": Foreign(),
    "lora_alpha": Foreign(),
    "synchronized": Foreign("there is one machine", (False, None)),
    "beta_initializer": Foreign("β starts at 0; model.set_weights(…) changes it", (None, "zeros")),
    "gamma_initializer": Foreign("γ starts at 1; model.set_weights(…) changes it", (None, "ones")),
    "moving_mean_initializer": Foreign("it starts at 0; model.set_weights(…) changes it", (None, "zeros")),
    "moving_variance_initializer": Foreign("it starts at 1; model.set_weights(…) changes it", (None, "ones")),
    "beta_regularizer": Foreign("only kernels and biases are penalised"),
    "gamma_regularizer": Foreign("only kernels and biases are penalised"),
    "keepdims": Foreign("put a Reshape((1, 1, channels)) behind it", (False,)),
}
"""Keras's arguments that any layer without an argument of that name answers in the same words."""


def example_shape(shape: Any, who: str, batch: bool = False) -> Shape:
    """The shape of one example as Keras writes it: (4,), 4 or, with `batch`, (None, 4)."""
    given = plain(shape)
    sides = (given,) if isinstance(given, int) and not isinstance(given, bool) else given
    if not isinstance(sides, Sequence) or isinstance(sides, str):
        raise ValueError(f"{who} expected the shape of one example, such as (4,), got {shape!r}")
    sides = tuple(sides)
    if batch and sides:
        first, sides = sides[0], sides[1:]
        if first is not None and (type(first) is not int or first < 1):
            raise ValueError(f"{who} expected a batch of any size, (None, …), got {shape!r}")
    if None in sides or not sides:
        raise ValueError(
            f"{who} expected the shape of one example, such as (4,), got {shape!r}: every side must be known, "
            "and the batch is left out"
        )
    return tuple(whole(n, who, "every side of the input shape", 1) for n in sides)


class LayerPart(Part):
    """The metaclass of layers: any of them may say the shape of the model's input, as a first layer in Keras does."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        given: Shape | None = None
        for name in ("input_shape", "input_dim", "batch_input_shape", "batch_shape"):
            shape = kwargs.pop(name, None)
            if shape is not None:
                given = example_shape(shape, f"{self.__name__} {name}", name.startswith("batch"))
        trainable = kwargs.pop("trainable", True)
        layer = super().__call__(*args, **kwargs)
        if trainable is not True:
            layer.trainable = trainable
        if given is not None:
            layer.given_shape = given
        return layer

    def more_arguments(self) -> tuple[str, ...]:
        return tuple(a.name for a in getattr(self, "arguments", ()))


class InputLayer(metaclass=Part):
    """The shape of one example, as the first thing in a Sequential: `Input(shape=(4,))` or `Input((28, 28, 1))`."""

    foreign: ClassVar[dict[str, Foreign]] = {
        "dtype": Foreign("a model has one dtype for all its layers: Sequential([…], dtype=…)", (None, "float32")),
        "sparse": Foreign("arrays are dense: x.toarray()", (None, False)),
        "ragged": Foreign("every example has the same shape", (None, False)),
        "tensor": Foreign("give the model arrays: fit(x, y), predict(x)"),
        "optional": Foreign("a model has one input", (None, False)),
    }

    order = ("shape", "batch_size", "dtype", "sparse", "ragged", "batch_shape", "name", "tensor", "optional")

    def __init__(
        self,
        shape: Any = None,
        batch_size: int | None = None,
        batch_shape: Any = None,
        name: str | None = None,
        input_shape: Any = None,
        batch_input_shape: Any = None,
    ) -> None:
        whole = batch_shape if batch_shape is not None else batch_input_shape
        one = shape if shape is not None else input_shape
        if (whole is None) == (one is None):
            raise ValueError("Input expected the shape of one example, such as Input(shape=(4,)), got none")
        self.name = name or "input"
        self.batch_size = batch_size  # a model takes batches of any size
        self.shape = example_shape(one, "Input shape") if whole is None else example_shape(whole, "Input", True)


Input = InputLayer

NO_GRAPHS = (
    "layers are put into a list, not called on each other: Sequential([Input((4,)), Dense(8), Dense(1)]). "
    "Ways that part and meet are layers too: Residual(body, shortcut) adds them, Parallel(branches, merge='concat') "
    "puts them side by side"
)
