"""Layers with Keras's names, arguments and weight shapes. Importing this package fills the registry."""

from engine.layers.base import Layer, layers, register
from engine.layers.dense import Activation, Dense, LeakyReLU
from engine.layers.normalization import BatchNormalization, Dropout
from engine.layers.shape import Flatten, Reshape

__all__ = [
    "Activation",
    "BatchNormalization",
    "Dense",
    "Dropout",
    "Flatten",
    "Layer",
    "LeakyReLU",
    "Reshape",
    "layers",
    "register",
]
