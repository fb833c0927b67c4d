"""When the light turns red, every administrator is told, once."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from evenhand.channels.models import Outgoing
from evenhand.parity.models import LightChange
from evenhand.people.models import Agent
from evenhand.web.span import date_words

log = logging.getLogger("evenhand.pledge")

ALARM = """\
The parity light of {desk} turned red on {day}.

Of two like conversations, one plan's fared better more often than chance explains. On a fair
desk such an alarm comes by chance at most once in twenty, however often one looks.

{why}

Where it arises, and how large it is:
{url}

The public pledge shows it as well. This letter comes once; the light stays red until an audit finds otherwise.
"""


@transaction.atomic
def tell() -> int:
    """Write to the active administrators of every red light nobody was told of. How many letters were made.

    A desk without an administrator is told as soon as it has one.
    """
    administrators = list(Agent.objects.filter(is_admin=True, is_active=True).order_by("pk"))
    if not administrators:
        return 0
    letters = 0
    untold = LightChange.objects.filter(colour="red", told_at=None).order_by("pk")
    for change in untold.select_for_update(skip_locked=True):
        letters += sum(_write(change, agent) for agent in administrators)
        change.told_at = timezone.now()
        change.save(update_fields=["told_at"])
    return letters


def _write(change: LightChange, agent: Agent) -> bool:
    url = settings.EVENHAND_URL + reverse("desk:parity")
    text = ALARM.format(desk=settings.EVENHAND_NAME, day=date_words(change.at), why=change.why, url=url)
    subject = f"The parity light of {settings.EVENHAND_NAME} is red"
    try:
        with transaction.atomic():
            Outgoing.post(Outgoing.Kind.ALARM, [agent.email], subject, text)
    except ValueError as error:  # an address that no letter can be sent to; the others are told
        log.error("%r cannot be told of the red light: %s", agent.email, error)
        return False
    return True
