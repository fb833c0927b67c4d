"""What stands beside every page: how much is in each box, counted no further than a hundred, and the saved views.

What lies beyond a hundred is "99+" and costs nothing. One query.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.db import connection

from .boxes import BOXES, COUNTED

MOST = 100

_ONE = """(SELECT count(*) FROM (
    SELECT 1 FROM people_agent_teams member JOIN conversations_conversation c ON c.team_id = member.team_id
    WHERE member.agent_id = %(agent)s AND {where} LIMIT {most}) counted)"""
_VIEWS = """(SELECT json_agg(json_build_array(id, name, query) ORDER BY name)
    FROM conversations_savedview WHERE agent_id = %(agent)s)"""
_HELD = (
    "(SELECT count(*) FROM line_turn WHERE claimed_by_id = %(agent)s AND claimed_at IS NOT NULL AND ended_at IS NULL)"
)
SQL = "SELECT " + ", ".join([*(_ONE.format(where=BOXES[slug].where, most=MOST) for slug in COUNTED), _VIEWS, _HELD])


class View(NamedTuple):
    id: int
    name: str
    box: str
    query: str

    @classmethod
    def of(cls, id_: int, name: str, query: str) -> View:
        parts = dict(parse_qsl(query))
        box = parts.pop("box", "open")
        return cls(id_, name, box, urlencode(parts))


class Rail(NamedTuple):
    counts: dict[str, str]  # box -> its count in words, empty for none
    views: list[View]
    held: int  # how many turns the agent has in hand


def rail(agent_id: int) -> Rail:
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"agent": agent_id})
        *counted, views, held = cursor.fetchone()
    words = ("99+" if count >= MOST else str(count or "") for count in counted)
    return Rail(dict(zip(COUNTED, words, strict=True)), [View.of(*each) for each in views or []], held)
