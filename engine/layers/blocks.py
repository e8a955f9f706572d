"""Blocks of well-known architectures as single layers that open up: a few numbers describe what is inside."""

from typing import Any, ClassVar

from engine.core.arguments import Argument
from engine.core.errors import EngineError
from engine.layers.base import Layer, register
from engine.layers.composite import Block, Parallel, Residual, SideBranch
from engine.layers.convolution import Conv2D
from engine.layers.dense import ACTIVATION, Activation, Dense
from engine.layers.depthwise import DepthwiseConv2D
from engine.layers.normalization import BatchNormalization
from engine.layers.pooling import GlobalAveragePooling2D, MaxPooling2D

HE = "he_normal"
FILTERS = Argument("filters", "int", 16, minimum=1, doc="output channels")
STRIDES = Argument("strides", "int", 1, minimum=1, maximum=8, doc="pixels between windows; 2 halves the image")
NORMALIZE = Argument("batch_normalization", "bool", True, doc="batch normalisation behind every convolution")
MOMENTUM, EPSILON = 0.9, 1e-5
"""Of the batch normalisation in blocks: PyTorch's, which the papers' authors' own code agrees with."""


def conv(
    filters: int, kernel: Any, strides: Any = 1, activation: str | None = "relu", normalize: bool = True
) -> list[Layer]:
    """Convolution ('same'), batch normalisation if asked, activation."""
    if not normalize:
        return [Conv2D(filters, kernel, strides, "same", activation=activation, kernel_initializer=HE)]
    parts: list[Layer] = [
        Conv2D(filters, kernel, strides, "same", use_bias=False, kernel_initializer=HE),
        BatchNormalization(momentum=MOMENTUM, epsilon=EPSILON),
    ]
    return [*parts, Activation(activation)] if activation else parts


def depthwise(strides: Any, activation: str = "relu6") -> list[Layer]:
    return [
        DepthwiseConv2D(3, strides, "same", use_bias=False, depthwise_initializer=HE),
        BatchNormalization(momentum=MOMENTUM, epsilon=EPSILON),
        Activation(activation),
    ]


class _Described(Block):
    """Keeps its arguments as attributes, each checked against its description."""

    arguments: ClassVar[tuple[Argument, ...]] = ()

    def __init__(self, *given: Any, name: str | None = None, **named: Any) -> None:
        super().__init__(name=name)
        if len(given) > len(self.arguments):
            words = f"{type(self).__name__} expected at most {len(self.arguments)} arguments, got {len(given)}"
            raise EngineError("other", "{said}", said=words)
        values = {a.name: a.default for a in self.arguments}
        values |= dict(zip(values, given, strict=False))
        for key, value in (values | named).items():
            setattr(self, key, self.check(key, value))


@register
class ResidualBlock(_Described):
    """y = relu(F(x) + x), F two 3×3 convolutions; where the shape changes the shortcut is a 1×1 convolution.

    He et al. 2015, section 3.3 (projection shortcuts, option B). shortcut=False leaves the sum out: the plain net
    that residual nets are compared with.
    """

    doc = "two convolutions and a way around them"
    arguments = (
        FILTERS,
        STRIDES,
        Argument("shortcut", "bool", True, doc="the way around; off: a plain net's two convolutions"),
        NORMALIZE,
    )
    filters: int
    strides: int
    shortcut: bool
    batch_normalization: bool

    def compose(self, channels: int) -> list[Layer]:
        normal = self.batch_normalization
        body = [
            *conv(self.filters, 3, self.strides, "relu", normal),
            *conv(self.filters, 3, 1, None, normal),
        ]
        if not self.shortcut:
            return [*body, Activation("relu")]
        same = channels == self.filters and self.strides == 1
        around = None if same else conv(self.filters, 1, self.strides, None, normal)
        return [Residual(body, around, "relu")]


@register
class BottleneckBlock(_Described):
    """A residual block of 1×1 (fewer channels), 3×3 and 1×1 (`expansion` times as many); He et al. 2015, figure 5."""

    doc = "a residual block that works on fewer channels inside"
    arguments = (
        Argument("filters", "int", 16, minimum=1, doc="channels inside"),
        STRIDES,
        Argument("expansion", "int", 4, minimum=1, doc="output channels are filters times this"),
        NORMALIZE,
    )
    filters: int
    strides: int
    expansion: int
    batch_normalization: bool

    def compose(self, channels: int) -> list[Layer]:
        normal, out = self.batch_normalization, self.filters * self.expansion
        body = [
            *conv(self.filters, 1, 1, "relu", normal),
            *conv(self.filters, 3, self.strides, "relu", normal),
            *conv(out, 1, 1, None, normal),
        ]
        same = channels == out and self.strides == 1
        return [Residual(body, None if same else conv(out, 1, self.strides, None, normal), "relu")]


