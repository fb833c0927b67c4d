"""What the simulator moves, and the few questions that everything else asks of it."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .compiled import part
from .heap import replay_matches
from .turns import Crew, Floats, Hours, Numbers, Rule, Table

INFINITY = math.inf

# By lane and flow: the turn that holds the flow's place, the last in its row (valid while there is a head), the turn most
# recently started, and the first of those that hold a place kept for an agent.
PLACE = np.dtype([("head", "i4"), ("tail", "i4"), ("last", "i4"), ("kept", "i4")])

# The round of the latest start; the heap of those who wait; the row of those still kept for their agents, who are
# everyone's in the order they came back.
LANE = np.dtype([("current_round", "f8"), ("waiting", "i4"), ("kept_first", "i4"), ("kept_last", "i4")], align=True)

# Beside WAIT, by row, where follow-ups are kept for their agents. `key`, `place`, `number` and the links are of the
# agent's own heap.
KEPT = np.dtype(
    [
        ("key", "f8"),
        ("place", "f8"),
        ("open", "f8"),  # from when it is everyone's; minus infinity once it is
        ("child", "i4"),
        ("sibling", "i4"),
        ("number", "i4"),
        ("beside", "i4"),  # the next turn with a kept place of the same flow
        ("tail", "i4"),  # the last in the row behind this one; NOBODY unless it holds a place
    ],
    align=True,
)


class Desk(NamedTuple):
    """The moving parts."""

    lanes: Table
    places: Table
    when: Floats  # by agent: the next event, done or back on shift
    winner: Numbers  # the tournament over `when`
    free: npt.NDArray[np.uint64]  # agents without work, as bits; perhaps off shift, which is looked at when asked
    due: Floats  # scratch, by lane, and one more
    waits: Numbers  # scratch, by lane, and one more
    hand: Numbers  # [0] the agent last given an arrival, [1] the heap of those who will come back, [2] how many have asked, [3] the lane whose kept turn opens next
    opening: Floats  # [0] when that is


class World(NamedTuple):
    """Everything the verbs act on."""

    turns: Table
    wait: Table
    kept: Table
    rule: Rule
    crew: Crew
    hours: Hours
    desk: Desk


@part
def flow_of(w: World, row: int) -> int:
    """The place in the tables by lane and flow."""
    who = w.turns[row].klass if w.rule.by_class else w.turns[row].customer
    return w.turns[row].lane * w.rule.step.size + w.rule.flow[who]


@part
def has_left(w: World, row: int, now: float) -> bool:
    return now > w.wait[row].since + w.turns[row].patience


@part
def plan_event(w: World, agent: int, time: float) -> None:
    w.desk.when[agent] = time
    replay_matches(w.desk.when, w.desk.winner, agent)
