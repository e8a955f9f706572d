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
        self._made: dict[str, asyncio.Task[bytes]] = {}

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

    async def made_once(self, module: str, *arguments: str) -> bytes:
        """All that a module prints, which is the same each time: it runs once, and who asks meanwhile waits for it."""
        making = self._made.get(module)
        if making is None:
            making = self._made[module] = asyncio.create_task(self._whole(module, *arguments))
        try:
            return await asyncio.shield(making)
        except Exception:
            if self._made.get(module) is making:
                del self._made[module]  # another time it may succeed
            raise

    async def _whole(self, module: str, *arguments: str) -> bytes:
        made = b"".join([line async for line in self.lines(module, *arguments)])
        if not made:
            raise RuntimeError(f"jobs.{module} has made nothing")
        return made
