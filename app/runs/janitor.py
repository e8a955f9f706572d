"""Keeps house: pauses what nobody watches, puts forgotten runs to rest, deletes old ones."""

import asyncio
import contextlib
import sqlite3
import time

from app.errors import AppError
from app.runs.context import Context
from app.runs.cores import Cores
from app.runs.live import LiveRun
from app.runs.steering import Steering

DAY = 86400


class Janitor:
    def __init__(self, context: Context, cores: Cores, steering: Steering) -> None:
        self.context, self.cores, self.steering = context, cores, steering

    async def work(self) -> None:
        """One round, after a while."""
        settings = self.context.settings
        await asyncio.sleep(min(5.0, settings.abandoned_seconds / 4, settings.idle_minutes * 15))
        await self.round(time.monotonic())

    async def round(self, now: float) -> None:
        """What goes wrong with one run keeps nobody from the others; it is raised at the end."""
        settings, live = self.context.settings, self.context.live
        wanted = now - settings.abandoned_seconds
        for run in [r for r in live.values() if r.state.playing and not r.listeners and r.touched < wanted]:
            async with run.lock:
                if not run.listeners:  # nobody has come meanwhile
                    await self._pause(run)
        limit = now - settings.idle_minutes * 60
        troubles: list[Exception] = []
        for run in [r for r in live.values() if not r.listeners and r.touched < limit and not r.lock.locked()]:
            try:
                await self.rest(run)
            except (AppError, sqlite3.Error) as error:
                troubles.append(error)
        await self.cores.share(again=True)  # a worker that was replaced does not know yet
        await self.context.database.delete_untouched(settings.keep_days * DAY)
        if troubles:
            raise troubles[0]

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
        """The run's lock is held."""
        with contextlib.suppress(AppError):  # it is being recovered, or storage takes nothing: at the next round
            await self.steering.pause(run)
