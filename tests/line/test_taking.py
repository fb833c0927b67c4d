import pytest

from evenhand.conversations.models import Conversation
from evenhand.people.models import Agent, Person, Team

pytestmark = pytest.mark.django_db


def test_a_letter_waits_and_is_taken():
    team = Team.objects.create(name="Support")
    agent = Agent.objects.create_user("ada@desk.example", name="Ada")
    agent.teams.add(team)
    flood = Person.at("a@flood.example")
    first = [Conversation.start(flood, team, f"flood {n}", "hello")[0] for n in range(3)]
    other, _ = Conversation.start(Person.at("b@calm.example"), team, "calm", "hello")
    taken = [Conversation.take_next(agent).number for _ in range(4)]
    assert taken == [first[0].number, other.number, first[1].number, first[2].number]
