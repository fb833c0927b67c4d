"""Next: who is offered, taken, and what is said when nobody is."""

import re

import pytest

from evenhand.conversations.models import Conversation
from evenhand.people.models import Person

pytestmark = pytest.mark.django_db


def test_next_takes_the_one_that_is_due_and_goes_there(desk, noor, talk):
    page = desk.get("/desk/").content.decode()
    assert "Mira Okafor of Lumen Ateliers" in page
    answer = desk.post("/desk/next/")
    assert (answer.status_code, answer.url) == (302, f"/desk/c/{talk.pk}/")
    assert Conversation.objects.get().assignee == noor


def test_nobody_waiting_is_said(desk, noor):
    assert b"Nobody is waiting" in desk.get("/desk/").content
    assert b"Nobody waits whom you may serve" in desk.post("/desk/next/").content


def test_at_the_limit_a_sentence_says_what_to_do(desk, noor, team):
    noor.at_once = 1
    noor.save()
    for i in range(2):
        Conversation.start(Person.at(f"p{i}@post.example"), team, "S", "T")
    desk.post("/desk/next/")
    answer = desk.post("/desk/next/")
    assert answer.status_code == 409
    assert b"Answer one or put one back" in answer.content
    assert b"You hold 1 of 1." in desk.get("/desk/").content


def test_of_ones_own_stands_first_what_waits_and_is_due_soonest(desk, noor, team, talk):
    due = [talk, *(Conversation.start(Person.at(f"p{i}@post.example"), team, f"Number {i}", "T", need=need)[0]
                   for i, need in enumerate(["idea", "hindered", "question"]))]  # fmt: skip
    for each in due:
        each.take(noor, "its turn")
    due[2].reply(noor, "Done.")
    page = desk.get("/desk/").content.decode()
    assert re.findall(r'<li class="row[^>]*id="c(\d+)"', page) == [str(due[i].pk) for i in (0, 3, 1, 2)]
    assert "4 of 5" not in page  # an answered turn is over
    assert "3 of 5 turns in hand" in page


def test_next_is_a_deed_not_an_address(desk):
    assert desk.get("/desk/next/").status_code == 405


def test_a_stranger_is_sent_to_sign_in_and_comes_back(client):
    answer = client.get("/desk/open/?need=blocked")
    assert (answer.status_code, answer.url) == (302, "/sign-in/?next=%2Fdesk%2Fopen%2F%3Fneed%3Dblocked")
