"""Eight agents at once on five thousand who wait."""

import random
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from evenhand.line import taking
from evenhand.line.models import Claim, Lane, Turn
from evenhand.people.models import Account

WAITING, AGENTS = 5000, 8
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def crowd(transactional_db, team, agent_named):
    """Five thousand conversations of three hundred accounts, some of which flood, in two lanes."""
    chance = random.Random(2)
    accounts = Account.objects.bulk_create([Account() for _ in range(300)])
    lanes = [Lane.objects.create(need=need, team=team) for need in ("blocked", "question")]
    placed, turns = set(), []
    for number in range(1, WAITING + 1):
        lane, account = chance.choice(lanes), accounts[min(int(chance.expovariate(0.02)), 299)]
        since = START + timedelta(seconds=number)
        turn = Turn(number=number, lane=lane, account=account, kind="first", waiting_since=since, open_at=since)
        turn.due_at = since + timedelta(hours=1 if lane.need == "blocked" else 8)
        if (lane.pk, account.pk) not in placed:
            turn.round, turn.turn_since = 1, since
        placed.add((lane.pk, account.pk))
        turns.append(turn)
    Turn.objects.bulk_create(turns)
    return [agent_named(f"Agent{n}", at_once=WAITING) for n in range(AGENTS)]


def take_all(agent) -> list[int]:
    taken = []
    while (turn := taking.take_next(agent)) is not None:
        taken.append(turn.number)
    connection.close()
    return taken


@pytest.mark.django_db(transaction=True)
def test_none_is_taken_twice_and_none_is_skipped(crowd):
    with ThreadPoolExecutor(AGENTS) as pool:
        taken = [number for numbers in pool.map(take_all, crowd) for number in numbers]
    assert sorted(taken) == list(range(1, WAITING + 1))
    assert Claim.objects.filter(way="next").count() == WAITING
    for lane, order in claims_by_lane().items():
        assert order == sorted(order), lane


def claims_by_lane() -> dict[int, list[tuple[int, datetime, int]]]:
    """The places in the order in which they were taken, which must be their own order."""
    order = defaultdict(list)
    rows = Claim.objects.order_by("id").values_list("turn__lane", "turn__round", "turn__turn_since", "turn")
    for lane, *place in rows:
        order[lane].append(tuple(place))
    return order


@pytest.mark.django_db(transaction=True)
def test_one_agent_in_two_windows_never_holds_more_than_they_may(team, agent_named):
    agent = agent_named("Mary", at_once=3)
    for number in range(1, 20):
        Turn.join(number, Account.objects.create().pk, "question", "first", team.pk)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(_take_one, [agent] * 12))
    assert Turn.objects.held().filter(claimed_by=agent).count() == 3


def _take_one(agent) -> None:
    try:
        taking.take_next(agent)
    except taking.TooMany:
        pass
    finally:
        connection.close()
