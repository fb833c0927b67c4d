"""Histories: the desk's own, in which no plan is, and a file."""

import csv
import io
import re
from collections import Counter
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from evenhand.conversations.models import Conversation, Message
from evenhand.people.models import Person
from evenhand.reports import history as own
from evenhand.web.desk.lab.history import LESS, MORE, _hours, assumed

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def past(team, noor):
    """Forty conversations of ten customers, one a day, each answered after an hour."""
    now = timezone.now()
    for n in range(40):
        person = Person.at(f"p{n % 10}@c{n % 10}.example", f"P{n % 10}")
        talk, _ = Conversation.start(person, team, f"No {n}", "Text")
        talk.reply(noor, "Answer")
        at = now - timedelta(days=45 - n)
        for message, hours in zip(talk.messages.order_by("id"), (0, 1), strict=True):
            Message.objects.filter(pk=message.pk).update(at=at + timedelta(hours=hours))
        Conversation.objects.filter(pk=talk.pk).update(opened_at=at, first_replied_at=at + timedelta(hours=1))


def test_own_history_is_what_the_agent_may_see(past, noor, ed):
    since = timezone.now() - timedelta(weeks=26)
    found = list(own.events(noor, since))
    asked, answered = found[::2], found[1::2]
    assert (len(asked), len(answered)) == (40, 40)
    assert {event.activity for event in asked} == {own.ASKED}
    assert {event.agent for event in answered} == {noor.pk}
    assert len({event.customer for event in found}) == 10
    assert all(b.time - a.time == timedelta(hours=1) for a, b in zip(asked, answered, strict=True))
    assert list(own.events(ed, since)) == []
    assert len(list(own.events(noor, timezone.now() - timedelta(days=15)))) == 2 * 9


def test_later_replies_are_in_it(past, noor):
    talk = Conversation.objects.order_by("pk").first()
    talk.receive(talk.person, "And now?")
    talk.reply(noor, "Now this")
    talk.close(noor)
    found = [
        event.activity for event in own.events(noor, timezone.now() - timedelta(weeks=26)) if event.ticket == talk.pk
    ]
    assert found == [own.ASKED, own.ANSWERED, own.ASKED, own.ANSWERED, own.CLOSED]


def test_it_is_one_query(past, noor, django_assert_num_queries):
    with django_assert_num_queries(1):
        list(own.events(noor, timezone.now() - timedelta(weeks=26)))


def test_quarantine_and_what_was_merged_are_no_questions(past, noor):
    first, second = Conversation.objects.all()[:2]
    Conversation.objects.filter(pk=first.pk).update(state="quarantined")
    Conversation.objects.filter(pk=second.pk).update(state="merged")
    assert len(list(own.events(noor, timezone.now() - timedelta(weeks=26)))) == 2 * 38


def test_an_assumed_plan_is_the_customers_and_always_the_same():
    customers = [n % 50 for n in range(500)]
    drawn = assumed(customers, 0.1)
    assert Counter(dict(zip(customers, drawn, strict=True)).values()) == {LESS: 45, MORE: 5}
    assert drawn == assumed(customers, 0.1)
    assert set(assumed(customers, 0)) == {LESS}
    assert set(assumed(customers, 1)) == {MORE}


def test_working_hours_as_the_lab_writes_them():
    week = [[[540, 720], [780, 1020]], [[570, 1440]], [], [], [], [], []]
    assert _hours(week) == "Mon 9:00-12:00; Mon 13:00-17:00; Tue 9:30-24:00"


def test_the_desks_own_history_is_played(desk, past):
    answer = desk.get("/desk/lab/history/?weeks=26&best=20&promise=8&policy=flat&policy=strict_tiers")
    page = text(answer)
    assert answer.status_code == 200
    assert "Who pays what is assumed." in page
    assert "20 % of the customers were drawn by lot" in page
    assert "40 tickets of 10 customers" in page
    assert MORE in page
    assert "Later replies, and the resolution" in page
    assert "40 of 40 recorded first replies are given back to the moment" in page


def test_its_file_has_no_word_of_a_customer(desk, past):
    answer = desk.get("/desk/lab/history/tickets.csv?weeks=26&best=20")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert list(rows[0]) == ["ticket", "activity", "time", "customer", "need", "agent", "assumed"]
    assert len(rows) == 80
    assert b"example" not in answer.content


def test_a_desk_without_a_history_says_so(desk):
    answer = desk.get("/desk/lab/history/?weeks=4&best=20")
    assert answer.status_code == 400
    assert "Nothing was asked in that time" in text(answer)
    assert 'name="weeks" value="4"' in text(answer)


def upload(desk, content: bytes, name: str = "t.csv", **fields: str):
    return desk.post("/desk/lab/history/", {"file": SimpleUploadedFile(name, content), "policy": ["flat"], **fields})


def sheet() -> bytes:
    days = [f"2026-03-{day:02}" for day in range(2, 28)]
    rows = [f"{day} {9 + n:02}:00,{day} {10 + n}:30,c{n},{'gold' if n else 'basic'}" for day in days for n in range(3)]
    return "\n".join(["asked,answered,who,paying", *rows, "never,,c1,gold"]).encode()


def test_a_file_is_played_and_what_could_not_be_used_is_listed(desk):
    answer = upload(desk, sheet(), map="opened=asked,first_reply=answered,customer=who,plan=paying")
    page = text(answer)
    assert answer.status_code == 200, page
    assert "78 tickets of 3 customers" in page
    assert "Row 79 was not used: no moment can be read." in page


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "t.csv", "empty"),
        (b"a,b\n1,2\n", "t.csv", "has no column “asked”"),
        (b"PAR1 not really", "t.parquet", "cannot be read"),
    ],
)
def test_a_broken_file_is_said_and_what_was_typed_is_kept(desk, content, name, sentence):
    answer = upload(desk, content, name, map="opened=asked,first_reply=answered", zone="Europe/Rome")
    assert answer.status_code == 400, text(answer)
    assert sentence in text(answer)
    assert 'value="opened=asked,first_reply=answered"' in text(answer)
    assert 'value="Europe/Rome"' in text(answer)


def test_a_file_past_the_limit_is_let_go(desk, settings):
    settings.EVENHAND_LETTER_BYTES = 1000
    answer = upload(desk, sheet())
    assert answer.status_code == 413
    assert "too large" in text(answer)


def test_without_a_file(desk):
    answer = desk.post("/desk/lab/history/", {"map": "opened=x"})
    assert answer.status_code == 400
    assert "Choose a history file first" in text(answer)
