"""Tickets drawn from a description of who asks what, and when."""

from __future__ import annotations

import numpy as np

from .calendar import WEEK
from .study import Need, Plan, Study
from .turns import FOLLOWING, OPENING, Floats, turns
from .workload import MONTH, Customers, Workload

# Share of tickets by hour of the day and by day, of a desk whose customers work office hours; smooth, not fitted.
OFFICE_DAY = np.array([1, 1, 1, 1, 1, 2, 4, 8, 16, 20, 20, 18, 14, 17, 18, 17, 14, 9, 6, 5, 4, 3, 2, 1], dtype=float)
OFFICE_WEEK = np.array([1.15, 1.1, 1.0, 1.0, 0.9, 0.15, 0.12])


def profile(name: str | tuple[float, ...]) -> Floats:
    """Weights of the 168 hours of a week, Monday first."""
    if not isinstance(name, str):
        return np.resize(np.array(name), 168)  # 24 hours are the same every day
    return np.ones(168) if name == "uniform" else np.outer(OFFICE_WEEK, OFFICE_DAY).ravel()


def _customers(plans: list[Plan], draw: np.random.Generator) -> Customers:
    counts = [plan.customers for plan in plans]
    number = np.repeat(np.arange(len(plans)), counts)
    seats = 1 + draw.poisson(np.repeat([plan.seats - 1 for plan in plans], counts))
    monthly = np.repeat([plan.monthly for plan in plans], counts)
    bought = -draw.random(number.size) * 24 * MONTH  # at some time in the last two years
    return Customers(number.astype(np.int32), seats.astype(float), monthly.astype(float), bought)


def _arrivals(weeks: float, weights: Floats, count: int, draw: np.random.Generator) -> Floats:
    """Moments of a Poisson process whose rate follows the week, given their number."""
    hour = np.searchsorted(np.cumsum(weights) / weights.sum(), draw.random(count))
    moments = np.floor(draw.random(count) * weeks) * WEEK + hour + draw.random(count)
    return np.sort(moments)


def _needs(needs: list[Need], count: int, draw: np.random.Generator) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    share = np.cumsum([need.share for need in needs])
    return np.minimum(np.searchsorted(share / share[-1], draw.random(count), side="right"), len(needs) - 1)


def gamma(mean: Floats, scv: Floats, draw: np.random.Generator) -> Floats:
    """Positive numbers of the given means and squared variations (0 is exactly the mean)."""
    spread = np.maximum(scv, 1e-9)
    return draw.standard_gamma(1 / spread) * mean * spread


def workload(study: Study, seed: int) -> Workload:
    """The study's tickets for one replication. The same seed draws the same tickets, whatever the policy."""
    draw = np.random.default_rng([study.seed, seed])
    plans, needs = list(study.plans.values()), list(study.needs.values())
    people = _customers(plans, draw)
    rate = np.array([plan.tickets for plan in plans])[people.plan] * draw.standard_gamma(1.0, len(people))
    expected = float(rate.sum()) * study.weeks * WEEK / MONTH
    count = int(draw.poisson(expected))
    arrival = _arrivals(study.weeks, profile(study.arrivals), count, draw)
    customer = np.searchsorted(np.cumsum(rate) / max(rate.sum(), 1e-12), draw.random(count)).astype(np.int32)
    need = _needs(needs, count, draw)
    more = (
        np.minimum(draw.geometric(1 - study.follow_up, count) - 1, 9) if study.follow_up > 0 else np.zeros(count, int)
    )
    first = np.arange(count) + np.concatenate([[0], np.cumsum(more)[:-1]]) if count else np.zeros(0, int)
    ticket = np.repeat(np.arange(count), 1 + more)
    kind = np.full(ticket.size, FOLLOWING, dtype=np.int8)
    kind[first] = OPENING
    who, what = customer[ticket], need[ticket]
    effort = gamma(np.array([n.effort for n in needs])[what], np.array([n.scv for n in needs])[what], draw)
    patience = np.array([n.patience for n in needs])[what] * draw.standard_exponential(ticket.size)
    begins = draw.standard_exponential(ticket.size) * study.follow_up_after
    begins[first] = arrival
    klass = people.plan[who] * len(needs) + what
    table = turns(begins, effort, patience, who, what if study.lanes_by_need else 0, klass, kind)
    project = (draw.random(count) * people.seats[customer]).astype(np.int32)[ticket]
    return Workload(
        table, people, tuple(study.plans), tuple(study.needs), project, draw.random(count)[ticket], study.weeks * WEEK
    )
