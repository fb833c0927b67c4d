"""Live events: how long from a write until everyone who listens has heard of it."""

from __future__ import annotations

import selectors
import socket
import time

from .client import Client
from .desk import Desk

LISTENERS, WRITES = 200, 25
FIRST = 1001  # of the listeners' ids
# They come for this measurement only: a team of two hundred makes every page that offers to hand over a long one.
JOIN = """
    INSERT INTO people_agent (id, password, email, name, is_admin, is_active, joined_at, languages, topics, at_once, signature, theme, sessions_since)
    SELECT i, '', 'listener' || i || '@desk.example', 'Listener ' || i, false, true, now(), '{}', '{}', 5, '', 'auto', now() - interval '1 day'
    FROM generate_series(%s::bigint, %s) AS i
"""
TEAM = "INSERT INTO people_agent_teams (agent_id, team_id) SELECT id, 1 FROM people_agent WHERE id >= %s"
LEAVE = (
    "DELETE FROM people_signinlink WHERE agent_id >= %s",
    "DELETE FROM people_agent_teams WHERE agent_id >= %s",
    "DELETE FROM people_agent WHERE id >= %s",
)


def measure(desk: Desk, writer: Client, numbers: list[int]) -> list[float]:
    """Milliseconds from sending a note until each of two hundred agents has the event, all writes and listeners."""
    with desk.database() as connection:
        connection.execute(JOIN, [FIRST, FIRST + LISTENERS - 1])
        connection.execute(TEAM, [FIRST])
    streams = [_listen(desk, agent) for agent in range(FIRST, FIRST + LISTENERS)]
    selector = selectors.DefaultSelector()
    for stream in streams:
        stream.setblocking(False)
        selector.register(stream, selectors.EVENT_READ)
    _drain(selector, 1.0)
    taken: list[float] = []
    for number in numbers[:WRITES]:
        writer.open().sendall(
            writer.request("POST", f"/desk/c/{number}/note", {"words": "Looked into it.", "format": "text"})
        )
        taken += _arrivals(selector, time.perf_counter(), f'"number":{number}'.encode(), len(streams))
        while not writer.open().recv(262_144).startswith(b"HTTP/1.1 302"):
            pass
    for stream in streams:
        stream.close()
    with desk.database() as connection:
        for statement in LEAVE:
            connection.execute(statement, [FIRST])
    return taken


def _listen(desk: Desk, agent: int) -> socket.socket:
    client = desk.sign_in(agent)
    client.open().sendall(client.request("GET", "/desk/live", Accept="text/event-stream"))
    return client.open()


def _drain(selector: selectors.BaseSelector, seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for key, _ in selector.select(0.1):
            key.fileobj.recv(65_536)  # type: ignore[union-attr]


def _arrivals(selector: selectors.BaseSelector, since: float, wanted: bytes, listeners: int) -> list[float]:
    heard: dict[object, float] = {}
    deadline = since + 10
    while len(heard) < listeners and time.perf_counter() < deadline:
        for key, _ in selector.select(0.5):
            if wanted in key.fileobj.recv(65_536):  # type: ignore[union-attr]
                heard.setdefault(key.fileobj, (time.perf_counter() - since) * 1000)
    return list(heard.values()) + [float("inf")] * (listeners - len(heard))
