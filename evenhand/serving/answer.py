"""Small answers that need no framework."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]


async def begin(send: Send, status: int, headers: Headers) -> None:
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})


async def more(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def whole(send: Send, status: int, body: bytes = b"", headers: Headers = ()) -> None:
    """An answer in one piece."""
    length = (b"content-length", str(len(body)).encode())
    await begin(send, status, [*headers, length, (b"x-content-type-options", b"nosniff")])
    await send({"type": "http.response.body", "body": body})


async def text(send: Send, status: int, words: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await whole(send, status, words.encode(), headers)


def header(scope: Scope, name: bytes) -> str:
    """The first header of this name, "" for none."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")
