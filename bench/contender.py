"""One contender in a process of its own: `python bench/contender.py NAME WORK THREADS` answers one round a line.

Reads "SECONDS" lines on standard input and answers with the median microseconds of a step in that time. NAME is
descent, pytorch, pytorch-last (channels-last memory) or peak (a large matrix product; answers with multiply-adds a µs).

W1 2-8-8-1 tanh, batch 10, SGD · W2 784-128-64-10, batch 64, Adam · W3 LeNet-5, batch 64, Adam · W4 three residual
blocks of 16 channels, 32×32, batch 32, momentum · W5 depthwise-separable stack, 32×32, batch 32, momentum · W6 a
YOLO-like stack, 64×64, batch 16, momentum (squared error over its 8×8 grid of 16 numbers).
"""

import statistics
import sys
import time

import numpy as np

SEPARABLE = [(3, 16, 1), (16, 32, 2), (32, 32, 1), (32, 64, 2), (64, 64, 1)]
YOLO = [16, 32, 64, 64]
SHAPES = {"W1": (2,), "W2": (784,), "W3": (28, 28, 1), "W4": (32, 32, 3), "W5": (32, 32, 3), "W6": (64, 64, 3)}
BATCH = {"W1": 10, "W2": 64, "W3": 64, "W4": 32, "W5": 32, "W6": 16}
OPTIMIZER = {"W1": (0.03, None), "W2": "Adam", "W3": "Adam", "W4": (0.05, 0.9), "W5": (0.01, 0.9), "W6": (0.001, 0.9)}


def data(work):
    """Four batches; images (B, H, W, C)."""
    rng = np.random.default_rng(2)
    x = rng.standard_normal((4, BATCH[work], *SHAPES[work])).astype(np.float32)
    if work == "W1":
        return x, np.sign(x[:, :, :1] * x[:, :, 1:])
    if work == "W6":
        return x, rng.random((4, BATCH[work], 8, 8, 16)).astype(np.float32)
    return x, rng.integers(0, 10, (4, BATCH[work]))


def layers_of(work, layers):
    conv, dense = layers.Conv2D, layers.Dense
    if work == "W1":
        return [dense(8, "tanh"), dense(8, "tanh"), dense(1)]
    if work == "W2":
        return [dense(128, "relu"), dense(64, "relu"), dense(10, "softmax")]
    if work == "W3":
        return [
            conv(6, 5, padding="same", activation="relu"), layers.MaxPooling2D(),
            conv(16, 5, activation="relu"), layers.MaxPooling2D(), layers.Flatten(),
            dense(120, "relu"), dense(84, "relu"), dense(10, "softmax"),
        ]  # fmt: skip
    if work == "W4":

        def part():
            return [conv(16, 3, padding="same", use_bias=False), layers.BatchNormalization()]

        blocks = [layers.Residual([*part(), layers.Activation("relu"), *part()], activation="relu") for _ in range(3)]
        return [*part(), layers.Activation("relu"), *blocks, layers.GlobalAveragePooling2D(), dense(10, "softmax")]
    if work == "W5":
        stack = []
        for _, filters, strides in SEPARABLE:
            stack.append(layers.DepthwiseConv2D(3, strides, "same", activation="relu"))
            stack.append(conv(filters, 1, activation="relu"))
        return [*stack, layers.GlobalAveragePooling2D(), dense(10, "softmax")]
    stack = []
    for i, filters in enumerate(YOLO):
        stack.append(conv(filters, 3, padding="same", activation="leaky_relu"))
        stack += [layers.MaxPooling2D()] if i < 3 else []
    return [*stack, conv(16, 1)]


def descent(work, threads):
    from threadpoolctl import threadpool_limits

    from engine import Sequential, layers
    from engine.core.shards import set_threads

    images = len(SHAPES[work]) == 3
    threadpool_limits(1 if images else threads)
    set_threads(threads)
    model = Sequential(layers_of(work, layers))
    optimizer = OPTIMIZER[work]
    if optimizer != "Adam":
        optimizer = {"name": "SGD", "learning_rate": optimizer[0], "momentum": optimizer[1] or 0.0}
    model.compile(optimizer, "mse" if work in ("W1", "W6") else "sparse_categorical_crossentropy")
    x, y = data(work)
    batches = list(zip(x, y, strict=True))
    return lambda i: model.train_on_batch(*batches[i & 3])


