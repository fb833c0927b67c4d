"""Finding conversations by their words: subjects, texts, notes, names and addresses (see migrations/0002_search.sql)."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from evenhand.people.models import Agent

from .marking import Marker, Piece

if TYPE_CHECKING:
    from .conversation import Conversation

PAGE = 25
LONGEST = 200  # characters of what is asked
TERMS = 12
TERM = re.compile(r'"([^"]*)"?|(\S+)')
NUMBER = re.compile(r"#?(\d{1,18})")
EVERYTHING = 2**62

ASKED = "SELECT search_query(%s, %s, %s)::text"
FOUND = """
    SELECT search_find(%s::tsquery, ARRAY(SELECT team_id FROM people_agent_teams WHERE agent_id = %s), %s, %s)
"""
# The newest messages of each, as much of them as an excerpt is looked for in.
TEXTS = """
    SELECT conversation_id, text FROM unnest(%s) AS hit(number) CROSS JOIN LATERAL (
        SELECT id, conversation_id, left(text, 4000) AS text FROM conversations_message
        WHERE conversation_id = hit.number ORDER BY id DESC LIMIT 20) AS said
    ORDER BY id
"""


@dataclass(frozen=True)
class Hit:
    """A conversation that was found. `subject` and `excerpt` are plain text in pieces, those that matched marked: a
    template escapes them like any other text."""

    conversation: Conversation
    subject: list[Piece]
    excerpt: list[Piece]


def search(agent: Agent, words: str, before: int | None = None, limit: int = PAGE) -> list[Hit]:
    """The newest conversations of the agent's teams in which all of `words` occur; `"quoted words"` next to each other.
    Words match as they are written (accents and case aside), by their stem in the conversation's language, and the
    last one as a beginning. `before`: the number of the last hit of the page before."""
    numbered = _numbered(agent, words) if before is None else []
    asked = _asked(words)
    if not asked:
        return _hits(numbered, Marker(""))
    with connection.cursor() as cursor:
        cursor.execute(FOUND, [asked, agent.pk, EVERYTHING if before is None else before, limit])
        found = [number for (number,) in cursor.fetchall()]
    return _hits(numbered + [each for each in found if each not in numbered], Marker(asked))


def _numbered(agent: Agent, words: str) -> list[int]:
    """The conversation whose number is asked for."""
    from .conversation import Conversation

    number = NUMBER.fullmatch(words.strip())
    if not number:
        return []
    return list(Conversation.objects.visible_to(agent).filter(pk=int(number[1])).values_list("pk", flat=True))


def _asked(words: str) -> str:
    """What PostgreSQL is asked for, as the text of a tsquery; empty when there is no word in it."""
    matches = list(TERM.finditer(words.replace("\0", "")[:LONGEST]))[:TERMS]
    terms = [match[1] if match[1] is not None else match[2] for match in matches]
    loose = [match[1] is None for match in matches]
    with connection.cursor() as cursor:
        cursor.execute(ASKED, [terms, bool(loose) and loose[-1], loose])
        asked: str | None = cursor.fetchone()[0]
    return asked or ""


def _hits(numbers: list[int], marker: Marker) -> list[Hit]:
    from .conversation import Conversation

    if not numbers:
        return []
    rows = Conversation.objects.select_related("person", "account", "assignee").in_bulk(numbers)
    texts: dict[int, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(TEXTS, [numbers])
        for number, text in cursor.fetchall():
            texts[number].append(text)
    return [
        Hit(
            rows[number],
            marker.mark(rows[number].subject, rows[number].language),
            marker.excerpt(texts[number], rows[number].language),
        )
        for number in numbers
        if number in rows
    ]
