"""Work outside the runs, each in a process of its own: its memory goes back when it ends, and no run waits for it."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from app.errors import Full
from app.ipc import interpreter
from app.settings import Settings


class Jobs:
    """Starts processes and passes on the lines they print; so many at once, others are told to come back."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.running = 0

    async def lines(self, module: str, *arguments: str) -> AsyncGenerator[bytes]:
        """The lines that a module of this folder prints; stopping the iteration ends the process."""
        if self.running >= self.settings.max_jobs:
            raise Full(
                "jobs-full",
                "{running} such passes are running already; try again in a few seconds",
                running=self.running,
            )
        self.running += 1
        try:
            process = await asyncio.create_subprocess_exec(
                *interpreter.command(f"jobs.{module}", *arguments), env=interpreter.environment(), limit=1 << 22,
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            )  # fmt: skip
            assert process.stdout is not None
            try:
                async with asyncio.timeout(self.settings.job_seconds):
                    async for line in process.stdout:
                        yield line
                    await process.wait()
            except TimeoutError:
                raise Full(
                    "job-long",
                    "the pass took more than {seconds:g} s and was ended; try a smaller net",
                    seconds=self.settings.job_seconds,
                ) from None
            finally:
                if process.returncode is None:
                    with contextlib.suppress(ProcessLookupError):
                        process.kill()
                    await process.wait()
        finally:
            self.running -= 1
