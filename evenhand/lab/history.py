"""A desk's own history: tickets with the moments that were recorded, and what could not be used."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from .columns import mapped, moments, read
from .refused import Refused
from .turns import Floats, Numbers

# Moments are kept on a grid of 2^-22 hours (0.9 ms), on which sums and differences of times are exact.
GRID = 2.0**22

OPENS = "A history needs when tickets were opened: --map opened=COLUMN, or ticket=, activity= and time= for a log of events."


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

    def __len__(self) -> int:
        return int(self.opened.size)


def _codes(column: Any, size: int, missing: str) -> tuple[Numbers, tuple[str, ...]]:
    if column is None:
        return np.zeros(size, dtype=np.int32), (missing,)
    values = np.array([value or missing for value in column.to_pylist()], dtype=object)
    names, codes = np.unique(values.astype(str), return_inverse=True)
    return codes.astype(np.int32), tuple(str(name) for name in names)


def _events(columns: dict[str, Any], at: Floats) -> tuple[npt.NDArray[np.int64], Floats, Floats, Floats]:
    """(row of the first event, opened, first reply, last event) of each case: the first event opens, the next by an agent
    answers, the last resolves."""
    case = np.unique(np.array(columns["ticket"].fill_null("").to_pylist(), dtype=str), return_inverse=True)[1]
    order = np.lexsort((np.arange(at.size), at, case))
    order = order[~np.isnan(at[order])]
    first = np.flatnonzero(np.diff(case[order], prepend=-1))
    last = np.append(first[1:], order.size) - 1
    second = np.minimum(first + 1, last)
    replied = np.where(second > first, at[order[second]], np.nan)
    return order[second], at[order[first]], replied, np.where(last > first, at[order[last]], np.nan)


def history(path: Path, mapping: str, zone: str = "UTC", dates: str | None = None, plans: str = "") -> History:
    """The file as a history. `plans` names them from the least paying to the most; without it they stand in order of name."""
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
        row, opened, replied, resolved = _events(columns, at)
        unread = np.flatnonzero(np.isnan(at))
        notes.append(
            "The log has no opening and no reply of its own: a case's first event opens it, its second is the first reply."
        )
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
    return _history(
        columns, row[kept], opened[kept], replied[kept], resolved[kept], where, size + len(broken), bad, notes, plans
    )


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
    plan, plans = _codes(columns.get("plan"), size, "one plan")
    need, needs = _codes(columns.get("need"), size, "any")
    agent, _ = _codes(columns.get("agent"), size, "")
    effort = np.full(opened.size, np.nan)
    if "effort" in columns:
        effort = np.array([_hours(value) for value in columns["effort"].to_pylist()])[row]
        if (effort < 0).any():
            raise Refused(f"{int((effort < 0).sum())} efforts are below zero; they are hours of work and cannot be.")
    plan, plans = _ranked(plan, plans, order)
    if len(customers) == 1:
        notes.append(
            "There is one customer only: nobody can be treated differently from anybody, and turns are first come, first served."
        )
    return History(
        grid(opened), grid(replied), grid(resolved), effort, customer[row], plan[row], need[row],
        agent[row] if "agent" in columns else np.full(opened.size, -1, dtype=np.int32),
        customers, plans, needs, monday, rows, tuple(bad), tuple(notes),
    )  # fmt: skip


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
