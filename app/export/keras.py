"""A checked spec as Keras 3 code: define, compile, fit; weights load from the exported safetensors file."""

from app.export.activations import keras_activation, on_z
from app.export.detection import DETECTION, KERAS, detection_code
from app.export.images import built, has_images, keras_lines
from app.plain import Report
from engine.core.types import Config, ConfigLike
from engine.training.spec import RunSpec

KERAS_LOSS = {
    "mse": "keras.losses.MeanSquaredError()",
    "mae": "keras.losses.MeanAbsoluteError()",
    "binary_crossentropy": "keras.losses.BinaryCrossentropy(from_logits={from_logits})",
    "categorical_crossentropy": "keras.losses.CategoricalCrossentropy(from_logits={from_logits})",
    "sparse_categorical_crossentropy": "keras.losses.SparseCategoricalCrossentropy(from_logits={from_logits})",
    "hinge": "keras.losses.Hinge()",
    "huber": "keras.losses.Huber(delta={delta})",
    "perceptron": 'lambda y, z: keras.ops.mean((keras.ops.cast(z >= 0, "float32") - y) * z, axis=-1)',
}
KERAS_INITIALIZER = {"large_normal": "keras.initializers.RandomNormal(stddev=3.0)"}


def _arguments(layer: ConfigLike) -> list[str]:
    out = []
    if layer["type"] == "Dense":
        out.append(str(layer["units"]))
        out.append(f"activation={keras_activation(layer['activation'])}")
        if layer.get("use_bias") is False:
            out.append("use_bias=False")
        start = layer.get("kernel_initializer")
        if start:
            out.append(f"kernel_initializer={KERAS_INITIALIZER.get(start, repr(start))}")
        l1, l2 = layer.get("l1") or 0.0, layer.get("l2") or 0.0
        if l1 or l2:
            out.append(f"kernel_regularizer=keras.regularizers.L1L2(l1={l1}, l2={l2})")
        if layer.get("trainable") is False:
            out.append("trainable=False")
        return out
    skip = {"id", "type", "units", "dropout", "l1", "l2"}
    for key, value in layer.items():
        if key in skip or value is None:
            continue
        out.append(f"{key}={tuple(value)!r}" if isinstance(value, list) else f"{key}={value!r}")
    return out


def keras_code(resolved: RunSpec, report: Report) -> str:
    """Python source that defines, compiles and (with your x, y) fits the model."""
    resolved = on_z(resolved)
    shape = tuple(report["input_shape"])
    lines = [
        f"    keras.Input(shape={shape!r}),",
    ]
    for layer in resolved["layers"]:
        arguments = ", ".join([*_arguments(layer), f"name={layer['id']!r}"])
        lines.append(f"    keras.layers.{layer['type']}({arguments}),")
        if layer.get("dropout"):
            lines.append(f"    keras.layers.Dropout({layer['dropout']}),")
    loss: ConfigLike = resolved["loss"]
    helper = ""
    if loss["name"] in DETECTION:
        loss_code = "detection_loss"
        helper = detection_code(KERAS, loss, report["layers"][-1]["output_shape"])
    elif loss["name"] == "half_mse":
        loss_code = "lambda y, p: 0.5 * keras.ops.mean(keras.ops.square(p - y), axis=-1)"
    else:
        loss_code = KERAS_LOSS[loss["name"]].format(
            from_logits=loss.get("from_logits", False), delta=loss.get("delta", 1.0)
        )
    optimizer: Config = {**resolved["optimizer"]}
    name = optimizer.pop("name")
    schedule = optimizer.pop("schedule", None)
    rate = _schedule(optimizer.pop("learning_rate"), schedule)
    settings = "".join(f", {k}={v!r}" for k, v in optimizer.items() if v is not None)
    classes = report["task"] in ("binary", "multiclass")
    metric = '["accuracy"]' if classes else "None" if helper else '["mae"]'
    rows = "\n".join(lines)
    define = f"model = keras.Sequential([\n{rows}\n])"
    if has_images(report):
        body, end = keras_lines(built(resolved, report), "x0", [0])
        define = "\n".join([f"x0 = keras.Input(shape={shape!r})", *body, f"model = keras.Model(x0, {end})"])
    return f'''"""Made by Descent. Inputs: {", ".join(report["inputs"])}."""

import keras
import numpy as np

keras.utils.set_random_seed({resolved["seed"]})

{define}
{helper}
model.compile(
    optimizer=keras.optimizers.{name}(learning_rate={rate}{settings}),
    loss={loss_code},
    metrics={metric},
)


def load_weights(path):
    """The weights exported by Descent (weights.safetensors)."""
    from safetensors.numpy import load_file

    arrays = load_file(path)
    for layer in model.layers:
        named = [arrays.get(f"{{layer.name.replace('__', '/')}}/{{w.name}}") for w in layer.weights]
        if named and all(a is not None for a in named):
            layer.set_weights(named)


if __name__ == "__main__":
    model.summary()
    # x: (examples, {", ".join(map(str, shape))}) float32; y: (examples,) or (examples, outputs)
    # model.fit(x, y, batch_size={resolved["batch_size"]}, epochs=10)
    print(np.shape(model(np.zeros((1, {", ".join(map(str, shape))}), "float32"))))
'''


def _schedule(rate: float, schedule: Config | str | None) -> str:
    if isinstance(schedule, str):
        schedule = {"name": schedule}
    name = (schedule or {}).get("name", "constant")
    base = "keras.optimizers.schedules."
    s = {"decay_steps": 1000, "decay_rate": 0.5, "staircase": False, "end_factor": 0.0, "power": 1.0, "alpha": 0.0,
         "warmup_steps": 0, **(schedule or {})}  # fmt: skip
    match name:
        case "exponential_decay":
            return f"{base}ExponentialDecay({rate}, {s['decay_steps']}, {s['decay_rate']}, staircase={s['staircase']})"
        case "inverse_time_decay":
            return f"{base}InverseTimeDecay({rate}, {s['decay_steps']}, {s['decay_rate']}, staircase={s['staircase']})"
        case "polynomial_decay":
            end = rate * s["end_factor"]
            return f"{base}PolynomialDecay({rate}, {s['decay_steps']}, {end}, power={s['power']})"
        case "cosine_decay":
            warm = f", warmup_target={rate}, warmup_steps={s['warmup_steps']}" if s["warmup_steps"] else ""
            first = 0.0 if warm else rate
            return f"{base}CosineDecay({first}, {s['decay_steps']}, alpha={s['alpha']}{warm})"
    return repr(rate)
