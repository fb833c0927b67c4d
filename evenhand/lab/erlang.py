"""Closed forms of textbook queues. Rates per hour, times in hours; `load` is offered work in agents.

Waits are means over everyone who arrives, those who leave included (their wait is the time until they left).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from .refused import Refused


class Expected(NamedTuple):
    """One class: mean wait, share that leaves unanswered."""

    wait: float
    abandoned: float


def erlang_b(agents: int, load: float) -> float:
    """Share of calls blocked when nobody may wait (Erlang 1917), by the stable recursion."""
    blocked = 1.0
    for k in range(1, agents + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked


def erlang_c(agents: int, load: float) -> float:
    """Probability that an arrival waits when everybody is patient (Erlang 1917). Refused at a load that nobody can serve."""
    if load >= agents:
        raise Refused(
            f"Work for {load:g} agents arrives and there are {agents}: without patience running out the line grows for "
            "ever and has no mean wait. Add agents, or give --patience-rate."
        )
    blocked = erlang_b(agents, load)
    return agents * blocked / (agents - load * (1 - blocked))


def erlang_a(arrivals: float, service: float, agents: int, patience: float) -> tuple[float, float, float]:
    """(probability of waiting, mean wait, share abandoned) of M/M/c+M; `patience` is the rate of leaving (Palm 1957)."""
    blocked = erlang_b(agents, arrivals / service)
    # States above `agents`, relative to the state in which all agents work and nobody waits.
    term, total, queue, waiting = 1.0, 1.0, 0.0, 0
    while term > 1e-17 * total or arrivals > agents * service + waiting * patience:
        waiting += 1
        term *= arrivals / (agents * service + waiting * patience)
        total += term
        queue += waiting * term
    busy = blocked * total / (1 - blocked + blocked * total)
    length = busy * queue / total
    return busy, length / arrivals, patience * length / arrivals


def waits(arrivals: float, service: float, agents: int, patience: float) -> float:
    """Probability that an arrival waits, in any work-conserving order."""
    if patience > 0:
        return erlang_a(arrivals, service, agents, patience)[0]
    return erlang_c(agents, arrivals / service)


def _queue_above(arrivals: float, service: float, agents: int, patience: float, busy: float) -> float:
    """Mean number waiting among the classes above a line in a priority order, given the probability that all are busy.

    While all agents are busy those classes see a birth-death queue of their own (Cobham 1954 for patient customers;
    with one rate of leaving for all, the same cut equations hold with k patience added to the k-th death rate).
    """
    if patience == 0:
        share = arrivals / (agents * service)
        return busy * share / (1 - share)
    term, total, queue, waiting = 1.0, 1.0, 0.0, 0
    while term > 1e-17 * total or arrivals > agents * service + waiting * patience:
        waiting += 1
        term *= arrivals / (agents * service + waiting * patience)
        total += term
        queue += waiting * term
    return busy * queue / total


def priority(arrivals: Sequence[float], service: float, agents: int, patience: float = 0.0) -> list[Expected]:
    """Each class of a non-preemptive priority queue M/M/c (+M), the first class first.

    Without patience this is Cobham's W_k = W_0 / ((1 - s_{k-1}) (1 - s_k)). With it, all classes must leave at the one
    rate, so that the number waiting in total does not depend on the order.
    """
    busy = waits(sum(arrivals), service, agents, patience)
    result, above, queue_above = [], 0.0, 0.0
    for rate in arrivals:
        above += rate
        queue = _queue_above(above, service, agents, patience, busy)
        wait = (queue - queue_above) / rate
        result.append(Expected(wait, patience * wait))
        queue_above = queue
    return result


def one_agent(arrivals: Sequence[float], service: float, scv: float, in_order: bool) -> list[Expected]:
    """M/G/1: first come, first served (Pollaczek 1930, Khinchine 1932), or in order of class (Cobham 1954).

    `scv` is the squared coefficient of variation of the service time.
    """
    load = sum(arrivals) / service
    erlang_c(1, load)
    residual = load * (1 + scv) / (2 * service)
    if not in_order:
        return [Expected(residual / (1 - load), 0.0)] * len(arrivals)
    result, above = [], 0.0
    for rate in arrivals:
        before, above = above, above + rate / service
        result.append(Expected(residual / ((1 - before) * (1 - above)), 0.0))
    return result


def exact(
    arrivals: Sequence[float], service: float, agents: int, patience: float, scv: float, in_order: bool
) -> list[Expected] | None:
    """The closed form of a textbook queue by class; None where the books have none."""
    if math.isclose(scv, 1.0):
        if in_order:
            return priority(arrivals, service, agents, patience)
        return [priority([sum(arrivals)], service, agents, patience)[0]] * len(arrivals)
    if agents == 1 and patience == 0:
        return one_agent(arrivals, service, scv, in_order)
    return None
