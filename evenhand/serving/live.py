"""`GET /desk/live`: what just happened, as server-sent events, for as long as the agent is signed in."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs

from . import answer
from .hub import HEARTBEAT, HELLO, OVER, SIGNED_OUT, Hub, Listener
from .listen import listen
from .signed_in import digest, session_key, signed_in

BEAT = 15.0  # seconds; proxies close what is silent for longer
LASTS = 3600.0  # seconds; then the browser connects again
EVENTS, ACCESS = "evenhand_live", "evenhand_access"
STREAM = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would keep events back
    (b"x-content-type-options", b"nosniff"),
]


class Live:
    """The streams of one process, fed by one LISTEN connection."""

    def __init__(self, url: str) -> None:
        self.hub = Hub()
        self.url = url
        self.changes = 0  # of access, since the start
        self.threads = ThreadPoolExecutor(2, "live")
        self.tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        self._do(self._listen())
        self._do(self._beat())

    def _do(self, act: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(act)
        self.tasks.add(task)  # asyncio itself would forget it
        task.add_done_callback(self.tasks.discard)

    def stop(self) -> None:
        for task in list(self.tasks):
            task.cancel()
        for listener in list(self.hub.listeners):
            listener.end()

    async def __call__(self, scope: answer.Scope, receive: answer.Receive, send: answer.Send) -> None:
        if scope["method"] != "GET":
            return await answer.text(send, 405, "Only GET.\n")
        key = session_key(answer.header(scope, b"cookie"))
        listener = Listener(key, digest(key))
        self.hub.listeners.add(listener)
        try:
            if not await self._admit(listener):
                return await answer.text(send, 401, "Sign in first.\n")
            self.hub.make_room(listener.agent)
            await answer.begin(send, 200, STREAM)
            if self.hub.missed(listener, _age(scope)):
                listener.hear(HELLO)  # after the first one: the page was away
            await self._stream(listener, receive, send)
        finally:
            self.hub.listeners.discard(listener)

    async def _admit(self, listener: Listener) -> bool:
        """Find out who listens; again when anybody's access changed while we asked."""
        asked, key = -1, listener.key
        while asked != self.changes:
            asked = self.changes
            found = await asyncio.get_running_loop().run_in_executor(self.threads, signed_in, key) if key else None
            if found is None:
                return False
            listener.agent, listener.teams = found
        return True

    async def _stream(self, listener: Listener, receive: answer.Receive, send: answer.Send) -> None:
        leaving = asyncio.create_task(_until_gone(listener, receive))
        expiry = asyncio.get_running_loop().call_later(LASTS, listener.end)
        try:
            await answer.more(send, HELLO)
            while (frame := await listener.frames.get()) != OVER:
                await answer.more(send, frame)
            await send({"type": "http.response.body", "body": b""})
        finally:
            expiry.cancel()
            leaving.cancel()

    async def _listen(self) -> None:
        async for channel, payload in listen(self.url, (EVENTS, ACCESS)):
            if channel == EVENTS:
                self.hub.publish(payload)
            elif channel == ACCESS:
                self._access_changed(payload)
            else:  # the connection was lost and is back: whatever happened meanwhile was not heard
                self._access_changed("")
                self.hub.everyone(HELLO)

    def _access_changed(self, payload: str) -> None:
        """A session ended, or an agent's rights changed: look again at the streams concerned, or at all."""
        self.changes += 1
        kind, _, which = payload.partition(" ")
        concerned = {
            "session": lambda: self.hub.concerned(session=which),
            "agent": lambda: self.hub.concerned(agent=int(which)),
        }.get(kind, lambda: self.hub.listeners)()
        for listener in list(concerned):
            self._do(self._look_again(listener))

    async def _look_again(self, listener: Listener) -> None:
        if listener.agent is not None and not await self._admit(listener):
            listener.end(SIGNED_OUT)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            self.hub.everyone(HEARTBEAT)


def _age(scope: answer.Scope) -> float:
    """How many seconds ago its page was asked for, as its script says: what happened from then on, the page may not show."""
    told = parse_qs(scope["query_string"].decode("latin-1")).get("age", ["0"])[0]
    return int(told) / 1000 if told.isascii() and told.isdecimal() and len(told) < 12 else 0.0


async def _until_gone(listener: Listener, receive: answer.Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.end()
