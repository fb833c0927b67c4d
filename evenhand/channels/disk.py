from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def without_waiting_for_the_disk() -> Iterator[None]:
    """Commit without waiting: for what is made of something that is on the disk and is made again should it be lost.

    Whoever sees it sees it at once, and it outlives any process; only a failing machine, or PostgreSQL, can take the last
    moments back, all of a transaction and of what follows from it. Nothing that leaves the house can come before it is on
    the disk: whatever sends a letter, or takes a turn, commits first and waits for that, and PostgreSQL writes everything
    earlier along with it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("RESET synchronous_commit")
