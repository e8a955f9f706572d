"""Networks, losses and metrics in a few lines of NumPy, with nothing of the engine's: what numbers are held against.

Only what the nets of tests/browser/test_moment.py are made of; a layer or loss of another kind is a KeyError.
"""

import numpy as np

ACTIVATIONS = {
    "linear": lambda z: z,
    "tanh": np.tanh,
    "sigmoid": lambda z: 0.5 + 0.5 * np.tanh(z / 2),
    "relu": lambda z: np.maximum(z, 0),
    "leaky_relu": lambda z: np.maximum(z, 0.2 * z),
    "softmax": lambda z: (e := np.exp(z - z.max(axis=-1, keepdims=True))) / e.sum(axis=-1, keepdims=True),
}
FLAT = {"relu": (0.0, np.inf), "sigmoid": (0.01, 0.99), "tanh": (-0.99, 0.99)}
CLIP = 1e-7
"""Nearer to 1 than this, what float32 says of a probability is no longer exact enough for ln(1 − p)."""
TINY = float(np.finfo(np.float32).smallest_subnormal)
PIECE = 128
"""Pictures at a time: as many as a processor's cache likes."""


# -- networks ---------------------------------------------------------------------------------------------------------
def convolved(x, kernel, padding):
    """Pictures (B, H, W, C) under filters (h, w, C, O), one pixel at a time."""
    h, w = kernel.shape[:2]
    if padding == "same":
        x = np.pad(x, ((0, 0), ((h - 1) // 2, h // 2), ((w - 1) // 2, w // 2), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(x, (h, w), axis=(1, 2))
    return np.tensordot(windows, kernel, ((4, 5, 3), (0, 1, 2)))


def pooled(x, size):
    rows, columns = x.shape[1] // size, x.shape[2] // size
    return x[:, : rows * size, : columns * size].reshape(len(x), rows, size, columns, size, -1).max(axis=(2, 4))


def forward(layers, weights, x):
    """z and a (B, …) of every layer by its id, at rest (no dropout); of many pictures a piece at a time."""
    if x.ndim < 4 or len(x) <= PIECE:
        return through(layers, weights, x)
    pieces = [through(layers, weights, x[i : i + PIECE]) for i in range(0, len(x), PIECE)]

    def joined(name, i):
        return None if pieces[0][name][i] is None else np.concatenate([piece[name][i] for piece in pieces])

    return {name: (joined(name, 0), joined(name, 1)) for name in pieces[0]}


def through(layers, weights, x):
    found, a = {}, x
    for layer in layers:
        name, kind, z = layer["id"], layer["type"], None
        if kind == "Flatten":
            a = a.reshape(len(a), -1)
        elif kind == "MaxPooling2D":
            a = pooled(a, np.ravel(layer["pool_size"])[0])
        else:
            kernel, bias = weights[f"{name}/kernel"], weights[f"{name}/bias"]
            made = a @ kernel if kind == "Dense" else convolved(a, kernel, layer.get("padding", "valid"))
            z = made + bias
            a = ACTIVATIONS[layer["activation"]](z)
        found[name] = (z, a)
    return found


def penalty(layers, weights):
    """What l1 and l2 add to J."""
    kernels = [(layer, weights[f"{layer['id']}/kernel"]) for layer in layers if f"{layer['id']}/kernel" in weights]
    return sum((y.get("l2") or 0) * (w**2).sum() + (y.get("l1") or 0) * np.abs(w).sum() for y, w in kernels)


# -- losses -----------------------------------------------------------------------------------------------------------
def loss(name, outputs, y):
    """Mean loss of outputs (B, …) for targets (B, …), without penalty; NaN of no examples."""
    if not len(y):
        return np.nan
    out, t = outputs.reshape(len(y), -1), y.reshape(len(y), -1)
    if name == "sparse_categorical_crossentropy":
        # behind a softmax the engine takes ln p from the logits: however small p is, it counts in full
        return -np.log(np.clip(out[np.arange(len(t)), t[:, 0].astype(int)], TINY, 1)).mean()
    if name == "binary_crossentropy":
        p = np.clip(out, CLIP, 1 - CLIP)
        return -(t * np.log(p) + (1 - t) * np.log(1 - p)).mean()
    if name == "hinge":
        return np.maximum(0, 1 - (2 * t - 1) * out).mean()
    squared = ((out - t) ** 2).mean()
    return {"mse": squared, "half_mse": squared / 2, "mae": np.abs(out - t).mean()}[name]


def best_constant(y):
    """J of the best constant answer to class numbers."""
    shares = np.bincount(y.ravel().astype(int)) / len(y)
    return -(shares[shares > 0] * np.log(shares[shares > 0])).sum()


# -- metrics ----------------------------------------------------------------------------------------------------------
def classes_of(outputs, threshold):
    """Of one output class 1 from the threshold on, of several the likeliest."""
    return (outputs[:, 0] >= threshold).astype(int) if outputs.shape[1] == 1 else outputs.argmax(axis=1)


def confusion(given, y, classes):
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (y.ravel().astype(int), given), 1)
    return counts


def class_metrics(counts, binary):
    """accuracy, precision, recall and F1 from a confusion matrix: of class 1, or means over the classes there are."""
    hits, said, real = np.diag(counts), counts.sum(axis=0), counts.sum(axis=1)
    keep = np.array([False, True]) if binary else said + real > 0

    def mean(a, b):
        return np.divide(a, b, out=np.zeros(len(a)), where=b > 0)[keep].mean()

    return {"accuracy": hits.sum() / counts.sum(), "precision": mean(hits, said), "recall": mean(hits, real),
            "f1": mean(2 * hits, said + real)}  # fmt: skip


def number_metrics(outputs, y):
    out, t = outputs.reshape(len(y), -1), y.reshape(len(y), -1)
    errors = out - t
    spread = ((t - t.mean(axis=0)) ** 2).sum()
    return {"mae": np.abs(errors).mean(), "mse": (errors**2).mean(), "r2": 1 - (errors**2).sum() / spread}


def stuck_units(layers, found):
    """Kind and number of the units of each layer that are silent, or flat nearly everywhere, for these answers."""
    told = {}
    for layer in layers[:-1]:
        if layer.get("activation") not in FLAT:
            continue
        low, high = FLAT[layer["activation"]]
        a = found[layer["id"]][1]
        a = a.reshape(len(a), -1, a.shape[-1])
        silent = layer["activation"] == "relu"
        flat = a <= low if silent else (a < low) | (a > high)
        stuck = flat.all(axis=(0, 1)) if silent else flat.mean(axis=(0, 1)) > 0.95
        if stuck.sum() >= (0.2 if silent else 0.5) * len(stuck) and stuck.any():
            told[layer["id"]] = ("dead" if silent else "saturated", int(stuck.sum()))
    return told


# -- what is read on the page -----------------------------------------------------------------------------------------
def number_in(text):
    """The number that a text says, and how far it may be off by its digits; NaN for a dash."""
    text = text.strip().replace("−", "-").replace(",", "").strip("()")
    if text in ("–", ""):
        return np.nan, 0.0
    if text in ("∞", "-∞"):
        return float(text.replace("∞", "inf")), 0.0
    share = 0.01 if text.endswith("%") else 1.0
    digits, _, power = text.rstrip("%").partition("e")
    places = len(digits.partition(".")[2])
    size = 10.0 ** int(power or 0) * share
    return float(digits) * size, 0.5 * 10.0**-places * size


def says(text, wanted, rel=3e-4, slack=1e-7):
    """Whether a text says a number, as far as its digits go."""
    given, half = number_in(text)
    if np.isnan(given) or np.isnan(wanted):
        return bool(np.isnan(given) and np.isnan(wanted))
    return abs(given - wanted) <= half * 1.001 + rel * abs(wanted) + slack