@register
class InceptionBlock(_Described):
    """1×1, 3×3, 5×5 and pooling side by side over the same input, the larger ones behind 1×1 bottlenecks.

    Szegedy et al. 2014, figure 2(b). A bottleneck of 0 leaves it out, figure 2(a).
    """

    doc = "several kernel sizes side by side"
    arguments = (
        Argument("filters_1x1", "int", 8, minimum=1, doc="channels of the 1×1 branch"),
        Argument("reduce_3x3", "int", 8, minimum=0, doc="bottleneck before the 3×3, 0 for none"),
        Argument("filters_3x3", "int", 12, minimum=1, doc="channels of the 3×3 branch"),
        Argument("reduce_5x5", "int", 2, minimum=0, doc="bottleneck before the 5×5, 0 for none"),
        Argument("filters_5x5", "int", 4, minimum=1, doc="channels of the 5×5 branch"),
        Argument("filters_pool", "int", 4, minimum=1, doc="channels of the pooling branch"),
        Argument("batch_normalization", "bool", False, doc="batch normalisation behind every convolution"),
    )
    filters_1x1: int
    reduce_3x3: int
    filters_3x3: int
    reduce_5x5: int
    filters_5x5: int
    filters_pool: int
    batch_normalization: bool

    def compose(self, channels: int) -> list[Layer]:
        normal = self.batch_normalization

        def branch(reduce: int, filters: int, kernel: int) -> list[Layer]:
            first = conv(reduce, 1, 1, "relu", normal) if reduce else []
            return [*first, *conv(filters, kernel, 1, "relu", normal)]

        return [
            Parallel(
                [
                    conv(self.filters_1x1, 1, 1, "relu", normal),
                    branch(self.reduce_3x3, self.filters_3x3, 3),
                    branch(self.reduce_5x5, self.filters_5x5, 5),
                    [MaxPooling2D(3, 1, "same"), *conv(self.filters_pool, 1, 1, "relu", normal)],
                ]
            )
        ]


@register
class SeparableBlock(_Described):
    """Depthwise 3×3, then pointwise 1×1, each with batch normalisation and ReLU6; Howard et al. 2017 (MobileNets).

    split=False makes it one ordinary 3×3 convolution, to compare with.
    """

    doc = "a convolution in two cheap halves: each channel by itself, then 1×1"
    arguments = (
        FILTERS,
        STRIDES,
        Argument("split", "bool", True, doc="depthwise and pointwise; off: one ordinary 3×3 convolution"),
    )
    filters: int
    strides: int
    split: bool

    def compose(self, channels: int) -> list[Layer]:
        if not self.split:
            return conv(self.filters, 3, self.strides, "relu6")
        return [*depthwise(self.strides), *conv(self.filters, 1, 1, "relu6")]


@register
class InvertedResidual(_Described):
    """1×1 to `expansion` times the channels, depthwise 3×3, linear 1×1 back, and x added where shapes allow.

    Sandler et al. 2018 (MobileNetV2), figure 4(d).
    """

    doc = "widens, filters each channel, narrows, and adds its input"
    arguments = (
        FILTERS,
        STRIDES,
        Argument("expansion", "int", 6, minimum=1, doc="channels inside are the input's times this"),
    )
    filters: int
    strides: int
    expansion: int

    def compose(self, channels: int) -> list[Layer]:
        wide = channels * self.expansion
        body = [
            *(conv(wide, 1, 1, "relu6") if self.expansion > 1 else []),
            *depthwise(self.strides),
            *conv(self.filters, 1, 1, None),
        ]
        return [Residual(body)] if channels == self.filters and self.strides == 1 else body


@register
class SideClassifier(_Described):
    """A side branch that must answer too: global average, dense; its loss enters with loss_weight (GoogLeNet: 0.3)."""

    doc = "a second, earlier answer with a loss of its own"
    arguments = (
        Argument("units", "int", 10, minimum=1, doc="outputs, as many as the model's"),
        ACTIVATION,
        Argument("loss_weight", "float", 0.3, minimum=0, maximum=10, doc="the part of its loss in the whole"),
    )
    units: int
    activation: str
    loss_weight: float

    def compose(self, channels: int) -> list[Layer]:
        body = [GlobalAveragePooling2D(), Dense(self.units, self.activation)]
        return [SideBranch(body, self.loss_weight)]
