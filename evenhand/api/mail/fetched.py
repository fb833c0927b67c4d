"""A small answer of a public web address: by TLS alone, from the address that was looked at, and no other."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

from evenhand.channels.website import HTTPS, connected

SECONDS = 5
MOST_BYTES = 64 * 1024


class Answered(Exception):
    """It answered, but not with what was asked for: no page, a redirection, more than there should be."""


def fetched(url: str) -> bytes:
    """What is at an https address. Raises Answered, and OSError where there is no answer at all."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    connection = connected(host, HTTPS, tls=True, seconds=SECONDS)
    try:
        connection.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""))
        answer = connection.getresponse()
        found = answer.read(MOST_BYTES + 1)
    except http.client.HTTPException as error:
        raise OSError(f"{host} answers nothing that can be understood.") from error
    finally:
        connection.close()
    if answer.status >= 500:
        raise OSError(f"{host} answers {answer.status}.")
    if answer.status != 200 or len(found) > MOST_BYTES:
        raise Answered(f"{host} answers {answer.status}.")
    return found
