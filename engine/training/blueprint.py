"""From a spec's layers to a model, with everything that was left to choose filled in.

A spec's layer is one visible thing: {"id", "type", …the layer's arguments…, "dropout", "l1", "l2", "trainable"}; a
Dense with dropout becomes a Dense and a Dropout. "auto" stands for what follows from the data: the last layer's units
and activation, and the loss.
"""

from engine import layers as engine_layers
from engine.core.errors import EngineError
from engine.core.types import Config, Shape
from engine.data.goal import Goal
from engine.layers import Layer, layers
from engine.losses import losses
from engine.sequential import Sequential
from engine.training.spec import LayerSettings, PenaltySettings, RunSpec

SPEC_KEYS = {  # keys of a spec's layer that are not arguments of its type
    "id",
    "type",
    "dropout",
    "l1",
    "l2",
    "trainable",
}


class LayerError(EngineError):
    """A layer of a spec that cannot be: `index` says which."""

    index = 0

    def at(self, index: int) -> "LayerError":
        self.index = index
        return self


def _at(index: int, error: EngineError) -> LayerError:
    """What another error says, about a layer."""
    return LayerError.as_told(error.code, error.params, str(error)).at(index)


IMAGE_OUT = {"Flatten", "GlobalAveragePooling2D", "GlobalMaxPooling2D", "Dense"}
"""Layers behind which there is no image any more."""
CONVOLUTIONS = {"Conv2D", "DepthwiseConv2D", "SeparableConv2D"}
REGULARIZERS = {
    "Dense": ("kernel_regularizer",),
    "Conv2D": ("kernel_regularizer",),
    "DepthwiseConv2D": ("depthwise_regularizer",),
    "SeparableConv2D": ("depthwise_regularizer", "pointwise_regularizer"),
}
"""Types of layers with a kernel that can be regularised, and how they call it."""


def resolve(spec: RunSpec, goal: Goal, input_shape: Shape) -> RunSpec:
    """The spec with every "auto" replaced, global dropout and penalties handed to layers that have none of their own.

    An image (or any volume) that meets a Dense first gets a Flatten in between.
    """
    loss = spec["loss"].copy()
    penalty = spec.get("regularization", PenaltySettings())
    if loss["name"] == "auto":
        loss["name"] = goal.loss
    chosen = _flattened([layer.copy() for layer in spec["layers"]], len(input_shape) > 1)
    for i, layer in enumerate(chosen):
        kind, last = layer["type"], i == len(chosen) - 1
        if kind in ("Dense", "SideClassifier"):
            if layer.get("units") == "auto":
                if not last and kind == "Dense":
                    raise LayerError(
                        "units-auto", "units 'auto' is for the last layer alone; say how many units this one has"
                    ).at(i)
                layer["units"] = goal.units(loss)
            if layer.get("activation") in (None, "auto"):
                layer["activation"] = goal.activation if last or kind == "SideClassifier" else "tanh"
        elif kind in CONVOLUTIONS and last and layer.get("filters") == "auto":
            layer["filters"] = goal.units(loss)
        if kind in CONVOLUTIONS and layer.get("activation") in (None, "auto"):
            layer["activation"] = goal.activation if last else "relu"
        if kind in REGULARIZERS:
            if layer.get("l1") is None:
                layer["l1"] = penalty.get("l1", 0.0)
            if layer.get("l2") is None:
                layer["l2"] = penalty.get("l2", 0.0)
        if kind == "Dense" and layer.get("dropout") is None:
            layer["dropout"] = 0.0 if last else spec.get("dropout", 0.0)
    return {**spec, "loss": loss, "layers": chosen}


def _flattened(chosen: list[LayerSettings], image: bool) -> list[LayerSettings]:
    """The layers with a Flatten before a Dense that would meet an image."""
    out: list[LayerSettings] = []
    for layer in chosen:
        if image and layer["type"] == "Dense":
            taken = {other["id"] for other in chosen}
            name = next(n for n in ("flatten", *(f"flatten{i}" for i in range(len(chosen) + 1))) if n not in taken)
            out.append({"id": name, "type": "Flatten"})
        image = image and layer["type"] not in IMAGE_OUT
        out.append(layer)
    return out


def model_layers(spec: RunSpec) -> list[Layer]:
    """Engine layers of a resolved spec, named by the spec's ids; errors name the layer."""
    made: list[Layer] = []
    for i, given in enumerate(spec["layers"]):
        try:
            kind = layers.get(given["type"])
            arguments: Config = {a.name: a.default for a in kind.arguments if a.default is not None}
            arguments |= {k: v for k, v in given.items() if k not in SPEC_KEYS and v is not None}
            penalty = {"l1": given.get("l1") or 0.0, "l2": given.get("l2") or 0.0}
            for name in REGULARIZERS.get(given["type"], ()):
                arguments[name] = penalty
            made.append(kind(**arguments, name=given["id"]))
            if given.get("trainable") is False:
                made[-1].trainable = False
            if dropout := given.get("dropout"):
                made.append(engine_layers.Dropout(dropout, name=f"{given['id']}/dropout"))
        except EngineError as error:
            raise _at(i, error) from error
    return made


def check_output(spec: RunSpec, goal: Goal, output_shape: Shape) -> None:
    """Whether the last layer answers what the data asks, or a LayerError."""
    last = len(spec["layers"]) - 1
    if not goal.fits(output_shape, spec["loss"]):
        raise LayerError(
            "output-shape",
            "the output layer wants shape {shape} because the data asks for "
            + goal.wanted(spec["loss"])
            + ", got {got}",
            task=goal.task,
            shape=goal.shape,
            outputs=goal.units(spec["loss"]),
            got=output_shape,
        ).at(last)
    loss = losses.get(spec["loss"]["name"])
    if goal.task not in getattr(loss, "tasks", ()):
        fitting = [n for n, part in losses.items() if goal.task in getattr(part, "tasks", ())]
        name = spec["loss"]["name"]
        raise EngineError(
            "loss-task",
            "loss {loss!r} does not fit a {task} task; fitting: {known}",
            loss=name,
            task=goal.task,
            known=tuple(fitting),
        )


def build_model(spec: RunSpec, input_shape: Shape) -> Sequential:
    """The compiled, built model of a resolved spec."""
    model = Sequential(model_layers(spec), seed=spec["seed"])
    try:
        model.build(input_shape)
    except EngineError as error:
        label = str(error)
        for i, layer in enumerate(spec["layers"]):
            if f"({layer['id']!r})" in label or f"('{layer['id']}/" in label:
                raise _at(i, error) from error
        raise
    model.compile(spec["optimizer"], spec["loss"])
    return model
