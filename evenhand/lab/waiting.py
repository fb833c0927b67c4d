"""Waiting in a lane, and who is first in it."""

from __future__ import annotations

from evenhand.fairness import turns as fair

from .compiled import part
from .heap import is_before, push, without_first
from .kept import hides, is_kept, kept_first, pass_on
from .places import next_place, next_round, set_key, take_over
from .turns import BY_TURNS, NOBODY
from .world import World, flow_of, has_left

lane_due_first = part(fair.lane_due_first)


@part
def join(w: World, row: int, now: float) -> None:
    """Wait in the lane: in its heap, or behind the turn that holds the flow's place."""
    lane = w.turns[row].lane
    set_key(w, row)
    if w.rule.manner >= BY_TURNS:
        place = flow_of(w, row)
        take_over(w, lane, place, now)
        w.wait[row].behind = NOBODY
        if w.desk.places[place].head >= 0:
            w.wait[w.desk.places[place].tail].behind = row
            w.desk.places[place].tail = row
            return
        w.desk.places[place].head = row
        w.desk.places[place].tail = row
        w.wait[row].key = next_round(w, place)
        w.wait[row].place = next_place(w, place, row)
    w.desk.lanes[lane].waiting = push(w.wait, w.desk.lanes[lane].waiting, row)


@part
def first_in(w: World, lane: int, now: float) -> int:
    """The lane's first turn that still waits, NOBODY when none does; those that have left are taken out."""
    row = w.desk.lanes[lane].waiting
    while row >= 0:
        kept, stale = is_kept(w, row), False
        if kept:
            stale = w.kept[row].tail < 0
        elif w.rule.manner >= BY_TURNS:
            stale = w.desk.places[flow_of(w, row)].head != row
        if not stale and not has_left(w, row, now):
            break
        w.desk.lanes[lane].waiting = without_first(w.wait, row)
        if not stale and kept:
            pass_on(w, row, now)
        elif not stale and w.rule.manner >= BY_TURNS:
            take_over(w, lane, flow_of(w, row), now)
        row = w.desk.lanes[lane].waiting
    return row


@part
def by_order(w: World, agent: int, own: int, now: float) -> int:
    """Of the agent's own turn and the heads of their lanes, the one that comes first."""
    best = own
    for i in range(w.crew.agents[agent].first, w.crew.agents[agent].last):
        row = first_in(w, w.crew.skills[i], now)
        if row >= 0 and (best < 0 or is_before(w.wait, row, best)):
            best = row
    return best


@part
def by_due(w: World, agent: int, own: int, now: float) -> int:
    """Of the agent's own turn and the heads of their lanes, the one due soonest; the own one wins a tie."""
    begin, count = w.crew.agents[agent].first, w.crew.agents[agent].last - w.crew.agents[agent].first
    w.desk.waits[0] = own >= 0
    w.desk.due[0] = w.wait[own].due if own >= 0 else 0.0
    for i in range(count):
        lane = w.crew.skills[begin + i]
        row = first_in(w, lane, now)
        w.desk.waits[i + 1] = row >= 0
        if row < 0:
            continue
        w.desk.due[i + 1] = w.wait[row].due
        if own >= 0 and w.wait[row].due < w.wait[own].due and hides(w, agent, lane, row, now):
            w.desk.waits[i + 1] = 0
    i = lane_due_first(w.desk.due[: count + 1], w.desk.waits[: count + 1])  # type: ignore[arg-type]
    if i < 0:
        return NOBODY
    return own if i == 0 else w.desk.lanes[w.crew.skills[begin + i - 1]].waiting  # type: ignore[no-any-return]


@part
def next_row(w: World, agent: int, now: float) -> int:
    """The turn this agent takes now, taken out of where it waits; NOBODY when there is none for them."""
    own = NOBODY
    if w.rule.keep.size > 0 and w.crew.agents[agent].at_once == 0:
        own = kept_first(w, agent, now)
    begin = w.crew.agents[agent].first
    if own < 0 and w.crew.agents[agent].last - begin == 1:
        row = first_in(w, w.crew.skills[begin], now)
    elif w.rule.manner >= BY_TURNS:
        row = by_due(w, agent, own, now)
    else:
        row = by_order(w, agent, own, now)
    if row < 0:
        return NOBODY
    if row == own:
        w.crew.agents[agent].own = without_first(w.kept, row)
    else:
        w.desk.lanes[w.turns[row].lane].waiting = without_first(w.wait, row)
    return row
