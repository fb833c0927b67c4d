"""Textbook queues, simulated and beside their closed forms, so that anyone can check the simulator."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from . import erlang, rules
from .crew import alike, crew
from .identities import identities
from .intervals import batch_means
from .refused import Refused
from .simulate import simulate
from .turns import Floats, Rule, Table, turns

ORDERS = ("fcfs", "priority", "turns", "lcfs", "random")


@dataclass(frozen=True)
class Textbook:
    """M/G/c+M with classes: Poisson arrivals by class, gamma service of the given squared variation, patience exponential."""

    arrivals: tuple[float, ...]
    service: float = 1.0
    agents: int = 1
    patience: float = 0.0
    scv: float = 1.0
    order: str = "fcfs"
    customers: int = 200
    tickets: int = 100_000
    seed: int = 1

    def __post_init__(self) -> None:
        numbers = (*self.arrivals, self.service, self.patience, self.scv)
        if not all(math.isfinite(number) for number in numbers):
            raise Refused("Rates and variations are finite numbers.")
        if self.seed < 0:
            raise Refused("A seed is a whole number from 0.")
        if not self.arrivals or min(self.arrivals) <= 0:
            raise Refused("Every class needs a rate of arrival above zero, for example --arrivals 4,16.")
        if self.service <= 0 or self.agents < 1 or self.tickets < 1 or self.customers < 1:
            raise Refused("Service rate, agents, tickets and customers must be above zero.")
        if self.patience < 0 or self.scv < 0:
            raise Refused("A rate of leaving or a variation cannot be negative.")
        if self.order not in ORDERS:
            raise Refused(f"There is no order “{self.order}”; there are {', '.join(ORDERS)}.")
        if self.patience == 0 and self.load >= self.agents:
            erlang.erlang_c(self.agents, self.load)  # says why not

    @property
    def load(self) -> float:
        return sum(self.arrivals) / self.service

    def turns(self) -> Table:
        """The tickets, each with arrival, effort, patience, class and customer drawn once."""
        draw = np.random.default_rng(self.seed)
        arrival = np.cumsum(draw.standard_exponential(self.tickets))
        arrival /= sum(self.arrivals)
        table = turns(arrival, self._effort(draw))
        if self.patience > 0:
            table.patience = draw.standard_exponential(self.tickets) / self.patience
        if len(self.arrivals) > 1:
            bounds = np.cumsum(self.arrivals)[:-1] / sum(self.arrivals)
            table.klass = np.searchsorted(bounds, draw.random(self.tickets), side="right")
        if self.order == "turns":
            table.customer = draw.integers(0, self.customers, self.tickets, dtype=np.int32)
        return table

    def _effort(self, draw: np.random.Generator) -> Floats | float:
        if self.scv == 0:
            return 1 / self.service
        if self.scv == 1:
            return draw.standard_exponential(self.tickets) / self.service
        return draw.standard_gamma(1 / self.scv, self.tickets) * (self.scv / self.service)

    def rule(self, table: Table) -> Rule:
        classes = len(self.arrivals)
        if self.order == "priority":
            return rules.ranked(range(classes))
        if self.order == "turns":
            return rules.flat_turns(self.customers, [0.0] * classes)
        if self.order == "fcfs":
            return rules.first_come(classes)
        if self.order == "lcfs":
            return rules.by_column(-table.arrival, classes)
        return rules.by_column(np.random.default_rng([self.seed, 1]).random(table.size), classes)

    def exact(self) -> list[erlang.Expected] | None:
        """The closed form by class. The orders that look at no class share the mean of all: which turn goes next changes
        neither the work nor, with exponential patience, how many wait (the classes of --order turns share their customers)."""
        in_order = self.order == "priority"
        return erlang.exact(self.arrivals, self.service, self.agents, self.patience, self.scv, in_order)


def play(queue: Textbook) -> tuple[Table, Table]:
    """(turns, what happened)."""
    table = queue.turns()
    return table, simulate(table, queue.rule(table), *crew(alike(queue.agents), 1))


def measure(queue: Textbook, confidence: float = 0.95, warmup: float = 0.02) -> dict[str, Any]:
    """Per class and for all: mean wait with its interval, share abandoned, probability of waiting, and the closed form.

    The first `warmup` share of tickets is played but not counted, as the desk begins empty. Intervals are batch means.
    """
    table, wait = play(queue)
    left = np.isnan(wait.start)
    waited = np.where(left, table.patience, wait.start - wait.since)
    counted = np.arange(table.size) >= warmup * table.size
    exact = queue.exact()
    found = []
    for klass in range(len(queue.arrivals)):
        mine = counted & (table.klass == klass)
        row = _class(waited[mine], left[mine], confidence) | {"class": klass, "arrivals": queue.arrivals[klass]}
        row |= {"exact_wait": exact[klass].wait, "exact_abandoned": exact[klass].abandoned} if exact else {}
        found.append(row)
    everyone = _class(waited[counted], left[counted], confidence)
    known = queue.scv == 1
    p_wait = erlang.waits(sum(queue.arrivals), queue.service, queue.agents, queue.patience) if known else None
    return {
        "queue": asdict(queue),
        "load": queue.load,
        "confidence": confidence,
        "classes": found,
        "all": everyone | {"exact_wait": _mean(queue, exact, 0), "exact_abandoned": _mean(queue, exact, 1)},
        "p_wait": everyone["p_wait"],
        "exact_p_wait": p_wait,
        "identities": identities(table, wait),
    }


def _class(waited: Floats, left: Floats, confidence: float) -> dict[str, Any]:
    if waited.size == 0:
        return {"tickets": 0, "wait": None, "wait_ci": None, "abandoned": None, "abandoned_ci": None, "p_wait": None}
    return {
        "tickets": int(waited.size),
        "wait": float(waited.mean()),
        "wait_ci": batch_means(waited, confidence),
        "abandoned": float(left.mean()),
        "abandoned_ci": batch_means(left.astype(float), confidence),
        "p_wait": float((waited > 0).mean()),
        "p_wait_ci": batch_means((waited > 0).astype(float), confidence),
    }


def _mean(queue: Textbook, exact: list[erlang.Expected] | None, column: int) -> float | None:
    if exact is None:
        return None
    return sum(rate * row[column] for rate, row in zip(queue.arrivals, exact, strict=True)) / sum(queue.arrivals)
