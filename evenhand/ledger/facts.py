"""Reading the ledger. Open to the audit alone, by import contract and by PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

from .held import Said, held

# A key that billing made is read as the account's whose it was said to be last.
SAID = """
    WITH same AS (
        SELECT DISTINCT ON (other) other, key FROM ledger.alias ORDER BY other, said_at DESC, id DESC
    )
    SELECT coalesce(same.key, fact.key) AS key, fact.part, fact.as_of, fact.plan, fact.monthly_spend, fact.seats, fact.usage
    FROM ledger.fact AS fact LEFT JOIN same ON same.other = fact.key
    WHERE fact.key = ANY(%(keys)s) OR same.key = ANY(%(keys)s)
    ORDER BY key, fact.as_of, fact.said_at, fact.id
"""
NOBODYS = """
    SELECT count(DISTINCT fact.key) FROM ledger.fact AS fact
    WHERE fact.part <> '' AND NOT EXISTS (SELECT FROM ledger.alias WHERE alias.other = fact.key)
"""


class Known(NamedTuple):
    key: UUID
    day: date
    plan: str
    monthly_spend: float | None
    seats: int | None
    usage: float | None


def as_of(connection: psycopg.Connection, asked: Iterable[tuple[UUID, date]]) -> dict[tuple[UUID, date], Known]:
    """The facts that held for each (key, day), with the audit's own connection."""
    asked = set(asked)
    said: dict[UUID, list[Said]] = {}
    for key, *row in connection.execute(SAID, {"keys": list({key for key, _ in asked})}):
        said.setdefault(key, []).append(Said(*row))
    return {(key, day): Known(key, day, *held(said[key], day)) for key, day in asked if key in said}


def nobodys(connection: psycopg.Connection) -> int:
    """Of how many of billing's customers the ledger has facts without having been told who they are."""
    row: Any = connection.execute(NOBODYS).fetchone()
    return int(row[0])
