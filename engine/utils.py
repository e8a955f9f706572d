"""Keras's small helpers for arrays."""

from typing import Any

import numpy as np

from engine.core.calls import worded
from engine.core.checks import as_array
from engine.core.numbers import whole
from engine.core.types import Array
from engine.foreign import missing_names

__all__ = ["normalize", "to_categorical"]
_PLAIN = "parts are written down by get_config() and made again by get(config) or from_config(config)"
_NAMES = {
    **dict.fromkeys(["CustomObjectScope", "custom_object_scope", "get_custom_objects", "get_registered_name",
                     "get_registered_object", "register_keras_serializable"], "all parts are the engine's own"),
    **dict.fromkeys(["serialize_keras_object", "deserialize_keras_object"], _PLAIN),
    **dict.fromkeys(["disable_interactive_logging", "enable_interactive_logging", "is_interactive_logging_enabled",
                     "Progbar"], "fit(verbose=0) is silent, fit(verbose=1) prints a line an epoch"),
    **dict.fromkeys(["get_source_inputs", "is_keras_tensor"], "there are no symbolic tensors"),
    "FeatureSpace": "prepare x once with NumPy, before fit",
    "Config": "settings are arguments of the parts",
    "array_to_img": "use PIL's Image.fromarray",
    "save_img": "use PIL's Image.fromarray(…).save(path)",
    "audio_dataset_from_directory": "there are no sequences here",
    "bounding_boxes": "engine.detection has boxes, iou and non-maximum suppression",
    "clear_session": "nothing is kept between models",
    "model_to_dot": "print(model.summary()), or open the net in the app",
    "pack_x_y_sample_weight": "give fit x, y and sample_weight by themselves",
    "unpack_x_y_sample_weight": "give fit x, y and sample_weight by themselves",
    "standardize_dtype": "np.dtype(x).name",
    "legacy": "it went away with old Keras; leave it out",
    "set_random_seed": "say Sequential([…], seed=…); NumPy's own draws follow np.random.default_rng(seed)",
    "plot_model": "print(model.summary()), or open the net in the app",
    "image_dataset_from_directory": "read pictures into an array (B, H, W, C), with PIL for instance",
    "text_dataset_from_directory": "there are no sequences here",
    "timeseries_dataset_from_array": "np.lib.stride_tricks.sliding_window_view(x, window) makes windows",
    "Sequence": "x and y are arrays; call model.train_on_batch(x, y) in a loop of your own",
    "PyDataset": "x and y are arrays; call model.train_on_batch(x, y) in a loop of your own",
    "get_file": "download it yourself and read it with NumPy",
    "split_dataset": "cut the arrays: x[:n], x[n:]",
    "load_img": "use PIL's Image.open",
    "img_to_array": "use np.asarray(image)",
    "pad_sequences": "there are no sequences here",
    "plot_history": "history.history is a dict of lists",
    "multi_gpu_model": "there is one machine",
}  # fmt: skip


@worded()
def to_categorical(x: Any, num_classes: int | None = None) -> Array:
    """Class numbers (B,) or (B, 1) as one-hot rows (B, K)."""
    t = as_array(x, "to_categorical", "x")
    t = t[..., 0] if t.ndim > 1 and t.shape[-1] == 1 else t
    numbers = t.astype(np.int64)
    if not np.array_equal(numbers, t) or (t.size and t.min() < 0):
        raise ValueError("to_categorical expected whole class numbers ≥ 0")
    most = int(numbers.max()) + 1 if numbers.size else 1
    classes = most if num_classes is None else whole(num_classes, "to_categorical", "num_classes", 1)
    if most > classes:
        raise ValueError(f"to_categorical expected classes 0 to {classes - 1}, got {most - 1}")
    return np.eye(classes)[numbers]


@worded()
def normalize(x: Any, axis: int = -1, order: int = 2) -> Array:
    """x divided by its norm along an axis; zeros stay zeros."""
    a = as_array(x, "normalize", "x").astype(np.float64)
    norm = np.linalg.norm(np.atleast_1d(a), order, axis, keepdims=True)
    return np.asarray(a / np.where(norm == 0, 1, norm))


__getattr__ = missing_names(__name__, _NAMES, lambda: list(globals()))
