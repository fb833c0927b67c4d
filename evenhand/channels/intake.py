"""The way from the door to the database: whoever waits is stored together, and told so after the commit."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field

from django.db import DatabaseError, InterfaceError, connection

from .letter import Arrival, Letter

log = logging.getLogger("evenhand.mail")

TOGETHER = 100  # letters in one transaction
TOGETHER_BYTES = 32 * 1024 * 1024


@dataclass(slots=True)
class Waiting:
    arrival: Arrival
    kept: asyncio.Future[bool] = field(repr=False)


def keep(arrivals: Sequence[Arrival]) -> list[bool]:
    """Store letters; for each whether it is stored. A letter that the database refuses takes no other with it."""
    try:
        _keep_once_more(arrivals)
        return [True] * len(arrivals)
    except (DatabaseError, InterfaceError, ValueError) as error:
        log.warning("%s letters could not be stored: %r", len(arrivals), str(error))
        if len(arrivals) == 1 or not _there():
            return [False] * len(arrivals)
        return [keep([each])[0] for each in arrivals]


def _there() -> bool:
    """Whether there is a database to store each letter alone; while it is away nobody waits for a try of each."""
    try:
        connection.close()
        connection.ensure_connection()
    except (DatabaseError, InterfaceError):
        return False
    return True


def _keep_once_more(arrivals: Sequence[Arrival]) -> None:
    """Store in one transaction; a connection that has gone stale meanwhile is opened anew, once."""
    try:
        Letter.keep_all(arrivals)
    except (DatabaseError, InterfaceError):
        connection.close()
        Letter.keep_all(arrivals)


class Intake:
    """One thread with one connection stores whatever arrived while it stored the last. The more arrives at once, the
    more share one commit, so the door does not get slower by getting busier."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[Waiting] = asyncio.Queue()
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="intake")
        self.running: asyncio.Task[None] | None = None

    async def take(self, arrival: Arrival) -> bool:
        """Whether the letter is stored, committed to the disk. A sender who hangs up meanwhile changes nothing."""
        waiting = Waiting(arrival, asyncio.get_running_loop().create_future())
        self.queue.put_nowait(waiting)
        self.running = self.running or asyncio.create_task(self._run())
        return await waiting.kept

    async def close(self) -> None:
        """Store what is here, then stop."""
        while self.running and not self.queue.empty():
            await asyncio.sleep(0.01)
        if self.running:
            self.running.cancel()
            with suppress(asyncio.CancelledError):
                await self.running
        await asyncio.get_running_loop().run_in_executor(self.thread, lambda: connection.close())
        self.thread.shutdown()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            together = self._together(await self.queue.get())
            try:
                kept = await loop.run_in_executor(self.thread, keep, [each.arrival for each in together])
            except Exception:  # a mistake of ours: these senders try again, and those who come meanwhile are served
                log.exception("%s letters could not be stored.", len(together))
                kept = [False] * len(together)
            for each, stored in zip(together, kept, strict=True):
                if not each.kept.done():
                    each.kept.set_result(stored)

    def _together(self, first: Waiting) -> list[Waiting]:
        together, size = [first], len(first.arrival.raw)
        while not self.queue.empty() and len(together) < TOGETHER and size < TOGETHER_BYTES:
            together.append(self.queue.get_nowait())
            size += len(together[-1].arrival.raw)
        return together
