from __future__ import annotations

from collections.abc import Callable

import pytest

from evenhand.conversations.models import Conversation
from evenhand.conversations.search import search
from evenhand.people.models import Agent, Person, Team


@pytest.fixture
def team(db: None) -> Team:
    return Team.objects.create(name="Support")


@pytest.fixture
def agent(team: Team) -> Agent:
    agent = Agent.objects.create_user("ada@desk.example", name="Ada Lovelace")
    agent.teams.add(team)
    return agent


@pytest.fixture
def person(team: Team) -> Person:
    return Person.at("mia@harbour.example", "Mia Größmann")


Start = Callable[..., Conversation]


@pytest.fixture
def start(team: Team, person: Person) -> Start:
    def start(subject: str = "", text: str = "", language: str = "en", who: Person | None = None) -> Conversation:
        return Conversation.start(who or person, team, subject, text, language=language)[0]

    return start


@pytest.fixture
def find(agent: Agent) -> Callable[..., list[int]]:
    def find(words: str, **options: int) -> list[int]:
        return [hit.number for hit in search(agent, words, **options)]

    return find
