"""LeNet-5, AlexNet, VGG-16, ResNet, GoogLeNet, MobileNet v1 and v2, as their papers or reference code have them.

`parameters` is the published number of learnt parameters and `source` says whose count it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.core.registry import Registry
from engine.core.types import Config, Shape
from engine.layers import (
    Activation,
    AveragePooling2D,
    BatchNormalization,
    BottleneckBlock,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    InceptionBlock,
    InvertedResidual,
    Layer,
    MaxPooling2D,
    ResidualBlock,
    SeparableBlock,
    SideBranch,
    ZeroPadding2D,
)
from engine.layers.blocks import EPSILON, MOMENTUM, conv
from engine.sequential import Sequential

IMAGENET: Shape = (224, 224, 3)
CLASSES = 1000


@dataclass(frozen=True)
class Architecture:
    """name; year and paper; input_shape; make() → the layers; parameters and source: the published count.

    sibling: the layers of a small net in the same spirit, as a spec of the workbench writes them.
    """

    name: str
    title: str
    paper: str
    input_shape: Shape
    make: Callable[[], list[Layer]]
    parameters: int
    source: str
    sibling: tuple[Config, ...]

    def model(self, seed: int = 0) -> Sequential:
        """The built full-size net with its initial weights."""
        model = Sequential(self.make(), seed=seed, name=self.name)
        model.build(self.input_shape)
        return model

    def describe(self) -> Config:
        return {
            "name": self.name,
            "title": self.title,
            "paper": self.paper,
            "input_shape": list(self.input_shape),
            "parameters": self.parameters,
            "source": self.source,
            "sibling": list(self.sibling),
        }


architectures: Registry[Architecture] = Registry("architecture")


Maker = Callable[[], list[Layer]]


def _add(
    name: str,
    title: str,
    paper: str,
    parameters: int,
    source: str,
    sibling: Sequence[Config],
    input_shape: Shape = IMAGENET,
) -> Callable[[Maker], Maker]:
    def register(make: Maker) -> Maker:
        named = tuple({"id": f"l{i + 1}", **layer} for i, layer in enumerate(sibling))
        architectures.add(name, Architecture(name, title, paper, input_shape, make, parameters, source, (*named, OUT)))
        return make

    return register


OUT: Config = {"id": "out", "type": "Dense", "units": "auto", "activation": "auto"}


def _conv(filters: int, kernel: int = 3, strides: int = 1) -> Config:
    return {"type": "Conv2D", "filters": filters, "kernel_size": kernel, "strides": strides, "padding": "same",
            "activation": "relu"}  # fmt: skip


POOL: Config = {"type": "MaxPooling2D", "pool_size": 2}
MEAN: Config = {"type": "GlobalAveragePooling2D"}
NORM: Config = {"type": "BatchNormalization", "momentum": MOMENTUM}
FLAT: Config = {"type": "Flatten"}


def _dense(units: int) -> Config:
    return {"type": "Dense", "units": units, "activation": "relu"}


LENET: tuple[Config, ...] = (
    {"id": "c1", **_conv(6, 5)},
    {"id": "s2", **POOL},
    {"id": "c3", **_conv(16, 5), "padding": "valid"},
    {"id": "s4", **POOL},
    {"id": "flat", **FLAT},
    {"id": "f5", **_dense(120)},
    {"id": "f6", **_dense(84)},
)


@_add("lenet5", "LeNet-5", "LeCun et al. 1998, Gradient-based learning for documents",
      61_706, "the common form, fully connected, ReLU (LeCun's C3 is partly connected: 60,000)",
      LENET, (28, 28, 1))  # fmt: skip
def lenet5() -> list[Layer]:
    return [
        Conv2D(6, 5, padding="same", activation="relu"), MaxPooling2D(),
        Conv2D(16, 5, activation="relu"), MaxPooling2D(),
        Flatten(), Dense(120, "relu"), Dense(84, "relu"), Dense(10, "softmax"),
    ]  # fmt: skip


@_add("alexnet", "AlexNet", "Krizhevsky, Sutskever & Hinton 2012; one column as in Krizhevsky 2014",
      61_100_840, "torchvision, alexnet",
      [_conv(16, 5), POOL, _conv(32, 3), POOL, _conv(32), _conv(24), POOL, FLAT, _dense(64)])  # fmt: skip
def alexnet() -> list[Layer]:
    return [
        ZeroPadding2D(2), Conv2D(64, 11, 4, activation="relu"), MaxPooling2D(3, 2),
        Conv2D(192, 5, padding="same", activation="relu"), MaxPooling2D(3, 2),
        Conv2D(384, 3, padding="same", activation="relu"),
        Conv2D(256, 3, padding="same", activation="relu"),
        Conv2D(256, 3, padding="same", activation="relu"), MaxPooling2D(3, 2),
        Flatten(), Dropout(0.5), Dense(4096, "relu"), Dropout(0.5), Dense(4096, "relu"), Dense(CLASSES, "softmax"),
    ]  # fmt: skip


@_add("vgg16", "VGG-16", "Simonyan & Zisserman 2014, configuration D",
      138_357_544, "Keras Applications, VGG16",
      [_conv(8), _conv(8), POOL, _conv(16), _conv(16), POOL, _conv(32), _conv(32), POOL, FLAT, _dense(64)])  # fmt: skip
def vgg16() -> list[Layer]:
    layers: list[Layer] = []
    for filters, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        layers += [Conv2D(filters, 3, padding="same", activation="relu") for _ in range(count)]
        layers.append(MaxPooling2D())
    return [*layers, Flatten(), Dense(4096, "relu"), Dense(4096, "relu"), Dense(CLASSES, "softmax")]


def _resnet(block: Callable[..., Layer], counts: Sequence[int]) -> list[Layer]:
    """ResNet's frame: 7×7 stem, four stages of blocks, mean. PyTorch's padding: 3 (and 1) on every side."""
    layers: list[Layer] = [
        ZeroPadding2D(3), Conv2D(64, 7, 2, use_bias=False),
        BatchNormalization(momentum=MOMENTUM, epsilon=EPSILON), Activation("relu"),
        ZeroPadding2D(1), MaxPooling2D(3, 2),
    ]  # fmt: skip
    for stage, count in enumerate(counts):
        layers += [block(64 << stage, 2 if stage and not i else 1) for i in range(count)]
    return [*layers, GlobalAveragePooling2D(), Dense(CLASSES, "softmax")]


def _residual_sibling(filters: int, counts: Sequence[int], kind: str = "ResidualBlock") -> list[Config]:
    rows: list[Config] = [{**_conv(filters), "activation": "linear"}, NORM,
                                  {"type": "Activation", "activation": "relu"}]  # fmt: skip
    for stage, count in enumerate(counts):
        rows += [
            {"type": kind, "filters": filters << stage, "strides": 2 if stage and not i else 1} for i in range(count)
        ]
    return [*rows, MEAN]


HE2015 = "He, Zhang, Ren & Sun 2015, Deep residual learning"


@_add("resnet18", "ResNet-18", HE2015, 11_689_512, "torchvision, resnet18", _residual_sibling(8, (1, 1, 1)))
def resnet18() -> list[Layer]:
    return _resnet(ResidualBlock, (2, 2, 2, 2))


@_add("resnet34", "ResNet-34", HE2015, 21_797_672, "torchvision, resnet34", _residual_sibling(8, (2, 2, 2)))
def resnet34() -> list[Layer]:
    return _resnet(ResidualBlock, (3, 4, 6, 3))


@_add("resnet50", "ResNet-50", HE2015, 25_557_032, "torchvision, resnet50",
      _residual_sibling(4, (1, 1, 1), "BottleneckBlock"))  # fmt: skip
def resnet50() -> list[Layer]:
    return _resnet(BottleneckBlock, (3, 4, 6, 3))


def _side() -> SideBranch:
    return SideBranch(
        [
            AveragePooling2D(5, 3), Conv2D(128, 1, activation="relu"), Flatten(),
            Dense(1024, "relu"), Dropout(0.7), Dense(CLASSES, "softmax"),
        ],
        0.3,
    )  # fmt: skip


def _inception(*numbers: int) -> Config:
    keys = ("filters_1x1", "reduce_3x3", "filters_3x3", "reduce_5x5", "filters_5x5", "filters_pool")
    return {"type": "InceptionBlock", **dict(zip(keys, numbers, strict=True)), "batch_normalization": True}


@_add("googlenet", "GoogLeNet (Inception v1)", "Szegedy et al. 2014, Going deeper with convolutions, table 1",
      13_378_280, "BVLC Caffe, bvlc_googlenet, side branches included (6,998,552 without)",
      [_conv(16), POOL, _inception(8, 8, 12, 2, 4, 4), {"type": "SideClassifier", "units": "auto"}, POOL,
       _inception(12, 8, 16, 4, 8, 8), MEAN])  # fmt: skip
def googlenet() -> list[Layer]:
    return [
        Conv2D(64, 7, 2, "same", activation="relu"), MaxPooling2D(3, 2, "same"),
        Conv2D(64, 1, activation="relu"), Conv2D(192, 3, padding="same", activation="relu"),
        MaxPooling2D(3, 2, "same"),
        InceptionBlock(64, 96, 128, 16, 32, 32), InceptionBlock(128, 128, 192, 32, 96, 64), MaxPooling2D(3, 2, "same"),
        InceptionBlock(192, 96, 208, 16, 48, 64), _side(),
        InceptionBlock(160, 112, 224, 24, 64, 64), InceptionBlock(128, 128, 256, 24, 64, 64),
        InceptionBlock(112, 144, 288, 32, 64, 64), _side(),
        InceptionBlock(256, 160, 320, 32, 128, 128), MaxPooling2D(3, 2, "same"),
        InceptionBlock(256, 160, 320, 32, 128, 128), InceptionBlock(384, 192, 384, 48, 128, 128),
        GlobalAveragePooling2D(), Dropout(0.4), Dense(CLASSES, "softmax"),
    ]  # fmt: skip


def _separable(filters: int, strides: int = 1) -> Config:
    return {"type": "SeparableBlock", "filters": filters, "strides": strides}


@_add("mobilenet", "MobileNet v1", "Howard et al. 2017, table 1, width 1.0",
      4_231_976, "Keras Applications, MobileNet: its trainable parameters",
      [{**_conv(8), "activation": "linear"}, NORM, {"type": "Activation", "activation": "relu6"},
       _separable(16), _separable(24, 2), _separable(24), _separable(48, 2), MEAN])  # fmt: skip
def mobilenet() -> list[Layer]:
    plan = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2), (1024, 1)]
    return [
        *conv(32, 3, 2, "relu6"), *(SeparableBlock(f, s) for f, s in plan),
        GlobalAveragePooling2D(), Dropout(0.001), Dense(CLASSES, "softmax"),
    ]  # fmt: skip


def _inverted(filters: int, strides: int = 1, expansion: int = 4) -> Config:
    return {"type": "InvertedResidual", "filters": filters, "strides": strides, "expansion": expansion}


@_add("mobilenet_v2", "MobileNet v2", "Sandler et al. 2018, table 2, width 1.0",
      3_504_872, "torchvision, mobilenet_v2 (Keras Applications agrees)",
      [{**_conv(8), "activation": "linear"}, NORM, {"type": "Activation", "activation": "relu6"},
       _inverted(8), _inverted(12, 2), _inverted(12), _inverted(16, 2), _inverted(16), MEAN])  # fmt: skip
def mobilenet_v2() -> list[Layer]:
    table = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
    blocks = [InvertedResidual(f, s if not i else 1, t) for t, f, n, s in table for i in range(n)]
    return [
        *conv(32, 3, 2, "relu6"), *blocks, *conv(1280, 1, 1, "relu6"),
        GlobalAveragePooling2D(), Dropout(0.2), Dense(CLASSES, "softmax"),
    ]  # fmt: skip
