"""What can go wrong with a request, as one family; app/http/problems.py says what each is in HTTP.

AppError           a code, its parameters and a sentence in English (engine/core/errors.py)
├── SpecProblem    a setting that cannot be, by its path
├── Refused        a worker would not do it; its sentence says why
│   └── Fault      … because of a mistake of ours
├── NotFound       there is no such run, upload, sweep, lab
├── Forbidden      the token is missing or another's
├── Taken          it can be done once, and has been
├── Full           a limit on running things is reached
├── Unstored       storage would not take it, so it was not done
└── WorkerLost     the training process is gone; the run comes back

What each code says to a reader stands in languages/*/errors.ftl.
"""

import json
from typing import Any, Self

from engine.core.errors import Coded, Params

UNKNOWN = "other"
"""The code of what has none: a sentence of Python's or NumPy's own."""

PYTHONS: dict[type[Exception], str] = {
    MemoryError: "memory",
    RecursionError: "too-deep",
    json.JSONDecodeError: "not-json",
}
"""Codes of errors of Python's own."""


def code_of(error: Exception) -> tuple[str, Params]:
    """Code and parameters of any error."""
    if isinstance(error, Coded):
        return error.code, error.params
    found = next((code for kind, code in PYTHONS.items() if isinstance(error, kind)), None)
    return (found, {}) if found else (UNKNOWN, {"said": str(error)})


def coded(error: Exception) -> Coded:
    """Any error as one with a code."""
    if isinstance(error, Coded):
        return error
    return Coded.as_told(*code_of(error), str(error))


class AppError(Coded):
    """Every error that a visitor is told of in our own words."""


class SpecProblem(AppError, ValueError):
    """A spec that cannot run. `field` is its path in the spec; `limit`: a larger limit would allow it.

    `layer`: the id of the layer that the path leads into.
    """

    def __init__(self, field: str, code: str, sentence: str, /, *, limit: bool = False, **params: Any) -> None:
        super().__init__(code, sentence, **params)
        self.field = field
        self.limit = limit
        self.layer: str | None = None

    @classmethod
    def of(cls, field: str, error: Exception, before: str = "", *, limit: bool = False) -> Self:
        """What another error says, about a place; `before` stands in front of its sentence."""
        code, params = code_of(error)
        problem = cls(field, code, "{said}", said=before + str(error), limit=limit)
        problem.params = params
        problem.layer = getattr(error, "layer", None)
        return problem


class Refused(AppError, ValueError):
    """A request that a worker cannot do; `field` says which part was wrong."""

    def __init__(self, code: str, sentence: str, /, field: str | None = None, **params: Any) -> None:
        super().__init__(code, sentence, **params)
        self.field = field

    @classmethod
    def of(cls, error: Exception, field: str | None = None) -> Self:
        """What another error says."""
        code, params = code_of(error)
        refused = cls.as_told(code, params, str(error) or type(error).__name__)
        refused.field = field
        return refused


def diverged(step: int, remedy: str) -> Refused:
    """What a run says whose numbers are finite no more."""
    return Refused("diverged", "the run diverged at step {step}: " + remedy, step=step)


class Fault(Refused):
    """A request that failed by a mistake of ours."""


class NotFound(AppError):
    """There is no such run (or upload, sweep, lab)."""


class Forbidden(AppError):
    """The token is missing or not the run's."""


class Taken(AppError):
    """What can be had once has been had already, for another choice."""


class Full(AppError):
    """A limit on running things is reached; the message says what to do."""


class Unstored(AppError):
    """Storage would not take a command, so it was not carried out: what is acknowledged must survive."""


class WorkerLost(AppError):
    """The worker of a run is gone; the run comes back from its last checkpoint."""
