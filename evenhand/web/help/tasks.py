"""What a page leaves to the worker, so that its answer takes as long for an unknown address as for a known one."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate import App
from procrastinate.contrib import django

from evenhand.conversations.models import Conversation
from evenhand.people.models import Address

from .letters import write_fresh_links

app: App = django.app

LATEST = 5
A_YEAR = timedelta(days=365)


@app.task(name="help.mail_fresh_links", queue="mail", priority=1)  # somebody waits for it
def mail_fresh_links(email: str) -> None:
    """Mail fresh links to the person at `email`, if there is one with conversations of the last year."""
    with transaction.atomic():
        address = Address.objects.select_related("person").filter(email=email).first()
        if address is None:
            return
        known = Conversation.objects.filter(person=address.person, changed_at__gt=timezone.now() - A_YEAR)
        readable = known.exclude(state__in=["merged", "quarantined"]).order_by("-number")[:LATEST]
        if conversations := list(readable):
            write_fresh_links(conversations, address.person, email)
