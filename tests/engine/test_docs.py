"""The examples of docs/engine.md run, one after the other, as a reader would paste them."""

import re
from pathlib import Path

import pytest

from tests.server import ROOT

TEXT = (ROOT / "docs" / "engine.md").read_text()
EXAMPLES = re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def test_every_example_of_the_engine_s_page_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    world = {"__name__": "docs"}
    for number, example in enumerate(EXAMPLES):
        before = TEXT[: TEXT.index(example)].count("\n")
        exec(compile("\n" * before + example, f"docs/engine.md, example {number + 1}", "exec"), world)
    assert "Epoch 1/1 - loss" in capsys.readouterr().out


def test_an_example_that_fails_is_seen():
    assert len(EXAMPLES) >= 7
    with pytest.raises(AssertionError):
        exec(EXAMPLES[0].replace("(200, 1)", "(200, 2)"), {"__name__": "docs"})


def test_the_page_counts_the_snippets_right():
    snippets = (Path(__file__).parent / "keras_snippets.txt").read_text().count("=== ")
    claimed = int(re.search(r"(\d+) pasted snippets", TEXT)[1])
    assert claimed <= snippets < claimed + 20
