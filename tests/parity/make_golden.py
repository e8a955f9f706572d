"""Golden numbers from PyTorch and Keras (torch backend): losses, gradients and ten optimiser steps of each kind.

    pip install torch==2.13.0 keras==3.15.1 numpy ; python tests/parity/make_golden.py

Writes tests/parity/golden.npz. Everything is float64, so that only formulas can differ.
"""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np
import torch

keras.backend.set_floatx("float64")
keras.config.set_dtype_policy("float64")
rng = np.random.default_rng(20261123)
out: dict[str, np.ndarray] = {}
cases: list[dict] = []
X = rng.normal(size=(6, 4))
TARGETS = {
    "regression": rng.normal(size=(6, 3)),
    "binary": rng.integers(0, 2, (6, 3)).astype(float),
    "one_hot": np.eye(3)[rng.integers(0, 3, 6)],
    "sparse": rng.integers(0, 3, 6),
}
out["x"] = X
for name, t in TARGETS.items():
    out[f"t/{name}"] = t


def start(case, activation, last):
    """The same starting weights for everyone: 4 → 5 → 3."""
    r = np.random.default_rng(len(case))
    ws = [r.normal(size=(4, 5)) * 0.5, r.normal(size=5) * 0.1, r.normal(size=(5, 3)) * 0.5, r.normal(size=3) * 0.1]
    for i, w in enumerate(ws):
        out[f"{case}/start/{i}"] = w
    return ws


# -- losses and gradients through every activation, from Keras -------------------------------------------------------
LOSSES = {
    "mse": (keras.losses.MeanSquaredError(), "linear", "regression"),
    "mae": (keras.losses.MeanAbsoluteError(), "linear", "regression"),
    "huber": (keras.losses.Huber(delta=0.7), "linear", "regression"),
    "hinge": (keras.losses.Hinge(), "linear", "binary"),
    "binary_crossentropy": (keras.losses.BinaryCrossentropy(), "sigmoid", "binary"),
    "binary_crossentropy_logits": (keras.losses.BinaryCrossentropy(from_logits=True), "linear", "binary"),
    "categorical_crossentropy": (keras.losses.CategoricalCrossentropy(), "softmax", "one_hot"),
    "categorical_crossentropy_logits": (keras.losses.CategoricalCrossentropy(from_logits=True), "linear", "one_hot"),
    "categorical_crossentropy_sigmoid": (keras.losses.CategoricalCrossentropy(), "sigmoid", "one_hot"),
    "sparse_categorical_crossentropy": (keras.losses.SparseCategoricalCrossentropy(), "softmax", "sparse"),
}
ACTIVATIONS = ["linear", "relu", "leaky_relu", "elu", "gelu", "swish", "sigmoid", "tanh", "softmax", "softplus"]


def keras_model(case, activation, last):
    model = keras.Sequential(
        [
            keras.Input((4,), dtype="float64"),
            keras.layers.Dense(5, activation, dtype="float64"),
            keras.layers.Dense(3, last, dtype="float64"),
        ]
    )
    model.set_weights(start(case, activation, last))
    return model


def keras_case(case, activation, last, loss, target):
    model = keras_model(case, activation, last)
    y = model(torch.tensor(X), training=True)
    value = loss(torch.tensor(TARGETS[target]), y)
    value.backward()
    out[f"{case}/loss"] = value.detach().numpy()
    for i, w in enumerate(model.trainable_weights):
        out[f"{case}/grad/{i}"] = w.value.grad.detach().numpy().copy()
    cases.append({"case": case, "kind": "loss", "activation": activation, "last": last, "target": target})


for name, (loss, last, target) in LOSSES.items():
    keras_case(f"loss/{name}", "tanh", last, loss, target)
for name in ACTIVATIONS:
    keras_case(f"activation/{name}", name, "linear", LOSSES["mse"][0], "regression")

# -- ten steps of each optimiser, from Keras ---------------------------------------------------------------------
schedules = keras.optimizers.schedules
OPTIMIZERS = {
    "sgd": ({"name": "SGD", "learning_rate": 0.1}, keras.optimizers.SGD(0.1)),
    "sgd_momentum": ({"name": "SGD", "learning_rate": 0.1, "momentum": 0.9}, keras.optimizers.SGD(0.1, momentum=0.9)),
    "sgd_nesterov": (
        {"name": "SGD", "learning_rate": 0.1, "momentum": 0.9, "nesterov": True},
        keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    ),
    "adagrad": ({"name": "Adagrad", "learning_rate": 0.1}, keras.optimizers.Adagrad(0.1)),
    "rmsprop": ({"name": "RMSprop", "learning_rate": 0.01}, keras.optimizers.RMSprop(0.01)),
    "rmsprop_momentum": (
        {"name": "RMSprop", "learning_rate": 0.01, "momentum": 0.5, "rho": 0.8},
        keras.optimizers.RMSprop(0.01, momentum=0.5, rho=0.8),
    ),
    "adam": ({"name": "Adam", "learning_rate": 0.05}, keras.optimizers.Adam(0.05)),
    "adamw": (
        {"name": "AdamW", "learning_rate": 0.05, "weight_decay": 0.1},
        keras.optimizers.AdamW(0.05, weight_decay=0.1),
    ),
    "sgd_exponential": (
        {"name": "SGD", "learning_rate": 0.1,
         "schedule": {"name": "exponential_decay", "decay_steps": 3, "decay_rate": 0.7}},
        keras.optimizers.SGD(schedules.ExponentialDecay(0.1, 3, 0.7)),
    ),
    "sgd_staircase": (
        {"name": "SGD", "learning_rate": 0.1,
         "schedule": {"name": "exponential_decay", "decay_steps": 3, "decay_rate": 0.7, "staircase": True}},
        keras.optimizers.SGD(schedules.ExponentialDecay(0.1, 3, 0.7, staircase=True)),
    ),
    "sgd_inverse": (
        {"name": "SGD", "learning_rate": 0.1,
         "schedule": {"name": "inverse_time_decay", "decay_steps": 3, "decay_rate": 0.7}},
        keras.optimizers.SGD(schedules.InverseTimeDecay(0.1, 3, 0.7)),
    ),
    "sgd_polynomial": (
        {"name": "SGD", "learning_rate": 0.1,
         "schedule": {"name": "polynomial_decay", "decay_steps": 8, "end_factor": 0.1, "power": 2.0}},
        keras.optimizers.SGD(schedules.PolynomialDecay(0.1, 8, 0.01, power=2.0)),
    ),
    "sgd_cosine": (
        {"name": "SGD", "learning_rate": 0.1, "schedule": {"name": "cosine_decay", "decay_steps": 8, "alpha": 0.1}},
        keras.optimizers.SGD(schedules.CosineDecay(0.1, 8, alpha=0.1)),
    ),
}  # fmt: skip
for name, (settings, optimizer) in OPTIMIZERS.items():
    case = f"optimizer/{name}"
    model = keras_model(case, "tanh", "linear")
    loss = LOSSES["mse"][0]
    for _ in range(10):
        for w in model.trainable_weights:
            w.value.grad = None
        value = loss(torch.tensor(TARGETS["regression"]), model(torch.tensor(X), training=True))
        value.backward()
        optimizer.apply([w.value.grad for w in model.trainable_weights], model.trainable_weights)
    for i, w in enumerate(model.get_weights()):
        out[f"{case}/end/{i}"] = w
    cases.append({"case": case, "kind": "optimizer", "settings": settings})

