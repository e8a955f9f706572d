"""Layers with Keras's names, arguments and weight shapes. Importing this package fills the registry."""

from typing import TYPE_CHECKING

from engine.foreign import LAYER_NAMES, missing_names
from engine.layers.base import Layer, layers, register
from engine.layers.blocks import (
    BottleneckBlock,
    InceptionBlock,
    InvertedResidual,
    ResidualBlock,
    SeparableBlock,
    SideClassifier,
)
from engine.layers.composite import Parallel, Residual, SideBranch
from engine.layers.convolution import Conv2D, DepthwiseConv2D, SeparableConv2D
from engine.layers.dense import Activation, Dense, LeakyReLU
from engine.layers.foreign import Input, InputLayer
from engine.layers.normalization import BatchNormalization, Dropout
from engine.layers.pooling import AveragePooling2D, GlobalAveragePooling2D, MaxPooling2D
from engine.layers.shape import Flatten, Reshape, UpSampling2D, ZeroPadding2D

__all__ = [
    "Activation",
    "AveragePooling2D",
    "BatchNormalization",
    "BottleneckBlock",
    "Conv2D",
    "Dense",
    "DepthwiseConv2D",
    "Dropout",
    "Flatten",
    "GlobalAveragePooling2D",
    "InceptionBlock",
    "Input",
    "InputLayer",
    "InvertedResidual",
    "Layer",
    "LeakyReLU",
    "MaxPooling2D",
    "Parallel",
    "Reshape",
    "Residual",
    "ResidualBlock",
    "SeparableBlock",
    "SeparableConv2D",
    "SideBranch",
    "SideClassifier",
    "UpSampling2D",
    "ZeroPadding2D",
    "layers",
    "register",
]

if not TYPE_CHECKING:
    __getattr__ = missing_names("engine.layers", LAYER_NAMES, lambda: list(globals()))
