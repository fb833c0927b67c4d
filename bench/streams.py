"""Live events: how long from a write until everyone who listens has heard of it."""

from __future__ import annotations

import selectors
import socket
import time

from .client import Client
from .desk import Desk

LISTENERS, WRITES = 200, 25


def measure(desk: Desk, writer: Client, numbers: list[int]) -> list[float]:
    """Milliseconds from sending a note until each of two hundred agents has the event, all writes and listeners."""
    streams = [_listen(desk, agent) for agent in range(9, 9 + LISTENERS)]
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
