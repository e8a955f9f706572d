"""Sweeps, the diagnosis, timings."""

from typing import Literal

from pydantic import Field, JsonValue

from app.contract.base import Answer, sometimes
from app.contract.problem import Problem
from app.contract.runs import EarlyStop
from engine.core.errors import Param


class SweepResult(Answer):
    """A run of a sweep that has ended; null: not measured, or diverged."""

    point: int = Field(description="which setting")
    seed: int
    step: int
    diverged: bool
    train: float | None = Field(description="J_train")
    cv: float | None = Field(description="J_cv")
    accuracy_train: float = sometimes("of classifiers", alias="accuracy.train")
    accuracy_cv: float = sometimes("of classifiers", alias="accuracy.cv")
    stopped: EarlyStop = sometimes("where early stopping ended it")
    seconds: float = Field(description="of processor time")


class Sweep(Answer):
    """How far a sweep is."""

    id: str
    state: Literal["running", "done", "failed", "cancelled"]
    error: str | None
    problem: Problem | None = Field(description="the same as a document, with code and params")
    done: int = Field(description="runs that have ended")
    of: int = Field(description="runs in all")
    points: list[dict[str, JsonValue]] = Field(description="the settings: changes of the spec, path → value")
    seeds: list[int]
    steps: int
    method: Literal["train", "solve"]
    seconds: float
    revealed: int | None = Field(description="the setting whose test part has been opened")
    since: int
    results: list[SweepResult] = Field(description="from the since-th on")


class StartedSweep(Sweep):
    """A sweep that has just begun."""

    token: str = Field(description="the right to cancel it and to open its test part; told once")


class SweepTest(Answer):
    """J_test of the setting that was chosen."""

    point: int
    test: float | None = Field(description="the mean over the seeds")
    by_seed: list[float | None]


class RemedyEntry(Answer):
    """A change that may help: path → value as in set; longer: how many times the steps."""

    id: str
    against: Literal["bias", "variance"]
    changes: dict[str, JsonValue]
    longer: int


class Diagnosis(Answer):
    """bias = J_train − baseline, variance = J_cv − J_train; shares are parts of scale = J_constant − baseline."""

    bias: float
    variance: float
    bias_share: float
    variance_share: float
    high_bias: bool
    high_variance: bool
    scale: float
    remedies: list[RemedyEntry]


class TimingLine(Answer):
    """Seconds of the processor at n features, or what happened."""

    n: int = sometimes("features")
    closed: float = sometimes("the normal equation")
    descent: float = sometimes("a hundred steps of gradient descent")
    event: Literal["error"] = sometimes("the timing was ended")
    code: str = sometimes("error: why, as in Problem")
    params: dict[str, Param] = sometimes("error: what the code's message is about")
    detail: str = sometimes("error: why, in English")
