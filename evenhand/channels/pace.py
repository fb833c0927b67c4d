"""How fast letters leave: nobody's mailbox is flooded by us, and no server takes us for one who floods. Everyone counts
whom a letter goes to, in To or Cc, and a letter leaves when there is room for all of them.

What is too fast waits and is not a try; it leaves as soon as there is room.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils import timezone

from .answer import Answer, End
from .delivery import domain_of
from .outgoing import Outgoing
from .token import without_tag

# Somebody sits and waits for these.
AT_ONCE = (Outgoing.Kind.SIGN_IN, Outgoing.Kind.ALARM)
WHY = "So many letters went there lately that this one waits for room."
# When there is room for everyone: so long after the first of the latest so many letters. What seems to have left after
# now was noted by a clock that was wrong.
ROOM = """
    SELECT max(room) FROM (
        SELECT first.at + interval '1 hour' AS room FROM unnest(%(to)s::text[]) AS who CROSS JOIN LATERAL (
            SELECT at FROM channels_delivery WHERE recipient = who AND at > %(now)s - interval '1 hour' AND at <= %(now)s
            ORDER BY at DESC OFFSET %(an_hour)s LIMIT 1) AS first
        UNION ALL
        SELECT first.at + interval '1 minute' FROM unnest(%(domains)s::text[]) AS there CROSS JOIN LATERAL (
            SELECT at FROM channels_delivery WHERE domain = there AND at > %(now)s - interval '1 minute' AND at <= %(now)s
            ORDER BY at DESC OFFSET %(a_minute)s LIMIT 1) AS first
    ) AS rooms
"""


def room_for(letter: Outgoing) -> Answer | None:
    """For how long this letter has to wait; None: it may leave now. A limit of 0 is none."""
    an_hour, a_minute = settings.EVENHAND_RECIPIENT_AN_HOUR, settings.EVENHAND_DOMAIN_A_MINUTE
    if letter.kind in AT_ONCE or not (an_hour or a_minute):
        return None
    to, now = sorted({without_tag(each)[:254] for each in letter.remaining}), timezone.now()
    domains = sorted(set(map(domain_of, to)))
    with connection.cursor() as cursor:
        cursor.execute(
            ROOM,
            {
                "now": now,
                "to": to if an_hour else [],
                "domains": domains if a_minute else [],
                "an_hour": max(an_hour - 1, 0),
                "a_minute": max(a_minute - 1, 0),
            },
        )
        room: datetime | None = cursor.fetchone()[0]
    return Answer(End.LATER, WHY, rest=room - now) if room else None
