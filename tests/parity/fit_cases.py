"""One text for two libraries: every function here takes `keras` or `engine` and returns the numbers that it gets.

make_golden_fit.py runs them with Keras and writes golden_fit.npz; test_golden_fit.py runs them with the engine.
"""

import numpy as np

M, INPUTS, K = 48, 4, 3


def data(kind):
    rng = np.random.default_rng(7)
    x = rng.normal(size=(M, INPUTS)).astype("float32")
    score = x @ rng.normal(size=(INPUTS, K))
    y = {
        "number": score[:, :1].astype("float32"),
        "binary": (score[:, 0] > 0).astype("int32"),
        "sparse": score.argmax(axis=1),
        "one-hot": np.eye(K, dtype="float32")[score.argmax(axis=1)],
    }[kind]
    return x, y, rng.random(M)


def make(home, given):
    return given if isinstance(given, str) else getattr(home, given[0])(**given[1])


def compiled(keras, last, units, loss, optimizer=("SGD", {"learning_rate": 0.2}), measures=(), weighted=()):
    """A small net with weights from a generator of its own."""
    layers = keras.layers
    model = keras.Sequential([keras.Input((INPUTS,)), layers.Dense(6, "tanh"), layers.Dense(units, last)])
    rng = np.random.default_rng(3)
    model.set_weights([0.5 * rng.normal(size=s).astype("float32") for s in ((INPUTS, 6), (6,), (6, units), (units,))])
    model.compile(
        make(keras.optimizers, optimizer),
        make(keras.losses, loss),
        metrics=[make(keras.metrics, m) for m in measures],
        weighted_metrics=[make(keras.metrics, m) for m in weighted] or None,
        run_eagerly=True,
    )
    return model


def numbers(history, model):
    out = {f"history/{name}": np.array(values) for name, values in history.history.items()}
    return out | {f"weight/{i}": np.array(w) for i, w in enumerate(model.get_weights())}


HISTORIES = {
    "numbers": (
        "number", "linear", 1, "mse",
        ["mae", "mean_squared_error", "RootMeanSquaredError", "r2_score", ("MeanAbsoluteError", {"name": "error"}),
         "mape"],
    ),
    "two classes": (
        "binary", "sigmoid", 1, "binary_crossentropy",
        ["accuracy", "AUC", "precision", "Recall", ("AUC", {"curve": "PR", "name": "pr"}), "false_positives",
         ("BinaryAccuracy", {"threshold": 0.4, "name": "ba"}), "TrueNegatives"],
    ),
    "class numbers": (
        "sparse", "softmax", K, "sparse_categorical_crossentropy",
        ["acc", ("SparseTopKCategoricalAccuracy", {"k": 2, "name": "top"}), "sparse_categorical_accuracy"],
    ),
    "one-hot": (
        "one-hot", "softmax", K, "categorical_crossentropy",
        ["accuracy", ("TopKCategoricalAccuracy", {"k": 2, "name": "top"}), ("Precision", {"name": "p"}),
         ("Recall", {"class_id": 1, "name": "r"}), ("AUC", {"name": "auc"}), "f1_score", "cosine_similarity", "msle",
         ("F1Score", {"average": "macro", "name": "f1"}), ("Precision", {"top_k": 1, "name": "p1"}),
         ("F1Score", {"threshold": 0.4, "average": "weighted", "name": "fw"}),
         ("Recall", {"thresholds": [0.2, 0.6], "name": "r2"})],
    ),
}  # fmt: skip
"""Metrics with a name of their own: Keras's automatic ones count all of a process."""


def history(keras, case, way):
    kind, last, units, loss, measures = HISTORIES[case]
    x, y, w = data(kind)
    more = {
        "plain": {},
        "validation_split": {"validation_split": 0.23},
        "sample_weight": {"sample_weight": w, "validation_data": (x[:9], y[:9], w[-9:])},
        "class_weight": {"class_weight": {0: 0.5, 1: 3.0}},
    }[way]
    weighted = [] if way == "plain" else [m for m in measures if m in ("accuracy", "acc", "mae", "AUC")]
    model = compiled(keras, last, units, loss, measures=[m for m in measures if m not in weighted], weighted=weighted)
    found = model.fit(x, y, epochs=3, batch_size=10, shuffle=False, verbose=0, **more)
    end = model.evaluate(x, y, verbose=0, return_dict=True, batch_size=7)
    return numbers(found, model) | {f"end/{name}": np.array(v) for name, v in end.items()}


