"""A turn that waits for the agent who knows the story: theirs for half of the promise, then everyone's.

As at the desk it has a place of its own beside its customer's, and a customer's later turns for the same agent stand
behind it. What is kept in a lane becomes everyone's in the order it came back.
"""

from __future__ import annotations

import math

from evenhand.fairness import turns as fair

from .compiled import part
from .heap import is_before, push, without_first
from .hours import work_done_at
from .places import next_place, next_round, set_key
from .turns import BY_TURNS, FOLLOWING, NOBODY
from .world import INFINITY, World, flow_of, has_left

may_take = part(fair.may_take)


@part
def is_kept(w: World, row: int) -> bool:
    """Whether the turn is one of those that wait for their agent first. Agents with a limit keep theirs for good."""
    if w.rule.keep.size == 0 or w.turns[row].kind != FOLLOWING:
        return False
    return w.crew.agents[w.wait[row - 1].agent].at_once == 0  # type: ignore[no-any-return]


@part
def for_anyone(w: World, row: int) -> bool:
    """Whether agents other than its own may take it: once `open_next` has said so, and not a moment earlier in the same
    instant."""
    open_at = -INFINITY if w.kept[row].open == -INFINITY else INFINITY
    return may_take(w.wait[row - 1].agent, NOBODY, open_at, 0.0)


@part
def into_lane(w: World, row: int) -> None:
    lane = w.turns[row].lane
    w.desk.lanes[lane].waiting = push(w.wait, w.desk.lanes[lane].waiting, row)


@part
def for_its_agent(w: World, row: int) -> None:
    """Onto the agent's own heap: what is due soonest first, or in the order of the lanes where that knows no turns."""
    w.kept[row].number = w.wait[row].number
    by_due = w.rule.manner >= BY_TURNS
    w.kept[row].key = w.wait[row].due if by_due else w.wait[row].key
    w.kept[row].place = 0.0 if by_due else w.wait[row].place
    agent = w.wait[row - 1].agent
    w.crew.agents[agent].own = push(w.kept, w.crew.agents[agent].own, row)


@part
def take_place(w: World, place: int, row: int, tail: int) -> None:
    """Hold a kept place of the flow, with the row up to `tail` behind it."""
    w.kept[row].tail = tail
    w.kept[row].beside = w.desk.places[place].kept
    w.desk.places[place].kept = row
    for_its_agent(w, row)
    if for_anyone(w, row):
        into_lane(w, row)


@part
def give_up_place(w: World, place: int, row: int) -> int:
    """The turn holds its place no longer; the last in the row behind it."""
    tail = w.kept[row].tail
    w.kept[row].tail = NOBODY
    before = w.desk.places[place].kept
    if before == row:
        w.desk.places[place].kept = w.kept[row].beside
        return tail  # type: ignore[no-any-return]
    while w.kept[before].beside != row:
        before = w.kept[before].beside
    w.kept[before].beside = w.kept[row].beside
    return tail  # type: ignore[no-any-return]


@part
def still_waiting_from(w: World, row: int, now: float) -> int:
    """The first turn from `row` on in its row that has not left."""
    while row >= 0 and has_left(w, row, now):
        row = w.wait[row].behind
    return row


@part
def pass_on(w: World, row: int, now: float) -> None:
    """The turn has left: the next in its row takes over its round and its since."""
    if w.rule.manner < BY_TURNS:
        w.kept[row].tail = NOBODY
        return
    place = flow_of(w, row)
    tail = give_up_place(w, place, row)
    following = still_waiting_from(w, w.wait[row].behind, now)
    if following >= 0:
        w.wait[following].key = w.wait[row].key
        w.wait[following].place = w.wait[row].place
        take_place(w, place, following, tail)


@part
def start_kept(w: World, row: int, now: float) -> None:
    """The agent, or anybody later, has begun on it; the next in its row joins behind everybody."""
    if w.rule.manner < BY_TURNS:
        w.kept[row].tail = NOBODY
        return
    lane, place = w.turns[row].lane, flow_of(w, row)
    w.desk.lanes[lane].current_round = max(w.desk.lanes[lane].current_round, w.wait[row].key)
    w.desk.places[place].last = row
    if w.kept[row].tail < 0:
        return
    tail = give_up_place(w, place, row)
    following = still_waiting_from(w, w.wait[row].behind, now)
    if following >= 0:
        w.wait[following].key = next_round(w, place)
        w.wait[following].place = next_place(w, place, following)
        take_place(w, place, following, tail)


