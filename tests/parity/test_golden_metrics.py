"""Metrics against scikit-learn's numbers, from make_golden_metrics.py."""

from pathlib import Path

import numpy as np
import pytest

from engine.metrics import confusion_matrix, metrics

GOLDEN = dict(np.load(Path(__file__).parent / "golden_metrics.npz"))
NAMES = ("accuracy", "precision", "recall", "f1")


def cases(kind):
    return sorted({int(key.split("/")[1]) for key in GOLDEN if key.startswith(f"{kind}/")})


@pytest.mark.parametrize("case", cases("several"))
def test_means_over_classes_leave_out_those_that_are_nowhere(case):
    truth, answer, counts = (GOLDEN[f"several/{case}/{part}"] for part in ("truth", "answer", "confusion"))
    outputs = np.eye(len(counts))[answer]
    np.testing.assert_array_equal(confusion_matrix(truth, answer, len(counts)), counts)
    for targets in (truth, truth[:, None].astype(np.float32), np.eye(len(counts))[truth]):
        found = [metrics.get(name)(targets, outputs) for name in NAMES]
        np.testing.assert_allclose(found, GOLDEN[f"several/{case}/scores"], rtol=1e-12)


@pytest.mark.parametrize("case", cases("two"))
def test_with_one_output_class_1_alone_counts(case):
    found = [metrics.get(n)(GOLDEN[f"two/{case}/truth"], GOLDEN[f"two/{case}/answer"][:, None] * 0.8) for n in NAMES]
    np.testing.assert_allclose(found, GOLDEN[f"two/{case}/scores"], rtol=1e-12)


@pytest.mark.parametrize("case", cases("r2"))
def test_r2_does_not_depend_on_the_unit(case):
    found = metrics.get("r2")(GOLDEN[f"r2/{case}/truth"][:, None], GOLDEN[f"r2/{case}/answer"][:, None])
    np.testing.assert_allclose(found, GOLDEN[f"r2/{case}/score"], rtol=1e-9, atol=1e-9)
