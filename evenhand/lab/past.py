"""A history as it was: what was asked, who answered when, and what the lab makes of it to play it again."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from . import fit, rules
from .calendar import ALWAYS, WEEK, Calendar, dated
from .crew import alike, crew
from .history import History
from .simulate import simulate
from .turns import FOLLOWING, OPENING, Floats, Table, turns
from .workload import Customers, Workload


@dataclass(frozen=True)
class Efforts:
    """Hours of work before each first reply and each later answer, and how they were come by."""

    first: Floats
    later: Floats
    note: str


def efforts(history: History) -> Efforts:
    return Efforts(*fit.efforts(history))


def peak(start: Floats, finish: Floats) -> int:
    """The most sessions at once; one that begins as another ends does not overlap it."""
    moments = np.concatenate([finish, start])
    change = np.concatenate([-np.ones(finish.size), np.ones(start.size)])
    return max(1, int(np.cumsum(change[np.argsort(moments, kind="stable")]).max(initial=1)))


def as_recorded(history: History, efforts: Floats) -> tuple[Table, Table]:
    """(turns, what happened) with the recorded starts as the policy: each ticket waits until its recorded start, and is
    then begun by one of as many agents as the history needs. The ends of service are the recorded first replies."""
    answered = np.flatnonzero(~np.isnan(history.replied))
    start = history.replied[answered] - efforts[answered]
    order = np.argsort(start, kind="stable")
    rows = answered[order]
    table = turns(start[order] - min(0.0, float(start.min())), efforts[rows], customer=history.customer[rows])
    wait = simulate(
        table, rules.first_come(1), *crew(alike(peak(table.arrival, table.arrival + table.effort)), 1, ALWAYS)
    )
    return table, wait


def reproduced(history: History, efforts: Floats) -> dict[str, int | bool]:
    """How many recorded first replies the simulator gives back exactly."""
    answered = np.flatnonzero(~np.isnan(history.replied))
    start = history.replied[answered] - efforts[answered]
    rows = answered[np.argsort(start, kind="stable")]
    shift = min(0.0, float(start.min()))
    _, wait = as_recorded(history, efforts)
    same = int((wait.finish + shift == history.replied[rows]).sum())
    return {"tickets": int(answered.size), "exactly": same, "all": same == answered.size}


def workload(history: History, efforts: Efforts, patience: float, seed: int = 1) -> Workload:
    """The history as what was asked: the recorded arrivals, and each later question as long after its answer as it was.

    Patience is drawn once, for the first reply alone: of those who wait for a later one nobody is recorded as gone.
    """
    draw, later, count = np.random.default_rng(seed), history.later, len(history)
    ticket = np.repeat(np.arange(count), 1 + np.bincount(later.ticket, minlength=count))
    first = np.flatnonzero(np.diff(ticket, prepend=-1))
    following = np.setdiff1d(np.arange(ticket.size), first)
    kind = np.full(ticket.size, FOLLOWING, dtype=np.int8)
    kind[first] = OPENING
    answered = np.empty(ticket.size)
    answered[first], answered[following] = history.replied, later.replied
    arrival, effort = np.empty(ticket.size), np.empty(ticket.size)
    arrival[first], arrival[following] = history.opened, np.maximum(later.asked - answered[following - 1], 0.0)
    effort[first], effort[following] = efforts.first, efforts.later
    limits = np.full(ticket.size, np.inf)
    if np.isfinite(patience):
        limits[first] = draw.standard_exponential(count) * patience
    who = history.customer[ticket]
    plan = np.zeros(len(history.customers), dtype=np.int32)
    plan[history.customer] = history.plan  # a customer's latest plan
    need = history.need[ticket]
    table = turns(arrival, effort, limits, who, need, plan[who] * len(history.needs) + need, kind)
    people = Customers(plan, np.ones(plan.size), np.zeros(plan.size), np.full(plan.size, 0.0))
    stretch = max(float(history.opened.max() - history.opened.min()), 1.0)
    project, appetite = np.zeros(ticket.size, np.int32), draw.random(count)[ticket]
    return Workload(table, people, history.plans, history.needs, project, appetite, stretch)


def with_more(load: Workload, per_cent: float, seed: int = 1) -> tuple[Workload, npt.NDArray[np.int64]]:
    """The same tickets and so many more, each like one of the history's, at an hour drawn from the history's own week; and
    which of the history's each of them is like."""
    draw = np.random.default_rng([seed, 7])
    first = np.flatnonzero(load.opening)
    size = np.diff(np.append(first, load.turns.size))
    chosen = np.sort(draw.integers(0, first.size, round(first.size * per_cent / 100)))
    hours = load.turns.arrival[first]
    weeks = max(int(hours.max() // WEEK) + 1, 1)
    moments = draw.integers(0, weeks, chosen.size) * WEEK + hours[draw.integers(0, hours.size, chosen.size)] % WEEK
    tickets = np.concatenate([np.arange(first.size), chosen])
    opened = np.concatenate([hours, np.clip(moments, hours.min(), hours.max())])
    order = np.argsort(opened, kind="stable")
    tickets, opened = tickets[order], opened[order]
    begin = np.concatenate([[0], np.cumsum(size[tickets])[:-1]])
    rows = np.repeat(first[tickets] - begin, size[tickets]) + np.arange(int(size[tickets].sum()))
    table = load.turns[rows]
    table.arrival[begin] = opened
    return replace(load, turns=table, project=load.project[rows], appetite=load.appetite[rows]), tickets


def afterwards(history: History) -> Floats:
    """Hours from each ticket's last recorded answer until it was resolved: what the file does not explain."""
    last = history.replied.copy()
    np.fmax.at(last, history.later.ticket, history.later.replied)
    return np.maximum(np.nan_to_num(history.resolved - last), 0.0)


def recorded(history: History) -> dict[str, Any]:
    """What was waited, by plan and for everybody; None where the history does not say."""
    later = history.later
    waits = {
        "reply": (history.replied - history.opened, history.plan),
        "next": (later.replied - later.asked, history.plan[later.ticket]),
        "resolution": (np.where(np.isnan(history.replied), np.nan, history.resolved - history.opened), history.plan),
    }
    found: dict[str, Any] = {}
    for name, (hours, plan) in waits.items():
        known = hours[~np.isnan(hours)]
        found[f"{name}_mean"] = float(known.mean()) if known.size else None
        found[f"{name}_median"] = float(np.median(known)) if known.size else None
        of = {p: hours[(plan == i) & ~np.isnan(hours)] for i, p in enumerate(history.plans)}
        found[f"{name}_plans"] = {p: float(each.mean()) for p, each in of.items() if each.size}
    found["plans"] = found["reply_plans"]
    return found


def several_plans(history: History) -> list[str]:
    pairs = np.unique(np.stack([history.customer, history.plan]), axis=1)
    several = int((np.bincount(pairs[0]) > 1).sum())
    if not several:
        return []
    return [
        f"{several} customers have more than one plan in the history; each is taken to be on the latest throughout."
    ]


def calendar(history: History, hours: str, holidays: list[date] | None = None) -> Calendar:
    """The desk's hours over the whole history and some weeks beyond, in its own zone, with the clock's changes."""
    weeks = int(np.nanmax(np.fmax(history.opened, np.nan_to_num(history.replied))) // WEEK) + 9
    zone = history.zero.tzinfo
    return dated(hours, history.zero.date(), weeks, zone, holidays or [])  # type: ignore[arg-type]


def seen_agents(history: History) -> int | None:
    """How many agents answered on a usual day: the median over days with replies; None where nobody is named."""
    named = (history.agent >= 0) & ~np.isnan(history.replied)
    if not named.any():
        return None
    pairs = np.unique(np.stack([history.replied[named] // 24, history.agent[named]]), axis=1)
    return max(1, int(np.median(np.unique(pairs[0], return_counts=True)[1])))


def open_by_hour(desk: Calendar) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which of the 168 hours of a week the desk is usually open in."""
    found = np.zeros(168)
    for opens, closes in desk.pieces:
        for hour in range(int(opens), math.ceil(closes)):
            found[hour % 168] += min(closes, hour + 1) - max(opens, hour)
    return found >= 0.5 * desk.period / WEEK


def work_by_hour(load: Workload) -> Floats:
    """Hours of work that tickets opened in each hour of the week bring, a week."""
    ticket = np.cumsum(load.turns.kind != FOLLOWING) - 1
    work = np.bincount(ticket, weights=load.turns.effort)
    hour = (load.turns.arrival[load.opening] % WEEK).astype(int)
    weeks = max(load.hours / WEEK, 1.0)
    return np.bincount(hour, weights=work, minlength=168) / weeks
