"""Whose a fact is: the customer's account, else the organisation's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from evenhand.people.models import Account, Address, Person


class Unknown(ValueError):
    """Nobody knows this customer or organisation."""


class Keys:
    """The ledger's keys of those who are named, each looked up once. Whoever had to be added stands in `added`."""

    def __init__(self, customers: Iterable[str] = (), *, welcome: bool = True) -> None:
        found = Address.objects.filter(email__in=set(customers)).values_list("email", "person__account__ledger_key")
        self.known: dict[tuple[str, str], UUID] = {("customer", email): key for email, key in found}
        self.welcome = welcome
        self.added: list[str] = []

    def of(self, customer: str, organisation: str) -> UUID:
        """Raises ValueError for what names nobody, and Unknown for the unknown unless they are welcome: then no fact is
        lost before a first letter."""
        kind, name = ("customer", customer.lower()) if customer else ("organisation", organisation)
        if (kind, name) not in self.known:
            self.known[kind, name] = self._customer(name) if customer else self._organisation(name)
        return self.known[kind, name]

    def _customer(self, email: str) -> UUID:
        try:
            validate_email(email)
        except ValidationError:
            raise ValueError(f"customer {email!r} is not an address") from None
        person = Person.objects.filter(addresses__email=email).select_related("account").first()
        if person is None:
            self._add("customer", email)
        return _key((person or Person.at(email)).account)

    def _organisation(self, name: str) -> UUID:
        called = list(Account.objects.filter(name__iexact=name)[:2])
        if len(called) > 1:
            raise ValueError(f"two organisations are called {name!r}: give a customer's address instead")
        if not called:
            self._add("organisation", name)
        return _key(called[0] if called else Account.objects.create(name=name[:200]))

    def _add(self, kind: str, name: str) -> None:
        if not self.welcome:
            raise Unknown(f"{kind} {name!r} is unknown")
        self.added.append(name)


def _key(account: Any) -> UUID:
    return UUID(str(account.ledger_key))
