"""Commands to one run: one at a time, of several that wait the last of its kind, and everyone hears what came of it."""

from app.errors import Full
from app.ipc.messages import Standing, Steer
from app.plain import Report, SpecWarning
from app.runs.checks import Checks
from app.runs.commands import AnyCommand, Move, Play, Probe, Reset, Set, Speed, message_of
from app.runs.context import Context
from app.runs.cores import Cores
from app.runs.live import LiveRun, plain
from app.runs.uploads import Uploads
from app.specs import changed
from app.specs.advice import warnings_of
from engine.training.spec import RunSpec


def _kind(command: AnyCommand) -> str | None:
    """Of waiting commands of one kind the last wins: sets of one path, probes, moves. None: each is carried out."""
    match command:
        case Set():
            return command.path
        case Probe() | Move():
            return f"({command.op})"
    return None


class Steering:
    """Carries commands out between two steps."""

    def __init__(self, context: Context, checks: Checks, uploads: Uploads, cores: Cores) -> None:
        self.context, self.checks, self.uploads, self.cores = context, checks, uploads, cores

    async def command(self, run: LiveRun, command: AnyCommand) -> dict[str, object]:
        """The answer for whoever sent it."""
        run.touch()
        kind = _kind(command)
        if kind is not None:
            number = run.sets[kind] = run.sets.get(kind, 0) + 1
        async with run.lock:
            if kind is not None:
                if run.sets.get(kind) != number:
                    return {"id": command.id, "ok": True, "op": command.op, "step": run.state.step, "coalesced": True}
                run.sets.pop(kind, None)
            return await self._carry_out(run, command)

    async def _carry_out(self, run: LiveRun, command: AnyCommand) -> dict[str, object]:
        report, spec = run.report, None
        if isinstance(command, Play) and not run.state.playing:
            self._admit_player()
        if isinstance(command, Set):
            spec = changed(run.spec, command.path, command.value)
            report = (await self.checks.parsed(spec)).report()
            if spec["data"] != run.spec["data"]:
                await self.uploads.send(run.id, spec)
        standing = await self.context.workers.ask(Steer(run.id, message_of(command, spec)))
        if isinstance(command, Speed):
            run.speed = command.steps_per_second
        if isinstance(command, Reset):
            report = (await self.checks.parsed(standing.head_spec)).report()
        edited = standing.head_spec != run.spec
        warnings: list[SpecWarning] = []
        if isinstance(command, Set):
            warnings = warnings_of(run.spec, standing.head_spec, standing.state.step)
        if edited or warnings:
            report = {**report, "warnings": warnings}
        await self._take(run, standing, report, edited)
        answer: dict[str, object] = {"id": command.id, "ok": True, "op": command.op, "step": standing.state.step,
                  "state": plain(run.state)}  # fmt: skip
        if isinstance(command, Set):
            answer["warnings"] = warnings
        if edited:
            answer |= {"spec": run.spec, "report": report}
        if standing.solution is not None:
            answer["solution"] = plain(standing.solution)
        return answer

    def _admit_player(self) -> None:
        playing = self.context.playing
        if playing >= self.context.settings.max_playing:
            raise Full(f"{playing} runs are training already; pause one or try again in a minute")

    async def _take(self, run: LiveRun, standing: Standing, report: Report, edited: bool) -> None:
        """What the worker said becomes what the server knows, storage keeps and viewers hear."""
        shown: RunSpec | None = standing.spec if standing.spec != standing.head_spec else None
        moved = shown != run.shown
        run.spec, run.report, run.shown = standing.head_spec, report, shown
        run.take(standing.state)
        self.context.counts["commands"] += 1
        await self.cores.share()
        await self.context.database.update_run(run.id, run.spec, run.state.playing, run.speed)
        message: dict[str, object] = {"event": "state", "state": plain(run.state)}
        if edited or moved:
            shown_report = (await self.checks.parsed(shown)).report() if shown else report
            message |= {"spec": run.spec, "shown_spec": shown, "report": shown_report}
        run.broadcast(message)
