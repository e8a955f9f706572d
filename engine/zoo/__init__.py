"""Well-known architectures: full-size definitions, and small siblings that train live."""

from engine.zoo.architectures import Architecture, architectures
from engine.zoo.walk import LayerTime, walk

__all__ = ["Architecture", "LayerTime", "architectures", "walk"]
