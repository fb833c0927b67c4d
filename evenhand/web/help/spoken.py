"""A message as the customer reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import nh3
from django.urls import reverse
from django.utils.html import urlize
from django.utils.safestring import SafeString, mark_safe

from evenhand.conversations import inline
from evenhand.conversations.models import Attachment, Conversation, Message
from evenhand.people.models import Person
from evenhand.web.span import moment
from evenhand.web.wording import wording

# What our own editor makes. Everything else is dropped, whoever wrote it.
TAGS = {"img", "p", "br", "strong", "b", "em", "i", "u", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre", "h2", "h3"}  # fmt: skip
LINKED_UP_TO = 50_000  # characters; finding addresses in more takes too long to be worth it


@dataclass(frozen=True)
class Spoken:
    who: str
    initials: str
    ours: bool
    automatic: bool
    when: str
    at: datetime
    language: str
    words: SafeString | str
    rich: bool
    quoted: str
    files: list[Attachment]


def thread(conversation: Conversation, reader: Person, zone: ZoneInfo, token: str) -> list[Spoken]:
    """What the reader may read of a conversation, oldest first; `token` is that of their link."""
    messages = conversation.messages.for_customer().select_related("agent", "person").order_by("id")
    messages = messages.prefetch_related("attachments", "person__addresses")
    return [_spoken(message, reader, zone, token) for message in messages]


def _spoken(message: Message, reader: Person, zone: ZoneInfo, token: str) -> Spoken:
    rich = bool(message.agent_id and message.html)
    beside = [each for each in message.attachments.all() if not (rich and each.inline and not each.held)]
    return Spoken(
        who=wording().conversation.you if message.person_id == reader.pk else str(message.author or ""),
        initials=message.author.initials if message.author else "",
        ours=message.kind == Message.Kind.AGENT,
        automatic=message.kind == Message.Kind.AUTOMATIC,
        when=moment(message.at, zone),
        at=message.at,
        language=message.language,
        words=rich_words(message.html, token) if rich else plain_words(message.text),
        rich=rich,
        quoted=message.quoted,
        files=beside,
    )


def rich_words(html: str, token: str) -> SafeString:
    """An agent's formatted words, with nothing in them but text, structure, links and our own pictures."""
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}, "img": inline.ATTRIBUTES},
        attribute_filter=inline.attribute,
        url_schemes={"http", "https", "mailto", inline.SCHEME},
        link_rel="noopener noreferrer nofollow",
    )
    shown = inline.sourced(inline.tidy(clean), lambda key: reverse("help:picture", args=[token, key]))
    return mark_safe(shown)  # noqa: S308 - cleaned in the lines above


def plain_words(text: str) -> SafeString | str:
    """Plain text with its addresses as links; escaped."""
    if len(text) > LINKED_UP_TO:
        return text
    return mark_safe(urlize(text, nofollow=True, autoescape=True))  # noqa: S308 - urlize has escaped it
