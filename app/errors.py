"""What can go wrong with a request, as one family; app/http/problems.py says what each is in HTTP.

AppError
├── SpecProblem    a setting that cannot be, by its path
├── Refused        a worker would not do it; its sentence says why
│   └── Fault      … because of a mistake of ours
├── NotFound       there is no such run, upload, sweep, lab
├── Forbidden      the token is missing or another's
├── Taken          it can be done once, and has been
├── Full           a limit on running things is reached
├── Unstored       storage would not take it, so it was not done
└── WorkerLost     the training process is gone; the run comes back
"""

RECOVERING = "the training process ended; the run is being recovered"
DEEP = "expected lists that are less deep"
RESTARTING = "the server is being restarted; try again in a few seconds"


class AppError(Exception):
    """Every error that a visitor is told of in our own words."""


class SpecProblem(AppError, ValueError):
    """A spec that cannot run. `field` is its path in the spec; `limit`: a larger limit would allow it.

    `layer`: the id of the layer that the path leads into.
    """

    def __init__(self, field: str, message: str, *, limit: bool = False) -> None:
        super().__init__(message)
        self.field = field
        self.limit = limit
        self.layer: str | None = None


class Refused(AppError, ValueError):
    """A request that a worker cannot do; `field` says which part was wrong."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


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