def torch_model(work):
    from torch import nn

    class Residual(nn.Module):
        def __init__(self, body):
            super().__init__()
            self.body = body

        def forward(self, x):
            return nn.functional.relu(x + self.body(x))

    class Mean(nn.Module):
        def forward(self, x):
            return x.mean((2, 3))

    if work == "W1":
        return nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1))
    if work == "W2":
        return nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))
    if work == "W3":
        return nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
        )  # fmt: skip
    if work == "W4":

        def part(channels):
            return [nn.Conv2d(channels, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16)]

        blocks = [Residual(nn.Sequential(*part(16), nn.ReLU(), *part(16))) for _ in range(3)]
        return nn.Sequential(*part(3), nn.ReLU(), *blocks, Mean(), nn.Linear(16, 10))
    if work == "W5":
        stack = []
        for channels, filters, strides in SEPARABLE:
            stack += [nn.Conv2d(channels, channels, 3, strides, 1, groups=channels), nn.ReLU()]
            stack += [nn.Conv2d(channels, filters, 1), nn.ReLU()]
        return nn.Sequential(*stack, Mean(), nn.Linear(64, 10))
    stack, channels = [], 3
    for i, filters in enumerate(YOLO):
        stack += [nn.Conv2d(channels, filters, 3, padding=1), nn.LeakyReLU(0.2)]
        stack += [nn.MaxPool2d(2)] if i < 3 else []
        channels = filters
    return nn.Sequential(*stack, nn.Conv2d(channels, 16, 1))


def pytorch(work, threads, last=False):
    import torch
    from torch import nn

    torch.set_num_threads(threads)
    memory = torch.channels_last if last else torch.contiguous_format
    model = torch_model(work)
    loss = nn.MSELoss() if work in ("W1", "W6") else nn.CrossEntropyLoss()
    optimizer = OPTIMIZER[work]
    x, y = data(work)
    if x.ndim == 5:
        model = model.to(memory_format=memory)
        x = x.transpose(0, 1, 4, 2, 3)
        y = y.transpose(0, 1, 4, 2, 3) if y.ndim == 5 else y
    if optimizer == "Adam":
        optimizer = torch.optim.Adam(model.parameters())
    else:
        optimizer = torch.optim.SGD(model.parameters(), optimizer[0], optimizer[1] or 0.0)

    def tensor(a):
        made = torch.tensor(np.ascontiguousarray(a))
        return made.contiguous(memory_format=memory) if made.ndim == 4 else made

    batches = [(tensor(a), tensor(b)) for a, b in zip(x, y, strict=True)]

    def step(i):
        a, b = batches[i & 3]
        optimizer.zero_grad(set_to_none=True)
        value = loss(model(a), b)
        value.backward()
        optimizer.step()
        return value.item()

    return step


PEAK = 768


def peak(work, threads):
    from threadpoolctl import threadpool_limits

    threadpool_limits(threads)
    a, b, c = (np.ones((PEAK, PEAK), np.float32) for _ in range(3))
    return lambda i: np.matmul(a, b, out=c)


CONTENDERS = {
    "descent": descent,
    "pytorch": pytorch,
    "pytorch-last": lambda work, threads: pytorch(work, threads, last=True),
    "peak": peak,
}


def main():
    step = CONTENDERS[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
    for i in range(30):
        step(i)
    print("ready", flush=True)
    together = 16 if sys.argv[2] in ("W1", "W2") else 1
    for line in sys.stdin:
        end = time.perf_counter() + float(line)
        took = []
        i = 0
        while time.perf_counter() < end:
            start = time.perf_counter()
            for _ in range(together):
                step(i)
                i += 1
            took.append((time.perf_counter() - start) / together)
        print(statistics.median(took) * 1e6, flush=True)


if __name__ == "__main__":
    main()
