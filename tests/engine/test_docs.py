"""The examples of docs/engine.md run, one after the other, as a reader would paste them."""

import re
from pathlib import Path

import pytest

import engine
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


def lists():
    """The names that stand as code in the page's text, outside its examples."""
    text = re.sub(r"^```.*?^```", "", TEXT, flags=re.MULTILINE | re.DOTALL)
    return {word for code in re.findall(r"`([^`]+)`", text) for word in re.findall(r"\w+", code)}


@pytest.mark.parametrize(
    "module", ["layers", "losses", "metrics", "callbacks", "optimizers", "schedules", "initializers", "regularizers"]
)
def test_the_page_lists_every_part_that_python_has(module):
    inside = {"Callback", "Initializer", "Layer", "Loss", "LossFunction", "Measure", "Metric", "Number", "Optimizer",
              "Rate", "Regularizer", "Schedule"}  # fmt: skip
    parts = {
        n
        for n in getattr(engine, module).__all__
        if (n[0].isupper() and not n.isupper()) or n in ("SGD", "AUC", "L1", "L2")
    }
    assert parts - inside <= lists()


def test_the_page_lists_every_activation():
    assert {*engine.activations.activations.names(), "exponential", "silu"} <= lists()
