"""Layers with Keras's names, arguments and weight shapes. Importing this package fills the registry."""

from typing import TYPE_CHECKING

from engine.foreign import LAYER_NAMES, missing_names
from engine.layers.base import Layer, register
from engine.layers.base import layers as layers
from engine.layers.blocks import (
    BottleneckBlock,
    InceptionBlock,
    InvertedResidual,
    ResidualBlock,
    SeparableBlock,
    SideClassifier,
)
from engine.layers.composite import Parallel, Residual, SideBranch
from engine.layers.convolution import Conv2D
from engine.layers.dense import ELU, Activation, Dense, LeakyReLU, ReLU, Softmax
from engine.layers.depthwise import DepthwiseConv2D
from engine.layers.foreign import Input, InputLayer
from engine.layers.normalization import BatchNormalization, Dropout
from engine.layers.pooling import AveragePooling2D, GlobalAveragePooling2D, GlobalMaxPooling2D, MaxPooling2D
from engine.layers.separable import SeparableConv2D
from engine.layers.shape import Flatten, Reshape, UpSampling2D, ZeroPadding2D

Convolution2D = Conv2D
SeparableConvolution2D, DepthwiseConvolution2D = SeparableConv2D, DepthwiseConv2D
MaxPool2D, AvgPool2D = MaxPooling2D, AveragePooling2D
GlobalAvgPool2D, GlobalMaxPool2D = GlobalAveragePooling2D, GlobalMaxPooling2D

__all__ = [
    "ELU",
    "Activation",
    "AveragePooling2D",
    "AvgPool2D",
    "BatchNormalization",
    "BottleneckBlock",
    "Conv2D",
    "Convolution2D",
    "Dense",
    "DepthwiseConv2D",
    "DepthwiseConvolution2D",
    "Dropout",
    "Flatten",
    "GlobalAveragePooling2D",
    "GlobalAvgPool2D",
    "GlobalMaxPool2D",
    "GlobalMaxPooling2D",
    "InceptionBlock",
    "Input",
    "InputLayer",
    "InvertedResidual",
    "Layer",
    "LeakyReLU",
    "MaxPool2D",
    "MaxPooling2D",
    "Parallel",
    "ReLU",
    "Reshape",
    "Residual",
    "ResidualBlock",
    "SeparableBlock",
    "SeparableConv2D",
    "SeparableConvolution2D",
    "SideBranch",
    "SideClassifier",
    "Softmax",
    "UpSampling2D",
    "ZeroPadding2D",
    "register",
]

if not TYPE_CHECKING:
    __getattr__ = missing_names(__name__, LAYER_NAMES, lambda: list(globals()))
