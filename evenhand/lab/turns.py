"""What the simulator reads and writes: one row for every turn, the wait of one ticket for one answer.

Rows are records, so that all the simulator asks about a turn lies side by side in memory: 40 bytes of what is asked,
shared by every policy, and 72 bytes of what happened; 48 more where follow-ups are kept for their agent.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int32]
Table: TypeAlias = Any  # a NumPy record array; its fields are known to NumPy only

OPENING, FOLLOWING, KEPT_OUT = 0, 1, 2

NOBODY = -1

# Rows in order of arrival, a ticket's follow-ups right behind it.
TURN = np.dtype(
    [
        (
            "arrival",
            "f8",
        ),  # hours since time zero; for a follow-up the hours from the answer until the customer is back
        ("effort", "f8"),  # hours of work
        ("patience", "f8"),  # hours; a turn that has waited longer leaves unanswered
        ("customer", "i4"),
        ("lane", "i2"),
        ("klass", "i2"),  # what a policy may tell apart: for the shipped ones plan and need
        ("kind", "i1"),  # OPENING, FOLLOWING, or KEPT_OUT: refused at the door, with its follow-ups
    ],
    align=True,
)

# NaN where it did not happen. `key`, `place` and the links are the simulator's own.
WAIT = np.dtype(
    [
        ("since", "f8"),
        ("start", "f8"),
        ("finish", "f8"),
        ("key", "f8"),  # what the order goes by first
        ("place", "f8"),  # and next; ties go to the lower number
        ("due", "f8"),
        ("child", "i4"),
        ("sibling", "i4"),
        ("number", "i4"),  # counts those who begin to wait, as ids do at the desk
        ("behind", "i4"),  # the next turn of whoever takes turns
        ("agent", "i2"),
    ],
    align=True,
)


def blank(rows: int, dtype: np.dtype[Any]) -> Table:
    """A table of zeros."""
    return np.zeros(rows, dtype=dtype).view(np.recarray)


def turns(
    arrival: npt.ArrayLike,
    effort: npt.ArrayLike,
    patience: npt.ArrayLike = np.inf,
    customer: npt.ArrayLike = 0,
    lane: npt.ArrayLike = 0,
    klass: npt.ArrayLike = 0,
    kind: npt.ArrayLike = OPENING,
) -> Table:
    """The columns as one table; each is an array of the arrivals' length or one number for all."""
    table = blank(np.size(arrival), TURN)
    table.arrival, table.effort, table.patience = arrival, effort, patience
    table.customer, table.lane, table.klass, table.kind = customer, lane, klass, kind
    return table


KEEP = np.dtype([("hours", "f8"), ("promise", "f8")])  # staffed hours until it is everyone's, and until it is due
NEVER_KEPT = blank(0, KEEP)


class Rule(NamedTuple):
    """An order of service. `manner` is one of the BY_ constants and says which of the tables is looked at."""

    manner: int
    classes: Table  # CLASS, by class
    column: Floats  # BY_COLUMN: by row, the lowest first
    flow: Numbers  # BY_TURNS and BY_WEIGHT: who takes turns, by customer or by class
    step: Floats  # BY_WEIGHT: by flow, the share of a round one turn takes
    by_class: bool  # whether flows are looked up by class instead of by customer
    keep: Table = NEVER_KEPT  # KEEP, by lane: how long a follow-up is kept for the agent who knows the story


BY_RANK, BY_DUE, BY_COLUMN, BY_TURNS, BY_WEIGHT = range(5)

CLASS = np.dtype([("rank", "f8"), ("promise", "f8")])  # BY_RANK: the lowest first; the promise in staffed hours

AGENT = np.dtype(
    [
        ("calendar", "i4"),
        ("at_once", "i4"),  # tickets in hand, those awaiting the customer included; 0 is no limit
        ("first", "i4"),  # where the agent's lanes begin and end in `skills`
        ("last", "i4"),
        ("serving", "i4"),  # the row in hand, NOBODY when free
        ("held", "i4"),  # tickets in hand, counted only with a limit
        ("own", "i4"),  # heap of follow-ups that wait for this agent: for good with a limit, else for a while
    ]
)


class Crew(NamedTuple):
    """The agents: AGENT records, the lanes they serve, and for each lane its agents as bits (lanes × words)."""

    agents: Table
    skills: Numbers
    mask: npt.NDArray[np.uint64]


CALENDAR = np.dtype(
    [
        ("first", "i8"), ("last", "i8"), ("period", "f8"), ("staffed", "f8"),  # staffed in one period
        ("hourly", "i8"),  # where the calendar begins in `Hours.hourly`
    ]
)  # fmt: skip
PIECE = np.dtype([("opens", "f8"), ("closes", "f8"), ("before", "f8")])  # before: staffed time of the period so far


class Hours(NamedTuple):
    """Calendars side by side, each a stretch [first, last) of the pieces."""

    calendars: Table
    pieces: Table
    hourly: Numbers  # by hour of the period: the last piece that opens at or before it