LOSSES = [
    ("binary", "sigmoid", 1, ("BinaryCrossentropy", {"label_smoothing": 0.2})),
    ("binary", "linear", 1, ("BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.1})),
    ("one-hot", "softmax", K, ("CategoricalCrossentropy", {"label_smoothing": 0.1})),
    ("one-hot", "linear", K, ("CategoricalCrossentropy", {"from_logits": True, "label_smoothing": 0.3})),
    ("sparse", "linear", K, ("SparseCategoricalCrossentropy", {"from_logits": True})),
    ("number", "linear", 1, ("Huber", {"delta": 0.5})),
    ("number", "linear", 1, ("MeanAbsoluteError", {})),
    ("binary", "tanh", 1, ("Hinge", {})),
]


def weighted_loss(keras, kind, last, units, loss):
    x, y, w = data(kind)
    model = compiled(keras, last, units, loss)
    return numbers(model.fit(x, y, epochs=4, batch_size=16, shuffle=False, verbose=0, sample_weight=w), model)


OPTIMIZERS = [
    ("SGD", {"learning_rate": 0.5, "clipnorm": 0.05}),
    ("SGD", {"learning_rate": 0.5, "clipvalue": 0.01}),
    ("SGD", {"learning_rate": 0.5, "global_clipnorm": 0.05, "momentum": 0.9}),
    ("SGD", {"learning_rate": 0.1, "weight_decay": 0.1}),
    ("Adam", {"learning_rate": 0.05, "weight_decay": 0.2, "clipnorm": 0.1}),
    ("RMSprop", {"learning_rate": 0.01, "weight_decay": 0.1}),
    ("AdamW", {"learning_rate": 0.05, "weight_decay": 0.2, "clipvalue": 0.1}),
    ("Adagrad", {"learning_rate": 0.05, "clipnorm": 0.1}),
]


def optimizer(keras, name, settings):
    x, y, _ = data("number")
    model = compiled(keras, "linear", 1, "mse", (name, settings))
    return numbers(model.fit(x, y, epochs=3, batch_size=12, shuffle=False, verbose=0), model)


SCHEDULES = [
    ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5}),
    ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5, "staircase": True}),
    ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5}),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 20, "end_learning_rate": 0.02, "power": 2.0}),
    ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 20, "alpha": 0.1}),
    ("CosineDecay", {"initial_learning_rate": 0.0, "decay_steps": 20, "warmup_target": 0.1, "warmup_steps": 5}),
    ("PiecewiseConstantDecay", {"boundaries": [3, 9], "values": [1.0, 0.5, 0.1]}),
]


def schedule(keras, name, settings):
    made = getattr(keras.optimizers.schedules, name)(**settings)
    return {"rates": np.array([float(made(t)) for t in range(30)])}


ACTIVATIONS = ["elu", "exponential", "gelu", "hard_sigmoid", "leaky_relu", "linear", "mish", "relu", "relu6", "selu",
               "sigmoid", "silu", "softmax", "softplus", "softsign", "swish", "tanh"]  # fmt: skip


def activation(keras, name):
    z = np.random.default_rng(2).normal(size=(5, 6)) * 3
    z = np.concatenate([z, [[-3.5, -3, 0, 0.1, 3, 4]]]).astype("float32")
    return {"a": np.asarray(getattr(keras.activations, name)(z))}


INITIALIZERS = [
    ("LecunNormal", {}),
    ("LecunUniform", {}),
    ("HeNormal", {}),
    ("HeUniform", {}),
    ("GlorotNormal", {}),
    ("GlorotUniform", {}),
    ("TruncatedNormal", {"mean": 0.3, "stddev": 0.2}),
    ("RandomNormal", {"mean": 0.3, "stddev": 0.2}),
    ("RandomUniform", {"minval": -1.0, "maxval": 0.5}),
    ("VarianceScaling", {"scale": 0.7, "mode": "fan_out", "distribution": "uniform"}),
    ("VarianceScaling", {"scale": 0.7, "mode": "fan_avg", "distribution": "untruncated_normal"}),
    ("Constant", {"value": 0.7}),
    ("Orthogonal", {"gain": 1.5}),
]


