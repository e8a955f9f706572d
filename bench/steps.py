"""One training step against PyTorch eager: medians of nine interleaved rounds, every contender in its own process.

PyTorch is not installed by `make bench` (gigabytes from the public registry); the interpreter that has it is found in
BENCH_PYTHON, or is our own. W1: 2-8-8-1 tanh, batch 10, SGD. W2: 784-128-64-10 ReLU, batch 64, Adam.
"""

import os
import statistics
import subprocess
import sys
from pathlib import Path

from bench.table import show

HERE = Path(__file__).parent
ROUNDS, SECONDS = 9, 0.6


def has_torch(python):
    return subprocess.run([python, "-c", "import torch"], capture_output=True, check=False).returncode == 0


class Contender:
    def __init__(self, python, name, work, threads):
        environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
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


def main():
    torch_python = os.environ.get("BENCH_PYTHON", sys.executable)
    peers = has_torch(torch_python)
    if not peers:
        print("PyTorch is not here; set BENCH_PYTHON to an interpreter that has it. Our side alone:")
    rows = []
    for work in ("W1", "W2"):
        contenders = {("descent", n): Contender(sys.executable, "descent", work, n) for n in (1, 2)}
        if peers:
            contenders |= {("pytorch", n): Contender(torch_python, "pytorch", work, n) for n in (1, 2)}
        for _ in range(ROUNDS):
            for c in contenders.values():
                c.round()
        medians = {key: statistics.median(c.rounds) for key, c in contenders.items()}
        ours = min((k for k in medians if k[0] == "descent"), key=lambda k: medians[k])
        for key, c in contenders.items():
            ratio = statistics.median(a / b for a, b in zip(c.rounds, contenders[ours].rounds, strict=True))
            rows.append([work, f"{key[0]}, {key[1]} thread(s)", f"{medians[key]:.1f}", f"{ratio:.2f}"])
            c.stop()
    show(["work", "contender", "µs a step", "times ours"], rows)


if __name__ == "__main__":
    main()
