"""Writes golden_fit.npz: what Keras (on JAX) gets from fit_cases.py.   python -m tests.parity.make_golden_fit"""

import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np

from tests.parity.fit_cases import cases

if __name__ == "__main__":
    found = {}
    for name, run, arguments in cases():
        found |= {f"{name}|{key}": value for key, value in run(keras, *arguments).items()}
        print(name)
    np.savez_compressed(Path(__file__).parent / "golden_fit.npz", **found)
