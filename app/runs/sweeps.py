"""Sweeps: many small runs that differ in some settings and in their seeds, spread over the workers."""

import asyncio
import hmac
import secrets
import time
from dataclasses import dataclass, field

from pydantic import JsonValue

from app.errors import AppError, Forbidden, Full, NotFound, Refused, SpecProblem, Taken, WorkerLost
from app.http.problems import Problem, problem_of
from app.ipc.messages import Cancel, Trial, TrialResult
from app.runs.live import plain
from app.runs.service import RunService, hashed
from app.specs import changed, parse_spec
from engine import losses
from engine.core.errors import EngineError
from engine.data.settings import DataSettings
from engine.training import model_layers
from engine.training.closed_form import check_solvable
from engine.training.spec import RunSpec

Changes = dict[str, JsonValue]
"""Of a spec: path → value, as in the set command."""
TRIES = 3
"""A worker that dies takes the trial with it; it is begun again elsewhere."""
KEPT = 200
TOLD = ("train", "cv")
"""Parts whose costs a sweep tells before a choice has been made."""


@dataclass(frozen=True)
class Outcome:
    """A trial that is over: of which setting and seed, and what became of it."""

    point: int
    seed: int
    result: TrialResult

    def public(self) -> dict[str, object]:
        """Without the test part."""
        result = self.result
        return {
            "point": self.point,
            "seed": self.seed,
            "step": result.step,
            "diverged": result.diverged,
            **{part: result.cost[part] for part in TOLD},
            **{f"accuracy.{part}": result.accuracy[part] for part in TOLD if part in result.accuracy},
            **({"stopped": plain(result.stopped)} if result.stopped else {}),
            "seconds": result.seconds,
        }


@dataclass
class Sweep:
    """points[i]: the changes of the i-th setting; results in the order in which they ended."""

    id: str
    token: str
    spec: RunSpec
    points: list[Changes]
    seeds: list[int]
    steps: int
    method: str
    specs: list[tuple[int, int, RunSpec]]
    results: list[Outcome] = field(default_factory=list)
    state: str = "running"
    problem: Problem | None = None
    started: float = field(default_factory=time.monotonic)
    seconds: float = 0.0
    revealed: int | None = None
    work: asyncio.Task[None] | None = None

    def public(self, since: int = 0) -> dict[str, object]:
        """Progress and results from the `since`-th on, without the test part."""
        shown = [outcome.public() for outcome in self.results[since:]]
        return {"id": self.id, "state": self.state, "error": self.problem and self.problem["detail"],
                "problem": self.problem, "done": len(self.results),
                "of": len(self.specs), "points": self.points, "seeds": self.seeds, "steps": self.steps,
                "method": self.method, "seconds": self.seconds or time.monotonic() - self.started,
                "revealed": self.revealed, "since": since, "results": shown}  # fmt: skip


