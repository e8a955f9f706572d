"""What routes and streams may do with runs: start, find, steer, fork, watch, end. Storage and workers meet here."""

import asyncio
import contextlib
import dataclasses
import hashlib
import hmac
import logging
import secrets
import sqlite3
import time
from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import structs

from app.errors import Forbidden, Full, NotFound, Refused, SpecProblem, WorkerLost, sentences
from app.http.problems import error_event
from app.ipc import messages
from app.ipc.commands import Entry, Set
from app.ipc.messages import CheckpointNews, Kept, News, RowsNews, RunState, StateNews, Views
from app.ipc.pace import Pace
from app.ipc.tensors import decode_rows, meta_of
from app.runs.again import Pause
from app.runs.checks import Checks
from app.runs.commands import AnyCommand
from app.runs.context import Context
from app.runs.cores import Cores
from app.runs.janitor import Janitor
from app.runs.journal import first_spec
from app.runs.live import FrameGroup, LiveRun, Rows, group_key, plain
from app.runs.steering import Steering
from app.runs.stored import checkpoints_of_today, edits_of_today, journal_of_today, spec_of_today
from app.runs.uploads import Uploads
from app.runs.workers import Workers
from app.settings import Settings
from app.specs import CheckedSpec, changed
from app.storage import Database, StoredRun
from engine.training.spec import RunSpec

