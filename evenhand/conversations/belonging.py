"""Who belongs to whom: people join organisations, and two records of one person become one. Each spans all they said and
all their turns, so it belongs to no single conversation."""

from __future__ import annotations

from django.db import transaction

from evenhand.people.models import Account, Agent, Joined, Person

from .conversation import Conversation


@transaction.atomic
def join(person: Person, account: Account) -> None:
    """From now on `person` takes turns with `account`. What waits moves with them and keeps since when it waits; what is
    over stays with the account it was asked under, as history."""
    person.account = account
    person.save(update_fields=["account"])
    for conversation in Conversation.objects.filter(person=person).exclude(state__in=["closed", "merged"]):
        conversation.belong_to(account)


@transaction.atomic
def merge(person: Person, into: Person, by: Agent, reason: str) -> None:
    """`person` and `into` are one: `into` keeps both histories and all addresses. Who said so, and why, is a row."""
    Joined.objects.create(
        person=into,
        name=person.name,
        addresses=list(person.addresses.order_by("pk").values_list("email", flat=True)),
        conversations=list(Conversation.objects.filter(person=person).order_by("pk").values_list("pk", flat=True)),
        agent=by,
        reason=reason[:300],
    )
    join(person, into.account)
    into.absorb(person)
