"""What a history does not say, estimated in the open: effort, patience, working hours, and the arrival pattern."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np

from .history import GRID, History
from .turns import Floats

LONGEST = 2.0  # hours: a longer gap between two replies of one agent was not all work on the second


def efforts(history: History) -> tuple[Floats, Floats, str]:
    """Hours of work before each first reply and before each later one, and how they were come by.

    Unrecorded effort is at most the time it was waited for and since the same agent's previous reply; of those upper
    bounds the ones up to LONGEST are taken, and the others get their median.
    """
    known, first = ~np.isnan(history.effort), len(history)
    later = history.later
    if known.all() and not len(later):
        return np.round(history.effort * GRID) / GRID, np.zeros(0), "Effort is as recorded."
    replied = np.concatenate([history.replied, later.replied])
    bound = replied - np.concatenate([history.opened, later.asked])
    agent = np.concatenate([history.agent, later.agent])
    order = np.lexsort((replied, agent))
    same = (agent[order][1:] == agent[order][:-1]) & (agent[order][1:] >= 0)
    gap = np.where(same, np.diff(replied[order]), np.inf)
    bound[order[1:]] = np.fmin(bound[order[1:]], gap)
    usable = (bound > 0) & (bound <= LONGEST)
    typical = float(np.median(bound[usable])) if usable.any() else 0.25
    guess = np.where(usable, bound, np.minimum(typical, np.where(bound > 0, bound, typical)))
    guess[:first][known] = history.effort[known]
    found = np.round(guess * GRID) / GRID
    note = (
        f"Effort is recorded for {known.sum():,} of {first:,} tickets. The other answers: the time since the agent's previous one or since "
        f"it was asked for, where that is at most {LONGEST:g} hours ({usable.sum():,} answers), else the median of those, {typical * 60:.0f} minutes."
    )
    return found[:first], found[first:], note


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


MINUTES = (0.5, 1, 2, 5, 10, 20, 30, 60, 120, 240, 480)


def _effort_curve(efforts: Floats, logs: Floats, normal: Any) -> dict[str, list[float]]:
    """The share of first replies that took at most so many minutes, and what the lognormal says of it."""
    limits = np.array(MINUTES) / 60
    share = np.searchsorted(np.sort(efforts), limits, side="right") / max(efforts.size, 1)
    fitted = normal.cdf(np.log(limits), logs.mean(), max(float(logs.std()), 1e-9))
    return {"minutes": list(map(float, MINUTES)), "share": share.tolist(), "lognormal": fitted.tolist()}


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
        } | _effort_curve(positive, logs, stats.norm),
        "arrivals": {
            "weeks": weeks, "a_week": float(len(history) / weeks), "by_hour_of_week": np.bincount(hour, minlength=168).tolist(),
            "variance_to_mean_of_weeks": float(by_week.var() / by_week.mean()) if by_week.size > 1 else None,
        },
    }  # fmt: skip
