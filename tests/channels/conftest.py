import pytest

from evenhand.channels.models import Mailbox
from evenhand.people.models import Agent, Team

from .post import DESK


@pytest.fixture
def mailbox(db):
    return Mailbox.objects.create(address=DESK, name="The desk", team=Team.objects.create(name="Support"))


@pytest.fixture
def ada(mailbox):
    agent = Agent.objects.create_user("ada@desk.example", name="Ada Lovelace")
    agent.teams.add(mailbox.team)
    return agent
