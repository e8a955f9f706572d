"""The bug garden's beds: each planted mistake has its one place in the source and changes what is there."""

import pytest

from tests.garden.__main__ import NEAR, chosen, suites_of
from tests.garden.patches import PATCHES, places, sources
from tests.server import ROOT


@pytest.fixture(scope="module")
def texts():
    return sources()


def test_there_are_at_least_eighty_and_each_has_a_name():
    assert len({patch.name for patch in PATCHES}) == len(PATCHES) >= 80
    assert len({patch.mistake for patch in PATCHES}) == len(PATCHES)


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.name)
def test_a_mistake_has_one_place(patch, texts):
    found = places(patch, texts)
    assert len(found) == 1, f"{patch.name} wants to stand once, stands {len(found)} times"
    assert patch.wrong != patch.right
    assert suites_of(found[0])


def test_tenths_make_the_whole():
    tenths = [chosen([], str(i)) for i in range(10)]
    assert sorted(p.name for tenth in tenths for p in tenth) == sorted(p.name for p in PATCHES)
    assert chosen([], "day") in tenths


@pytest.mark.parametrize("module", [module for module, _ in NEAR])
def test_the_nearest_tests_are_there_and_come_first(module, texts):
    path = next(path for path in texts if path.relative_to(ROOT).as_posix().startswith(module))
    near, others, *_ = suites_of(path)
    assert near == next(files for name, files in NEAR if path.relative_to(ROOT).as_posix().startswith(name))
    assert all((ROOT / file).exists() for file in (*near, *others))
    assert others
    assert not set(near) & set(others)


def test_the_browser_and_the_verifier_come_last_and_not_at_all_if_it_is_to_be_quick():
    for source, last in (
        ("static/core/format.js", "tests/browser"),
        ("engine/layers/dense.py", "tests/engine/verifier"),
    ):
        assert suites_of(ROOT / source)[-1] == [last]
        assert suites_of(ROOT / source, quick=True) == suites_of(ROOT / source)[:-1]
