"""A history played again: as it was, to the very moment; and as it would have been under every way of selling support."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from . import fit, past
from .calendar import Calendar, pack, union
from .compare import Progress, silent
from .crew import Agent
from .history import History
from .hours import staffed_between
from .outcomes import Outcome, play
from .past import Efforts
from .policies import Policy, Promise
from .refused import Refused
from .schemes import policy as policy_of
from .summary import CURVE, summary
from .turns import Floats
from .workload import Workload

DEFAULTS = ("flat", "first_come", "strict_tiers", "weighted_tiers", "monthly_allotment")


@dataclass(frozen=True)
class Setting:
    """Everything a history is played with, estimated or said."""

    history: History
    load: Workload
    team: list[Agent]
    desk: Calendar
    promise: Promise
    stretch: float
    afterwards: Floats  # by ticket: hours from the last answer until it was resolved

    def play(self, policy: Policy) -> Outcome:
        """One policy. What happened between the last answer and the recorded end of a ticket happens again, as long."""
        found = play(self.load, policy, self.team, self.promise)
        rows = found.tickets
        rows.resolution += self.afterwards
        ends = rows.opened + rows.resolution
        rows.resolution_staffed = staffed_between(pack([self.desk]), 0, rows.opened.copy(), ends)
        return found


def _mean_reply(load: Workload, team: list[Agent], promise: Promise) -> float:
    found = play(load, policy_of("first_come"), team, promise).tickets.reply
    return float(np.nanmean(found)) if np.isfinite(found).any() else float("inf")


def fitted_stretch(load: Workload, team: list[Agent], recorded: float, promise: Promise) -> float:
    """By what the efforts must be multiplied for first come, first served to wait as long as was recorded.

    A log shows when work ended, not what else the agents did: the factor stands for all of it.
    """

    def mean(factor: float) -> float:
        stretched = load.turns.copy()
        stretched.effort *= factor
        return _mean_reply(replace(load, turns=stretched), team, promise)

    low, high = 0.0, 1.0
    while mean(high) < recorded and high < 2**16:
        low, high = high, high * 2
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (middle, high) if mean(middle) < recorded else (low, middle)
    return high


def setting(
    history: History, efforts: Efforts, hours: str | None = None, agents: int | None = None, promised: float = 8.0,
    more: float = 0.0,
) -> tuple[Setting, dict[str, Any], list[str]]:  # fmt: skip
    """(what the history is played with, what of it to tell, how it was come by)."""
    if np.isnan(history.replied).all():
        raise Refused(
            "Not one ticket has a first reply: there is nothing to learn from. Map the column with --map first_reply=: it says when, such as "
            "2026-01-31 09:30, not how long it took."
        )
    patience, said_patience = fit.patience(history)
    notes = [*history.notes, efforts.note, said_patience, *past.several_plans(history)]
    if hours is None:
        hours, said_hours = fit.working_hours(history)
        notes.append(said_hours)
    load, desk = past.workload(history, efforts, patience), past.calendar(history, hours)
    promise = np.full(len(history.needs), promised)
    if agents is None:
        agents = past.seen_agents(history) or 1
        notes.append(
            f"{agents} agents answered on a usual day."
            if (history.agent >= 0).any()
            else "No agents are named: one is assumed."
        )
    team, stretch = [Agent(tuple(range(load.lanes)), desk)] * agents, 1.0
    if np.isnan(history.effort).any():
        recorded = float(np.nanmean(history.replied - history.opened))
        stretch = fitted_stretch(load, team, recorded, promise)
        load.turns.effort *= stretch
        notes.append(
            f"For {agents} agents to leave customers waiting as long as recorded, an answer must take {float(load.turns.effort.mean()):.1f} hours of "
            f"theirs, {stretch:,.2f} times the effort above: all else they did is in that. Give --map effort= and --agents to say what you know."
        )
    after = past.afterwards(history)
    if more:
        load, tickets = past.with_more(load, more)
        after = after[tickets]
        notes.append(
            f"{more:g} % more tickets than recorded: drawn from those of the history, at the hours of its own week."
        )
    told = {
        "patience": patience if np.isfinite(patience) else None,
        "agents": agents,
        "hours": hours,
        "promise": promised,
    }
    return Setting(history, load, team, desk, promise, stretch, after), told | {"stretch": stretch, "more": more}, notes


def replay(
    history: History, policies: tuple[str, ...], hours: str | None = None, agents: int | None = None,
    promised: float = 8.0, progress: Progress = silent, more: float = 0.0,
) -> tuple[dict[str, Any], Setting]:  # fmt: skip
    """Everything the history says, as it was and under each policy; and what it was played with."""
    efforts = past.efforts(history)
    chosen = [policy_of(name) for name in policies]
    made, told, notes = setting(history, efforts, hours, agents, promised, more)
    limit = 2 * promised * made.desk.period / union([made.desk]).staffed
    found: dict[str, Any] = {}
    for policy in chosen:
        run = made.play(policy)
        found[policy.name] = {"title": policy.title, "says": policy.says, "sells_tiers": policy.sells_tiers}
        found[policy.name] |= summary(run, history.plans, history.needs, limit, made.desk.staffed / made.desk.period)
        progress(len(found), len(policies))
    use = made.load.turns.effort.sum() / (len(made.team) * made.desk.staffed) * made.desk.period / made.load.hours
    return {
        "rows": history.rows,
        "tickets": len(history),
        "later": len(history.later),
        "customers": len(history.customers),
        "answered": int((~np.isnan(history.replied)).sum()),
        "unusable": {"count": len(history.unusable), "first": [{"row": r, "why": why} for r, why in history.unusable[:20]]},
        "recorded": past.recorded(history),
        "reproduced": past.reproduced(history, efforts.first),
        "fit": fit.against_data(efforts.first, history) | {"patience": told.pop("patience")},
        "load": float(use), "curve_hours": CURVE.tolist(), "restricted_at": limit, "policies": found, "notes": notes,
    } | told, made  # fmt: skip


def rows_of(made: Setting, found: dict[str, Any], by_customer: bool) -> Iterator[Any]:
    """A table for each policy, of tickets or of customers, with the history's own names."""
    from . import rows

    history = made.history
    named = {"customer": history.customers, "plan": history.plans, "need": history.needs}
    for name in found["policies"]:
        run = made.play(policy_of(name)).tickets
        if by_customer:
            yield rows.customers(run, name, 0, named, found["restricted_at"])
        else:
            yield rows.tickets(run, name, 0, named)


def needed_by_hour(made: Setting, confidence: float) -> list[int]:
    """Agents for each hour of the week by closed form, for the history's own arrivals and efforts."""
    from .staffing import closed_form

    opened = past.open_by_hour(made.desk)
    asked = past.work_by_hour(made.load)
    spread = asked[~opened].sum() / max(opened.sum(), 1)
    effort = float(made.load.turns.effort.mean())
    within = max(float(made.promise.min()) - effort, 0.0)
    wanted: Floats = np.where(opened, asked + spread, 0.0)
    return [closed_form(float(load), effort, within, confidence) for load in wanted]
