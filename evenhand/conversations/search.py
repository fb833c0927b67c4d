"""Finding conversations by their words: subjects, texts, notes, names and addresses (see migrations/0002_search.sql)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from evenhand.people.models import Agent

from .marking import Marker, Piece

PAGE = 25
LONGEST = 200  # characters of what is asked
TERMS = 12
TERM = re.compile(r'"([^"]*)"?|(\S+)')
NUMBER = re.compile(r"#?(\d{1,18})")
EVERYTHING = 2**62

# The conversation whose number was asked for first, then the newest that have the words. Excerpts are looked for in as
# much of the latest messages as is fetched here.
FOUND = """
    WITH asked AS MATERIALIZED (SELECT search_query(%(terms)s, %(beginning)s, %(loose)s) AS query),
    team AS MATERIALIZED (SELECT array_agg(team_id) AS ids FROM people_agent_teams WHERE agent_id = %(agent)s),
    hit AS (
        SELECT number FROM conversations_conversation, team WHERE number = %(number)s AND team_id = ANY (team.ids)
        UNION SELECT number FROM asked, team, search_find(asked.query, team.ids, %(before)s, %(most)s) AS number
    )
    SELECT asked.query::text, c.number, c.subject, c.language, c.need, c.state, c.changed_at, person.name, account.name,
        ARRAY(SELECT text FROM (SELECT id, left(text, 4000) AS text FROM conversations_message
            WHERE conversation_id = c.number ORDER BY id DESC LIMIT 20) AS latest ORDER BY id)
    FROM asked, hit
    JOIN conversations_conversation AS c ON c.number = hit.number
    JOIN people_person AS person ON person.id = c.person_id
    JOIN people_account AS account ON account.id = c.account_id
    ORDER BY c.number = %(number)s DESC, c.number DESC
"""


class Hit(NamedTuple):
    """A conversation that was found. `subject` and `excerpt` are plain text in pieces, those that matched marked: a
    template escapes them like any other text."""

    number: int
    subject: list[Piece]
    excerpt: list[Piece]
    need: str
    state: str
    changed_at: datetime
    who: str
    organisation: str


def search(agent: Agent, words: str, before: int | None = None, limit: int = PAGE) -> list[Hit]:
    """The newest conversations of the agent's teams in which all of `words` occur; `"quoted words"` next to each other.
    Words match as they are written (accents and case aside), by their stem in the conversation's language, and the
    last one as a beginning. `before`: the number of the last hit of the page before. One query."""
    matches = list(TERM.finditer(words.replace("\0", "")[:LONGEST]))[:TERMS]
    loose = [match[1] is None for match in matches]
    number = NUMBER.fullmatch(words.strip()) if before is None else None
    asked: dict[str, Any] = {
        "terms": [match[2] if is_loose else match[1] for match, is_loose in zip(matches, loose, strict=True)],
        "loose": loose,
        "beginning": bool(loose) and loose[-1],
        "agent": agent.pk,
        "number": int(number[1]) if number else -1,
        "before": EVERYTHING if before is None else before,
        "most": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(FOUND, asked)
        rows = cursor.fetchall()
    marker = Marker(rows[0][0] or "") if rows else Marker("")
    return [_hit(marker, *row[1:]) for row in rows]


def _hit(
    marker: Marker,
    number: int,
    subject: str,
    language: str,
    need: str,
    state: str,
    changed_at: datetime,
    who: str,
    organisation: str,
    texts: list[str],
) -> Hit:
    excerpt = marker.excerpt(texts, language)
    return Hit(number, marker.mark(subject, language), excerpt, need, state, changed_at, who, organisation)
