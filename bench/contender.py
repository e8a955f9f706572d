"""One contender in a process of its own: `python bench/contender.py NAME WORK THREADS` answers one round a line.

Reads "SECONDS" lines on standard input and answers with the median microseconds of a step in that time.
"""

import statistics
import sys
import time

import numpy as np

WORKS = {
    "W1": {"sizes": [2, 8, 8, 1], "batch": 10, "activation": "tanh"},
    "W2": {"sizes": [784, 128, 64, 10], "batch": 64, "activation": "relu"},
}


def data(work):
    rng = np.random.default_rng(2)
    batch, sizes = WORKS[work]["batch"], WORKS[work]["sizes"]
    x = rng.standard_normal((4, batch, sizes[0])).astype(np.float32)
    if work == "W1":
        return x, np.sign(x[:, :, :1] * x[:, :, 1:])
    return x, rng.integers(0, 10, (4, batch))


def descent(work, threads):
    from threadpoolctl import threadpool_limits

    from engine import Sequential, layers

    threadpool_limits(threads)
    w = WORKS[work]
    last = {"W1": "linear", "W2": "softmax"}[work]
    model = Sequential(
        [*(layers.Dense(n, w["activation"]) for n in w["sizes"][1:-1]), layers.Dense(w["sizes"][-1], last)]
    )
    if work == "W1":
        model.compile({"name": "SGD", "learning_rate": 0.03}, "mse")
    else:
        model.compile("Adam", "sparse_categorical_crossentropy")
    x, y = data(work)
    batches = list(zip(x, y, strict=True))
    return lambda i: model.train_on_batch(*batches[i & 3])


def pytorch(work, threads):
    import torch
    from torch import nn

    torch.set_num_threads(threads)
    w = WORKS[work]
    kind = {"tanh": nn.Tanh, "relu": nn.ReLU}[w["activation"]]
    modules = []
    for a, b in zip(w["sizes"][:-1], w["sizes"][1:], strict=True):
        modules += [nn.Linear(a, b), kind()]
    model = nn.Sequential(*modules[:-1])
    loss = nn.MSELoss() if work == "W1" else nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), 0.03) if work == "W1" else torch.optim.Adam(model.parameters())
    x, y = data(work)
    batches = [(torch.tensor(a), torch.tensor(b)) for a, b in zip(x, y, strict=True)]

    def step(i):
        a, b = batches[i & 3]
        optimizer.zero_grad(set_to_none=True)
        value = loss(model(a), b)
        value.backward()
        optimizer.step()
        return value.item()

    return step


def main():
    step = {"descent": descent, "pytorch": pytorch}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
    for i in range(30):
        step(i)
    print("ready", flush=True)
    for line in sys.stdin:
        end = time.perf_counter() + float(line)
        took = []
        i = 0
        while time.perf_counter() < end:
            start = time.perf_counter()
            for _ in range(16):
                step(i)
                i += 1
            took.append((time.perf_counter() - start) / 16)
        print(statistics.median(took) * 1e6, flush=True)


if __name__ == "__main__":
    main()
