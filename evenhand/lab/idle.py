"""Was anybody idle who could have helped somebody who waited? Computed from the record alone."""

from __future__ import annotations

import numpy as np

from .identities import left_at
from .turns import FOLLOWING, NEVER_KEPT, Crew, Floats, Hours, Table

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


def shifts(hours: Hours, calendar: int, until: float) -> tuple[Floats, Floats]:
    """(openings, closings) of a calendar from time zero on, past `until`."""
    own = hours.calendars[calendar]
    base = np.arange(int(until // own.period) + 1)[:, None] * own.period
    pieces = hours.pieces[own.first : own.last]
    return (base + pieces.opens).ravel(), (base + pieces.closes).ravel()


def _steps(*changes: tuple[Floats, float]) -> tuple[Floats, Floats]:
    """(moments, level from each on) of the sum of steps of the given heights."""
    moments = np.concatenate([at for at, _ in changes])
    heights = np.concatenate([np.full(at.size, height) for at, height in changes])
    order = np.argsort(moments, kind="stable")
    return moments[order], np.cumsum(heights[order])


def tickets(turns: Table) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The ticket each row belongs to, numbered from 0."""
    return np.cumsum(turns.kind != FOLLOWING) - 1


def _owned(turns: Table, wait: Table, crew: Crew) -> Mask:
    """Follow-ups that wait for the agent who keeps the ticket."""
    before = np.concatenate([[-1], wait.agent[:-1]])
    keeps = np.concatenate([crew.agents.at_once > 0, [False]])
    return (turns.kind == FOLLOWING) & keeps[before]


def _everyones(turns: Table, wait: Table, owned: Mask, hours: Hours, keep: Table) -> Floats:
    """From when each turn may be taken by others than its agent: at once, or after it was kept for long enough."""
    if keep.size == 0:
        return wait.since  # type: ignore[no-any-return]
    opens, closes = shifts(hours, 0, float(np.nanmax(wait.since)) + 24 * 365)
    worked = np.concatenate([[0.0], np.cumsum(closes - opens)])
    kept = np.flatnonzero((turns.kind == FOLLOWING) & ~owned & ~np.isnan(wait.since))
    shift = np.searchsorted(closes, wait.since[kept], side="right")
    done = worked[shift] + np.maximum(wait.since[kept] - opens[shift], 0.0) + keep.hours[turns.lane[kept]]
    last = np.searchsorted(worked[1:], done)
    found = wait.since.copy()
    found[kept] = opens[last] + (done - worked[last])
    return found  # type: ignore[no-any-return]


def _idle(
    turns: Table, wait: Table, crew: Crew, hours: Hours, agent: int, until: float, full: bool
) -> tuple[Floats, Floats]:
    """When the agent was on shift without work, and (unless `full`) had room for another ticket."""
    opens, closes = shifts(hours, int(crew.agents[agent].calendar), until)
    mine = wait.agent == agent
    limit = int(crew.agents[agent].at_once)
    changes = [(opens, 1.0), (closes, -1.0), (wait.start[mine], -1e6), (wait.finish[mine], 1e6)]
    if limit and not full:
        number = tickets(turns)
        held = np.unique(number[mine])
        begin = np.full(number.max() + 1, np.inf)
        np.minimum.at(begin, number[mine], wait.start[mine])
        over = np.full(number.max() + 1, -np.inf)
        ends = np.where(np.isnan(wait.start), left_at(turns, wait), wait.finish)
        known = ~np.isnan(ends)
        np.maximum.at(over, number[known], ends[known])
        moments, level = _steps((begin[held], 1.0), (over[held], -1.0))
        busy = level >= limit
        changes += [(moments[1:][busy[1:] & ~busy[:-1]], -1e3), (moments[1:][~busy[1:] & busy[:-1]], 1e3)]
        changes += [(moments[:1][busy[:1]], -1e3)]
    moments, level = _steps(*changes)
    free = (level[:-1] == 1.0) & (np.diff(moments) > 0)
    return moments[:-1][free], moments[1:][free]


def _waited_meanwhile(begins: Floats, ends: Floats, opens: Floats, closes: Floats) -> float:
    """The integral of the number waiting over the given stretches."""
    if begins.size == 0 or opens.size == 0:
        return 0.0
    moments, level = _steps((begins, 1.0), (ends, -1.0))
    area = np.concatenate([[0.0], np.cumsum(level[:-1] * np.diff(moments))])
    return float(np.sum(np.interp(closes, moments, area) - np.interp(opens, moments, area)))


def idle_while_waiting(turns: Table, wait: Table, crew: Crew, hours: Hours, keep: Table = NEVER_KEPT) -> float:
    """Hours that turns waited while an agent who may take them was free: 0 on a work-conserving desk. With `keep` a
    follow-up may be taken by its agent at once, and by others later."""
    ends, began = left_at(turns, wait), ~np.isnan(wait.since)
    owned = _owned(turns, wait, crew)
    before = np.concatenate([[-1], wait.agent[:-1]])
    until = float(np.nanmax(np.where(np.isnan(wait.finish), 0.0, wait.finish))) + 1.0
    opened = np.fmin(_everyones(turns, wait, owned, hours, keep), ends)
    later = began & ~owned & (turns.kind == FOLLOWING) & (opened > wait.since)
    total = 0.0
    for agent in range(crew.agents.size):
        free = _idle(turns, wait, crew, hours, agent, until, full=False)
        for lane in crew.skills[crew.agents[agent].first : crew.agents[agent].last]:
            shared = began & ~owned & (turns.lane == lane)
            total += _waited_meanwhile(opened[shared], ends[shared], *free)
        theirs = later & (before == agent)
        total += _waited_meanwhile(wait.since[theirs], opened[theirs], *free)
        own = began & owned & (before == agent)
        if own.any():
            idle = _idle(turns, wait, crew, hours, agent, until, full=True)
            total += _waited_meanwhile(wait.since[own], ends[own], *idle)
    return total
