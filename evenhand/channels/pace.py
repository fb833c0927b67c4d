"""How fast letters leave: nobody's mailbox is flooded by us, and no server takes us for one who floods. Everyone counts
whom a letter goes to, in To or Cc, and a letter leaves when there is room for all of them.

What is too fast waits and is not a try; it leaves as soon as there is room.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from .answer import Answer, End
from .delivery import Delivery, domain_of
from .outgoing import Outgoing
from .token import without_tag

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
# Somebody sits and waits for these.
AT_ONCE = (Outgoing.Kind.SIGN_IN, Outgoing.Kind.ALARM)


WAITS = "So many letters went there lately that this one waits for room."


def room_for(letter: Outgoing) -> Answer | None:
    """For how long this letter has to wait; None: it may leave now."""
    if letter.kind in AT_ONCE:
        return None
    to = {without_tag(each)[:254] for each in letter.remaining}
    waits = [_until_room({"recipient": each}, settings.EVENHAND_RECIPIENT_AN_HOUR, HOUR) for each in to]
    waits += [
        _until_room({"domain": each}, settings.EVENHAND_DOMAIN_A_MINUTE, MINUTE) for each in set(map(domain_of, to))
    ]
    longest = max((each for each in waits if each), default=None)
    return Answer(End.LATER, WAITS, rest=longest) if longest else None


def _until_room(where: dict[str, str], limit: int, per: timedelta) -> timedelta | None:
    """Until the first of the latest `limit` deliveries there is longer ago than `per`; a limit of 0 is none."""
    if not limit:
        return None
    now = timezone.now()
    latest = (
        Delivery.objects.filter(**where, at__gt=now - per, at__lte=now).order_by("-at").values_list("at", flat=True)
    )
    first: datetime | None = next(iter(latest[limit - 1 : limit]), None)
    return first + per - now if first else None
