"""Django's pages, each in a thread of its own: WSGI behind ASGI in two hops.

The general bridges hand every piece of a request and an answer from thread to loop and back. Pages are small: here a
request is read whole before its thread starts, and an answer leaves its thread whole, or in large pieces.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from . import answer
from .bodies import Bodies, TooMuch

Environ = dict[str, Any]
PIECE = 256 * 1024  # bytes of an answer that leave its thread together


class Pages:
    """Serves `application`, a WSGI one, with `threads` threads; what else comes waits for one to be free. A request of
    more than `longest` bytes is refused before it is read."""

    def __init__(self, application: Callable[..., Iterable[bytes]], threads: int, longest: int) -> None:
        self.application = application
        self.bodies = Bodies(longest)
        self.threads = ThreadPoolExecutor(threads, "page")

    async def __call__(self, scope: answer.Scope, receive: answer.Receive, send: answer.Send) -> None:
        try:
            async with self.bodies.read(scope, receive) as body:
                if body is not None:  # else whoever asked is gone
                    await self._answer(Page(self.application, environ(scope, body)), send)
        except TooMuch as refused:
            await answer.text(send, refused.status, str(refused))

    async def _answer(self, page: Page, send: answer.Send) -> None:
        loop = asyncio.get_running_loop()
        try:
            piece, last = await loop.run_in_executor(self.threads, page.begin)
            await answer.begin(send, page.status, page.headers)
            while not last:
                await answer.more(send, piece)
                piece, last = await loop.run_in_executor(self.threads, page.piece)
            await send({"type": "http.response.body", "body": piece})
        finally:
            if not page.closed:  # the browser left in the middle of a long answer
                await loop.run_in_executor(self.threads, page.close)


class Page:
    """One request on its way through WSGI. Every method but the constructor runs in a thread of the pool."""

    def __init__(self, application: Callable[..., Iterable[bytes]], request: Environ) -> None:
        self.application = application
        self.request = request
        self.status = 500
        self.headers: list[tuple[bytes, bytes]] = []
        self.answer: Any = ()
        self.chunks: Iterator[bytes] = iter(())
        self.closed = False

    def begin(self) -> tuple[bytes, bool]:
        """Ask the application; the first piece of its answer, and whether it is the last."""
        self.answer = self.application(self.request, self._start)
        self.chunks = iter(self.answer)
        return self.piece()

    def piece(self) -> tuple[bytes, bool]:
        collected: list[bytes] = []
        size = 0
        for chunk in self.chunks:
            collected.append(chunk)
            size += len(chunk)
            if size >= PIECE:
                return b"".join(collected), False
        self.close()
        return b"".join(collected), True

    def close(self) -> None:
        """Let Django end the request, which also looks after its database connection."""
        self.closed = True
        if hasattr(self.answer, "close"):
            self.answer.close()

    def _start(self, status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
        self.status = int(status[:3])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def environ(scope: answer.Scope, body: IO[bytes]) -> Environ:
    """WSGI's view of a request (PEP 3333)."""
    host, port = scope.get("server") or ("localhost", 80)
    made: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        # WSGI cannot tell `X_Forwarded_For` from `X-Forwarded-For`, which a proxy sets and a stranger may not.
        if b"_" not in name:
            key = _key(name)
            text = value.decode("latin-1")
            made[key] = f"{made[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{text}" if key in made else text
    return made


def _key(name: bytes) -> str:
    plain = name.decode("latin-1").replace("-", "_").upper()
    return plain if plain in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{plain}"
