"""Administrators are told of what is wrong with a mailbox: once, by a letter."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from evenhand.channels import watching
from evenhand.channels.models import Outgoing, Trouble
from evenhand.people.models import Agent

log = logging.getLogger("evenhand.mail")

ALARM = """\
Something is wrong with the mailbox {address} of {desk}:

{words}

No letter is lost by it: whatever was not fetched or read yet waits where it is. Here is what can be done:
{url}

This letter comes once. The page says when it is well again.
"""


def look_and_tell() -> int:
    """How many letters were written."""
    watching.look()
    return tell()


@transaction.atomic
def tell() -> int:
    """Write to the active administrators of every trouble nobody was told of. A desk that has none yet is told later."""
    administrators = list(Agent.objects.filter(is_admin=True, is_active=True).order_by("pk"))
    if not administrators:
        return 0
    letters = 0
    untold = Trouble.objects.filter(told_at=None, ended_at=None).select_related("mailbox").order_by("pk")
    for trouble in untold.select_for_update(skip_locked=True, of=["self"]):
        letters += sum(_write(trouble, agent) for agent in administrators)
        trouble.told_at = timezone.now()
        trouble.save(update_fields=["told_at"])
    return letters


def _write(trouble: Trouble, agent: Agent) -> bool:
    address, url = trouble.mailbox.address, reverse("accounts:mailbox", args=[trouble.mailbox_id])
    text = ALARM.format(
        address=address, desk=settings.EVENHAND_NAME, words=trouble.words, url=settings.EVENHAND_URL + url
    )
    try:
        with transaction.atomic():
            Outgoing.post(Outgoing.Kind.SIGN_IN, [agent.email], f"Something is wrong with {address}", text)
    except ValueError as error:  # an address that no letter can be sent to; the others are told
        log.error("%r cannot be told of a mailbox's trouble: %s", agent.email, error)
        return False
    return True