# -- the same from PyTorch, where its formula is the same ----------------------------------------------------------
TORCH = {  # with ε = 0, which PyTorch takes; the engine's smallest, 1e-20, is nothing beside √v
    "sgd": (OPTIMIZERS["sgd"][0], lambda p: torch.optim.SGD(p, 0.1)),
    "sgd_momentum": (OPTIMIZERS["sgd_momentum"][0], lambda p: torch.optim.SGD(p, 0.1, momentum=0.9)),
    "sgd_nesterov": (OPTIMIZERS["sgd_nesterov"][0], lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, nesterov=True)),
    "adam": ({"name": "Adam", "learning_rate": 0.05, "epsilon": 1e-20}, lambda p: torch.optim.Adam(p, 0.05, eps=0)),
    "adamw": (
        {"name": "AdamW", "learning_rate": 0.05, "weight_decay": 0.1, "epsilon": 1e-20},
        lambda p: torch.optim.AdamW(p, 0.05, weight_decay=0.1, eps=0),
    ),
    "adagrad": (
        {"name": "Adagrad", "learning_rate": 0.1, "epsilon": 0.0},
        lambda p: torch.optim.Adagrad(p, 0.1, initial_accumulator_value=0.1, eps=0),
    ),
    "rmsprop": (
        {"name": "RMSprop", "learning_rate": 0.01, "epsilon": 1e-20},
        lambda p: torch.optim.RMSprop(p, 0.01, alpha=0.9, eps=0),
    ),
}
for name, (settings, make) in TORCH.items():
    case = f"torch/{name}"
    ws = [torch.tensor(w, requires_grad=True) for w in start(case, "tanh", "linear")]
    optimizer = make(ws)
    for _ in range(10):
        optimizer.zero_grad()
        y = torch.tanh(torch.tensor(X) @ ws[0] + ws[1]) @ ws[2] + ws[3]
        torch.nn.functional.mse_loss(y, torch.tensor(TARGETS["regression"])).backward()
        optimizer.step()
    for i, w in enumerate(ws):
        out[f"{case}/end/{i}"] = w.detach().numpy()
    cases.append({"case": case, "kind": "optimizer", "settings": settings})

# -- batch normalisation and penalties ----------------------------------------------------------------------------
norm = keras.layers.BatchNormalization(dtype="float64")
norm.build((None, 4))
norm.set_weights([rng.normal(size=4), rng.normal(size=4), rng.normal(size=4), rng.random(4) + 0.5])
for i, w in enumerate(norm.get_weights()):
    out[f"batchnorm/start/{i}"] = w
x = torch.tensor(X, requires_grad=True)
push = rng.normal(size=(6, 4))
out["batchnorm/push"] = push
y = norm(x, training=True)
(y * torch.tensor(push)).sum().backward()
out["batchnorm/train"] = y.detach().numpy()
out["batchnorm/grad/0"] = norm.gamma.value.grad.numpy()
out["batchnorm/grad/1"] = norm.beta.value.grad.numpy()
for i, w in enumerate(norm.get_weights()):
    out[f"batchnorm/end/{i}"] = w
out["batchnorm/infer"] = norm(torch.tensor(X), training=False).detach().numpy()
kernel = rng.normal(size=(4, 5))
out["penalty/kernel"] = kernel
out["penalty/value"] = np.array(float(keras.regularizers.L1L2(0.01, 0.02)(torch.tensor(kernel))))

# -- initialisers: bounds and spread ------------------------------------------------------------------------------
for name in ("glorot_uniform", "glorot_normal", "he_normal", "he_uniform", "random_normal", "random_uniform"):
    draw = np.asarray(keras.initializers.get(name)((300, 200)).detach())
    out[f"initializer/{name}"] = np.array([draw.std(), np.abs(draw).max()])

out["cases"] = np.array(json.dumps(cases))
out["versions"] = np.array(json.dumps({"torch": torch.__version__, "keras": keras.__version__}))
np.savez_compressed(Path(__file__).parent / "golden.npz", **out)
print(len(cases), "cases")
