"""A desk's own history: tickets with the moments that were recorded, and what could not be used."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from .columns import codes, mapped, moments, read
from .refused import Refused
from .steps import Steps, steps
from .turns import Floats, Numbers

# Moments are kept on a grid of 2^-22 hours (0.9 ms), on which sums and differences of times are exact.
GRID = 2.0**22

OPENS = "A history needs when tickets were opened: --map opened=COLUMN, or ticket=, activity= and time= for a log of events."


@dataclass(frozen=True)
class Later:
    """The answers after the first, in order of ticket and time; every one of them was given."""

    ticket: Numbers  # its place in the history
    asked: Floats
    replied: Floats
    agent: Numbers

    def __len__(self) -> int:
        return int(self.ticket.size)


@dataclass(frozen=True)
class History:
    """Tickets in order of opening; times in hours since 0:00 of the Monday before the first, NaN where nothing happened."""

    opened: Floats
    replied: Floats
    resolved: Floats
    effort: Floats  # NaN where not recorded
    customer: Numbers
    plan: Numbers
    need: Numbers
    agent: Numbers  # -1 where nobody is named
    customers: tuple[str, ...]
    plans: tuple[str, ...]
    needs: tuple[str, ...]
    zero: datetime
    rows: int
    unusable: tuple[tuple[int, str], ...]  # row of the file (from 1, the heading not counted) and why
    notes: tuple[str, ...]
    later: Later

    def __len__(self) -> int:
        return int(self.opened.size)


def _codes(column: Any, size: int, missing: str) -> tuple[Numbers, tuple[str, ...]]:
    if column is None:
        return np.zeros(size, dtype=np.int32), (missing,)
    found, names = codes(column, missing)
    return found.astype(np.int32), names


def history(
    path: Path, mapping: str, zone: str = "UTC", dates: str | None = None, plans: str = "",
    asks: tuple[str, ...] = (), silent: tuple[str, ...] = (),
) -> History:  # fmt: skip
    """The file as a history. `plans` names them from the least paying to the most; without it they stand in order of name.
    In a log of events `asks` are the customers' activities, and `silent` those that answer nobody."""
    names = mapped(mapping)
    if "opened" not in names and not {"ticket", "activity", "time"} <= set(names):
        raise Refused(OPENS)
    try:
        where = ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise Refused(f"There is no time zone “{zone}”; write for example Europe/Rome.") from None
    columns, broken = read(path, names)
    size = len(next(iter(columns.values())))
    notes: list[str] = []
    found: Steps | None = None
    if "opened" in names:
        opened = moments(columns["opened"], where, dates)
        replied, resolved = (
            moments(columns[name], where, dates) if name in columns else np.full(size, np.nan)
            for name in ("first_reply", "resolved")
        )
        row = np.arange(size)
        if "first_reply" not in columns:
            raise Refused("A history needs when each ticket was first answered: --map first_reply=COLUMN.")
        unread = np.flatnonzero(np.isnan(opened))
    else:
        at = moments(columns["time"], where, dates)
        found = steps(columns, at, asks, silent)
        row, opened, replied, resolved = found.row, found.opened, found.replied, found.resolved
        unread = np.flatnonzero(np.isnan(at))
        notes += found.notes
    bad = broken + [(int(i) + 1, "no moment can be read") for i in unread]
    backwards = np.flatnonzero((replied < opened) | (resolved < opened))
    bad += [(int(row[i]) + 1, "answered or resolved before it was opened") for i in backwards]
    good = ~np.isnan(opened)
    good[backwards] = False
    if not good.any():
        raise Refused(
            f"None of the {size:,} rows can be used: {bad[0][1] if bad else 'no moments'} (row {bad[0][0] if bad else 1})."
        )
    kept = np.flatnonzero(good)[np.argsort(opened[good], kind="stable")]
    made = _history(
        columns, row[kept], opened[kept], replied[kept], resolved[kept], where, size + len(broken), bad, notes, plans
    )
    return made if found is None else replace(made, later=_later(made, columns, found, kept))


