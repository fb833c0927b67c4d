"""How many agents keep one promise for everybody, hour by hour; and how many a tiered scheme would do with."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from . import erlang
from .calendar import union, weekly
from .compare import promise as promise_of
from .crew import Agent
from .draw import profile, workload
from .outcomes import Outcome, play
from .refused import Refused
from .schemes import policy as policy_of
from .study import Study
from .team import agents as agents_of
from .turns import Floats
from .workload import MONTH

MOST = 512


@dataclass(frozen=True)
class Demand:
    """Work asked in each of the 168 hours of a week, in agents; and the mean effort of a turn in hours."""

    load: Floats
    effort: float


def demand(study: Study) -> Demand:
    """Expected work by hour of the week; what arrives while closed is done over the open hours, evenly."""
    tickets = sum(plan.customers * plan.tickets for plan in study.plans.values()) * 168 / MONTH
    share = sum(need.share for need in study.needs.values())
    effort = sum(need.share * need.effort for need in study.needs.values()) / share
    turns = tickets / (1 - study.follow_up)
    weights = profile(study.arrivals)
    asked = turns * effort * weights / weights.sum()
    opened = open_hours(study)
    return Demand(np.where(opened, asked + asked[~opened].sum() / opened.sum(), 0.0), effort)


def open_hours(study: Study) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which of the 168 hours of a week the desk is open in, the larger part of each."""
    team = study.team
    spans = [team.hours] * (team.agents > 0) + [
        group.hours or team.hours for group in team.groups.values() if group.agents
    ]
    found = np.zeros(168)
    for opens, closes in union([weekly(hours) for hours in spans]).pieces:
        for hour in range(int(opens), math.ceil(closes)):
            found[hour] += min(closes, hour + 1) - max(opens, hour)
    return found >= 0.5


def on_shift(study: Study) -> list[int]:
    """Agents of the team as it is, in each of the 168 hours of a week, holidays aside."""
    team, found = study.team, np.zeros(168)
    shifts = [(team.agents, team.hours), *((group.agents, group.hours or team.hours) for group in team.groups.values())]
    for count, hours in shifts:
        for opens, closes in weekly(hours).pieces:
            for hour in range(int(opens), math.ceil(closes)):
                found[hour] += count * (min(closes, hour + 1) - max(opens, hour))
    return [int(each) for each in np.ceil(found)]


def closed_form(load: float, effort: float, within: float, confidence: float) -> int:
    """The fewest agents with P(wait > within) <= 1 - confidence in a steady hour: P_w exp(-(c - a) within / effort)."""
    if load <= 0:
        return 0
    count = math.floor(load) + 1
    while erlang.erlang_c(count, load) * math.exp(-(count - load) * within / effort) > 1 - confidence:
        count += 1
    return count


def by_hour(study: Study, confidence: float) -> list[int]:
    """Agents for each hour of the week by closed form, for the shortest promise less one answer's work."""
    wanted = demand(study)
    within = max(float(promise_of(study).min()) - wanted.effort, 0.0)
    return [closed_form(float(load), wanted.effort, within, confidence) for load in wanted.load]


def kept(study: Study, policy: str, team: list[Agent], seeds: range) -> dict[str, float]:
    """Share of answered promises by plan and for all, over the seeds. Who gave up waiting was not kept the promise."""
    runs: list[Outcome] = [
        play(workload(study, seed), policy_of(policy, study.schemes), team, promise_of(study), study.team.kept)
        for seed in seeds
    ]
    rows = np.concatenate([run.tickets for run in runs]).view(np.recarray)
    found = {plan: rows.kept[rows.plan == i] for i, plan in enumerate(study.plans)}
    return {plan: float(values.mean()) for plan, values in found.items() if values.size} | {
        "all": float(rows.kept.mean())
    }


def fewest(
    study: Study, policy: str, confidence: float, only_best: bool = False, seeds: range = range(3)
) -> dict[str, Any]:
    """The fewest agents, all on the desk's hours, that keep the promise at `confidence` for every plan (or the best-paying alone)."""
    best = list(study.plans)[-1]

    def enough(count: int) -> bool:
        shares = kept(study, policy, agents_of(replace(study, team=replace(study.team, agents=count))), seeds)
        return min(shares.get(best, 1.0) if only_best else value for value in shares.values()) >= confidence

    alone = replace(study.team, agents=1).size < 2
    high = (
        2 if alone and policy_of(policy, study.schemes).own_team else 1
    )  # a team of its own leaves one for the others
    low = high - 1
    while not enough(high):
        low, high = high, high * 2
        if high > MOST:
            raise Refused(
                f"Not even {MOST} agents keep the promise for {confidence:.0%} of tickets: those asked while the desk is closed, or "
                "that take longer than the promise, cannot be helped by more agents. Lengthen the promise or lower --confidence."
            )
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return {
        "agents": high,
        "kept": kept(study, policy, agents_of(replace(study, team=replace(study.team, agents=high))), seeds),
    }
