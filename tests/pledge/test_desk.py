"""The page Parity, for everyone on the team; only administrators decide what is shown of visitors' words."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from evenhand.parity.models import Opinion
from evenhand.people.models import Agent, Team

from .conftest import EMPTY, NOW

pytestmark = pytest.mark.django_db(transaction=True)


def signed_in(**fields) -> Client:
    agent = Agent.objects.create_user("ada@desk.example", name="Ada Okafor", **fields)
    agent.teams.add(Team.objects.create(name="Support"))
    client = Client()
    client.force_login(agent)
    client.agent = agent
    return client


def test_nobody_else_comes_in(client):
    assert client.get("/desk/parity/").status_code == 302
    assert client.post("/desk/parity/opinion/1", {"state": "shown"}).status_code == 401


def test_before_the_first_statement(db):
    page = signed_in().get("/desk/parity/").content.decode()
    assert "Nothing is measured yet" in page
    assert "Grey: not measured yet" in page


def test_everyone_on_the_team_sees_what_was_found(stated):
    stated(light="red", made_at=timezone.now())
    page = signed_in().get("/desk/parity/").content.decode()
    for said in (
        "Red", "Look at team: Support.", "40 % of theirs, 2 % of everyone else", "+1.2 h, by team", "The language says little",
        "language: German", "Not shown: fewer than 20", "What would change it",
    ):  # fmt: skip
        assert said in page, said
    assert 'aria-current="page"><span>Parity' in page
    assert "style=" not in page


def test_figures_that_stand_say_since_when(stated):
    stands = {"since": (NOW - timedelta(days=5)).isoformat(), "new_customers": 12}
    stated(made_at=timezone.now(), figures={**EMPTY, "stands": stands})
    client = signed_in()
    for path in ("/desk/parity/", "/pledge/"):
        page = client.get(path).content.decode()
        assert "The figures are those of 27 May 2026, and stand." in page


def test_what_was_said_without_a_word_stands_apart_and_has_no_words_to_show(db):
    for word in ("Good.", "", ""):
        Opinion.objects.create(agrees=True, word=word)
    page = signed_in(is_admin=True).get("/desk/parity/").content.decode()
    assert "3 agree, 0 disagree." in page
    assert "Said without a word (2)" in page
    assert page.count("Show the words") == 1


def test_only_administrators_judge_opinions(db):
    opinion = Opinion.objects.create(agrees=True, word="Good.")
    agent = signed_in()
    assert "Good." in agent.get("/desk/parity/").content.decode()
    assert agent.post(f"/desk/parity/opinion/{opinion.pk}", {"state": "shown"}).status_code == 404
    Agent.objects.update(is_admin=True)
    assert "Show the words" in agent.get("/desk/parity/").content.decode()
    assert agent.post(f"/desk/parity/opinion/{opinion.pk}", {"state": "x"}).status_code == 400
    assert agent.post(f"/desk/parity/opinion/{opinion.pk}", {"state": "shown"}).status_code == 302
    opinion.refresh_from_db()
    assert opinion.state == "shown"


def test_queries_do_not_grow_with_what_is_shown(stated, django_assert_max_num_queries):
    client = signed_in()
    for day in range(6):
        stated(made_at=NOW + timedelta(days=day))
        Opinion.objects.create(agrees=True, word="Good.")
    with django_assert_max_num_queries(9):
        client.get("/desk/parity/")


@pytest.mark.parametrize("dark", [False, True])
def test_it_is_readable(visit, stated, dark):
    stated(made_at=timezone.now())
    Opinion.objects.create(agrees=False, word="It costs too much. " * 9)
    agent = signed_in(is_admin=True).agent
    from tests.browser import PHONE, axe

    page = visit(agent, "/desk/parity/", dark=dark)
    assert axe(page) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
