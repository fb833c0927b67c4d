"""Simulated desks: four weeks of tickets of one desk, fair or not, whose premium plan asks the harder questions."""

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
from scipy.special import ndtr

from evenhand.audit.tickets import Duration, Labels, Tickets
from evenhand.fairness.durations import Floats

PLANS, KINDS = ["standard", "premium"], ["easy", "usual", "hard", "stuck"]
MEDIAN = np.array([2.0, 5.0, 12.0, 24.0])  # hours to a first reply, by kind
MIX = np.array([[0.40, 0.30, 0.20, 0.10], [0.15, 0.25, 0.30, 0.30]])  # of kinds, by plan
PREMIUM = 0.25  # of customers, and so of tickets
SPREAD, BETWEEN = 1.5, 0.3  # sd of log time: of one ticket, and of customers
WEEKS, TAU = 4, 72.0
TICKETS_EACH = 5  # of a customer, on average


@dataclass(frozen=True)
class Desk:
    """A kind of desk: how many times as long its standard customers wait, as a ratio of restricted means."""

    name: str
    ratio: float = 1.0
    since: float = 0.0  # hours: it turned unfair only then


DESKS = (
    Desk("fair"),
    Desk("on the edge, 1.25", 1.25),
    Desk("tiered, 2", 2.0),
    Desk("drifting to 2 half-way", 2.0, WEEKS * 84.0),
)


def month(desk: Desk, tickets: int, rng: np.random.Generator) -> Tickets:
    """Four weeks of a desk: what is not answered at their end is censored."""
    customers = max(tickets // TICKETS_EACH, 8)
    premium = rng.permutation(customers) < PREMIUM * customers
    customer = rng.integers(0, customers, tickets)
    member = premium[customer].astype(np.int64)
    kind = (rng.random(tickets)[:, None] > np.cumsum(MIX, axis=1)[member][:, :-1]).sum(axis=1)
    location = np.log(MEDIAN)[kind] + rng.normal(0, BETWEEN, customers)[customer]
    opened = np.sort(rng.uniform(0, WEEKS * 168, tickets))
    slower = np.where((member == 0) & (opened >= desk.since), factor(desk.ratio), 1.0)
    time = np.exp(rng.normal(location, SPREAD)) * slower
    left = WEEKS * 168 - opened
    return Tickets(
        customer,
        opened,
        {"plan": Labels(member, PLANS)},
        strata={"type": Labels(kind, KINDS)},
        durations=[Duration("first reply", np.minimum(time, left), time <= left, tau=TAU)],
    )


def restricted_mean(scale: float) -> float:
    """E min(T, tau) over the kinds as they come in, where every time is `scale` times as long."""
    spread = sqrt(SPREAD**2 + BETWEEN**2)
    share: Floats = PREMIUM * MIX[1] + (1 - PREMIUM) * MIX[0]
    place = np.log(MEDIAN * scale)
    below = np.exp(place + spread**2 / 2) * ndtr((log(TAU) - place - spread**2) / spread)
    return float(share @ (below + TAU * ndtr((place - log(TAU)) / spread)))


def factor(ratio: float) -> float:
    """How many times as long every wait must be for a ratio of restricted means of `ratio`."""
    low, high = 0.0, 5.0
    for _ in range(60 if ratio != 1 else 0):
        middle = (low + high) / 2
        low, high = (middle, high) if restricted_mean(exp(middle)) < ratio * restricted_mean(1.0) else (low, middle)
    return exp(low)
