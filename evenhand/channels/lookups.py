"""Looking names up, for whoever wants to know whether a letter is from where it says.

A name that does not answer must not hold up the letters behind: a letter has only so much time for all its questions.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

import dns.exception
import dns.resolver
from django.conf import settings

PATIENCE = 3.0  # seconds, for the answer to one question
REMEMBERED = 5_000  # names, while what was answered holds

_until: ContextVar[float] = ContextVar("until", default=float("inf"))


class NoAnswer(OSError):
    """The name server is away: nothing is known of the name, not even that it does not exist."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """All questions asked inside have so much time together."""
    token = _until.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(token)


@lru_cache(maxsize=1)
def resolver() -> dns.resolver.Resolver:
    """The name server of EVENHAND_RESOLVER, else the system's."""
    given = settings.EVENHAND_RESOLVER
    made = dns.resolver.Resolver(configure=given is None)
    if given is not None:
        made.nameservers, made.port = [given.host], given.port
    made.cache = dns.resolver.LRUCache(REMEMBERED)
    return made


def ask(name: str, kind: str) -> list[Any]:
    """The records of a name, none where there are none. Raises NoAnswer."""
    left = min(PATIENCE, _until.get() - time.monotonic())
    if left <= 0:
        raise NoAnswer("There is no time left to ask.")
    try:
        return list(resolver().resolve(name, kind, lifetime=left))
    except (
        dns.resolver.NXDOMAIN,
        dns.resolver.NoAnswer,
        dns.exception.SyntaxError,
        dns.exception.FormError,
        ValueError,
    ):
        return []
    except (dns.exception.DNSException, OSError) as error:
        raise NoAnswer(str(error)) from error


def texts(name: str) -> list[str]:
    """All TXT records of a name. Raises NoAnswer."""
    return [b"".join(record.strings).decode("utf-8", "replace") for record in ask(name, "TXT")]


def spf(ip: str, mail_from: str, helo: str) -> str:
    """The SPF result for a sending server, by pyspf with our own questions."""
    import spf as pyspf

    pyspf.DNSLookup = _for_pyspf
    try:
        return str(pyspf.check2(ip, mail_from, helo, timeout=PATIENCE, querytime=2 * PATIENCE)[0])
    except Exception:  # noqa: BLE001  no answer is no verification
        return "temperror"


def _for_pyspf(name: str, kind: str, tcpfallback: bool = True, timeout: float = PATIENCE) -> list[Any]:  # noqa: ARG001
    """What pyspf's own look-up answers, from ours."""
    values: dict[str, Callable[[Any], Any]] = {
        "A": lambda record: record.address,
        "AAAA": lambda record: record.address,
        "MX": lambda record: (record.preference, record.exchange.to_text(True)),
        "PTR": lambda record: record.target.to_text(True),
        "TXT": lambda record: record.strings,
    }
    return [((name, kind), values[kind](record)) for record in ask(name, kind)]
