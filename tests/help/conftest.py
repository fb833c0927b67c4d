"""A desk with one team, one agent, and a customer with a question of their own."""

import pytest
from django.test import Client

from evenhand.conversations.models import Conversation, Link
from evenhand.people.models import Agent, Person, Team
from tests.browser import *  # noqa: F403 - its fixtures


@pytest.fixture
def team(db) -> Team:
    return Team.objects.create(name="Support")


@pytest.fixture
def agent(team) -> Agent:
    agent = Agent.objects.create_user("ada@desk.example", name="Ada Okafor")
    agent.teams.add(team)
    return agent


@pytest.fixture
def person(db) -> Person:
    return Person.at("mira@calm.example", "Mira Lind")


@pytest.fixture
def conversation(team, person) -> Conversation:
    return Conversation.start(person, team, "The export stops", "It stops after page two.")[0]


@pytest.fixture
def link(conversation, person) -> Link:
    return Link.of(conversation, person)


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=False)
