"""Fixtures that more than one folder of tests uses; and the longest files begin first.

`make test` gives whole files to two processes: a long one that begins last would keep one of them busy at the end.
"""

import os
import sys
import threading

import hypothesis
import pytest

from tests.package import Package
from tests.server import Server

hypothesis.settings.register_profile("descent", deadline=None)  # how long an example takes is the machine's affair
hypothesis.settings.load_profile("descent")

LONG = ("browser/test_walk.py", "verifier/test_plans.py", "app/test_resilience.py", "browser/test_labs.py",
        "engine/test_detectors_learn.py", "app/test_rest.py", "browser/test_journey.py", "browser/test_course.py",
        "app/test_clients.py", "browser/test_detection.py", "engine/test_trainer.py")  # fmt: skip
"""The longest first."""
UNTRACED = ("tests/browser/", "tests/engine/verifier/")
"""What trains for long; coverage (tests/floors.py) does not look there, nor at the processes that these start."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """pytest-cov's own mark `no_cover` stops nothing in xdist's processes, which hold more than one tracer."""
    if not any(place in item.path.as_posix() for place in UNTRACED):
        return (yield)
    here, threads = sys.gettrace(), threading.gettrace()
    inherited = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("COVERAGE_PROCESS_")}
    sys.settrace(None)
    threading.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(here)
        threading.settrace(threads)
        os.environ.update(inherited)


def pytest_collection_modifyitems(config, items):
    if not hasattr(config, "workerinput"):
        return

    def place(item):
        return next((i for i, name in enumerate(LONG) if item.path.as_posix().endswith(name)), len(LONG))

    items.sort(key=place)


def one_server(folder):
    """For all tests that do not change its settings."""
    with Server(folder, commands_per_second=500, command_burst=2000, max_runs_per_client=150) as running:
        yield running
    assert "Traceback" not in running.log_text(), running.log_text()


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    yield from one_server(tmp_path_factory.mktemp("server"))


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    """The checkout's sdist and wheel, and the wheel installed in an environment of its own."""
    return Package(tmp_path_factory.mktemp("package"))
