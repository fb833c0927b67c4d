"""One part of the desk: a program in a process group of its own, and everything it starts."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from .log import Log

FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0  # seconds before a dead part is started again; doubles each time
WELL_AGAIN = 60.0  # seconds of life after which a part's earlier deaths are forgotten


class Process(Protocol):
    """A process that was started, as asyncio's and the nursery's are."""

    @property
    def pid(self) -> int: ...
    @property
    def returncode(self) -> int | None: ...
    async def wait(self) -> int: ...
    def send_signal(self, signal: int) -> None: ...


@dataclass
class Part:
    name: str
    command: list[str]
    environment: dict[str, str]
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 20.0  # seconds to stop by itself
    user: str | None = None
    before: Callable[[], None] = field(default=lambda: None)  # what must be so before each start
    passed: tuple[int, ...] = ()  # open files it is given
    process: Process | None = None
    delay: float = 0.0
    deaths: int = 0

    async def run(self, log: Log) -> int:
        """Start the program, copy its output to the log, and return its exit code when it ends."""
        started = time.monotonic()
        try:
            await asyncio.to_thread(self.before)
            async with _pipe() as (lines, output):
                try:
                    process = self.process = await self.spawn(output)
                finally:
                    os.close(output)
                copying = asyncio.create_task(log.follow(self.name, lines))
                code = await process.wait()
                self.kill()  # what it started and left behind would hold its port
                await asyncio.wait([copying], timeout=1)
                copying.cancel()
            return code
        finally:
            self.deaths += 1
            lived = time.monotonic() - started
            self.delay = FIRST_DELAY if lived > WELL_AGAIN else min(max(self.delay * 2, FIRST_DELAY), LONGEST_DELAY)

    async def spawn(self, output: int) -> Process:
        """Start it, with its output going to the file `output`."""
        return await asyncio.create_subprocess_exec(
            *self.command,
            env=self.environment,
            user=self.user,
            group=self.user,
            cwd="/" if self.user else None,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=self.passed,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which then stops the parts in order
        )

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.returncode is None

    async def stop(self, log: Log) -> None:
        """Ask it to stop; what does not within its patience is killed."""
        if not self.running or self.process is None:
            return
        self.process.send_signal(self.stop_signal)
        try:
            await asyncio.wait_for(self.process.wait(), self.patience)
        except TimeoutError:
            log.say(self.name, f"did not stop within {self.patience:g} s and was killed")
            self.kill()

    def kill(self) -> None:
        """Kill it and all it started, at once."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


@asynccontextmanager
async def _pipe() -> AsyncIterator[tuple[asyncio.StreamReader, int]]:
    """A pipe of our own, whose writing end is the caller's to close.

    With asyncio's we would wait for everyone who holds it, not for the part alone.
    """
    reading, writing = os.pipe()
    lines = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(lines)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, os.fdopen(reading, "rb"))
    try:
        yield lines, writing
    finally:
        transport.close()


def ending(code: int) -> str:
    """How a process ended, in words."""
    if code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended with code {code}" if code else "ended"
