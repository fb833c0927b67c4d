"""What the demo puts into the ledger."""

from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest

from evenhand.demo import money
from evenhand.demo.cast import TWINS
from evenhand.demo.crowd import Crowd
from evenhand.ledger.slot import Fact

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def crowd() -> Crowd:
    return Crowd(Random("crowd"), NOW)


@pytest.fixture
def facts(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> list[Fact]:
    put: list[Fact] = []
    monkeypatch.setattr(money, "put", put.append)
    money.fill(Random("money"), crowd, NOW)
    return put


def test_every_account_has_two_facts(crowd: Crowd, facts: list[Fact]) -> None:
    counted = Counter(str(fact.key) for fact in facts)
    assert counted == {str(account.ledger_key): 2 for account in crowd.accounts}


def test_three_plans_are_spread_over_the_organisations(crowd: Crowd, facts: list[Fact]) -> None:
    organisations = {str(account.ledger_key) for account in crowd.accounts if account.name}
    plans = Counter(fact.plan for fact in facts if str(fact.key) in organisations)
    assert set(plans) == {"Starter", "Team", "Scale"}
    assert min(plans.values()) >= 6
    assert all(fact.monthly_spend == 0 for fact in facts if fact.plan == "Starter")


def test_the_twins_differ_in_the_ledger_and_nowhere_else(crowd: Crowd, facts: list[Fact]) -> None:
    accounts = [crowd.named[twin.email].account for twin in TWINS]
    plans = [{fact.plan for fact in facts if str(fact.key) == str(account.ledger_key)} for account in accounts]
    assert plans == [{"Starter"}, {"Scale"}]
    for account in accounts:
        assert [person for person in crowd.people if person.account is account] == [
            crowd.named[twin.email] for twin in TWINS if crowd.named[twin.email].account is account
        ]
