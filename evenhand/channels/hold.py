"""Being the only one at work on a row, across transactions, until done or dead.

A row lock ends with its transaction, but an attempt must be counted, and committed, before the work that may kill the
process. PostgreSQL releases an advisory lock when its session ends, however it ends. (A pooler in front of PostgreSQL
must therefore keep sessions, as LISTEN demands too.)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import InterfaceError, OperationalError, connection

LETTER = 1 << 60
OUTGOING = 1 << 61
FOLDER = 3 << 60
FILE = 5 << 59
ROUNDS = 4 << 60


def _ask(statement: str, key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, [key])
        return bool(cursor.fetchone()[0])


def alone(kind: int) -> None:
    """Wait for whoever is at this work in another transaction, and be the only one until ours ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [kind])


def ours(kind: int, pk: int) -> bool:
    """Whether we have it until our transaction ends; False: somebody else has."""
    return _ask("SELECT pg_try_advisory_xact_lock(%s)", kind + pk)


@contextmanager
def hold_some(kind: int, found: str, asked: dict[str, int]) -> Iterator[list[int]]:
    """Yields those of a statement's rows that we have: it asks `pg_try_advisory_lock(%(kind)s + id)` of each."""
    with connection.cursor() as cursor:
        cursor.execute(found, {"kind": kind, **asked})
        held = [pk for (pk,) in cursor]
    try:
        yield held
    finally:
        with suppress(OperationalError, InterfaceError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s + id) FROM unnest(%s::bigint[]) AS id", [kind, held])


@contextmanager
def hold(kind: int, pk: int) -> Iterator[bool]:
    """Yields whether we have it; False: somebody else has."""
    held = _ask("SELECT pg_try_advisory_lock(%s)", kind + pk)
    try:
        yield held
    finally:
        if held:
            with suppress(OperationalError, InterfaceError):  # the session is gone, and its locks with it
                _ask("SELECT pg_advisory_unlock(%s)", kind + pk)
