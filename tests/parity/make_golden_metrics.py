"""Makes golden_metrics.npz with scikit-learn: means over classes where some are absent, binary ones, R², confusion.

pip install scikit-learn numpy && python tests/parity/make_golden_metrics.py
"""

import warnings
from pathlib import Path

import numpy as np
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, precision_score, r2_score, recall_score

warnings.simplefilter("ignore")  # of what is undefined and counts 0
SCORES = (precision_score, recall_score, f1_score)
rng = np.random.default_rng(23)
out = {}
for case in range(60):
    classes, rows = int(rng.integers(3, 8)), int(rng.integers(1, 12))
    here = rng.permutation(classes)[: int(rng.integers(1, classes + 1))]
    truth, answer = rng.choice(here, rows), rng.integers(0, classes, rows)
    answer = np.where(rng.random(rows) < 0.7, truth, answer)
    means = [score(truth, answer, average="macro", zero_division=0) for score in SCORES]
    out[f"several/{case}/truth"], out[f"several/{case}/answer"] = truth, answer
    out[f"several/{case}/scores"] = np.array([accuracy_score(truth, answer), *means])
    out[f"several/{case}/confusion"] = confusion_matrix(truth, answer, labels=np.arange(classes))
for case in range(20):
    rows = int(rng.integers(1, 9))
    truth, answer = (rng.random(rows) < rng.random()).astype(int), (rng.random(rows) < rng.random()).astype(int)
    means = [score(truth, answer, pos_label=1, zero_division=0) for score in SCORES]
    out[f"two/{case}/truth"], out[f"two/{case}/answer"] = truth, answer
    out[f"two/{case}/scores"] = np.array([accuracy_score(truth, answer), *means])
for case, unit in enumerate((1.0, 1e-13, 1e13, 0.0, 0.0)):
    truth = 0.1 + unit * rng.normal(size=9)
    answer = truth + (0 if case == 4 else (unit or 1.0) * rng.normal(size=9))
    out[f"r2/{case}/truth"], out[f"r2/{case}/answer"] = truth, answer
    out[f"r2/{case}/score"] = np.array(r2_score(truth, answer))
np.savez_compressed(Path(__file__).parent / "golden_metrics.npz", **out)
