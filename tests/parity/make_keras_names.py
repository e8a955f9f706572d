"""Writes keras_names.json: Keras's public names, and of what has arguments their order and defaults.

KERAS_BACKEND=jax python -m tests.parity.make_keras_names
"""

import inspect
import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"

import keras

MODULES = (
    "", "activations", "callbacks", "initializers", "layers", "losses", "metrics", "models", "optimizers",
    "optimizers.schedules", "regularizers", "utils",
)  # fmt: skip
METHODS = ("compile", "evaluate", "fit", "predict", "test_on_batch", "train_on_batch", "predict_on_batch")


def module(path):
    found = keras
    for part in filter(None, path.split(".")):
        found = getattr(found, part)
    return found


def plain(value):
    return list(map(plain, value)) if isinstance(value, list | tuple) else value


def arguments(function, skip=0):
    """[[name, default] or [name]] of those that can be given without a name."""
    parameters = list(inspect.signature(function).parameters.values())[skip:]
    places = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    return [[p.name] if p.default is p.empty else [p.name, plain(p.default)] for p in places]


if __name__ == "__main__":
    names, calls = {}, {}
    for path in MODULES:
        there = module(path)
        names[path] = [n for n in dir(there) if not n.startswith("_")]
        for name in names[path] if path else ["Sequential"]:
            part = getattr(there, name)
            if inspect.isclass(part):
                calls[f"{path}.{name}".lstrip(".")] = arguments(part.__init__, 1)
    calls |= {f"Sequential.{name}": arguments(getattr(keras.Sequential, name), 1) for name in METHODS}
    calls["Input"] = arguments(keras.Input)
    lines = [f"  {json.dumps(path)}: {json.dumps(found, ensure_ascii=False)}" for path, found in calls.items()]
    head = json.dumps({"keras": keras.__version__, "names": names})[:-1]
    (Path(__file__).parent / "keras_names.json").write_text(head + ',\n "calls": {\n' + ",\n".join(lines) + "\n }\n}\n")