def initializer(keras, name, settings):
    seed = {} if name == "Constant" else {"seed": 7}  # the same draw each time
    w = np.asarray(getattr(keras.initializers, name)(**settings, **seed)((300, 200)))
    return {"spread": np.array([w.mean(), w.std(), np.abs(w).max()])}


def auc(keras):
    rng = np.random.default_rng(5)
    found = []
    for curve in ("ROC", "PR"):
        for t, y in [
            (np.zeros(5), rng.random(5)),
            (np.ones(5), rng.random(5)),
            (np.array([0, 1, 0, 1]), np.array([0.5, 0.5, 0.5, 0.5])),
            (rng.integers(0, 2, 300), rng.random(300).astype("float32")),
            (np.array([0, 1]), np.array([0.0, 1.0])),
        ]:
            for count in (2, 3, 200):
                metric = keras.metrics.AUC(num_thresholds=count, curve=curve)
                metric.update_state(t, y, rng.random(len(t)))
                found.append(float(metric.result()))
    return {"areas": np.array(found)}


def alone(keras):
    """Metrics fed in two parts, and losses, with weights."""
    rng = np.random.default_rng(6)
    t, y, w = rng.normal(size=(9, 2)), rng.normal(size=(9, 2)), rng.random(9)
    out = {}
    for name in ("MeanSquaredError", "MeanAbsoluteError", "RootMeanSquaredError", "CosineSimilarity", "R2Score"):
        metric = getattr(keras.metrics, name)()
        for part in (slice(0, 4), slice(4, 9)):
            metric.update_state(t[part], y[part], w[part])
        out[f"metric/{name}"] = np.array(float(metric.result()))
    for name in ("MeanSquaredError", "MeanAbsoluteError", "Huber"):
        out[f"loss/{name}"] = np.array(float(getattr(keras.losses, name)()(t, y, sample_weight=w)))
    return out


CALLBACKS = {
    "stop": ("EarlyStopping", {"monitor": "val_loss", "patience": 2, "min_delta": 0.05}),
    "take back": ("EarlyStopping", {"monitor": "val_mae", "patience": 1, "restore_best_weights": True,
                                    "min_delta": 0.1}),
    "baseline": ("EarlyStopping", {"monitor": "loss", "patience": 0, "baseline": 0.1, "start_from_epoch": 2}),
    "plateau": ("ReduceLROnPlateau", {"patience": 1, "factor": 0.3, "min_delta": 0.1, "cooldown": 1, "min_lr": 0.01}),
    "of rate": ("LearningRateScheduler", {"schedule": lambda epoch, rate: rate * 0.7}),
    "of epoch": ("LearningRateScheduler", {"schedule": lambda epoch: 0.1 / (epoch + 1)}),
}  # fmt: skip


