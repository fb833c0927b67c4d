"""Reading the ledger. Open to the audit alone, by import contract and by PostgreSQL."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

import psycopg

# What was known of an account when its conversation began: the latest fact of that day or before, else the first one
# there is, so that a customer whose first invoice comes late is not left out.
AS_OF = """
    SELECT DISTINCT ON (asked.key, asked.day) asked.key, asked.day, fact.plan, fact.monthly_spend, fact.seats, fact.usage
    FROM unnest(%s::uuid[], %s::date[]) AS asked(key, day) JOIN ledger.fact ON fact.key = asked.key
    ORDER BY asked.key, asked.day, fact.as_of > asked.day,
             CASE WHEN fact.as_of <= asked.day THEN fact.as_of END DESC, fact.as_of, fact.id DESC
"""


class Known(NamedTuple):
    key: UUID
    day: date
    plan: str
    monthly_spend: float | None
    seats: int | None
    usage: float | None


def as_of(connection: psycopg.Connection, asked: list[tuple[UUID, date]]) -> dict[tuple[UUID, date], Known]:
    """The facts that held for each (key, day), with the audit's own connection."""
    keys, days = [key for key, _ in asked], [day for _, day in asked]
    rows = connection.execute(AS_OF, [keys, days]).fetchall()
    return {(row[0], row[1]): Known(*row) for row in rows}