class Sweeps:
    """One per server."""

    def __init__(self, service: RunService) -> None:
        self.service = service
        self.settings = service.settings
        self.sweeps: dict[str, Sweep] = {}

    async def start(self, raw: object, points: list[Changes], seeds: int, steps: int, method: str) -> tuple[Sweep, str]:
        """Checks every run of it before any begins."""
        running = sum(s.state == "running" for s in self.sweeps.values())
        if running >= self.settings.max_sweeps:
            raise Full("sweeps-full", "{running} sweeps are running already; try again in a minute", running=running)
        count = len(points) * seeds
        if count > self.settings.max_sweep_runs:
            raise SpecProblem(
                "points",
                "sweep-runs-many",
                "a sweep may have at most {most} runs, got {got}",
                limit=True,
                most=self.settings.max_sweep_runs,
                got=count,
            )
        base = parse_spec(raw)
        specs, work = list[tuple[int, int, RunSpec]](), 0
        for i, changes in enumerate(points):
            spec = base
            try:
                for path, value in changes.items():
                    spec = changed(spec, path, value)
                checked = await self.service.checks.parsed(spec)
            except SpecProblem as error:
                raise SpecProblem.of(f"points.{i}.{error.field}", error, limit=error.limit) from error
            if method == "solve":
                try:
                    check_solvable(model_layers(checked.resolved), losses.get(checked.resolved["loss"]))
                except EngineError as error:
                    raise SpecProblem.of(f"points.{i}", error) from error
            work += seeds * (checked.totals["step_multiplications"] * steps if method == "train" else 0)
            for seed in range(seeds):
                data: DataSettings = {**spec["data"], "split_seed": spec["data"]["split_seed"] + seed}
                specs.append((i, seed, {**spec, "data": data, "seed": spec["seed"] + seed}))
        if work > self.settings.max_sweep_multiplications:
            raise SpecProblem(
                "steps",
                "sweep-long",
                "a sweep may take at most {most:.3g} multiplications, this takes {got:.3g}",
                limit=True,
                most=self.settings.max_sweep_multiplications,
                got=work,
            )
        token = secrets.token_urlsafe(24)
        sweep = Sweep(secrets.token_urlsafe(9), hashed(token), base, points, list(range(seeds)), steps, method, specs)
        while len(self.sweeps) >= KEPT:
            del self.sweeps[next(k for k, s in self.sweeps.items() if s.state != "running")]
        self.sweeps[sweep.id] = sweep
        sweep.work = asyncio.create_task(self._run(sweep), name=f"sweep {sweep.id}")
        return sweep, token

    async def _run(self, sweep: Sweep) -> None:
        self.service.cores.sweeps += 1
        waiting = iter(sweep.specs)

        async def one_after_another() -> None:
            for point, seed, spec in waiting:
                result = await self._try(sweep, spec)
                sweep.results.append(Outcome(point, seed, result))

        try:
            await self.service.cores.share()
            async with asyncio.TaskGroup() as group:
                for _ in range(min(self.settings.hosts, len(sweep.specs))):
                    group.create_task(one_after_another())
            sweep.state = "done"
        except* (Refused, WorkerLost) as errors:
            first = errors.exceptions[0]
            assert isinstance(first, AppError)
            sweep.state, sweep.problem = "failed", problem_of(first)
        finally:
            self.service.cores.sweeps -= 1
            sweep.seconds = time.monotonic() - sweep.started
            if sweep.state == "running":
                sweep.state = "cancelled"
            if not self.service.closing:
                await self.service.cores.share()

    async def _try(self, sweep: Sweep, spec: RunSpec) -> TrialResult:
        """One trial, on the least busy worker: its costs in the end."""
        trial = Trial(sweep.id, spec, sweep.steps, sweep.method, await self.service.uploads.of([spec]))
        for left in reversed(range(TRIES)):
            try:
                return await self.service.workers.anywhere(trial)
            except WorkerLost:
                if not left:
                    raise
                await asyncio.sleep(0.5)
        raise AssertionError

    def get(self, id: str) -> Sweep:
        if id not in self.sweeps:
            raise NotFound("no-sweep", "there is no sweep {sweep!r:.40}", sweep=id)
        return self.sweeps[id]

    def authorize(self, sweep: Sweep, token: str | None) -> None:
        if not token or not hmac.compare_digest(hashed(token), sweep.token):
            raise Forbidden("sweep-token", "this wants the sweep's token (Authorization: Bearer …); reading needs none")

    def reveal(self, sweep: Sweep, point: int) -> dict[str, object]:
        """J_test of the chosen setting: told for one choice only, as a test is for."""
        if not 0 <= point < len(sweep.points):
            raise SpecProblem(
                "point",
                "value-range",
                "point wants {minimum} to {maximum}, got {got}",
                minimum=0,
                maximum=len(sweep.points) - 1,
                got=point,
            )
        if sweep.revealed not in (None, point):
            raise Taken(
                "test-opened",
                "the test part was opened for setting {point}; looking again would be choosing by it",
                point=sweep.revealed,
            )
        by_seed = [o.result.cost["test"] for o in sweep.results if o.point == point]
        if sweep.state == "running" or not by_seed:
            raise Full("sweep-running", "the sweep is still running; choose when it is done")
        sweep.revealed = point
        finite = [cost for cost in by_seed if cost is not None]
        return {
            "point": point,
            "test": sum(finite) / len(finite) if finite else None,
            "by_seed": by_seed,
        }

    async def cancel(self, sweep: Sweep) -> None:
        """Ends what is running; what has been measured stays readable."""
        if sweep.work is not None and not sweep.work.done():
            sweep.work.cancel()
            await self.service.workers.everywhere(Cancel(sweep.id))
            await asyncio.gather(sweep.work, return_exceptions=True)

    async def stop(self) -> None:
        for sweep in self.sweeps.values():
            await self.cancel(sweep)
