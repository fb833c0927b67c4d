"""Undo until it leaves: an answer whose letter waits, for a mail server or for anything else, is taken back, or tried now.

A worker and whoever takes it back stand in line for the letter: one of them has it, and the other is told.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from evenhand.conversations import leaving
from evenhand.conversations.message import TooLate
from evenhand.conversations.models import Draft, Message
from evenhand.people.models import Agent

from .hold import OUTGOING, alone, ours
from .outgoing import Outgoing

NOW = "It is being handed over at this very moment. Look again in a minute."


@transaction.atomic
def take_back(message: Message, agent: Agent) -> Draft:
    """Its words are a draft of this agent's again. Raises TooLate for an answer that somebody has, or may have."""
    alone(OUTGOING)  # nobody makes its letter meanwhile
    pk = Outgoing.objects.filter(message=message.pk).values_list("pk", flat=True).first() or 0
    if pk and not ours(OUTGOING, pk):
        raise TooLate(NOW)
    # As its last holder left it; deleted, where we are the second who takes it back.
    if letter := Outgoing.objects.defer("raw").filter(pk=pk).first():
        if why := gone(letter):
            raise TooLate(why)
        letter.delete()
    return message.conversation.take_back(agent, message.pk)


def gone(letter: Outgoing) -> str:
    """Why it cannot be taken back, in a sentence; "" for a letter that nobody has."""
    if letter.sent_at or letter.failed_at:
        return TooLate.LEFT
    if letter.put_off:
        return f"Somebody has it already: it waits for {', '.join(letter.put_off)} only."
    if letter.perhaps or letter.began_at:
        return "It may have arrived: a try to hand it over was cut off before the server said whether it has it."
    return ""


def try_now(message: Message) -> None:
    """Hand it over as soon as a worker can, whatever was to be waited for but room (`pace`)."""
    waiting = Outgoing.objects.filter(message=message.pk, sent_at=None, failed_at=None)
    if waiting.filter(next_try_at__gt=timezone.now()).update(next_try_at=timezone.now()):
        leaving.at()
