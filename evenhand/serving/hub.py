"""Who listens, and what they hear: events go to the agents of the team they concern, and to nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from math import inf
from time import monotonic
from typing import Any

import orjson

WAITING = 200  # frames one listener may be behind; then it is cut off, and its browser connects again
MOST = 20  # streams of one agent in a process; a browser has one for each of its pages
OVER = b""  # ends a stream
PRESENCE = frozenset({"here", "typing"})  # these change nothing that a page shows once it is made
HEARTBEAT = b": \n\n"
SIGNED_OUT = b"event: signed-out\ndata: {}\n\n"
# The agent has opened too many since. A page that hears it connects again only when it is looked at: if it did at once, it
# would put another of theirs aside, and that one the next.
ASIDE = b"event: aside\ndata: {}\n\n"
# Every stream's first words. A page that hears them again was away, and looks anew at what it shows.
HELLO = b"retry: 1500\nevent: hello\ndata: {}\n\n"


class Listener:
    """One open stream."""

    def __init__(self, key: str, session: str) -> None:
        self.key = key
        self.session = session  # the digest of `key`, which is all that the database tells
        self.agent: int | None = None
        self.teams: frozenset[int] = frozenset()
        self.since = monotonic()
        self.frames: asyncio.Queue[bytes] = asyncio.Queue(WAITING)

    def hear(self, frame: bytes) -> None:
        try:
            self.frames.put_nowait(frame)
        except asyncio.QueueFull:
            self.end()

    def end(self, last: bytes = OVER) -> None:
        """End the stream at once, whatever it had still to hear."""
        while not self.frames.empty():
            self.frames.get_nowait()
        self.frames.put_nowait(last)
        if last:
            self.frames.put_nowait(OVER)
        self.teams = frozenset()


class Hub:
    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self.told: dict[int, float] = {}  # when a team's pages last changed

    def publish(self, payload: str) -> None:
        """Pass one event on to whom it concerns."""
        event = _read(payload)
        team = event.get("team")
        if not isinstance(team, int):  # an event without a team is nobody's to hear
            return
        if event.get("what") not in PRESENCE:
            self.told[team] = monotonic()
        frame = f"data: {payload}\n\n".encode()
        for listener in self.listeners:
            if team in listener.teams:
                listener.hear(frame)

    def missed(self, listener: Listener, age: float) -> bool:
        """Whether anything was told, since its page was asked for `age` seconds ago, that it was not there to hear."""
        asked = monotonic() - age
        return any(self.told.get(team, -inf) >= asked for team in listener.teams)

    def everyone(self, frame: bytes) -> None:
        for listener in self.listeners:
            listener.hear(frame)

    def concerned(self, session: str = "", agent: int | None = None) -> Iterable[Listener]:
        """The streams of a session or an agent."""
        return [
            each for each in self.listeners if each.session == session or (agent is not None and each.agent == agent)
        ]

    def make_room(self, agent: int | None) -> None:
        """End the oldest streams of an agent who has too many."""
        for each in sorted(self.concerned(agent=agent), key=lambda each: each.since)[:-MOST]:
            each.end(ASIDE)


def _read(payload: str) -> dict[str, Any]:
    try:
        event: Any = orjson.loads(payload)
    except orjson.JSONDecodeError:
        return {}
    return event if isinstance(event, dict) else {}
