"""SeparableConv2D: a depthwise convolution, then a 1×1 convolution."""

from typing import Any, ClassVar

from engine import activations, initializers, regularizers
from engine.activations import Activation as ActivationFunction
from engine.core.arguments import Argument
from engine.core.parameters import ParameterStore
from engine.core.plan import NO_MARGIN, NO_WISH, Margin, Plan, Slope, Value, Wish
from engine.core.types import Array, Shape
from engine.layers.base import Layer, register
from engine.layers.convolution import KERNEL_SIZE, PADDING, STRIDES, Conv2D
from engine.layers.dense import ACTIVATION, BIAS_INITIALIZER, BIAS_REGULARIZER, INITIALIZERS, USE_BIAS
from engine.layers.depthwise import DepthwiseConv2D


@register
class SeparableConv2D(Layer):
    """A depthwise convolution (no bias), then a 1×1 convolution that mixes its channels, + b, g.

    Weights: depthwise_kernel (k_h, k_w, C, m), pointwise_kernel (1, 1, C·m, O), bias (O,); Chollet 2017 (Xception).
    """

    doc = "a depthwise convolution and a 1×1 convolution in one"
    arguments = (
        Argument("filters", "int", 8, minimum=1, doc="output channels O"),
        KERNEL_SIZE,
        STRIDES,
        PADDING,
        Argument("depth_multiplier", "int", 1, minimum=1, doc="depthwise filters for each channel"),
        ACTIVATION,
        USE_BIAS,
        Argument("depthwise_initializer", "choice", "glorot_uniform", choices=INITIALIZERS, doc="how it starts"),
        Argument("pointwise_initializer", "choice", "glorot_uniform", choices=INITIALIZERS, doc="how it starts"),
        BIAS_INITIALIZER,
        Argument("depthwise_regularizer", "choice", None, optional=True, doc="l1·Σ|W| + l2·ΣW²"),
        Argument("pointwise_regularizer", "choice", None, optional=True, doc="the same for the 1×1 kernel"),
        BIAS_REGULARIZER,
    )
    order: ClassVar[tuple[str, ...]] = (
        "filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "depth_multiplier",
        "activation", "use_bias", "depthwise_initializer", "pointwise_initializer", "bias_initializer",
        "depthwise_regularizer", "pointwise_regularizer", "bias_regularizer", "activity_regularizer",
        "depthwise_constraint", "pointwise_constraint", "bias_constraint",
    )  # fmt: skip

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        *,
        depth_multiplier: int = 1,
        activation: str | ActivationFunction | None = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        pointwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        name: str | None = None,
    ) -> None:
        super().__init__(name=name)
        for key, value in {
            "filters": filters,
            "kernel_size": kernel_size,
            "strides": strides,
            "padding": padding,
            "depth_multiplier": depth_multiplier,
            "use_bias": use_bias,
        }.items():
            setattr(self, key, self.check(key, value))
        self.activation = activations.get(activation)
        self.depthwise_initializer = initializers.get(depthwise_initializer)
        self.pointwise_initializer = initializers.get(pointwise_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.depthwise_regularizer = regularizers.get(depthwise_regularizer)
        self.pointwise_regularizer = regularizers.get(pointwise_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.depthwise = DepthwiseConv2D(
            kernel_size, strides, padding, depth_multiplier, use_bias=False,
            depthwise_initializer=self.depthwise_initializer, depthwise_regularizer=self.depthwise_regularizer,
        )  # fmt: skip
        self.pointwise = Conv2D(
            filters, 1, activation=self.activation, use_bias=use_bias, kernel_initializer=self.pointwise_initializer,
            bias_initializer=self.bias_initializer, kernel_regularizer=self.pointwise_regularizer,
            bias_regularizer=self.bias_regularizer,
        )  # fmt: skip

    def build(self, store: ParameterStore, input_shape: Shape) -> Shape:
        shape = input_shape
        for part, kernel in ((self.depthwise, "depthwise_kernel"), (self.pointwise, "pointwise_kernel")):
            part.name = self.name
            shape = part.build_for(store, shape)
            part.kernel.name = kernel
            self.weights += part.weights
        return shape

    by_rows = True

    def margin(self) -> Margin:
        return self.depthwise.margin()

    def forward(self, plan: Plan, x: Value, wish: Wish) -> Value:
        middle = plan.outputs[self.depthwise] = self.depthwise.forward(plan, x, NO_WISH)
        out = plan.outputs[self.pointwise] = self.pointwise.forward(plan, middle, wish)
        if self.pointwise in plan.preactivations:
            plan.preactivations[self] = plan.preactivations[self.pointwise]
        return out

    def backward(self, plan: Plan, dy: Slope, wanted: Margin | None) -> Array | None:
        plan.output_gradients[self.pointwise] = dy.data
        between = self.pointwise.backward(plan, dy, NO_MARGIN)
        assert between is not None
        plan.output_gradients[self.depthwise] = between
        return self.depthwise.backward(plan, Slope(between), wanted)

    def multiplications(self) -> int:
        return self.depthwise.multiplications() + self.pointwise.multiplications()
