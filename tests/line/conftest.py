import pytest

from evenhand.people.models import Account, Agent, Team


@pytest.fixture
def team(db):
    return Team.objects.create(name="Support")


@pytest.fixture
def agent_named(team):
    def make(name: str, **fields) -> Agent:
        agent = Agent.objects.create_user(f"{name.lower()}@desk.example", name=name, **fields)
        agent.teams.add(team)
        return agent

    return make


@pytest.fixture
def ada(agent_named):
    return agent_named("Ada", at_once=10_000)


@pytest.fixture
def grace(agent_named):
    return agent_named("Grace", at_once=10_000)


@pytest.fixture
def accounts(db):
    return Account.objects.bulk_create([Account() for _ in range(12)])
