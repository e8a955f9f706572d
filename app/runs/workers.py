"""Where training happens. The web process knows nothing else about it.

`Hosts` is the contract; `LocalHosts` keeps processes on this machine. Another engine needs an adapter with the same
methods and passes the same tests.
"""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson

from app.ipc import framing, interpreter
from app.settings import Settings

RECOVERING = "the training process ended; the run is being recovered"
RESTARTING = "the server is being restarted; try again in a few seconds"
Event = Callable[[dict[str, Any], bytes], None]
Lost = Callable[[list[str]], Awaitable[None]]


class HostLost(RuntimeError):
    """The host of a run is gone; the run comes back from its last checkpoint."""


class HostRefused(ValueError):
    """A host would not do it; `field` names what was wrong, `fault` says that it was our own fault."""

    def __init__(self, message: str, field: str | None = None, fault: bool = False) -> None:
        super().__init__(message)
        self.field = field
        self.fault = fault


class Hosts(Protocol):
    """What the service asks of an engine."""

    async def start(self, on_event: Event, on_lost: Lost) -> None: ...
    async def create(self, run: str, spec: dict[str, Any], body: bytes = b"", **more: Any) -> dict[str, Any]: ...
    async def ask(self, run: str, do: str, body: bytes = b"", **more: Any) -> framing.Message: ...
    async def anywhere(self, do: str, body: bytes = b"", **more: Any) -> framing.Message: ...
    async def close_run(self, run: str) -> None: ...
    async def everywhere(self, do: str, **more: Any) -> None: ...
    async def stop(self) -> None: ...
    def status(self) -> list[dict[str, Any]]: ...


@dataclass
class _Process:
    number: int
    process: asyncio.subprocess.Process
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    runs: set[str] = field(default_factory=set)
    pending: dict[int, asyncio.Future[framing.Message]] = field(default_factory=dict)
    alive: bool = True
    listener: asyncio.Task[None] | None = None


