"""A desk of one team and two agents; the same for the tests with and without a browser."""

import pytest

from evenhand.people.models import Agent, Person, Team
from tests.browser import *  # noqa: F403 - its fixtures


@pytest.fixture
def team(db) -> Team:
    return Team.objects.create(name="Support")


@pytest.fixture
def noor(team) -> Agent:
    agent = Agent.objects.create_user("noor@desk.example", name="Noor Haddad")
    agent.teams.add(team)
    return agent


@pytest.fixture
def ed(db) -> Agent:
    """An agent of another team."""
    agent = Agent.objects.create_user("ed@desk.example", name="Ed Elsewhere")
    agent.teams.add(Team.objects.create(name="Elsewhere"))
    return agent


@pytest.fixture
def mira(db) -> Person:
    return Person.at("mira@lumen.example", "Mira Okafor", "en")


@pytest.fixture
def desk(client, noor):
    client.force_login(noor)
    return client
