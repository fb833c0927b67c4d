"""The letters that customers' pages make. None carries a word of whoever filled in a form: with it, anyone could make us
write anything to anybody."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from evenhand.channels.models import Outgoing
from evenhand.conversations.models import Conversation, Link
from evenhand.people.models import Person

FRESH = """\
Here is a fresh link to each of your latest conversations with us:

{links}

They are yours alone: whoever has one can read along.

{desk}
"""


def write_fresh_links(conversations: Sequence[Conversation], person: Person, to: str) -> Outgoing:
    """New links to a person's conversations, told apart by number and day."""
    links = "\n\n".join(
        f"Question {each.number}, asked on {each.opened_at.day} {each.opened_at:%B %Y}:\n{Link.of(each, person).url}"
        for each in conversations
    )
    text = FRESH.format(links=links, desk=settings.EVENHAND_NAME)
    return Outgoing.post(Outgoing.Kind.SIGN_IN, [to], f"Your link to {settings.EVENHAND_NAME}", text)
