"""A day at the demo desk, twice from the same morning: once with the plans as they are, once with all of them permuted.

Every byte outside the ledger must come out the same. The clock, chance and the numbers of rows are held still, so that
plans are the only thing in which the two days differ.
"""

from __future__ import annotations

import os
import random
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from random import Random

import psycopg
import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from evenhand.channels import reader, sending
from evenhand.channels.models import Letter, Mailbox
from evenhand.conversations.models import Conversation, Link
from evenhand.demo.cast import CUSTOMERS
from evenhand.ledger import slot
from evenhand.line.models import Turn
from evenhand.people.models import Account, Agent

ROUNDS = 9  # of what a day is made of, forty minutes apart
SAID = ("It does not start.", "I am stuck: nothing works since this morning.", "How do I export my list?", "Thank you!")
APART = {"web_cache", "django_session"}  # signed with the clock on the wall, and about agents only


class Clock:
    """Stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock(demo: datetime, monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock, moves = Clock(demo), timezone.now
    monkeypatch.setattr(timezone, "now", clock)
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if getattr(field, "default", None) is moves:
                monkeypatch.setattr(field, "_get_default", clock, raising=False)
    return clock


@pytest.fixture
def chance(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Every key, token and identifier is drawn from a seed; a call begins anew."""
    drawn = Random()

    def begin() -> None:
        drawn.seed("a day")
        random.seed("a day")

    def draw(size: int) -> bytes:
        return drawn.randbytes(size)

    monkeypatch.setattr(os, "urandom", draw)
    monkeypatch.setattr(random, "_urandom", draw)
    monkeypatch.setattr(secrets, "token_bytes", lambda size=32: draw(size))
    return begin


@contextmanager
def same_numbers(owner: psycopg.Connection) -> Iterator[None]:
    """What is made inside has the numbers that it would have had if it had never been made."""
    # Asked one by one: the view of all says NULL of a sequence that was set and not used yet, wherever it was set to.
    names = owner.execute("SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences").fetchall()
    last = [(name, *owner.execute(f"SELECT last_value, is_called FROM {name}").fetchone()) for (name,) in names]
    yield
    for sequence, value, called in last:
        owner.execute("SELECT setval(%s, %s, %s)", [sequence, value, called])


def everything() -> dict[str, list[str]]:
    """Every row of every table outside the ledger, as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND has_table_privilege(oid, 'SELECT') ORDER BY 1"  # parts are read with their whole
        )
        tables = [name for (name,) in cursor.fetchall() if name not in APART]
        found = {}
        for name in tables:
            cursor.execute(f'SELECT t::text FROM public."{name}" AS t ORDER BY 1')
            found[name] = [text for (text,) in cursor.fetchall()]
    return found


def differing(rows: list[str], others: list[str]) -> list[list[str]]:
    """The first rows that only one of two days has, so that a failure tells what it saw."""
    return [sorted(set(rows) - set(others))[:3], sorted(set(others) - set(rows))[:3]]


def deal(permuted: bool, day: datetime) -> None:
    """A fact for every account: a plan of its own, or the one of another."""
    keys = list(Account.objects.order_by("pk").values_list("ledger_key", flat=True))
    plans = [("Scale", 4200, 200) if k % 3 == 0 else ("Starter", 0, 1) for k in range(len(keys))]
    if permuted:
        Random("permuted").shuffle(plans)
    slot.put_all(
        slot.Fact(key, day.date(), plan, spend, seats, spend, "a day")
        for key, (plan, spend, seats) in zip(keys, plans, strict=True)
    )


def a_day(clock: Clock) -> list[str]:
    """Customers write, agents answer, skip, take out of turn, put aside; what every page said."""
    chosen, pages = Random("who does what"), []
    agents = list(Agent.objects.order_by("pk"))
    desks = {agent.pk: Client(raise_request_exception=False) for agent in agents}
    for agent in agents:
        desks[agent.pk].force_login(agent)
    for n in range(ROUNDS):
        clock.at += timedelta(minutes=40)
        _letters(chosen, clock, n)
        for agent in agents:
            pages += _works(desks[agent.pk], agent, chosen)
        pages += _customers(chosen)
        sending.send_all()
    return pages


def _letters(chosen: Random, clock: Clock, n: int) -> None:
    address = Mailbox.default().address
    for k, customer in enumerate(chosen.sample(CUSTOMERS, 3)):
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = customer.email, address, f"Question {n}.{k}"
        letter["Date"], letter["Message-ID"] = format_datetime(clock.at), f"<{n}.{k}@day.example>"
        letter.set_content(chosen.choice(SAID))
        Letter.keep(letter.as_bytes(), "smtp", customer.email, (address,))
    reader.read_all()


def _works(desk: Client, agent: Agent, chosen: Random) -> list[str]:
    """One agent's forty minutes. `chosen` never looks at who the customer is."""
    answers = [desk.get(path) for path in ("/desk/", "/desk/open/", "/desk/parity/")]
    answers.append(desk.post("/desk/next/"))
    mine = Conversation.objects.filter(assignee=agent, state="open").order_by("pk").first()
    if mine:
        answers.append(desk.get(f"/desk/c/{mine.pk}/"))
        act, form = chosen.choice(
            [
                ("reply", {"words": "Try it once more, please.", "seen": "999999"}),
                ("reply", {"words": "Done.", "seen": "999999", "close": "1"}),
                ("note", {"words": "Asked Ines."}),
                ("tag", {"tags": "start, again"}),
                ("snooze", {"until": "tomorrow"}),
                ("put-back", {"reason": "Not my field"}),
            ]
        )
        answers.append(desk.post(f"/desk/c/{mine.pk}/{act}", form))
    waiting = Turn.objects.waiting().order_by("pk").values_list("number", flat=True)
    if waiting and chosen.random() < 0.3:
        answers.append(desk.post(f"/desk/c/{waiting[len(waiting) // 2]}/take", {"reason": "The same outage"}))
    return [f"{each.status_code} {each.headers.get('Location', '')} {each.content.decode()}" for each in answers]


