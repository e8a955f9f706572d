"""Where training happens. The server knows nothing else about it.

`Workers` is the contract; `LocalWorkers` keeps processes on this machine. Another engine needs an adapter with the same
methods and passes the same tests.
"""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar, cast

import msgspec

from app.errors import Fault, Refused, WorkerLost
from app.errors.sentences import DEEP, NO_WORKER, RECOVERING, RESTARTING
from app.ipc import framing, interpreter
from app.ipc.messages import (
    ANSWER_OF,
    Answer,
    AnyAnswer,
    AnyQuestion,
    Asked,
    Close,
    Create,
    Created,
    Limits,
    News,
    OfRun,
    Question,
    Refusal,
    Save,
)
from app.runs.again import Pause
from app.settings import Settings

log = logging.getLogger("descent.workers")
A = TypeVar("A", bound=Answer)
OnNews = Callable[[News], None]
OnLost = Callable[[list[str]], Awaitable[None]]


@dataclass(frozen=True)
class WorkerStatus:
    number: int
    pid: int
    alive: bool
    runs: int


class Workers(Protocol):
    """What the service asks of an engine. Each `ask` gives the answer that belongs to its question, or raises."""

    async def start(self, on_news: OnNews, on_lost: OnLost) -> None: ...
    async def create(self, question: Create) -> Created: ...
    async def ask(self, question: OfRun[A]) -> A: ...
    async def anywhere(self, question: Question[A]) -> A: ...
    async def everywhere(self, question: Question[A]) -> None: ...
    async def close_run(self, run: str) -> None: ...
    async def stop(self) -> None: ...
    def status(self) -> list[WorkerStatus]: ...


@dataclass
class _Process:
    number: int
    process: asyncio.subprocess.Process
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    runs: set[str] = field(default_factory=set)
    pending: dict[int, asyncio.Future[AnyAnswer | Refusal]] = field(default_factory=dict)
    alive: bool = True
    listener: asyncio.Task[None] | None = None


