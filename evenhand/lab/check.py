"""What must be true of a study before it is played; else a sentence says what is wrong with it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from .refused import Refused

if TYPE_CHECKING:
    from .study import Study

MOST_TICKETS = 20_000_000
MOST_AGENTS = 100_000


def tickets_expected(study: Study) -> float:
    """Openings in the study's stretch."""
    return sum(plan.customers * plan.tickets for plan in study.plans.values()) * study.weeks * 168 / 730.5


def checked(study: Study) -> Study:
    """The study itself, or a sentence saying what is wrong with it."""
    rules = [
        (study.plans, "A study needs at least one plan."),
        (study.needs, "A study needs at least one need."),
        (
            study.team.size >= 1 and study.team.agents >= 0,
            "There are no agents: nobody would ever be served. Give at least one.",
        ),
        (
            study.team.size <= MOST_AGENTS,
            f"That is {study.team.size:,} agents; the lab plays with {MOST_AGENTS:,} at most.",
        ),
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
        (
            study.arrivals in ("office", "uniform") or not isinstance(study.arrivals, str),
            "arrivals is office, uniform, or a list of 24 or 168 weights.",
        ),
        (
            0 <= study.team.kept <= 1,
            "kept is the share of the promise for which a follow-up waits for its agent, 0 to 1.",
        ),
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
    rules += _of_team(study) + _of_schemes(study)
    for holds, sentence in rules:
        if not holds:
            raise Refused(sentence)
    return study


def _of_team(study: Study) -> list[tuple[bool, str]]:
    team = study.team
    days = [team.begins, *team.holidays] if team.begins or team.holidays else []
    rules = [(_is_day(day), f"“{day}” is not a day; write begins and holidays as 2026-12-25.") for day in days if day]
    rules.append(
        (bool(team.begins) or not team.holidays, "Holidays need the day the study begins on: begins = 2026-01-05.")
    )
    for name, group in team.groups.items():
        unknown = [need for need in group.needs if need not in study.needs]
        rules.append((group.agents >= 0, f"Group {name} has fewer than no agents."))
        rules.append((not unknown, f"Group {name} answers “{', '.join(unknown)}”, which is no need of this study."))
        rules.append(
            (study.lanes_by_need or not group.needs, f"Group {name} has needs: that takes lanes_by_need = true.")
        )
    skills = [set(group.needs or study.needs) for group in team.groups.values() if group.agents]
    alone = [need for need in study.needs if not team.agents and not any(need in skill for skill in skills)]
    rules.append(
        (not alone, f"Nobody answers {', '.join(alone)}: those tickets would wait for ever. Give a group that need.")
    )
    return rules


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _of_schemes(study: Study) -> list[tuple[bool, str]]:
    rules = []
    for name, scheme in study.schemes.items():
        tables = (scheme.promises, scheme.weights, scheme.a_month, scheme.incidents, scheme.hours_a_month)
        unknown = sorted({plan for table in tables for plan in table} - set(study.plans))
        rules.append((not unknown, f"Scheme {name} names “{', '.join(unknown)}”, which is no plan of this study."))
        positive = all(each > 0 for table in (scheme.promises, scheme.weights) for each in table.values())
        rules.append((positive, f"Scheme {name}: promises and weights must be above zero."))
        numbers = (scheme.a_project, scheme.days, scheme.fair_use, scheme.price, scheme.elasticity)
        rules.append((min(numbers) >= 0, f"Scheme {name} has a number below zero."))
        shares = 0 <= scheme.renewed <= 1 and 0 <= scheme.own_team < 1
        rules.append((shares, f"Scheme {name}: renewed and own_team are shares from 0 to 1."))
    return rules
