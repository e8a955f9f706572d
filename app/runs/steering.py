"""Commands to one run: one at a time, of several that wait the last of its kind, and everyone hears what came of it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from app.errors import AppError, Full
from app.ipc import commands as heard
from app.ipc.messages import Standing, Steer
from app.plain import Report, SpecWarning
from app.runs.checks import Checks
from app.runs.commands import AnyCommand, Edit, Move, Play, Probe, Redo, Reset, Rewind, Set, Undo, message_of
from app.runs.context import Context
from app.runs.cores import Cores
from app.runs.edits import taken_by
from app.runs.journal import Journal
from app.runs.live import LiveRun, plain
from app.runs.uploads import Uploads
from app.specs import changed
from app.specs.advice import warnings_of
from engine.training.spec import RunSpec

T = TypeVar("T")


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
        self.journal = Journal(context.database)
        self.begun: set[asyncio.Task[Any]] = set()
        """Commands that are being carried out."""

    async def command(self, run: LiveRun, command: AnyCommand) -> dict[str, object]:
        """The answer for whoever sent it; who leaves without waiting for it has sent it all the same."""
        return await self._to_its_end(self._command(run, command))

    async def _to_its_end(self, work: Coroutine[None, None, T]) -> T:
        """What is begun ends, whether or not somebody waits: half a command would leave run and storage apart."""
        task = asyncio.create_task(work)
        self.begun.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self.begun.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waits is told; that nobody does is no fault

    async def _command(self, run: LiveRun, command: AnyCommand) -> dict[str, object]:
        run.touch()
        kind = _kind(command)
        if kind is not None:
            number = run.sets[kind] = run.sets.get(kind, 0) + 1
        async with run.lock:
            if kind is not None:
                if run.sets.get(kind) != number:
                    if isinstance(command, Set) and not command.continues:
                        run.overtaken.add(command.path)
                    return {"id": command.id, "ok": True, "op": command.op, "step": run.state.step, "coalesced": True}
                run.sets.pop(kind, None)
            return await self._carry_out(run, command)

    async def _carry_out(self, run: LiveRun, command: AnyCommand) -> dict[str, object]:
        report, before = run.report, run.spec
        if isinstance(command, Play) and not run.state.playing:
            self._admit_player()
        if isinstance(command, Undo | Redo):
            message: heard.AnyCommand = run.edits.next(command.op).command
        else:
            spec = changed(run.spec, command.path, command.value) if isinstance(command, Set) else None
            message = message_of(command, spec)
        if isinstance(message, heard.Set):
            report = (await self.checks.parsed(message.spec)).report()
            if message.spec["data"] != run.spec["data"]:
                await self.uploads.send(run.id, message.spec)
        standing = await self._done(run, message, command)
        edited = run.spec != before
        if edited and not isinstance(message, heard.Set):  # reset and rewind go back to an earlier one
            report = (await self.checks.parsed(run.spec)).report()
        warnings: list[SpecWarning] = []
        if isinstance(message, heard.Set):
            warnings = warnings_of(before, run.spec, report, standing.state.step)
        if edited or warnings:
            report = {**report, "warnings": warnings}
        await self._show(run, report, edited)
        answer: dict[str, object] = {"id": command.id, "ok": True, "op": command.op, "step": standing.state.step,
                  "state": plain(run.state), **run.edits.counts()}  # fmt: skip
        if isinstance(message, heard.Set):
            answer["warnings"] = warnings
        if edited:
            answer |= {"spec": run.spec, "report": report}
        if standing.solution is not None:
            answer["solution"] = plain(standing.solution)
        return answer

    def _note(self, run: LiveRun, message: heard.AnyCommand, command: AnyCommand, standing: Standing) -> None:
        """What the command took away goes onto the piles."""
        match command:
            case Undo() | Redo():
                last = run.edits.next(command.op)
                run.edits.swap(command.op, taken_by(message, run.spec, standing, last.path) or last)
            case Set() | Edit():
                path = command.path if isinstance(command, Set) else f"{command.tensor}{command.index}"
                taken = taken_by(message, run.spec, standing, path)
                if taken is None:
                    return
                alone = path in run.overtaken
                run.overtaken.discard(path)
                continues = isinstance(command, Set) and command.continues and not alone
                run.edits.note(taken, continues, self.context.settings.max_undo)
            case Rewind():
                run.edits.forget_after(standing.state.head)
            case Reset():
                run.edits.forget_weights()
            case _:
                return
        run.unsaved_edits = True

    def _admit_player(self) -> None:
        playing = self.context.playing
        if playing >= self.context.settings.max_playing:
            raise Full(
                "playing-full",
                "{playing} runs are training already; pause one or try again in a minute",
                playing=playing,
            )

    async def load(self, run: LiveRun, content: bytes) -> int:
        """Somebody's weights; the step they are loaded at."""
        return await self._to_its_end(self._load(run, content))

    async def _load(self, run: LiveRun, content: bytes) -> int:
        run.touch()
        async with run.lock:
            standing = await self._done(run, heard.Load(content))
            await self._show(run, run.report, edited=False)
        return standing.state.step

    async def change(self, run: LiveRun, spec: RunSpec) -> None:
        """Another spec, of a run that nobody knows yet."""
        await self._done(run, heard.Set(spec))

    async def pause(self, run: LiveRun) -> None:
        """For who keeps house; the run's lock is held."""
        await self._done(run, heard.Pause())

    async def _done(self, run: LiveRun, command: heard.AnyCommand, asked: AnyCommand | None = None) -> Standing:
        """Written down, carried out, and what it came to is written down."""
        number = await self.journal.begin(run, command)
        try:
            standing = await self.context.workers.ask(Steer(run.id, number, command))
        except AppError:
            await self.journal.drop(run, number)
            raise
        run.take(standing.state)
        if asked is not None:
            self._note(run, command, asked, standing)
        run.spec = standing.head_spec
        run.shown = standing.spec if standing.spec != standing.head_spec else None
        self.context.counts["commands"] += 1
        if isinstance(command, heard.Move) and run.saving is not None:
            await self.journal.moved(run.saving)
        await self.journal.end(run, number, command, standing)
        return standing

    async def _show(self, run: LiveRun, report: Report, edited: bool) -> None:
        """Viewers hear what has become of it."""
        run.report = report
        await self.cores.share()
        message: dict[str, object] = {"event": "state", "state": plain(run.state), **run.edits.counts()}
        if edited or run.shown != run.told:
            run.told = run.shown
            shown_report = (await self.checks.parsed(run.shown)).report() if run.shown else report
            message |= {"spec": run.spec, "shown_spec": run.shown, "report": shown_report}
        run.broadcast(message)
