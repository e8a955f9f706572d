"""Every limit and setting, with its unit in its name, its default and the reason. DESCENT_<NAME> overrides one.

The table in README.md is made from this class; a test fails when the two differ.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.errors.misfits import first_misfit
from app.places import storage
from engine.core.calls import nearest


def _setting(default: Any, why: str, **bounds: Any) -> Any:
    return Field(default, description=why, **bounds)


class Settings(BaseModel):
    """Settings of one server."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    storage_path: Path = _setting(
        storage(), "where runs, histories and checkpoints are kept; installed: in the user's data folder"
    )
    allowed_origins: str = _setting("", "origins besides our own that may steer, comma-separated")
    allowed_hosts: str = _setting("*", "Host headers that are answered, comma-separated; * for any")
    frame_ancestors: str = _setting("'none'", "pages that may embed ours (CSP frame-ancestors)")

    hosts: int = _setting(2, "training processes; one a core", ge=1, le=64)
    slice_ms: float = _setting(4.0, "training time of one run before the next one's turn", gt=0, le=1000)
    measure_share: float = _setting(
        0.2, "part of the time of a training run that measures J and metrics over whole parts", gt=0, le=0.9
    )
    max_runs: int = _setting(200, "runs held in the workers at once", ge=1)
    max_runs_per_client: int = _setting(60, "runs held for one address; a classroom may share one", ge=1)
    max_playing: int = _setting(60, "runs that train at the same time", ge=1)
    idle_minutes: float = _setting(20.0, "a run nobody watches or steers is put to rest (it can be opened again)", gt=0)
    clock: bool = _setting(True, "runs that ask for it begin slowly, by a clock; off: all go as fast as they go")
    abandoned_seconds: float = _setting(30.0, "a training run nobody watches or asks for is paused and kept", gt=0)
    keep_days: float = _setting(14.0, "a run at rest is deleted after this", gt=0)
    checkpoint_seconds: float = _setting(1.0, "time between checkpoints of a training run", gt=0)
    keyframe_bytes: int = _setting(16 << 20, "memory for the earlier moments of one run", ge=1 << 16)

    max_undo: int = _setting(100, "edits of one run that can be undone", ge=1)
    max_layers: int = _setting(64, "layers of a network", ge=1)
    max_units: int = _setting(4096, "units of one layer", ge=1)
    max_parameters: int = _setting(4_000_000, "weights of a network", ge=1)
    max_step_multiplications: int = _setting(4_000_000_000, "multiplications of one training step", ge=1)
    max_run_bytes: int = _setting(512 << 20, "estimated memory of one run", ge=1 << 20)
    max_batch_size: int = _setting(4096, "examples of one step", ge=1)
    max_points: int = _setting(4000, "brushed points of one data set", ge=2)

    max_body_bytes: int = _setting(8 << 20, "body of one request (weights to load are the largest)", ge=1024)
    max_upload_bytes: int = _setting(2 << 20, "one CSV file", ge=16)
    max_pictures_bytes: int = _setting(20 << 20, "one upload of pictures", ge=1024)
    max_pictures: int = _setting(4000, "pictures of one upload", ge=4)
    max_uploads: int = _setting(500, "uploaded files kept; the oldest leaves first", ge=1)
    max_message_bytes: int = _setting(320 << 10, "one WebSocket message of a client (a probe is the largest)", ge=256)
    max_predict_rows: int = _setting(1024, "examples of one predict request", ge=1)
    max_viewers: int = _setting(400, "open streams in all", ge=1)
    max_viewers_per_run: int = _setting(200, "open streams of one run", ge=1)
    max_fps: int = _setting(60, "frames a second of one stream", ge=1, le=240)
    max_views: int = _setting(24, "views of one subscription", ge=1)
    frame_window: int = _setting(2, "frames a client may leave unacknowledged", ge=1, le=16)
    commands_per_second: float = _setting(60.0, "steady rate of commands of one client of a run", gt=0)
    command_burst: int = _setting(120, "commands in one burst", ge=1)
    max_sweeps: int = _setting(4, "sweeps that run at the same time", ge=1)
    max_sweep_runs: int = _setting(400, "runs of one sweep: settings times seeds", ge=1)
    max_sweep_multiplications: float = _setting(2e12, "multiplications of one sweep, all its runs together", gt=0)
    max_jobs: int = _setting(1, "passes through full-size architectures, and timings, at once", ge=1)
    job_seconds: float = _setting(120.0, "such a pass is ended after this", gt=0)
    lock_seconds: float = _setting(5.0, "a change waits so long for storage that another program holds", gt=0)
    shutdown_seconds: float = _setting(4.0, "time to save everything on SIGTERM", gt=0)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Settings from DESCENT_* variables; a ValidationError where one is unknown or wrong."""
        return cls(**given_in(os.environ if environment is None else environment))


def given_in(environment: Mapping[str, str]) -> dict[str, str]:
    """What DESCENT_* variables say, by the names of settings."""
    return {k.removeprefix("DESCENT_").lower(): v for k, v in environment.items() if k.startswith("DESCENT_")}


def wrong_in(environment: Mapping[str, str]) -> str | None:
    """What is wrong with the first DESCENT_* variable that is unknown or wrong, as a sentence; None: nothing is."""
    try:
        Settings.from_environment(environment)
    except ValidationError as error:
        wrong = first_misfit(error, given_in(environment))
        name = f"DESCENT_{wrong['field'].upper()}"
        if wrong["code"] != "value-unknown":
            return f"{name}: {wrong['detail']}"
        known = [f"DESCENT_{setting.upper()}" for setting in Settings.model_fields]
        return f"{name}: there is no such setting.{nearest(name, known)} docs/settings.md lists them"
    return None
