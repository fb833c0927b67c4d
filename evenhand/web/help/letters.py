"""The letters that customers' pages make. None carries a word of whoever filled in a form: with it, anyone could make us
write anything to anybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from evenhand.channels.models import Outgoing
from evenhand.conversations.models import Conversation, Link
from evenhand.people.models import Person
from evenhand.promise.models import Promise
from evenhand.web.span import moment, zone_words

ASKED = """\
Somebody, most likely you, asked us something on our page and gave this address.

Read it, add to it and see when it is your turn:
{url}

It is in the line already. Everyone is in this same line.{due}

If it was not you, open the link and say so; then we will not write to you about it again.

{desk}
"""

FRESH = """\
Here is a fresh link to each of your latest conversations with us:

{links}

They are yours alone: whoever has one can read along.

{desk}
"""


def _due(at: datetime | None) -> str:
    if at is None:
        return ""
    promise = Promise.current()
    return f" We promise a first answer by {moment(at, ZoneInfo(promise.time_zone))} ({zone_words(promise.time_zone)})."


def write_asked(conversation: Conversation, person: Person, to: str) -> Outgoing:
    """Say that a question arrived, and give the link; only whoever reads mail at that address gets it."""
    text = ASKED.format(
        url=Link.of(conversation, person).url, due=_due(conversation.due_at), desk=settings.EVENHAND_NAME
    )
    subject = f"Your question to {settings.EVENHAND_NAME}"
    return Outgoing.post(Outgoing.Kind.ACKNOWLEDGEMENT, [to], subject, text, conversation=conversation)


def write_fresh_links(conversations: Sequence[Conversation], person: Person, to: str) -> Outgoing:
    """New links to a person's conversations, told apart by number and day."""
    links = "\n\n".join(
        f"Question {each.number}, asked on {each.opened_at.day} {each.opened_at:%B %Y}:\n{Link.of(each, person).url}"
        for each in conversations
    )
    text = FRESH.format(links=links, desk=settings.EVENHAND_NAME)
    return Outgoing.post(Outgoing.Kind.SIGN_IN, [to], f"Your link to {settings.EVENHAND_NAME}", text)
