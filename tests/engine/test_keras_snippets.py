"""What users of Keras paste: each snippet of keras_snippets.txt works, or is refused with a remedy that is named.

A snippet stands between `=== what it is` and the next one; a last line `--- pattern` says that it is refused, with an
error in words that matches. `import engine as keras` is all that is changed in them.
"""

import re
from pathlib import Path

import numpy as np
import pytest

import engine

TEXT = (Path(__file__).parent / "keras_snippets.txt").read_text()
PARTS = [part.split("\n", 1) for part in re.split(r"^=== ", TEXT, flags=re.MULTILINE)[1:]]
NAMES = [name for name, _ in PARTS]


def case(body):
    code, _, pattern = body.rstrip("\n").partition("\n--- ")
    return code, pattern or None


CASES = [case(body) for _, body in PARTS]


def world():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(64, 4)).astype("float32")
    return {
        "np": np,
        "keras": engine,
        "layers": engine.layers,
        "Sequential": engine.Sequential,
        "Dense": engine.layers.Dense,
        "x": x,
        "x8": rng.normal(size=(64, 8)),
        "y": x.sum(axis=1),
        "y01": (x.sum(axis=1) > 0).astype(int),
        "pictures": rng.random((40, 28, 28)),
        "digits": np.arange(40) % 10,
        "model": engine.Sequential([engine.layers.Dense(5, "tanh"), engine.layers.Dense(1)]),
        "__name__": "pasted",
    }


@pytest.mark.parametrize(("code", "pattern"), CASES, ids=NAMES)
def test_a_snippet_works_or_names_its_remedy(code, pattern, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if pattern is None:
        exec(compile(code, "<pasted>", "exec"), world())
        return
    with pytest.raises((ValueError, AttributeError)) as caught:
        exec(compile(code, "<pasted>", "exec"), world())
    assert re.search(pattern, str(caught.value)), str(caught.value)
    if isinstance(caught.value, AttributeError):
        assert "Did you mean" in str(caught.value)


def test_the_corpus_is_what_was_promised():
    works = sum(pattern is None for _, pattern in CASES)
    assert len(CASES) >= 110
    assert len(set(NAMES)) == len(NAMES)
    assert works >= 75
    assert len(CASES) - works >= 40
