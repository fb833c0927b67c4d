"""The desk's own history as the log of events that `evenhand lab replay` takes. What a customer pays is not among them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple, TextIO

from evenhand.conversations.models import Conversation, Message
from evenhand.people.models import Agent

MOST = 200_000  # conversations
HIDDEN = ("quarantined", "merged")  # not yet a customer's question, or counted where it was merged into
ASKED, ANSWERED, CLOSED = "asked", "answered", "closed"


class Event(NamedTuple):
    """Something that happened in a conversation. Customers and agents are numbers: a replay needs to tell them apart, not to
    know them."""

    ticket: int
    activity: str
    time: datetime
    customer: int
    need: str
    agent: int | None  # who answered


class _Row(NamedTuple):
    ticket: int
    kind: str
    at: datetime
    agent: int | None
    customer: int
    need: str
    opened: datetime
    replied: datetime | None
    closed: datetime | None


COLUMNS = (
    "conversation_id", "kind", "at", "agent_id", "conversation__account_id", "conversation__need", "conversation__opened_at",
    "conversation__first_replied_at", "conversation__closed_at",
)  # fmt: skip


def events(agent: Agent, since: datetime) -> Iterator[Event]:
    """Of what `agent` may see and was opened from `since`, conversation after conversation; one query, read in portions."""
    seen = Conversation.objects.visible_to(agent).filter(opened_at__gte=since).exclude(state__in=HIDDEN)
    said = (Message.Kind.CUSTOMER, Message.Kind.AGENT)
    rows = (
        Message.objects.filter(conversation__in=seen.order_by("pk").values("pk")[:MOST], kind__in=said)
        .order_by("conversation_id", "id")
        .values_list(*COLUMNS)
    )
    made = (_Row(*row) for row in rows.iterator(chunk_size=5000))
    for _, group in groupby(made, key=lambda row: row.ticket):
        yield from _of(list(group))


def _of(rows: list[_Row]) -> Iterator[Event]:
    """One conversation: its opening and its first reply at the moments that the desk goes by, then every later message."""
    first, replied = rows[0], False
    yield _event(first, ASKED, first.opened)
    for row in rows:
        if row.kind == Message.Kind.AGENT:
            at = row.at if replied else row.replied
            if at:
                replied = True
                yield _event(row, ANSWERED, at)
        elif replied:
            yield _event(row, ASKED, row.at)
    if first.closed:
        yield _event(first, CLOSED, first.closed)


def _event(row: _Row, activity: str, at: datetime) -> Event:
    return Event(row.ticket, activity, at, row.customer, row.need, row.agent if activity == ANSWERED else None)


def write(found: list[Event], file: TextIO, **more: list[str]) -> None:
    """As CSV with a heading and moments in UTC; `more` are columns that a reader adds, by their headings."""
    sheet = csv.writer(file)
    sheet.writerow([*Event._fields, *more])
    for event, *added in zip(found, *more.values(), strict=True):
        values: list[Any] = [
            event.ticket,
            event.activity,
            event.time.isoformat(),
            event.customer,
            event.need,
            event.agent,
        ]
        sheet.writerow([*("" if each is None else each for each in values), *added])
