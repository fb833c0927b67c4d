"""Ways of selling support. Each is an order, perhaps doors, perhaps a team of one's own; and what customers pay for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from evenhand.fairness.turns import KEPT_FOR_THEIR_AGENT

from . import rules
from .crew import Agent
from .doors import Door, Mask
from .refused import Refused
from .turns import FOLLOWING, KEPT_OUT, Floats, Rule, Table
from .workload import Workload

Promise = Floats  # staffed hours by need


@dataclass(frozen=True)
class Policy:
    """`order` makes the rule; `denies` and `suppresses` are doors; `own_team` gives the best-paying plan that share of agents.

    `fee` is the share of customers' payments that this way of selling support brings in besides, by plan.
    """

    name: str
    title: str
    says: str
    order: Callable[[Workload, Promise], Rule]
    denies: tuple[Door, ...] = ()
    suppresses: tuple[Door, ...] = ()
    own_team: float = 0.0
    sells_tiers: bool = False


@dataclass(frozen=True)
class Applied:
    """The turns as the policy lets them in, under its rule, for its agents; by row, whether denied or suppressed."""

    turns: Table
    rule: Rule
    agents: list[Agent]
    lanes: int
    denied: Mask
    suppressed: Mask


def by_class(load: Workload, by_need: Promise) -> Floats:
    """The promise of each class when it depends on need alone."""
    return np.tile(by_need, len(load.plans))


def tier(load: Workload, tiers: int = 4) -> Floats:
    """The tier of each class from 0, the least paying, stretched so that the best-paying plan has the last."""
    plans = len(load.plans)
    place = np.round(np.arange(plans) * (tiers - 1) / max(plans - 1, 1))
    return np.repeat(place, len(load.needs))


def kept_out(load: Workload, policy: Policy) -> tuple[Mask, Mask]:
    """(denied, suppressed), by row, openings only."""
    asked = load.opening.copy()
    wanted = asked.copy()
    for door in policy.suppresses:
        asked = door(load, asked)
    suppressed = wanted & ~asked
    before = asked.copy()
    for door in policy.denies:
        asked = door(load, asked)
    return before & ~asked, suppressed


def apply(
    load: Workload, policy: Policy, agents: list[Agent], promise: Promise, keep: float = KEPT_FOR_THEIR_AGENT
) -> Applied:
    """What becomes of the workload and the team under the policy. Nothing given is changed."""
    denied, suppressed = kept_out(load, policy)
    table, lanes = load.turns, max([load.lanes, *(agent.lanes[-1] + 1 for agent in agents)])
    if denied.any() or suppressed.any() or policy.own_team:
        table = table.copy()
    out = denied | suppressed
    if out.any():
        ticket = np.cumsum(table.kind != FOLLOWING) - 1
        gone = np.zeros(int(ticket[-1]) + 1, dtype=bool)
        gone[ticket[out]] = True
        table.kind[gone[ticket]] = KEPT_OUT
    if policy.own_team:
        agents, lanes = _own_team(load, table, agents, lanes, policy.own_team)
    rule = policy.order(load, promise)._replace(keep=rules.kept(_by_lane(load, table, lanes, promise), keep))
    return Applied(table, rule, agents, lanes, denied, suppressed)


def _by_lane(load: Workload, table: Table, lanes: int, promise: Promise) -> Floats:
    """The promise in each lane: where several needs share one, the shortest."""
    shortest = np.full(lanes, float(promise.max()))
    np.minimum.at(shortest, table.lane, promise[load.need])
    return shortest


def _own_team(load: Workload, table: Table, agents: list[Agent], lanes: int, share: float) -> tuple[list[Agent], int]:
    """The best-paying plan's tickets go to lanes of their own, which that share of the agents serves and nobody else."""
    if len(agents) < 2:
        raise Refused("A team of its own for the best-paying plan needs at least two agents, one for each side.")
    premium = min(max(1, round(share * len(agents))), len(agents) - 1)
    table.lane[load.plan == len(load.plans) - 1] += lanes
    apart = [
        Agent(tuple(lane + lanes for lane in agent.lanes), agent.calendar, agent.at_once) for agent in agents[:premium]
    ]
    return apart + agents[premium:], 2 * lanes


def flat(load: Workload, promise: Promise) -> Rule:
    """The desk's own order: customers take turns; between lanes, due soonest under the one promise."""
    return rules.flat_turns(len(load.customers), by_class(load, promise))


def first_come(load: Workload, _: Promise) -> Rule:
    return rules.first_come(load.classes)


def shortest_promise(load: Workload, promise: Promise) -> Rule:
    """What is due soonest, the promise depending on need alone."""
    return rules.due_first(by_class(load, promise))


def strict_tiers(load: Workload, _: Promise) -> Rule:
    """The best-paying plan first, always."""
    return rules.ranked(-tier(load, len(load.plans)))


def best_first(load: Workload, _: Promise) -> Rule:
    """The best-paying plan first; all others first come, first served."""
    return rules.ranked((tier(load, len(load.plans)) < len(load.plans) - 1).astype(float))


def tier_promise(hours: tuple[float, ...]) -> Callable[[Workload, Promise], Rule]:
    """Due soonest, the promise depending on the plan alone, from the least paying tier to the most."""
    return lambda load, _: rules.due_first(np.array(hours)[tier(load, len(hours)).astype(int)])


def severity_by_plan(hours: tuple[float, ...]) -> Callable[[Workload, Promise], Rule]:
    """Due soonest, the plan's hours for the most urgent need, four times as long for each level below."""

    def order(load: Workload, _: Promise) -> Rule:
        base = np.array(hours)[tier(load, len(hours)).astype(int)]
        return rules.due_first(base * 4.0 ** np.tile(np.arange(len(load.needs)), len(load.plans)))

    return order


def weighted_tiers(load: Workload, promise: Promise) -> Rule:
    """Plans take turns in proportion: each plan twice as often as the one below it."""
    plan = np.repeat(np.arange(len(load.plans)), len(load.needs)).astype(np.int32)
    return rules.weighted(
        plan, [2.0**place for place in range(len(load.plans))], by_class(load, promise), by_class=True
    )


def per_seat(load: Workload, promise: Promise) -> Rule:
    """Customers take turns in proportion to their seats."""
    return rules.weighted(np.arange(len(load.customers), dtype=np.int32), load.customers.seats, by_class(load, promise))


def by_use(load: Workload, _: Promise) -> Rule:
    """Whoever has asked less in the last thirty days goes first."""
    rank = np.zeros(load.turns.size)
    opening = np.flatnonzero(load.opening)
    order = np.lexsort((load.turns.arrival[opening], load.turns.customer[opening]))
    who, when = load.turns.customer[opening][order].astype(float), load.turns.arrival[opening][order]
    apart = who * 1e9  # customers laid end to end, so that one search counts within each
    rank[opening[order]] = np.arange(order.size) - np.searchsorted(apart + when, apart + when - 720.0)
    return rules.by_column(_carried(load, rank), load.classes)


def _carried(load: Workload, by_opening: Floats) -> Floats:
    """The opening's number on its follow-ups too."""
    return by_opening[load.opening][np.cumsum(load.turns.kind != FOLLOWING) - 1]
