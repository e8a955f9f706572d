"""The benchmark of training steps runs, and compares like with like."""

from types import SimpleNamespace

import pytest
from threadpoolctl import threadpool_limits

from bench import steps
from bench.contender import CONTENDERS, SHAPES
from engine.core import shards


def test_a_row_compares_with_the_better_layout_on_as_many_threads_and_the_same_allocator():
    def rounds(*numbers):
        return SimpleNamespace(rounds=list(numbers))

    contenders = {
        ("descent", 1, False): rounds(10, 20, 10),
        ("descent", 2, False): rounds(5, 5, 5),
        ("pytorch", 1, False): rounds(30, 30, 30),
        ("pytorch-last", 1, False): rounds(20, 50, 15),
        ("pytorch", 2, False): rounds(10, 10, 10),
        ("pytorch", 1, True): rounds(8, 16, 9),
    }
    assert steps.against(contenders, 1, False) == "2.00 ×"  # 20/10, 50/20, 15/10 of channels last
    assert steps.against(contenders, 2, False) == "2.00 ×"
    assert steps.against(contenders, 1, True) == "0.80 ×"
    assert steps.against(contenders, 2, True) == ""


def test_the_peer_alone_keeps_its_freed_memory(monkeypatch):
    started = []

    class Process:
        def __init__(self, command, env, **given):
            started.append({name: env.get(name) for name in steps.KEEPS})
            self.stdout = SimpleNamespace(readline=lambda: "ready\n")

    monkeypatch.setattr(steps.subprocess, "Popen", Process)
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "1")
    steps.Contender("python", "descent", "W1", 1)
    steps.Contender("python", "pytorch", "W1", 1, keeps=True)
    assert started == [dict.fromkeys(steps.KEEPS), steps.KEEPS]


def test_without_pytorch_our_side_runs_alone(monkeypatch, capsys):
    monkeypatch.setattr(steps, "ROUNDS", 1)
    monkeypatch.setattr(steps, "SECONDS", 0.01)
    monkeypatch.setattr(steps, "has_torch", lambda python: False)
    steps.main(("W1",))
    printed = capsys.readouterr().out
    assert "descent, 2 thread(s)" in printed
    assert "PyTorch's time divided by ours" not in printed


@pytest.mark.parametrize("work", SHAPES)
def test_every_work_is_a_step_that_learns(work):
    before = shards.threads()
    with threadpool_limits():  # a contender sets both for its whole process
        step = CONTENDERS["descent"](work, 1)
        losses = [step(0) for _ in range(6)]
    shards.set_threads(before)
    assert losses[-1] < losses[0]
