"""What became of every ticket, and of everyone together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evenhand.fairness.turns import KEPT_FOR_THEIR_AGENT

from .crew import Agent, crew
from .discrimination import discrimination, overtakes
from .hours import staffed_between
from .identities import identities, left_at
from .policies import Policy, Promise, apply, by_class
from .simulate import simulate
from .turns import FOLLOWING, Crew, Floats, Hours, Table
from .workload import Workload

TICKET = np.dtype(
    [
        ("customer", "i4"), ("plan", "i2"), ("need", "i2"), ("opened", "f8"),
        ("reply", "f8"), ("reply_staffed", "f8"),  # hours from opening to the first reply; NaN without one
        ("next", "f8"), ("next_staffed", "f8"),  # mean hours to the later replies
        ("resolution", "f8"), ("resolution_staffed", "f8"),  # from opening to the last reply
        ("returns", "i4"),  # how often it came back
        ("abandoned", "?"), ("denied", "?"), ("suppressed", "?"), ("kept", "?"),
        ("overtaken", "i4"), ("discrimination", "f8"),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """TICKET records in order of opening, and how busy each agent was, as a share of staffed time."""

    tickets: Table
    utilisation: Floats
    identities: dict[str, float | int | bool]
    load: float


def _replies(found: Table, table: Table, wait: Table, hours: Hours) -> Floats:
    """The moment of each ticket's last reply, NaN without one; what later replies took goes into `found`."""
    ticket, count = np.cumsum(table.kind != FOLLOWING) - 1, found.size
    served = ~np.isnan(wait.start)
    later = served & (table.kind == FOLLOWING)
    number = np.bincount(ticket[later], minlength=count)
    staffed = staffed_between(hours, 0, wait.since[later], wait.finish[later])
    for name, waited in (("next", (wait.finish - wait.since)[later]), ("next_staffed", staffed)):
        total = np.bincount(ticket[later], weights=waited, minlength=count)
        found[name] = np.divide(total, number, out=np.full(count, np.nan), where=number > 0)
    came_back = ~np.isnan(wait.since) & (table.kind == FOLLOWING)
    found.returns = np.bincount(ticket[came_back], minlength=count)
    last = np.full(count, np.nan)
    np.fmax.at(last, ticket[served], wait.finish[served])
    return last


def staffed_replies(load: Workload, policy: Policy, agents: list[Agent], promise: Promise, keep: float) -> Floats:
    """Staffed hours from each opening to its first reply, NaN without one: all that a search for a team asks."""
    applied = apply(load, policy, agents, promise, keep)
    people, hours = crew(applied.agents, applied.lanes)
    first = np.flatnonzero(load.opening)
    replied = simulate(applied.turns, applied.rule, people, hours).finish[first]
    return staffed_between(hours, 0, load.turns.arrival[first], replied)


def play(
    load: Workload, policy: Policy, agents: list[Agent], promise: Promise, keep: float = KEPT_FOR_THEIR_AGENT
) -> Outcome:
    """One policy over one workload. `promise` is the one promise, in staffed hours by need, by which `kept` is judged. Follow-ups wait for
    the agent who knows the story for the share `keep` of it."""
    applied = apply(load, policy, agents, promise, keep)
    people, hours = crew(applied.agents, applied.lanes)
    table = applied.turns
    wait = simulate(table, applied.rule, people, hours)
    first = np.flatnonzero(load.opening)
    found: Table = np.zeros(first.size, dtype=TICKET).view(np.recarray)
    found.customer, found.plan, found.need = load.turns.customer[first], load.plan[first], load.need[first]
    found.opened = load.turns.arrival[first]
    found.reply = wait.finish[first] - found.opened
    found.reply_staffed = staffed_between(hours, 0, found.opened.copy(), wait.finish[first].copy())
    last = _replies(found, load.turns, wait, hours)
    found.resolution = last - found.opened
    found.resolution_staffed = staffed_between(hours, 0, found.opened.copy(), last)
    found.denied, found.suppressed = applied.denied[first], applied.suppressed[first]
    found.abandoned = np.isnan(wait.start[first]) & ~np.isnan(wait.since[first])
    found.kept = found.reply_staffed <= by_class(load, promise)[load.turns.klass[first]]
    began = ~np.isnan(wait.since[first])
    found.overtaken[began] = overtakes(wait.since[first][began], left_at(table, wait)[first][began])
    found.discrimination = np.nan_to_num(discrimination(table, wait, people, hours))[first]
    return Outcome(found, _utilisation(table, wait, people, hours, load), identities(table, wait), load.load)


def _utilisation(table: Table, wait: Table, people: Crew, hours: Hours, load: Workload) -> Floats:
    """Work done as a share of staffed time until the last reply, by agent."""
    end = float(np.nanmax(wait.finish)) if np.isfinite(wait.finish).any() else load.hours
    served = wait.agent >= 0
    work = np.bincount(wait.agent[served], weights=table.effort[served], minlength=people.agents.size)
    until = [staffed_between(hours, int(a.calendar), np.zeros(1), np.array([end]))[0] for a in people.agents]
    return work / np.maximum(until, 1e-12)
