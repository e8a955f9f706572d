"""A net as single stages: layers that compute, in the order of their work, with what each one is given."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypedDict

from engine.activations import Activation
from engine.core.parameters import Weight
from engine.layers import Layer, SeparableConv2D
from engine.layers.composite import Block, Composite, Parallel, Residual

INPUT = "input"


class StageTold(TypedDict):
    """A stage as plain JSON."""

    id: str
    type: str
    inputs: list[str]
    activation: str | None
    shape: list[int]
    input_shape: list[int]
    weights: dict[str, list[int]]


class Stage(NamedTuple):
    """One layer at work. A block is opened into its stages; the joint of a residual or parallel one is a stage."""

    name: str
    layer: Layer
    sources: list[str]
    """The stages whose outputs it is given, or "input"."""

    @property
    def weights(self) -> list[Weight]:
        """Its own: those of a composite belong to the stages inside."""
        return [] if isinstance(self.layer, Composite) else self.layer.weights

    @property
    def activation(self) -> Activation | None:
        """g in a = g(z), where it has one."""
        found: Activation | None = getattr(self.layer, "activation", None)
        return found

    def describe(self) -> StageTold:
        """Plain JSON: what it is, what it is given and what it gives."""
        layer = self.layer
        return {
            "id": self.name,
            "type": type(layer).__name__,
            "inputs": self.sources,
            "activation": self.activation.name if self.activation is not None else None,
            "shape": list(layer.output_shape),
            "input_shape": list(layer.input_shape),
            "weights": {w.name: list(w.shape) for w in self.weights if w.trainable},
        }


def stages_of(layers: Sequence[Layer], source: str = INPUT) -> Iterator[Stage]:
    """The stages of layers one after the other, the first of which is given `source`.

    A side branch answers in training alone: here it hands on what it is given.
    """
    for layer in layers:
        if isinstance(layer, Block):
            yield from stages_of(layer.inside, source)
            source = _last(layer.inside, source)
            continue
        sources = [source]
        if isinstance(layer, Residual | Parallel):
            branches = layer.stacks()
            for branch in branches:
                yield from stages_of(branch, source)
            sources = [_last(branch, source) for branch in branches]
        elif isinstance(layer, SeparableConv2D):
            first = Stage(f"{layer.name}/depthwise", layer.depthwise, [source])
            yield first
            yield Stage(layer.name, layer.pointwise, [first.name])
            source = layer.name
            continue
        yield Stage(layer.name, layer, sources)
        source = layer.name


def _last(layers: Sequence[Layer], source: str) -> str:
    """The stage whose output is that of these layers."""
    if not layers:
        return source
    last = layers[-1]
    return _last(last.inside, source) if isinstance(last, Block) else last.name
