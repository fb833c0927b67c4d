"""A study: a small TOML file that says who asks, who answers, which policies to compare, and what things cost."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from .refused import Refused

Section = TypeVar("Section")


@dataclass(frozen=True)
class Plan:
    """What customers of one plan are and do."""

    customers: int = 100
    tickets: float = 0.5  # a customer a month
    monthly: float = 50.0  # money a customer a month
    seats: float = 1.0
    churn: float = 0.02  # a month


@dataclass(frozen=True)
class Need:
    """A level of need, and the one promise for it, the same on every plan."""

    share: float = 1.0
    promise: float = 8.0  # staffed hours until the first reply
    effort: float = 0.5  # hours of work a turn
    scv: float = 1.0
    patience: float = float("inf")  # mean hours until somebody who waits gives up


@dataclass(frozen=True)
class Team:
    """Who answers."""

    agents: int = 8
    hours: str = "Mon-Fri 9-17"
    at_once: int = 0


@dataclass(frozen=True)
class Money:
    """All in one currency. `beta` is what broken promises do to churn: 0 until fitted on your own data or set openly."""

    agent_cost: float = 6000.0  # a month
    ticket_cost: float = 0.0
    margin: float = 0.8  # of what customers pay
    support_fee: float = 0.0  # share of the monthly payment that buys the tier, lost when nobody is ahead
    win_cost: float = 0.0  # to win one customer
    discount: float = 0.008  # a month: by how much less money is worth a month later
    beta: float = 0.0


# A made-up vendor of a thousand customers, for whoever has not written a study yet.
PLANS = {
    "free": Plan(customers=600, tickets=0.6, monthly=0.0, churn=0.04),
    "team": Plan(customers=300, tickets=2.0, monthly=60.0, seats=5, churn=0.025),
    "business": Plan(customers=80, tickets=5.5, monthly=400.0, seats=25, churn=0.015),
    "enterprise": Plan(customers=20, tickets=22.0, monthly=3000.0, seats=200, churn=0.008),
}
NEEDS = {
    "urgent": Need(share=0.1, promise=2.0, effort=0.9, patience=24.0),
    "normal": Need(share=0.6, promise=8.0, effort=0.6, patience=120.0),
    "question": Need(share=0.3, promise=16.0, effort=0.3, patience=160.0),
}


@dataclass(frozen=True)
class Study:
    """Everything a comparison is made from."""

    name: str = "A study"
    seed: int = 1
    weeks: float = 13.0
    replications: int = 8
    arrivals: str = "office"
    follow_up: float = 0.25  # chance that an answer brings a follow-up
    follow_up_after: float = 6.0  # mean hours until it does
    lanes_by_need: bool = True
    policies: tuple[str, ...] = ("flat", "first_come", "strict_tiers", "severity_by_plan", "premium_team")
    plans: Mapping[str, Plan] = field(default_factory=lambda: dict(PLANS))
    needs: Mapping[str, Need] = field(default_factory=lambda: dict(NEEDS))
    team: Team = field(default_factory=Team)
    money: Money = field(default_factory=Money)

    def with_values(self, **changes: Any) -> Study:
        return checked(replace(self, **changes))

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def section(kind: type[Section], given: Any, where: str) -> Section:
    """The dataclass from a table of the file; unknown names and wrong types are refused by name."""
    if not isinstance(given, dict):
        raise Refused(f"[{where}] must be a table of names and values.")
    known = {entry.name: entry.type for entry in fields(kind)}  # type: ignore[arg-type]
    for name, value in given.items():
        if name not in known:
            raise Refused(f"[{where}] does not know “{name}”; it knows {', '.join(known)}.")
        _fits(name, value, str(known[name]), where)
    return kind(**given)


def _fits(name: str, value: Any, wanted: str, where: str) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if wanted in ("int", "float") and not number:
        raise Refused(f"{name} in [{where}] must be a number, not {value!r}.")
    if wanted == "int" and not isinstance(value, int):
        raise Refused(f"{name} in [{where}] must be a whole number, not {value!r}.")
    if wanted == "float" and not math.isfinite(value) and name != "patience":
        raise Refused(f"{name} in [{where}] must be a finite number, not {value!r}.")
    if wanted in ("str", "bool") and not isinstance(value, str if wanted == "str" else bool):
        raise Refused(f"{name} in [{where}] must be {'text' if wanted == 'str' else 'true or false'}, not {value!r}.")


def load(path: Path) -> Study:
    """The study in a TOML file."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(f"{path.name} is not a TOML file: {error}") from None
    parts: dict[str, Any] = dict(given)
    for name, kind in (("plans", Plan), ("needs", Need)):
        if name in parts:
            tables = parts[name]
            if not isinstance(tables, dict):
                raise Refused(f"{name} must be tables, such as [{name}.basic].")
            parts[name] = {key: section(kind, value, f"{name}.{key}") for key, value in tables.items()}
    parts |= {
        name: section(kind, parts[name], name) for name, kind in (("team", Team), ("money", Money)) if name in parts
    }
    if "policies" in parts:
        named = parts["policies"] if isinstance(parts["policies"], list) else [None]
        if not named or not all(isinstance(name, str) for name in named):
            raise Refused('policies must be a list of names, such as ["flat", "strict_tiers"].')
        parts["policies"] = tuple(named)
    return checked(section(Study, parts, "study"))


MOST_TICKETS = 20_000_000


def tickets_expected(study: Study) -> float:
    """Openings in the study's stretch."""
    return sum(plan.customers * plan.tickets for plan in study.plans.values()) * study.weeks * 168 / 730.5


def checked(study: Study) -> Study:
    """The study itself, or a sentence saying what is wrong with it."""
    rules = [
        (study.plans, "A study needs at least one plan."),
        (study.needs, "A study needs at least one need."),
        (study.team.agents >= 1, "There are no agents: nobody would ever be served. Give at least one."),
        (0 < study.weeks <= 5200, "A study lasts more than no weeks, and less than a century."),
        (1 <= study.replications <= 10_000, "Give between 1 and 10,000 replications."),
        (study.seed >= 0, "A seed is a whole number from 0."),
        (study.policies, "Name at least one policy to play."),
        (
            tickets_expected(study) <= MOST_TICKETS,
            f"That is {tickets_expected(study):,.0f} tickets; {MOST_TICKETS:,} at once fit in memory.",
        ),
        (study.money.discount >= 0 and study.money.margin >= 0, "discount and margin cannot be below zero."),
        (0 <= study.follow_up < 1, "follow_up is a chance from 0 to below 1."),
        (study.arrivals in ("office", "uniform"), "arrivals is office or uniform."),
        (study.follow_up_after >= 0, "follow_up_after cannot be negative: nobody answers before being asked."),
    ]
    for name, plan in study.plans.items():
        rules.append((min(plan.customers, plan.tickets, plan.monthly) >= 0, f"Plan {name} has a number below zero."))
        rules.append((0 <= plan.churn < 1, f"Plan {name}: churn is a share from 0 to below 1."))
        rules.append((plan.seats >= 1, f"Plan {name} needs at least one seat a customer."))
    for name, need in study.needs.items():
        positive = min(need.effort, need.patience, need.promise) > 0 and need.share >= 0 and need.scv >= 0
        rules.append((positive, f"Need {name}: effort, patience and promise must be above zero, share not below it."))
    rules.append((sum(need.share for need in study.needs.values()) > 0, "The shares of the needs add up to nothing."))
    rules.append((sum(plan.customers for plan in study.plans.values()) > 0, "There is not a single customer."))
    for holds, sentence in rules:
        if not holds:
            raise Refused(sentence)
    return study
