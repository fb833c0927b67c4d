"""A browser with nothing but speed: HTTP/1.1 over kept connections, many at once in one thread.

It costs about a twentieth of a millisecond of processor a page, so that on two cores it hardly takes any from the desk.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote_plus

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
COOKIE = re.compile(rb"\r\nset-cookie: *([^=;\r]+)=([^;\r]*)", re.IGNORECASE)
LOCATION = re.compile(rb"\r\nlocation: *([^\r]*)", re.IGNORECASE)


@dataclass
class Answer:
    status: int
    head: bytes
    body: bytes

    @property
    def location(self) -> str:
        found = LOCATION.search(self.head)
        return found[1].decode() if found else ""


@dataclass(eq=False)
class Client:
    """One browser: one connection, its cookies. `address` is (host, port)."""

    address: tuple[str, int]
    cookies: dict[str, str] = field(default_factory=dict)
    connection: socket.socket | None = None

    def request(self, method: str, path: str, form: dict[str, str] | None = None, **headers: str) -> bytes:
        """The bytes of a request. A form carries the token that Django asks for."""
        body = b""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.address[0]}:{self.address[1]}"]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if method == "POST":
            body = "&".join(f"{name}={quote_plus(value)}" for name, value in (form or {}).items()).encode()
            lines += [f"Content-Length: {len(body)}", "Content-Type: application/x-www-form-urlencoded"]
            lines += [
                f"X-CSRFToken: {self.cookies.get('csrftoken', '')}",
                f"Referer: http://{self.address[0]}:{self.address[1]}/",
            ]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def open(self) -> socket.socket:
        if self.connection is None:
            self.connection = socket.create_connection(self.address)
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.connection

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask(self.request("GET", path, **headers))

    def post(self, path: str, form: dict[str, str], **headers: str) -> Answer:
        return self.ask(self.request("POST", path, form, **headers))

    def ask(self, request: bytes) -> Answer:
        connection = self.open()
        connection.sendall(request)
        received = b""
        while (answer := parsed(received)) is None:
            more = connection.recv(262_144)
            if not more:
                self.close()
                raise ConnectionError("The desk closed the connection.")
            received += more
        self.keep_cookies(answer)
        return answer

    def keep_cookies(self, answer: Answer) -> None:
        for name, value in COOKIE.findall(answer.head):
            self.cookies[name.decode()] = value.decode()

    def close(self) -> None:
        if self.connection:
            self.connection.close()
            self.connection = None


def parsed(received: bytes) -> Answer | None:
    """The answer, when all of it is there."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    head, body = received[: end + 2], received[end + 4 :]
    status = int(head[9:12])
    length = LENGTH.search(head)
    if length:
        return Answer(status, head, body) if len(body) >= int(length[1]) else None
    if CHUNKED.search(head):
        return Answer(status, head, body) if body.endswith(b"0\r\n\r\n") else None
    return Answer(status, head, body) if status in (204, 304) else None


@dataclass
class Run:
    """What a run of requests came to: seconds of each, and what it cost whom."""

    times: list[float]
    seconds: float
    own_cpu: float
    statuses: dict[int, int]

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    def percentile(self, part: float) -> float:
        """In milliseconds."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000 if ordered else float("nan")


def drive(clients: list[Client], requests: Callable[[Client], Iterator[bytes]], seconds: float) -> Run:
    """Each client asks one thing after another, all at once, for so long or until it has no more to ask."""
    selector, times, statuses = selectors.DefaultSelector(), [], {}
    asking = {client: requests(client) for client in clients}
    state: dict[Client, tuple[float, bytearray]] = {}
    begin, cpu = time.perf_counter(), time.process_time()
    stop = begin + seconds

    def send(each: Client) -> None:
        request = next(asking[each], None) if time.perf_counter() < stop else None
        if request is None:
            if each in state:
                selector.unregister(each.open())
                del state[each]
            return
        if each not in state:
            selector.register(each.open(), selectors.EVENT_READ, each)
        state[each] = (time.perf_counter(), bytearray())
        each.open().sendall(request)

    for each in asking:
        send(each)
    while state:
        for key, _ in selector.select():
            each = key.data
            since, received = state[each]
            more = each.open().recv(262_144)
            if not more:
                raise ConnectionError("The desk closed a connection.")
            received += more
            answer = parsed(bytes(received))
            if answer:
                times.append(time.perf_counter() - since)
                statuses[answer.status] = statuses.get(answer.status, 0) + 1
                send(each)
    return Run(times, time.perf_counter() - begin, time.process_time() - cpu, statuses)
