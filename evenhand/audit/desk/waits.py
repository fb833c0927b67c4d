"""What the desk did, as rows: every wait for an answer, with what was known when it began and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import psycopg

# A conversation that sits in quarantine waits too, though the line does not know it.
WAITS = """
    SELECT turn.id AS turn, turn.number, turn.kind, turn.waiting_since, turn.due_at, turn.claimed_at, turn.ended_at,
           turn.outcome, lane.id AS lane, agent.name AS agent,
           (SELECT count(*) FROM line_skip AS skip WHERE skip.turn_id = turn.id) AS skips,
           EXISTS (SELECT 1 FROM line_claim AS claim WHERE claim.turn_id = turn.id AND claim.way = 'out_of_turn')
               AS jumped, {conversation}
    FROM line_turn AS turn
    JOIN line_lane AS lane ON lane.id = turn.lane_id
    JOIN conversations_conversation AS conversation ON conversation.number = turn.number
    JOIN people_account AS account ON account.id = conversation.account_id
    JOIN people_team AS team ON team.id = conversation.team_id
    LEFT JOIN people_agent AS agent ON agent.id = turn.claimed_by_id
    WHERE turn.outcome <> 'moved' AND turn.waiting_since >= %(since)s AND turn.waiting_since < %(until)s
    UNION ALL
    SELECT NULL, conversation.number, 'first', conversation.opened_at, NULL, NULL, NULL, '', NULL, NULL, 0, false,
           {conversation}
    FROM conversations_conversation AS conversation
    JOIN people_account AS account ON account.id = conversation.account_id
    JOIN people_team AS team ON team.id = conversation.team_id
    WHERE conversation.state = 'quarantined'
      AND conversation.opened_at >= %(since)s AND conversation.opened_at < %(until)s
    ORDER BY waiting_since, number
""".replace(
    "{conversation}",
    """conversation.account_id AS account, account.ledger_key AS key, account.created_at AS known_since,
           conversation.opened_at, conversation.closed_at, conversation.need_first AS need, conversation.channel,
           conversation.language, conversation.topic, conversation.tags, team.name AS team,
           conversation.problem <> '' AS set_aside""",
)
OUTCOMES = """
    SELECT conversation.number,
           (SELECT avg(length(message.text)) FROM conversations_message AS message
             WHERE message.conversation_id = conversation.number AND message.kind = 'agent') AS answer_length,
           EXISTS (SELECT 1 FROM conversations_event AS event
             WHERE event.conversation_id = conversation.number AND event.what = 'reopened') AS reopened,
           (SELECT rating.score FROM surveys_rating AS rating
             WHERE rating.conversation_id = conversation.number ORDER BY rating.at DESC LIMIT 1) AS score
    FROM conversations_conversation AS conversation
    WHERE conversation.opened_at >= %(since)s AND conversation.opened_at < %(until)s
"""
JUMPS = """
    SELECT turn.lane_id, claim.at FROM line_claim AS claim JOIN line_turn AS turn ON turn.id = claim.turn_id
    WHERE claim.way = 'out_of_turn' AND claim.at >= %(since)s ORDER BY claim.at
"""


class Outcome(NamedTuple):
    number: int
    answer_length: float | None
    reopened: bool
    score: int | None


class Wait(NamedTuple):
    """The columns of WAITS."""

    turn: int | None
    number: int
    kind: str
    waiting_since: datetime
    due_at: datetime | None
    claimed_at: datetime | None
    ended_at: datetime | None
    outcome: str
    lane: int | None
    agent: str | None
    skips: int
    jumped: bool
    account: int
    key: UUID
    known_since: datetime
    opened_at: datetime
    closed_at: datetime | None
    need: str
    channel: str
    language: str
    topic: str
    tags: list[str]
    team: str
    set_aside: bool


class History(NamedTuple):
    """A stretch of the desk's history."""

    since: datetime
    until: datetime
    waits: list[Wait]
    outcomes: dict[int, Outcome]
    jumps: list[tuple[int, datetime]]  # (lane, moment) of every take out of turn


def read(connection: psycopg.Connection, since: datetime, until: datetime) -> History:
    """Everything that began to wait in [since, until), as the audit's role may read it."""
    span = {"since": since, "until": until}
    waits = [Wait(*row) for row in connection.execute(WAITS, span)]
    outcomes = (Outcome(*row) for row in connection.execute(OUTCOMES, span))
    jumps = [(int(lane), at) for lane, at in connection.execute(JUMPS, span)]
    return History(since, until, waits, {outcome.number: outcome for outcome in outcomes}, jumps)
