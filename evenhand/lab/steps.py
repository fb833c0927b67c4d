"""A log of events, as questions and answers: who waited since when, and for which event."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from .columns import codes
from .refused import Refused
from .turns import Floats

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Steps:
    """By case: the row of its first answer (of its opening without one), and moments, NaN where nothing happened. By
    later answer: the case, the row, since when it was waited for, and when it came."""

    row: Rows
    opened: Floats
    replied: Floats
    resolved: Floats
    ticket: Rows
    event: Rows
    asked: Floats
    answered: Floats
    notes: list[str] = field(default_factory=list)


def steps(columns: dict[str, Any], at: Floats, asks: tuple[str, ...], silent: tuple[str, ...]) -> Steps:
    """The first event of a case opens it; the first after it that is no customer's and not silent is the first reply; the
    last event resolves. Without `asks` each later answer was waited for since the event before."""
    case = codes(columns["ticket"], "")[0]
    order = np.lexsort((np.arange(at.size), at, case))
    order = order[~np.isnan(at[order])]
    activity, known = codes(columns["activity"], "")
    if unknown := [name for name in (*asks, *silent) if name not in known]:
        raise Refused(f"No event of the log is “{unknown[0]}”. There are: {', '.join(known[:20])}.")
    asking, quiet = ([known.index(name) for name in chosen] for chosen in (asks, silent))
    case, moment, what = np.unique(case[order], return_inverse=True)[1], at[order], activity[order]
    first = np.flatnonzero(np.diff(case, prepend=-1))
    last = np.append(first[1:], order.size) - 1
    opens = np.zeros(order.size, dtype=bool)
    opens[first] = True
    theirs = np.isin(what, asking) | opens
    answer = ~theirs & ~np.isin(what, quiet)
    waited_since = _waited_since(theirs, answer, case) if asks else np.arange(order.size) - 1
    answer &= waited_since >= 0
    answers = np.flatnonzero(answer)
    replies, found = np.unique(case[answers], return_index=True)
    initial = answers[found]
    replied = np.full(first.size, np.nan)
    replied[replies] = moment[initial]
    row = first.copy()
    row[replies] = initial
    later = np.setdiff1d(answers, initial)
    resolved = np.where(last > first, moment[last], np.nan)
    return Steps(
        order[row], moment[first], replied, resolved, case[later], order[later], moment[waited_since[later]],
        moment[later], _notes(asks, later.size),
    )  # fmt: skip


def _waited_since(theirs: npt.NDArray[np.bool_], answer: npt.NDArray[np.bool_], case: Rows) -> Rows:
    """For each event the first of the customer's since the last answer; -1 where nobody waits."""
    index = np.arange(theirs.size)
    answered = np.maximum.accumulate(np.where(answer, index, -1))
    answered = np.concatenate([[-1], answered[:-1]])  # before this event
    begin = np.maximum(answered, np.flatnonzero(np.diff(case, prepend=-1))[case] - 1)
    following = np.minimum.accumulate(np.where(theirs, index, theirs.size)[::-1])[::-1]
    found = following[np.minimum(begin + 1, theirs.size - 1)]
    return np.where(found < index, found, -1)


def _notes(asks: tuple[str, ...], later: int) -> list[str]:
    if asks:
        return [f"{later:,} later answers were waited for since the customer’s own event (--asks)."]
    return [
        "The log does not say which events are the customer’s: a case’s first event opens it, its second is the first reply, and "
        f"each of the {later:,} later ones was waited for since the one before. Say --asks, and --silent for events that answer nobody."
    ]
