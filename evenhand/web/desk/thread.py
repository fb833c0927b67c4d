"""A conversation's thread: messages with their files, and between them what happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection

from .said import said
from .waits import WAITS, Waits

LATEST = 50  # messages shown at once; the earlier ones are a click away
LONGEST = 20_000  # letters of one message shown at once; the rest is on a page of its own
PICTURE = 3_000  # bytes: what a letter shows in its text below that is a line, a dot or an icon

# HTML is never shown in our page, only whether there is formatting worth opening; an agent's own HTML is ours.
MESSAGES = (
    """
    SELECT m.id, m.kind, m.at, left(m.text, {longest}) AS text, m.language, length(m.text) > {longest} AS cut, m.quoted <> '' AS quoted,
           CASE WHEN m.agent_id IS NOT NULL THEN m.html ELSE '' END AS html,
           m.agent_id IS NULL AND m.html ~* '<(table|img|b|i|strong|em|ul|ol|h[1-6]|a|font|span)[ >]' AS formatted,
           m.cc, m.leaves_at, m.sent_at, m.failed_at, m.failure, m.agent_id,
           COALESCE(agent.name, NULLIF(person.name, ''), address.email, '') AS who, COALESCE(NULLIF(letter.sender, ''), address.email, '') AS email,
           (SELECT json_agg(json_build_object('key', key, 'name', name, 'size', size, 'type', type,
                'small', thumbnail <> '', 'threat', threat, 'scanned', scanned_at IS NOT NULL, 'inline', inline, 'sha256', sha256) ORDER BY id)
              FROM conversations_attachment f WHERE f.message_id = m.id
               AND (NOT f.inline OR (m.agent_id IS NULL AND f.thumbnail <> '' AND f.size >= {picture})
                OR f.threat <> '' OR (m.agent_id IS NOT NULL AND %(scans)s AND f.scanned_at IS NULL))) AS files,
           letter.id AS letter, letter.reply_to, letter.verified, letter.verdict,
           {waits}
    FROM conversations_message m
    LEFT JOIN people_agent agent ON agent.id = m.agent_id
    LEFT JOIN people_person person ON person.id = m.person_id
    LEFT JOIN LATERAL (SELECT email FROM people_address WHERE person_id = m.person_id ORDER BY id DESC LIMIT 1) address ON true
    LEFT JOIN LATERAL (SELECT id, sender, reply_to, verified, verdict FROM channels_letter
        WHERE message_id = m.id ORDER BY id LIMIT 1) letter ON true
    LEFT JOIN channels_outgoing post ON post.message_id = m.id
    WHERE m.conversation_id = %(number)s {before}
    ORDER BY m.id DESC LIMIT {limit}
""".replace("{longest}", str(LONGEST))
    .replace("{picture}", str(PICTURE))
    .replace("{waits}", WAITS)
    .replace("{limit}", str(LATEST + 1))
)

# The latest of the conversation `c`, read with the head of its page.
EVENTS = """
    (SELECT json_agg(event) FROM (
        SELECT event.id, event.what, event.at, event.data, COALESCE(agent.name, NULLIF(person.name, ''), '') AS who
        FROM conversations_event event
        LEFT JOIN people_agent agent ON agent.id = event.agent_id LEFT JOIN people_person person ON person.id = event.person_id
        WHERE event.conversation_id = c.number ORDER BY event.id DESC LIMIT 100) event)
"""


class Message(NamedTuple):
    id: int
    kind: str
    at: datetime
    text: str
    language: str
    cut: bool
    quoted: bool
    html: str
    formatted: bool
    cc: list[str]
    leaves_at: datetime | None
    sent_at: datetime | None
    failed_at: datetime | None
    failure: str
    agent_id: int | None
    who: str
    email: str
    files: list[dict[str, Any]] | None
    letter: int | None
    reply_to: str | None
    verified: bool | None
    verdict: str | None
    waits: Waits | None


class Happening(NamedTuple):
    id: int
    kind: str  # always "event"
    at: datetime
    words: str

    @classmethod
    def of(cls, event: dict[str, Any]) -> Happening:
        words = said(event["what"], event["who"], event["data"])
        return cls(event["id"], "event", datetime.fromisoformat(event["at"]), words)


class Thread(NamedTuple):
    items: list[Message | Happening]  # oldest first
    earlier: int  # the id before which more messages lie, 0 for none
    last: int  # the id of the latest message, 0 for none


def thread(number: int, events: Iterable[dict[str, Any]], before: int = 0) -> Thread:
    """The latest messages of a conversation, or those before a message's id, with those of its events between them."""
    values = {"number": number, "before": before, "scans": bool(settings.EVENHAND_CLAMAV)}
    with connection.cursor() as cursor:
        cursor.execute(MESSAGES.replace("{before}", "AND m.id < %(before)s" if before else ""), values)
        messages = [_message(row) for row in cursor.fetchall()]
    shown = _each_picture_once(messages[:LATEST])
    more = len(messages) > LATEST
    first = shown[-1].at if shown and more else datetime.min.replace(tzinfo=shown[-1].at.tzinfo) if shown else None
    last = shown[0].at if shown and before else None
    happened = map(Happening.of, events)
    between = [
        event for event in happened if (first is None or event.at >= first) and (last is None or event.at <= last)
    ]
    items: list[Message | Happening] = [*shown, *between]
    items.sort(key=lambda each: (each.at, each.kind == "event", each.id))
    return Thread(items, shown[-1].id if more else 0, shown[0].id if shown else 0)


def _message(row: tuple[Any, ...]) -> Message:
    return Message._make((*row[:-1], Waits.read(row[-1])))


def _each_picture_once(messages: list[Message]) -> list[Message]:
    """The latest first. What was in a letter's text comes again with every letter that quotes it, as a signature's logo does."""
    seen: set[str] = set()
    kept = []
    for message in reversed(messages):
        files = [file for file in message.files or () if not (file["inline"] and file["sha256"] in seen)]
        seen.update(file["sha256"] for file in files)
        kept.append(message._replace(files=files))
    return kept[::-1]
