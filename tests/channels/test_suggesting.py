"""A new letter that seems to go on with an open conversation: an agent is asked, and nothing is done silently."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from evenhand.channels.reading.subject import alike, bare, passed_on
from evenhand.conversations.models import Conversation, Suggestion
from evenhand.line.models import Turn
from evenhand.people.models import Team

from .post import arrive, write

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Re: Fwd: Printer", "Printer"), ("AW: WG: [Support] Printer", "Printer"), ("RE[2]: Printer", "Printer"), ("回复：打印机", "打印机"),
        ("Printer", "Printer"), ("Res: SV: VS: printer", "printer"), ("Return: my printer", "Return: my printer"), ("Re:", ""), ("re " * 500, ("re " * 100).strip()),
    ],
)  # fmt: skip
def test_what_stands_before_a_subject(subject, expected):
    assert bare(subject) == expected
    assert alike(subject) == expected.casefold()


def test_a_subject_that_says_passed_on():
    assert [passed_on(each) for each in ("Fwd: x", "WG: x", "Re: x", "x", "Fwdx")] == [True, True, False, False, False]


@pytest.fixture
def client(ada):
    client = Client()
    client.force_login(ada)
    return client


def again(**headers):
    return arrive(write("It burns again.", **{"subject": "Re: printer", **headers})).conversation


def test_the_same_person_and_subject_is_suggested_and_not_done(mailbox):
    first = arrive(write()).conversation
    second = again()
    assert second != first
    assert Suggestion.objects.get().conversation == second
    assert Suggestion.objects.get().into == first


def test_merged_by_one_press(mailbox, client):
    first, second = arrive(write()).conversation, again()
    page = client.get(f"/desk/c/{second.pk}/").content.decode()
    assert f"It looks as if it belongs to #{first.pk}, “Printer”, of the same person." in page
    asked = Suggestion.objects.get().pk
    client.post(f"/desk/c/{second.pk}/suggestion", {"suggestion": asked, "answer": "yes"})
    second.refresh_from_db()
    assert (second.state, second.merged_into, first.messages.count()) == ("merged", first, 2)
    assert Turn.objects.live().get().number == first.pk
    answer = client.post(f"/desk/c/{second.pk}/suggestion", {"suggestion": asked, "answer": "yes"})
    assert answer.status_code == 400


def test_no_is_remembered(mailbox, client, ada):
    arrive(write())
    second = again()
    client.post(f"/desk/c/{second.pk}/suggestion", {"suggestion": Suggestion.objects.get().pk, "answer": "no"})
    said = Suggestion.objects.get()
    assert (said.accepted, said.agent) == (False, ada)
    assert b"It looks as if" not in client.get(f"/desk/c/{second.pk}/").content
    assert Conversation.objects.get(pk=second.pk).state == "open"


@pytest.mark.parametrize(
    "headers", [{"sender": "joe@lumen.example"}, {"subject": "Something else"}, {"subject": ""}, {"subject": "Re:"}]
)
def test_nobody_elses_and_nothing_else_is_suggested(mailbox, headers):
    arrive(
        write(subject=headers.get("subject", "Printer") if not headers.get("subject", "x").strip("Re:") else "Printer")
    )
    again(**headers)
    assert not Suggestion.objects.exists()


def test_what_is_over_or_long_ago_is_not_suggested(mailbox, ada):
    first = arrive(write()).conversation
    first.close(ada)
    again()
    Conversation.objects.update(state="open", changed_at=timezone.now() - timedelta(days=15))
    again()
    assert not Suggestion.objects.exists()


def test_no_title_of_another_team_is_shown(mailbox, client, ada):
    """It moved to another team after it was suggested: this agent may not even know that it is there."""
    first, second = arrive(write(subject="Printer")).conversation, again()
    Conversation.objects.filter(pk=first.pk).update(
        team=Team.objects.create(name="Elsewhere"), subject="Printer SECRET"
    )
    page = client.get(f"/desk/c/{second.pk}/").content
    assert b"SECRET" not in page
    assert b"It looks as if" not in page
    answer = client.post(
        f"/desk/c/{second.pk}/suggestion", {"suggestion": Suggestion.objects.get().pk, "answer": "yes"}
    )
    assert answer.status_code == 400
    assert Conversation.objects.get(pk=second.pk).state == "open"
