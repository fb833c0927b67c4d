"""Where somebody is in the line, and how long it may take: an honest range, in calendar time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from evenhand.fairness.clock import WorkingHours

from .turn import Turn

RECENT = 60  # waits looked at
ENOUGH = 8  # fewer say nothing
ALWAYS = WorkingHours.always()


class Place(NamedTuple):
    ahead: int
    at_least: timedelta | None
    at_most: timedelta | None


def _recent_waits(turn: Turn) -> list[tuple[datetime, datetime]]:
    rows = Turn.objects.filter(lane_id=turn.lane_id, claimed_at__isnull=False).order_by("-claimed_at")
    return [(start, end) for start, end in rows.values_list("waiting_since", "claimed_at")[:RECENT] if end]


def _ahead_of(turn: Turn) -> int:
    """Everyone in front of the account's place, and one more round of all places for each own turn in front."""
    if turn.round is not None:
        return Turn.objects.before(turn).count()
    beside = Turn.objects.beside(turn)
    first = beside.filter(round__isnull=False).first()
    own = beside.filter(round=None, waiting_since__lt=turn.waiting_since).count() + 1
    places = Turn.objects.placed().filter(lane_id=turn.lane_id).count()
    return (Turn.objects.before(first).count() if first else 0) + own * max(places, 1)


def place_of(turn: Turn, hours: WorkingHours, now: datetime) -> Place:
    """How many wait in front, and how much longer most of those who recently waited as long as this went on to wait.

    The range covers the middle 80 % of the recent waits in this lane that lasted longer than this one has so far; None
    where too few did. Waits are compared on the desk's own clock, so that a night is not taken for haste or for delay.
    """
    ahead = _ahead_of(turn)
    waits = _recent_waits(turn)
    clock = _clock(hours, [end for _, end in waits])
    waited = clock.working_minutes_between(turn.waiting_since, now)
    longer = sorted(
        wait - waited for since, end in waits if (wait := clock.working_minutes_between(since, end)) > waited
    )
    if len(longer) < ENOUGH:
        return Place(ahead, None, None)
    low, high = (clock.due_after(now, longer[at]) - now for at in (len(longer) // 10, -1 - len(longer) // 10))
    return Place(ahead, low, high)


def _clock(hours: WorkingHours, begun: list[datetime]) -> WorkingHours:
    """The desk's, unless more turns begin while it is closed than the range leaves out on one side."""
    outside = sum(not hours.is_open(each) for each in begun)
    return hours if outside * 10 <= len(begun) else ALWAYS
