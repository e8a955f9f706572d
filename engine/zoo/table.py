"""The table of an architecture, known without its weights: shapes, parameters and multiplications of every layer."""

from collections.abc import Sequence

from engine.core.parameters import ParameterStore
from engine.core.types import Config, Shape, float_dtype
from engine.layers import Layer


def layer_table(layers: Sequence[Layer], input_shape: Shape) -> list[Config]:
    """One row for each layer; `inside` lists the layers of a block. Nothing is allocated."""
    store, shape, rows, counts = ParameterStore(float_dtype("float32")), input_shape, [], dict[str, int]()
    for layer in layers:
        kind = type(layer).__name__
        number = counts[kind] = counts.get(kind, -1) + 1
        layer.name = f"{kind.lower()}_{number}" if number else kind.lower()
        layer.input_shape = shape
        shape = layer.output_shape = layer.build(store, shape)
        row = describe(layer)
        if len(layer.leaves) > 1:
            row["inside"] = [describe(leaf) for leaf in layer.leaves]
        rows.append(row)
    return rows


def describe(layer: Layer) -> Config:
    """A built layer's row."""
    return {
        "id": layer.name,
        "type": type(layer).__name__,
        "output_shape": list(layer.output_shape),
        "parameters": layer.count_params(),
        "multiplications": layer.multiplications(),
    }
