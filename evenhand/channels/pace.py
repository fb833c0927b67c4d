"""How fast letters leave: nobody's mailbox is flooded by us, and no server takes us for one who floods.

What is too fast waits and is not a try; it leaves as soon as there is room.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from .outgoing import Outgoing, OutgoingQuerySet

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
# Somebody sits and waits for these.
AT_ONCE = (Outgoing.Kind.SIGN_IN, Outgoing.Kind.ALARM)


def wait_for(letter: Outgoing) -> timedelta | None:
    """How long this letter has to wait; None: it may leave now."""
    if letter.kind in AT_ONCE:
        return None
    to_them = Outgoing.objects.filter(recipient=letter.recipient)
    there = Outgoing.objects.filter(domain=letter.domain)
    waits = (
        _until_room(to_them, settings.EVENHAND_RECIPIENT_AN_HOUR, HOUR),
        _until_room(there, settings.EVENHAND_DOMAIN_A_MINUTE, MINUTE),
    )
    return max((each for each in waits if each), default=None)


def _until_room(letters: OutgoingQuerySet, limit: int, per: timedelta) -> timedelta | None:
    """Until the first of the latest `limit` letters is longer ago than `per`; a limit of 0 is none."""
    if not limit:
        return None
    now = timezone.now()
    sent = letters.filter(sent_at__gt=now - per).order_by("-sent_at").values_list("sent_at", flat=True)
    first: datetime | None = next(iter(sent[limit - 1 : limit]), None)
    return first + per - now if first else None
