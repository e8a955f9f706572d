"""Views: pure functions from a trainer and parameters to named arrays. Importing this package fills the registry."""

from engine.views import (
    detection,
    images,
    input_space,
    learning,
    network,
    predictions,
    propagation,
    reconstruction,
    scoring,
    sliding,
    surfaces,
)
from engine.views.base import Fact, View, ViewContext, ViewResult, check_parameters, views

__all__ = [
    "Fact",
    "View",
    "ViewContext",
    "ViewResult",
    "check_parameters",
    "detection",
    "images",
    "input_space",
    "learning",
    "network",
    "predictions",
    "propagation",
    "reconstruction",
    "scoring",
    "sliding",
    "surfaces",
    "views",
]
