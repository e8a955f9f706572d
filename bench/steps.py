"""One training step against PyTorch eager: medians of nine interleaved rounds, every contender in its own process.

PyTorch is not installed by `make bench` (gigabytes from the public registry); the interpreter that has it is found in
BENCH_PYTHON, or is our own. W1 … W6 are described in bench/contender.py. Image works meet PyTorch in both of its memory
layouts, and show which part of the machine's best matrix product their multiply-adds come to.

PyTorch is run as it comes and once more with an allocator that keeps what it frees (KEEPS): as it comes it gives every
step's buffers back to the system and waits for new pages in the next. Only who is faster than the second is faster than
PyTorch's arithmetic. The last table is PyTorch's time divided by ours, at its better layout and as many threads.
"""

import itertools
import os
import statistics
import subprocess
import sys
from pathlib import Path

from bench.contender import BATCH, PEAK, SHAPES, layers_of
from bench.table import show

HERE = Path(__file__).parent
ROUNDS, SECONDS = 9, 0.6
KEEPS = {
    "MALLOC_MMAP_THRESHOLD_": "1073741824", "MALLOC_TRIM_THRESHOLD_": "2147483647", "MALLOC_TOP_PAD_": "268435456",
}  # fmt: skip
"""What makes glibc's allocator keep the memory that a process frees."""
ROWS = {
    (1, False): "one thread, PyTorch eager at its better layout",
    (2, False): "two threads, the same",
    (1, True): "one thread, PyTorch that also keeps its freed memory",
    (2, True): "two threads, the same",
}


def has_torch(python):
    return subprocess.run([python, "-c", "import torch"], capture_output=True, check=False).returncode == 0


class Contender:
    def __init__(self, python, name, work, threads, keeps=False):
        unset = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", *KEEPS)  # the first two can hold a current NumPy back
        environment = {k: v for k, v in os.environ.items() if k not in unset} | {"PYTHONPATH": str(HERE.parent)}
        environment |= KEEPS if keeps else {}
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
        self.process.communicate()  # closes its input, at which it ends


def multiplications(work):
    """Multiply-adds of a training step: forward, ∂J/∂W, and ∂J/∂x of all but the first layer that learns."""
    from engine import Sequential, layers

    model = Sequential(layers_of(work, layers))
    model.build(SHAPES[work])
    leaves = [leaf for leaf in model.leaves if any(w.name == "kernel" for w in leaf.weights)]
    return BATCH[work] * sum(leaf.multiplications() * (2 if leaf is leaves[0] else 3) for leaf in leaves)


def against(contenders, threads, keeps):
    """PyTorch's time divided by ours on as many threads, at the layout with the better median; '' without PyTorch."""
    peers = [c for (name, n, kept), c in contenders.items() if name != "descent" and (n, kept) == (threads, keeps)]
    if not peers:
        return ""
    best = min(peers, key=lambda c: statistics.median(c.rounds))
    ours = contenders["descent", threads, False]
    return f"{statistics.median(a / b for a, b in zip(best.rounds, ours.rounds, strict=True)):.2f} ×"


def label(name, threads, keeps):
    words = [name.replace("pytorch-last", "pytorch, channels last"), "keeps its memory" if keeps else ""]
    return ", ".join(word for word in (*words, f"{threads} thread(s)") if word)


def main(works=("W1", "W2", "W3", "W4", "W5", "W6")):
    torch_python = os.environ.get("BENCH_PYTHON", sys.executable)
    peers = has_torch(torch_python)
    if not peers:
        print("PyTorch is not here; set BENCH_PYTHON to an interpreter that has it. Our side alone:")
    peak = Contender(sys.executable, "peak", "W1", 2)
    rows, ratios = [], {key: [words] for key, words in ROWS.items()}
    for work in works:
        contenders = {("descent", n, False): Contender(sys.executable, "descent", work, n) for n in (1, 2)}
        layouts = ("pytorch", "pytorch-last") if len(SHAPES[work]) == 3 else ("pytorch",)
        for name, (n, keeps) in itertools.product(layouts if peers else (), ROWS):
            contenders[name, n, keeps] = Contender(torch_python, name, work, n, keeps)
        for _ in range(ROUNDS):
            for c in (*contenders.values(), peak):
                c.round()
        best = PEAK**3 / statistics.median(peak.rounds[-ROUNDS:])
        for key, c in contenders.items():
            median = statistics.median(c.rounds)
            ours = contenders["descent", key[1], False].rounds
            ratio = statistics.median(a / b for a, b in zip(c.rounds, ours, strict=True))
            part = multiplications(work) / median / best
            rows.append([work, label(*key), f"{median:.1f}", f"{ratio:.2f}", f"{part:.0%}"])
            c.stop()
        for key, row in ratios.items():
            row.append(against(contenders, *key))
    peak.stop()
    show(["work", "contender", "µs a step", "times ours", "of matrix-product peak (2 threads)"], rows)
    if peers:
        print()
        show(["PyTorch's time divided by ours", *works], ratios.values())


if __name__ == "__main__":
    main()
