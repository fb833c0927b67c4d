"""Whether a new letter is set aside as spam, and why, in a sentence."""

from __future__ import annotations

from evenhand.conversations.models import Conversation

from ..arrived import Arrived
from .features import features, says_enough
from .told import told

TOLD = "The mail server that received it calls it spam ({})."
LEARNED = "It looks like what you called spam."


def spam_in(letter: Arrived) -> str:
    """Why the letter is set aside; "" for nearly all. Whoever has been answered here once is not, whatever they write:
    an agent knows them."""
    server = told(letter.said.headers) if letter.by_our_server else ""
    model = letter.here.spam if not server and says_enough(letter.said) else None
    if not server and not (model and model.calls_spam(features(letter.said, letter.verdict))):
        return ""
    if letter.verdict.passed is not False and _answered_before(letter.sender):
        return ""
    return TOLD.format(server) if server else LEARNED


def _answered_before(sender: str) -> bool:
    theirs = Conversation.objects.filter(person__addresses__email=sender, first_replied_at__isnull=False)
    return theirs.exclude(spam=True).exists()
