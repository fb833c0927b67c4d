"""A new letter that seems to go on with what is open: an agent is asked, and nothing is done silently."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from evenhand.conversations.models import Conversation, Suggestion

from .reading.subject import alike

RECENT = timedelta(days=14)
LOOKED_AT = 20  # of a person's latest conversations


def suggest_older(conversation: Conversation) -> None:
    """Suggest the latest open conversation of the same person under the same subject, if anything was said in it lately.

    Of the same person only: whoever writes in another's name learns nothing, and an agent sees no title that is not
    this customer's.
    """
    subject = alike(conversation.subject)
    if not subject or conversation.state != conversation.State.OPEN:
        return
    theirs = Conversation.objects.filter(person=conversation.person_id, number__lt=conversation.pk)
    for other in theirs.order_by("-number")[:LOOKED_AT]:
        goes_on = other.state in (other.State.OPEN, other.State.SNOOZED) and other.team_id == conversation.team_id
        if goes_on and other.changed_at > timezone.now() - RECENT and alike(other.subject) == subject:
            Suggestion.merging(conversation, other)
            return
