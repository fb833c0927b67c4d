"""Asking a public website, at the address that was looked at and no other: for whatever a stranger or a service names."""

from __future__ import annotations

import http.client
import socket

from .host import public_address
from .tls import Named

HTTP, HTTPS = 80, 443


def connected(host: str, port: int, *, tls: bool, seconds: float) -> http.client.HTTPConnection:
    """A connection for one request, which has so much time for each step. Raises NotPublic, and OSError where nobody
    answers."""
    plain = socket.create_connection((public_address(host, port), port), timeout=seconds)
    kind = http.client.HTTPSConnection if tls else http.client.HTTPConnection
    connection = kind(host, port, timeout=seconds)
    try:
        connection.sock = Named.for_host(host).wrap_socket(plain) if tls else plain
    except BaseException:
        plain.close()
        raise
    return connection
