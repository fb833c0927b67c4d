"""The slot: facts go in, and nothing comes out. Whoever may write here may not read what is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

# Said type by type: the server, which binds the parameters, picks the function by them.
PUT = "SELECT ledger_put(%s::uuid, %s::date, %s::text, %s::numeric, %s::integer, %s::numeric, %s::text)"


@dataclass(frozen=True)
class Fact:
    """What an account pays and uses as of a day. `monthly_spend` in the vendor's currency."""

    key: UUID
    as_of: date
    plan: str = ""
    monthly_spend: Decimal | None = None
    seats: int | None = None
    usage: Decimal | None = None
    source: str = ""


def put(fact: Fact) -> None:
    """Add one fact. Facts are never changed or removed; a later day's fact follows an earlier one."""
    row = (str(fact.key), fact.as_of, fact.plan, fact.monthly_spend, fact.seats, fact.usage, fact.source)
    with connection.cursor() as cursor:
        cursor.execute(PUT, row)
