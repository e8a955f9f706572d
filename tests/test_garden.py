"""The bug garden's beds: each planted mistake has its one place in the source and changes what is there."""

from itertools import pairwise
from subprocess import CompletedProcess

import pytest

from tests.garden import __main__ as tending
from tests.garden import record
from tests.garden.__main__ import FLOOR, NEAR, asked_for, chosen, planted, suites_of
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


# -- the record -------------------------------------------------------------------------------------------------------
def test_the_record_says_of_the_mistakes_that_were_planted_which_test_caught_them():
    known = record.recorded()
    assert list(known) == [patch.name for patch in PATCHES if patch.name in known]
    gone = {name: test for name, test in known.items() if test != record.UNSEEN and not record.is_there(test)}
    assert gone == {}, "python -m tests.garden --record NAME …"
    assert sum(test != record.UNSEEN for test in known.values()) >= FLOOR * len(known)


def test_the_readme_has_the_rate_of_the_record():
    assert record.rate(record.recorded()) in " ".join((ROOT / "README.md").read_text().split())


def test_what_is_found_is_merged_into_the_record():
    first, second, third = (patch.name for patch in PATCHES[:3])
    before = {third: "a.py::test_c", "no mistake any more": "a.py::test_d", first: "a.py::test_a"}
    now = record.merged(before, {second: "a.py::test_b", first: None})
    assert list(now.items()) == [(first, record.UNSEEN), (second, "a.py::test_b"), (third, "a.py::test_c")]
    assert record.rate(now) == "2 of 3 planted mistakes caught (66.7%)"


def test_a_test_is_there_by_its_file_and_name():
    assert record.is_there("tests/test_garden.py::test_a_test_is_there_by_its_file_and_name[x-1]")
    for other in ("tests/test_garden.py::test_no_such", "tests/no.py::test_x", "tests/test_garden.py", "unseen", None):
        assert not record.is_there(other)


class Pytest:
    """In pytest's place: these tests fail, with the mistake in place or always; it keeps what it was asked to run."""

    def __init__(self, patch, fails, broken=()):
        self.patch, self.fails, self.broken, self.asked = patch, fails, broken, []
        (self.path,) = places(patch, sources())

    def copied(self, into):
        copy = into / self.path.relative_to(ROOT)
        copy.parent.mkdir(parents=True)
        copy.write_text(self.path.read_text())

    def pytest_in(self, garden, *arguments):
        text = (garden / self.path.relative_to(ROOT)).read_text()
        wrong = self.patch.wrong in text and self.patch.right not in text
        if not wrong:
            assert text == self.path.read_text()
        self.asked.append((wrong, arguments))
        fails = {**dict.fromkeys(self.broken, True), **dict.fromkeys(self.fails, wrong)}
        for test, now in fails.items():
            named = test in arguments or test.split("::")[0] in arguments
            if now and named and test not in [b for a, b in pairwise(arguments) if a == "--deselect"]:
                return CompletedProcess(arguments, 1, f"FAILED {test} - assert 1 == 2\n", "")
        return CompletedProcess(arguments, 0, "", "")


@pytest.fixture
def garden(monkeypatch, tmp_path):
    """garden(patch, record, fails=…, broken=…): what is found, and what pytest was asked."""
    monkeypatch.setattr(record, "FILE", tmp_path / "record.json")

    def plant(patch, known, *arguments, **tests):
        fake = Pytest(patch, **tests)
        record.write(known)
        for name in ("copied", "pytest_in"):
            monkeypatch.setattr(tending, name, getattr(fake, name))
        (tmp_path / "beds").mkdir()
        return planted([patch], tmp_path / "beds", asked_for(["--quick", *arguments])), fake.asked

    return plant


PATCH = next(patch for patch in PATCHES if patch.name == "nms-order")
KNOWN = "tests/engine/test_detection.py::test_the_reference"
NEAREST = ("tests/parity/test_golden_detection.py", "tests/engine/test_detection.py")


def test_again_begins_with_the_test_that_caught_it_and_tries_it_without_the_mistake(garden, monkeypatch):
    monkeypatch.setattr(record, "is_there", lambda test: test == KNOWN)
    found, asked = garden(PATCH, {PATCH.name: KNOWN}, "--again", fails=[KNOWN])
    assert found == {PATCH.name: KNOWN}
    assert asked == [(False, (KNOWN,)), (True, (KNOWN,))]


def test_a_test_that_bites_no_more_is_followed_by_the_nearest(garden, monkeypatch):
    monkeypatch.setattr(record, "is_there", lambda test: test == KNOWN)
    other = f"{NEAREST[0]}::test_other"
    found, asked = garden(PATCH, {PATCH.name: KNOWN}, "--again", "--record", fails=[other])
    assert found == record.recorded() == {PATCH.name: other}
    assert asked == [(False, (KNOWN,)), (True, (KNOWN,)), (True, NEAREST), (False, (other,))]


def test_a_test_that_always_fails_catches_nothing(garden):
    broken = f"{NEAREST[0]}::test_broken"
    found, asked = garden(PATCH, {}, "--record", fails=[], broken=[broken])
    assert found == {PATCH.name: None}
    assert record.recorded() == {PATCH.name: record.UNSEEN}
    assert asked[:3] == [(True, NEAREST), (False, (broken,)), (True, (*NEAREST, "--deselect", broken))]


def test_a_name_of_a_test_may_have_spaces(garden):
    spaced = f"{NEAREST[1]}::test_spaced[behind a pool]"
    found, asked = garden(PATCH, {}, fails=[spaced])
    assert found == {PATCH.name: spaced}
    assert asked == [(True, NEAREST), (False, (spaced,))]
