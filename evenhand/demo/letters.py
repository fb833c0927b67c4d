"""The letters behind the demo's messages, so that the page of letters adds up as it does at a live desk."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256

from evenhand.channels.models import Letter, Mailbox
from evenhand.channels.tally import FETCHED, Tally
from evenhand.conversations.models import Conversation, Message

from .copy import copy


def keep(messages: list[Message], addresses: dict[int, str]) -> None:
    """A letter for each message that came by mail; `addresses` by person."""
    boxes = {box.topic: box for box in Mailbox.objects.order_by("-pk")}
    written = [
        _letter(message, addresses[message.person_id or 0], boxes.get(message.conversation.topic, boxes[""]))
        for message in messages
        if message.kind == Message.Kind.CUSTOMER and message.conversation.channel == "mail"
    ]
    copy(Letter, written)
    count([(each.mailbox_id, each.received_at, each.outcome) for each in written])


def count(read: list[tuple[int, datetime, str]]) -> None:
    """Tell the tally of letters (mailbox, arrival, outcome) that were written without it."""
    days = Counter((box, at.date(), what) for box, at, outcome in read for what in (FETCHED, outcome))
    Tally.objects.bulk_create(
        [Tally(mailbox_id=box, day=day, what=what, count=n) for (box, day, what), n in days.items()]
    )


def _letter(message: Message, sender: str, mailbox: Mailbox) -> Letter:
    again = message.conversation.opened_at < message.at
    raw = written(
        message.person.name if message.person else "", sender, mailbox.address, ("Re: " if again else "") + message.conversation.subject, message.text,
        message.at, f"{message.pk}.demo@{sender.rpartition('@')[2]}",
    )  # fmt: skip
    return Letter(
        **stored(raw, sender, mailbox, message.at),
        outcome=Letter.Outcome.STORED,
        rfc_id=f"<{message.pk}.demo@{sender.rpartition('@')[2]}>",
        conversation=message.conversation,
        message=message,
    )


def written(name: str, sender: str, to: str, subject: str, text: str, at: datetime, rfc_id: str) -> bytes:
    """A plain letter as bytes. By hand: the library's generator takes most of a millisecond for each of thousands."""
    body = b64encode(text.encode()).decode()
    lines = "\r\n".join(body[n : n + 76] for n in range(0, len(body), 76))
    return (
        f"From: {_word(name)} <{sender}>\r\nTo: {to}\r\nSubject: {_word(subject)}\r\n"
        f"Date: {format_datetime(at)}\r\nMessage-ID: <{rfc_id}>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        f"{lines}\r\n"
    ).encode()


def _word(text: str) -> str:
    """A header's words, encoded where they must be (RFC 2047: at most 75 characters a piece)."""
    if text.isascii() and '"' not in text:
        return text
    pieces = [text[n : n + 10].encode() for n in range(0, len(text), 10)]
    return "\r\n ".join(f"=?utf-8?b?{b64encode(piece).decode()}?=" for piece in pieces)


def stored(raw: bytes, sender: str, mailbox: Mailbox, at: datetime) -> dict[str, object]:
    """What a letter's row says of its bytes."""
    return {
        "via": "smtp",
        "received_at": at,
        "read_at": at,
        "mailbox": mailbox,
        "envelope_from": sender,
        "envelope_to": [mailbox.address],
        "raw": raw,
        "size": len(raw),
        "sha256": sha256(raw).hexdigest(),
    }


def quarantined(raw: bytes, sender: str, conversation: Conversation, reason: str, at: datetime) -> None:
    """A letter that could not be read or trusted, and the conversation in which an agent looks at it."""
    mailbox = Mailbox.default()
    Letter.objects.create(
        **stored(raw, sender, mailbox, at),
        outcome=Letter.Outcome.QUARANTINED,
        reason=reason,
        conversation=conversation,
        message=conversation.messages.first(),
    )
    for what in (FETCHED, Letter.Outcome.QUARANTINED):
        Tally.add(mailbox.pk, at, what)
