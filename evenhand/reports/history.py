"""The desk's own history as the columns that `evenhand lab replay` takes. What a customer pays is not among them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple, TextIO

from django.db.models import OuterRef, Subquery

from evenhand.conversations.models import Conversation, Message
from evenhand.people.models import Agent

MOST = 500_000
HIDDEN = ("quarantined", "merged")  # not yet a customer's question, or counted where it was merged into


class Ticket(NamedTuple):
    """One conversation. Customers and agents are numbers: a replay needs to tell them apart, not to know them."""

    opened: datetime
    first_reply: datetime | None
    resolved: datetime | None
    customer: int
    need: str
    agent: int | None  # who gave the first reply


def tickets(agent: Agent, since: datetime) -> Iterator[Ticket]:
    """What `agent` may see and was opened from `since`, the earliest first; one query, read in portions."""
    first = Message.objects.filter(conversation=OuterRef("pk"), kind=Message.Kind.AGENT).order_by("id")
    rows = (
        Conversation.objects.visible_to(agent)
        .filter(opened_at__gte=since)
        .exclude(state__in=HIDDEN)
        .order_by("opened_at", "pk")
        .values_list(
            "opened_at", "first_replied_at", "closed_at", "account_id", "need", Subquery(first.values("agent_id")[:1])
        )[:MOST]
    )
    for row in rows.iterator(chunk_size=5000):
        yield Ticket(*row)


def write(found: list[Ticket], file: TextIO, **more: list[str]) -> None:
    """As CSV with a heading and moments in UTC; `more` are columns that a reader adds, by their headings."""
    sheet = csv.writer(file)
    sheet.writerow([*Ticket._fields, *more])
    for ticket, *added in zip(found, *more.values(), strict=True):
        moments = ("" if at is None else at.isoformat() for at in ticket[:3])
        sheet.writerow([*moments, *("" if each is None else each for each in ticket[3:]), *added])
