"""Undoing a join of two people: who wrote since from which address is known by the letters and the forms."""

from __future__ import annotations

from django.db import transaction

from evenhand.conversations import parting
from evenhand.conversations.models import Conversation, Message
from evenhand.people.models import Agent, Joined, Person

from .letter import Letter
from .question import Question


@transaction.atomic
def part(joined: Joined, by: Agent, reason: str) -> Person:
    """Who was joined, as somebody of their own again, with what came from their addresses since. Raises ValueError."""
    stayed, addresses = joined.person_id, joined.addresses
    since = Message.objects.filter(person=stayed, at__gt=joined.at)
    mailed = Letter.objects.filter(message__in=since)
    theirs = mailed.filter(sender__in=addresses)
    written = set(theirs.values_list("message", flat=True))
    begun = Conversation.objects.filter(person=stayed, opened_at__gt=joined.at)
    numbers = set(
        Question.objects.filter(conversation__in=begun, email__in=addresses).values_list("conversation", flat=True)
    )
    for each in begun:
        first = Letter.objects.filter(conversation=each).order_by("pk").values_list("sender", flat=True).first()
        if first in addresses:
            numbers.add(each.pk)
    other = set(mailed.exclude(sender__in=addresses).values_list("message", flat=True))
    return parting.part(joined, by, reason, numbers, written, other)
