"""What fails is tried again, sooner at first than later."""

import asyncio

FIRST = 0.2
MOST = 5.0


class Pause:
    """await pause.over(): FIRST seconds, then twice as long each time, MOST at most."""

    def __init__(self) -> None:
        self.seconds = FIRST

    async def over(self) -> None:
        await asyncio.sleep(self.seconds)
        self.seconds = min(MOST, 2 * self.seconds)
