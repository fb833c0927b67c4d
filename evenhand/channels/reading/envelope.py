"""Who wrote to whom, when, about what: the header of a letter, understood."""

import re
from dataclasses import dataclass
from datetime import datetime

from evenhand.channels.reading import limits
from evenhand.channels.reading.headers import Headers
from evenhand.channels.reading.letter import NOBODY, Mailbox
from evenhand.channels.reading.mailbox import mailboxes, mixed
from evenhand.channels.reading.sent import sent_at

ANGLED = re.compile(r"<\s*([^<>\s]{1,998})\s{0,3}>")
# Where to look for the writer, when From is missing or empty (many bounces, some gateways).
WRITERS = ("from", "reply-to", "return-path", "sender")


@dataclass(frozen=True, slots=True)
class Envelope:
    """The header fields that the desk works with."""

    sender: Mailbox
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    reply_to: tuple[Mailbox, ...]
    subject: str
    date: datetime | None
    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    list_id: str
    problems: tuple[str, ...]


def envelope_of(headers: Headers) -> Envelope:
    sender, problems = writer(headers)
    date = sent_at(headers.text("date"))
    if date is None and "date" in headers:
        problems.append("Its date cannot be read.")
    own = identifiers(headers.raw("message-id"))
    return Envelope(
        sender=sender,
        to=all_mailboxes(headers, "to"),
        cc=all_mailboxes(headers, "cc"),
        reply_to=all_mailboxes(headers, "reply-to"),
        subject=headers.text("subject"),
        date=date,
        message_id=own[0] if own else "",
        in_reply_to=identifiers(headers.raw("in-reply-to")),
        references=identifiers(b" ".join(headers.all("references"))),
        list_id=list_of(headers),
        problems=tuple(problems),
    )


def writer(headers: Headers) -> tuple[Mailbox, list[str]]:
    """The one who wrote, and what is odd about it."""
    problems: list[str] = []
    found = [box for value in headers.all("from") for box in mailboxes(value, headers.hint)]
    if len(headers.all("from")) > 1:
        problems.append("It has more than one From header: its sender is not to be trusted.")
    elif len(found) > 1:
        problems.append("It names more than one sender.")
    for name in WRITERS[1:] if not found else ():
        if found := list(mailboxes(headers.raw(name), headers.hint)):
            problems.append(f"It has no From; its {name.title()} is shown instead.")
            break
    sender = found[0] if found else NOBODY
    if not sender.address:
        problems.append("Its sender's address is missing or malformed.")
    elif "@" in sender.name and sender.address.lower() not in sender.name.lower():
        problems.append("Its sender's name shows an address that is not the sender's.")
    if any(mixed(word) for word in sender.name.split()):
        problems.append("Its sender's name mixes alphabets that look alike.")
    return sender, problems


def all_mailboxes(headers: Headers, name: str) -> tuple[Mailbox, ...]:
    """The mailboxes of every field of that name, at most as many as a letter may have."""
    return tuple(box for value in headers.all(name) for box in mailboxes(value, headers.hint))[: limits.MAX_MAILBOXES]


def identifiers(value: bytes) -> tuple[str, ...]:
    """Message-IDs without their angle brackets, in their order."""
    text = value.decode("utf-8", "replace")
    found = ANGLED.findall(text) or [word.strip("<>") for word in text.split() if "@" in word and len(word) < 998]
    return tuple(
        found[: limits.MAX_REFERENCES // 2] + found[limits.MAX_REFERENCES // 2 :][-limits.MAX_REFERENCES // 2 :]
    )


def list_of(headers: Headers) -> str:
    """The identifier of the mailing list, or "" for a letter that came by itself."""
    value = headers.text("list-id")
    angled = re.search(r"<([^<>]{1,255})>", value)
    return angled.group(1).strip() if angled else value[:255]
