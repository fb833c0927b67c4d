"""Taking a turn: the next one, or one out of turn. Atomic under any number of agents."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from evenhand.fairness.turns import lane_due_first
from evenhand.people.models import Agent

from .claim import Claim, Skip
from .lane import Lane
from .turn import Turn

# How long a skipped turn is not offered to the same agent again. Not for ever: in a team of one nobody else will come.
SKIP_LASTS = timedelta(hours=1)

# Takers stand in a line themselves, so that what one was offered is not gone when they reach for it.
ONE_TAKER = "SELECT pg_advisory_xact_lock(hashtext('evenhand take next'))"

# The head of every lane, each found by one step into the partial index `turn_in_order`, and before them what waits for
# this very agent's answer. Its condition on `for_agent_id` and `open_at` is `fairness.turns.may_take`, said in SQL.
OFFERED = """
    (SELECT own_turn.* FROM line_turn AS own_turn
        WHERE for_agent_id = %(agent)s AND claimed_at IS NULL AND ended_at IS NULL AND round IS NOT NULL
          AND {not_skipped}
        ORDER BY due_at, id LIMIT 1)
    UNION ALL
    SELECT head.* FROM unnest(%(lanes)s::bigint[]) AS open_lane(id) CROSS JOIN LATERAL (
        SELECT * FROM line_turn AS own_turn
        WHERE lane_id = open_lane.id AND claimed_at IS NULL AND ended_at IS NULL AND round IS NOT NULL
          AND (for_agent_id IS NULL OR for_agent_id = %(agent)s OR open_at <= %(now)s)
          AND {not_skipped}
        ORDER BY round, turn_since, id LIMIT 1
    ) AS head
""".replace(
    "{not_skipped}",
    "NOT EXISTS (SELECT 1 FROM line_skip"
    " WHERE turn_id = own_turn.id AND agent_id = %(agent)s AND at > %(now)s - %(skipped)s)",
)


class TooMany(Exception):
    """The agent holds as many turns as they may."""


class Taken(Exception):
    """Somebody else has it already, or it no longer waits."""


def _offer(agent: Agent, lanes: list[int]) -> tuple[Turn, str] | None:
    """The turn that is this agent's to take, and in which way; nobody is bound by it yet."""
    given = {"agent": agent.pk, "lanes": lanes, "now": timezone.now(), "skipped": SKIP_LASTS}
    offered = list(Turn.objects.raw(OFFERED, given))
    # What waits for this agent comes first, so that it wins a tie.
    first = lane_due_first([turn.due_at.timestamp() for turn in offered], [1] * len(offered))
    return (
        (offered[first], Claim.Way.OWN if offered[first].for_agent_id == agent.pk else Claim.Way.NEXT)
        if first >= 0
        else None
    )


def offer(agent: Agent) -> Turn | None:
    """What `take_next` would take now."""
    offered = _offer(agent, Lane.open_to(agent))
    return offered[0] if offered else None


def _claim(turn: Turn, agent: Agent, way: str, reason: str = "") -> Turn:
    now = timezone.now()
    won = Turn.objects.waiting().filter(pk=turn.pk).update(claimed_by=agent, claimed_at=now)
    if not won:
        raise Taken(f"Conversation {turn.number} is no longer waiting.")
    turn.claimed_by, turn.claimed_at = agent, now
    turn.started(now)
    Claim.objects.create(turn=turn, agent=agent, at=now, way=way, reason=reason)
    return turn


def _has_room(agent: Agent) -> None:
    if Turn.objects.held().filter(claimed_by=agent).count() >= agent.at_once:
        raise TooMany(f"You hold {agent.at_once} already. Answer one or put one back, then take the next.")


@transaction.atomic(savepoint=False)
def take_next(agent: Agent) -> Turn | None:
    """Give `agent` the turn that is due: the head of the lane due soonest, or what waits for their own answer when
    that is due sooner. None when nobody waits whom they may serve. Raises TooMany at the work-in-progress limit."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_TAKER)
    _has_room(agent)
    lanes = Lane.open_to(agent)
    while (offered := _offer(agent, lanes)) is not None:
        turn, way = offered
        turn.lane = Lane.objects.select_for_update().get(pk=turn.lane_id)
        with suppress(Taken):  # withdrawn, or taken out of turn, a moment ago
            return _claim(turn, agent, way)
    return None


@transaction.atomic
def take(agent: Agent, number: int, reason: str) -> Turn:
    """Take conversation `number` out of turn. The reason is kept and the audit reads it. At its own turn it is simply
    the next one. Raises Taken."""
    turn = Turn.lock(number)
    if turn is None or turn.claimed_at:
        raise Taken(f"Conversation {number} is not waiting.")
    offered = _offer(agent, Lane.open_to(agent))
    if offered and offered[0] == turn:
        return _claim(turn, agent, offered[1], reason)
    return _claim(turn, agent, Claim.Way.OUT_OF_TURN, reason)


@transaction.atomic
def give(number: int, to: Agent) -> None:
    """A colleague hands the turn of conversation `number` to `to`; no place in the line is gained or lost."""
    turn = Turn.lock(number)
    if turn is None or turn.claimed_by_id == to.pk:
        return
    if turn.claimed_at is None:
        _claim(turn, to, Claim.Way.ASSIGNED)
        return
    _close_claim(turn)
    Turn.objects.filter(pk=turn.pk).update(claimed_by=to)
    Claim.objects.create(turn=turn, agent=to, way=Claim.Way.ASSIGNED)


def _close_claim(turn: Turn) -> None:
    Claim.objects.filter(turn=turn, put_back_at=None).update(put_back_at=timezone.now())


@transaction.atomic
def put_back(agent: Agent, number: int, reason: str) -> None:
    """Skip: leave a turn for a colleague, with a reason. It goes back to the place it had; this agent is not offered
    it for a while. Raises Taken."""
    turn = Turn.lock(number)
    if turn is None or (turn.claimed_by_id not in (agent.pk, None)):
        raise Taken(f"Conversation {number} is not yours to put back.")
    Skip.objects.create(turn=turn, agent=agent, reason=reason)
    if turn.claimed_at:
        _close_claim(turn)
        turn.put_back()
