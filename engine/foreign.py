"""What Keras has and this engine has not, and what to do instead: names of modules, of the model, of its methods."""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from engine.core.calls import Foreign, nearest
from engine.core.errors import EngineError


class Missing(EngineError):
    """A name of Keras's that is not here. The message says what to do instead."""


_GENERATORS = "x and y are arrays; an epoch is all of them"
_OLD = "it went away with old Keras; leave it out"
COMPILE_ARGUMENTS = {
    "loss_weights": Foreign(
        "a model has one loss, which learning_rate scales; metrics are given by name, compile(…, metrics=[…])"
    ),
    "run_eagerly": Foreign(),
    "steps_per_execution": Foreign(),
    "jit_compile": Foreign(),
    "auto_scale_loss": Foreign(),
    "sample_weight_mode": Foreign("weights are one number an example: fit(sample_weight=…)"),
    "target_tensors": Foreign("targets are given to fit(x, y)"),
    "distribute": Foreign("there is one machine"),
}
FIT_ARGUMENTS = {
    "steps_per_epoch": Foreign(_GENERATORS),
    "validation_steps": Foreign("all of validation_data is measured"),
    "validation_batch_size": Foreign(),
    "max_queue_size": Foreign(),
    "workers": Foreign(),
    "use_multiprocessing": Foreign("training is in this process", (False,)),
}
EVALUATE_ARGUMENTS = {
    "steps": Foreign("all of x and y is measured"),
    "callbacks": Foreign("callbacks belong to fit", (None,)),
    **{name: FIT_ARGUMENTS[name] for name in ("max_queue_size", "workers", "use_multiprocessing")},
}
PREDICT_ARGUMENTS = {**EVALUATE_ARGUMENTS, "steps": Foreign("all of x is answered")}
COMPILE_ORDER = (
    "optimizer", "loss", "loss_weights", "metrics", "weighted_metrics", "run_eagerly", "steps_per_execution",
    "jit_compile", "auto_scale_loss",
)  # fmt: skip
FIT_ORDER = (
    "x", "y", "batch_size", "epochs", "verbose", "callbacks", "validation_split", "validation_data", "shuffle",
    "class_weight", "sample_weight", "initial_epoch", "steps_per_epoch", "validation_steps", "validation_batch_size",
    "validation_freq",
)  # fmt: skip
EVALUATE_ORDER = ("x", "y", "batch_size", "verbose", "sample_weight", "steps", "callbacks", "return_dict")
PREDICT_ORDER = ("x", "batch_size", "verbose", "steps", "callbacks")
"""What arguments without a name are called: Keras's order, foreign ones among them."""
MODEL_NAMES = {
    "fit_generator": f"fit(x, y) does it; {_GENERATORS}",
    "evaluate_generator": "evaluate(x, y) does it, with arrays",
    "predict_generator": "predict(x) does it, with an array",
    "predict_classes": "say np.argmax(model.predict(x), axis=-1), or (model.predict(x) > 0.5) for one output",
    "predict_proba": "predict(x) has the probabilities",
    "input": "there are no symbolic tensors; model.input_shape is the shape of an example",
    "inputs": "there are no symbolic tensors; model.input_shape is the shape of an example",
    "output": "there are no symbolic tensors; Sequential(model.layers[:k]) gives what layer k says",
    "outputs": "there are no symbolic tensors; Sequential(model.layers[:k]) gives what layer k says",
    "to_yaml": "use to_json()",
    "add_loss": "penalties are regularizers: Dense(8, kernel_regularizer=regularizers.L2(0.01))",
    "add_metric": "metrics are named in compile(metrics=[…])",
    "export": "save(path) writes one safetensors file; the app exports ONNX, Keras and PyTorch",
    "reset_states": "no layer here remembers between batches",
    "reset_metrics": "metrics start anew in every epoch and every evaluate",
    "train_step": "train_on_batch(x, y) makes one step",
    "compute_loss": "evaluate(x, y) returns it",
    "make_predict_function": "predict(x) needs no preparation",
    "distribute_strategy": "there is one machine",
    "losses": "penalty() is the sum of all penalties",
    "variables": "weights lists them, get_weights() copies them",
    "trainable_variables": "trainable_weights lists them; gradients(x, y) returns their gradients",
    "non_trainable_variables": "non_trainable_weights lists them",
    "load": "engine.load_model(path) reads a saved model",
    "fit_transform": "fit(x, y), then predict(x)",
    "score": "evaluate(x, y)",
}
_GRAPHS = (
    "layers are put into a list: Sequential([…]); Residual(body, shortcut) adds ways, Parallel(branches) joins them"
)
_SEQUENCES = "there are no sequences here; a window of the last steps as one vector goes into Dense"
_PREPARE = "prepare x once with NumPy, before fit"
_AUGMENT = "change x with NumPy between calls of fit, or use the app's augmentation"
_NORM = "use BatchNormalization"
_CONFIGS = "get_config() writes a part down as plain JSON; "
_SERIAL = {"serialize": f"{_CONFIGS}get(config) makes it again", "deserialize": f"{_CONFIGS}get(config) makes it again"}
_OWN_LAYER = "only layers that know their gradient can train: subclass layers.Layer with build, forward and backward"
LAYER_NAMES = {
    **dict.fromkeys(
        ["LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional", "TimeDistributed", "ConvLSTM1D", "ConvLSTM2D",
         "ConvLSTM3D", "LSTMCell", "GRUCell", "SimpleRNNCell", "StackedRNNCells", "Embedding", "ReversibleEmbedding",
         "Masking", "MultiHeadAttention", "Attention", "AdditiveAttention", "GroupQueryAttention",
         "TextVectorization", "StringLookup", "IntegerLookup", "Hashing"], _SEQUENCES),
    **dict.fromkeys(["Conv1D", "Convolution1D", "MaxPooling1D", "AveragePooling1D", "AvgPool1D", "GlobalMaxPooling1D",
                     "GlobalMaxPool1D", "GlobalAveragePooling1D", "GlobalAvgPool1D", "MaxPool1D", "SeparableConv1D",
                     "SeparableConvolution1D", "DepthwiseConv1D", "UpSampling1D", "ZeroPadding1D", "Cropping1D"],
                    "use the 2D layer on images of one row: Reshape((1, steps, channels)), then kernel_size=(1, k)"),
    **dict.fromkeys(["Conv3D", "Convolution3D", "Conv3DTranspose", "Convolution3DTranspose", "MaxPooling3D",
                     "MaxPool3D", "AveragePooling3D", "AvgPool3D", "GlobalMaxPooling3D", "GlobalMaxPool3D",
                     "GlobalAveragePooling3D", "GlobalAvgPool3D", "UpSampling3D", "ZeroPadding3D", "Cropping3D",
                     "SpatialDropout3D"],
                    "there are images, no volumes; frames can be the channels of a Conv2D"),
    **dict.fromkeys(["Conv2DTranspose", "Convolution2DTranspose", "Conv1DTranspose", "Convolution1DTranspose",
                     "Deconvolution2D"], "use UpSampling2D, then Conv2D"),
    **dict.fromkeys([f"Adaptive{kind}Pooling{n}D" for kind in ("Average", "Max") for n in (1, 2, 3)],
                    "use MaxPooling2D or AveragePooling2D with the pool_size that gives the size you want, or a "
                    "global one"),
    **dict.fromkeys(["Add", "add", "Average", "average", "Subtract", "subtract"],
                    "use Residual(body), or Parallel(branches, merge='add')"),
    **dict.fromkeys(["Concatenate", "concatenate", "Merge"], f"use Parallel(branches, merge='concat'); {_GRAPHS}"),
    **dict.fromkeys(["Multiply", "multiply", "Dot", "dot", "Maximum", "maximum", "Minimum", "minimum"], _GRAPHS),
    "Identity": "leave it out, or use Activation('linear')",
    "EinsumDense": "use Dense on vectors, or Conv2D(units, 1), which works at each place of an image by itself",
    **dict.fromkeys(["Wrapper", "FlaxLayer", "JaxLayer", "TorchModuleWrapper", "TFSMLayer"], _OWN_LAYER),
    "InputSpec": "a layer's build(store, input_shape) checks the shape that it is given",
    **dict.fromkeys(["serialize", "deserialize"], f"{_CONFIGS}layers.Dense.from_config(config) makes it again"),
    **dict.fromkeys(["LayerNormalization", "GroupNormalization", "UnitNormalization", "SpectralNormalization",
                     "RMSNormalization"], _NORM),
    **dict.fromkeys(["Rescaling", "Normalization", "Discretization", "CategoryEncoding", "Resizing", "CenterCrop",
                     "Rescale", "HashedCrossing", "Equalization", "MelSpectrogram", "STFTSpectrogram", "Pipeline",
                     "MaxNumBoundingBoxes", "ContrastLimitedAdaptiveHistogramEqualization"], _PREPARE),
    **dict.fromkeys(["AugMix", "AutoContrast", "CutMix", "MixUp", "RandAugment", "Solarization",
                     *(f"Random{change}" for change in (
                         "Brightness", "ColorDegeneration", "ColorJitter", "Contrast", "Crop", "ElasticTransform",
                         "Erasing", "Flip", "GaussianBlur", "Grayscale", "Height", "Hue", "Invert", "Perspective",
                         "Posterization", "Rotation", "Saturation", "Sharpness", "Shear", "Translation", "Width",
                         "Zoom"))], _AUGMENT),
    **dict.fromkeys(["GaussianNoise", "GaussianDropout", "AlphaDropout", "SpatialDropout2D", "SpatialDropout1D",
                     "ActivityRegularization"], "use Dropout(rate)"),
    "PReLU": "use LeakyReLU(negative_slope), whose slope is a number",
    "ThresholdedReLU": "use ReLU(threshold=θ)",
    "Lambda": "only layers that know their gradient can train; use Activation(name), or NumPy before fit",
    "Permute": "use np.transpose on x before fit, or Reshape",
    "RepeatVector": "use Dense, then Reshape",
    "Cropping2D": "cut x with NumPy before fit; x[:, 1:-1, 1:-1]",
    "LocallyConnected2D": "use Conv2D, or Flatten and Dense",
}  # fmt: skip
ENGINE_NAMES = {
    "Model": "",  # a class of engine.models
    "Functional": _GRAPHS,
    "applications": "the app's catalogue has architectures (engine.zoo) without trained weights",
    "preprocessing": f"{_PREPARE}: pictures are arrays (B, H, W, C)",
    "datasets": "load data with NumPy (np.load, np.loadtxt); the app's own data sets are in engine.data",
    "backend": "arrays are NumPy's: np.mean, np.exp, …",
    "ops": "arrays are NumPy's: np.mean, np.exp, …",
    "random": "use np.random.default_rng(seed); Sequential(seed=…) draws the weights",
    "distribution": "there is one machine",
    "mixed_precision": "Sequential(dtype='float32' or 'float64')",
    "tree": "weights are a list: model.get_weights()",
    "Variable": "weights are NumPy arrays: model.get_weights()",
    "KerasTensor": _GRAPHS,
    "constraints": "kernel_regularizer=regularizers.L2(…) keeps weights small",
    "wrappers": "write a class of your own around fit and predict",
    "clone_model": "Sequential.from_config(model.to_config())",
    "saving": "engine.load_model(path)",
    "quantizers": "all weights are floats",
    "GradientTape": "model.gradients(x, y) returns loss and gradients",
    "data": "x and y are arrays",
    "distribute": "there is one machine",
    "keras": "import engine as keras",
    **dict.fromkeys(["DTypePolicy", "FloatDTypePolicy", "dtype_policies", "config"],
                    "a model has one dtype: Sequential([…], dtype='float32' or 'float64')"),
    **dict.fromkeys(["Function", "Operation", "InputSpec", "StatelessScope", "SymbolicScope"], _GRAPHS),
    **dict.fromkeys(["RematScope", "remat"], "memory is planned by itself; a smaller batch_size needs less"),
    "Quantizer": "all weights are floats",
    "device": "there is one machine, and its processor",
    "name_scope": "give layers names: Dense(8, name='hidden')",
    "distillation": "train the small model on the large one's answers: small.fit(x, large.predict(x))",
    "export": "save(path) writes one safetensors file; the app exports ONNX, Keras and PyTorch",
    "legacy": _OLD,
    "src": "what is public is in engine and its modules",
    "Metric": "give compile a function of (targets, outputs): compile(metrics=[my_metric])",
    "version": "this is no Keras, though it has its names; the app's version is in its pyproject.toml",
    "visualization": "print(model.summary()), or open the net in the app",
}  # fmt: skip
MODEL_MODULE_NAMES = {
    "clone_model": ENGINE_NAMES["clone_model"],
    "save_model": "say model.save('model.safetensors')",
    "Functional": _GRAPHS,
}
OPTIMIZER_NAMES = {
    **dict.fromkeys(["Nadam", "Adamax", "Adadelta", "Ftrl", "Lion", "Lamb", "Adafactor", "Muon", "LossScaleOptimizer",
                     "MultiOptimizer", "OptimizerMap", "ScheduleFreeAdamW", "legacy"],
                    "use Adam, AdamW, RMSprop, Adagrad or SGD (with momentum and nesterov)"),
    **_SERIAL,
}  # fmt: skip
SCHEDULE_NAMES = {
    **_SERIAL,
    "CosineDecayRestarts": "use CosineDecay, or callbacks.LearningRateScheduler with a function of the epoch",
    "LearningRateSchedule": "use callbacks.LearningRateScheduler with a function of the epoch",
}
_SAME_ERROR = "use MeanAbsoluteError with fit(sample_weight=1 / np.abs(y)): it is the same without the factor 100"
_LOGARITHMS = "use MeanSquaredError on fit(x, np.log1p(y)); np.expm1(model.predict(x)) has the answers"
_KL = "use CategoricalCrossentropy: behind a softmax this cross-entropy has the same slopes"
LOSS_NAMES = {
    **dict.fromkeys(["KLDivergence", "kl_divergence", "kld", "KLD"], _KL),
    **dict.fromkeys(["MeanAbsolutePercentageError", "mean_absolute_percentage_error", "mape", "MAPE"], _SAME_ERROR),
    **dict.fromkeys(["MeanSquaredLogarithmicError", "mean_squared_logarithmic_error", "msle", "MSLE"], _LOGARITHMS),
    **dict.fromkeys(["LogCosh", "log_cosh", "logcosh"], "use Huber, which is a parabola near 0 and straight far away"),
    **dict.fromkeys(["Poisson", "poisson", "CosineSimilarity", "cosine_similarity", "cosine_proximity", "SquaredHinge",
                     "squared_hinge", "CategoricalHinge", "categorical_hinge", "BinaryFocalCrossentropy",
                     "binary_focal_crossentropy", "CategoricalFocalCrossentropy", "categorical_focal_crossentropy",
                     "Dice", "dice", "Tversky", "tversky", "CTC", "ctc", "Circle", "circle",
                     "CategoricalGeneralizedCrossEntropy", "categorical_generalized_cross_entropy"],
                    "use MeanSquaredError, MeanAbsoluteError, Huber, Hinge or a cross-entropy"),
    **_SERIAL,
}  # fmt: skip
METRIC_NAMES = {
    **dict.fromkeys(["MeanIoU", "IoU", "BinaryIoU", "OneHotIoU", "OneHotMeanIoU"],
                    "engine.detection has iou of boxes; for classes use Precision and Recall"),
    **dict.fromkeys(["SensitivityAtSpecificity", "SpecificityAtSensitivity", "PrecisionAtRecall", "RecallAtPrecision"],
                    "use AUC, or Precision(thresholds=[…]) and Recall(thresholds=[…])"),
    **dict.fromkeys(["MeanMetricWrapper", "Metric"],
                    "give compile a function of (targets, outputs): compile(metrics=[my_metric])"),
    **dict.fromkeys(["MeanRelativeError", "LogCoshError", "LogCosh", "KLDivergence", "kld", "Poisson", "SquaredHinge",
                     "CategoricalHinge", "Huber", "FBetaScore", "ConcordanceCorrelation", "PearsonCorrelation",
                     "kl_divergence", "log_cosh", "poisson", "squared_hinge", "categorical_hinge", "huber",
                     "concordance_correlation", "pearson_correlation", "binary_focal_crossentropy",
                     "categorical_focal_crossentropy"],
                    "give compile a function of (targets, outputs): compile(metrics=[my_metric])"),
    **{name: f"it is a class here: metrics.{name.title().replace('_', '')}().of(y_true, y_pred), or {name!r} in "
             "compile(metrics=[…])"
       for name in ("binary_accuracy", "binary_crossentropy", "categorical_accuracy", "categorical_crossentropy",
                    "hinge", "mean_absolute_error", "mean_absolute_percentage_error", "mean_squared_error",
                    "mean_squared_logarithmic_error", "sparse_categorical_accuracy",
                    "sparse_categorical_crossentropy")},
    "top_k_categorical_accuracy": "it is a class here: metrics.TopKCategoricalAccuracy(k).of(y_true, y_pred)",
    "sparse_top_k_categorical_accuracy":
        "it is a class here: metrics.SparseTopKCategoricalAccuracy(k).of(y_true, y_pred)",
    "serialize": _CONFIGS + "metrics.from_config(config) makes it again",
    "deserialize": _CONFIGS + "metrics.from_config(config) makes it again",
}  # fmt: skip
CALLBACK_NAMES = {
    "TensorBoard": "use CSVLogger(path), or read fit's history",
    "BackupAndRestore": "use ModelCheckpoint(path), and engine.load_model to go on",
    "OrbaxCheckpoint": "use ModelCheckpoint(path), and engine.load_model to go on",
    "RemoteMonitor": "use LambdaCallback(on_epoch_end=…)",
    "ProgbarLogger": "say fit(verbose=1)",
    "BaseLogger": "fit returns the history",
    "SwapEMAWeights": "weights are not averaged",
    "CallbackList": "give fit a list of callbacks",
}
INITIALIZER_NAMES = {
    **dict.fromkeys(["Identity", "identity", "IdentityInitializer", "OrthogonalInitializer", "STFT", "stft",
                     "STFTInitializer", "Initializer"], "build the model and call layer.set_weights([kernel, bias])"),
    **_SERIAL,
}  # fmt: skip
REGULARIZER_NAMES = {
    **dict.fromkeys(["OrthogonalRegularizer", "orthogonal_regularizer"], "use L1, L2 or L1L2"),
    **_SERIAL,
}
_LOGITS = "end in the logits (no activation) and give the loss from_logits=True, which takes the logarithm itself"
ACTIVATION_NAMES = {
    **dict.fromkeys(["log_softmax", "log_sigmoid"], _LOGITS),
    "prelu": "use leaky_relu, or the layer LeakyReLU(negative_slope), whose slope is a number",
    **dict.fromkeys(["celu", "glu", "hard_shrink", "hard_silu", "hard_swish", "hard_tanh", "soft_shrink", "sparse_plus",
                     "sparse_sigmoid", "sparsemax", "squareplus", "tanh_shrink", "threshold"],
                    "use another of engine.activations: relu, elu, selu, gelu, swish, mish, softsign, tanh, …"),
    "serialize": "activation.name is its name",
    "deserialize": "get(name) is the activation of that name",
}  # fmt: skip


