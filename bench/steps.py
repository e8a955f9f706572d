"""One training step against PyTorch eager: medians of nine interleaved rounds, every contender in its own process.

PyTorch is not installed by `make bench` (gigabytes from the public registry); the interpreter that has it is found in
BENCH_PYTHON, or is our own. W1 … W6 are described in bench/contender.py. Image works meet PyTorch in both of its memory
layouts, and show which part of the machine's best matrix product their multiply-adds come to.
"""

import os
import statistics
import subprocess
import sys
from pathlib import Path

from bench.contender import BATCH, PEAK, SHAPES, layers_of
from bench.table import show

HERE = Path(__file__).parent
ROUNDS, SECONDS = 9, 0.6


def has_torch(python):
    return subprocess.run([python, "-c", "import torch"], capture_output=True, check=False).returncode == 0


class Contender:
    def __init__(self, python, name, work, threads):
        unset = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")  # they can hold a current NumPy back
        environment = {k: v for k, v in os.environ.items() if k not in unset} | {"PYTHONPATH": str(HERE.parent)}
        self.process = subprocess.Popen(
            [python, str(HERE / "contender.py"), name, work, str(threads)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip
        self.process.stdout.readline()
        self.rounds = []

    def round(self):
        self.process.stdin.write(f"{SECONDS}\n")
        self.process.stdin.flush()
        self.rounds.append(float(self.process.stdout.readline()))

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


def multiplications(work):
    """Multiply-adds of a training step: forward, ∂J/∂W, and ∂J/∂x of all but the first layer that learns."""
    from engine import Sequential, layers

    model = Sequential(layers_of(work, layers))
    model.build(SHAPES[work])
    leaves = [leaf for leaf in model.leaves if any(w.name == "kernel" for w in leaf.weights)]
    return BATCH[work] * sum(leaf.multiplications() * (2 if leaf is leaves[0] else 3) for leaf in leaves)


def main(works=("W1", "W2", "W3", "W4", "W5", "W6")):
    torch_python = os.environ.get("BENCH_PYTHON", sys.executable)
    peers = has_torch(torch_python)
    if not peers:
        print("PyTorch is not here; set BENCH_PYTHON to an interpreter that has it. Our side alone:")
    peak = Contender(sys.executable, "peak", "W1", 2)
    rows = []
    for work in works:
        contenders = {("descent", n): Contender(sys.executable, "descent", work, n) for n in (1, 2)}
        layouts = ("pytorch", "pytorch-last") if len(SHAPES[work]) == 3 else ("pytorch",)
        if peers:
            contenders |= {(name, n): Contender(torch_python, name, work, n) for name in layouts for n in (1, 2)}
        for _ in range(ROUNDS):
            for c in (*contenders.values(), peak):
                c.round()
        medians = {key: statistics.median(c.rounds) for key, c in contenders.items()}
        ours = min((k for k in medians if k[0] == "descent"), key=lambda k: medians[k])
        best = PEAK**3 / statistics.median(peak.rounds[-ROUNDS:])
        for key, c in contenders.items():
            ratio = statistics.median(a / b for a, b in zip(c.rounds, contenders[ours].rounds, strict=True))
            part = multiplications(work) / medians[key] / best
            name = {"pytorch-last": "pytorch, channels last"}.get(key[0], key[0])
            rows.append([work, f"{name}, {key[1]} thread(s)", f"{medians[key]:.1f}", f"{ratio:.2f}", f"{part:.0%}"])
            c.stop()
    peak.stop()
    show(["work", "contender", "µs a step", "times ours", "of matrix-product peak (2 threads)"], rows)


if __name__ == "__main__":
    main()
