"""Activations in exported code, and the one loss that reads what comes before the last of them."""

from engine.training.spec import RunSpec

KERAS_ACTIVATION = {"step": 'lambda z: keras.ops.cast(z >= 0, "float32")'}


def keras_activation(name: str) -> str:
    """An activation as an argument in Keras code."""
    return KERAS_ACTIVATION.get(name, repr(name))


def on_z(resolved: RunSpec) -> RunSpec:
    """The perceptron's loss reads z: there the last step is left to whoever reads the answer (z ≥ 0)."""
    *before, last = resolved["layers"]
    if resolved["loss"]["name"] != "perceptron" or last.get("activation") != "step":
        return resolved
    return {**resolved, "layers": [*before, {**last, "activation": "linear"}]}