def refuse(kind: str, name: object, table: Mapping[str, str]) -> None:
    """The error for a name of Keras's given as text, in any case, with underscores or without; other names pass."""
    for known, remedy in table.items():
        if remedy and _bare(known) == _bare(str(name)):
            raise Missing("not-here", "unknown {kind} {name!r}: {remedy}", kind=kind, name=name, remedy=remedy)


def _bare(name: str) -> str:
    return name.replace("_", "").lower()


def missing_names(module: str, table: Mapping[str, str], known: Callable[[], list[str]]) -> Callable[[str], NoReturn]:
    """A module's `__getattr__`: Keras's names are answered with what to do, others with the nearest name."""

    def find(name: str) -> NoReturn:
        if table.get(name):
            raise Missing("other", "{said}", said=f"{module} has no {name}: {table[name]}")
        close = "" if name.startswith("_") else nearest(name, [n for n in known() if not n.startswith("_")])
        raise AttributeError(f"{module} has no {name!r}.{close}")

    return find


def check_part(given: Any) -> NoReturn:
    """The error for what is no layer in a Sequential."""
    if isinstance(given, type):
        raise ValueError(f"Sequential wants layers, got the class {given.__name__}: make one, {given.__name__}(…)")
    if isinstance(given, str):
        raise ValueError(f"Sequential wants layers, got {given!r}: an activation is Activation({given!r})")
    if hasattr(given, "layers") and hasattr(given, "predict"):
        raise ValueError("Sequential wants layers, got a model: list its layers, Sequential([*base.layers, …])")
    if callable(given):
        name = getattr(given, "name", type(given).__name__)
        raise ValueError(f"Sequential wants layers, got {given!r:.80}: an activation is Activation({name!r})")
    if isinstance(given, list | tuple):
        raise ValueError("Sequential wants layers one after the other, got a list inside the list: write [*layers]")
    raise ValueError(f"Sequential wants layers, got {given!r:.80}")
