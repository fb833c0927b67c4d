"""The slot: facts go in, and nothing comes out. Whoever may write here may not read what is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.utils import timezone

# Said type by type: the server, which binds the parameters, picks the function by them.
PUT = (
    "SELECT ledger_put(%s::uuid, %s::date, %s::text, %s::numeric, %s::integer, %s::numeric, %s::text, %s::text,"
    " %s::timestamptz)"
)
SAME = "SELECT ledger_same(%s::uuid, %s::uuid, %s::date, %s::timestamptz)"
NO_PLAN = "no subscription"  # the plan of whoever had one, and has none


@dataclass(frozen=True)
class Fact:
    """What an account pays and uses as of a day. `monthly_spend` in the vendor's currency.

    `part` names one of several things it pays for, each with facts of its own; of two facts of one part and day, the
    one with the later `said_at` (default: now) holds.
    """

    key: UUID
    as_of: date
    plan: str = ""
    monthly_spend: Decimal | None = None
    seats: int | None = None
    usage: Decimal | None = None
    source: str = ""
    part: str = ""
    said_at: datetime | None = None


def put(fact: Fact) -> None:
    """Add one fact. Facts are never changed or removed; a later day's fact follows an earlier one."""
    put_all([fact])


def put_all(facts: Iterable[Fact]) -> None:
    """Add facts. One that is there already is added again and changes nothing, so that nobody learns that it was."""
    now = timezone.now()
    rows = [
        (
            str(fact.key),
            fact.as_of,
            fact.plan,
            fact.monthly_spend,
            fact.seats,
            fact.usage,
            fact.source,
            fact.part,
            fact.said_at or now,
        )
        for fact in facts
    ]
    with connection.cursor() as cursor:
        cursor.executemany(PUT, rows)


def same(other: UUID, key: UUID, as_of: date, said_at: datetime) -> None:
    """Say that facts under `other`, a key made of billing's own name for a customer, are an account's from a day on
    (`named.py` has the rule)."""
    with connection.cursor() as cursor:
        cursor.execute(SAME, (str(other), str(key), as_of, said_at))
