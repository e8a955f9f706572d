"""The visitor's model as code for other frameworks, ready to run as copied."""

from app.export.keras import keras_code
from app.export.torch import torch_code

EXPORTERS = {"keras": keras_code, "pytorch": torch_code}

__all__ = ["EXPORTERS", "keras_code", "torch_code"]
