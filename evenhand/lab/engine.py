"""The compiled simulator: one pass over the turns, one event at a time.

Three kinds of event, at equal times in this order: an agent (done, or back on shift), a customer who comes back, an
arrival. Work is not interrupted but pauses off shift. A turn leaves once it has waited longer than its patience; that
is settled when it would otherwise be served, or when its customer asks again. `lab.reference` says the same slowly.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from evenhand.fairness import turns as fair

from .compiled import compiled, part
from .heap import is_before, push, replay_matches, without_first
from .hours import is_open, next_opening, work_done_at
from .turns import (
    BY_COLUMN,
    BY_DUE,
    BY_RANK,
    BY_TURNS,
    FOLLOWING,
    NOBODY,
    OPENING,
    Crew,
    Floats,
    Hours,
    Numbers,
    Rule,
    Table,
)

joining_round = part(fair.joining_round)
turn_since = part(fair.turn_since)
lane_due_first = part(fair.lane_due_first)

INFINITY = math.inf

# The position of the lowest bit of a 64-bit word, by a de Bruijn sequence (Leiserson, Prokop and Randall 1998).
DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
LOWEST = np.zeros(64, dtype=np.int64)
for _bit in range(64):
    LOWEST[(((1 << _bit) * int(DE_BRUIJN)) & 0xFFFFFFFFFFFFFFFF) >> 58] = _bit


# By lane and flow: the turn that holds the flow's place, the last in its row (valid while there is a head), and the
# turn most recently started.
PLACE = np.dtype([("head", "i4"), ("tail", "i4"), ("last", "i4")])

LANE = np.dtype([("current_round", "f8"), ("waiting", "i4")], align=True)  # round of the latest start; heap of turns


class Desk(NamedTuple):
    """The moving parts."""

    lanes: Table
    places: Table
    when: Floats  # by agent: the next event, done or back on shift
    winner: Numbers  # the tournament over `when`
    free: npt.NDArray[np.uint64]  # agents without work, as bits; perhaps off shift, which is looked at when asked
    due: Floats  # scratch, by lane
    waits: Numbers  # scratch, by lane
    hand: Numbers  # [0] the agent who was last given an arrival, [1] the heap of those who will come back, [2] how many have asked


class World(NamedTuple):
    """Everything the verbs below act on."""

    turns: Table
    wait: Table
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


@part
def next_round(w: World, place: int) -> float:
    """The round in which this flow's next turn joins."""
    last = w.desk.places[place].last
    lane_round = w.desk.lanes[place // w.rule.step.size].current_round
    previous = w.wait[last].key if last >= 0 else 0.0
    if w.rule.manner == BY_TURNS:
        return joining_round(lane_round, previous)  # type: ignore[arg-type]
    return max(lane_round, previous) + w.rule.step[place % w.rule.step.size]


@part
def next_place(w: World, place: int, row: int) -> float:
    last = w.desk.places[place].last
    return turn_since(w.wait[row].since, w.wait[last].start if last >= 0 else -INFINITY)


@part
def step_forward(w: World, place: int, row: int, now: float) -> int:
    """The first turn from `row` on in its flow's row that has not left; NOBODY empties the place."""
    while row >= 0 and has_left(w, row, now):
        row = w.wait[row].behind
    w.desk.places[place].head = row
    return row


@part
def take_over(w: World, lane: int, place: int, now: float) -> None:
    """When the turn that holds the place has left, the flow's next one takes over its round."""
    gone = w.desk.places[place].head
    if gone >= 0 and has_left(w, gone, now):
        row = step_forward(w, place, w.wait[gone].behind, now)
        if row >= 0:
            w.wait[row].key = w.wait[gone].key
            w.wait[row].place = next_place(w, place, row)
            w.desk.lanes[lane].waiting = push(w.wait, w.desk.lanes[lane].waiting, row)


@part
def set_key(w: World, row: int) -> None:
    """Where the turn stands in an order that does not depend on what others did."""
    manner = w.rule.manner
    if manner == BY_RANK:
        w.wait[row].key = w.rule.classes[w.turns[row].klass].rank
    elif manner == BY_COLUMN:
        w.wait[row].key = w.rule.column[row]
    elif manner == BY_DUE:
        w.wait[row].key = work_done_at(w.hours, 0, w.wait[row].since, w.rule.classes[w.turns[row].klass].promise)
    if manner >= BY_TURNS and w.desk.lanes.size > 1:
        w.wait[row].due = work_done_at(w.hours, 0, w.wait[row].since, w.rule.classes[w.turns[row].klass].promise)


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
        stale = False
        if w.rule.manner >= BY_TURNS:
            place = flow_of(w, row)
            stale = w.desk.places[place].head != row
        if not stale and not has_left(w, row, now):
            break
        w.desk.lanes[lane].waiting = without_first(w.wait, row)
        if not stale and w.rule.manner >= BY_TURNS:
            take_over(w, lane, place, now)
        row = w.desk.lanes[lane].waiting
    return row


@part
def lane_for(w: World, agent: int, now: float) -> int:
    """The lane whose first turn this agent takes now, NOBODY when none waits."""
    begin, end = w.crew.agents[agent].first, w.crew.agents[agent].last
    if end - begin == 1:
        lane = w.crew.skills[begin]
        return lane if first_in(w, lane, now) >= 0 else NOBODY
    best, best_lane = NOBODY, NOBODY
    for i in range(end - begin):
        lane = w.crew.skills[begin + i]
        row = first_in(w, lane, now)
        w.desk.waits[i] = row >= 0
        if row < 0:
            continue
        if w.rule.manner >= BY_TURNS:
            w.desk.due[i] = w.wait[row].due
        elif best < 0 or is_before(w.wait, row, best):
            best, best_lane = row, lane
    if w.rule.manner >= BY_TURNS:
        i = lane_due_first(w.desk.due[: end - begin], w.desk.waits[: end - begin])  # type: ignore[arg-type]
        return w.crew.skills[begin + i] if i >= 0 else NOBODY
    return best_lane


@part
def serve(w: World, agent: int, row: int, now: float) -> None:
    """The agent starts on the turn."""
    w.wait[row].start = now
    w.wait[row].agent = agent
    w.crew.agents[agent].serving = row
    if w.crew.agents[agent].at_once > 0 and (w.turns[row].kind == OPENING or w.wait[row - 1].agent != agent):
        w.crew.agents[agent].held += 1
    done = work_done_at(w.hours, w.crew.agents[agent].calendar, now, w.turns[row].effort)
    w.wait[row].finish = done
    plan_event(w, agent, done)


@part
def start_turn(w: World, row: int, now: float) -> None:
    """The lane is in this turn's round now, and the flow's next turn joins behind everybody."""
    lane = w.turns[row].lane
    place = flow_of(w, row)
    w.desk.lanes[lane].current_round = w.wait[row].key
    w.desk.places[place].last = row
    following = step_forward(w, place, w.wait[row].behind, now)
    if following >= 0:
        w.wait[following].key = next_round(w, place)
        w.wait[following].place = next_place(w, place, following)
        w.desk.lanes[lane].waiting = push(w.wait, w.desk.lanes[lane].waiting, following)


@part
def own_first(w: World, agent: int, now: float) -> int:
    """The agent's own follow-up that came back first and still waits; each that has left is out of the agent's hands."""
    row = w.crew.agents[agent].own
    while row >= 0 and has_left(w, row, now):
        row = without_first(w.wait, row)
        w.crew.agents[agent].own = row
        w.crew.agents[agent].held -= 1
    return row


@part
def take_next(w: World, agent: int, now: float) -> None:
    """A free agent takes what they came back to, else the lane's first turn; else waits, or goes home."""
    w.crew.agents[agent].serving = NOBODY
    if not is_open(w.hours, w.crew.agents[agent].calendar, now):
        plan_event(w, agent, next_opening(w.hours, w.crew.agents[agent].calendar, now))
        return
    limit = w.crew.agents[agent].at_once
    if limit > 0:
        row = own_first(w, agent, now)
        if row >= 0:
            w.crew.agents[agent].own = without_first(w.wait, row)
            serve(w, agent, row, now)
            return
    lane = lane_for(w, agent, now) if limit == 0 or w.crew.agents[agent].held < limit else NOBODY
    if lane < 0:
        if limit == 0 or w.crew.agents[agent].held < limit:
            w.desk.free[agent >> 6] |= np.uint64(1) << np.uint64(agent & 63)
        plan_event(w, agent, INFINITY)
        return
    row = w.desk.lanes[lane].waiting
    w.desk.lanes[lane].waiting = without_first(w.wait, row)
    serve(w, agent, row, now)
    if w.rule.manner >= BY_TURNS:
        start_turn(w, row, now)


@part
def lowest_bit(word: np.uint64) -> int:
    return LOWEST[((word & (~word + np.uint64(1))) * DE_BRUIJN) >> np.uint64(58)]  # type: ignore[no-any-return]


@part
def no_longer_free(w: World, agent: int) -> None:
    w.desk.free[agent >> 6] &= ~(np.uint64(1) << np.uint64(agent & 63))


@part
def free_agent(w: World, lane: int, now: float) -> int:
    """The next free agent on shift who serves the lane, round the table from whoever was last given an arrival.

    Those found off shift are told to look again when they come back.
    """
    words = w.desk.free.size
    after = w.desk.hand[0] + 1
    for i in range(words + 1):
        index = (after // 64 + i) % words
        word = w.desk.free[index] & w.crew.mask[lane, index]
        low = np.uint64(after & 63)
        if i == 0:
            word = (word >> low) << low
        elif i == words:
            word &= ~(~np.uint64(0) << low)
        while word != np.uint64(0):
            agent = index * 64 + lowest_bit(word)
            if is_open(w.hours, w.crew.agents[agent].calendar, now):
                return agent
            no_longer_free(w, agent)
            plan_event(w, agent, next_opening(w.hours, w.crew.agents[agent].calendar, now))
            word &= word - np.uint64(1)
    return NOBODY


@part
def forget(w: World, row: int) -> None:
    """Nothing has happened to this turn yet."""
    w.wait[row].since = math.nan
    w.wait[row].start = math.nan
    w.wait[row].finish = math.nan
    w.wait[row].agent = NOBODY


@part
def begin_to_wait(w: World, row: int, now: float) -> None:
    w.wait[row].since = now
    w.wait[row].place = now
    w.wait[row].number = w.desk.hand[2]
    w.desk.hand[2] += 1


@part
def arrive(w: World, row: int, now: float) -> None:
    """A turn begins to wait, and does not wait if an agent is free."""
    begin_to_wait(w, row, now)
    agent = free_agent(w, w.turns[row].lane, now)
    if agent < 0:
        join(w, row, now)
        return
    w.desk.hand[0] = agent
    no_longer_free(w, agent)
    if w.rule.manner >= BY_TURNS:
        place = flow_of(w, row)
        w.wait[row].key = next_round(w, place)
        w.wait[row].behind = NOBODY
        serve(w, agent, row, now)
        start_turn(w, row, now)
    else:
        set_key(w, row)
        serve(w, agent, row, now)


@part
def come_back(w: World, row: int, now: float) -> None:
    """A customer's follow-up: for its own agent where agents keep what they hold, else for the lane."""
    agent = w.wait[row - 1].agent
    if w.crew.agents[agent].at_once == 0:
        arrive(w, row, now)
        return
    begin_to_wait(w, row, now)
    if w.crew.agents[agent].serving < 0 and is_open(w.hours, w.crew.agents[agent].calendar, now):
        no_longer_free(w, agent)
        set_key(w, row)
        serve(w, agent, row, now)
        return
    if w.crew.agents[agent].serving < 0 and w.desk.when[agent] == INFINITY:
        no_longer_free(w, agent)
        plan_event(w, agent, next_opening(w.hours, w.crew.agents[agent].calendar, now))
    w.wait[row].key = 0.0  # in the order they came back
    w.crew.agents[agent].own = push(w.wait, w.crew.agents[agent].own, row)


@part
def agent_event(w: World, agent: int, now: float) -> None:
    """Done, or back on shift."""
    row = w.crew.agents[agent].serving
    if row >= 0:
        following = row + 1
        if following < w.turns.size and w.turns[following].kind == FOLLOWING:
            back = now + w.turns[following].arrival
            w.wait[following].key = back
            w.wait[following].place = back
            w.wait[following].number = following
            w.desk.hand[1] = push(w.wait, w.desk.hand[1], following)
        elif w.crew.agents[agent].at_once > 0:
            w.crew.agents[agent].held -= 1
    take_next(w, agent, now)


@compiled
def play(w: World) -> None:
    """Run until nobody waits and nobody will come back."""
    turns, desk = w.turns, w.desk
    row = 0
    while True:
        while row < turns.size and turns[row].kind != OPENING:
            forget(w, row)
            row += 1
        arrival = turns[row].arrival if row < turns.size else INFINITY
        returning = desk.hand[1]
        back = w.wait[returning].key if returning >= 0 else INFINITY
        agent = desk.winner[1]
        done = desk.when[agent]
        if done <= back and done <= arrival:
            if done == INFINITY:
                return
            agent_event(w, agent, done)
        elif back <= arrival:
            desk.hand[1] = without_first(w.wait, returning)
            come_back(w, returning, back)
        else:
            forget(w, row)
            arrive(w, row, arrival)
            row += 1
