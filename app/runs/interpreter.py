"""Starts this Python on a module of this folder, from wherever it is: app.runs.host, or descent.app.runs.host."""

import os
import sys

from app.places import INSTALLED, ROOT

FOLDER = __name__.rpartition(".")[0]
ALLOCATOR = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "131072"}
"""glibc: what a host frees goes back to the system, and its threads share one heap; a quarter less stays resident."""


def command(module: str, *arguments: str) -> list[str]:
    """`python -m …` for a module's name in this folder.

    -P: the folder that the server was started in is the user's. A random.py there is none of ours.
    """
    return [sys.executable, "-P", "-m", f"{FOLDER}.{module}", *arguments]


def environment() -> dict[str, str]:
    """The variables of such a process. An installed package is found without help, a checkout is not."""
    variables = {**ALLOCATOR, **os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    if not INSTALLED:
        variables["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return variables
