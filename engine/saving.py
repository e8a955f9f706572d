"""Models as files. One safetensors file holds the weights ("layer/weight"), the optimiser's state ("optimizer/slot/…")

and, in its metadata, the config, the optimiser's step and the generator: training goes on with the same bits.
Any safetensors reader in any language reads the arrays; `model.load_weights` takes them from either kind of file.
"""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from engine.core.parameters import Weight
from engine.core.safetensors import pack, unpack
from engine.core.types import Array
from engine.network import Network

FORMAT = "descent.model.v1"
SUFFIX = ".safetensors"


def checked_path(filepath: Any, who: str) -> Path:
    """A path that ends in .safetensors, or an error with one that does."""
    try:
        path = Path(filepath)
    except TypeError as error:
        raise ValueError(f"{who} expected a path, got {type(filepath).__name__}") from error
    if path.suffix != SUFFIX:
        stem = path.name.split(".")[0] or "model"
        raise ValueError(
            f"{who} expected a path that ends in {SUFFIX}, got {str(filepath)!r}: files are safetensors, "
            f"not Keras's own formats; say {str(path.with_name(stem + SUFFIX))!r}"
        )
    return path


def named_weights(model: Network) -> dict[str, Weight]:
    """All weights by "layer/weight"."""
    model.get_weights()  # builds, or says that it cannot
    return {f"{leaf.name}/{w.name}": w for leaf in model.leaves for w in leaf.weights}


def write(path: Path, data: bytes, overwrite: bool) -> None:
    """The whole file or none: it is written beside the path and then moved there."""
    if path.exists() and not overwrite:
        raise ValueError(f"{str(path)!r} is there already; overwrite=True writes over it")
    if not path.parent.is_dir():
        raise ValueError(f"there is no folder {str(path.parent)!r} to save {path.name!r} in")
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def save_weights(model: Network, filepath: Any, overwrite: bool = True) -> None:
    path = checked_path(filepath, "save_weights")
    arrays = {name: model.store.array(w) for name, w in named_weights(model).items()}
    write(path, pack(arrays, {"format": FORMAT}), overwrite)


def save_model(model: Network, filepath: Any, overwrite: bool = True) -> None:
    path = checked_path(filepath, "save")
    weights = named_weights(model)
    arrays: dict[str, Array] = {name: model.store.array(w) for name, w in weights.items()}
    for slot, flat in model.store.slots.items():
        arrays |= {
            f"optimizer/{slot}/{name}": model.store.placed(w, flat) for name, w in weights.items() if w.trainable
        }
    state = {
        "iterations": model.optimizer.iterations if model.optimizer else 0,
        "born": model.optimizer.born if model.optimizer else 0,
        "generator": model.rng.bit_generator.state,
    }
    metadata = {"format": FORMAT, "config": json.dumps(model.to_config()), "state": json.dumps(state)}
    write(path, pack(arrays, metadata), overwrite)


def read(filepath: Any, who: str) -> tuple[dict[str, Array], dict[str, str]]:
    path = checked_path(filepath, who)
    if not path.is_file():
        raise ValueError(f"{who}: there is no file {str(path)!r}")
    return unpack(path.read_bytes(), repr(str(path)))


def load_weights(model: Network, filepath: Any) -> None:
    arrays, _ = read(filepath, "load_weights")
    put_weights(model, {n: a for n, a in arrays.items() if not n.startswith("optimizer/")}, str(filepath))


def put_weights(model: Network, arrays: dict[str, Array], who: str) -> None:
    """Arrays by name into the model, or an error that names what differs, and then nothing changes."""
    weights = named_weights(model)
    for what, extra in (("not in it", set(weights) - set(arrays)), ("not in the model", set(arrays) - set(weights))):
        if extra:
            raise ValueError(f"{who!r} does not fit the model: {', '.join(sorted(extra)[:3])} {what}")
    for name, w in weights.items():
        if arrays[name].shape != w.shape:
            raise ValueError(f"{who!r} does not fit the model: {name} expected {w.shape}, got {arrays[name].shape}")
        if not np.isfinite(arrays[name].astype(model.dtype)).all():
            raise ValueError(f"{who!r} expected finite numbers in {name}")
    for name, w in weights.items():
        model.store.array(w)[...] = arrays[name]
