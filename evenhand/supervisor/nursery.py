"""One process imports what the parts of a desk need, and becomes each of them by forking: they share that memory.

The parts' own room, `evenhand.command.nursery`, listens at the other end of a socket. It is told a command, with the open
file for its output, and says the number of the process that it made; when one ends, it says how.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from dataclasses import dataclass, field

from .log import Log
from .part import Part, Process


@dataclass(eq=False)
class Child:
    """A process that the nursery made."""

    pid: int
    code: asyncio.Future[int] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def returncode(self) -> int | None:
        return self.code.result() if self.code.done() else None

    async def wait(self) -> int:
        return await asyncio.shield(self.code)

    def send_signal(self, signal: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal)

    def ended(self, code: int) -> None:
        if not self.code.done():
            self.code.set_result(code)


class Nursery(Part):
    """Kept running like any other part. When it dies, what it made is killed, and made again by the next one."""

    def __init__(self, environment: dict[str, str]) -> None:
        super().__init__("nursery", [], environment)
        self.children: dict[int, Child] = {}
        self.asking = asyncio.Lock()
        self.made: asyncio.Queue[Child | None] = asyncio.Queue()
        self.control: socket.socket | None = None
        self.there = asyncio.Event()  # or over
        self.over = False

    async def spawn(self, output: int) -> Process:
        ours, theirs = socket.socketpair()
        self.command = [sys.executable, "-m", "evenhand.command.nursery", str(theirs.fileno())]
        self.passed = (theirs.fileno(),)
        with theirs:
            process = await super().spawn(output)
        self.control, self.made = ours, asyncio.Queue()
        self.listening = asyncio.create_task(self._listen(ours))
        self.there.set()
        return process

    async def stop(self, log: Log) -> None:
        """It stops when all that it made have stopped."""
        await super().stop(log)
        self.over = True
        self.there.set()

    async def _listen(self, control: socket.socket) -> None:
        lines, writer = await asyncio.open_connection(sock=control.dup())
        with control, contextlib.closing(writer), contextlib.suppress(ConnectionError):
            async for line in lines:
                pid, *code = map(int, line.split())
                if code:
                    self.children.pop(pid).ended(code[0])
                else:
                    self.children[pid] = Child(pid)
                    self.made.put_nowait(self.children[pid])
        self.control = None
        if not self.over:
            self.there.clear()
        self.made.put_nowait(None)
        for child in self.children.values():  # nobody else can tell how they end
            child.send_signal(signal.SIGKILL)
            child.ended(-signal.SIGKILL)
        self.children.clear()

    async def make(self, command: str, output: int) -> Child:
        """A process that does `evenhand COMMAND`. Raises RuntimeError when there is nobody any more to make it."""
        async with self.asking:
            await self.there.wait()
            if self.control:
                socket.send_fds(self.control, [command.encode()], [output])
                if child := await self.made.get():
                    return child
        raise RuntimeError("whoever starts the parts is gone")


@dataclass
class Forked(Part):
    """A part that the nursery makes."""

    nursery: Nursery | None = None

    async def spawn(self, output: int) -> Process:
        assert self.nursery  # noqa: S101 - the desk gives it one
        return await self.nursery.make(self.command[-1], output)