class LocalWorkers:
    """Processes on this machine, one socket pair each; a dead one is replaced and its runs are reported lost."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._processes: list[_Process] = []
        self._where: dict[str, _Process] = {}
        self._coming: dict[str, asyncio.Event] = {}
        """Runs that are being started or resumed: questions to them wait."""
        self._asked = 0
        self._stopping = False
        self._on_news: OnNews
        self._on_lost: OnLost
        self._recovering: set[asyncio.Task[None]] = set()

    async def start(self, on_news: OnNews, on_lost: OnLost) -> None:
        self._on_news, self._on_lost = on_news, on_lost
        self._processes = list(await asyncio.gather(*(self._spawn(number) for number in range(self.settings.hosts))))

    async def _spawn(self, number: int) -> _Process:
        ours, theirs = socket.socketpair()
        settings = self.settings
        limits = Limits(settings.slice_ms, settings.checkpoint_seconds, settings.keyframe_bytes,
                        settings.measure_share)  # fmt: skip
        with theirs:
            process = await asyncio.create_subprocess_exec(
                *interpreter.command("worker.process", str(theirs.fileno()), msgspec.json.encode(limits).decode()),
                env=interpreter.environment(), pass_fds=(theirs.fileno(),), stdin=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
        reader, writer = await asyncio.open_connection(sock=ours, limit=1 << 22)
        worker = _Process(number, process, reader, writer)
        worker.listener = asyncio.create_task(self._listen(worker), name=f"worker {number}")
        return worker

    async def _listen(self, worker: _Process) -> None:
        try:
            while True:
                told = await framing.read(worker.reader)
                if isinstance(told.content, News):
                    self._on_news(told.content)
                    continue
                waiting = worker.pending.pop(told.number or 0, None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(told.content)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except msgspec.DecodeError:
            log.exception("worker %d said something that cannot be read; another one takes its place", worker.number)
        finally:
            worker.alive = False
            lost = RESTARTING if self._stopping else RECOVERING
            for waiting in worker.pending.values():
                if not waiting.done():
                    waiting.set_exception(WorkerLost(*lost))
            worker.pending.clear()
            if not self._stopping:
                task = asyncio.create_task(self._replace(worker), name=f"replace worker {worker.number}")
                self._recovering.add(task)
                task.add_done_callback(self._recovering.discard)

    async def _replace(self, worker: _Process) -> None:
        """A new process in the place of a dead one; its runs are reported."""
        lost = sorted(worker.runs)
        for run in lost:
            self._where.pop(run, None)
        worker.writer.close()
        if worker.process.returncode is None:
            worker.process.kill()
        await worker.process.wait()
        self._processes[worker.number] = await self._spawn_at_last(worker.number)
        await self._on_lost(lost)

    async def _spawn_at_last(self, number: int) -> _Process:
        """A process, however long the machine has no room, no descriptor or no memory for one."""
        pause = Pause()
        while True:
            try:
                return await self._spawn(number)
            except OSError as error:
                if self._stopping:
                    raise
                log.error("worker %d cannot be started (%s); tried again in %.1f s", number, error, pause.seconds)
                await pause.over()

    async def _send(self, worker: _Process, question: Question[A]) -> A:
        if not worker.alive or worker.writer.is_closing():  # its end is known before its listener hears of it
            raise WorkerLost(*(RESTARTING if self._stopping else RECOVERING))
        self._asked += 1
        number = self._asked
        message = _packed(Asked(number, cast(AnyQuestion, question)))
        waiting: asyncio.Future[AnyAnswer | Refusal] = asyncio.get_running_loop().create_future()
        worker.pending[number] = waiting
        try:
            worker.writer.write(message)
            answer = await waiting
        finally:
            worker.pending.pop(number, None)
        if isinstance(answer, Refusal):
            refused = (Fault if answer.fault else Refused).as_told(answer.code, answer.params, answer.detail)
            refused.field = answer.field
            raise refused
        if not isinstance(answer, ANSWER_OF[type(question)]):
            raise Fault("fault", f"{type(question).__name__} was answered with {type(answer).__name__}")
        return cast(A, answer)

    def _least(self, busyness: Callable[[_Process], int]) -> _Process:
        worker = min((p for p in self._processes if p.alive), key=busyness, default=None)
        if worker is None:
            raise WorkerLost(*NO_WORKER)
        return worker

    async def create(self, question: Create) -> Created:
        """Starts or resumes a run on the least busy worker; doing it twice is doing it once."""
        run = question.run
        worker = self._where.get(run) or self._least(lambda p: len(p.runs))
        worker.runs.add(run)
        self._where[run] = worker
        there = self._coming.setdefault(run, asyncio.Event())
        try:
            return await self._send(worker, question)
        except Refused:
            worker.runs.discard(run)
            self._where.pop(run, None)
            raise
        finally:
            there.set()
            self._coming.pop(run, None)

    async def ask(self, question: OfRun[A]) -> A:
        """A question to the worker that has the run, once it is there."""
        coming = self._coming.get(question.run)
        if coming is not None and not isinstance(question, Close):
            await coming.wait()
        worker = self._where.get(question.run)
        if worker is None:
            raise WorkerLost("run-recovering", "the run is being recovered; try again in a second")
        return await self._send(worker, question)

    async def anywhere(self, question: Question[A]) -> A:
        """A question that belongs to no run."""
        return await self._send(self._least(lambda p: len(p.pending)), question)

    async def everywhere(self, question: Question[A]) -> None:
        """The same question to every worker; one that is gone needs no answer."""
        for worker in [p for p in self._processes if p.alive]:
            with contextlib.suppress(WorkerLost, Refused):
                await self._send(worker, question)

    async def close_run(self, run: str) -> None:
        worker = self._where.pop(run, None)
        if worker is not None:
            worker.runs.discard(run)
            if worker.alive:
                await self._send(worker, Close(run))

    async def stop(self) -> None:
        """Saves what is unsaved, then ends the processes. One that is too busy to answer has its last checkpoint."""
        self._stopping = True
        live = [p for p in self._processes if p.alive]
        saves = [asyncio.create_task(self._send(p, Save())) for p in live]
        ends = [asyncio.create_task(p.process.wait()) for p in self._processes]
        if saves:
            await asyncio.wait(saves, timeout=self.settings.shutdown_seconds / 2)
        for worker in live:
            worker.writer.close()
        if ends:
            await asyncio.wait(ends, timeout=self.settings.shutdown_seconds / 4)
        for worker in self._processes:
            if worker.process.returncode is None:
                worker.process.kill()
        listeners = [p.listener for p in self._processes if p.listener is not None]
        await asyncio.gather(*saves, *ends, *listeners, return_exceptions=True)

    def status(self) -> list[WorkerStatus]:
        return [WorkerStatus(p.number, p.process.pid, p.alive, len(p.runs)) for p in self._processes]


def _packed(asked: Asked) -> bytes:
    """The question as bytes; JSON knows numbers, text and depths that no message can hold."""
    try:
        return framing.pack(asked)
    except OverflowError as error:
        raise Refused("number-large", "expected whole numbers within 64 bits, got a larger one") from error
    except UnicodeEncodeError as error:
        raise Refused("half-character", "expected text, got half of a surrogate pair") from error
    except RecursionError as error:
        raise Refused(*DEEP) from error


def open_workers(address: str, settings: Settings) -> Workers:
    """`local:2` keeps two processes here; other schemes are adapters to come."""
    kind, _, number = address.partition(":")
    if kind != "local" or not number.isdigit():
        raise ValueError(f"workers want 'local:N', got {address!r}")
    return LocalWorkers(settings.model_copy(update={"hosts": int(number)}))
