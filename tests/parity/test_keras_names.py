"""Keras's names and arguments: each public name is here or says what to do instead, and arguments without a name mean
what they mean in Keras, whether they do something here or not.
"""

import inspect
import json
from pathlib import Path

import numpy as np
import pytest

import engine
from engine import layers, losses
from engine.core.calls import WrongCall
from engine.foreign import Missing

KERAS = json.loads((Path(__file__).parent / "keras_names.json").read_text())
BASES = {"Layer", "Loss", "Metric", "Optimizer", "Callback", "CallbackList", "Initializer", "Regularizer", "Model"}
"""Nobody makes them by hand, and what subclasses of them may do is not Keras's here."""
OTHER_ORDER = {"layers.InputLayer", "InputLayer"}
"""Input is the same class here, and has the order of Keras's Input."""
SAMPLES = {
    "activation": "tanh", "boundaries": [10], "decay_rate": 0.5, "decay_steps": 7, "filename": "log.csv",
    "filepath": "model.safetensors", "filters": 4, "initial_learning_rate": 0.1, "kernel_size": 3, "pool_size": 2,
    "rate": 0.25, "schedule": abs, "shape": (4,), "target_shape": (4,), "units": 3, "values": [0.1, 0.01],
    "layers": [], "x": None, "y": None, "inputs": None,
}  # fmt: skip


def room(path):
    """The engine's module for one of Keras's."""
    module = engine
    for part in filter(None, path.split(".")):
        module = getattr(module, part)
    return module


def found(path):
    """What is here by Keras's name, or None."""
    place, _, name = path.rpartition(".")
    try:
        return getattr(room(place), name)
    except (AttributeError, Missing):
        return None


CALLS = {
    path: arguments
    for path, arguments in KERAS["calls"].items()
    if "Sequential." not in path and path.rpartition(".")[2] not in BASES and path not in OTHER_ORDER and found(path)
}


@pytest.mark.parametrize("module", KERAS["names"])
def test_every_name_of_keras_is_here_or_names_its_remedy(module):
    ours = room(module)
    for name in KERAS["names"][module]:
        try:
            getattr(ours, name)
        except Missing as error:
            remedy = str(error).partition(f"has no {name}: ")[2]
            assert len(remedy) > 8, f"{module}.{name}: {error}"
        except AttributeError as error:
            raise AssertionError(f"{module or 'keras'}.{name}: {error}") from error


def outcome(build, *args, **named):
    """What a call makes, as its config, or the words that refuse it."""
    try:
        made = build(*args, **named)
    except (ValueError, TypeError) as error:
        return f"{type(error).__name__}: {error}"
    return told(made)


def told(made):
    if made is None or isinstance(made, list | dict | float | np.ndarray):
        return str(made)
    if hasattr(made, "get_config"):
        config = made.get_config()
        given = getattr(made, "given_shape", None)
        return type(made).__name__, str(config).replace(str(getattr(made, "name", "?")), "…"), given
    return type(made).__name__, str({k: v for k, v in vars(made).items() if isinstance(v, int | float | str | tuple)})


def values(arguments):
    return [SAMPLES[a[0]] if len(a) == 1 or a[0] == "shape" else a[1] for a in arguments]


@pytest.mark.parametrize("path", CALLS)
def test_arguments_without_a_name_mean_what_they_mean_in_keras(path):
    build, arguments = found(path), CALLS[path]
    given = values(arguments)
    for i, (name, *_) in enumerate(arguments):
        for value in (given[i], "§", 2, 0.125, True):  # what it takes, and what it does not
            place = outcome(build, *given[:i], value)
            by_name = outcome(
                build, **dict(zip([a[0] for a in arguments[:i]], given[:i], strict=True)), **{name: value}
            )
            assert place == by_name, (name, value)


@pytest.mark.parametrize("path", CALLS)
def test_keras_defaults_are_fine_when_they_are_spelt_out(path):
    build, arguments = found(path), CALLS[path]
    required = {a[0]: SAMPLES[a[0]] for a in arguments if len(a) == 1 or (path == "Input" and a[0] == "shape")}
    plain, spelt = told(build(**required)), told(build(*values(arguments)))
    assert plain == spelt


def test_what_keras_wants_is_wanted():
    for path, arguments in CALLS.items():
        required = {a[0]: SAMPLES[a[0]] for a in arguments if len(a) == 1}
        for name in required if "Pooling2D" not in path and "Pool2D" not in path else ():  # old Keras has a default
            with pytest.raises(TypeError, match=f"expected a value for {name}, got none"):
                found(path)(**{n: v for n, v in required.items() if n != name})


@pytest.mark.parametrize("path", [p for p in KERAS["calls"] if p.startswith("Sequential.")])
def test_methods_of_a_model_take_keras_arguments_in_its_order(path, monkeypatch):
    """Each argument refused by place in the words that refuse it by name."""
    model = engine.Sequential([layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.zeros((2, 3), "float32")
    method, arguments = getattr(model, path.partition(".")[2]), KERAS["calls"][path]
    given = [{"x": x, "y": x[:, :1], "loss": "mse"}.get(a[0], a[1] if len(a) > 1 else None) for a in arguments]
    for i, (name, *_) in enumerate(arguments):
        named = dict(zip([a[0] for a in arguments[:i]], given[:i], strict=True)) | {name: "§"}
        by_place, by_name = outcome(method, *given[:i], "§"), outcome(method, **named)
        assert by_place == by_name, name


def test_a_wrong_call_is_both_kinds_of_error():
    with pytest.raises(TypeError, match="Conv2D expected a value for kernel_size, got none"):
        layers.Conv2D(4)
    with pytest.raises(ValueError, match="Conv2D expected a value for kernel_size, got none"):
        layers.Conv2D(4)
    with pytest.raises(WrongCall, match="at most 15 arguments without a name"):
        layers.DepthwiseConv2D(*range(16))
    with pytest.raises(WrongCall, match="expected axis once, got it twice"):
        layers.BatchNormalization(-1, axis=-1)


def test_an_order_of_its_own_holds_for_a_class_written_below():
    class Twice(losses.Huber):
        def __init__(self, from_logits: bool = False, delta: float = 2.0) -> None:
            super().__init__(delta)

    assert Twice(False, 3.0).delta == 3


@pytest.mark.parametrize("path", CALLS)
def test_help_shows_keras_order_and_defaults(path):
    """As far as a class says them; a default of the engine's own may be written in another way: 2 for (2, 2)."""
    shown = list(inspect.signature(found(path)).parameters.values())
    order = [p.name for p in shown if p.kind is p.POSITIONAL_OR_KEYWORD]
    keras = [a[0] for a in CALLS[path]]
    assert [n for n in order if n in keras] == [n for n in keras if n in order]
    for name, *default in CALLS[path]:
        found_default = next((p.default for p in shown if p.name == name), inspect.Parameter.empty)
        if default and isinstance(found_default, float | str):
            assert found_default == default[0], name
