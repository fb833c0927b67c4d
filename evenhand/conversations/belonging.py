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
    """`person` and `into` are one: `into` keeps both histories and all addresses. Who said so, and why, is a row, and so is
    what was whose (`parting.py`). Raises ValueError where somebody was quicker."""
    both = Person.objects.select_for_update(no_key=True).filter(pk__in=[person.pk, into.pk]).order_by("pk")
    if len(both) < 2:
        raise ValueError("They are one person already.")
    theirs = dict(Conversation.objects.filter(person=person).values_list("pk", "account_id"))
    account = person.account
    join(person, into.account)
    Joined.record(person, into, by, reason, account, theirs)
