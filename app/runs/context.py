"""What every part of the service works on: settings, workers, storage, and the runs that are in a worker now."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field

from app.runs.again import Pause
from app.runs.live import LiveRun
from app.runs.workers import Workers
from app.settings import Settings
from app.storage import Database

log = logging.getLogger("descent.runs")


class Background:
    """Work that nobody waits for. One that fails is logged; it keeps no reference once it is over."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self.failing: dict[str, str] = {}
        """Lasting work that has failed and not gone well since: its name and what went wrong."""
        self.failures = 0

    def keep(self, name: str, round_: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        """Round after round until it is cancelled; one that fails is logged and counted, and the next comes later."""
        return self.start(self._keep(name, round_), name)

    async def _keep(self, name: str, round_: Callable[[], Awaitable[None]]) -> None:
        pause = Pause()
        while True:
            try:
                await round_()
            except Exception as error:
                log.exception("%s failed and is begun again in %.1f s", name, pause.seconds)
                self.failures += 1
                self.failing[name] = f"{type(error).__name__}: {error}"
                await pause.over()
            else:
                self.failing.pop(name, None)
                pause = Pause()

    def start(self, work: Coroutine[object, object, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("background work failed", exc_info=task.exception())

    async def finish(self) -> None:
        await asyncio.gather(*self._tasks, return_exceptions=True)


@dataclass
class Context:
    settings: Settings
    workers: Workers
    database: Database
    live: dict[str, LiveRun] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    background: Background = field(default_factory=Background)

    @property
    def playing(self) -> int:
        """Runs that train."""
        return sum(run.state.playing for run in self.live.values())
