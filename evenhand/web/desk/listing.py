"""One page of a list, in one query whose cost does not grow with what is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from evenhand.conversations.look import KEPT

from .boxes import Box
from .filters import Filters, Unknown

PAGE = 30
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# A step into the box's partial index for each of the agent's teams, then the names of only what is shown. How many is
# written into it: not knowing, PostgreSQL would plan for a tenth of the desk, and so plan anew for every page.
SQL = """
    SELECT c.number, c.subject, c.preview, c.need, c.tags, c.state, c.{sort} AS sorted_by, c.due_at, c.changed_at,
           c.snoozed_until, c.message_count, c.waiting_since IS NOT NULL AS waits, c.problem,
           COALESCE(NULLIF(person.name, ''), (SELECT email FROM people_address WHERE person_id = person.id ORDER BY id DESC LIMIT 1), '') AS who,
           account.name AS organisation, assignee.name AS assignee,
           COALESCE(c.changed_at > look.seen, c.assignee_id = %(agent)s AND c.changed_at > %(lately)s, false) AS news
    FROM people_agent_teams member
    CROSS JOIN LATERAL (
        SELECT * FROM conversations_conversation c
        WHERE c.team_id = member.team_id AND {where} ORDER BY c.{sort} {way}, c.number {way} LIMIT {limit}
    ) c
    JOIN people_person person ON person.id = c.person_id
    JOIN people_account account ON account.id = c.account_id
    LEFT JOIN people_agent assignee ON assignee.id = c.assignee_id
    LEFT JOIN conversations_look look ON look.conversation_id = c.number AND look.agent_id = %(agent)s
    WHERE member.agent_id = %(agent)s
    ORDER BY c.{sort} {way}, c.number {way} LIMIT {limit}
"""


class Row(NamedTuple):
    number: int
    subject: str
    preview: str
    need: str
    tags: list[str]
    state: str
    sorted_by: datetime
    due_at: datetime | None
    changed_at: datetime
    snoozed_until: datetime | None
    message_count: int
    waits: bool
    problem: str
    who: str
    organisation: str
    assignee: str | None
    news: bool  # it changed since this agent looked, or is theirs and they never did


class Page(NamedTuple):
    rows: list[Row]
    next: str  # the `after` of the next page, empty on the last


def after(row: Row) -> str:
    return f"{(row.sorted_by - EPOCH) // timedelta(microseconds=1)}.{row.number}"


def _place(mark: str) -> tuple[datetime, int]:
    moment, _, number = mark.partition(".")
    try:
        place = EPOCH + timedelta(microseconds=int(moment)), int(number)
    except (ValueError, OverflowError):
        place = EPOCH, -1
    if not 0 <= place[1] < 2**63:
        raise Unknown("This page of the list cannot be found. Begin again at its top.")
    return place


def page(box: Box, filters: Filters, agent_id: int, mark: str = "") -> Page:
    """The rows of a box behind `mark`, its top when empty. Raises Unknown for a mark that is none."""
    way, beyond = ("DESC", "<") if box.descending else ("ASC", ">")
    values: dict[str, Any] = filters.values(agent_id) | {"agent": agent_id}
    values["lately"] = timezone.now() - KEPT  # how far was seen is forgotten then, which makes nothing new again
    where = box.where + filters.where()
    if mark:
        values["moment"], values["number"] = _place(mark)
        where += f" AND (c.{box.sort}, c.number) {beyond} (%(moment)s, %(number)s)"
    sql = SQL.format(
        sort=box.sort, way=way, where=where, limit=PAGE + 1
    )  # names from BOXES and Filters; values are parameters
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = [Row._make(each) for each in cursor.fetchall()]
    return Page(rows[:PAGE], after(rows[PAGE - 1]) if len(rows) > PAGE else "")
