"""Plans of every pair of registered layers, of triples, and of every activation wherever it may stand."""

from collections.abc import Iterable

import pytest

from engine.activations import activations
from engine.layers import layers as registry
from tests.engine.verifier.checks import verify
from tests.engine.verifier.groups import DAYS_OF_THE_PAIRS, FULL, activation_nets, pair_nets, triple_nets
from tests.engine.verifier.nets import Net

SHOWN = 12
"""Failing nets that a message holds."""


def all_hold(nets: Iterable[Net]) -> None:
    """Fails with every net that does not hold, and what is wrong with it."""
    count, failing = 0, []
    for net in nets:
        count += 1
        if wrong := verify(net):
            failing.append("\n    ".join([str(net), *wrong]))
    if failing:
        more = [f"… and {len(failing) - SHOWN} more"] if len(failing) > SHOWN else []
        pytest.fail("\n".join([f"{len(failing)} of {count} nets fail:", *failing[:SHOWN], *more]), pytrace=False)
    assert count


@pytest.mark.timeout(3600 if FULL else 900)
@pytest.mark.parametrize("first", registry.names())
def test_every_layer_behind(first: str) -> None:
    all_hold(pair_nets(first, DAYS_OF_THE_PAIRS))


@pytest.mark.timeout(3600 if FULL else 900)
@pytest.mark.parametrize("first", registry.names())
def test_triples_that_begin_with(first: str) -> None:
    all_hold(triple_nets(first))


@pytest.mark.timeout(3600 if FULL else 900)
@pytest.mark.parametrize("name", activations.names())
def test_in_every_place_the_activation(name: str) -> None:
    all_hold(activation_nets(name))
