"""A desk of two agents and a few customers; the same for the tests with and without a browser."""

import pytest

from evenhand.conversations.attachment import Upload
from evenhand.conversations.models import Conversation
from evenhand.people.models import Account, AccountDomain, Agent, Person, Team
from evenhand.web.desk import countdown
from tests.browser import *  # noqa: F403 - its fixtures


@pytest.fixture
def team(db) -> Team:
    return Team.objects.create(name="Support")


def make_agent(team: Team, name: str, **fields) -> Agent:
    agent = Agent.objects.create_user(f"{name.split()[0].lower()}@desk.example", name=name, **fields)
    agent.teams.add(team)
    return agent


@pytest.fixture
def noor(team) -> Agent:
    return make_agent(team, "Noor Haddad")


@pytest.fixture
def tomas(team) -> Agent:
    return make_agent(team, "Tomas Ferreira")


@pytest.fixture
def stranger(db) -> Agent:
    """An agent of another team."""
    return make_agent(Team.objects.create(name="Elsewhere"), "Ed Elsewhere")


@pytest.fixture
def mira(db) -> Person:
    AccountDomain.objects.create(account=Account.objects.create(name="Lumen Ateliers"), domain="lumen.example")
    return Person.at("mira@lumen.example", "Mira Okafor", "en")


@pytest.fixture
def talk(team, mira) -> Conversation:
    """Mira's invoices do not open."""
    picture = Upload("white page.png", "image/png", b"\x89PNG\r\n\x1a\n" + b"0" * 64)
    html = '<p>Hello</p><table><tr><td>2041</td></tr></table><img src="https://elsewhere.example/p.png">'
    return Conversation.start(
        mira, team, "Invoices do not open", "Since eight this morning none of our invoices open.\n\nMira", html=html,
        need="blocked", language="en", uploads=[picture],
    )[0]  # fmt: skip


@pytest.fixture
def desk(client, noor):
    """Noor, signed in."""
    client.force_login(noor)
    return client


@pytest.fixture
def hours_kept(monkeypatch, db) -> None:
    """The promise's hours, which a process asks for every few seconds, are not asked for again in this test."""
    monkeypatch.setattr(countdown, "FRESH", 10**9)
    countdown.hours()
