"""A desk with two teams, an administrator, an agent in each team."""

import pytest
from django.test import Client

from evenhand.channels.models import Mailbox
from evenhand.people.models import Agent, Team
from tests.browser import *  # noqa: F403 - its fixtures


@pytest.fixture
def team(db) -> Team:
    return Team.objects.create(name="Support")


@pytest.fixture
def agent(team) -> Agent:
    agent = Agent.objects.create_user("ada@desk.example", "a long pass phrase", name="Ada Okafor")
    agent.teams.add(team)
    return agent


@pytest.fixture
def admin(team) -> Agent:
    admin = Agent.objects.create_user("noor@desk.example", name="Noor Karimi", is_admin=True)
    admin.teams.add(team)
    return admin


@pytest.fixture
def mailbox(team) -> Mailbox:
    return Mailbox.objects.create(address="help@desk.example", name="Help", team=team)


@pytest.fixture
def browser() -> Client:
    return Client()


@pytest.fixture
def as_agent(agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


@pytest.fixture
def as_admin(admin) -> Client:
    client = Client()
    client.force_login(admin)
    return client


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    """The same hash with fewer rounds: what is tested is who is asked for it, not how long it takes."""
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 1000)
