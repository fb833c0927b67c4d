"""Undoing a join: two people again, each with what was theirs, and with what they have written since."""

from __future__ import annotations

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils import timezone

from evenhand.people.models import Account, Agent, Joined, Person

from .conversation import Conversation
from .event import Event
from .link import Link
from .message import Message


@transaction.atomic
def part(
    joined: Joined,
    by: Agent,
    reason: str,
    begun: Collection[int] = (),
    written: Collection[int] = (),
    other: Collection[int] = (),
) -> Person:
    """Who was joined, as somebody of their own again. Of what came since, `begun` are the conversations and `written` the
    messages that came from their addresses, `other` the messages that came from others; what was done on a page is of
    whoever asks there. Links made since open nothing any more: nobody knows whose mailbox they went to. Raises ValueError."""
    theirs = {*joined.conversations, *begun}
    _refuse_mixed(joined, theirs)
    stayed, person = joined.person, joined.bring_back()
    Link.objects.filter(person__in=[stayed, person], made_at__gt=joined.at, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    Conversation.objects.filter(pk__in=begun, person=stayed).update(person=person)
    Message.objects.filter(pk__in=written, person=stayed).update(person=person)
    _done_on_a_page(joined, stayed, person, other)
    _back_under_their_account(joined, person)
    Joined.objects.filter(pk=joined.pk).update(parted_at=timezone.now(), parted_by=by, parted_reason=reason[:300])
    for each in (stayed, person):
        if latest := Conversation.objects.filter(person=each).order_by("-pk").first():
            address = ", ".join(joined.addresses)
            Event.record(latest, "not the same person", agent=by, address=address, reason=reason[:300])
    return person


def _refuse_mixed(joined: Joined, theirs: set[int]) -> None:
    merged = Conversation.objects.filter(person=joined.person, merged_into__person=joined.person)
    for each in merged.filter(events__what="merged", events__at__gt=joined.at):
        if (each.pk in theirs) != (each.merged_into_id in theirs):
            raise ValueError(
                f"#{each.pk} was merged into #{each.merged_into_id} since. Their words stand in one conversation now, and "
                "each of the two would read the other's."
            )


def _done_on_a_page(joined: Joined, stayed: Person, person: Person, other: Collection[int]) -> None:
    """What was said and done since in conversations that are the other's again, and did not come by mail."""
    for _, rows, field in Person.relations():
        names = {each.name for each in rows.model._meta.concrete_fields}
        if not {"conversation", "at"} <= names:
            continue
        since = rows.filter(**{field: stayed, "conversation__person": person, "at__gt": joined.at})
        mailed = since.filter(pk__in=other) if rows.model is Message else since.none()
        for pk in since.exclude(pk__in=mailed).values_list("pk", flat=True):
            try:
                with transaction.atomic():
                    rows.filter(pk=pk).update(**{field: person})
            except IntegrityError:  # a rating, where they have an older one: it stays with whoever stayed
                continue


def _back_under_their_account(joined: Joined, person: Person) -> None:
    for each in Conversation.objects.filter(person=person).order_by("pk"):
        account = Account.objects.filter(pk=joined.accounts.get(str(each.pk), person.account_id)).first()
        each.belong_to(account or person.account)