@part
def holder(w: World, place: int, agent: int, now: float) -> int:
    """The turn that holds the flow's place for this agent, NOBODY when none waits."""
    row = w.desk.places[place].kept
    while row >= 0 and w.wait[row - 1].agent != agent:
        row = w.kept[row].beside
    if row >= 0 and has_left(w, row, now):
        pass_on(w, row, now)
        row = w.desk.places[place].kept
        while row >= 0 and w.wait[row - 1].agent != agent:
            row = w.kept[row].beside
    return row


@part
def kept_first(w: World, agent: int, now: float) -> int:
    """The agent's own turn that is due first and still waits; NOBODY when none does."""
    row = w.crew.agents[agent].own
    while row >= 0 and (w.kept[row].tail < 0 or has_left(w, row, now)):
        w.crew.agents[agent].own = without_first(w.kept, row)
        if w.kept[row].tail >= 0:
            pass_on(w, row, now)
        row = w.crew.agents[agent].own
    return row


@part
def still_waits(w: World, row: int, now: float) -> bool:
    return math.isnan(w.wait[row].start) and not has_left(w, row, now)


@part
def hides(w: World, agent: int, lane: int, head: int, now: float) -> bool:
    """Whether a turn still kept for this agent comes before the lane's head, so that the lane offers them no other."""
    row = w.desk.lanes[lane].kept_first
    while row >= 0:
        if w.wait[row - 1].agent == agent and still_waits(w, row, now):
            if w.kept[row].tail < 0:
                holder(w, flow_of(w, row), agent, now)  # which gives it the place of those before that have left
            if w.kept[row].tail >= 0 and is_before(w.wait, row, head):
                return True
        row = w.wait[row].sibling
    return False


@part
def next_to_open(w: World) -> None:
    """Which kept turn is everyone's next; ties go to the lower lane."""
    w.desk.opening[0] = INFINITY
    for lane in range(w.desk.lanes.size):
        row = w.desk.lanes[lane].kept_first
        if row >= 0 and w.kept[row].open < w.desk.opening[0]:
            w.desk.opening[0] = w.kept[row].open
            w.desk.hand[3] = lane


@part
def keep(w: World, row: int, now: float) -> None:
    """Let the turn wait for its agent, who is not free."""
    lane, agent = w.turns[row].lane, w.wait[row - 1].agent
    set_key(w, row)
    w.wait[row].behind = NOBODY
    w.kept[row].open = work_done_at(w.hours, 0, now, w.rule.keep[lane].hours)
    w.wait[row].due = work_done_at(w.hours, 0, now, w.rule.keep[lane].promise)
    w.wait[row].sibling = NOBODY
    if w.desk.lanes[lane].kept_first < 0:
        w.desk.lanes[lane].kept_first = row
        next_to_open(w)
    else:
        w.wait[w.desk.lanes[lane].kept_last].sibling = row
    w.desk.lanes[lane].kept_last = row
    if w.rule.manner < BY_TURNS:
        w.kept[row].tail = row
        for_its_agent(w, row)
        return
    place = flow_of(w, row)
    before = holder(w, place, agent, now)
    if before >= 0:
        w.kept[row].tail = NOBODY
        w.wait[w.kept[before].tail].behind = row
        w.kept[before].tail = row
        return
    w.wait[row].key = next_round(w, place)
    w.wait[row].place = next_place(w, place, row)
    take_place(w, place, row, row)


@part
def open_next(w: World, now: float) -> int:
    """The turn that is everyone's from now on and holds a place; NOBODY where it stands behind another, or waits no more."""
    lane = w.desk.hand[3]
    row = w.desk.lanes[lane].kept_first
    w.desk.lanes[lane].kept_first = w.wait[row].sibling
    w.kept[row].open = -INFINITY
    next_to_open(w)
    if not still_waits(w, row, now):
        return NOBODY
    if w.kept[row].tail >= 0:
        into_lane(w, row)
    elif w.rule.manner >= BY_TURNS:
        holder(w, flow_of(w, row), w.wait[row - 1].agent, now)  # which puts it in the lane when those before have left
    return row if w.kept[row].tail >= 0 else NOBODY
