"""Simulated desks in the real database: fair ones, and ones that cheat in different ways."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from evenhand.conversations.models import Conversation
from evenhand.ledger import slot
from evenhand.line.models import Claim, Lane, Turn
from evenhand.people.models import Account, Address, Agent, Person, Team

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@dataclass
class Case:
    """One conversation before it happens; a desk that cheats changes it, knowing the plan."""

    plan: str
    hours: float
    agent: int
    out_of_turn: bool = False
    quarantined: bool = False
    tags: tuple[str, ...] = ()


def fair(case: Case) -> None:
    """The desk does not know the plan."""


def build(
    cheat: Callable[[Case], None] = fair, *, conversations: int = 2400, accounts: int = 240, seed: int = 3
) -> None:
    """A desk of two plans, a quarter of the accounts on the dear one, over the eighty days before NOW."""
    chance = random.Random(seed)
    team = Team.objects.create(name="Support")
    agents = [Agent.objects.create_user(f"agent{n}@desk.example", name=f"Agent {n}") for n in range(4)]
    lane = Lane.objects.create(need="question", team=team)
    people = _people(accounts)
    for k, person in enumerate(people):
        plan = "dear" if k % 4 == 0 else "plain"
        spend = chance.uniform(200, 900) if plan == "dear" else chance.uniform(10, 190)
        slot.put(
            slot.Fact(
                person.account.ledger_key, date(2026, 1, 1), plan, round(spend, 2), 5, round(chance.uniform(1, 99), 2)
            )
        )
    cases = []
    for number in range(1, conversations + 1):
        k = chance.randrange(accounts)
        case = Case("dear" if k % 4 == 0 else "plain", chance.lognormvariate(1.2, 0.9), chance.randrange(4))
        cheat(case)
        at = NOW - timedelta(days=80) + timedelta(days=79) * (number / conversations)
        cases.append((number, people[k], at, case))
    _keep(cases, team, agents, lane)


def _people(count: int) -> list[Person]:
    accounts = Account.objects.bulk_create([Account(name=f"Org {n}") for n in range(count)])
    Account.objects.update(created_at=NOW - timedelta(days=400))
    people = Person.objects.bulk_create([Person(name=f"Person {n}", account=a) for n, a in enumerate(accounts)])
    Address.objects.bulk_create([Address(person=p, email=f"p{n}@org{n}.example") for n, p in enumerate(people)])
    return people


def _keep(cases: list, team: Team, agents: list[Agent], lane: Lane) -> None:
    conversations, turns, claims = [], [], []
    for number, person, at, case in cases:
        answered = at + timedelta(hours=case.hours)
        conversations.append(
            Conversation(
                number=number, person=person, account=person.account, team=team, subject="Question", tags=list(case.tags),
                opened_at=at, changed_at=at, first_replied_at=None if case.quarantined else answered,
                state="quarantined" if case.quarantined else "closed", closed_at=None if case.quarantined else answered,
                problem="It could not be trusted." if case.quarantined else "",
            )
        )  # fmt: skip
        if case.quarantined:
            continue
        turns.append(
            Turn(
                id=number, number=number, lane=lane, account=person.account, kind="first", waiting_since=at, open_at=at,
                due_at=at + timedelta(hours=8), round=number, turn_since=at, claimed_by=agents[case.agent],
                claimed_at=answered, ended_at=answered, outcome="answered",
            )
        )  # fmt: skip
        way = {"way": "out_of_turn", "reason": "Asked for"} if case.out_of_turn else {"way": "next"}
        claims.append(Claim(turn_id=number, agent=agents[case.agent], at=answered, **way))
    Conversation.objects.bulk_create(conversations, batch_size=1000)
    Turn.objects.bulk_create(turns, batch_size=1000)
    Claim.objects.bulk_create(claims, batch_size=1000)
