"""Types shared by the whole engine."""

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Shape = tuple[int, ...]
Config = dict[str, Any]
ConfigLike = Mapping[str, Any]


MaybeNaN = Annotated[float, "or null"]
"""A number of a run that may have diverged: NaN and ∞ are null in JSON."""

DTYPES: dict[str, type[np.floating[Any]]] = {"float32": np.float32, "float64": np.float64}


def float_dtype(name: object) -> np.dtype[Any]:
    """The NumPy dtype for "float32" or "float64"; anything else is a ValueError."""
    text = str(np.dtype(name)) if isinstance(name, type | np.dtype) else str(name)
    if text not in DTYPES:
        raise ValueError(f"dtype wants one of {', '.join(DTYPES)}, got {text!r}")
    return np.dtype(DTYPES[text])