def _later(made: History, columns: dict[str, Any], found: Steps, kept: npt.NDArray[np.int64]) -> Later:
    """The later answers of the tickets that are kept, on the history's clock."""
    place = np.full(found.opened.size, -1)
    place[kept] = np.arange(kept.size)
    ticket = place[found.ticket]
    order = np.flatnonzero(ticket >= 0)[np.lexsort((found.answered, ticket))[(ticket < 0).sum() :]]
    agent = _agents(columns, at_rows=found.event[order])
    zero = made.zero.timestamp()
    asked, replied = (np.round((each[order] - zero) / 3600 * GRID) / GRID for each in (found.asked, found.answered))
    return Later(ticket[order].astype(np.int32), asked, replied, agent)


def _history(
    columns: dict[str, Any], row: Any, opened: Floats, replied: Floats, resolved: Floats, zone: ZoneInfo, rows: int,
    bad: list[tuple[int, str]], notes: list[str], order: str,
) -> History:  # fmt: skip
    first = datetime.fromtimestamp(float(opened[0]), UTC).astimezone(zone)
    monday = datetime.combine((first - timedelta(days=first.weekday())).date(), datetime.min.time(), zone)
    zero = monday.timestamp()

    def grid(seconds: Floats) -> Floats:
        return np.round((seconds - zero) / 3600 * GRID) / GRID

    size = len(next(iter(columns.values())))
    customer, customers = _codes(columns.get("customer"), size, "everyone")
    used, who = np.unique(customer[row], return_inverse=True)  # some are named on events alone that open nothing
    customers = tuple(customers[i] for i in used)
    plan, plans = _codes(columns.get("plan"), size, "one plan")
    need, needs = _codes(columns.get("need"), size, "any")
    effort = np.full(opened.size, np.nan)
    if "effort" in columns:
        effort = np.array([_hours(value) for value in columns["effort"].to_pylist()])[row]
        if (effort < 0).any():
            raise Refused(f"{int((effort < 0).sum())} efforts are below zero; they are hours of work and cannot be.")
    plan, plans = _ranked(plan, plans, order)
    if len(plans) > 1 and not order:
        notes.append(
            f"The plans stand in the order of their names: {', '.join(plans)}. Say --plans, the least paying first."
        )
    if len(customers) == 1:
        notes.append(
            "There is one customer only: nobody can be treated differently from anybody, and turns are first come, first served."
        )
    return History(
        grid(opened), grid(replied), grid(resolved), effort, who.astype(np.int32), plan[row], need[row],
        _agents(columns, at_rows=row),
        customers, plans, needs, monday, rows, tuple(bad), tuple(notes), NOTHING_LATER,
    )  # fmt: skip


NOTHING_LATER = Later(np.zeros(0, np.int32), np.zeros(0), np.zeros(0), np.zeros(0, np.int32))


def _agents(columns: dict[str, Any], at_rows: Any) -> Numbers:
    """Who answered, as numbers; -1 where nobody is named."""
    if "agent" not in columns:
        return np.full(at_rows.size, -1, dtype=np.int32)
    found, names = codes(columns["agent"], "")
    return (found - ("" in names))[at_rows].astype(np.int32)  # no name comes first in the alphabet


def _hours(text: str | None) -> float:
    try:
        return float(text) if text else math.nan
    except ValueError:
        return math.nan


def _ranked(plan: Numbers, names: tuple[str, ...], order: str) -> tuple[Numbers, tuple[str, ...]]:
    wanted = [name.strip() for name in order.split(",") if name.strip()]
    if not wanted:
        return plan, names
    unknown = sorted(set(names) - set(wanted))
    if unknown:
        raise Refused(
            f"The history has a plan “{unknown[0]}” that --plans does not name. It names: {', '.join(wanted)}."
        )
    place = np.array([wanted.index(name) for name in names], dtype=np.int32)
    return place[plan], tuple(wanted)
