"""Who is kept out: each way of rationing support, as the tickets it turns away.

Every function takes the workload and the openings still asked, and gives those that stay. What a door refuses is
*denied*; what a price keeps from being asked is *suppressed*. Either way the need stays unsolved, and is counted.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from .turns import Floats
from .workload import MONTH, Workload

Mask = npt.NDArray[np.bool_]
Door = Callable[[Workload, Mask], Mask]

NO_LIMIT = float("inf")


def _earlier(group: npt.NDArray[np.int64], asked: Mask, amount: Floats) -> Floats:
    """For each row, the sum of `amount` over earlier rows of its group that were asked."""
    counted = np.where(asked, amount, 0.0)
    order = np.argsort(group, kind="stable")
    running = np.cumsum(counted[order]) - counted[order]
    first = np.flatnonzero(np.diff(group[order], prepend=group[order][:1] - 1)) if group.size else np.zeros(0, int)
    base = np.repeat(running[first], np.diff(np.append(first, group.size)))
    result = np.empty(group.size)
    result[order] = running - base
    return result


def _month(load: Workload) -> npt.NDArray[np.int64]:
    return np.where(load.opening, load.turns.arrival // MONTH, 0).astype(np.int64)


# By name; or by place from the least paying plan on, never for the best-paying one. Plans not named have no limit.
Limits = dict[str, float] | tuple[float, ...]


def _by_plan(load: Workload, values: Limits) -> Floats:
    named = values if isinstance(values, dict) else dict(zip(load.plans[:-1], values, strict=False))
    return np.array([named.get(plan, NO_LIMIT) for plan in load.plans])[load.plan]


def monthly_allotment(tickets: Limits, per_seat: bool = False) -> Door:
    """So many tickets a customer a month, by plan; times the seats with `per_seat`."""

    def door(load: Workload, asked: Mask) -> Mask:
        group = load.turns.customer.astype(np.int64) * 100_000 + _month(load)
        limit = _by_plan(load, tickets) * (load.customers.seats[load.turns.customer] if per_seat else 1.0)
        return asked & (_earlier(group, asked, np.ones(group.size)) < limit)

    return door


def project_allotment(tickets: float) -> Door:
    """So many tickets for each project, ever."""

    def door(load: Workload, asked: Mask) -> Mask:
        group = load.turns.customer.astype(np.int64) * 1_000_000 + load.project
        return asked & (_earlier(group, asked, np.ones(group.size)) < tickets)

    return door


def incidents(number: Limits) -> Door:
    """So many tickets in all, by plan: support sold by the incident, not bought again."""

    def door(load: Workload, asked: Mask) -> Mask:
        group = load.turns.customer.astype(np.int64)
        return asked & (_earlier(group, asked, np.ones(group.size)) < _by_plan(load, number))

    return door


def hours_bank(hours: Limits) -> Door:
    """Prepaid hours a month by plan; a ticket is taken while any are left."""

    def door(load: Workload, asked: Mask) -> Mask:
        group = load.turns.customer.astype(np.int64) * 100_000 + _month(load)
        return asked & (_earlier(group, asked, load.turns.effort) < _by_plan(load, hours))

    return door


def fair_use(multiple: float) -> Door:
    """A review that stops whoever asks more than `multiple` times the average customer in a month."""

    def door(load: Workload, asked: Mask) -> Mask:
        months = max(load.hours / MONTH, 1e-9)
        average = asked.sum() / max(len(np.unique(load.turns.customer[asked])), 1) / max(months, 1.0)
        group = load.turns.customer.astype(np.int64) * 100_000 + _month(load)
        return asked & (_earlier(group, asked, np.ones(group.size)) < max(multiple * average, 1.0))

    return door


def time_limited(days: float, renewed: float = 0.0) -> Door:
    """Support for so many days from purchase; a share `renewed` of customers buys the same once more."""

    def door(load: Workload, asked: Mask) -> Mask:
        who = load.turns.customer
        renews = (
            np.arange(len(load.customers)) * 0.6180339887498949
        ) % 1 < renewed  # spread evenly, the same each time
        until = load.customers.bought + days * 24 * np.where(renews, 2.0, 1.0)
        return asked & (load.turns.arrival <= until[who])

    return door


def pay_by_use(price: float, elasticity: float) -> Door:
    """A price a ticket: demand becomes e^(-elasticity × price) of what it was. Those who do not ask keep their need."""

    def door(load: Workload, asked: Mask) -> Mask:
        return asked & (load.appetite < np.exp(-elasticity * price))

    return door
