"""Which nets are verified: pairs, triples, and every activation in every place where plans treat some as special.

The short form takes a third of the pairs, another one each day, so that three days see them all, and a few triples,
others each day; VERIFY=full takes every pair, more nets of each, and every triple.
"""

from collections.abc import Iterator

import numpy as np

from engine.activations import activations
from engine.layers import layers as registry
from tests.days import TODAY, VERIFY, todays
from tests.engine.verifier.nets import Maker, Net, nets_of, pairs, triples
from tests.engine.verifier.samples import Part, part

FULL = VERIFY
NETS_OF_A_PAIR = 12 if FULL else 1
DAYS_OF_THE_PAIRS = 1 if FULL else 3
TRIPLES_OF_A_LAYER = None if FULL else 3
PLACES_OF_AN_ACTIVATION = 1 if FULL else 4
"""Every so many places are tried, another choice for each activation."""


def pairs_of_a_day(first: str, day: int, days: int) -> list[tuple[str, str]]:
    """Every so many of the pairs that begin with a layer; the next day it is others."""
    return todays(list(pairs(first)), days, registry.names().index(first) + day)


def pair_nets(first: str, days: int = 1) -> Iterator[Net]:
    """Nets of the pairs that begin with a layer; today's if they are shared out over several days."""
    for pair in pairs_of_a_day(first, TODAY, days):
        yield from nets_of(pair, NETS_OF_A_PAIR)


def triple_nets(first: str) -> Iterator[Net]:
    """All triples that begin with a layer, or some of them, others the next day."""
    found = list(triples(first))
    if TRIPLES_OF_A_LAYER is not None:
        rng = np.random.default_rng(Maker("triples", first).number)
        found = todays([found[i] for i in rng.permutation(len(found))], len(found) // TRIPLES_OF_A_LAYER)
    for triple in found:
        yield from nets_of(triple, 1)


def places(name: str) -> list[tuple[tuple[int, ...], list[Part]]]:
    """Where an activation can stand: shape and layers."""
    g = part("Activation", activation=name)
    conv = part("Conv2D", filters=2, kernel_size=2)
    inside = part("Conv2D", filters=2, kernel_size=2, activation=name)
    normal, pool, odd = part("BatchNormalization"), part("MaxPooling2D"), part("MaxPooling2D", pool_size=3)
    same = part("Conv2D", filters=2, kernel_size=3, padding="same")
    dense = part("Dense", units=4)
    pad = part("ZeroPadding2D", padding=[[0, 1], [1, 0]])
    small, twice = part("AveragePooling2D", pool_size=2, strides=1), part("UpSampling2D", size=2)
    image, vector = (7, 7, 2), (5,)
    return [
        (image, [conv, g]),
        (image, [g]),
        (image, [conv, g, g]),
        (image, [conv, normal, g]),
        (image, [conv, normal, g, pool]),
        (image, [conv, g, normal, odd]),
        (image, [conv, g, pool]),
        (image, [conv, g, part("Conv2D", filters=2, kernel_size=1, strides=2)]),
        (image, [conv, part("Reshape", target_shape=[6, 4, 3]), g]),
        (image, [conv, pool, g]),
        (image, [conv, twice, g, small]),
        (image, [conv, pad, g]),
        (image, [conv, g, part("SideBranch", body=[part("Flatten"), part("Dense", units=2)])]),
        (image, [inside]),
        (image, [inside, pool]),
        (image, [inside, odd]),
        (image, [inside, g]),
        (image, [conv, part("Residual", body=[same], activation=name)]),
        (image, [conv, normal, g, part("Residual", body=[same, normal], activation=name), odd]),
        (image, [conv, part("Residual", body=[normal, g, small, pad], shortcut=[g])]),
        (image, [conv, part("Parallel", branches=[[g], [normal, g, small, pad], []], merge="add")]),
        (image, [conv, part("Parallel", branches=[[g], [same, g], []])]),
        (image, [part("DepthwiseConv2D", kernel_size=2, activation=name), g, odd]),
        (image, [part("SeparableConv2D", filters=3, kernel_size=2, activation=name), normal, pool]),
        (vector, [dense, g]),
        (vector, [part("Dense", units=4, activation=name), g]),
        (vector, [dense, normal, g]),
        (vector, [dense, part("Residual", body=[part("Dense", units=4)], activation=name)]),
        (vector, [dense, part("Parallel", branches=[[g], [normal]], merge="add"), g]),
        ((4, 3), [normal, g]),
    ]


def conv_or_dense(shape: tuple[int, ...]) -> Part:
    """Something with weights."""
    return part("Conv2D", filters=2, kernel_size=2) if len(shape) == 3 else part("Dense", units=2)


def activation_nets(name: str) -> Iterator[Net]:
    """The activation in each of these places, at the end of a net or before a Dense (both with VERIFY=full)."""
    end = [part("Flatten"), part("Dense", units=2)]
    for number, (shape, parts) in enumerate(places(name)):
        if (number + activations.names().index(name)) % PLACES_OF_AN_ACTIVATION:
            continue
        lasts = [end] if any(p["class"] == "SideBranch" for p in parts) else [end, []]
        for last in lasts if FULL else lasts[number % len(lasts) :][:1]:
            seed = Maker("activation", name, number, len(last)).number % 100_000
            first = [] if last or len(parts) > 1 else [conv_or_dense(shape)]
            yield Net(shape, [*first, *parts, *last], {"name": "half_mse"}, seed, ("activation", name))


def every_net() -> Iterator[Net]:
    for name in registry.names():
        yield from pair_nets(name)
    for name in registry.names():
        yield from triple_nets(name)
    for name in activations.names():
        yield from activation_nets(name)
