"""Fixtures that more than one folder of tests uses."""

import pytest

from tests.package import Package
from tests.server import Server


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """One server for all tests that do not change its settings."""
    with Server(
        tmp_path_factory.mktemp("server"), commands_per_second=500, command_burst=2000, max_runs_per_client=150
    ) as running:
        yield running
    assert "Traceback" not in running.log_text(), running.log_text()


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    """The checkout's sdist and wheel, and the wheel installed in an environment of its own."""
    return Package(tmp_path_factory.mktemp("package"))
