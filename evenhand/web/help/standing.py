"""Where a conversation stands, for the customer: in the line, with someone, answered, put aside, solved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from evenhand.conversations.models import Conversation
from evenhand.line.models import Turn
from evenhand.line.place import place_of
from evenhand.promise.models import Promise
from evenhand.web.span import moment, words_between, zone_words

DOTS = 12  # more people ahead are written, not drawn
INSTANT = 1 / 6000  # of a minute: how far into the opening a promise must reach to find it


@dataclass(frozen=True)
class Standing:
    """`name` is waiting, taken, aside, answered or solved; the rest is empty where it says nothing."""

    name: str
    ahead: int = 0
    expected: str = ""
    due: str = ""
    due_at: datetime | None = None
    late: bool = False
    opens: str = ""
    who: str = ""
    when: str = ""
    zone: str = ""

    @property
    def dots(self) -> range | None:
        return range(self.ahead) if self.ahead <= DOTS else None

    @classmethod
    def of(cls, conversation: Conversation, now: datetime | None = None) -> Standing:
        now = now or timezone.now()
        promise = Promise.current(now)
        zone, named = ZoneInfo(promise.time_zone), zone_words(promise.time_zone)
        if conversation.state == conversation.State.CLOSED:
            closed_at = conversation.closed_at or now
            # Sent and closed at once: it is solved when the answer has left.
            if conversation.messages.not_left().filter(at=closed_at).exists():
                return cls("received", zone=named)
            return cls("solved", when=moment(closed_at, zone, now), zone=named)
        if conversation.state == conversation.State.SNOOZED:
            return cls("aside", when=moment(conversation.snoozed_until or now, zone, now), zone=named)
        turn = Turn.objects.live().select_related("lane", "claimed_by").filter(number=conversation.number).first()
        if turn is None:
            answered = conversation.first_replied_at and not conversation.messages.not_left().exists()
            return cls("answered" if answered else "received", zone=named)
        due = moment(turn.due_at, zone, now)
        late = turn.due_at < now
        if turn.claimed_by:
            return cls("taken", who=turn.claimed_by.first_name, due=due, due_at=turn.due_at, late=late, zone=named)
        place = place_of(turn, promise.hours, now)
        known = place.at_least is not None and place.at_most is not None
        return cls(
            "waiting",
            ahead=place.ahead,
            expected=words_between(place.at_least, place.at_most) if known else "",  # type: ignore[arg-type]
            due=due,
            due_at=turn.due_at,
            late=late,
            opens=_opens(promise, zone, now),
            zone=named,
        )


def _opens(promise: Promise, zone: ZoneInfo, now: datetime) -> str:
    """When the desk opens again, empty while it is open."""
    return "" if promise.hours.is_open(now) else moment(promise.hours.due_after(now, INSTANT), zone, now)
