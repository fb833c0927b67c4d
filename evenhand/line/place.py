"""Where somebody is in the line, and how long it may take: an honest range, in calendar time."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from .turn import Turn

RECENT = 60  # waits looked at
ENOUGH = 8  # fewer say nothing


class Place(NamedTuple):
    ahead: int
    at_least: timedelta | None
    at_most: timedelta | None


def _recent_waits(turn: Turn) -> list[timedelta]:
    rows = Turn.objects.filter(lane_id=turn.lane_id, claimed_at__isnull=False).order_by("-claimed_at")
    return sorted(end - start for start, end in rows.values_list("waiting_since", "claimed_at")[:RECENT] if end)


def _ahead_of(turn: Turn) -> int:
    """Everyone in front of the account's place, and one more round of all places for each own turn in front."""
    if turn.round is not None:
        return Turn.objects.before(turn).count()
    beside = Turn.objects.beside(turn)
    first = beside.filter(round__isnull=False).first()
    own = beside.filter(round=None, waiting_since__lt=turn.waiting_since).count() + 1
    places = Turn.objects.placed().filter(lane_id=turn.lane_id).count()
    return (Turn.objects.before(first).count() if first else 0) + own * max(places, 1)


def place_of(turn: Turn, waited: timedelta) -> Place:
    """How many wait in front, and how much longer most of those who recently waited as long as this went on to wait.

    The range covers the middle 80 % of the recent waits in this lane that lasted longer than `waited`; None where
    too few did.
    """
    ahead = _ahead_of(turn)
    longer = [wait - waited for wait in _recent_waits(turn) if wait > waited]
    if len(longer) < ENOUGH:
        return Place(ahead, None, None)
    return Place(ahead, longer[len(longer) // 10], longer[-1 - len(longer) // 10])