class LocalHosts:
    """Host processes on this machine, one socket pair each; a dead one is replaced and its runs are reported lost."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._processes: list[_Process] = []
        self._where: dict[str, _Process] = {}
        self._next = 0
        self._stopping = False
        self._on_event: Event
        self._on_lost: Lost
        self._recovering: set[asyncio.Task[None]] = set()

    async def start(self, on_event: Event, on_lost: Lost) -> None:
        self._on_event, self._on_lost = on_event, on_lost
        self._processes = list(await asyncio.gather(*(self._spawn(number) for number in range(self.settings.hosts))))

    async def _spawn(self, number: int) -> _Process:
        ours, theirs = socket.socketpair()
        limits = orjson.dumps(
            {
                "slice_ms": self.settings.slice_ms,
                "checkpoint_seconds": self.settings.checkpoint_seconds,
                "keyframe_bytes": self.settings.keyframe_bytes,
            }
        ).decode()
        with theirs:
            process = await asyncio.create_subprocess_exec(
                *interpreter.command("worker.process", str(theirs.fileno()), limits), env=interpreter.environment(),
                pass_fds=(theirs.fileno(),), stdin=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
        reader, writer = await asyncio.open_connection(sock=ours, limit=1 << 22)
        made = _Process(number, process, reader, writer)
        made.listener = asyncio.create_task(self._listen(made), name=f"host {number}")
        return made

    async def _listen(self, host: _Process) -> None:
        try:
            while True:
                head, body = await framing.read(host.reader)
                if "event" in head:
                    self._on_event(head, body)
                    continue
                waiting = host.pending.pop(head["q"], None)
                if waiting is not None and not waiting.done():
                    waiting.set_result((head, body))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            host.alive = False
            lost = RESTARTING if self._stopping else RECOVERING
            for waiting in host.pending.values():
                if not waiting.done():
                    waiting.set_exception(HostLost(lost))
            host.pending.clear()
            if not self._stopping:
                task = asyncio.create_task(self._replace(host), name=f"replace host {host.number}")
                self._recovering.add(task)
                task.add_done_callback(self._recovering.discard)

    async def _replace(self, host: _Process) -> None:
        """A new process in the place of a dead one; its runs are reported."""
        lost = sorted(host.runs)
        for run in lost:
            self._where.pop(run, None)
        host.writer.close()
        if host.process.returncode is None:
            host.process.kill()
        await host.process.wait()
        self._processes[host.number] = await self._spawn(host.number)
        await self._on_lost(lost)

    async def _send(self, host: _Process, do: str, body: bytes, more: dict[str, Any]) -> framing.Message:
        if not host.alive:
            raise HostLost(RESTARTING if self._stopping else RECOVERING)
        self._next += 1
        number = self._next
        try:
            message = framing.pack({"q": number, "do": do, **more}, body)
        except TypeError as error:  # JSON knows larger whole numbers than a host does
            raise HostRefused("expected whole numbers within 64 bits, got a larger one") from error
        waiting: asyncio.Future[framing.Message] = asyncio.get_running_loop().create_future()
        host.pending[number] = waiting
        try:
            host.writer.write(message)
            head, out = await waiting
        finally:
            host.pending.pop(number, None)
        if "error" in head:
            raise HostRefused(head["error"], head.get("field"), bool(head.get("fault")))
        return head, out

    async def create(self, run: str, spec: dict[str, Any], body: bytes = b"", **more: Any) -> dict[str, Any]:
        """Starts or resumes a run on the least busy host; doing it twice is doing it once."""
        host = self._where.get(run)
        if host is None:
            host = min((h for h in self._processes if h.alive), key=lambda h: len(h.runs), default=None)
            if host is None:
                raise HostLost("no training process is up yet; try again in a second")
        host.runs.add(run)
        self._where[run] = host
        try:
            head, _ = await self._send(host, "create", body, {"run": run, "spec": spec, **more})
        except HostRefused:
            host.runs.discard(run)
            self._where.pop(run, None)
            raise
        state: dict[str, Any] = head["state"]
        return state

    async def ask(self, run: str, do: str, body: bytes = b"", **more: Any) -> framing.Message:
        host = self._where.get(run)
        if host is None:
            raise HostLost("the run is being recovered; try again in a second")
        return await self._send(host, do, body, {"run": run, **more})

    async def anywhere(self, do: str, body: bytes = b"", **more: Any) -> framing.Message:
        """A request that belongs to no run."""
        host = min((h for h in self._processes if h.alive), key=lambda h: len(h.pending), default=None)
        if host is None:
            raise HostLost("no training process is up yet; try again in a second")
        return await self._send(host, do, body, more)

    async def everywhere(self, do: str, **more: Any) -> None:
        """The same request to every host; one that is gone needs no answer."""
        for host in [h for h in self._processes if h.alive]:
            with contextlib.suppress(HostLost, HostRefused):
                await self._send(host, do, b"", more)

    async def close_run(self, run: str) -> None:
        host = self._where.pop(run, None)
        if host is not None:
            host.runs.discard(run)
            if host.alive:
                await self._send(host, "close", b"", {"run": run})

    async def stop(self) -> None:
        """Saves what is unsaved, then ends the processes. One that is too busy to answer has its last checkpoint."""
        self._stopping = True
        live = [h for h in self._processes if h.alive]
        saves = [asyncio.create_task(self._send(h, "save", b"", {})) for h in live]
        ends = [asyncio.create_task(h.process.wait()) for h in self._processes]
        if saves:
            await asyncio.wait(saves, timeout=self.settings.shutdown_seconds / 2)
        for host in live:
            host.writer.close()
        if ends:
            await asyncio.wait(ends, timeout=self.settings.shutdown_seconds / 4)
        for host in self._processes:
            if host.process.returncode is None:
                host.process.kill()
        listeners = [h.listener for h in self._processes if h.listener is not None]
        await asyncio.gather(*saves, *ends, *listeners, return_exceptions=True)

    def status(self) -> list[dict[str, Any]]:
        return [
            {"host": h.number, "pid": h.process.pid, "alive": h.alive, "runs": len(h.runs)} for h in self._processes
        ]


def open_hosts(address: str, settings: Settings) -> Hosts:
    """`local:2` keeps two processes here; other schemes are adapters to come."""
    kind, _, number = address.partition(":")
    if kind != "local" or not number.isdigit():
        raise ValueError(f"hosts wants 'local:N', got {address!r}")
    return LocalHosts(settings.model_copy(update={"hosts": int(number)}))
