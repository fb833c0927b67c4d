"""WSGI behind ASGI: what goes in and out unchanged, and what must not pass."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.serving.bodies import TOGETHER, Bodies
from evenhand.serving.pages import PIECE, Pages, environ

from .asgi import Answer, ask, scope

LONGEST = 3_000_000


def page(application: Any, *, pieces: tuple[bytes, ...] = (b"",), **about: Any) -> Answer:
    return asyncio.run(ask(Pages(application, 2, LONGEST), scope("/x", **about), pieces=pieces))


def echo(request: dict[str, Any], start: Any) -> Iterable[bytes]:
    start("201 Created", [("X-Method", request["REQUEST_METHOD"]), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    return [request["wsgi.input"].read()]


@given(st.lists(st.binary(max_size=2000), min_size=1, max_size=5))
def test_a_body_arrives_whole(pieces: list[bytes]) -> None:
    answer = page(echo, pieces=tuple(pieces), method="POST")
    assert answer.status == 201
    assert answer.body == b"".join(pieces)
    assert answer.headers["x-method"] == "POST"


def test_a_large_body_does_not_stay_in_memory() -> None:
    piece = b"x" * 700_000
    assert page(echo, pieces=(piece, piece, piece), method="POST").body == piece * 3


def unasked(_request: dict[str, Any], _start: Any) -> Iterable[bytes]:
    pytest.fail("was called")


def test_what_is_longer_than_anything_taken_is_not_read_to_its_end() -> None:
    more = page(unasked, pieces=(b"x" * 1_000_000,) * 5, method="POST")
    said = page(unasked, method="POST", headers={"content-length": str(LONGEST + 1)})
    endless = page(unasked, method="POST", headers={"content-length": "9" * 5000})
    assert (more.status, said.status, endless.status) == (413, 413, 413)
    assert page(echo, pieces=(b"x" * LONGEST,), method="POST", headers={"content-length": str(LONGEST)}).status == 201


def test_what_is_small_comes_through_while_others_fill_the_disk() -> None:
    """Eleven at once never end what they send: the eleventh is refused, a small form is not, and room comes back."""

    async def all_at_once() -> None:
        bodies, stuck = Bodies(LONGEST), asyncio.Event()

        async def send_for_ever() -> None:
            waiting = [{"type": "http.request", "body": b"x" * LONGEST, "more_body": True}]

            async def receive() -> dict[str, Any]:
                if not waiting:
                    await stuck.wait()
                return waiting.pop() if waiting else {"type": "http.disconnect"}

            async with bodies.read(scope("/x"), receive) as body:
                assert body is None

        open_ones = [asyncio.create_task(send_for_ever()) for _ in range(TOGETHER)]
        async with asyncio.timeout(240):
            while bodies.on_disk < TOGETHER * LONGEST:
                await asyncio.sleep(0)
        pages = Pages(echo, 1, LONGEST)
        pages.bodies = bodies
        assert (await ask(pages, scope("/x", method="POST"), pieces=(b"x" * 1_500_000,))).status == 503
        assert (await ask(pages, scope("/x", method="POST"), pieces=(b"a small form",))).status == 201
        stuck.set()
        await asyncio.gather(*open_ones)
        assert bodies.on_disk == 0
        assert (await ask(pages, scope("/x", method="POST"), pieces=(b"x" * 1_500_000,))).status == 201

    asyncio.run(all_at_once())


class Stream:
    """An answer in many pieces that wants to be closed."""

    def __init__(self, pieces: int) -> None:
        self.pieces, self.closed = pieces, 0

    def __call__(self, request: dict[str, Any], start: Any) -> Stream:
        start("200 OK", [])
        return self

    def __iter__(self) -> Iterator[bytes]:
        return (b"y" * (PIECE // 2) for _ in range(self.pieces))

    def close(self) -> None:
        self.closed += 1


@pytest.mark.parametrize("pieces", [0, 1, 2, 7])
def test_a_long_answer_leaves_in_pieces_and_is_closed_once(pieces: int) -> None:
    stream = Stream(pieces)
    assert len(page(stream).body) == pieces * (PIECE // 2)
    assert stream.closed == 1


def test_an_answer_is_closed_when_the_browser_leaves() -> None:
    stream = Stream(50)

    async def leave() -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b""}

        async def send(message: dict[str, Any]) -> None:
            if message.get("body"):
                raise ConnectionResetError

        await Pages(stream, 1, LONGEST)(scope("/x"), receive, send)

    with pytest.raises(ConnectionResetError):
        asyncio.run(leave())
    assert stream.closed == 1


def test_who_leaves_before_asking_starts_nothing() -> None:
    async def leave() -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.disconnect"}

        await Pages(lambda *_: pytest.fail("was called"), 1, LONGEST)(scope("/x"), receive, receive)

    asyncio.run(leave())


def test_a_header_with_an_underscore_is_not_taken_for_one_with_a_dash() -> None:
    made = environ(scope("/x", headers={"x_forwarded_for": "203.0.113.9", "x_forwarded-proto": "https"}), None)
    assert not [name for name in made if "FORWARDED" in name]


def test_repeated_headers_are_joined_each_in_its_way() -> None:
    asked = scope("/é", query=b"a=%20")
    asked["headers"] = [(b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"accept", b"x"), (b"accept", b"y")]
    made = environ(asked, None)
    assert (made["HTTP_COOKIE"], made["HTTP_ACCEPT"]) == ("a=1; b=2", "x,y")
    assert made["PATH_INFO"].encode("latin-1").decode() == "/é"
    assert (made["QUERY_STRING"], made["REMOTE_ADDR"]) == ("a=%20", "192.0.2.7")
