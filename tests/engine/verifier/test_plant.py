"""The faults that the verifier was written for are found again where they are put back, with and without plans' own

check of their memory.
"""

from contextlib import ExitStack

import pytest

from tests.engine.verifier.checks import verify
from tests.engine.verifier.plant import FAULTS, unchecked, unshared

NETS = [(name, net) for name, (_, nets) in FAULTS.items() for net in nets]


@pytest.mark.parametrize(("name", "net"), NETS, ids=lambda part: str(part)[:60])
@pytest.mark.parametrize("check", [True, False], ids=["checked", "unchecked"])
def test_a_fault_that_is_put_back_is_found(name, net, check):
    plant, _ = FAULTS[name]
    with ExitStack() if check else unchecked():
        assert not verify(net)
        with plant():
            assert verify(net)
        assert not verify(net)


@pytest.mark.parametrize("net", FAULTS["1.2"][1], ids=lambda net: str(net)[:60])
def test_pixels_left_over_show_as_a_used_plan_that_is_not_a_fresh_one(net):
    with unchecked(), unshared(), FAULTS["1.2"][0]():
        assert any("used plan" in words for words in verify(net))
