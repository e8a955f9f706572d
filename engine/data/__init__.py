"""Data: generated sets, real ones from packages, the visitor's own; splits, engineered inputs and scaling."""

from engine.data.dataset import Dataset, DatasetKind, datasets
from engine.data.generated import generated
from engine.data.prepare import Prepared, prepare
from engine.data.real import real

__all__ = ["Dataset", "DatasetKind", "Prepared", "datasets", "generated", "prepare", "real"]
