"""The places in a lane: one for each flow, whoever takes turns, however many turns of it wait."""

from __future__ import annotations

from evenhand.fairness import turns as fair

from .compiled import part
from .heap import push
from .hours import work_done_at
from .turns import BY_COLUMN, BY_DUE, BY_RANK, BY_TURNS
from .world import INFINITY, World, has_left

joining_round = part(fair.joining_round)
turn_since = part(fair.turn_since)


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
    """When the turn that holds the place has left, the flow's next one takes over its round and its since."""
    gone = w.desk.places[place].head
    if gone >= 0 and has_left(w, gone, now):
        row = step_forward(w, place, w.wait[gone].behind, now)
        if row >= 0:
            w.wait[row].key = w.wait[gone].key
            w.wait[row].place = w.wait[gone].place
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
    if manner >= BY_TURNS and (w.desk.lanes.size > 1 or w.rule.keep.size > 0):
        w.wait[row].due = work_done_at(w.hours, 0, w.wait[row].since, w.rule.classes[w.turns[row].klass].promise)
