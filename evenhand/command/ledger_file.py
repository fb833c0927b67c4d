"""Taking in a sheet of facts: find or welcome whose they are, put them in the slot, and forget them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from evenhand.ledger import slot
from evenhand.ledger.sheet import Bad, Row, read
from evenhand.people.models import Account, Person


class Nothing(Exception):
    """Rolls back what was taken when all was wanted or nothing."""


def take_in(lines: Iterable[str], *, all_or_nothing: bool) -> tuple[int, list[Bad]]:
    """Take the good rows, in one transaction. How many were taken, and the bad ones. Raises `sheet.NotASheet`."""
    rows = list(read(lines))
    bad = [row for row in rows if isinstance(row, Bad)]
    taken: set[slot.Fact] = set()
    keys: dict[tuple[str, str], UUID] = {}
    try:
        with transaction.atomic():
            for row in rows:
                if isinstance(row, Row):
                    try:
                        taken.add(_fact(row, keys))
                    except ValueError as error:
                        bad.append(Bad(row.line, str(error)))
            if bad and all_or_nothing:
                raise Nothing
            for fact in taken:
                slot.put(fact)
    except Nothing:
        taken.clear()
    return len(taken), sorted(bad)


def _fact(row: Row, keys: dict[tuple[str, str], UUID]) -> slot.Fact:
    who = (row.customer, row.organisation)
    if who not in keys:
        keys[who] = _account(row).ledger_key
    return slot.Fact(keys[who], row.as_of, row.plan, row.monthly_spend, row.seats, row.usage, "csv")


def _account(row: Row) -> Account:
    """Whose fact it is: the customer's account, else the organisation's. The unknown are welcomed: no fact is lost
    before a first letter."""
    if not row.customer:
        return _organisation(row.organisation)
    try:
        validate_email(row.customer)
    except ValidationError:
        raise ValueError(f"customer {row.customer!r} is not an address") from None
    return Person.at(row.customer).account


def _organisation(name: str) -> Account:
    called = list(Account.objects.filter(name__iexact=name)[:2])
    if len(called) > 1:
        raise ValueError(f"two organisations are called {name!r}: give a customer's address instead")
    return called[0] if called else Account.objects.create(name=name[:200])
