"""Starts the parts, starts again what dies, and stops everything in order."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable

from .log import Log
from .part import Part, ending


class Supervisor:
    """Runs `parts` until asked to stop. The first part is the database when it is ours: last to stop."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.parts: list[Part] = []
        self.keepers: list[asyncio.Task[None]] = []
        self.stopping = asyncio.Event()

    def say(self, line: str) -> None:
        self.log.say("evenhand", line)

    def listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.ask_to_stop)

    def ask_to_stop(self) -> None:
        """The first time stop in order; the second time at once."""
        if self.stopping.is_set():
            self.say("Killing what has not stopped yet.")
            for part in self.parts:
                part.kill()
            return
        self.say("Stopping. Once more Ctrl-C kills.")
        self.stopping.set()

    def keep(self, part: Part) -> None:
        """Run a part from now on."""
        self.parts.append(part)
        self.keepers.append(asyncio.create_task(self._keep(part)))

    async def _keep(self, part: Part) -> None:
        while not self.stopping.is_set():
            try:
                how = ending(await part.run(self.log))
            except (OSError, RuntimeError) as error:
                how = f"could not be started: {error}"
            if self.stopping.is_set():
                return
            self.log.say(part.name, f"{how}; starting it again in {part.delay:g} s")
            await self.unless_stopping(asyncio.sleep(part.delay))

    async def unless_stopping(self, act: Awaitable[object]) -> bool:
        """Do `act` unless asked to stop first. Whether it was done; raises what it raises."""
        doing, stopping = asyncio.ensure_future(act), asyncio.ensure_future(self.stopping.wait())
        await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if doing.done():
            doing.result()
            return True
        doing.cancel()
        return False

    async def wait_until(self, ready: Callable[[], bool], every: float = 0.1) -> bool:
        """Wait for `ready()`, which may block for a moment; False when asked to stop before."""

        async def look() -> None:
            while not await asyncio.to_thread(ready):
                await asyncio.sleep(every)

        return await self.unless_stopping(look())

    async def stop(self) -> None:
        """Stop the parts together, then the database that they use."""
        self.stopping.set()
        users = [part for part in self.parts if part.name != "database"]
        await asyncio.gather(*(part.stop(self.log) for part in users))
        await asyncio.gather(*(part.stop(self.log) for part in self.parts if part not in users))
        await asyncio.gather(*self.keepers)
