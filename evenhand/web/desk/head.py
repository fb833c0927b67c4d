"""What stands at the head of a conversation's page and beside it, if this agent may see it. One prepared query."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from .about import ABOUT
from .thread import EVENTS

SQL = f"""
    SELECT c.number, c.subject, c.state, c.need, c.tags, c.waiting_since, c.due_at, c.snoozed_until, c.problem,
           c.language, person.language, c.team_id, c.person_id, person.name, c.account_id, account.name,
           c.assignee_id, assignee.name, c.merged_into_id, c.spam,
           {EVENTS}, {ABOUT}
    FROM conversations_conversation c
    JOIN people_person person ON person.id = c.person_id
    JOIN people_account account ON account.id = c.account_id
    LEFT JOIN people_agent assignee ON assignee.id = c.assignee_id
    WHERE c.number = %(number)s
      AND c.team_id IN (SELECT team_id FROM people_agent_teams WHERE agent_id = %(agent)s)
"""  # noqa: S608 - of our own constants


class Head(NamedTuple):
    number: int
    subject: str
    state: str
    need: str
    tags: list[str]
    waiting_since: datetime | None
    due_at: datetime | None
    snoozed_until: datetime | None
    problem: str
    language: str
    person_language: str
    team_id: int
    person_id: int
    person: str
    account_id: int
    account: str
    assignee_id: int | None
    assignee: str | None
    merged_into: int | None
    spam: bool
    events: list[dict[str, Any]] | None
    about: dict[str, Any]


def head(number: int, agent_id: int) -> Head | None:
    """None for what does not exist, and for what this agent may not see: there is no telling the two apart."""
    if number >= 2**63:
        return None
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"number": number, "agent": agent_id})
        row = cursor.fetchone()
    return Head._make(row) if row else None
