"""Metrics with Keras's names, arguments and numbers, one class each; `engine.metrics` shows them.

Letters: t targets, y outputs, w weights of examples, all with the examples first. A class collects what it is given
(`update_state`) and makes its number from all of it (`result`), so it does not matter in which batches it came.
"""

from engine.measures.accuracy import (
    Accuracy,
    BinaryAccuracy,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    SparseTopKCategoricalAccuracy,
    TopKCategoricalAccuracy,
)
from engine.measures.base import Mean, Measure, Sum
from engine.measures.counting import (
    AUC,
    F1Score,
    FalseNegatives,
    FalsePositives,
    Precision,
    Recall,
    TrueNegatives,
    TruePositives,
)
from engine.measures.errors import (
    CosineSimilarity,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    R2Score,
    RootMeanSquaredError,
)
from engine.measures.named import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    FittingAccuracy,
    FunctionMeasure,
    Hinge,
    LossMeasure,
    Named,
    SparseCategoricalCrossentropy,
    from_config,
    named,
)

__all__ = [
    "AUC", "Accuracy", "BinaryAccuracy", "BinaryCrossentropy", "CategoricalAccuracy", "CategoricalCrossentropy",
    "CosineSimilarity", "F1Score", "FalseNegatives", "FalsePositives", "FittingAccuracy", "FunctionMeasure", "Hinge",
    "LossMeasure", "Mean", "MeanAbsoluteError", "MeanAbsolutePercentageError", "MeanSquaredError",
    "MeanSquaredLogarithmicError", "Measure", "Named", "Precision", "R2Score", "Recall", "RootMeanSquaredError",
    "SparseCategoricalAccuracy", "SparseCategoricalCrossentropy", "SparseTopKCategoricalAccuracy", "Sum",
    "TopKCategoricalAccuracy", "TrueNegatives", "TruePositives", "from_config", "named",
]  # fmt: skip
