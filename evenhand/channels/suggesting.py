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
    latest = theirs.order_by("-number").values_list("number", "subject", "state", "team_id", "changed_at")
    for number, title, state, team, changed_at in latest[:LOOKED_AT]:
        goes_on = state in (Conversation.State.OPEN, Conversation.State.SNOOZED) and team == conversation.team_id
        if goes_on and changed_at > timezone.now() - RECENT and alike(title) == subject:
            Suggestion.merging(conversation, Conversation.objects.get(pk=number))
            return
