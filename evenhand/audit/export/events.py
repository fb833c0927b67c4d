"""An event log, one row per event, made into a table with one row per ticket."""

import re
from dataclasses import dataclass

import numpy as np

from evenhand.audit.export.moments import DateOrder, moments
from evenhand.audit.export.table import Table, Words
from evenhand.fairness.durations import Flags, Floats, Ints

REPLY = re.compile(
    r"\b(first )?(repl|respon|answer|contact)|take in charge|taken in charge|pick(ed)? up|work in progress|start(ed)? work|in progress",
    re.I,
)
RESOLVED = re.compile(r"\b(re)?solve(d)?\b|\bresolution\b|\bcomplet|\bfix(ed)?\b", re.I)
CLOSED = re.compile(r"\bclose", re.I)


@dataclass(frozen=True)
class Log:
    """The tickets of an event log: one row each, with the values of its first event, and their moments in seconds."""

    table: Table
    opened: Floats
    first_reply: Floats
    resolved: Floats
    reopened: Floats
    end: float
    notes: list[str]
    unreadable: int


def tickets_of(table: Table, order: DateOrder, reply: str | None, resolved: str | None) -> Log:
    """Fold events into tickets: opened at the first, replied to at the first reply, resolved at the last resolution.

    `reply` and `resolved` name the activities that count, separated by `;`; else they are known by their words.
    Raises ValueError with a sentence when nothing in the log looks like a reply or a resolution.
    """
    at = moments(table.texts["time"], order)
    readable = np.flatnonzero(~np.isnan(at.seconds))
    case, activity = table.words["case"].codes[readable], table.words["activity"]
    by_case = np.lexsort((readable, at.seconds[readable], case))
    rows, code = readable[by_case], np.unique(case[by_case], return_inverse=True)[1]
    first = np.flatnonzero(np.diff(code, prepend=-1))
    replies, solutions, closings = _activities(activity, reply, resolved)
    if not replies.any() and not solutions.any():
        raise ValueError(
            "No activity in the log looks like a reply or a resolution; name them, such as first_reply=Reply sent. "
            f"There are: {', '.join(sorted(activity.spellings)[:15])}."
        )
    seconds, many = at.seconds[rows], len(first)
    last = _last(seconds, solutions[rows], code, many)
    closed = _last(seconds, closings[rows], code, many)
    answered = _first(seconds, replies[rows] & ~solutions[rows], code, many)
    texts = {name: [values[k] for k in rows[first]] for name, values in table.texts.items()}
    words = {name: column.of(rows[first]) for name, column in table.words.items()}
    notes = [
        _said("first reply", activity, replies),
        _said("resolved", activity, solutions if solutions.any() else closings),
    ]
    return Log(
        Table(texts, words, many, 0), seconds[first], np.where(np.isnan(answered), last, answered),
        np.where(np.isnan(last), closed, last), _again(seconds, replies[rows], solutions[rows], code, many),
        float(seconds.max(initial=np.nan)), notes, int(at.unreadable.sum()),
    )  # fmt: skip


def _activities(activity: Words, reply: str | None, resolved: str | None) -> tuple[Flags, Flags, Flags]:
    """Which rows are replies, resolutions and closings."""
    return (
        _named(activity, REPLY, reply),
        _named(activity, RESOLVED, resolved),
        _named(activity, CLOSED, None),
    )


def _named(activity: Words, pattern: re.Pattern[str], given: str | None) -> Flags:
    names = [name.strip() for name in activity.spellings]
    wanted = {name.strip().casefold() for name in given.split(";")} if given else None
    if wanted and not wanted & {name.casefold() for name in names}:
        raise ValueError(f"No event is called {given!r}. There are: {', '.join(sorted(names)[:15])}.")
    hits = [name.casefold() in wanted if wanted else bool(pattern.search(name)) for name in names]
    return np.array(hits, dtype=bool)[activity.codes]


def _first(seconds: Floats, which: Flags, code: Ints, many: int) -> Floats:
    found = np.full(many, np.inf)
    np.minimum.at(found, code[which], seconds[which])
    return np.where(np.isinf(found), np.nan, found)


def _last(seconds: Floats, which: Flags, code: Ints, many: int) -> Floats:
    return -_first(-seconds, which, code, many)


def _again(seconds: Floats, replies: Flags, solutions: Flags, code: Ints, many: int) -> Floats:
    """1 where work went on after the first resolution, nan where there was none."""
    solved = _first(seconds, solutions, code, many)
    later = np.zeros(many, dtype=bool)
    later[code[(replies | solutions) & (seconds > solved[code])]] = True
    return np.where(np.isnan(solved), np.nan, later)


def _said(metric: str, activity: Words, which: Flags) -> str:
    names = sorted(activity.spellings[code] for code in np.unique(activity.codes[which]))
    return (
        f"In the log, {metric} is the event {' or '.join(map(repr, names))}."
        if names
        else f"The log has no {metric} event."
    )
