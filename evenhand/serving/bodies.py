"""What is sent with a request, read whole before its page is made: on the disk where it is long, and never without end."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import IO

from . import answer

IN_MEMORY = 1024 * 1024  # bytes of a request kept in memory; more goes to a temporary file
TOGETHER = 10  # times the longest: what all requests of a process may have on the disk at one moment
TOO_LONG = "This is more than anything here takes.\n"
CROWDED = "Too much is being sent here just now. Try again in a minute.\n"


class TooMuch(Exception):
    """It is not read to its end; `status` and the message are the answer."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class Bodies:
    """Those of one process: each has `longest` bytes at most. What is small always comes through, however much of others'
    is on its way."""

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self.on_disk = 0

    @asynccontextmanager
    async def read(self, scope: answer.Scope, receive: answer.Receive) -> AsyncIterator[IO[bytes] | None]:
        """The whole body; None when its sender left. Raises TooMuch."""
        self._look_at(answer.header(scope, b"content-length"))
        counted = size = 0
        more = True
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
            try:
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        yield None
                        return
                    piece = message.get("body", b"")
                    size += len(piece)
                    if size > IN_MEMORY:
                        self.on_disk += size - counted
                        counted = size
                        self._check(size)
                    body.write(piece)
                    more = message.get("more_body", False)
                body.seek(0)
                yield body
            finally:
                self.on_disk -= counted

    def _look_at(self, length: str) -> None:
        """Raises TooMuch for what says already that it is too long."""
        if length.isascii() and length.isdecimal() and (len(length) > 15 or int(length) > self.longest):
            raise TooMuch(413, TOO_LONG)

    def _check(self, size: int) -> None:
        if size > self.longest:
            raise TooMuch(413, TOO_LONG)
        if self.on_disk > self.longest * TOGETHER:
            raise TooMuch(503, CROWDED)