log = logging.getLogger("descent.runs")
RECOVERED_VERSIONS = 1_000_000
"""A run that comes back counts its versions from here on: above all that its lost worker has told."""


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class RunService:
    """One per server."""

    def __init__(self, settings: Settings, workers: Workers, database: Database) -> None:
        self.settings, self.workers, self.database = settings, workers, database
        self.context = context = Context(settings, workers, database)
        self.uploads = Uploads(context)
        self.checks = Checks(settings, self.uploads)
        self.cores = Cores(context)
        self.steering = Steering(context, self.checks, self.uploads, self.cores)
        self.journal = self.steering.journal
        self.janitor = Janitor(context, self.cores, self.steering)
        self.closing = False
        self._opening: dict[str, asyncio.Lock] = {}

    @property
    def live(self) -> dict[str, LiveRun]:
        """The runs that are in a worker now."""
        return self.context.live

    @property
    def counts(self) -> Counter[str]:
        return self.context.counts

    async def start(self) -> None:
        await self.workers.start(self._on_news, self._on_lost)
        self._housekeeping = self.context.background.keep("housekeeping", self.janitor.work)

    async def stop(self) -> None:
        """Saves everything; the order matters: workers tell what is unsaved, then storage closes."""
        self.closing = True
        await self.workers.stop()
        for run in self.live.values():
            run.end_groups()
            try:
                await run.save_rows(self.database)
                await self.database.update_run(run.id, run.spec, run.state.playing, run.state.pace)
            except sqlite3.Error as error:  # the others are saved all the same
                log.error("run %s: storage does not take its last rows: %s", run.id, error)
        self._housekeeping.cancel()
        await self.context.background.finish()
        await self.database.close()

    async def troubles(self) -> list[str]:
        """Why nobody should be sent here at present."""
        if self.closing:
            return ["the server is stopping"]
        out = [f"{name} fails: {why}" for name, why in self.context.background.failing.items()]
        if not any(worker.alive for worker in self.workers.status()):
            out.append("no training process is up")
        try:
            await self.database.check()
        except sqlite3.Error as error:
            out.append(f"storage takes nothing: {error}")
        return out

    # -- what others do ------------------------------------------------------------------------------------------
    async def check(self, raw: object) -> CheckedSpec:
        return await self.checks.raw(raw)

    async def command(self, run: LiveRun, command: AnyCommand) -> dict[str, object]:
        return await self.steering.command(run, command)

    async def add_upload(self, text: bytes) -> dict[str, object]:
        return await self.uploads.add_csv(text)

    async def add_pictures(self, archive: bytes) -> dict[str, object]:
        return await self.uploads.add_pictures(archive)

    async def get_upload(self, upload: str) -> dict[str, object]:
        return await self.uploads.get(upload)

    # -- life of a run -------------------------------------------------------------------------------------------
    def _admit(self, client: str) -> None:
        """A place for a run more. Runs that are left behind are kept, so one of them makes room, longest left first."""
        left = [r for r in self.live.values() if not r.listeners and not r.state.playing]
        if len(self.live) >= self.settings.max_runs:
            if not left:
                raise Full(*sentences.NO_PLACE, most=self.settings.max_runs)
            self._make_room(left)
            return
        runs = sum(run.client == client for run in self.live.values())
        if runs >= self.settings.max_runs_per_client:
            own = [r for r in left if r.client == client]
            if not own:
                raise Full(*sentences.NO_PLACE_FOR_CLIENT, runs=runs)
            self._make_room(own)

    def _make_room(self, left: Sequence[LiveRun]) -> None:
        self.context.background.start(self.janitor.rest(min(left, key=lambda r: r.touched)), "rest")

    async def create(self, raw: object, client: str, knee: int | None = None) -> tuple[LiveRun, str]:
        """A new run from a spec, by a clock with a knee or as fast as it goes; the token is told once."""
        checked = await self.check(raw)
        self._admit(client)
        return await self._begin(checked, client, self._pace(knee))

    def _pace(self, knee: int | None) -> Pace:
        return Pace("clock", None, knee) if knee is not None and self.settings.clock else Pace()

    async def fork(
        self, run: LiveRun, client: str, changes: Mapping[str, object], step: int | None
    ) -> tuple[LiveRun, str]:
        """A new run from the moment that is shown (or a kept one near `step`), with changes to its spec."""
        moment = await self.workers.ask(messages.Checkpoint(run.id, step))
        spec = moment.spec
        for path, value in changes.items():
            spec = changed(spec, path, value)
        checked = await self.checks.parsed(spec)
        self._admit(client)
        pace = run.state.pace if run.state.pace.kind == "clock" else Pace()
        return await self._begin(checked, client, pace, run.id, moment)

    async def _begin(
        self,
        checked: CheckedSpec,
        client: str,
        pace: Pace,
        parent: str | None = None,
        moment: messages.Moment | None = None,
    ) -> tuple[LiveRun, str]:
        """A run from the beginning, or from a parent's moment."""
        run_id, token = secrets.token_urlsafe(9), secrets.token_urlsafe(24)
        parent_step = None if moment is None else moment.step
        stored = StoredRun(run_id, hashed(token), time.time(), client, checked.spec, False, pace, parent, parent_step)
        run = _live(stored, checked)
        run.rows = Rows(None if moment is None else decode_rows(moment.kept.rows))
        self.live[run_id] = run  # before the worker has it, so that none of its first news is missed
        try:
            await self.journal.found(stored, None if moment is None else moment.kept)
            if moment is None:
                await self._create(run, checked.spec)
            else:
                await self._create(run, moment.spec, kept=moment.kept)
                run.spec = moment.spec
                if moment.spec != checked.spec:
                    await self.uploads.send(run_id, checked.spec)
                    await self.steering.change(run, checked.spec)
        except BaseException:
            self.live.pop(run_id, None)
            await self.workers.close_run(run_id)
            with contextlib.suppress(sqlite3.Error):
                await self.database.delete_run(run_id)
            raise
        self.counts["runs_started"] += 1
        return run, token

    async def _create(
        self,
        run: LiveRun,
        spec: RunSpec,
        *,
        kept: Kept | None = None,
        journal: Sequence[Entry] = (),
        playing: bool = False,
        version: int = 1,
    ) -> messages.Created:
        """The run in a worker."""
        specs = [spec, *(entry.command.spec for entry in journal if isinstance(entry.command, Set))]
        uploads = await self.uploads.of(specs)
        try:
            created = await self.workers.create(
                messages.Create(
                    run.id, spec, uploads, kept, list(journal), run.number, playing, run.state.pace, version
                )
            )
        except Refused as error:
            raise SpecProblem.of(error.field or "spec", error) from error
        run.take(created.state)
        return created

    async def get(self, run_id: str) -> LiveRun:
        """The run, woken from storage if it rests."""
        run = self.live.get(run_id)
        if run is not None:
            run.touch()
            return run
        async with self._opening.setdefault(run_id, asyncio.Lock()):
            if run_id not in self.live:
                stored = await self.database.get_run(run_id)
                if stored is None:
                    raise NotFound("no-run", "there is no run {run!r:.60}", run=run_id)
                self._admit(stored.client)
                await self._wake(stored)
        self._opening.pop(run_id, None)
        return self.live[run_id]

    async def _wake(self, stored: StoredRun, version: int = 1) -> None:
        """A stored run into a worker: its latest checkpoint, then its journal done again, with the history of both."""
        latest, frames = await self.database.checkpoints(stored.id)
        rows = await self.database.rows(stored.id)
        stored = dataclasses.replace(stored, spec=spec_of_today(stored.spec))
        latest = checkpoints_of_today([latest])[0] if latest else None
        frames = checkpoints_of_today(frames)
        journal = journal_of_today(await self.journal.entries(stored.id))
        kept = Kept(latest, rows.tobytes(), frames) if latest else None
        base: RunSpec = meta_of(latest)["spec"] if latest else first_spec(journal) or stored.spec
        run = self.live.get(stored.id) or _live(stored, await self.checks.parsed(stored.spec))
        if stored.id not in self.live:
            run.edits = edits_of_today(await self.journal.edits(stored.id))
        run.state = structs.replace(run.state, pace=stored.pace)
        run.moved_to = await self.database.successor(stored.id)
        run.number = max(run.number, *(entry.number for entry in journal), 0)
        run.rows = Rows(rows if latest else None)
        run.rows.count = run.rows.after_step(meta_of(latest)["step"]) if latest else 0
        for viewer, cursor in run.cursors.items():
            run.cursors[viewer] = min(cursor, run.rows.count)
        new = stored.id not in self.live
        self.live[stored.id] = run
        try:
            created = await self._create(run, base, kept=kept, journal=journal, playing=stored.playing, version=version)
            run.spec, run.shown = created.head_spec, created.spec if created.spec != created.head_spec else None
            run.report = (await self.checks.parsed(run.spec)).report()
            await self.journal.settle(run, journal, created.settled)
        except BaseException:
            if new:
                self.live.pop(stored.id, None)
            raise

    async def _on_lost(self, runs: list[str]) -> None:
        """A worker died: each of its runs goes on from its last checkpoint and its journal."""
        log.warning("a training process ended; %d runs come back from their checkpoints", len(runs))
        self.counts["hosts_lost"] += 1
        await asyncio.gather(*(self._recover(self.live[run]) for run in runs if run in self.live))

    async def _recover(self, run: LiveRun) -> None:
        """Commands wait meanwhile; if storage fails, it is tried again until it does not."""
        async with run.lock:
            pause = Pause()
            while not self.closing and self.live.get(run.id) is run:
                try:
                    if not await self._come_back(run):
                        return
                    break
                except sqlite3.Error as error:
                    log.error("run %s cannot come back yet: storage fails: %s", run.id, error)
                    await pause.over()
            else:
                return
        for group in run.groups.values():
            group.restart()
        self.counts["runs_recovered"] += 1
        run.broadcast({"event": "recovered", "step": run.state.step, "state": plain(run.state)})

    async def _come_back(self, run: LiveRun) -> bool:
        """Whether a run whose worker is gone is in another one now."""
        if run.saving is not None:  # what the lost worker told last
            await asyncio.wait([run.saving])
        await run.save_rows(self.database)
        stored = await self.database.get_run(run.id)
        if stored is None:
            return False
        stored = dataclasses.replace(stored, playing=run.state.playing, pace=run.state.pace)
        try:
            await self._wake(stored, run.state.version + RECOVERED_VERSIONS)
        except (SpecProblem, WorkerLost) as error:
            run.broadcast(error_event("lost", error))
            return False
        return True

    async def delete(self, run: LiveRun) -> None:
        async with run.lock:
            self.live.pop(run.id, None)
            await self.workers.close_run(run.id)
            await self.database.delete_run(run.id)
            run.broadcast({"event": "ended"})
            run.end_groups()

    async def move(self, run: LiveRun, to: str | None) -> None:
        """The owner goes on with another run, or is here again; who watches is told, and who comes later is led on."""
        if to == run.id:
            raise SpecProblem("run", "run-follows-itself", "a run does not follow itself")
        if to is not None and await self.database.get_run(to) is None:
            raise SpecProblem("run", "no-run", "there is no run {run!r:.60}", run=to)
        await self.database.put_successor(run.id, to)
        run.moved_to = to
        if to is None:
            return
        if to in self.live:
            self.live[to].moved_to = None
        run.broadcast({"event": "moved", "run": to})

    def authorize(self, run: LiveRun, token: str | None) -> None:
        if not token or not hmac.compare_digest(hashed(token), run.token):
            raise Forbidden(*sentences.RUN_TOKEN)

    # -- reading -------------------------------------------------------------------------------------------------
    def group(self, run: LiveRun, views: Views, exact: bool) -> FrameGroup:
        """The group of viewers of these views; made when the first one comes."""
        key = group_key(views, exact)
        group = run.groups.get(key)
        if group is None or group.closed:

            async def ask(after: int) -> tuple[int, bytes]:
                answer = await self.workers.ask(messages.Frame(run.id, after, views, exact))
                return answer.version, answer.frame

            run.groups = {k: g for k, g in run.groups.items() if not g.closed}
            group = run.groups[key] = FrameGroup(ask)
        return group

    async def frame(self, run: LiveRun, views: Views, exact: bool) -> bytes:
        return (await self.workers.ask(messages.Frame(run.id, 0, views, exact))).frame

    async def predict(self, run: LiveRun, inputs: Sequence[object], activations: bool) -> dict[str, object]:
        most = self.settings.max_predict_rows
        if len(inputs) > most:
            raise SpecProblem("inputs", *sentences.MANY_INPUTS, limit=True, most=most, got=len(inputs))
        try:
            predicted = await self.workers.ask(messages.Predict(run.id, inputs, activations))
        except Refused as error:
            raise SpecProblem.of("inputs", error, "" if str(error).startswith("inputs") else "inputs: ") from error
        outputs = predicted.tensors.pop("outputs")
        out: dict[str, object] = {"step": predicted.step, "revision": predicted.revision, "outputs": outputs,
                                  "classes": predicted.classes}  # fmt: skip
        return out | ({"activations": predicted.tensors} if activations else {})

    async def weights(self, run: LiveRun) -> bytes:
        return (await self.workers.ask(messages.Weights(run.id))).content

    async def onnx(self, run: LiveRun) -> bytes:
        return (await self.workers.ask(messages.Onnx(run.id))).content

    async def set_weights(self, run: LiveRun, content: bytes) -> int:
        try:
            return await self.steering.load(run, content)
        except Refused as error:
            raise SpecProblem.of("body", error) from error

    async def data(self, run: LiveRun, most: int) -> bytes:
        return (await self.workers.ask(messages.Data(run.id, most))).content

    # -- news from workers ---------------------------------------------------------------------------------------
    def _on_news(self, news: News) -> None:
        run = self.live.get(news.run)
        if run is None:
            return
        match news:
            case RowsNews():
                run.put_rows(news.start, decode_rows(news.rows))
            case StateNews():
                run.news(news.state)
            case CheckpointNews():
                run.saving = self.context.background.start(run.save(self.database, news), "checkpoint")


def _live(stored: StoredRun, checked: CheckedSpec) -> LiveRun:
    """A run that no worker has spoken of yet."""
    state = RunState(stored.id, pace=stored.pace)
    return LiveRun(stored.id, stored.token, stored.client, stored.spec, checked.report(), state, stored.created,
                   stored.parent, stored.parent_step)  # fmt: skip
