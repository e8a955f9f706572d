"""Starts this Python on a module of ours, wherever it is: worker.process of app, or of descent.app."""

import os
import sys

from app.places import INSTALLED, ROOT

PACKAGE = __name__.removesuffix(".ipc.interpreter")
ALLOCATOR = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "131072"}
"""glibc: what a worker frees goes back to the system, and its threads share one heap; a quarter less stays resident."""


def command(module: str, *arguments: str) -> list[str]:
    """`python -m …` for a module's name inside app.

    -P: the folder that the server was started in is the user's. A random.py there is none of ours.
    """
    return [sys.executable, "-P", "-m", f"{PACKAGE}.{module}", *arguments]


def environment() -> dict[str, str]:
    """The variables of such a process. An installed package is found without help, a checkout is not."""
    variables = {**ALLOCATOR, **os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    if not INSTALLED:
        variables["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return variables
