"""Fetching a picture that a letter points at, without being sent where a stranger has no business.

Only public addresses, each looked at before it is connected to and on every redirect; no name is resolved twice.
"""

from __future__ import annotations

import http.client
import time
from urllib.parse import SplitResult, urljoin, urlsplit

from evenhand.channels.website import HTTP, HTTPS, connected

MOST_BYTES = 8 * 2**20
MOST_SECONDS = 8
MOST_REDIRECTS = 3
TYPES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


class Refused(Exception):
    """It is not fetched, for a reason."""


def picture_type(data: bytes) -> str:
    """The type of a picture by its first bytes, empty for what is none."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for begin, kind in TYPES if data.startswith(begin)), "")


def picture(url: str) -> bytes:
    """The picture behind a public http address. Raises Refused."""
    deadline = time.monotonic() + MOST_SECONDS
    for _ in range(MOST_REDIRECTS + 1):
        found, url = _step(url, deadline)
        if found:
            if not picture_type(found):
                raise Refused("It is not a picture.")
            return found
    raise Refused("It sends from one place to the next.")


def _step(url: str, deadline: float) -> tuple[bytes, str]:
    """(what is there, "") or (b"", where it is instead)."""
    try:
        parts = urlsplit(url)
        connection = _connect(parts, deadline)
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", path, headers={"Accept": "image/*", "User-Agent": "Evenhand"})
            answer = connection.getresponse()
            if answer.status in (301, 302, 303, 307, 308):
                return b"", urljoin(url, answer.headers.get("Location", ""))
            if answer.status != 200:
                raise Refused(f"The other side answered {answer.status}.")
            return _read(answer, deadline), ""
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError, UnicodeError) as error:
        raise Refused(str(error)) from error


def _read(answer: http.client.HTTPResponse, deadline: float) -> bytes:
    data = b""
    while chunk := answer.read1(65536):
        data += chunk
        if len(data) > MOST_BYTES or time.monotonic() > deadline:
            raise Refused("It is too large, or too slow.")
    if not data:
        raise Refused("It is empty.")
    return data


def _connect(parts: SplitResult, deadline: float) -> http.client.HTTPConnection:
    tls = parts.scheme == "https"
    port = parts.port or (HTTPS if tls else HTTP)
    if parts.scheme not in ("http", "https") or port not in (HTTP, HTTPS) or not parts.hostname or parts.username:
        raise Refused("Pictures come from plain web addresses only.")
    return connected(parts.hostname, port, tls=tls, seconds=max(deadline - time.monotonic(), 0.1))