def _customers(chosen: Random) -> list[str]:
    """Two customers look at their pages; one says how it was, the other writes again."""
    stranger, said = Client(raise_request_exception=False), []
    for conversation in Conversation.objects.filter(state="closed").order_by("-closed_at", "-pk")[:2]:
        token = Link.of(conversation, conversation.person).token
        said.append(stranger.get(f"/c/{token}").content.decode())
        act = chosen.choice([("rating", {"score": "5", "word": "Kind."}), ("reply", {"text": "It is back."})])
        said.append(str(stranger.post(f"/c/{token}/{act[0]}", act[1]).status_code))
    return said


def test_permuting_all_plans_and_replaying_a_day_changes_no_byte_outside_the_ledger(demo, clock, chance, as_owner):
    morning, days = clock.at, []
    before = everything()
    for permuted in (False, True):
        chance()
        cache.clear()
        clock.at = morning
        with same_numbers(as_owner), transaction.atomic():
            deal(permuted, morning)
            pages = a_day(clock)
            days.append((pages, everything()))
            transaction.set_rollback(True)
    (pages, rows), (other_pages, other_rows) = days
    assert not any(page.startswith("5") for page in pages)
    assert [k for k, page in enumerate(pages) if page != other_pages[k]] == []
    assert {name: differing(rows[name], other_rows[name]) for name in rows if rows[name] != other_rows[name]} == {}
    # and a day was really lived
    changed = {name for name in rows if rows[name] != before[name]}
    wanted = {
        "conversations_conversation", "conversations_message", "conversations_event", "line_turn", "line_claim",
        "channels_letter", "channels_outgoing", "surveys_rating", "conversations_link",
    }  # fmt: skip
    assert wanted - changed == set()
    assert len(rows["line_claim"]) > len(before["line_claim"]) + 20


def test_the_test_would_see_a_desk_that_looks(demo, clock, chance, as_owner, monkeypatch):
    """A desk that tags whoever is on one plan: as if `tag` could read the ledger."""
    morning, days = clock.at, []
    for permuted in (False, True):
        chance()
        cache.clear()
        clock.at = morning
        with same_numbers(as_owner), transaction.atomic():
            deal(permuted, morning)
            Conversation.objects.filter(account__in=_rich(permuted)).update(tags=["gold"])
            days.append(everything()["conversations_conversation"])
            transaction.set_rollback(True)
    assert days[0] != days[1]


def _rich(permuted: bool) -> list[int]:
    keys = list(Account.objects.order_by("pk").values_list("pk", flat=True))
    plans = ["Scale" if k % 3 == 0 else "Starter" for k in range(len(keys))]
    if permuted:
        Random("permuted").shuffle(plans)
    return [key for key, plan in zip(keys, plans, strict=True) if plan == "Scale"]
