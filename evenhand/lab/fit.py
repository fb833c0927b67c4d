"""What a history does not say, estimated in the open: effort, patience, working hours, and the arrival pattern."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np

from .history import GRID, History
from .turns import Floats

LONGEST = 2.0  # hours: a longer gap between two replies of one agent was not all work on the second


def efforts(history: History) -> tuple[Floats, str]:
    """Hours of work before each first reply, and how they were come by.

    Unrecorded effort is at most the time since the ticket was opened and since the same agent's previous reply; of those
    upper bounds the ones up to LONGEST are taken, and the others get their median.
    """
    known = ~np.isnan(history.effort)
    if known.all():
        return np.round(history.effort * GRID) / GRID, "Effort is as recorded."
    bound = history.replied - history.opened
    order = np.lexsort((history.replied, history.agent))
    same = (history.agent[order][1:] == history.agent[order][:-1]) & (history.agent[order][1:] >= 0)
    gap = np.where(same, np.diff(history.replied[order]), np.inf)
    bound[order[1:]] = np.fmin(bound[order[1:]], gap)
    usable = (bound > 0) & (bound <= LONGEST)
    typical = float(np.median(bound[usable])) if usable.any() else 0.25
    guess = np.where(usable, bound, np.minimum(typical, np.where(bound > 0, bound, typical)))
    found = np.where(known, history.effort, guess)
    note = (
        f"Effort is recorded for {known.sum():,} of {len(history):,} tickets. The others: the time since the agent's previous reply or since the "
        f"opening where that is at most {LONGEST:g} hours ({usable.sum():,} tickets), else the median of those, {typical * 60:.0f} minutes."
    )
    return np.round(found * GRID) / GRID, note


def patience(history: History) -> tuple[float, str]:
    """Mean hours until somebody who waits gives up: exponential, by maximum likelihood from who left unanswered."""
    left = np.isnan(history.replied) & ~np.isnan(history.resolved)
    waited = np.where(left, history.resolved, history.replied) - history.opened
    if not left.any():
        return np.inf, "Nobody is recorded as having left unanswered: patience is taken to be endless."
    mean = float(np.nansum(waited) / left.sum())
    return (
        mean,
        f"{left.sum():,} tickets were closed unanswered: mean patience {mean:.1f} hours, exponential, by maximum likelihood.",
    )


def working_hours(history: History) -> tuple[str, str]:
    """The week in which replies are given: days with at least 5 % of them, between their 2nd and 98th percentile."""
    replied = history.replied[~np.isnan(history.replied)]
    zero, zone = history.zero.timestamp(), history.zero.tzinfo
    moments = [datetime.fromtimestamp(zero + float(hours) * 3600, zone) for hours in replied]
    days = np.array([moment.weekday() for moment in moments])
    hours = np.array([moment.hour + moment.minute / 60 for moment in moments])
    share = np.bincount(days, minlength=7) / max(days.size, 1)
    begin, end = int(np.quantile(hours, 0.02)), min(24, int(np.ceil(np.quantile(hours, 0.98) + 0.01)))
    names = [("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day] for day in range(7) if share[day] >= 0.05]
    text = "; ".join(f"{name} {begin}-{end}" for name in names) or "24x7"
    outside = float(np.mean((hours < begin) | (hours >= end)))
    return (
        text,
        f"Working hours are read off the replies: {text} ({outside:.0%} of replies fall outside those hours of the day).",
    )


def against_data(efforts_: Floats, history: History) -> dict[str, Any]:
    """How well a lognormal says the effort, and a Poisson process with a weekly pattern the arrivals."""
    from scipy import stats

    positive = efforts_[efforts_ > 0]
    logs = np.log(positive) if positive.size else np.zeros(1)
    distance = (
        float(stats.kstest(logs, "norm", args=(logs.mean(), max(logs.std(), 1e-9))).statistic)
        if positive.size > 1
        else None
    )
    hour = (history.opened % 168).astype(int)
    weeks = max(float(history.opened.max() - history.opened.min()) / 168, 1 / 168)
    by_week = np.bincount((history.opened // 168).astype(int))
    return {
        "effort": {
            "mean": float(efforts_.mean()), "median": float(np.median(efforts_)), "log_mean": float(logs.mean()), "log_sd": float(logs.std()),
            "largest_gap_to_lognormal": distance,
        },
        "arrivals": {
            "a_week": float(len(history) / weeks), "by_hour_of_week": np.bincount(hour, minlength=168).tolist(),
            "variance_to_mean_of_weeks": float(by_week.var() / by_week.mean()) if by_week.size > 1 else None,
        },
    }  # fmt: skip
