"""Keeps house: pauses what nobody watches, puts forgotten runs to rest, deletes old ones."""

import asyncio
import time

from app.errors import Refused, WorkerLost
from app.ipc.commands import Pause
from app.ipc.messages import Steer
from app.runs.context import Context
from app.runs.cores import Cores
from app.runs.live import LiveRun

DAY = 86400


class Janitor:
    def __init__(self, context: Context, cores: Cores) -> None:
        self.context, self.cores = context, cores

    async def work(self) -> None:
        """Round after round, until it is cancelled."""
        settings = self.context.settings
        while True:
            await asyncio.sleep(min(5.0, settings.abandoned_seconds / 4, settings.idle_minutes * 15))
            await self.round(time.monotonic())

    async def round(self, now: float) -> None:
        settings, live = self.context.settings, self.context.live
        for run in [r for r in live.values() if r.state.playing and r.abandoned_at is not None]:
            if now - (run.abandoned_at or now) > settings.abandoned_seconds:
                await self._pause(run)
        limit = now - settings.idle_minutes * 60
        for run in [r for r in live.values() if not r.listeners and r.touched < limit and not r.lock.locked()]:
            await self.rest(run)
        await self.cores.share(again=True)  # a worker that was replaced does not know yet
        await self.context.database.delete_untouched(settings.keep_days * DAY)

    async def rest(self, run: LiveRun) -> None:
        """Out of the worker, into storage; opening it again brings it back."""
        context = self.context
        async with run.lock:
            if context.live.get(run.id) is not run:
                return
            await self._pause(run)
            await run.save_rows(context.database)
            context.live.pop(run.id, None)
            await context.workers.close_run(run.id)
            run.end_groups()

    async def _pause(self, run: LiveRun) -> None:
        try:
            await self.context.workers.ask(Steer(run.id, Pause()))
        except (WorkerLost, Refused):
            return
        await self.context.database.update_run(run.id, run.spec, False, run.speed)
