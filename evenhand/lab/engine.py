"""The compiled simulator: one pass over the turns, one event at a time.

Four kinds of event, at equal times in this order: an agent (done, or back on shift), a turn kept for its agent that is
now everyone's, a customer who comes back, an arrival. Work is not interrupted but pauses off shift. A turn leaves once it
has waited longer than its patience; that is settled when it would otherwise be served, or when its customer asks again.
`lab.reference` says the same slowly.
"""

from __future__ import annotations

import math

import numpy as np

from .compiled import compiled, part
from .heap import push, without_first
from .hours import is_open, next_opening, work_done_at
from .kept import is_kept, keep, open_next, start_kept
from .places import next_place, next_round, set_key, step_forward
from .turns import BY_TURNS, FOLLOWING, NOBODY, OPENING
from .waiting import join, next_row
from .world import INFINITY, World, flow_of, has_left, plan_event

# The position of the lowest bit of a 64-bit word, by a de Bruijn sequence (Leiserson, Prokop and Randall 1998).
DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
LOWEST = np.zeros(64, dtype=np.int64)
for _bit in range(64):
    LOWEST[(((1 << _bit) * int(DE_BRUIJN)) & 0xFFFFFFFFFFFFFFFF) >> 58] = _bit


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
    if is_kept(w, row):
        start_kept(w, row, now)
        return
    if w.rule.manner < BY_TURNS:
        return
    lane = w.turns[row].lane
    place = flow_of(w, row)
    w.desk.lanes[lane].current_round = max(w.desk.lanes[lane].current_round, w.wait[row].key)
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
    row = next_row(w, agent, now) if limit == 0 or w.crew.agents[agent].held < limit else NOBODY
    if row < 0:
        if limit == 0 or w.crew.agents[agent].held < limit:
            w.desk.free[agent >> 6] |= np.uint64(1) << np.uint64(agent & 63)
        plan_event(w, agent, INFINITY)
        return
    serve(w, agent, row, now)
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
def serve_at_once(w: World, agent: int, row: int, now: float) -> None:
    """Nobody waits before it whom this agent may serve."""
    if w.rule.manner >= BY_TURNS:
        w.wait[row].key = next_round(w, flow_of(w, row))
        w.wait[row].behind = NOBODY
    else:
        set_key(w, row)
    serve(w, agent, row, now)
    start_turn(w, row, now)


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
    serve_at_once(w, agent, row, now)


@part
def is_idle(w: World, agent: int, now: float) -> bool:
    return w.crew.agents[agent].serving < 0 and is_open(w.hours, w.crew.agents[agent].calendar, now)


@part
def look_when_back(w: World, agent: int, now: float) -> None:
    """An agent who went home without work looks for it on coming back."""
    if w.crew.agents[agent].serving < 0 and w.desk.when[agent] == INFINITY:
        no_longer_free(w, agent)
        plan_event(w, agent, next_opening(w.hours, w.crew.agents[agent].calendar, now))


@part
def come_back(w: World, row: int, now: float) -> None:
    """A customer's follow-up: for the agent who knows the story, for good or for a while; else for the lane."""
    agent = w.wait[row - 1].agent
    if w.crew.agents[agent].at_once > 0:
        come_back_for_good(w, agent, row, now)
        return
    if w.rule.keep.size == 0:
        arrive(w, row, now)
        return
    begin_to_wait(w, row, now)
    if is_idle(w, agent, now):
        no_longer_free(w, agent)
        w.kept[row].tail = NOBODY
        serve_at_once(w, agent, row, now)
        return
    look_when_back(w, agent, now)
    keep(w, row, now)


@part
def come_back_for_good(w: World, agent: int, row: int, now: float) -> None:
    """To an agent who keeps what they hold: nobody else will answer it."""
    begin_to_wait(w, row, now)
    if is_idle(w, agent, now):
        no_longer_free(w, agent)
        set_key(w, row)
        serve(w, agent, row, now)
        return
    look_when_back(w, agent, now)
    w.wait[row].key = 0.0  # in the order they came back
    w.crew.agents[agent].own = push(w.wait, w.crew.agents[agent].own, row)


@part
def opening_event(w: World, now: float) -> None:
    """A turn was kept for its agent long enough: whoever is free takes it."""
    row = open_next(w, now)
    if row < 0:
        return
    agent = free_agent(w, w.turns[row].lane, now)
    if agent >= 0:
        w.desk.hand[0] = agent
        no_longer_free(w, agent)
        serve(w, agent, row, now)
        start_turn(w, row, now)


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
        done, opening = desk.when[agent], desk.opening[0]
        if done <= opening and done <= back and done <= arrival:
            if done == INFINITY:
                return
            agent_event(w, agent, done)
        elif opening <= back and opening <= arrival:
            opening_event(w, opening)
        elif back <= arrival:
            desk.hand[1] = without_first(w.wait, returning)
            come_back(w, returning, back)
        else:
            forget(w, row)
            arrive(w, row, arrival)
            row += 1
