"""Well-known architectures: full-size definitions with published parameter counts, and small siblings to train live."""

from engine.zoo.architectures import Architecture, architectures
from engine.zoo.table import describe, layer_table
from engine.zoo.walk import LayerTime, walk

__all__ = ["Architecture", "LayerTime", "architectures", "describe", "layer_table", "walk"]
