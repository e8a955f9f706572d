"""How the cores are shared between runs."""

import os

from app.ipc.messages import Threads
from app.runs.context import Context


class Cores:
    """A lone run gets a second thread, which no other run would use; the numbers do not depend on it."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.sweeps = 0
        """Sweeps at work: they use every core."""
        self._threads = 1

    async def share(self, again: bool = False) -> None:
        """Tells the workers how many threads they have, if that has changed; or `again`, to those that are new."""
        alone = self.context.playing == 1 and not self.sweeps
        threads = 2 if alone and (os.cpu_count() or 1) > 1 else 1
        if threads != self._threads or again:
            self._threads = threads
            await self.context.workers.everywhere(Threads(threads))
