"""A small answer of a public web address: by TLS alone, from the address that was looked at, and no other."""

from __future__ import annotations

import http.client
import socket
from urllib.parse import urlsplit

from evenhand.channels.host import public_address
from evenhand.channels.tls import Named

SECONDS = 5
MOST_BYTES = 64 * 1024
HTTPS = 443


class Answered(Exception):
    """It answered, but not with what was asked for: no page, a redirection, more than there should be."""


def fetched(url: str) -> bytes:
    """What is at an https address. Raises Answered, and OSError where there is no answer at all."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    connection = http.client.HTTPSConnection(host, HTTPS, timeout=SECONDS)
    plain = socket.create_connection((public_address(host, HTTPS), HTTPS), timeout=SECONDS)
    try:
        connection.sock = Named.for_host(host).wrap_socket(plain, server_hostname=host)
        connection.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""))
        answer = connection.getresponse()
        found = answer.read(MOST_BYTES + 1)
    except http.client.HTTPException as error:
        raise OSError(f"{host} answers nothing that can be understood.") from error
    finally:
        plain.close()
        connection.close()
    if answer.status >= 500:
        raise OSError(f"{host} answers {answer.status}.")
    if answer.status != 200 or len(found) > MOST_BYTES:
        raise Answered(f"{host} answers {answer.status}.")
    return found