def callback(keras, case):
    name, settings = CALLBACKS[case]
    x, y, _ = data("number")
    model = compiled(keras, "linear", 1, "mse", ("SGD", {"learning_rate": 0.3}), measures=["mae"])
    rates = []

    class Watch(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            rates.append(float(np.asarray(self.model.optimizer.learning_rate)))

    watchers = [getattr(keras.callbacks, name)(**settings), Watch()]
    found = model.fit(x, y, epochs=12, batch_size=16, shuffle=False, verbose=0, validation_split=0.25,
                      callbacks=watchers)  # fmt: skip
    return numbers(found, model) | {"rates": np.array(rates)}


LAYERS = {
    "ReLU": (("ReLU", {}), (6,)),
    "ReLU, all": (("ReLU", {"max_value": 1.2, "negative_slope": 0.1, "threshold": 0.5}), (4, 5, 2)),
    "ReLU, ceiling": (("ReLU", {"max_value": 0.7}), (6,)),
    "Softmax": (("Softmax", {}), (6,)),
    "ELU": (("ELU", {}), (6,)),
    "GlobalMaxPooling2D": (("GlobalMaxPooling2D", {}), (4, 5, 2)),
    "bilinear": (("UpSampling2D", {"size": (2, 3), "interpolation": "bilinear"}), (4, 5, 2)),
    "bilinear, row": (("UpSampling2D", {"size": 3, "interpolation": "bilinear"}), (1, 4, 1)),
    "dilated": (("Conv2D", {"filters": 3, "kernel_size": (3, 2), "dilation_rate": (2, 3), "padding": "same"}),
                (7, 8, 2)),
    "dilated, valid": (("Conv2D", {"filters": 3, "kernel_size": 3, "dilation_rate": 2}), (7, 8, 6)),
    "grouped": (("Conv2D", {"filters": 6, "kernel_size": 3, "groups": 3, "strides": 2}), (7, 8, 6)),
    "grouped, dilated": (("Conv2D", {"filters": 4, "kernel_size": 3, "groups": 2, "dilation_rate": 2,
                                     "padding": "same", "activation": "tanh"}), (7, 8, 4)),
}  # fmt: skip


def layer(keras, case):
    """Outputs of a layer, and the weights of a Dense behind it after a step, which its gradients have moved."""
    part, shape = LAYERS[case]
    rng = np.random.default_rng(8)
    x, y = rng.normal(size=(5, *shape)).astype("float32"), rng.normal(size=(5, 2)).astype("float32")
    scale = keras.layers.Dense(shape[-1]) if len(shape) == 1 else keras.layers.Conv2D(shape[-1], 1)
    made = make(keras.layers, part)
    model = keras.Sequential([keras.Input(shape), scale, made, keras.layers.Flatten(), keras.layers.Dense(2)])
    model.set_weights([0.5 * rng.normal(size=w.shape).astype("float32") for w in model.get_weights()])
    model.compile("sgd", "mse", run_eagerly=True)
    before = np.asarray(model.predict(x, verbose=0))
    model.optimizer.learning_rate = 0.1
    model.train_on_batch(x, y)
    return {"before": before} | {f"weight/{i}": np.array(w) for i, w in enumerate(model.get_weights())}


def in_training(keras):
    """A model called in training mode, twice: batch normalisation by the batch, and its averages that follow."""
    rng = np.random.default_rng(11)
    x = (2 + 3 * rng.normal(size=(6, 4, 5, 2))).astype("float32")
    model = keras.Sequential([
        keras.Input((4, 5, 2)), keras.layers.Conv2D(3, 2), keras.layers.BatchNormalization(-1, 0.9, 0.01),
        keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(2, "tanh"), keras.layers.BatchNormalization(),
    ])  # fmt: skip
    model.set_weights([0.5 + 0.3 * rng.random(size=w.shape).astype("float32") for w in model.get_weights()])
    out = {"first": np.array(model(x, training=True)), "second": np.array(model(x[:4], training=True))}
    return out | {"after": np.array(model(x)), "none": np.array(len(model_of_no_epochs(keras).history))}


def model_of_no_epochs(keras):
    x, y, _ = data("number")
    return compiled(keras, "linear", 1, "mse").fit(x, y, epochs=0, verbose=0)


def cases():
    """(name, function of the library, arguments behind it)."""
    for case in HISTORIES:
        for way in ("plain", "validation_split", "sample_weight", "class_weight"):
            if (case, way) != ("numbers", "class_weight"):
                yield f"history/{case}/{way}", history, (case, way)
    for i, arguments in enumerate(LOSSES):
        yield f"loss/{i}", weighted_loss, arguments
    for i, arguments in enumerate(OPTIMIZERS):
        yield f"optimizer/{i}", optimizer, arguments
    for i, arguments in enumerate(SCHEDULES):
        yield f"schedule/{i}", schedule, arguments
    for name in ACTIVATIONS:
        yield f"activation/{name}", activation, (name,)
    for i, arguments in enumerate(INITIALIZERS):
        yield f"initializer/{i}", initializer, arguments
    yield "auc", auc, ()
    yield "in training mode", in_training, ()
    yield "alone", alone, ()
    for case in CALLBACKS:
        yield f"callback/{case}", callback, (case,)
    for case in LAYERS:
        yield f"layer/{case}", layer, (case,)
