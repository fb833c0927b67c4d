"""A history played again: as it was, to the very moment; and as it would have been under every way of selling support."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from . import fit, rules
from .calendar import ALWAYS, WEEK, Calendar, dated, union
from .compare import Progress, silent
from .crew import Agent, alike, crew
from .history import History
from .outcomes import play
from .policies import Promise
from .presets import preset
from .refused import Refused
from .simulate import simulate
from .summary import CURVE, summary
from .turns import Floats, Table, turns
from .workload import Customers, Workload

DEFAULTS = ("flat", "first_come", "strict_tiers", "weighted_tiers", "monthly_allotment")


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


def workload(history: History, efforts: Floats, patience: float, seed: int = 1) -> Workload:
    """The history as what was asked: the recorded arrivals, with efforts as estimated and patience drawn once."""
    draw = np.random.default_rng(seed)
    who, count = history.customer, len(history)
    plan = np.zeros(len(history.customers), dtype=np.int32)
    plan[who] = history.plan  # a customer's latest plan
    klass = plan[who] * len(history.needs) + history.need
    limits = draw.standard_exponential(count) * patience if np.isfinite(patience) else np.full(count, np.inf)
    table = turns(history.opened, efforts, limits, who, history.need, klass)
    people = Customers(plan, np.ones(plan.size), np.zeros(plan.size), np.full(plan.size, 0.0))
    stretch = float(history.opened.max() - history.opened.min())
    return Workload(
        table, people, history.plans, history.needs, np.zeros(count, np.int32), draw.random(count), max(stretch, 1.0)
    )


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


def _mean_reply(load: Workload, team: list[Agent], promise: Promise) -> float:
    found = play(load, preset("first_come"), team, promise).tickets.reply
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


def replay(
    history: History, policies: tuple[str, ...], hours: str | None = None, agents: int | None = None,
    promised: float = 8.0, progress: Progress = silent,
) -> dict[str, Any]:  # fmt: skip
    """Everything the history says, as it was and under each policy."""
    efforts, said_effort = fit.efforts(history)
    if np.isnan(history.replied).all():
        raise Refused(
            "Not one ticket has a first reply: there is nothing to learn from. Map the column with --map first_reply=."
        )
    patience, said_patience = fit.patience(history)
    notes = [*history.notes, said_effort, said_patience]
    pairs = np.unique(np.stack([history.customer, history.plan]), axis=1)
    several = int((np.bincount(pairs[0]) > 1).sum())
    if several:
        notes.append(
            f"{several} customers have more than one plan in the history; each is taken to be on the latest throughout."
        )
    if hours is None:
        hours, said_hours = fit.working_hours(history)
        notes.append(said_hours)
    load, desk = workload(history, efforts, patience), calendar(history, hours)
    promise = np.full(len(history.needs), promised)
    recorded = history.replied - history.opened
    if agents is None:
        agents = seen_agents(history) or 1
        notes.append(
            f"Agents: {agents}, as many as answered on a usual day."
            if seen_agents(history)
            else "No agents are named: one is assumed."
        )
    team = [Agent(tuple(range(load.lanes)), desk)] * agents
    stretch = 1.0
    if np.isnan(history.effort).any():
        stretch = fitted_stretch(load, team, float(np.nanmean(recorded)), promise)
        load.turns.effort *= stretch
        notes.append(
            f"For {agents} agents to leave customers waiting as long as recorded, an answer must take {float(load.turns.effort.mean()):.1f} hours of "
            f"theirs, {stretch:,.0f} times the effort above: all else they did is in that. Give --map effort= and --agents to say what you know."
        )
    limit = 2 * promised * desk.period / union([desk]).staffed
    found: dict[str, Any] = {}
    for name in policies:
        policy = preset(name)
        run = play(load, policy, team, promise)
        found[name] = {"title": policy.title, "says": policy.says, "sells_tiers": policy.sells_tiers}
        found[name] |= summary(run, history.plans, history.needs, limit)
        progress(len(found), len(policies))
    use = load.turns.effort.sum() / (agents * desk.staffed) * desk.period / load.hours
    return {
        "rows": history.rows,
        "tickets": len(history),
        "customers": len(history.customers),
        "answered": int((~np.isnan(history.replied)).sum()),
        "unusable": {"count": len(history.unusable), "first": [{"row": r, "why": why} for r, why in history.unusable[:20]]},
        "recorded": {
            "reply_mean": float(np.nanmean(recorded)), "reply_median": float(np.nanmedian(recorded)),
            "plans": {p: float(np.nanmean(recorded[history.plan == i])) for i, p in enumerate(history.plans) if (history.plan == i).any()},
        },
        "reproduced": reproduced(history, efforts),
        "fit": fit.against_data(efforts, history) | {"patience": patience if np.isfinite(patience) else None},
        "agents": agents, "stretch": stretch, "hours": hours, "promise": promised, "load": float(use), "curve_hours": CURVE.tolist(), "restricted_at": limit,
        "policies": found, "notes": notes,
    }  # fmt: skip


def ticket_table(history: History, found: dict[str, Any], path: Path) -> None:
    """A row for each ticket under each policy, as CSV or Parquet by the file's name; the file is whole or absent."""
    efforts, _ = fit.efforts(history)
    load = workload(history, efforts * found["stretch"], found["fit"]["patience"] or np.inf)
    team = alike(found["agents"], load.lanes, calendar(history, found["hours"]))
    promise = np.full(len(history.needs), found["promise"])
    parts = []
    for name in found["policies"]:
        rows = play(load, preset(name), team, promise).tickets
        columns = {column: np.ascontiguousarray(rows[column]) for column in rows.dtype.names}
        columns["customer"] = np.array(history.customers)[columns["customer"]]
        columns["plan"], columns["need"] = (
            np.array(history.plans)[columns["plan"]],
            np.array(history.needs)[columns["need"]],
        )
        parts.append(pa.table({"policy": [name] * rows.size} | columns))
    part = path.with_name(path.name + ".part")
    try:
        if path.suffix.lower() in (".parquet", ".pq"):
            pa.parquet.write_table(pa.concat_tables(parts), part)
        else:
            pa.csv.write_csv(pa.concat_tables(parts), part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
